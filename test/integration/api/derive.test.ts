import { beforeAll, describe, expect, test } from "vitest";
import { notebook, useApi } from "./harness.js";

const shared = useApi({
  "notebooks/shop.md": notebook({
    "cell: orders\n--| materialize: parquet": `SELECT * FROM (VALUES (1, 'O''Hara', DATE '2026-01-01', 1.50), (2, 'Porto', NULL, 2.25)) AS t(id, "the city", day, price)`,
    "cell: lines\n--| materialize: parquet": `SELECT * FROM (VALUES ('7'), ('8'), ('7')) AS t("Rows")`,
  }),
});

beforeAll(async () => {
  await shared.api.run("shop");
});

async function derive(body: Readonly<Record<string, unknown>>, status = 200): Promise<string> {
  const path = "/api/notebooks/shop/cells/orders/derive";
  const answer = await shared.api.json<{ readonly sql: string }>("POST", path, { body });
  expect(answer.status).toBe(status);
  return answer.body.sql;
}

type Rows = readonly (readonly unknown[])[];

async function rowsOf(sql: string): Promise<Rows> {
  const path = "/api/notebooks/shop/query";
  const answer = await shared.api.json<{ readonly rows: Rows }>("POST", path, { body: { sql } });
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body.rows;
}

describe("POST .../cells/:cell/derive", () => {
  test("writes the filtered rows as somebody would", async () => {
    const filter = ["the city:eq:O'Hara", "id:ge:1", "day:le:2026-02-01"];
    const sql = await derive({ filter, sort: ["-price"] });
    expect(sql).toBe(
      `SELECT *\nFROM orders\nWHERE "the city" = 'O''Hara'\n  AND id >= 1\n  AND day <= DATE '2026-02-01'\nORDER BY price DESC NULLS LAST`,
    );
    expect(await rowsOf(sql)).toHaveLength(1);
  });

  test("compares with what controls choose", async () => {
    const chosen = [
      { column: "the city", op: "eq", parameter: "city" },
      { column: "day", op: "ge", parameter: "day_from" },
      { column: "id", op: "ge", parameter: "id_from", since1970: "seconds" },
      { column: "the city", op: "contains", parameter: "part" },
    ];
    expect(await derive({ filter: ["id:ge:1"], chosen })).toBe(
      `SELECT *\nFROM orders\nWHERE id >= 1\n  AND "the city" = $city\n  AND day >= $day_from\n  AND id >= epoch($id_from)\n  AND contains(lower("the city"), lower($part))`,
    );
    await derive({ chosen: [{ column: "nowhere", op: "eq", parameter: "city" }] }, 400);
    await derive({ chosen: [{ column: "id", op: "eq", parameter: "x) OR (true" }] }, 400);
  });

  test.each([
    ["day:null", 1],
    ["day:notnull", 1],
    ["the city:contains:PORT", 1],
    ["the city:starts:o'", 1],
    ["price:eq:2.25", 1],
    ["porto", 1],
    ["id:ne:1", 1],
    ["day:ne:2026-01-01", 1],
    ["price:lt:5", 2],
    ["price:lt:100", 2],
    ["price:eq:1.504", 0],
    ["price:gt:-1000.5", 2],
    ["id:gt:1.5", 1],
    ["id:eq:1.5", 0],
    ["id:lt:123456789012345678901234567890", 2],
    ["day:ge:2026-01-01 12:00", 0],
    ["day:lt:2026-01-01 12:00", 1],
  ])("finds with %s what the grid finds", async (filter, count) => {
    expect(await rowsOf(await derive({ filter: [filter] }))).toHaveLength(count);
    const path = `/api/notebooks/shop/cells/orders/rows?filter=${encodeURIComponent(filter)}`;
    const page = await shared.api.json<{ readonly totalRows: number }>("GET", path);
    expect(page.body.totalRows).toBe(count);
  });

  test("counts rows by columns", async () => {
    const sql = await derive({ groupBy: ["the city"], filter: ["id:ge:1"] });
    expect(sql).toBe(
      `SELECT "the city", count(*) AS rows\nFROM orders\nWHERE id >= 1\nGROUP BY ALL\nORDER BY rows DESC`,
    );
    expect(await rowsOf(sql)).toHaveLength(2);
  });

  test("gives the count another name where a column has its own", async () => {
    const path = "/api/notebooks/shop/cells/lines/derive";
    const body = { groupBy: ["Rows"] };
    const answer = await shared.api.json<{ readonly sql: string }>("POST", path, { body });
    expect(answer.body.sql).toContain("count(*) AS rows_2");
    expect(await rowsOf(answer.body.sql)).toEqual([
      ["7", "2"],
      ["8", "1"],
    ]);
  });

  test("refuses a column that is not there", async () => {
    await derive({ groupBy: ["town"] }, 400);
  });
});
