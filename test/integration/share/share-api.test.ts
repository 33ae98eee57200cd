import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { ShareStore } from "../../../server/share/share-store.js";
import { at, notebook, useApi, type Json } from "../api/harness.js";

/** More than is stored for each choice. */
const many = Array.from({ length: 50 }, (_, index) => `C${String(index)}`).join(", ");
const shared = useApi({
  "notebooks/sales.md": notebook(
    {
      "cell: orders\n--| materialize: parquet\n--| checks:\n--|   - row_count: {min: 1}":
        "SELECT range AS id, 'city ' || range % 3 AS city FROM range(2500)",
      "cell: cities": "SELECT city, count(*) AS n FROM orders GROUP BY city ORDER BY city",
      "cell: never_run": "SELECT 41 + 1 AS secret_of_nobody",
      "check: no_negative": "SELECT * FROM orders WHERE id < 0",
    },
    "title: Sales\nparameters:\n  password: {type: string, default: p4ssw0rd}",
  ),
  "notebooks/chosen.md": `${notebook({
    "cell: by_city": "SELECT $city AS chosen_city, count(*) AS n FROM range(7)",
    "cell: beside": "SELECT 'beside ' || $city AS t",
    "cell: apart": "SELECT 1 AS apart",
  })}\n\`\`\`yaml\ninput: city\ntype: select\noptions: [BCN, MAD, ${many}]\n\`\`\`\n`,
  "notebooks/other.md": notebook({ "cell: private": "SELECT 1 AS n" }),
});
const cells = ["orders", "cities", "no_negative"];

interface Created {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: string | null;
}

async function share(body: Json = {}, name = "sales"): Promise<Created> {
  const answer = await shared.api.json<Created>("POST", `/api/notebooks/${name}/shares`, { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function open(url: string): Promise<{ status: number; html: string; headers: Headers }> {
  const answer = await shared.api.request("GET", url, { token: null });
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}

describe("a shared notebook", () => {
  test("shows text, rows, checks and graph to somebody without a login", async () => {
    await shared.api.run("sales", { cells });
    const { url } = await share();
    expect(url).toMatch(/^\/s\/[\w-]{43}$/);
    const { status, html } = await open(url);
    expect(status).toBe(200);
    expect(html).toContain("<title>Sales</title>");
    expect(html).toContain("The first 1\u202f000 of 2\u202f500 rows");
    expect(html).toContain("city 2");
    expect(html).toContain("<svg");
    expect(html).toContain("1 of 1 checks passed");
    expect(html).toContain("</svg> not run");
    expect(html).not.toContain(shared.api.root);
    expect(html).not.toContain("p4ssw0rd");
  });

  test("has the rows of all cells for the values that are shown, also where one alone ran with them", async () => {
    await shared.api.run("chosen");
    await shared.api.run("chosen", { cells: ["by_city"], parameters: { city: "MAD" } });
    const { html } = await open((await share({}, "chosen")).url);
    const part = (name: string): string =>
      html.split(' id="').find((text) => text.startsWith(`${name}"`)) ?? "";
    expect(part("city")).toContain("MAD");
    expect(part("by_city")).toContain("MAD");
    expect(part("beside")).toContain("beside MAD");
    expect(html).not.toContain("computed for");
  });

  test("has no rows of a value that the notebook no longer offers, and marks those of a control that it no longer has", async () => {
    const file = join(shared.api.root, "notebooks/gone.md");
    const text = (name: string, options: string): string =>
      `${notebook({ "cell: base": `SELECT $${name} AS city`, "cell: child": "SELECT *, 1 AS one FROM base" })}
\`\`\`yaml\ninput: ${name}\ntype: select\noptions: [${options}, ${many}]\n\`\`\`\n`;
    await writeFile(file, text("city", "BCN, MAD"));
    await shared.api.run("gone", { parameters: { city: "MAD" } });
    expect((await open((await share({}, "gone")).url)).html).not.toContain(`<p class="old">`);
    for (const [name, options, isOld] of [
      ["city", "BCN, VLC", false],
      ["town", "VLC, MAD", true],
    ] as const) {
      await writeFile(file, text(name, options));
      const { html } = await open((await share({}, "gone")).url);
      for (const cell of ["base", "child"]) {
        const part = html.split(' id="').find((piece) => piece.startsWith(`${cell}"`));
        expect(part?.includes(`<p class="old">`), `${name} ${cell}`).toBe(isOld);
        expect(part, `${name} ${cell}`).toContain(isOld ? "MAD" : "BCN");
      }
      expect(html.split(` id="${name}"`)[1]).toContain(`<dd>${options.slice(0, 3)}</dd>`);
    }
  });

  test("carries headers that keep the address secret and scripts out", async () => {
    const { url } = await share();
    for (const path of [url, `/s/${"x".repeat(43)}`]) {
      const { headers } = await open(path);
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("private, no-store");
      expect(headers.get("x-robots-tag")).toContain("noindex");
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
      expect(headers.get("content-security-policy")).not.toMatch(/script-src (?!'sha256-[^']{44}';)/);
    }
  });

  test("stays as it was when the notebook and its results change", async () => {
    const { url } = await share();
    const before = (await open(url)).html;
    const { body, headers } = await shared.api.json("GET", "/api/notebooks/other");
    const text = String(body["text"]);
    await shared.api.request("PUT", "/api/notebooks/other", {
      body: { text },
      headers: { "if-match": headers.get("etag") ?? "" },
    });
    await shared.api.run("sales", { cells, force: true });
    expect((await open(url)).html).toBe(before);
  });

  test("is made and opened without running any SQL of the notebook", async () => {
    const { engine } = shared.api.services;
    const query = vi.spyOn(engine, "query");
    const others = (["materialize", "check", "bind"] as const).map((name) => vi.spyOn(engine, name));
    const analyze = vi.spyOn(engine, "analyze");
    try {
      const { url } = await share();
      const queries = query.mock.calls.map(([task]) => task);
      expect(queries.length).toBeGreaterThan(0);
      for (const { sql, scope } of queries) {
        expect(sql).toMatch(/ FROM result\b/);
        expect(sql).not.toMatch(/range|secret_of_nobody/);
        expect(scope.relations.map(({ type, name }) => [type, name])).toEqual([["files", "result"]]);
      }
      query.mockClear();
      analyze.mockClear();
      for (let n = 0; n < 3; n++) expect((await open(url)).status).toBe(200);
      for (const spy of [query, analyze, ...others]) expect(spy).not.toHaveBeenCalled();
    } finally {
      vi.restoreAllMocks();
    }
  });

  test("opens nothing else", async () => {
    const { url } = await share();
    const token = url.slice("/s/".length);
    for (const path of ["/api/notebooks", "/api/notebooks/sales", "/api/lake", `${url}/rows`]) {
      const answer = await shared.api.request("GET", path, { token });
      expect([path, answer.status]).toEqual([path, path.startsWith("/s/") ? 404 : 401]);
    }
    expect((await shared.api.request("POST", url, { token: null, body: {} })).status).toBe(401);
    expect((await shared.api.request("DELETE", url, { token: null })).status).toBe(401);
  });

  test("is not found once it is revoked, or has expired, or where it was guessed: all alike", async () => {
    const revoked = await share();
    expect((await shared.api.request("DELETE", `/api/shares/${revoked.id}`)).status).toBe(200);
    expect((await shared.api.request("DELETE", `/api/shares/${revoked.id}`)).status).toBe(404);
    const expiring = await share({ expires: "1h" });
    const store = new ShareStore(join(shared.api.root, ".lakebook"), () => Date.now() + 3_601_000);
    expect(await store.open(expiring.url.slice(3))).toBeUndefined();
    const answers = await Promise.all(
      [revoked.url, `/s/${"A".repeat(43)}`, "/s/x", "/s/..%2f..%2fserver.json", `/s/${expiring.id}`].map(
        open,
      ),
    );
    for (const { status, html } of answers) expect([status, html]).toEqual([404, answers[0]?.html]);
    await store.list();
    expect((await open(expiring.url)).status).toBe(404);
  });

  test("outlives the notebook until it is revoked", async () => {
    const name = "short_lived";
    const text = notebook({ "cell: a": "SELECT 1 AS n" });
    const headers = { "if-none-match": "*" };
    await shared.api.request("PUT", `/api/notebooks/${name}`, { body: { text }, headers });
    const { url } = await share({}, name);
    await shared.api.request("DELETE", `/api/notebooks/${name}`);
    expect((await open(url)).status).toBe(200);
  });

  test("keeps only the hash of its token, in a file for this user", async () => {
    const { id, url } = await share({ expires: null });
    const folder = join(shared.api.root, ".lakebook/shares");
    expect((await stat(join(folder, `${id}.json`))).mode & 0o777).toBe(0o600);
    const texts = await Promise.all(
      (await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")),
    );
    expect(texts.join("")).not.toContain(url.slice(3));
  });

  test("is listed without what opens it", async () => {
    const { id } = await share({ expires: "7d" });
    const { body } = await shared.api.json("GET", "/api/notebooks/sales/shares");
    const listed = at(body, "shares") as readonly Json[];
    const own = listed.find((item) => item["id"] === id) ?? {};
    expect(Object.keys(own).sort()).toEqual(["by", "createdAt", "expiresAt", "id", "notebook", "title"]);
    const days = (Date.parse(String(own["expiresAt"])) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });

  test.each([{ expires: "soon" }, { expires: "0d" }, { expires: "99999w" }, { expire: "1d" }])(
    "refuses %j",
    async (body) => {
      const answer = await shared.api.request("POST", "/api/notebooks/sales/shares", { body });
      expect(answer.status).toBe(400);
    },
  );
});

describe("an exported file", () => {
  test("is an attachment of its type", async () => {
    for (const [format, type] of [
      ["html", "text/html"],
      ["md", "text/markdown"],
      ["sql", "application/sql"],
    ] as const) {
      const answer = await shared.api.request("GET", `/api/notebooks/sales/export?format=${format}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toContain(type);
      expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="sales.${format}"`);
      await answer.body?.cancel();
    }
    expect((await shared.api.request("GET", "/api/notebooks/sales/export?format=exe")).status).toBe(400);
  });

  test("as HTML holds the first 100 rows and neither script nor link to elsewhere", async () => {
    const answer = await shared.api.request("GET", "/api/notebooks/sales/export?format=html");
    const html = await answer.text();
    expect(html).toContain("The first 100 of 2\u202f500 rows");
    expect(html).not.toMatch(/<script|<link rel="stylesheet|\ssrc=|https?:/i);
  });

  test("as Markdown is the file", async () => {
    const answer = await shared.api.request("GET", "/api/notebooks/sales/export?format=md");
    expect(await answer.text()).toBe(await readFile(join(shared.api.root, "notebooks/sales.md"), "utf8"));
  });
});
