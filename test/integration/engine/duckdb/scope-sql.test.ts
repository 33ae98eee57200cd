import { describe, expect, test } from "vitest";
import { embedQuery, queryBody, wrapQuery } from "../../../../server/engine/duckdb/scope-sql.js";

describe("queryBody", () => {
  test.each([
    ["SELECT 1", "SELECT 1"],
    ["SELECT 1;", "SELECT 1 "],
    ["SELECT 1 ; -- end;\n;", "SELECT 1   -- end;\n "],
    ["SELECT ';', \";\", $$;$$ -- ;", "SELECT ';', \";\", $$;$$ -- ;"],
  ])("%j can stand in brackets", (sql, body) => {
    expect(queryBody(sql)).toBe(body);
  });

  test.each([
    "SELECT 1; SELECT 2",
    "SELECT 1) TO 'x'; COPY (SELECT 2",
    "SELECT (1",
    "SELECT 1)",
    "SELECT 1) UNION (SELECT 2",
    "SELECT 1 -- \r) TO 'x' (",
    "SELECT a$$) -- $$",
  ])("%j is refused", (sql) => {
    expect(() => queryBody(sql)).toThrow("not one statement with balanced brackets");
  });
});

describe("embedQuery", () => {
  test("remembers where each query lies", () => {
    const inner = [{ type: "query", name: 'a "b"', sql: "SELECT 'é';" }] as const;
    const { text, segments } = wrapQuery("COPY (", embedQuery(inner, "FROM x -- end"), ") TO 'y'");
    expect(text).toBe(
      `COPY (WITH "a ""b""" AS (FROM (\nSELECT 'é' \n))\nSELECT * FROM (\nFROM x -- end\n)) TO 'y'`,
    );
    expect(segments.map(({ cell, span }) => [cell, text.slice(span.start, span.end)])).toEqual([
      ['a "b"', "SELECT 'é' "],
      [undefined, "FROM x -- end"],
    ]);
  });
});
