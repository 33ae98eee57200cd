import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { at, HOST, notebook, TOKEN, useApi, type Answer, type Json } from "../api/harness.js";

const text = notebook({ "cell: one": "SELECT 1 AS n" }, "title: 'It''s mine' ");
const shared = useApi({
  "notebooks/mine.md": text,
  "notebooks/team/daily.md": text,
  "notebooks/gone.md": text,
});

const post = (path: string, body: Json = {}): Promise<Answer<Json>> =>
  shared.api.json("POST", path, { body });
const read = (path: string): Promise<string> => readFile(join(shared.api.root, path), "utf8");

describe("managing notebooks", () => {
  test("a duplicate has a name and a title of its own, and nothing else", async () => {
    expect((await post("/api/notebooks/mine/duplicate")).body).toEqual({ name: "mine_copy" });
    expect((await post("/api/notebooks/mine/duplicate")).body).toEqual({ name: "mine_copy_2" });
    expect(await read("notebooks/mine_copy.md")).toBe(text.replace("'It''s mine' ", "It's mine (copy)"));
    const answer = await post("/api/notebooks/team%2Fdaily/duplicate", { newName: "mine" });
    expect([answer.status, at(answer.body, "error", "code")]).toEqual([409, "conflict"]);
  });

  test("a notebook moves to a free name only", async () => {
    expect((await post("/api/notebooks/team%2Fdaily/move", { newName: "mine" })).status).toBe(409);
    expect((await post("/api/notebooks/team%2Fdaily/move", { newName: "../evil" })).status).toBe(400);
    expect((await post("/api/notebooks/team%2Fdaily/move", { newName: "team/weekly" })).status).toBe(200);
    expect(await read("notebooks/team/weekly.md")).toBe(text);
    expect((await shared.api.request("GET", "/api/notebooks/team%2Fdaily")).status).toBe(404);
    expect((await post("/api/notebooks/team%2Fdaily/move", { newName: "x" })).status).toBe(404);
  });

  test("saves that cross moves, copies and deletions end in one notebook, and none is lost", async () => {
    const names = ["here", "there"] as const;
    const { api } = shared;
    await writeFile(join(api.root, "notebooks/here.md"), "# 0\n");
    for (let round = 1; round <= 30; round++) {
      const [from, to] = round % 2 === 1 ? names : ([names[1], names[0]] as const);
      const { headers, body } = await api.json("GET", `/api/notebooks/${from}`);
      const save = (name: string, saved: string): Promise<Answer<Json>> =>
        api.json("PUT", `/api/notebooks/${name}`, {
          body: { text: saved },
          headers: { "if-match": headers.get("etag") ?? "" },
        });
      const text = `# ${String(round)}\n`;
      const [first, moved, second, copied] = await Promise.all([
        save(from, text),
        post(`/api/notebooks/${from}/move`, { newName: to }),
        save(from, text),
        post(`/api/notebooks/${from}/duplicate`, { newName: "copied" }),
      ]);
      expect(moved.status).toBe(200);
      expect(["200,412", "412,412"]).toContain([first.status, second.status].sort().join());
      expect([201, 404]).toContain(copied.status);
      const left = await Promise.all(
        names.map((name) => read(`notebooks/${name}.md`).catch(() => undefined)),
      );
      const expected = first.status === 200 || second.status === 200 ? text : body["text"];
      expect(left).toEqual(names.map((name) => (name === to ? expected : undefined)));
      if (copied.status === 201) await api.json("DELETE", "/api/notebooks/copied");
    }
  });

  test("a save of a notebook that was moved is told where it is now", async () => {
    await writeFile(join(shared.api.root, "notebooks/wanders.md"), "# A\n");
    const { headers } = await shared.api.json("GET", "/api/notebooks/wanders");
    await post("/api/notebooks/wanders/move", { newName: "wanders_2" });
    await post("/api/notebooks/wanders_2/move", { newName: "wanders_3" });
    const save = (name: string): Promise<Answer<Json>> =>
      shared.api.json("PUT", `/api/notebooks/${name}`, {
        body: { text: "# B\n" },
        headers: { "if-match": headers.get("etag") ?? "" },
      });
    const refused = await save("wanders");
    expect([refused.status, at(refused.body, "error", "details")]).toEqual([
      412,
      { etag: null, movedTo: "wanders_3" },
    ]);
    const missing = await shared.api.json("GET", "/api/notebooks/wanders");
    expect([missing.status, at(missing.body, "error", "details", "movedTo")]).toEqual([404, "wanders_3"]);
    expect((await save("wanders_3")).status).toBe(200);
    await post("/api/notebooks/wanders_3/move", { newName: "wanders" });
    expect((await shared.api.request("GET", "/api/notebooks/wanders")).status).toBe(200);
    await shared.api.request("DELETE", "/api/notebooks/wanders");
    const deleted = await shared.api.json("GET", "/api/notebooks/wanders");
    expect([deleted.status, at(deleted.body, "error", "details")]).toEqual([404, undefined]);
  });

  test("what is no plain file is neither read nor written over", async () => {
    await mkdir(join(shared.api.root, "notebooks/folder.md"));
    await symlink(join(shared.api.root, "notebooks/mine.md"), join(shared.api.root, "notebooks/link.md"));
    for (const name of ["folder", "link"]) {
      const headers = { "if-none-match": "*" };
      const saved = await shared.api.json("PUT", `/api/notebooks/${name}`, { body: { text: "x" }, headers });
      expect([name, saved.status]).toEqual([name, 412]);
      expect((await post("/api/notebooks/mine/duplicate", { newName: name })).status).toBe(409);
      expect((await post("/api/notebooks/mine/move", { newName: name })).status).toBe(409);
    }
    await rm(join(shared.api.root, "notebooks/folder.md"), { recursive: true });
    await rm(join(shared.api.root, "notebooks/link.md"));
  });

  test("a deleted notebook comes back as it was, once", async () => {
    const { body } = await shared.api.json("DELETE", "/api/notebooks/gone");
    expect((await shared.api.request("GET", "/api/notebooks/gone")).status).toBe(404);
    const path = `/api/trash/${String(body["trash"])}/restore`;
    expect((await post(path)).body).toEqual({ name: "gone" });
    expect(await read("notebooks/gone.md")).toBe(text);
    expect((await post(path)).status).toBe(404);
  });

  test("a deleted notebook does not come back over another one", async () => {
    const { body } = await shared.api.json("DELETE", "/api/notebooks/gone");
    await writeFile(join(shared.api.root, "notebooks/gone.md"), "another");
    const path = `/api/trash/${String(body["trash"])}/restore`;
    expect((await post(path)).status).toBe(409);
    expect(await read("notebooks/gone.md")).toBe("another");
  });

  test.each(["..%2f..%2fsecret", "%2fetc%2fpasswd", "a%00b"])("%s is no notebook to delete", async (name) => {
    expect((await shared.api.request("DELETE", `/api/notebooks/${name}`)).status).toBe(404);
  });

  test("a notebook that is not UTF-8 is not saved, so that no byte is lost", async () => {
    const file = join(shared.api.root, "notebooks/latin.md");
    const bytes = Buffer.from("# Caf\xe9\n", "latin1");
    await writeFile(file, bytes);
    const { headers } = await shared.api.json("GET", "/api/notebooks/latin");
    const { status, body } = await shared.api.json("PUT", "/api/notebooks/latin", {
      body: { text: "# new\n" },
      headers: { "if-match": headers.get("etag") ?? "" },
    });
    expect([status, at(body, "error", "code")]).toEqual([422, "invalid-notebook"]);
    expect(await readFile(file)).toEqual(bytes);
    expect((await post("/api/notebooks/latin/duplicate")).status).toBe(422);
    expect((await shared.api.request("GET", "/api/notebooks/latin/export?format=md")).status).toBe(422);
    expect((await post("/api/notebooks/latin/move", { newName: "latin_1" })).status).toBe(200);
    expect(await readFile(join(shared.api.root, "notebooks/latin_1.md"))).toEqual(bytes);
  });

  test.each([
    ["a byte that is not UTF-8", Buffer.from('{"text": "# A\\n\\nCaf\xe9\\n"}', "latin1"), "text", 3, 4],
    [
      "an invalid byte beside U+FFFD",
      Buffer.from([...Buffer.from('{"text": "\ufffd'), 0xff, 0x22, 0x7d]),
      "text",
      1,
      2,
    ],
    ["half of a character", Buffer.from(String.raw`{"text": "# A\n\ud800 b"}`), "text", 2, 1],
    ["the other half of a character", Buffer.from(String.raw`{"text": "a\udc00"}`), "text", 1, 2],
    [
      "a character cut off by its end",
      Buffer.from([...Buffer.from('{"text": "é'.slice(0, -1)), 0xc3, 0x22, 0x7d]),
      "text",
      1,
      1,
    ],
    ["a NUL character", Buffer.from(String.raw`{"text": "# A\n\n\n \u0000"}`), "text", 4, 2],
    ["a wrong name", Buffer.from(String.raw`{"text": "a", "b\ud800": 1}`), "", 1, 2],
  ])("a save with %s is refused with its place", async (_what, body, path, line, column) => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", "if-match": "*" };
    const url = `http://${HOST}/api/notebooks/mine`;
    const answer = await shared.api.app.request(url, { method: "PUT", headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { code: "usage", details: { path, line, column } } },
    ]);
    expect(await read("notebooks/mine.md")).toBe(text);
  });

  test("what is half a character is refused in any other body too, and a whole one is kept", async () => {
    const bodies: readonly (readonly [path: string, body: Json])[] = [
      ["/api/notebooks/import", { fileName: "a.md", text: "\udc00" }],
      ["/api/notebooks/import", { fileName: "a.sql", text: "SELECT '\ud800'" }],
      ["/api/notebooks/mine/query", { sql: "SELECT '\ud800'" }],
      ["/api/notebooks/mine/runs", { parameters: { "a\ud800": 1 } }],
      ["/api/notebooks/mine/rename", { cell: "one", newName: "b\ud800" }],
      ["/api/notebooks/mine/move", { newName: "b\ud800" }],
    ];
    for (const [path, body] of bodies) {
      const answer = await post(path, body);
      expect([path, answer.status, at(answer.body, "error", "details", "line")]).toEqual([path, 400, 1]);
    }
    const deep = {
      body: `{"text": ${"[".repeat(300_000)}${"]".repeat(300_000)}}`,
      headers: { "if-match": "*" },
    };
    expect((await shared.api.request("PUT", "/api/notebooks/mine", deep)).status).toBe(400);
    const kept = await post("/api/notebooks/import", { fileName: "smile.md", text: "# 😀 \ufffd\n" });
    expect(await read(`notebooks/${String(kept.body["name"])}.md`)).toBe("# 😀 \ufffd\n");
  });
});

describe("importing", () => {
  test("Markdown stays as it is, under a name of its own", async () => {
    const imported = { fileName: "Sales (March).md", text: "# Sales\r\n" };
    const whole = { cells: 0, left: [], seeds: [] };
    expect((await post("/api/notebooks/import", imported)).body).toEqual({ name: "sales_march", ...whole });
    expect((await post("/api/notebooks/import", imported)).body).toEqual({ name: "sales_march_2", ...whole });
    expect(await read("notebooks/sales_march.md")).toBe("# Sales\r\n");
  });

  test("a SQL script becomes cells that run", async () => {
    const script = `-- All orders
CREATE OR REPLACE TABLE orders AS SELECT range AS id FROM range(5);
INSERT INTO orders VALUES (9);
CREATE VIEW even AS (SELECT * FROM orders WHERE id % 2 = 0);
SELECT count(*) AS n FROM even; -- done
`;
    const { body } = await post("/api/notebooks/import", { fileName: "etl.sql", text: script });
    expect(body).toMatchObject({
      name: "etl",
      cells: 3,
      left: [{ why: expect.stringContaining("changes a table") as string }],
    });
    const view = await shared.api.json("GET", "/api/notebooks/etl");
    expect((at(view.body, "cells") as readonly Json[]).map((cell) => cell["name"])).toEqual([
      "orders",
      "even",
      "cell_1",
    ]);
    expect(await read("notebooks/etl.md")).toContain("INSERT INTO orders VALUES (9)");
    expect((await shared.api.run("etl")).outcome).toBe("succeeded");
    const rows = await shared.api.json("GET", "/api/notebooks/etl/cells/cell_1/rows");
    expect(at(rows.body, "rows")).toEqual([["3"]]);
    const published = await shared.api.run("etl", { materialize: true });
    expect(published.published).toMatchObject([{ dataset: "orders", rows: 5 }]);
  });

  test("other files are refused", async () => {
    expect((await post("/api/notebooks/import", { fileName: "a.csv", text: "" })).status).toBe(400);
  });
});

describe("uploading", () => {
  const put = async (
    name: string,
    body: string | Uint8Array<ArrayBuffer>,
    query = "",
  ): Promise<Answer<Json>> => {
    const url = `http://${HOST}/api/input/${encodeURIComponent(name)}${query}`;
    const response = await shared.api.app.request(url, {
      method: "PUT",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "text/csv" },
      body,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
  };

  test("puts a file into input/ and says what is in it", async () => {
    const { status, body } = await put("Orders 2026.csv", "id;city\n1;Málaga\n2;León\n");
    expect(status).toBe(201);
    const { notebook: text, ...found } = body;
    expect(text).toContain("title: Orders 2026\n");
    expect(text).toContain(found["cell"]);
    expect(found).toEqual({
      path: "input/Orders 2026.csv",
      bytes: 26,
      encoding: "utf-8",
      delimiter: ";",
      columns: [
        { name: "id", type: "BIGINT", kind: "integer" },
        { name: "city", type: "VARCHAR", kind: "text" },
      ],
      notes: [],
      cell: "```sql\n--| cell: orders_2026\nSELECT * FROM 'input/Orders 2026.csv'\n```\n",
    });
  });

  test("never replaces a file", async () => {
    expect((await put("twice.csv", "a\n1\n")).status).toBe(201);
    expect((await put("twice.csv", "b\n2\n")).status).toBe(409);
    expect(await read("input/twice.csv")).toBe("a\n1\n");
  });

  describe("in the place of another file", () => {
    const replace = (name: string, body: string | Uint8Array<ArrayBuffer>): Promise<Answer<Json>> =>
      put(name, body, "?replace=true");
    const inputPath = (name: string): string => join(shared.api.root, "input", name);

    test("runs that read the old content keep it, the next one reads the new", async () => {
      expect((await replace("monthly.csv", "n\n1\n")).body["isReplaced"]).toBeUndefined();
      await shared.api.json("PUT", "/api/notebooks/monthly", {
        headers: { "if-none-match": "*" },
        body: {
          text: "```sql\n--| cell: monthly\n--| materialize: parquet\nSELECT * FROM 'input/monthly.csv'\n```\n",
        },
      });
      const first = await shared.api.run("monthly", { materialize: true, date: "2026-10-01" });
      const { status, body } = await replace("monthly.csv", "n\n1\n2\n");
      expect([status, body["isReplaced"], body["path"]]).toEqual([201, true, "input/monthly.csv"]);
      const again = { materialize: true, date: "2026-10-01", force: true };
      const pinned = await shared.api.run("monthly", { ...again, input: "pinned" });
      const fresh = await shared.api.run("monthly", { ...again, input: "current" });
      expect([first, pinned, fresh].map((run) => run.published[0]?.rows)).toEqual([1, 1, 2]);
    });

    test("many at once: whoever reads sees one of them, whole", async () => {
      const contents = ["a", "b", "c", "d", "e", "f"].map(
        (letter) => `name\n${`${letter.repeat(400)}\n`.repeat(500)}`,
      );
      await replace("race.csv", contents[0] ?? "");
      const seen = new Set<string>();
      const replacing = Promise.all(contents.map((content) => replace("race.csv", content)));
      const reading = (async () => {
        for (let n = 0; n < 200; n++) seen.add(await read("input/race.csv"));
      })();
      const [answers] = await Promise.all([replacing, reading]);
      expect(answers.map(({ status }) => status)).toEqual(contents.map(() => 201));
      seen.add(await read("input/race.csv"));
      expect([...seen].filter((content) => !contents.includes(content))).toEqual([]);
    });

    test("what could not be read in its place is refused, and the old file stays", async () => {
      const workbook = new Uint8Array(await readFile(join(import.meta.dirname, "../intake/orders.xlsx")));
      await put("kept.json", '[{"n":1}]');
      const bodies = [
        "n;m\n1;2\n",
        '[{"n":1},',
        "%PDF-1.7\n",
        "",
        workbook,
        new Uint8Array(gzipSync('[{"n":2}]')),
      ];
      for (const body of bodies) {
        const answer = await replace("kept.json", body);
        expect([answer.status, at(answer.body, "error", "code")]).toEqual([422, "input"]);
        expect(at(answer.body, "error", "hint")).toBeTruthy();
      }
      expect(await read("input/kept.json")).toBe('[{"n":1}]');
    });

    test("a file in a folder is replaced there; no path leads out, or through a link", async () => {
      await mkdir(inputPath("shop"), { recursive: true });
      await writeFile(inputPath("shop/a#1.csv"), "n\n1\n", { mode: 0o640 });
      await writeFile(join(shared.api.root, "secret.csv"), "n\n1\n");
      await symlink("../secret.csv", inputPath("linked.csv"));
      await symlink("..", inputPath("up"));
      const { status, body } = await replace("shop/a#1.csv", "n\n2\n");
      expect([status, body["path"]]).toEqual([201, "input/shop/a#1.csv"]);
      expect((await stat(inputPath("shop/a#1.csv"))).mode & 0o777).toBe(0o640);
      const refused = [
        "../secret.csv",
        "shop/../../secret.csv",
        "up/secret.csv",
        "linked.csv",
        "shop",
        "/etc/a.csv",
        "..\\secret.csv",
      ];
      for (const name of refused) expect([name, (await replace(name, "n\n3\n")).status]).toEqual([name, 400]);
      expect((await replace("absent/a.csv", "n\n3\n")).status).toBe(404);
      expect(await read("secret.csv")).toBe("n\n1\n");
      expect(await read("input/shop/a#1.csv")).toBe("n\n2\n");
      expect((await readdir(inputPath("shop"))).length).toBe(1);
    });
  });

  test("reads a file in another encoding", async () => {
    const { body } = await put("latin.csv", new Uint8Array(Buffer.from("name,n\nCaf\xe9,1\n", "latin1")));
    expect(body["encoding"]).toBe("latin-1");
    expect(body["cell"]).toContain("encoding = 'latin-1'");
    expect(body["columns"]).toEqual([
      { name: "name", type: "VARCHAR", kind: "text" },
      { name: "n", type: "BIGINT", kind: "integer" },
    ]);
    expect(body["notes"]).toEqual(["The text is Latin-1."]);
  });

  test("a workbook is one file and one cell for each sheet, and a PDF is neither", async () => {
    const file = await readFile(join(import.meta.dirname, "../intake/orders.xlsx"));
    const { status, body } = await put("book.xlsx", new Uint8Array(file));
    expect([status, body["path"]]).toEqual([201, "input/book Orders 2026.parquet"]);
    expect(body["sheets"]).toMatchObject([{ path: "input/book It_s (3).parquet" }]);
    const refused = await put("paper.csv", "%PDF-1.7\n");
    expect([refused.status, at(refused.body, "error", "code")]).toEqual([422, "input"]);
    expect(at(refused.body, "error", "hint")).toContain("CSV");
  });

  test.each([
    ["../../evil.csv", "input/evil.csv"],
    ["..\\..\\evil2.csv", "input/evil2.csv"],
    [".hidden.csv", "input/hidden.csv"],
    ["it's*[1].csv", "input/it_s__1_.csv"],
  ])("%s lands at %s", async (name, path) => {
    const { status, body } = await put(name, "a\n1\n");
    expect([status, body["path"]]).toEqual([201, path]);
  });

  test("is only for those who are logged in, and not for other sites", async () => {
    const url = `http://${HOST}/api/input/a.csv`;
    expect((await shared.api.app.request(url, { method: "PUT", body: "a" })).status).toBe(401);
    const headers = { authorization: `Bearer ${TOKEN}`, origin: "https://evil.example" };
    expect((await shared.api.app.request(url, { method: "PUT", body: "a", headers })).status).toBe(403);
  });
});
