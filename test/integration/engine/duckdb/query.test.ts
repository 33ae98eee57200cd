import { describe, expect, test } from "vitest";
import { useEngine } from "../../../support/with-engine.js";
import { failureOf, parameter, query, scopeOf, writeFiles } from "../scope.js";

const shared = useEngine();

describe("engine.query", () => {
  test("gives a page and says whether there is more", async () => {
    const { engine, root } = shared;
    const page = (limit: number, offset: number) =>
      engine.query(
        { scope: scopeOf(root), sql: "FROM range(10) t(n) ORDER BY n DESC", limit, offset },
        { label: "page" },
      );
    expect(await page(3, 0)).toEqual({
      columns: [{ name: "n", type: "BIGINT", kind: "integer" }],
      rows: [["9"], ["8"], ["7"]],
      truncated: true,
    });
    expect(await page(3, 8)).toMatchObject({ rows: [["1"], ["0"]], truncated: false });
    expect(await page(10, 0)).toMatchObject({ truncated: false });
    expect(await page(0, 0)).toMatchObject({ rows: [], truncated: true });
  });

  test("shows every value as DuckDB's own text, numbers that JSON can hold as numbers", async () => {
    const { engine, root } = shared;
    const { columns, rows } = await query(engine, root, "FROM test_all_types()");
    const shown = columns.map(({ name }) => `CAST("${name}" AS VARCHAR)`).join(", ");
    const texts = await query(engine, root, `SELECT ${shown} FROM test_all_types()`);
    const numbers = new Set([
      "TINYINT",
      "SMALLINT",
      "INTEGER",
      "UTINYINT",
      "USMALLINT",
      "UINTEGER",
      "DOUBLE",
    ]);
    for (const [index, { name, type }] of columns.entries()) {
      const values = rows.map((row) => row[index]);
      const expected = texts.rows.map((row) => row[index]);
      if (type === "BOOLEAN") expect(values, name).toEqual([false, true, null]);
      else if (numbers.has(type))
        expect(values, name).toEqual(expected.map((text) => (text === null ? null : Number(text))));
      else expect(values, name).toEqual(expected);
    }
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  });

  test.each([
    ["9007199254740993::BIGINT", "9007199254740993"],
    ["170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"],
    ["1.10::DECIMAL(18,2)", "1.10"],
    ["0.1::FLOAT", "0.1"],
    ["0.1::DOUBLE", 0.1],
    ["'nan'::DOUBLE", "nan"],
    ["'-infinity'::DOUBLE", "-inf"],
    ["-0.0::DOUBLE", "-0.0"],
    ["-0.0::FLOAT", "-0.0"],
    ["DATE 'infinity'", "infinity"],
    ["DATE '0044-03-15 (BC)'", "0044-03-15 (BC)"],
    ["TIMESTAMP '2026-11-01 06:00:00.123456'", "2026-11-01 06:00:00.123456"],
    ["TIMESTAMPTZ '2026-11-01 06:00:00+02'", "2026-11-01 04:00:00+00"],
    ["TIMESTAMP_NS '2026-11-01 06:00:00.123456789'", "2026-11-01 06:00:00.123456789"],
    ["'\\xAA\\x00b'::BLOB", "\\xAA\\x00b"],
    ["{'__proto__': 1, 'b': [1, NULL]}", "{'__proto__': 1, 'b': [1, NULL]}"],
    ["MAP {'a': 1}", "{a=1}"],
    ["'a' || chr(0) || 'b'", "a\0b"],
    ["'[1, {\"a\": 2}]'::JSON", '[1, {"a": 2}]'],
    ["INTERVAL '-1 month 2.5 seconds'", "-1 month 00:00:02.5"],
    ["''", ""],
    ["NULL", null],
  ])("shows %s", async (sql, value) => {
    const { engine, root } = shared;
    expect((await query(engine, root, `SELECT ${sql} AS x`)).rows).toEqual([[value]]);
  });

  test("is not confused by the names of columns", async () => {
    const { engine, root } = shared;
    const { columns, rows } = await query(
      engine,
      root,
      `SELECT 1 AS "__proto__", 2 AS a, 3 AS a, 4 AS "<b>", 5 AS "constructor"`,
    );
    expect(columns.map(({ name }) => name)).toEqual(["__proto__", "a", "a", "<b>", "constructor"]);
    expect(rows).toEqual([[1, 2, 3, 4, 5]]);
  });

  test("reads files below the root by relative paths", async () => {
    const { engine, root } = shared;
    writeFiles(root, {
      "input/a.csv": "id,name\n1,x\n",
      "input/b.json": '{"id": 2}',
      "top.csv": "id\n3\n",
    });
    const { rows } = await query(
      engine,
      root,
      "SELECT id FROM 'input/a.csv' UNION ALL SELECT id FROM 'input/b.json' UNION ALL SELECT id FROM 'top.csv'",
    );
    expect(rows).toEqual([["1"], ["2"], ["3"]]);
  });

  test("reads system relations, whose names have a schema", async () => {
    const { engine, root } = shared;
    const columns = [
      { name: "id", kind: "integer" },
      { name: "at", kind: "timestamp" },
      { name: "text", kind: "text" },
      { name: "is ok", kind: "boolean" },
    ] as const;
    const rows = [
      ["9007199254740993", "2026-11-01 06:00:00", "a, b'c", true],
      [2, null, null, false],
    ];
    const relations = [
      { type: "rows", schema: "lakebook", name: "runs", columns, rows },
      { type: "rows", schema: "lakebook", name: "none", columns, rows: [] },
    ] as const;
    const found = await query(
      engine,
      root,
      "SELECT *, (SELECT count(*) FROM lakebook.none) AS none FROM lakebook.runs",
      { relations },
    );
    expect(found.rows).toEqual([
      ["9007199254740993", "2026-11-01 06:00:00", "a, b'c", true, "0"],
      ["2", null, null, false, "0"],
    ]);
  });

  test("binds lists and dates", async () => {
    const { engine, root } = shared;
    const parameters = [
      parameter("days", "date", ["2026-11-01", "2026-11-02"]),
      parameter("city", "string", []),
    ];
    const sql = "SELECT len($days), $days[1] + INTERVAL 1 DAY, len($city)";
    expect((await query(engine, root, sql, { parameters })).rows).toEqual([
      ["2", "2026-11-02 00:00:00", "0"],
    ]);
  });

  test("reports an error in row 3,000,000 in place of a short page", async () => {
    const { engine, root } = shared;
    const sql = "SELECT sum(CASE WHEN range = 3000000 THEN 'x' ELSE '1' END::INTEGER) FROM range(3000100)";
    expect(await failureOf(query(engine, root, sql))).toMatchObject({ code: "query" });
  });

  test("points at the mistake", async () => {
    const { engine, root } = shared;
    const error = await failureOf(query(engine, root, "SELECT nam FROM (SELECT 'é€😀' AS name)"));
    expect(error).toMatchObject({
      code: "query",
      hint: 'Did you mean "name"?',
      details: { span: { start: 7, end: 10 } },
    });
  });

  test("refuses a page that is too big to show", async () => {
    const { engine, root } = shared;
    const error = await failureOf(query(engine, root, "SELECT repeat('x', 10000000) FROM range(20)"));
    expect(error).toMatchObject({ code: "query", message: "The page is too big to show: 200 MB of text" });
    expect((await query(engine, root, "SELECT 1")).rows).toEqual([[1]]);
  });
});
