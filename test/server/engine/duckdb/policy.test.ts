import { describe, expect, test } from "vitest";
import { sqlDiagnosticCodes } from "../../../../server/graph/sql-diagnostic-codes.js";
import { evilStatements, goodQueries, systemTables } from "../../../support/evil-sql.js";
import { analyze, factsOf, problemsOf } from "../../../support/serialize.js";

const hintOf = async (sql: string): Promise<string | undefined> => (await problemsOf(sql))[0]?.hint;

const titleOf = (sql: string): string => JSON.stringify(sql).slice(0, 100);

describe("admission", () => {
  test.each(evilStatements.map(([sql, code]) => [titleOf(sql), sql, code] as const))(
    "refuses %s",
    async (_, sql, code) => {
      expect((await problemsOf(sql)).map((problem) => problem.code)[0]).toBe(code);
    },
  );

  test.each(goodQueries.map((sql) => [titleOf(sql), sql] as const))("admits %s", async (_, sql) => {
    await expect(factsOf(sql)).resolves.toBeDefined();
  });

  test.each(systemTables)("tells of the system table in %s", async (sql) => {
    const { tables } = await factsOf(sql);
    expect(tables.map((table) => table.name)).toEqual([expect.stringMatching(/^(duckdb|sqlite|pg|pragma)_/)]);
  });

  test("reports every code that is listed", () => {
    const reported = new Set(evilStatements.map(([, code]) => code));
    // Only a PIVOT that we fail to understand has this one.
    const unseen = Object.keys(sqlDiagnosticCodes).filter((code) => code !== "pivot-needs-values");
    expect([...reported].sort()).toEqual(unseen.sort());
  });

  test("keeps every problem in the order of the text, and what it read", async () => {
    const sql = "SELECT sleep_ms(1), getenv('x') FROM temp.a, b, read_csv($p)";
    const analysis = await analyze(sql);
    if (analysis.ok) throw new Error("admitted");
    expect(analysis.problems.map(({ span }) => sql.slice(span.start, span.end))).toEqual([
      "sleep_ms",
      "getenv",
      "temp.a",
      "read_csv",
    ]);
    expect(analysis.partial?.tables.map((table) => table.name)).toEqual(["b"]);
  });
});

describe("hints", () => {
  test.each([
    [
      "CREATE TABLE main.x AS SELECT 1",
      "Make this cell x: put the query in a cell named x, with --| materialize: parquet",
    ],
    ["CREATE TEMP TABLE IF NOT EXISTS x AS SELECT 1", "Make this cell x"],
    ["CREATE VIEW v AS SELECT 1", "Make this cell v"],
    ["CREATE TABLE x (id INT)", "read a file, or use VALUES"],
    ["CREATE MACRO f(x) AS x", "Write the expression"],
    ["COPY (SELECT 1 FROM a) TO 'x.csv'", "--| materialize: parquet"],
    ["COPY x FROM 'x.csv'", "FROM read_csv("],
    ["INSTALL httpfs", "Extensions cannot be installed"],
    ["SET x = 1", "parameter"],
    ["DELETE FROM orders", "write a query"],
    ["UPDATE orders SET a = 1", "selects the rows as they should be"],
    ["EXPLAIN SELECT 1", "Leave EXPLAIN out"],
    ["CALL range(1)", "FROM"],
    [
      "ATTACH 'dbname=shop' (TYPE postgres)",
      "psql -c \"\\copy (SELECT ...) TO 'input/orders.csv' CSV HEADER\"",
    ],
    ["ATTACH 'shop.sqlite'", "sqlite3 -header -csv"],
    ["FROM mysql_scan('a', 'b', 'c')", "mysql --batch"],
    ["FROM 'data_lake/latest/orders/*.parquet'", "Read lake.orders."],
    ["FROM read_csv('data_lake/2026-10-01/orders.csv')", 'Read "2026-10-01".orders, or lake.orders'],
    ["FROM '/w/data_lake/2026-10-01/initial_datasets/a/b.json'", "'input/a/b.json'"],
    ["FROM 'https://x.example/a/b.csv?c=1'", "curl -o input/b.csv https://x.example/a/b.csv?c=1"],
    ["FROM 's3://b/k.parquet'", "input/k.parquet"],
    ["FROM 'input/a.txt'", "FROM read_csv('input/a.txt')"],
    ["FROM read_jsn('a')", 'Did you mean "read_json"?'],
    ["FROM laek.orders", 'Did you mean "lake"?'],
    ["FROM input.orders.csv", "'input/orders.csv'"],
    ["FROM orders.csv", "'orders.csv'"],
    ["FROM temp.orders", "Write orders alone."],
    ['FROM "2026-13-01".orders', '"2026-10-01".orders'],
    ['FROM lake."2026-10-01".orders', 'Write "2026-10-01".orders.'],
    ["SELECT ?", "Write $name"],
    ["FROM read_csv(orders)", "Put the path in quotes"],
    ["FROM read_csv($path)", "filter by the parameter"],
  ])("%s: %s", async (sql, hint) => {
    expect(await hintOf(sql)).toContain(hint);
  });

  test("names the statement that is no query, also behind a WITH", async () => {
    const [problem] = await problemsOf("WITH x AS (SELECT 1) INSERT INTO t FROM x");
    expect(problem?.message).toBe("INSERT is not a query: a cell holds one query, which only reads.");
  });
});
