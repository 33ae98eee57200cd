import { describe, expect, test } from "vitest";
import type { StoredColumn } from "../../../server/engine/rows.js";
import { withKind } from "../../../server/engine/type-names.js";
import { columnsToCompare, type Reading } from "../../../server/runs/same-reading.js";
import { lineageOf, relation } from "../../support/lineage.js";

const plain = "id INTEGER, city VARCHAR, amount DOUBLE";

/** What a query of `orders` means where that has these columns. */
async function reading(sql: string, columns = plain, rows = 3, read?: string): Promise<Reading> {
  const orders = relation("orders", columns);
  const item = { sql, files: [], parameters: [], columns: await namesOf(sql, columns) };
  const [lineage] = await lineageOf({ relations: [orders], items: [item] });
  const stored = orders.columns.map((column): StoredColumn => ({
    ...withKind(column),
    ...(read && { read }),
  }));
  return { lineage, parents: new Map([["orders", { columns: stored, rows }]]) };
}

/** As many as the plan has; their names do not count. */
async function namesOf(sql: string, columns: string): Promise<readonly string[]> {
  for (let count = 1; count < 9; count++) {
    const names = Array.from({ length: count }, (_, place) => String(place));
    const item = { sql, files: [], parameters: [], columns: names };
    const [found] = await lineageOf({ relations: [relation("orders", columns)], items: [item] });
    if (found?.ok === true) return names;
  }
  return [];
}

async function compare(sql: string, before = plain, now = plain): Promise<unknown> {
  const found = columnsToCompare(await reading(sql, before), await reading(sql, now));
  return typeof found === "string" ? found : found.get("orders")?.map(({ name }) => name);
}

describe("columnsToCompare", () => {
  test.each([
    ["SELECT id FROM orders", ["id"]],
    ["SELECT count(*) FROM orders", []],
    ["SELECT id FROM orders WHERE amount > 1 ORDER BY city", ["amount", "city", "id"]],
    ["SELECT a.id FROM orders a JOIN orders b ON a.city = b.city", ["city", "id"]],
    ["SELECT 1 FROM orders a WHERE EXISTS (SELECT 1 FROM orders b WHERE b.id > a.id)", ["id"]],
    ["SELECT city FROM (SELECT * FROM orders)", ["amount", "city", "id"]],
    ["SELECT max(city) OVER (PARTITION BY id) FROM orders", ["city", "id"]],
  ])("names all columns that %s names", async (sql, columns) => {
    expect(await compare(sql)).toEqual(columns);
  });

  test.each([
    ["SELECT id FROM orders", `${plain}, more DATE`],
    ["SELECT id FROM orders", "amount VARCHAR, id INTEGER"],
    ["SELECT o.id, city AS c FROM orders o GROUP BY ALL", `more DATE, ${plain}`],
    ["WITH o AS (SELECT id, city FROM orders) SELECT * FROM o", `${plain}, more DATE`],
  ])("leaves out what is new and what is lost: %s", async (sql, now) => {
    expect(typeof (await compare(sql, plain, now))).toBe("object");
  });

  test.each([
    "SELECT * FROM orders",
    "SELECT count(COLUMNS(*)) FROM orders",
    "SELECT count(*) FROM (SELECT DISTINCT * FROM orders)",
    "SELECT a.id FROM orders a NATURAL JOIN orders b",
    "SELECT id + 1 AS more, more FROM orders",
    "SELECT (SELECT more FROM orders LIMIT 1) FROM (SELECT 1 AS more)",
    "SELECT column_name FROM (DESCRIBE orders)",
    "SELECT count(*) FROM (SUMMARIZE orders)",
    "SELECT o FROM orders o",
    "SELECT id FROM orders UNION ALL BY NAME SELECT id FROM (FROM orders)",
  ])("sees that a column more changes what %s means", async (sql) => {
    expect(await compare(sql, plain, `${plain}, more INTEGER`)).toBe("its query means something else now");
  });

  test("sees another type of a column that is read", async () => {
    expect(await compare("SELECT id FROM orders", plain, "id BIGINT")).toBe(
      "its query means something else now",
    );
  });

  test.each([
    "SELECT id FROM orders TABLESAMPLE 50% (bernoulli, 1)",
    "SELECT rowid FROM orders",
    "SELECT nothing FROM orders",
  ])("cannot tell of %s", async (sql) => {
    expect(await compare(sql)).toBe("which columns it reads cannot be told");
  });

  test("wants as many rows, and columns that are stored as they are", async () => {
    const [before, now] = [
      await reading("SELECT id FROM orders"),
      await reading("SELECT id FROM orders", plain, 4),
    ];
    expect(columnsToCompare(before, now)).toBe("`orders` has another number of rows");
    const cast = await reading("SELECT id FROM orders", plain, 3, "id::UINTEGER");
    expect(columnsToCompare(before, cast)).toBe("`orders` has a column that is stored in another type");
  });

  test("does not compare values by a hash that does not tell them apart", async () => {
    const union = "id UNION(n INTEGER, t VARCHAR)";
    expect(await compare("SELECT id FROM orders", union, union)).toMatch(/cannot be compared/);
    expect(await compare("SELECT 1 FROM orders", union, union)).toEqual([]);
  });
});
