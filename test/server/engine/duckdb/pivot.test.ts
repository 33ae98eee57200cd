import { describe, expect, test } from "vitest";
import { analyzeQuery } from "../../../../server/engine/duckdb/parse/analyze.js";
import { tokenize } from "../../../../server/engine/duckdb/parse/lexer.js";
import { withStaticPivots } from "../../../../server/engine/duckdb/parse/pivot.js";
import { markSource } from "../../../support/mark-source.js";
import { analyze, factsOf, problemsOf, serialize } from "../../../support/serialize.js";

const textsOf = (sql: string): readonly string[] =>
  withStaticPivots(tokenize(sql))?.texts.map(({ text }) => text) ?? [];

/** With 0 for the made-up value. */
const rewrite = (sql: string): readonly string[] =>
  textsOf(sql).map((text) => text.replaceAll("'pivot_value_0'", "0"));

describe("withStaticPivots", () => {
  test.each([
    ["PIVOT t ON a", ["PIVOT t ON a IN (0)"]],
    ["PIVOT t ON a, b USING sum(x)", ["PIVOT t ON a IN (0), b IN (0) USING sum(x)"]],
    ["PIVOT t ON a IN (1), b GROUP BY c", ["PIVOT t ON a IN (1), b IN (0) GROUP BY c"]],
    [
      "PIVOT t ON a || ', ' || f(b, 1), [c, d] ORDER BY 1",
      ["PIVOT t ON a || ', ' || f(b, 1) IN (0), [c, d] IN (0) ORDER BY 1"],
    ],
    ["PIVOT t ON a, LIMIT 1", ["PIVOT t ON a IN (0), LIMIT 1"]],
    ["PIVOT t ON a -- no IN\n;", ["PIVOT t ON a IN (0) -- no IN\n;"]],
    ["PIVOT t JOIN u ON t.x = u.x ON y", ["PIVOT t JOIN u ON t.x = u.x ON y IN (0)"]],
    ["PIVOT t JOIN u USING (x) CROSS JOIN v ON y", ["PIVOT t JOIN u USING (x) CROSS JOIN v ON y IN (0)"]],
    ["PIVOT (FROM t JOIN u ON t.x = u.x) ON y", ["PIVOT (FROM t JOIN u ON t.x = u.x) ON y IN (0)"]],
    ["PIVOT (PIVOT t ON a) ON b", ["PIVOT (PIVOT t ON a IN (0)) ON b IN (0)"]],
    ["WITH p AS (PIVOT_WIDER t ON a) FROM p", ["WITH p AS (PIVOT_WIDER t ON a IN (0)) FROM p"]],
    [
      "PIVOT t ON a IN (SELECT x FROM u) USING sum(x)",
      ["PIVOT t ON a IN (0) USING sum(x)", "(SELECT x FROM u)"],
    ],
    [
      "PIVOT t ON a IN (FROM (PIVOT u ON b)), c",
      ["PIVOT t ON a IN (0), c IN (0)", "(FROM (PIVOT u ON b IN (0)))"],
    ],
    [
      "PIVOT t ON a IN (FROM (PIVOT u ON b IN (SELECT 1)))",
      ["PIVOT t ON a IN (0)", "(FROM (PIVOT u ON b IN (0)))", "(SELECT 1)"],
    ],
    ["FROM t PIVOT (sum(x) FOR y IN (1)) p JOIN u ON p.a = u.a", []],
    ["FROM a JOIN (FROM t) PIVOT (sum(x) FOR y IN (1)) ON true", []],
    ["PIVOT t ON a IN (1)", []],
    ["PIVOT t ON a IN some_enum", []],
    ["PIVOT t USING sum(x)", []],
    ["UNPIVOT t ON a", []],
    ["SELECT 'PIVOT t ON a'", []],
  ])("%s", (sql, expected) => {
    expect(rewrite(sql)).toEqual(expected);
  });

  test.each([
    "PIVOT t ON a",
    "PIVOT t ON a, b, USING sum(x) GROUP BY c ORDER BY c LIMIT 2 OFFSET 1",
    "PIVOT t ON CASE WHEN a THEN b END, (c, d), e::VARCHAR, f = g, h[1], {'i': j}",
    "WITH x AS (FROM t) PIVOT x ON y",
    "FROM (PIVOT t ON a) WHERE b IN (FROM (PIVOT u ON c IN (SELECT d FROM v)))",
    "PIVOT t ON a UNION ALL FROM (PIVOT u ON b)",
    "SUMMARIZE PIVOT t ON a",
    "DESCRIBE (PIVOT t ON a)",
    "PIVOT t ON row_number() OVER (PARTITION BY a ORDER BY b) USING first(c)",
  ])("makes of a PIVOT without values one that DuckDB has a tree of: %s", async (sql) => {
    expect(await serialize(sql)).toContain("Only SELECT statements");
    for (const text of textsOf(sql)) expect(await serialize(text)).toContain('{"error":false');
  });
});

describe("a PIVOT without values", () => {
  test("is pointed into where it is written", async () => {
    const { text, spans } = markSource`-- é😀
      PIVOT (FROM ${"a"} JOIN ${"b"} USING (x)) ON y, z IN (SELECT ${"$p"} FROM ${"c"} JOIN ${'"d"'} USING (x)), w
      USING sum((SELECT 1 FROM ${"lake.e"}))`;
    const { tables, parameters } = await factsOf(text);
    const places = [...tables, ...parameters].map(({ name, span }) => [name, span]);
    expect(places).toEqual([
      ["a", spans[0]],
      ["b", spans[1]],
      ["c", spans[3]],
      ["d", spans[4]],
      ["e", spans[5]],
      ["p", spans[2]],
    ]);
  });

  test("does not show its CTEs to the query of its values, as in DuckDB", async () => {
    const { tables } = await factsOf("WITH a AS (FROM t) PIVOT a ON x IN (SELECT x FROM a)");
    expect(tables.map((table) => table.name)).toEqual(["t", "a"]);
  });

  test("is judged like any other query", async () => {
    const { text, spans } = markSource`PIVOT t ON a USING max(${"getenv"}('x'))`;
    expect(await problemsOf(text)).toMatchObject([{ code: "function-not-allowed", span: spans[0] }]);
  });

  test("is refused where its values are no constants", async () => {
    expect(await problemsOf("PIVOT t ON a IN ('x' || 'y')")).toMatchObject([{ code: "unsupported-syntax" }]);
  });

  test("is refused, with its edges, where we fail to put values in", async () => {
    // An engine that would refuse what was put in.
    const analysis = await analyzeQuery("PIVOT orders ON city", (sql) =>
      serialize(sql.includes("IN (") ? "SELECT (" : sql),
    );
    expect(analysis).toMatchObject({
      ok: false,
      problems: [{ code: "pivot-needs-values" }],
      partial: { isInferred: true, tables: [{ name: "orders" }] },
    });
  });

  test("is not admitted where the parser does not see what was put in", async () => {
    const swallow = (sql: string): Promise<string> => serialize(sql.replace(/ IN .*/, " IN (0)"));
    expect(await analyzeQuery("PIVOT orders ON city", swallow)).toMatchObject({
      problems: [{ code: "pivot-needs-values" }],
    });
  });

  test("may hold the word that is put in", async () => {
    const { tables } = await factsOf("PIVOT pivot_value_0 ON pivot_value_1 USING max('pivot_value_2')");
    expect(tables.map((table) => table.name)).toEqual(["pivot_value_0"]);
  });

  test("is no way to a second statement", async () => {
    expect((await analyze("PIVOT t ON a IN (SELECT 1); SELECT 2")).ok).toBe(false);
  });
});
