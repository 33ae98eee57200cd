import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { NotebookSummary, NotebookView } from "../../../server/api/protocol.js";
import { NotebookCache } from "../../../server/analysis/notebook-cache.js";
import { at, notebook, useApi } from "./harness.js";

const shared = useApi({
  "notebooks/sales.md": notebook(
    {
      "cell: orders\n--| materialize: parquet": "FROM read_csv('input/orders.csv')",
      "cell: broken": "SELECT * FROM ordres",
      "check: some_rows": "SELECT 1 WHERE (SELECT count(*) FROM orders) = 0",
    },
    "title: Sales\nparameters:\n  city: {type: string, default: BCN}",
  ),
  "notebooks/team/daily.md": notebook({ "cell: one": "SELECT 1 AS n" }, "title: Daily"),
  "notebooks/Not A Slug.md": "# Nothing",
  "notebooks/crashing.md": notebook({
    "cell: fine": "SELECT 1 AS n",
    "cell: deep": "FROM read_json('input/deep.json')",
    "cell: below": "FROM deep",
    "cell: beside": "SELECT n + 1 AS m FROM fine",
  }),
  "input/orders.csv": "id,city\n1,BCN\n2,MAD\n",
  // Guessing its columns overflows the stack of DuckDB's process.
  "input/deep.json": `[${'{"a":'.repeat(400_000)}1${"}".repeat(400_000)}]`,
});

async function read(name: string): Promise<NotebookView> {
  return (await shared.api.json<NotebookView>("GET", `/api/notebooks/${name}`)).body;
}

function save(name: string, text: string, headers: Readonly<Record<string, string>>) {
  return shared.api.json("PUT", `/api/notebooks/${name}`, { body: { text }, headers });
}

describe("GET /api/notebooks", () => {
  test("lists notebooks with what is wrong in them", async () => {
    await shared.api.services.notebooks.list(60_000);
    const { body } = await shared.api.json<NotebookSummary[]>("GET", "/api/notebooks");
    expect(
      body.map(({ name, title, cells, datasets, errors }) => [name, title, cells, datasets, errors]),
    ).toEqual([
      ["crashing", "Test", 4, [], 0],
      ["sales", "Sales", 3, ["orders"], 1],
      ["team/daily", "Daily", 1, [], 0],
    ]);
  });
});

describe("NotebookCache", () => {
  test("gives the list before all is analyzed, and reads a file that changed again", async () => {
    const { workspace, engine } = shared.api.services;
    const cache = new NotebookCache(workspace, engine);
    const early = await cache.list(0);
    expect(early.map(({ analyzed }) => analyzed)).toEqual([undefined, undefined, undefined]);
    const complete = await cache.list(60_000);
    expect(complete.map(({ analyzed }) => analyzed?.notebook.name)).toEqual([
      "crashing",
      "sales",
      "team/daily",
    ]);
    const path = join(shared.api.root, "notebooks/team/daily.md");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("title: Daily", "title: Duly!"));
    const [, , daily] = await cache.list(60_000);
    expect(daily!.analyzed!.notebook.title).toBe("Duly!");
    await writeFile(path, text);
  });

  test("parses a file again only where it has other bytes", async () => {
    const cache = new NotebookCache(shared.api.services.workspace, shared.api.services.engine);
    const path = join(shared.api.root, "notebooks/team/daily.md");
    const text = await readFile(path, "utf8");
    const first = await cache.read("team/daily");
    await writeFile(path, text);
    expect(await cache.read("team/daily")).toBe(first);
    await writeFile(path, text.replace("title: Daily", "title: Duly!"));
    expect((await cache.read("team/daily")).parsed.notebook.title).toBe("Duly!");
    await writeFile(path, text);
    expect(await cache.read("team/daily")).toEqual(first);
  });
});

describe("GET /api/notebooks/:name", () => {
  test("gives text, cells, graph and diagnostics with their places", async () => {
    const view = await read("sales");
    expect(view.text).toBe(await readFile(join(shared.api.root, "notebooks/sales.md"), "utf8"));
    expect(
      view.cells.map(({ name, kind, isDataset, hasErrors }) => [name, kind, isDataset, hasErrors]),
    ).toEqual([
      ["orders", "sql", true, false],
      ["broken", "sql", false, true],
      ["some_rows", "check", false, false],
    ]);
    expect(view.graph.edges).toEqual([["orders", "some_rows"]]);
    expect(view.diagnostics).toMatchObject([
      { code: "unknown-table", severity: "error", cell: "broken", line: 15, hint: 'Did you mean "orders"?' },
    ]);
    expect(view.parameters).toMatchObject([{ name: "city", type: "string", defaultValue: "BCN" }]);
  });

  test("says where each cell stands in the text, and what its columns will be", async () => {
    const { text, cells, blocks } = await read("sales");
    const [orders] = cells;
    expect(text.slice(orders!.sqlSpan!.start, orders!.sqlSpan!.end)).toBe(
      "FROM read_csv('input/orders.csv')",
    );
    expect(orders!.columns).toEqual([
      { name: "id", type: "BIGINT", kind: "integer" },
      { name: "city", type: "VARCHAR", kind: "text" },
    ]);
    expect(orders!.files).toEqual(["input/orders.csv"]);
    const last = blocks.at(-1);
    expect(last!.span.end).toBe(text.length);
  });

  test("has the etag in the header too", async () => {
    const { body, headers } = await shared.api.json<NotebookView>("GET", "/api/notebooks/sales");
    expect(headers.get("etag")).toBe(`"${body.etag}"`);
  });

  test("finds a notebook in a folder", async () => {
    expect((await read("team%2Fdaily")).title).toBe("Daily");
  });

  test("opens although a cell ends the engine, and blames that cell alone", async () => {
    const { cells, diagnostics } = await read("crashing");
    expect(diagnostics).toMatchObject([{ code: "engine-crashed", cell: "deep" }]);
    const bound = cells.filter((cell) => cell.columns !== undefined).map((cell) => cell.name);
    expect(bound).toEqual(["fine", "beside"]);
    expect(cells.filter((cell) => cell.hasErrors).map((cell) => cell.name)).toEqual(["deep"]);
  });

  test("names the one that was probably meant", async () => {
    const { status, body } = await shared.api.json("GET", "/api/notebooks/sale");
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: { code: "not-found", hint: 'Did you mean "sales"?' } });
  });
});

describe("names that lead elsewhere", () => {
  const traversals = [
    "..%2f..%2fetc%2fpasswd",
    "..%2fnotebooks%2fsales",
    "%2e%2e%2fsales",
    "team%2f..%2fsales",
    "team%2F%2Fdaily",
    "%2fetc%2fpasswd",
    "sales%00",
    "sales.md",
    "..%5csales",
    "%252e%252e%252fsales",
    "%ff",
    "team%2Fdaily%2Fmore",
    "Not%20A%20Slug",
    "~root",
    "a".repeat(300),
  ];

  test.each(traversals)("%s is not found", async (name) => {
    for (const path of ["", "/events", "/resumable", "/cells/one/rows", "/cells/one/profile"]) {
      const { status, body } = await shared.api.json("GET", `/api/notebooks/${name}${path}`);
      expect(status).toBe(404);
      expect(at(body, "error", "code")).toBe("not-found");
    }
    expect((await shared.api.request("POST", `/api/notebooks/${name}/runs`, { body: {} })).status).toBe(404);
    const saved = await save(name, "evil", { "if-none-match": "*" });
    expect(saved.status).toBe(400);
  });

  test("a link in notebooks/ leads nowhere, whoever made it", async () => {
    const { root } = shared.api;
    await writeFile(join(root, "secret.md"), "# Secret");
    await symlink(join(root, "secret.md"), join(root, "notebooks/link.md"));
    await mkdir(join(root, "notebooks/folder.md"));
    try {
      for (const name of ["link", "folder"])
        expect((await shared.api.json("GET", `/api/notebooks/${name}`)).status).toBe(404);
      const { body } = await shared.api.json<NotebookSummary[]>("GET", "/api/notebooks");
      expect(body.map((item) => item.name)).toEqual(["crashing", "sales", "team/daily"]);
    } finally {
      await rm(join(root, "notebooks/link.md"));
      await rm(join(root, "notebooks/folder.md"), { recursive: true });
    }
  });
});

describe("PUT /api/notebooks/:name", () => {
  test("saves what was edited from what is there", async () => {
    const before = await read("team%2Fdaily");
    const text = before.text.replace("SELECT 1", "SELECT 2");
    const { status, body, headers } = await save("team%2Fdaily", text, { "if-match": `"${before.etag}"` });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: "team/daily", text });
    expect(headers.get("etag")).toBe(`"${String(body["etag"])}"`);
    expect(await readFile(join(shared.api.root, "notebooks/team/daily.md"), "utf8")).toBe(text);
  });

  test("refuses what was edited from something older, and tells what is there", async () => {
    const before = await read("team%2Fdaily");
    await writeFile(join(shared.api.root, "notebooks/team/daily.md"), `${before.text}\nMore.\n`);
    const now = await read("team%2Fdaily");
    const { status, body, headers } = await save("team%2Fdaily", "mine", { "if-match": before.etag });
    expect(status).toBe(412);
    expect(body).toMatchObject({ error: { code: "conflict", details: { etag: now.etag } } });
    expect(headers.get("etag")).toBe(`"${now.etag}"`);
    expect((await read("team%2Fdaily")).text).toBe(now.text);
  });

  test("of two who save at once only one wins", async () => {
    const { etag } = await read("team%2Fdaily");
    const texts = Array.from({ length: 8 }, (_, index) => `# Version ${String(index)}\n`);
    const answers = await Promise.all(texts.map((text) => save("team%2Fdaily", text, { "if-match": etag })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array<number>(7).fill(412)]);
    const winner = answers.findIndex((answer) => answer.status === 200);
    expect((await read("team%2Fdaily")).text).toBe(texts[winner]);
  });

  test("makes a new notebook only where there is none", async () => {
    const first = await save("fresh", "# Fresh\n", { "if-none-match": "*" });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ name: "fresh", title: "Fresh" });
    const second = await save("fresh", "# Other\n", { "if-none-match": "*" });
    expect(second.status).toBe(412);
    await rm(join(shared.api.root, "notebooks/fresh.md"));
    const gone = await save("fresh", "# Fresh\n", { "if-match": first.body["etag"] as string });
    expect(gone.status).toBe(412);
    expect(gone.body).toMatchObject({ error: { details: { etag: null } } });
  });

  test("takes the place of whatever is there with If-Match: *", async () => {
    await save("any", "# Any\n", { "if-none-match": "*" });
    const saved = await save("any", "# Other\n", { "if-match": "*" });
    expect(saved).toMatchObject({ status: 200, body: { text: "# Other\n" } });
    expect((await save("none", "# None\n", { "if-match": "*" })).status).toBe(412);
  });

  test("needs to know what was edited", async () => {
    expect((await save("sales", "x", {})).status).toBe(428);
    expect((await save("sales", "x", { "if-match": 'W/"abc"' })).status).toBe(412);
    expect((await save("sales", "x", { "if-match": '"stale"' })).status).toBe(412);
  });

  test("tells everybody who follows the notebook", async () => {
    const seen: unknown[] = [];
    const unsubscribe = shared.api.services.manager.events.subscribe((name, event) =>
      seen.push([name, event]),
    );
    const { etag } = await read("team%2Fdaily");
    const { body } = await save("team%2Fdaily", "# Told\n", { "if-match": etag });
    unsubscribe();
    expect(seen).toEqual([
      ["team/daily", { type: "notebook-changed", notebook: "team/daily", etag: body["etag"], by: "owner" }],
    ]);
  });
});
