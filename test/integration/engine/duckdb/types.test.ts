import { describe, expect, test } from "vitest";
import type { Relation } from "../../../../server/engine/engine.js";
import { useEngine } from "../../../support/with-engine.js";
import { failureOf, materialize, parameter, query, relationOf, scopeOf } from "../scope.js";

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
const refused = ["union"];
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
    const wide = "170141183460469231731687303715884105727";
    const tooLong = `has the value ${wide}, which Parquet cannot hold: its numbers have at most 38 digits`;
    for (const [sql, message, options] of [
      [`1::HUGEINT AS "ä", ${wide}::HUGEINT - i AS "x y"`, `"x y" ${tooLong}`, {}],
      [`1::HUGEINT AS fine, [{'a': ${wide}::UHUGEINT}] AS l, i`, `"l" ${tooLong}`, { partitionBy: ["i"] }],
      [
        "TIMESTAMP '294247-01-10 04:00:54.775806'::TIMESTAMP_S AS t, 1 AS n",
        '"t" has a time beyond those of TIMESTAMP, as which it is stored',
        {},
      ],
    ] as const) {
      const error = await failureOf(materialize(engine, root, `SELECT ${sql} FROM range(3) t(i)`, options));
      expect(error).toMatchObject({ code: "query", message });
      expect(error.hint).toMatch(/cast/i);
    }
    const own = await failureOf(
      materialize(engine, root, `SELECT 1::HUGEINT AS x, ${wide}::DECIMAL(38,0) AS y`),
    );
    expect(own).toMatchObject({
      code: "query",
      details: { span: { start: `SELECT 1::HUGEINT AS x, ${wide}`.length } },
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

/** Each has values that another form does not hold, and what a reader does with it. */
const keptValues: readonly (readonly [expression: string, type: string, use: string, answer: string])[] = [
  [
    "170141183460469231731687303715884105727::HUGEINT",
    "HUGEINT",
    "x - 1",
    "170141183460469231731687303715884105726",
  ],
  ["340282366920938463463374607431768211455::UHUGEINT", "UHUGEINT", "x = 1", "false"],
  [
    "{'big': [170141183460469231731687303715884105727::HUGEINT]}",
    "STRUCT(big HUGEINT[])",
    "x.big[1] > 0",
    "true",
  ],
  ["union_value(n := 1)", "UNION(n INTEGER)", "x.n + 1", "2"],
  ["[union_value(n := 1)]", "UNION(n INTEGER)[]", "union_tag(x[1])", "n"],
  [
    "{'a': [1, NULL], 'B': 1::HUGEINT}::VARIANT",
    "VARIANT",
    "variant_typeof(x) || x.a[1]::INTEGER",
    "OBJECT(a, B)1",
  ],
  ["[TIMETZ '10:00:00+02'::VARIANT]", "VARIANT[]", "variant_typeof(x[1])", "TIME_MICROS_TZ"],
  ["'POINT(1 2)'::GEOMETRY", "GEOMETRY", "st_astext(x)", "POINT (1 2)"],
  ["'POINT(1 2)'::GEOMETRY('OGC:CRS84')", "GEOMETRY('OGC:CRS84')", "st_crs(x)", "OGC:CRS84"],
  ["{'g': NULL::GEOMETRY}", "STRUCT(g GEOMETRY)", "x.g IS NULL", "true"],
  ["row(1, 'x')", "STRUCT(INTEGER, VARCHAR)", "x[1] + 1", "2"],
  ["MAP {'a': row(1, [row(2)])}", "MAP(VARCHAR, STRUCT(INTEGER, STRUCT(INTEGER)[]))", "x['a'][2][1][1]", "2"],
  ["union_value(n := row(1, 2))", "UNION(n STRUCT(INTEGER, INTEGER))", "x.n[2]", "2"],
  ["INTERVAL '-1 month 0.000001 seconds'", "INTERVAL", "DATE '2026-03-31' + x", "2026-02-28 00:00:00.000001"],
  ["to_microseconds(-9223372036854775808)", "INTERVAL", "x < INTERVAL 0 DAY", "true"],
  [
    "MAP {'k': TIMETZ '10:00:00+02'}",
    "MAP(VARCHAR, TIME WITH TIME ZONE)",
    "x['k'] = TIMETZ '10:00:00+02'",
    "true",
  ],
  ["TIMETZ '00:00:00-00:00:01'", "TIME WITH TIME ZONE", "x = TIMETZ '00:00:00-00:00:01'", "true"],
  ["'10:00:00.000000001'::TIME_NS", "TIME_NS", "x > '10:00:00'::TIME_NS", "true"],
  ["'12345678901234567890123456789012345678901234567890'::BIGNUM", "BIGNUM", "x > 1::BIGNUM", "true"],
  ["'0101'::BIT", "BIT", "bit_count(x)", "2"],
  ["'b'::ENUM('c', 'b', 'it''s')", "ENUM('c', 'b', 'it''s')", "x > 'c'::ENUM('c', 'b', 'it''s')", "true"],
  ["[1, NULL]::INTEGER[2]", "INTEGER[2]", "array_value(3, 4)::INTEGER[2] > x", "true"],
  ["TIMESTAMP_S 'infinity'", "TIMESTAMP_S", "isinf(x)", "true"],
  ["TIMESTAMP_MS '2026-11-01 00:00:00.123'", "TIMESTAMP_MS", "epoch_ms(x)", "1793491200123"],
  ["NULL", '"NULL"', "coalesce(x, DATE '2026-11-01')", "2026-11-01"],
  ["[]", '"NULL"[]', "list_append(x, DATE '2026-11-01')", "[2026-11-01]"],
  ["{'n': NULL, 'i': INTERVAL 1 DAY}", 'STRUCT(n "NULL", i INTERVAL)', "coalesce(x.n, 'text')", "text"],
];

/** Types that Parquet would give back as another one, or not at all. */
const tableOnly = /UNION|VARIANT|INTERVAL|TIME |TIME_NS|BIT|STRUCT\((INTEGER|n|g)/;

const collated = `SELECT c, [c] AS l, {'a': c} AS s FROM (
  SELECT 'abc' COLLATE NOCASE AS c UNION ALL SELECT 'ABD' UNION ALL SELECT 'ABC')`;
describe("types of a query cell", () => {
  test("all of them come back with their own type and text", async () => {
    const { engine, root } = shared;
    const sql = "SELECT * FROM test_all_types()";
    const before = await query(engine, root, sql);
    for (const columns of ["*", '* EXCLUDE ("union", interval, time_tz, time_ns, bit)']) {
      const some = `SELECT ${columns} FROM test_all_types()`;
      const output = await materialize(engine, root, some, { isOrdered: true, keepsTypes: true });
      const after = await query(engine, root, "FROM result", { relations: [relationOf(output)] });
      expect(after).toEqual(await query(engine, root, some));
      expect(output.files.map(({ format }) => format)).toEqual([columns === "*" ? "table" : "parquet"]);
    }
    expect(before.rows).toHaveLength(3);
  });

  test.each(["parquet", "table"])(
    "a reader of %s sees what it would see in plain DuckDB, and binding it says the same",
    async (format) => {
      const { engine, root } = shared;
      const values = keptValues.filter(([, type]) => format === "table" || !tableOnly.test(type));
      const sql = `SELECT ${values.map(([value], n) => `${value} AS x${n}`).join(", ")}, i FROM range(3) t(i)`;
      const output = await materialize(engine, root, sql, { isOrdered: true, keepsTypes: true });
      expect(output.files.map((file) => file.format)).toEqual([format]);
      const relations = [{ ...relationOf(output), position: "place" }] as Relation[];
      const uses = values.flatMap(([, , use], n) => {
        const used = use.replaceAll(/\bx\b/g, `x${n}`);
        return [
          `typeof(x${n}) AS a${n}`,
          `CAST(x${n} AS VARCHAR) AS b${n}`,
          `CAST(${used} AS VARCHAR) AS c${n}`,
        ];
      });
      const reader = `SELECT ${uses.join(", ")}, i, place FROM result`;
      const texts = `SELECT ${values.map(([value], n) => `CAST(${value} AS VARCHAR) AS x${n}`).join(", ")}`;
      const [text = []] = (await query(engine, root, texts)).rows;
      const answers = values.flatMap(([, type, , answer], n) => [type, text[n], answer]);
      const { rows } = await query(engine, root, reader, { relations });
      expect(rows).toEqual(["0", "1", "2"].map((i) => [...answers, i, i]));
      const page = await query(engine, root, "SELECT * EXCLUDE (i, place) FROM result LIMIT 1", {
        relations,
      });
      expect(page.rows).toEqual([text]);
      expect(output.columns.slice(0, -1).map(({ name, type, kind }) => ({ name, type, kind }))).toEqual(
        page.columns,
      );
      const items = [
        { name: "result", sql },
        { name: "reader", sql: reader.replace(", place", "") },
      ];
      const bound = await engine.bind(scopeOf(root), items, { label: "bind" });
      expect(bound.map(({ ok }) => ok)).toEqual([true, true]);
    },
  );

  test("a text keeps its collation, also inside other types", async () => {
    const { engine, root } = shared;
    const output = await materialize(engine, root, collated, { isOrdered: true, keepsTypes: true });
    const relations = [relationOf(output)];
    const use = `SELECT ${["c", "l[1]", "s.a"].map((text) => `count(*) FILTER (${text} = 'abc')`).join(", ")} FROM`;
    const plain = await query(engine, root, `${use} (${collated})`);
    expect(plain.rows).toEqual([["2", "2", "2"]]);
    expect((await query(engine, root, `${use} result`, { relations })).rows).toEqual(plain.rows);
  });

  test("readers of a dataset compare and sort as its query does; partitions are told apart by bytes", async () => {
    const { engine, root } = shared;
    const sql = `SELECT c, [c] AS l, lower(c)[3:]::ENUM('d', 'c') AS e, [{'a': lower(c)[3:]::ENUM('d', 'c'), 'n': 1::HUGEINT}] AS le,
      c COLLATE "NOCASE.NOACCENT" AS "x ""c"" y", {'a': c} AS s FROM (${collated})`;
    const output = await materialize(engine, root, sql, { partitionBy: ["c"] });
    expect(output.casts.map(({ from, to }) => [from, to])).toEqual([
      ["VARCHAR COLLATE NOCASE", "VARCHAR"],
      ["VARCHAR[] COLLATE NOCASE", "VARCHAR[]"],
      ["ENUM('d', 'c')", "VARCHAR"],
      ["STRUCT(a ENUM('d', 'c'), n HUGEINT)[]", 'STRUCT("a" VARCHAR, "n" DECIMAL(38,0))[]'],
      ["VARCHAR COLLATE NOCASE.NOACCENT", "VARCHAR"],
      ["STRUCT(a VARCHAR) COLLATE NOCASE", "STRUCT(a VARCHAR)"],
    ]);
    expect(output.files.map(({ partition }) => partition)).toEqual([["abc"], ["ABD"], ["ABC"]]);
    const reader = `SELECT list(c ORDER BY e, c, encode(c)), list(le[1].a ORDER BY le[1].a), array_length(enum_range(any_value(e))),
      count(*) FILTER (c = 'aBC'), count(*) FILTER ("x ""c"" y" = 'ábC') FROM`;
    const { rows } = await query(engine, root, `${reader} result`, { relations: [relationOf(output)] });
    expect(rows).toEqual([["[ABD, ABC, abc]", "[d, c, c]", "2", "2", "2"]]);
    expect(rows).toEqual((await query(engine, root, `${reader} (${sql})`)).rows);
    const items = [
      { name: "result", sql, isStored: true },
      { name: "reader", sql: `${reader} result` },
    ];
    const bound = await engine.bind(scopeOf(root), items, { label: "bind" });
    expect(bound[0]).toMatchObject({
      columns: output.columns.map(({ name, type, kind }) => ({ name, type, kind })),
    });
    expect(bound[1]).toMatchObject({ ok: true });
    const other = await materialize(engine, root, sql.replaceAll("ENUM('d', 'c')", "ENUM('c', 'd')"));
    expect(other.contentHash).not.toBe(output.contentHash);
  });

  test("what needs a table of DuckDB's own may have parameters, a PIVOT, no rows and any name", async () => {
    const { engine, root } = shared;
    const days = "PIVOT (SELECT 'a' AS k, INTERVAL 1 DAY AS v) ON k USING first(v)";
    const scope = { parameters: [parameter("n", "integer", 2)] };
    const cases = [
      [days, undefined, [["1 day"]]],
      ['SELECT to_days($n::INTEGER) AS "x "" y", 1 AS rowid', scope, [["2 days", 1]]],
      ["SELECT row(1) AS x WHERE false", undefined, []],
    ] as const;
    for (const [sql, more, rows] of cases) {
      const output = await materialize(engine, root, sql, { keepsTypes: true, ...(more && { scope: more }) });
      expect(output.rows).toBe(rows.length);
      const relations = [relationOf(output)];
      expect((await query(engine, root, "FROM result", { relations })).rows).toEqual(rows);
    }
  });
});

describe("GEOMETRY and VARIANT in the Parquet of a dataset", () => {
  test("GEOMETRY comes back: alone, NULL, in other types, in no rows, in parts, with its system or without", async () => {
    const { engine, root } = shared;
    const sql = `SELECT i AS part, i::HUGEINT AS h,
        CASE WHEN i > 0 THEN 'POINT(1 2)'::GEOMETRY END AS g, 'POINT(1 2)'::GEOMETRY('OGC:CRS84') AS crs
      FROM range(3) t(i)`;
    const nested = `SELECT *, {'g': g} AS s, [g] AS l, MAP {'k': crs} AS m FROM (${sql})`;
    for (const [query_, options] of [
      [sql, {}],
      [nested, {}],
      [`${nested} WHERE false`, {}],
      [nested, { partitionBy: ["part"] }],
    ] as const) {
      const output = await materialize(engine, root, query_, options);
      const plain = query_.replace("i::HUGEINT", "i::DECIMAL(38,0)");
      const relations = [relationOf(output)];
      const stored = await query(engine, root, "FROM result ORDER BY part", { relations });
      expect(stored).toEqual(await query(engine, root, `FROM (${plain}) ORDER BY part`));
    }
  });

  test("VARIANT comes back, its keys in order", async () => {
    const { engine, root } = shared;
    const values = [
      "1::TINYINT", "18::UTINYINT", "1.50::DECIMAL(38,2)", "1.5::DOUBLE", "'nan'::FLOAT", "'x'", "'x'::BLOB", "true", "NULL",
      "DATE '-infinity'", "TIME '10:00:00.000001'", "TIMESTAMP 'infinity'", "TIMESTAMPTZ '2026-11-01 00:00:00+01'",
      "TIMESTAMP_NS '2026-11-01 00:00:00.123456789'", "[1, NULL]", "{'b': [{'x': 1}], 'a': NULL}",
    ]; // prettier-ignore
    const sql = values.map((value, i) => `SELECT ${i} AS i, (${value})::VARIANT AS v`).join(" UNION ALL ");
    const text = "SELECT i, v, typeof(v), i % 2 AS odd FROM";
    const before = await query(engine, root, `${text} (${sql}) ORDER BY i`);
    const keys = before.rows.map(([i, v, ...rest]) => [i, sorted(v), ...rest]);
    for (const partitionBy of [[], ["odd"]]) {
      const output = await materialize(engine, root, `SELECT *, i % 2 AS odd FROM (${sql})`, { partitionBy });
      const relations = [relationOf(output)];
      const after = await query(engine, root, `${text} result ORDER BY i`, { relations });
      expect(after.rows).toEqual(keys);
    }
  });

  test.each([
    ["INTERVAL 1 DAY", "INTERVAL"],
    ["18446744073709551615::UBIGINT", "UINT64"],
    ["{'a': ['01'::BIT]}", "BITSTRING"],
  ])("a VARIANT of %s does not come back, and is refused with its column", async (value, type) => {
    const { engine, root } = shared;
    const error = await failureOf(materialize(engine, root, `SELECT (${value})::VARIANT AS v`));
    expect(error).toMatchObject({
      code: "query",
      message: `"v" has a VARIANT of type ${type}, which Parquet cannot hold`,
      hint: expect.stringMatching(/cast it/i) as string,
    });
  });

  test("a VARIANT inside another type is refused, also while binding", async () => {
    const { engine, root } = shared;
    const sql = "SELECT [1::VARIANT] AS list";
    const message = '"list" has type VARIANT[], which Parquet cannot hold';
    expect((await failureOf(materialize(engine, root, sql))).message).toBe(message);
    const items = [{ name: "a", sql, isStored: true }];
    const [bound] = await engine.bind(scopeOf(root), items, { label: "bind" });
    expect(bound).toMatchObject({ ok: false, problems: [{ message }] });
  });

  test("a STRUCT without names comes back", async () => {
    const { engine, root } = shared;
    const output = await materialize(engine, root, "SELECT row(1, 'x') AS x, [row(2)] AS l");
    const relations = [relationOf(output)];
    const reader = "SELECT x, x = row(1, 'x') AS same, l[1][1] AS inner, typeof(x) AS type FROM result";
    expect((await query(engine, root, reader, { relations })).rows).toEqual([
      ["(1, x)", true, 2, "STRUCT(INTEGER, VARCHAR)"],
    ]);
    const error = await failureOf(materialize(engine, root, "SELECT row(1::HUGEINT) AS x"));
    expect(error).toMatchObject({ code: "query", hint: expect.stringMatching(/name its fields/i) as string });
  });
});

/** The keys of the one object among the values above. */
function sorted(value: unknown): unknown {
  return value === "{'b': [{'x': 1}], 'a': NULL}" ? "{'a': NULL, 'b': [{'x': 1}]}" : value;
}
