import { beforeAll, describe, expect, test } from "vitest";
import { notebook, useApi } from "./harness.js";

const shared = useApi({
  "notebooks/shop.md": notebook({
    "cell: orders\n--| materialize: parquet": `SELECT * FROM (VALUES
      (1, 'Porto', DATE '2026-01-05', 1.50, 'paid'), (2, 'Porto', DATE '2026-01-20', 2.25, NULL),
      (3, 'Faro', DATE '2026-02-01', 4.00, ''), (4, NULL, NULL, NULL, 'paid'), (5, 'Faro', DATE '2026-02-02', 8.00, 'O''Hara')
      ) AS t(id, city, day, price, "the state")`,
    "cell: odd": `SELECT range % 3 AS "left", ['NULL', NULL, 'null', 'empty', '', '(other)', 'left'][1 + range % 7] AS "Rows" FROM range(70)`,
    "cell: many": "SELECT range % 60 AS kind, range AS id FROM range(120) UNION ALL SELECT NULL, 1",
    "cell: none": "SELECT 1 AS a, 'x' AS b WHERE false",
  }),
});

beforeAll(async () => {
  await shared.api.run("shop");
});

interface Summary {
  readonly sql: string;
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly truncated: boolean;
  readonly pivot?: unknown;
}

async function summarize(cell: string, body: Readonly<Record<string, unknown>>): Promise<Summary> {
  const path = `/api/notebooks/shop/cells/${cell}/summary`;
  const answer = await shared.api.json<Summary>("POST", path, { body });
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body;
}

async function refused(body: Readonly<Record<string, unknown>>): Promise<string> {
  const path = "/api/notebooks/shop/cells/orders/summary";
  const answer = await shared.api.json<{ readonly error: { readonly message: string } }>("POST", path, {
    body,
  });
  expect(answer.status).toBe(400);
  return answer.body.error.message;
}

/** The same rows come from the query where it stands in a notebook. */
async function expectSame({ sql, columns, rows }: Summary): Promise<void> {
  const asked = { body: { sql } };
  const answer = await shared.api.json<Summary>("POST", "/api/notebooks/shop/query", asked);
  expect([answer.status, answer.body.columns, answer.body.rows]).toEqual([200, columns, rows]);
}

const rowCount = [{ aggregate: "count" }];

describe("POST .../cells/:cell/summary", () => {
  test("groups by several columns, with several measures", async () => {
    const measures = [
      { aggregate: "sum", column: "price" },
      ...rowCount,
      { aggregate: "distinct", column: "id" },
    ];
    const summary = await summarize("orders", {
      groupBy: [{ column: "city" }],
      measures,
      filter: ["id:le:4"],
    });
    expect(summary.sql).toBe(
      "SELECT city, sum(price) AS sum_price, count(*) AS rows, count(DISTINCT id) AS distinct_id\nFROM orders\n" +
        "WHERE id <= 4\nGROUP BY ALL\nORDER BY sum_price DESC NULLS LAST, city",
    );
    expect(summary.rows).toEqual([
      ["Faro", "4.00", "1", "1"],
      ["Porto", "3.75", "2", "2"],
      [null, null, "1", "1"],
    ]);
    await expectSame(summary);
  });

  test("groups dates by a unit", async () => {
    const summary = await summarize("orders", {
      groupBy: [{ column: "day", grain: "month" }],
      measures: rowCount,
    });
    expect(summary.sql).toBe(
      "SELECT date_trunc('month', day) AS day_month, count(*) AS rows\nFROM orders\nGROUP BY ALL\nORDER BY day_month",
    );
    expect(summary.rows.map(([, rows]) => rows)).toEqual(["2", "2", "1"]);
    await expectSame(summary);
  });

  test("sums up all rows as one", async () => {
    const summary = await summarize("orders", {
      measures: [{ aggregate: "max", column: "price" }, ...rowCount],
    });
    expect(summary.sql).toBe("SELECT max(price) AS max_price, count(*) AS rows\nFROM orders");
    expect(summary.rows).toEqual([["8.00", "5"]]);
    await expectSame(summary);
  });

  test("makes a column of each value, of NULL and of an empty text too", async () => {
    const pivot = { column: "the state", rest: true };
    const summary = await summarize("orders", { groupBy: [{ column: "city" }], pivot, measures: rowCount });
    expect(summary.sql).toBe(
      `SELECT
  city,
  count(*) FILTER (WHERE "the state" = '') AS empty,
  count(*) FILTER (WHERE "the state" = 'O''Hara') AS "O'Hara",
  count(*) FILTER (WHERE "the state" = 'paid') AS paid,
  count(*) FILTER (WHERE "the state" IS NULL) AS "NULL",
  count(*) FILTER (WHERE "the state" NOT IN ('', 'O''Hara', 'paid')) AS "(other)"
FROM orders
GROUP BY ALL
ORDER BY city`,
    );
    expect(summary.rows).toEqual([
      ["Faro", "1", "1", "0", "0", "0"],
      ["Porto", "0", "0", "1", "1", "0"],
      [null, "0", "0", "1", "0", "0"],
    ]);
    expect(summary.pivot).toEqual({ values: 4, shown: 4 });
    await expectSame(summary);
  });

  test("makes columns of parts of time", async () => {
    const pivot = { column: "day", grain: "quarter" };
    const summary = await summarize("orders", {
      pivot,
      measures: [{ aggregate: "sum", column: "price" }, ...rowCount],
    });
    expect(summary.columns.map(({ name }) => name)).toEqual([
      "2026-Q1_sum_price",
      "2026-Q1_rows",
      "NULL_sum_price",
      "NULL_rows",
    ]);
    expect(summary.rows).toEqual([["15.75", "4", null, "1"]]);
    await expectSame(summary);
  });

  test.each(["hour", "minute"])(
    "makes columns of the %ss of dates, which begin their days",
    async (grain) => {
      const summary = await summarize("orders", {
        pivot: { column: "day", grain, rest: true },
        measures: rowCount,
      });
      expect(summary.rows).toEqual([["1", "1", "1", "1", "1", "0"]]);
      await expectSame(summary);
    },
  );

  test("gives no two columns one name in any case", async () => {
    const summary = await summarize("odd", {
      groupBy: [{ column: "left" }],
      pivot: { column: "Rows", rest: true },
      measures: rowCount,
    });
    expect(summary.columns.map(({ name }) => name)).toEqual([
      "left",
      "empty_2",
      "(other)",
      "NULL",
      "empty",
      "left_2",
      "null_2",
      "NULL_3",
      "(other)_2",
    ]);
    expect(summary.sql).toContain('SELECT\n  "left",\n');
    await expectSame(summary);
    const plain = await summarize("odd", { groupBy: [{ column: "Rows" }], measures: rowCount });
    expect(plain.columns.map(({ name }) => name)).toEqual(["Rows", "rows_2"]);
    await expectSame(plain);
  });

  test("gives columns to the values of most rows, and one to all others", async () => {
    const summary = await summarize("many", { pivot: { column: "kind", most: 3 }, measures: rowCount });
    expect(summary.pivot).toEqual({ values: 61, shown: 3 });
    expect(summary.columns.map(({ name }) => name)).toEqual(["0", "1", "2", "(other)"]);
    expect(summary.rows).toEqual([["2", "2", "2", "115"]]);
    await expectSame(summary);
  });

  test("has no columns of values where there are no rows", async () => {
    const asked = { groupBy: [{ column: "a" }], pivot: { column: "b" }, measures: rowCount };
    const summary = await summarize("none", asked);
    expect([summary.columns.map(({ name }) => name), summary.rows]).toEqual([["a"], []]);
    await expectSame(summary);
  });

  test("says of more rows than are wanted that there are more", async () => {
    const summary = await summarize("many", { groupBy: [{ column: "id" }], measures: rowCount, limit: 10 });
    expect([summary.rows.length, summary.truncated]).toEqual([10, true]);
  });

  test.each([
    [{ groupBy: [{ column: "town" }], measures: rowCount }, 'Column "town" does not exist.'],
    [{ groupBy: [{ column: "city", grain: "month" }], measures: rowCount }, 'Column "city" has no dates'],
    [{ measures: [{ aggregate: "sum" }] }, '"sum" needs a column.'],
    [{ groupBy: [{ column: "city" }, { column: "CITY" }], measures: rowCount }, "twice"],
  ])("refuses %j", async (body, message) => {
    expect(await refused(body)).toContain(message);
  });
});
