import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { markSource } from "../../../support/mark-source.js";
import { factsOf } from "../../../support/serialize.js";
import { randomQueries, tableNames } from "./random-query.js";

/** `lake.orders 2`: the name, and how often it is read if more than once. */
async function tablesOf(sql: string): Promise<readonly string[]> {
  const { tables } = await factsOf(sql);
  return tables.map(({ schema, name, count }) => {
    const full = schema === undefined ? name : `${schema}.${name}`;
    return count === 1 ? full : `${full} ${count}`;
  });
}

async function filesOf(sql: string): Promise<readonly string[]> {
  const { files } = await factsOf(sql);
  return files.map(({ path, reader }) => `${reader}(${path})`);
}

describe("tables", () => {
  test.each([
    ["SELECT * FROM a", ["a"]],
    ["FROM a", ["a"]],
    ["TABLE a", ["a"]],
    ["VALUES (1)", []],
    ["VALUES ((SELECT max(x) FROM a))", ["a"]],
    ['FROM "A"', ["a"]],
    ["FROM 'a'", ["a"]],
    ['FROM "a b"', ["a b"]],
    ["FROM ORDERS o JOIN orders p USING (id)", ["orders 2"]],
    ["FROM lake.a JOIN a USING (x) JOIN LAKE.A c USING (x)", ["lake.a 2", "a"]],
    ['FROM "2026-10-01".a, lakebook.runs', ["2026-10-01.a", "lakebook.runs"]],
    ["FROM a NATURAL JOIN b ASOF JOIN c USING (x) POSITIONAL JOIN d", ["a", "b", "c", "d"]],
    ["FROM a SEMI JOIN b USING (x) ANTI JOIN c ON a.x = c.x", ["a", "b", "c"]],
    ["FROM a, LATERAL (SELECT * FROM b WHERE b.x = a.x)", ["a", "b"]],
    ["SELECT 1 FROM a UNION SELECT 1 FROM b EXCEPT SELECT 1 FROM c", ["a", "b", "c"]],
    ["FROM a UNION ALL BY NAME FROM b", ["a", "b"]],
    [
      "SELECT (SELECT max(x) FROM b) FROM a WHERE EXISTS (FROM c) AND x IN (SELECT x FROM d)",
      ["b", "a", "c", "d"],
    ],
    [
      "SELECT x FROM a GROUP BY (SELECT 1 FROM b) HAVING (SELECT true FROM c) ORDER BY (SELECT 1 FROM d)",
      ["a", "b", "c", "d"],
    ],
    [
      "FROM a QUALIFY row_number() OVER (ORDER BY (SELECT 1 FROM b)) = 1 LIMIT (SELECT 1 FROM c)",
      ["a", "b", "c"],
    ],
    ["FROM a JOIN b ON (SELECT true FROM c)", ["a", "b", "c"]],
    ["SELECT list_transform([1], lambda x: (SELECT max(y) FROM b)) FROM a", ["b", "a"]],
    ["SELECT * REPLACE ((SELECT 1 FROM b) AS x) FROM a", ["b", "a"]],
    ["SELECT CASE WHEN true THEN (SELECT 1 FROM a) ELSE (SELECT 1 FROM b) END", ["a", "b"]],
    ["FROM range((SELECT max(x) FROM a))", ["a"]],
    ["SUMMARIZE a", ["a"]],
    ["DESCRIBE a", ["a"]],
    ["SHOW a", ["a"]],
    ["FROM (SUMMARIZE SELECT * FROM a)", ["a"]],
    ["PIVOT a ON x IN (1, 2) USING sum((SELECT 1 FROM b))", ["a", "b"]],
    ["FROM a PIVOT (sum(x) FOR y IN (1))", ["a"]],
    ["UNPIVOT a ON x, y", ["a"]],
    ["FROM a UNPIVOT (v FOR n IN (x, y))", ["a"]],
    ["SELECT 'FROM x', $$FROM y$$ FROM a -- FROM z\n/* FROM w */", ["a"]],
    ["SELECT a.b.c, d FROM e", ["e"]],
    ["SELECT x IN b FROM a b", ["a"]],
    ["SELECT table_a FROM a AS table_a", ["a"]],
  ])("%s", async (sql, tables) => {
    expect(await tablesOf(sql)).toEqual(tables);
  });

  test("are pointed at by their first place, with schema and quotes", async () => {
    const { text, spans } =
      markSource`SELECT 'é😀' FROM ${'"Köln"'} k JOIN ${"lake.orders"} o USING (x) JOIN lake . orders USING (y)`;
    expect((await factsOf(text)).tables.map((table) => table.span)).toEqual(spans);
  });

  test("are pointed at behind Unicode spaces, which DuckDB counts as one byte", async () => {
    const { text, spans } =
      markSource`SELECT 1 /* \u3000 */ FROM\u00a0${"a"} x -- \u00a0\n JOIN ${"b"} y ON '\u00a0' = "\u00a0"`;
    expect((await factsOf(text)).tables.map((table) => table.span)).toEqual(spans);
  });
});

describe("CTEs", () => {
  test.each([
    ["WITH a AS (FROM b) FROM a", ["b"]],
    ['WITH A AS (FROM b) FROM "a", a', ["b"]],
    ["WITH a AS (FROM b) FROM 'a'", ["b"]],
    ["WITH a AS MATERIALIZED (FROM b), c AS NOT MATERIALIZED (FROM a) FROM c", ["b"]],
    // Itself is not visible, and what comes later neither.
    ["WITH a AS (FROM a) FROM a", ["a"]],
    ["WITH RECURSIVE a AS (FROM a) FROM a", ["a"]],
    ["WITH a AS (SELECT 1 UNION FROM a) FROM a", ["a"]],
    ["WITH b AS (FROM a), a AS (SELECT 1) FROM b", ["a"]],
    ["WITH RECURSIVE b AS (FROM a), a AS (SELECT 1) FROM b", ["a"]],
    // Only the second branch of a recursive one sees itself.
    ["WITH RECURSIVE a AS (SELECT 1 UNION ALL FROM a) FROM a", []],
    ["WITH RECURSIVE a AS (FROM a UNION ALL FROM a) FROM a", ["a"]],
    ["WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT 1 FROM (FROM (FROM a))) FROM a", []],
    ["WITH RECURSIVE a AS (WITH b AS (FROM a) FROM b UNION ALL FROM a) FROM a", ["a"]],
    ["WITH RECURSIVE a(n) USING KEY (n) AS (SELECT 1 UNION FROM a, recurring.a r) FROM a", []],
    // Inner ones hide outer ones, and end with their query.
    ["WITH a AS (FROM b) SELECT * FROM (WITH a AS (FROM c) FROM a)", ["b", "c"]],
    ["WITH a AS (FROM b), d AS (WITH a AS (FROM a) FROM a) FROM d", ["b"]],
    ["SELECT (WITH a AS (FROM b) SELECT 1 FROM a) FROM a", ["b", "a"]],
    ["(WITH a AS (SELECT 1) FROM a) UNION ALL FROM a", ["a"]],
    ["WITH a AS (SELECT 1) FROM a UNION ALL FROM a ORDER BY (SELECT 1 FROM a)", []],
    ["WITH x AS (WITH a AS (FROM b) FROM a) FROM x, a", ["b", "a"]],
    ["WITH a AS (SELECT 1) FROM b, LATERAL (FROM a)", ["b"]],
    ["WITH a AS (SELECT 1) FROM (SUMMARIZE a)", []],
    ["WITH a AS (SELECT 1) PIVOT a ON x IN (1)", []],
    ["WITH a AS (SELECT 1) FROM lake.a", ["lake.a"]],
    ["WITH \"x.csv\" AS (FROM b) FROM 'x.csv'", ["b"]],
  ])("%s", async (sql, tables) => {
    expect(await tablesOf(sql)).toEqual(tables);
  });

  test("are told from tables as DuckDB tells them, in random queries", { timeout: 30_000 }, async () => {
    const withAll = await connect(tableNames);
    const without = await Promise.all(
      tableNames.map((name) => connect(tableNames.filter((other) => other !== name))),
    );
    let compared = 0;
    for (const sql of randomQueries({ seed: 2026, count: 300 })) {
      if (!(await binds(withAll, sql))) continue;
      const isRead = await Promise.all(without.map(async (connection) => !(await binds(connection, sql))));
      expect([...(await factsOf(sql)).tables.map((table) => table.name)].sort(), sql).toEqual(
        tableNames.filter((_, index) => isRead[index]),
      );
      compared++;
    }
    expect(compared).toBeGreaterThan(200);
  });
});

async function connect(tables: readonly string[]): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  for (const table of tables) await connection.run(`CREATE TABLE ${table} AS SELECT 1 AS x, 2 AS y`);
  return connection;
}

async function binds(connection: DuckDBConnection, sql: string): Promise<boolean> {
  try {
    (await connection.prepare(sql)).destroySync();
    return true;
  } catch {
    return false;
  }
}

describe("files", () => {
  test.each([
    ["FROM 'input/x.csv'", ["(input/x.csv)"]],
    ['FROM "input/x.csv"', ["(input/x.csv)"]],
    ["FROM 'x.PARQUET'", ["(x.PARQUET)"]],
    ["FROM 'input/*.json' UNION ALL FROM 'input/*.json'", ["(input/*.json)", "(input/*.json)"]],
    ["SUMMARIZE 'input/x.csv'", ["(input/x.csv)"]],
    ["PIVOT 'input/x.csv' ON a IN (1)", ["(input/x.csv)"]],
    ["FROM read_json('a.json', columns = {id: 'INT'})", ["read_json(a.json)"]],
    [
      "FROM READ_CSV_AUTO(['a.csv', 'b.csv'], header := true)",
      ["read_csv_auto(a.csv)", "read_csv_auto(b.csv)"],
    ],
    ["FROM parquet_scan(list_value('a.parquet'))", ["parquet_scan(a.parquet)"]],
    ["FROM read_ndjson_objects(E'a\\\\b.json')", ["read_ndjson_objects(a\\b.json)"]],
    [
      "WITH a AS (FROM 'a.csv') SELECT (SELECT 1 FROM read_csv('b.csv')) FROM a",
      ["(a.csv)", "read_csv(b.csv)"],
    ],
  ])("%s", async (sql, files) => {
    expect(await filesOf(sql)).toEqual(files);
  });

  test("are pointed at in every place by the literal, so that it can be replaced", async () => {
    const { text, spans } =
      markSource`SELECT 'ü' FROM ${"'é.csv'"} a, read_csv([${"'é.csv'"}, ${"$$b.csv$$"}]) b, ${'"c.csv"'} c, read_csv(${"'d'\n'.csv'"}) d`;
    expect((await factsOf(text)).files.map((file) => file.span)).toEqual(spans);
  });
});

describe("parameters", () => {
  test("are named once each, at their first place", async () => {
    const { text, spans } = markSource`SELECT ${"$city"}, '$no', $$ $no $$, -- $no
      ${"$run_date"}::DATE, $city FROM a LIMIT ${"$n"}`;
    const { parameters } = await factsOf(text);
    expect(parameters).toEqual([
      { name: "city", span: spans[0] },
      { name: "run_date", span: spans[1] },
      { name: "n", span: spans[2] },
    ]);
  });
});
