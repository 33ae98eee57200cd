import { describe, expect, test } from "vitest";
import { useEngine } from "../../support/with-engine.js";
import { failureOf, materialize, query, relationOf } from "./scope.js";

const shared = useEngine();

/** Types that Parquet holds as another one. Every other type of `test_all_types()` comes back as it went in. */
const casts: Readonly<Record<string, string>> = {
  hugeint: "DECIMAL(38,0)",
  uhugeint: "DECIMAL(38,0)",
  bignum: "VARCHAR",
  timestamp_s: "TIMESTAMP",
  timestamp_ms: "TIMESTAMP",
  time_tz: "VARCHAR",
  interval: "VARCHAR",
  bit: "VARCHAR",
  small_enum: "VARCHAR",
  medium_enum: "VARCHAR",
  large_enum: "VARCHAR",
  fixed_int_array: "INTEGER[]",
  fixed_varchar_array: "VARCHAR[]",
  fixed_nested_int_array: "INTEGER[][]",
  fixed_nested_varchar_array: "VARCHAR[][]",
  fixed_struct_array: "STRUCT(a INTEGER, b VARCHAR)[]",
  struct_of_fixed_array: "STRUCT(a INTEGER[], b VARCHAR[])",
  fixed_array_of_int_list: "INTEGER[][]",
  list_of_fixed_int_array: "INTEGER[][]",
  time_ns: "VARCHAR",
};
const refused = ["union", "geometry"];
/** Their largest values have 39 digits, which is an error. */
const tooWide = ["hugeint", "uhugeint"];

describe("types in Parquet", () => {
  test("every type comes back as it was, or as documented, with the same text", async () => {
    const { engine, root } = shared;
    const narrow = tooWide.map(
      (name) => `(CASE WHEN "${name}" IS NULL THEN NULL ELSE 1 END)::${name} AS ${name}`,
    );
    const sql = `SELECT * EXCLUDE (${refused.map((name) => `"${name}"`).join(", ")}) REPLACE (${narrow.join(", ")}) FROM test_all_types()`;
    const { columns: before } = await query(engine, root, sql);
    const output = await materialize(engine, root, sql, { isOrdered: true });
    expect(output.columns.map(({ name, type }) => [name, type])).toEqual(
      before.map(({ name, type }) => [name, casts[name] ?? type]),
    );
    expect(output.casts.map(({ column }) => column)).toEqual(
      before.map(({ name }) => name).filter((name) => name in casts),
    );
    const texts = (from: string): string =>
      `SELECT ${before.map(({ name }) => `CAST("${name}" AS VARCHAR)`).join(", ")} FROM (${from})`;
    const stored = await query(engine, root, texts("FROM result"), { relations: [relationOf(output)] });
    expect(stored.rows).toEqual((await query(engine, root, texts(sql))).rows);
  });

  test("every type can be a column of an empty dataset, and of a partitioned one", async () => {
    const { engine, root } = shared;
    const sql = `SELECT 1 AS part, * EXCLUDE (${[...refused, ...tooWide].map((name) => `"${name}"`).join(", ")}) FROM test_all_types()`;
    expect((await materialize(engine, root, `${sql} WHERE false`)).rows).toBe(0);
    expect((await materialize(engine, root, sql, { partitionBy: ["part"] })).rows).toBe(3);
  });

  test.each(refused)("%s is refused, with what to do", async (name) => {
    const { engine, root } = shared;
    const error = await failureOf(materialize(engine, root, `SELECT "${name}" FROM test_all_types()`));
    expect(error).toMatchObject({ code: "query", hint: expect.stringMatching(/cast it/i) as string });
  });

  test("a type inside another one counts", async () => {
    const { engine, root } = shared;
    const sql = `SELECT {'big': sum(range), 'list': [{'e': 'a'::ENUM('a', 'b')}]} AS s, MAP {'x': INTERVAL 1 DAY} AS m FROM range(3)`;
    const output = await materialize(engine, root, sql);
    expect(output.columns.map(({ type }) => type)).toEqual([
      "STRUCT(big DECIMAL(38,0), list STRUCT(e VARCHAR)[])",
      "MAP(VARCHAR, VARCHAR)",
    ]);
    const { rows } = await query(engine, root, "FROM result", { relations: [relationOf(output)] });
    expect(rows).toEqual([["{'big': 3, 'list': [{'e': a}]}", "{x=1 day}"]]);
    const error = await failureOf(materialize(engine, root, "SELECT [union_value(a := 1)] AS list"));
    expect(error.message).toBe('"list" has type UNION(a INTEGER)[], which Parquet cannot hold');
  });

  test("sums keep every digit, and one too many is an error", async () => {
    const { engine, root } = shared;
    const output = await materialize(
      engine,
      root,
      "SELECT sum(9007199254740993::BIGINT) AS total FROM range(2)",
    );
    const { rows } = await query(engine, root, "FROM result", { relations: [relationOf(output)] });
    expect(rows).toEqual([["18014398509481986"]]);
    const error = await failureOf(
      materialize(engine, root, "SELECT 170141183460469231731687303715884105727::HUGEINT AS x"),
    );
    expect(error).toMatchObject({
      code: "query",
      message: expect.stringContaining("DECIMAL(38,0)") as string,
    });
  });

  test.each([
    ["JSON stays JSON", `SELECT '{"a": 1}'::JSON AS x`, "JSON", '{"a": 1}'],
    ["infinite dates", "SELECT DATE '-infinity' AS x", "DATE", "-infinity"],
    ["infinite timestamps", "SELECT TIMESTAMPTZ 'infinity' AS x", "TIMESTAMP WITH TIME ZONE", "infinity"],
    ["negative zero", "SELECT (-0.0::FLOAT) AS x", "FLOAT", "-0.0"],
    [
      "nanoseconds",
      "SELECT TIMESTAMP_NS '2026-11-01 00:00:00.123456789' AS x",
      "TIMESTAMP_NS",
      "2026-11-01 00:00:00.123456789",
    ],
    [
      "a negative interval",
      "SELECT INTERVAL '-1 month 0.000001 seconds' AS x",
      "VARCHAR",
      "-1 month 00:00:00.000001",
    ],
    [
      "names with anything in them",
      `SELECT {'a "b" c': 1::HUGEINT} AS "x "" y"`,
      'STRUCT("a ""b"" c" DECIMAL(38,0))',
      `{'a "b" c': 1}`,
    ],
  ])("%s", async (_, sql, type, text) => {
    const { engine, root } = shared;
    const output = await materialize(engine, root, sql);
    expect(output.columns[0]?.type).toBe(type);
    expect((await query(engine, root, "FROM result", { relations: [relationOf(output)] })).rows).toEqual([
      [text],
    ]);
  });
});

describe("types of rows that are only looked at", () => {
  test("all of them come back with their own type and text", async () => {
    const { engine, root } = shared;
    const sql = "SELECT * FROM test_all_types()";
    const output = await materialize(engine, root, sql, { isOrdered: true, keepsTypes: true });
    const before = await query(engine, root, sql);
    expect(output.columns.map(({ name, type }) => ({ name, type }))).toEqual(before.columns);
    const relations = [relationOf(output)];
    const after = await query(engine, root, "FROM result", { relations });
    expect(after.rows).toEqual(before.rows);
    expect(after.columns).toEqual(
      before.columns.map(({ name, type }) => ({ name, type: refused.includes(name) ? "VARCHAR" : type })),
    );
  });

  test.each([
    ["170141183460469231731687303715884105727::HUGEINT", "HUGEINT"],
    ["340282366920938463463374607431768211455::UHUGEINT", "UHUGEINT"],
    ["{'big': [170141183460469231731687303715884105727::HUGEINT]}", "STRUCT(big HUGEINT[])"],
    ["union_value(n := 1)", "UNION(n INTEGER)"],
    ["[union_value(n := 1)]", "UNION(n INTEGER)[]"],
    ["{'a': [1, NULL]}::VARIANT", "VARIANT"],
    ["row(1, 'x')", "STRUCT(INTEGER, VARCHAR)"],
    ["INTERVAL '-1 month 0.000001 seconds'", "INTERVAL"],
    ["MAP {'x': TIMETZ '10:00:00+02'}", "MAP(VARCHAR, TIME WITH TIME ZONE)"],
    ["'10:00:00.000000001'::TIME_NS", "TIME_NS"],
    ["12345678901234567890123456789012345678901234567890::BIGNUM", "BIGNUM"],
    ["'it''s'::ENUM('it''s', 'b')", "ENUM('it''s', 'b')"],
    ["[1, NULL]::INTEGER[2]", "INTEGER[2]"],
  ])("%s has its text", async (expression, type) => {
    const { engine, root } = shared;
    const output = await materialize(engine, root, `SELECT ${expression} AS x`, { keepsTypes: true });
    expect(output.columns[0]?.type).toBe(type);
    const { rows } = await query(engine, root, `SELECT (${expression})::VARCHAR`);
    expect((await query(engine, root, "FROM result", { relations: [relationOf(output)] })).rows).toEqual(
      rows,
    );
  });
});
