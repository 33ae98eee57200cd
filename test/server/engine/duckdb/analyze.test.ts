import { describe, expect, test } from "vitest";
import { analyzeQuery } from "../../../../server/engine/duckdb/parse/analyze.js";
import { countWork } from "../../../support/count-work.js";
import { markSource } from "../../../support/mark-source.js";
import { analyze, factsOf, problemsOf, serialize } from "../../../support/serialize.js";

describe("normalized", () => {
  const normalized = async (sql: string): Promise<string> => (await factsOf(sql)).normalized;

  test.each([
    ["SELECT a FROM t WHERE b = 1", "select /* c */ a -- d\n\tfrom t\nwhere b=1 ;"],
    ["SELECT a FROM t WHERE b = 1", "/* é😀 */ FROM t SELECT a WHERE b = 1"],
    ["SELECT * FROM t", "FROM t"],
    ["SELECT * FROM t", "TABLE t"],
    ["SELECT a AS b FROM t", "SELECT b: a FROM t"],
    ["SELECT count(*), upper(a) FROM t", 'SELECT COUNT(*), "UPPER"("a") FROM t'],
    ["SELECT a::INT != 1", "SELECT CAST(a AS integer) <> 1"],
    ["SELECT 'a'", "SELECT $$a$$"],
    ["SELECT $x", "SELECT   $x"],
    ["PIVOT t ON a USING sum(b)", "pivot t -- c\n on a\n using SUM(b);"],
  ])("%s: %s", async (one, other) => {
    expect(await normalized(one)).toBe(await normalized(other));
  });

  test.each([
    ["SELECT 1", "SELECT 2"],
    ["SELECT 9007199254740993", "SELECT 9007199254740992"],
    ["SELECT 170141183460469231731687303715884105727", "SELECT 170141183460469231731687303715884105726"],
    ["SELECT 1.0000000000000002e0", "SELECT 1e0"],
    ["SELECT 1.0", "SELECT 1.00"],
    ["SELECT 'a'", "SELECT 'A'"],
    ["SELECT a FROM t", "SELECT A FROM t"],
    ["SELECT a", "SELECT a AS b"],
    ["SELECT a.b FROM a", 'SELECT "a.b" FROM a'],
    ["SELECT CAST(a AS INT)", "SELECT TRY_CAST(a AS INT)"],
    ["SELECT a::DECIMAL(10, 2)", "SELECT a::DECIMAL(10, 3)"],
    ["SELECT a::STRUCT(x INT)", "SELECT a::STRUCT(y INT)"],
    ["SELECT 1 UNION SELECT 2", "SELECT 1 UNION ALL SELECT 2"],
    ["SELECT 1 UNION SELECT 2", "SELECT 1 UNION BY NAME SELECT 2"],
    ["FROM t ORDER BY a", "FROM t ORDER BY a DESC"],
    ["FROM t ORDER BY a", "FROM t ORDER BY ALL"],
    ["FROM t LIMIT 10", "FROM t LIMIT 10%"],
    ["FROM t LIMIT 9007199254740993", "FROM t LIMIT 9007199254740992"],
    ["FROM a JOIN b USING (x)", "FROM a LEFT JOIN b USING (x)"],
    ["FROM a ASOF JOIN b USING (x)", "FROM a JOIN b USING (x)"],
    ["SELECT sum(x) FILTER (WHERE y) FROM t", "SELECT sum(x) FROM t"],
    ["SELECT lag(x IGNORE NULLS) OVER () FROM t", "SELECT lag(x) OVER () FROM t"],
    ["SELECT sum(c) FROM t GROUP BY ROLLUP (a, b)", "SELECT sum(c) FROM t GROUP BY CUBE (a, b)"],
    [
      "FROM t TABLESAMPLE reservoir(10 ROWS) REPEATABLE (1)",
      "FROM t TABLESAMPLE reservoir(10 ROWS) REPEATABLE (2)",
    ],
    ["FROM read_csv('a.csv', header = true)", "FROM read_csv('a.csv', header = false)"],
    ["SELECT $a", "SELECT $b"],
    ["SELECT x COLLATE nocase FROM t", "SELECT x FROM t"],
    // Of a PIVOT without values, what was put in must not be taken for what was written.
    ["PIVOT t ON a", "PIVOT t ON a IN (0)"],
    ["PIVOT t ON a, b IN (0)", "PIVOT t ON a IN (0), b"],
    ["PIVOT t ON a IN (SELECT 1)", "PIVOT t ON a IN (SELECT 2)"],
    ["PIVOT t ON a IN (SELECT 1)", "PIVOT t ON a"],
    ["PIVOT t ON a USING sum(b)", "PIVOT t ON a USING max(b)"],
  ])("is another for %s and %s", async (one, other) => {
    expect(await normalized(one)).not.toBe(await normalized(other));
  });

  test("keeps a text that looks like a place in the tree", async () => {
    expect(await normalized(`SELECT '"query_location":5,'`)).toContain(String.raw`\"query_location\":5,`);
  });
});

describe("volatile functions", () => {
  test.each([
    ["SELECT now(), NOW(), random()", ["now", "random"]],
    ["SELECT current_date, t.current_time, CURRENT_TIMESTAMP FROM t", ["current_date", "current_timestamp"]],
    ["SELECT 'now()', \"now\" FROM t -- now()", []],
    ["SELECT age(a), age(a, b) FROM t", ["age"]],
    ["SELECT age(a, b), a.age(b) FROM t", []],
    ["SELECT a.age() FROM t", ["age"]],
    ["SELECT ago(INTERVAL 1 DAY)", ["ago"]],
    ["FROM t WHERE day > today()", ["today"]],
    ["SELECT (SELECT max(uuid()) FROM a) FROM b", ["uuid"]],
    ["SELECT [gen_random_uuid() FOR x IN l] FROM t", ["gen_random_uuid"]],
    ["FROM t TABLESAMPLE 10%", ["sample"]],
    ["FROM (FROM t USING SAMPLE 5 ROWS)", ["sample"]],
    ["FROM t TABLESAMPLE reservoir(10 ROWS) REPEATABLE (42)", []],
    ["PIVOT t ON a USING max(random())", ["random"]],
    ["PIVOT t ON a IN (SELECT uuid())", ["uuid"]],
    ["SELECT error('x')", []],
  ])("%s", async (sql, names) => {
    expect((await factsOf(sql)).volatileFunctions).toEqual(names);
  });
});

describe("the shape of a query", () => {
  test.each([
    ["FROM t", "projection, every row"],
    ["SELECT a, upper(b) AS c, d::INT, CASE WHEN e THEN 1 END FROM t", "projection, every row"],
    ["SELECT * EXCLUDE (a) FROM lake.t AS u(x, y)", "projection, every row"],
    ["FROM 'input/a.csv'", "projection, every row"],
    ["SELECT *, year(t) AS y FROM read_json('input/a.json')", "projection, every row"],
    ["FROM t WHERE a = 1", "projection"],
    ["FROM t WHERE a IN (1, 2)", "projection"],
    ["FROM read_csv('input/a.csv', ignore_errors = true)", "projection"],
    ["SELECT list_sum(l) FROM t", "projection, every row"],
    ["SELECT now() FROM t", "projection, every row"],
    ["SELECT a FROM t ORDER BY a", "ordered"],
    ["WITH x AS (FROM t ORDER BY a) FROM x", ""],
    ["FROM t UNION ALL FROM u ORDER BY 1", "ordered"],
    ["FROM t LIMIT 10", ""],
    ["SELECT DISTINCT a FROM t", ""],
    ["SELECT count(*) FROM t", ""],
    ["SELECT a, max(b) FROM t GROUP BY a", ""],
    ["SELECT a FROM t GROUP BY ALL", ""],
    ["SELECT geomean(a) FROM t", ""],
    ["SELECT row_number() OVER () FROM t", ""],
    ["FROM t QUALIFY row_number() OVER () = 1", ""],
    ["SELECT unnest(l) FROM t", ""],
    ["FROM t JOIN u USING (a)", ""],
    ["FROM t, u", ""],
    ["FROM (FROM t)", ""],
    ["SELECT (SELECT 1) FROM t", ""],
    ["FROM t WHERE a IN (SELECT 1)", ""],
    ["FROM t TABLESAMPLE 10%", ""],
    ["FROM t USING SAMPLE 10%", ""],
    ["FROM range(10)", ""],
    ["SELECT 1", ""],
    ["VALUES (1)", ""],
    ["SUMMARIZE t", ""],
    ["PIVOT t ON a", "inferred"],
    ["PIVOT t ON a ORDER BY 1", "ordered, inferred"],
    ["PIVOT t ON a IN (1)", ""],
  ])("%s: %s", async (sql, shape) => {
    const facts = await factsOf(sql);
    const words = [
      facts.isProjection && "projection",
      facts.keepsEveryRow && "every row",
      facts.isOrdered && "ordered",
      facts.isInferred && "inferred",
    ];
    expect(words.filter(Boolean).join(", ")).toBe(shape);
  });
});

describe("the order of the rows", () => {
  test.each([
    "SELECT a FROM t WHERE b > 1 LIMIT 3",
    "SELECT unnest(l), sum(a) OVER (ORDER BY a) FROM t",
    "FROM t, unnest(t.l) u(x)",
    "SELECT a FROM t UNION ALL BY NAME (WITH w AS (FROM u) FROM w)",
    "SELECT a FROM t WHERE a IN (SELECT max(b) FROM u GROUP BY c)",
    "SELECT (SELECT count(*) FROM u) FROM t",
    "FROM (SELECT DISTINCT a FROM t ORDER BY a)",
    "SELECT a, count(*) FROM t GROUP BY a ORDER BY a",
    "WITH w AS (SELECT max(a) FROM t) SELECT a FROM t",
    "WITH w AS (SELECT max(a) FROM t) FROM lake.w",
    "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r WHERE a < 9) FROM r",
    "UNPIVOT t ON a, b",
    "VALUES (2), (1)",
    "FROM range(10)",
  ])("is that of what is read, or of ORDER BY: %s", async (sql) => {
    expect((await factsOf(sql)).keepsOrder).toBe(true);
  });

  test.each([
    "FROM t JOIN u USING (a)",
    "FROM t, u",
    "SELECT DISTINCT a FROM t",
    "SELECT a FROM t UNION SELECT a FROM u",
    "SELECT a FROM t EXCEPT ALL SELECT a FROM u",
    "SELECT a FROM t GROUP BY ALL",
    "SELECT a, max(b) FROM t GROUP BY a",
    "SELECT count(*) FROM t",
    "FROM t QUALIFY row_number() OVER (PARTITION BY a) = 1",
    "FROM (FROM t JOIN u USING (a)) LIMIT 3",
    "WITH w AS (SELECT DISTINCT a FROM t) SELECT a FROM W",
    "SELECT a FROM t UNION ALL SELECT max(a) FROM t GROUP BY b",
    "PIVOT t ON a IN (1) USING sum(b)",
  ])("is nobody's after a join, a group and the like: %s", async (sql) => {
    expect((await factsOf(sql)).keepsOrder).toBe(false);
  });
});

describe("a text that is no query", () => {
  test.each([
    ['Syntax error at or near "selec".', markSource`${"selec"} 1`],
    ['Syntax error at or near "x".', markSource`SELECT 'é😀' FROM a wher ${"x"}`],
    ['Syntax error at or near "x".', markSource`SELECT\u00a0\u30001 FROM a wher ${"x"}`],
    ["Syntax error at end of input.", markSource`SELECT 1 ${"+"} -- to be continued\n\n`],
    ['Unterminated quoted string at or near "\'it".', markSource`SELECT ${"'it"}`],
    ['Duplicate CTE name "a".', markSource`WITH a AS (SELECT 1), a AS (SELECT 2) FROM a`],
    ["Parameters have names here: `?` and `$1` have none.", markSource`SELECT 1, ${"$1"}`],
    ["Parameters have names here: `?` and `$1` have none.", markSource`SELECT $a, ${"?"}`],
    [
      "A cell holds one query, and here a second statement begins.",
      markSource`SELECT ';' ; ${"SELECT 2"} ; -- ;`,
    ],
    ["ATTACH opens another database: a cell reads files only.", markSource`-- x\n ${"ATTACH"} 'x.db'`],
  ])("%s", async (message, { text, spans }) => {
    const [problem] = await problemsOf(text);
    expect(problem?.message).toBe(message);
    if (spans.length > 0) expect(problem?.span).toEqual(spans[0]);
  });

  test.each([
    ["SELECT FROM orders WHERE", ["orders"]],
    [
      "SELECT extract(year FROM day) frm FROM lake.orders o JOIN cities USING (city) WHERE AND",
      ["lake.orders", "cities"],
    ],
    ["WITH a AS (FROM orders), b(x) AS MATERIALIZED (FROM a) SELECT * FROM a, b WHERE (", ["orders"]],
    ["CREATE TABLE x AS SELECT * FROM orders", ["orders"]],
    ["SELECT * FROM 'input/x.csv' WHERE (", []],
    ["SELECT * FROM range(10) JOIN main.x WHERE (", []],
  ])("keeps the edges that its tokens show: %s", async (sql, tables) => {
    const analysis = await analyze(sql);
    const partial = analysis.ok ? undefined : analysis.partial;
    expect(partial?.isInferred).toBe(true);
    expect(
      partial?.tables.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`)),
    ).toEqual(tables);
  });

  test("is not asked of the engine twice", async () => {
    const asked: string[] = [];
    await analyzeQuery("selec 1", (sql) => {
      asked.push(sql);
      return serialize(sql);
    });
    expect(asked).toEqual(["selec 1"]);
  });

  test("leaves it to the caller that the engine is not there", async () => {
    await expect(analyzeQuery("SELECT 1", () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  });
});

describe("long queries", () => {
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

  test.each<[string, number, (count: number) => string, "one table" | "a table each"]>([
    [
      "UNIONs",
      5000,
      (count) =>
        numbers(count)
          .map((i) => `SELECT 'é' FROM t${i}`)
          .join("\nUNION ALL "),
      "a table each",
    ],
    [
      "lines",
      2000,
      (count) =>
        `SELECT\n${numbers(count)
          .map((i) => `upper(c${i}) AS d${i}, -- ${i}\n`)
          .join("")} 1 FROM t`,
      "one table",
    ],
    ["additions", 900, (count) => `SELECT ${"1+".repeat(count)}1 FROM t`, "one table"],
    ["brackets", 900, (count) => `SELECT ${"(".repeat(count)}1${")".repeat(count)} FROM t`, "one table"],
    [
      "CTEs",
      2000,
      (count) =>
        `WITH ${numbers(count)
          .map((i) => `c${i} AS (FROM ${i === 0 ? "t" : `c${i - 1}`})`)
          .join(", ")} FROM c${count - 1}`,
      "one table",
    ],
    [
      "parameters",
      3000,
      (count) =>
        `SELECT ${numbers(count)
          .map((i) => `$p${i}`)
          .join(", ")} FROM t`,
      "one table",
    ],
    [
      "PIVOTs",
      300,
      (count) =>
        numbers(count)
          .map((i) => `(FROM (PIVOT t${i} ON y))`)
          .join(" UNION ALL "),
      "a table each",
    ],
    [
      "comments in comments",
      10_000,
      (count) => `${"/* ".repeat(count)}${"*/ ".repeat(count)} FROM t`,
      "one table",
    ],
  ])("twice the %s are twice the work", async (_, count, write, tables) => {
    const work = async (size: number): Promise<number> => {
      const sql = write(size);
      return countWork(async () => {
        const analysis = await analyzeQuery(sql, serialize);
        expect(analysis.ok && analysis.facts.tables.length).toBe(tables === "one table" ? 1 : size);
      });
    };
    const [some, twice] = [await work(count / 2), await work(count)];
    expect(twice).toBeLessThan(2.2 * some);
  });
});
