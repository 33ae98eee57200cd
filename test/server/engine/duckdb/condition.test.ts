import { describe, expect, test } from "vitest";
import { analyzeCondition } from "../../../../server/engine/duckdb/parse/analyze-condition.js";
import { serialize } from "../../../support/serialize.js";

/** The code, and the text at its place; nothing where the condition is admitted. */
async function problemOf(text: string): Promise<readonly [string, string] | undefined> {
  const analysis = await analyzeCondition(text, serialize);
  const [problem] = analysis.ok ? [] : analysis.problems;
  return problem && [problem.code, text.slice(problem.span.start, problem.span.end)];
}

describe("a condition", () => {
  test.each([
    ["COLUMNS(*) IS NOT NULL OR true", "COLUMNS"],
    ["a > 0 AND COLUMNS('b.*') > 0", "COLUMNS"],
    ["COLUMNS(c -> c LIKE 'a%') IS NULL", "COLUMNS"],
    ["coalesce(*COLUMNS(*)) > 0", "*"],
    ["greatest(*COLUMNS(*)) > 0", "*"],
    ["*", "*"],
    ["t.*", "t"],
    ["1, 2", undefined],
    ["(1, 2)", undefined],
    ["row(true, false)", undefined],
    ["a > 0, b > 0", undefined],
    ["a > 1) OR (true", undefined],
    ["true) FROM other WHERE (true", undefined],
    ["a > 0 FROM t", "FROM"],
    ["a > 0 AS b", "AS"],
    ["b: a > 0", ":"],
    ["DISTINCT a", "DISTINCT"],
    ["ALL a", "ALL"],
    ["a > 0,", ""],
    ["a > 0;", ";"],
    ["a > 0; SELECT 1", ";"],
    ["SELECT true", undefined],
    ["VALUES (true)", undefined],
    ["FROM range(3)", undefined],
    ["PIVOT t ON a IN (1)", undefined],
    ["a > 0 ORDER BY a", "ORDER"],
    ["a > 0 WHERE b", "WHERE"],
    ["a > 0 UNION SELECT true", "UNION"],
    ["sum(a) > 3", "sum"],
    ["count(*) > 3", "count"],
    ["any_value(a) FILTER (b) = 1", "any_value"],
    ["f(DISTINCT a)", "f"],
    ["f(a ORDER BY b)", "f"],
    ["row_number() OVER () = 1", "row_number"],
    ["f(a) OVER (ORDER BY b) = 1", "f"],
    ["unnest([true, false])", "unnest"],
    ["[unnest([true, false])][1]", "unnest"],
    ["", ""],
    ["-- nothing", ""],
    ["a > 0 /* open", undefined],
    ["a > 0 \0 OR true", "\0"],
    ["getenv('HOME') = 'x'", "getenv"],
    ["a IN (FROM read_csv('data_lake/x.csv'))", "'data_lake/x.csv'"],
  ])("is not %j", async (text, at) => {
    const problem = await problemOf(text);
    expect(problem).toBeDefined();
    if (at !== undefined) expect(problem?.[1]).toBe(at);
  });

  test.each([
    "a > 0",
    "(a > 0)",
    "a > 0 -- and so on",
    "a IS NOT NULL AND (b, c) IN ((1, 2), (3, 4))",
    "list_sum([x FOR x IN l IF x > 0]) > 0",
    "list_all(l, lambda x: x > 0) AND a BETWEEN 1 AND 2",
    "CASE WHEN a THEN b ELSE c END",
    "s.x.y = 1 AND orders.a = 'it''s'",
    "a = (SELECT max(a) FROM orders)",
    "EXISTS (SELECT * FROM unnest(l) t(x) WHERE x > a)",
    "a LIKE '%*%' AND b = 'COLUMNS(*)'",
    "row(a, b) = row(1, 2)",
    "día = '日本'\n  AND a > 0",
    "now() > a",
  ])("is %j", async (text) => {
    expect(await problemOf(text)).toBeUndefined();
  });

  test("tells what it reads, at its place in the text", async () => {
    const text = "a > $least AND b IN (FROM cities)";
    const analysis = await analyzeCondition(text, serialize);
    if (!analysis.ok) throw new Error("refused");
    const { parameters, tables } = analysis.facts;
    expect([...parameters, ...tables].map(({ span }) => text.slice(span.start, span.end))).toEqual([
      "$least",
      "cities",
    ]);
  });
});
