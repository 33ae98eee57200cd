import { describe, expect, test } from "vitest";
import { factsOf } from "../../../support/serialize.js";

async function nameless(sql: string): Promise<string> {
  const facts = await factsOf(sql);
  return JSON.stringify([facts.nameless?.query, facts.nameless?.tables.map(({ columns }) => columns)]);
}

describe("a query without names", () => {
  test.each([
    ["SELECT orders.id FROM orders", "SELECT o2.id FROM o2"],
    ["SELECT orders.* FROM Orders JOIN b USING (id)", "SELECT c.* FROM c JOIN orders USING (id)"],
    [
      "SELECT a.id FROM a WHERE id IN (SELECT a.id FROM a)",
      "SELECT b.id FROM b WHERE id IN (SELECT b.id FROM b)",
    ],
    ["SELECT count(a.x) AS n FROM a", "SELECT count(b.x) AS n FROM b"],
    ["SELECT o.id FROM orders AS o", "SELECT o.id FROM other AS o"],
    ["SELECT x AS a FROM a", "SELECT x AS a FROM b"],
  ])("is the same: %s, %s", async (one, other) => {
    expect(await nameless(one)).toBe(await nameless(other));
  });

  test.each([
    ["SELECT a FROM a", "SELECT b FROM b"],
    ["SELECT count(a.x) FROM a", "SELECT count(b.x) FROM b"],
    ["SELECT alias(a.x) AS n FROM a", "SELECT alias(b.x) AS n FROM b"],
    ["SELECT a.x FROM a", "SELECT a.x FROM b"],
    ["SELECT x FROM a, a AS b", "SELECT x FROM a, c AS b"],
    ["WITH a AS (FROM a WHERE x) FROM a", "WITH a AS (FROM b WHERE x) FROM b"],
    ["FROM a, lake.a", "FROM b, lake.b"],
    ["SELECT (SELECT a.x) AS n FROM a", "SELECT (SELECT b.x) AS n FROM b"],
    ["SELECT 'a' AS n FROM a", "SELECT 'b' AS n FROM b"],
    ["FROM histogram_values(a, x)", "FROM histogram_values(b, x)"],
    [`SELECT '"table_name":"a"' AS n FROM a`, `SELECT '"table_name":"b"' AS n FROM b`],
  ])("is another one: %s, %s", async (one, other) => {
    expect(await nameless(one)).not.toBe(await nameless(other));
  });

  test("tells the columns that a name stands before", async () => {
    const facts = await factsOf("SELECT a.x, b.* FROM a JOIN b ON a.y = b.z");
    const tables = new Map(facts.nameless?.tables.map(({ name, columns }) => [name, new Set(columns)]));
    expect(tables).toEqual(
      new Map([
        ["a", new Set(["x", "y"])],
        ["b", new Set(["z"])],
      ]),
    );
  });
});
