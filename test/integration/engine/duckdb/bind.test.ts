import { describe, expect, test } from "vitest";
import { useEngine } from "../../../support/with-engine.js";
import { parameter, query, scopeOf, writeFiles } from "../scope.js";

const shared = useEngine();

describe("engine.bind", () => {
  test("tells names and types of a chain, files and parameters", async () => {
    const { engine, root } = shared;
    writeFiles(root, { "input/orders.csv": "id,city\n1,BCN\n" });
    const items = [
      { name: "orders", sql: "FROM 'input/orders.csv'" },
      { name: "filtered", sql: "SELECT *, $day AS day FROM orders WHERE city = $city -- the end" },
      { name: "counts", sql: "SELECT city, count(*) AS n FROM filtered GROUP BY city;" },
    ];
    const parameters = [parameter("city", "string", "BCN"), parameter("day", "date", "2026-11-01")];
    const results = await engine.bind(scopeOf(root, { parameters }), items, { label: "bind" });
    expect(
      results.map((result) => result.ok && result.columns.map(({ name, type }) => `${name} ${type}`)),
    ).toEqual([
      ["id BIGINT", "city VARCHAR"],
      ["id BIGINT", "city VARCHAR", "day DATE"],
      ["city VARCHAR", "n BIGINT"],
    ]);
  });

  test("reports a problem where it is, and leaves out what depends on it", async () => {
    const { engine, root } = shared;
    const items = [
      { name: "a", sql: "SELECT 1 AS x" },
      { name: "b", sql: "SELECT\n  'é€😀', y FROM a" },
      { name: "c", sql: "SELECT * FROM b" },
      { name: "d", sql: "SELECT * FROM c JOIN a USING (x)" },
      { name: "e", sql: "SELECT x + 1 AS x FROM a" },
      { name: "f", sql: "SELECT * FROM nowhere" },
    ];
    const results = await engine.bind(scopeOf(root), items, { label: "bind" });
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ["a", true],
      ["b", false],
      ["e", true],
      ["f", false],
    ]);
    const [, b] = results;
    expect(b).toMatchObject({ problems: [{ code: "query-error", span: { start: 17, end: 18 } }] });
  });

  test("leaves out a PIVOT without IN, whose columns only a run can tell", async () => {
    const { engine, root } = shared;
    const items = [
      { name: "a", sql: "SELECT 'k' AS k, 1 AS x" },
      { name: "wide", sql: "PIVOT a ON k USING sum(x)" },
      { name: "after", sql: "SELECT k FROM wide" },
    ];
    const results = await engine.bind(scopeOf(root), items, { label: "bind" });
    expect(results.map(({ name }) => name)).toEqual(["a"]);
  });

  test("tells the types that storage gives back, and what it refuses", async () => {
    const { engine, root } = shared;
    const items = [
      { name: "sums", sql: "SELECT sum(range::BIGINT) AS total FROM range(3)", isStored: true },
      { name: "after", sql: "SELECT total FROM sums" },
      { name: "twice", sql: "SELECT 1 AS a, 2 AS a", isStored: true },
      { name: "either", sql: "SELECT union_value(a := 1) AS u", isStored: true },
      { name: "shown", sql: "SELECT union_value(a := 1) AS u" },
    ];
    const results = await engine.bind(scopeOf(root), items, { label: "bind" });
    expect(
      results.map((result) => (result.ok ? result.columns[0]?.type : result.problems[0]?.message)),
    ).toEqual([
      "DECIMAL(38,0)",
      "DECIMAL(38,0)",
      '"a" is the name of two columns',
      '"u" has type UNION(a INTEGER), which Parquet cannot hold',
      "UNION(a INTEGER)",
    ]);
  });

  test("names types as a query over the table does", async () => {
    const { engine, root } = shared;
    const sql = `SELECT 1::DECIMAL(9,2) AS d, {'a b': [1], 'c': MAP {'k': DATE '2026-01-01'}} AS s, [1, 2]::INTEGER[2] AS l,
      'x'::ENUM ('x', 'it''s') AS e, now() AS t, '{}'::JSON AS j, NULL AS n, 1 AS "quoted "" name"`;
    const [bound] = await engine.bind(scopeOf(root), [{ name: "Odd", sql }], { label: "bind" });
    const { columns } = await query(engine, root, sql);
    expect(bound).toEqual({ name: "Odd", ok: true, columns, conditionProblems: [], ruleProblems: [] });
  });

  test("is linear: 200 cells, each a join of the one before with itself", async () => {
    const { engine, root } = shared;
    await query(engine, root, "SELECT 1");
    const items = Array.from({ length: 200 }, (_, index) => ({
      name: `c${index}`,
      sql:
        index === 0
          ? "SELECT 1 AS x"
          : `SELECT a.x + b.x AS x FROM c${index - 1} a JOIN c${index - 1} b USING (x)`,
    }));
    // Each of its two names being bound anew, and theirs again, would never end.
    const results = await engine.bind(scopeOf(root), items, { label: "bind" });
    expect(results.filter(({ ok }) => ok)).toHaveLength(200);
  });
});

describe("engine.analyze", () => {
  test("says what queries read, in one message for all", async () => {
    const { engine } = shared;
    const queries = ["SELECT * FROM orders WHERE id = $id", "FROM 'input/a.csv'", "SELEC", "COPY x TO 'y'"];
    const [first, second, third, fourth] = await engine.analyze(queries);
    expect(first).toMatchObject({
      ok: true,
      facts: { tables: [{ name: "orders" }], parameters: [{ name: "id" }] },
    });
    expect(second).toMatchObject({ ok: true, facts: { files: [{ path: "input/a.csv" }] } });
    expect(third).toMatchObject({ ok: false, problems: [{ code: "syntax-error" }] });
    expect(fourth).toMatchObject({ ok: false, problems: [{ code: "not-a-query" }] });
  });
});
