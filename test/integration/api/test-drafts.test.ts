import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { at, notebook, useApi, type Json } from "./harness.js";

const checkout = resolve(import.meta.dirname, "../../..");
const odd = {
  "cell: raw\n--| materialize: parquet":
    "SELECT * FROM (VALUES (1, 'true', 0.10::DECIMAL(9,2), DATE '2026-01-31', [1, NULL], {'a': 'x''y'}), (2, NULL, NULL, NULL, NULL, NULL)) t(id, text, price, day, list, struct)",
  "cell: same": "SELECT * FROM raw",
  "cell: sums": "SELECT id, sum(price) AS total, max(day) AS day FROM raw GROUP BY id",
  "cell: never\n--| materialize: parquet": "SELECT 1 AS n",
  "cell: below": "SELECT n FROM never",
  "cell: twins": "SELECT a.id, b.id, b.text FROM raw a JOIN raw b USING (id)",
  "cell: documents": `SELECT '{"a": [1,  null]}'::JSON AS doc UNION ALL SELECT 'null' UNION ALL SELECT '"b c"'`,
  "cell: many": "SELECT id, n FROM raw, range(201) t(n)",
};
const shared = useApi({ "notebooks/odd.md": notebook(odd) });

beforeAll(async () => {
  for (const folder of ["notebooks", "input"])
    await cp(join(checkout, folder), join(shared.api.root, folder), { recursive: true });
  await shared.api.run("odd", { cells: ["raw"] });
  await shared.api.run("customer_courier_conversations");
});

async function draft(name: string, cell: string, rows?: Json[]): Promise<{ status: number; body: Json }> {
  const body = rows === undefined ? {} : { rows };
  return shared.api.json("POST", `/api/notebooks/${name}/cells/${cell}/test`, { body });
}

/** What becomes of the notebook's tests once the draft is one of them. */
async function outcomeOf(name: string, { name: testName, yaml }: Json): Promise<unknown> {
  const { body: view } = await shared.api.json("GET", `/api/notebooks/${name}`);
  const text = `${String(view["text"])}\n\`\`\`yaml\n${String(yaml)}\`\`\`\n`;
  const asked = { text, tests: [testName] };
  const { body } = await shared.api.json("POST", `/api/notebooks/${name}/tests`, { body: asked });
  return at(body, "tests", "0");
}

describe("a test that is drafted from what a cell really reads", () => {
  test.each([
    "orders",
    "customer_courier_chat_messages_enhanced",
    "first_message_senders",
    "first_responsetime_delays",
    "last_message_order_stage",
    "aggregations",
    "customer_courier_conversations",
    "messages_per_month",
  ])("of the shipped cell %s passes", async (cell) => {
    const name = "customer_courier_conversations";
    const { status, body } = await draft(name, cell);
    expect(status).toBe(200);
    expect(await outcomeOf(name, body)).toMatchObject({ outcome: "passed", cell });
  });

  test("has only the rows that belong to the row it is about, and only columns that the cell uses", async () => {
    const { body } = await draft("odd", "sums", [{ id: "2", total: null, day: null }]);
    expect(parse(String(body["yaml"]))).toEqual({
      test: "sums_test",
      cell: "sums",
      given: { raw: [{ id: 2, price: null, day: null }] },
      expect: [{ id: 2, total: null, day: null }],
    });
    expect(body["isTraced"]).toBe(true);
  });

  test("keeps values whatever they look like", async () => {
    const { body } = await draft("odd", "same");
    expect(body["isTraced"]).toBe(false);
    expect(String(body["yaml"])).toContain('{id: 1, text: "true", price: 0.10, day: "2026-01-31"');
    expect(await outcomeOf("odd", body)).toMatchObject({ outcome: "passed" });
  });

  test.each(["twins", "documents"])("of the cell %s passes", async (cell) => {
    const { body } = await draft("odd", cell);
    expect(await outcomeOf("odd", body)).toMatchObject({ outcome: "passed" });
  });

  test("has the chosen row of a cell without a key by what it is handed on as", async () => {
    const { body } = await draft("odd", "same", [{ id: "2", text: null, price: null, day: null }]);
    expect(at(parse(String(body["yaml"])), "given", "raw")).toMatchObject([{ id: 2 }]);
    expect(body["isTraced"]).toBe(true);
  });

  test("needs rows that its parents have", async () => {
    expect(await draft("odd", "below")).toMatchObject({
      status: 400,
      body: { error: { message: 'Cell "never" has not been run.' } },
    });
    expect((await draft("odd", "nothing")).status).toBe(400);
  });
});

describe("a test that would expect more rows than people read", () => {
  test("is refused, and says so", async () => {
    expect(await draft("odd", "many", [{ id: "1", n: "1" }])).toMatchObject({
      status: 400,
      body: {
        error: { message: '"many" makes more than 200 rows of these: too many for a test to expect.' },
      },
    });
  });
});

describe("a test that expects no row", () => {
  test("shows those that come", async () => {
    const yaml = "test: none\ncell: sums\ngiven: {raw: [{id: 1, price: 2}]}\nexpect: []\n";
    expect(await outcomeOf("odd", { name: "none", yaml })).toMatchObject({
      outcome: "failed",
      differences: {
        columns: [{ name: "id" }, { name: "total" }, { name: "day" }],
        unexpected: [[1, "2.00", null]],
      },
    });
  });
});

describe("a run that is to pass the tests first", () => {
  const failing =
    "```yaml\ntest: wrong\ncell: sums\ngiven: {raw: [{id: 1, price: 2}]}\nexpect: [{id: 1, total: 3}]\n```\n";

  test("does not begin where one does not pass, and names it", async () => {
    const { body: view } = await shared.api.json("GET", "/api/notebooks/odd");
    const save = (text: string): Promise<unknown> =>
      shared.api.json("PUT", "/api/notebooks/odd", { body: { text }, headers: { "if-match": "*" } });
    const start = async (): Promise<unknown> =>
      shared.api.json("POST", "/api/notebooks/odd/runs", { body: { cells: ["raw"], test: true } });
    await save(`${String(view["text"])}\n${failing}`);
    expect(await start()).toMatchObject({
      status: 409,
      body: { error: { code: "conflict", details: { tests: ["wrong"] } } },
    });
    await save(`${String(view["text"])}\n${failing.replace("total: 3", "total: 2")}`);
    const begun = (await start()) as { status: number; body: Json };
    expect(begun.status).toBe(202);
    await shared.api.ended(String(begun.body["id"]));
  });

  test("begins although a test has lost its cell, which the test says", async () => {
    const { body: view } = await shared.api.json("GET", "/api/notebooks/odd");
    const lost = failing.replace("cell: sums", "cell: gone");
    await shared.api.json("PUT", "/api/notebooks/odd", {
      body: { text: `${String(view["text"])}\n${lost.replace("wrong", "lost")}` },
      headers: { "if-match": "*" },
    });
    const run = await shared.api.run("odd", { cells: ["raw"], materialize: true, date: "2026-11-01" });
    expect(run.outcome).toBe("succeeded");
    const { body } = await shared.api.json("POST", "/api/notebooks/odd/tests", { body: { tests: ["lost"] } });
    expect(at(body, "tests", "0", "outcome")).toBe("error");
  });
});

describe("what became of tests", () => {
  const kept = async (): Promise<unknown> =>
    at((await shared.api.json("GET", "/api/notebooks/kept/tests")).body, "tests");
  const start = async (body: Json): Promise<unknown> =>
    shared.api.json("POST", "/api/notebooks/kept/tests", { body });
  const text = (expected: number): string =>
    `${notebook({ "cell: one": "SELECT 1 AS n" })}\n\`\`\`yaml\ntest: is_one\ncell: one\nexpect: [{n: ${String(expected)}}]\n\`\`\`\n`;
  const save = (saved: string): Promise<unknown> =>
    shared.api.json("PUT", "/api/notebooks/kept", { body: { text: saved }, headers: { "if-match": "*" } });

  test("is kept with the texts that it is of, until it is run again", async () => {
    await shared.api.json("PUT", "/api/notebooks/kept", {
      body: { text: text(2) },
      headers: { "if-none-match": "*" },
    });
    expect(await kept()).toEqual([]);
    await start({ tests: ["is_one"] });
    const texts = {
      test: "```yaml\ntest: is_one\ncell: one\nexpect: [{n: 2}]\n```\n",
      cell: "```sql\n--| cell: one\nSELECT 1 AS n\n```\n",
    };
    expect(await kept()).toMatchObject([{ result: { name: "is_one", outcome: "failed" }, texts }]);
    await save(text(1));
    expect(await kept()).toMatchObject([{ result: { outcome: "failed" }, texts }]);
    await start({ text: text(3) });
    expect(await kept()).toMatchObject([{ texts }]);
    await start({});
    expect(await kept()).toMatchObject([{ result: { outcome: "passed" } }]);
    await save(text(1).replaceAll("is_one", "renamed"));
    expect(await kept()).toEqual([]);
  });
});
