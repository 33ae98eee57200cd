import { describe, expect, test } from "vitest";
import { contract } from "../../../../server/engine/spark/printer/contract.js";
import { toRead, toWritten } from "../../../../server/engine/spark/printer/formats.js";
import { flatten, joined, placed, placeOf, sql } from "../../../../server/engine/spark/printer/piece.js";
import { quoteName, quoteText } from "../../../../server/engine/spark/printer/quote.js";
import { NotPrinted } from "../../../../server/engine/spark/printer/refusal.js";
import { toJavaPattern, toJavaReplacement } from "../../../../server/engine/spark/printer/regex.js";
import { constantOf, Places, readTree, toDescribed } from "../../../../server/engine/spark/printer/tree.js";
import { parseType, sparkType } from "../../../../server/engine/spark/printer/types.js";

describe("a printed text", () => {
  const piece = sql`SELECT ${placed(sql`a + ${placed("b", { start: 9, end: 10 })}`, { start: 5, end: 8 })} FROM t`;
  const { text, map } = flatten(piece);

  test("leads back to the innermost place in the query", () => {
    expect(text).toBe("SELECT a + b FROM t");
    expect(placeOf(map, { start: 11, end: 12 })).toEqual({ start: 9, end: 10 });
    expect(placeOf(map, { start: 7, end: 12 })).toEqual({ start: 5, end: 8 });
    expect(placeOf(map, { start: 0, end: 6 })).toBeUndefined();
  });

  test("keeps its places inside of the contract", () => {
    const whole = contract({ text, map }, [{ name: "n", type: "HUGEINT" }]);
    if (!whole.ok) throw new Error("refused");
    expect(whole.printed.text).toBe(
      "SELECT CAST(c0 AS DECIMAL(38,0)) AS `n` FROM (\nSELECT a + b FROM t\n) AS q(c0)",
    );
    const at = whole.printed.text.indexOf("b FROM");
    expect(placeOf(whole.printed.map, { start: at, end: at + 1 })).toEqual({ start: 9, end: 10 });
  });

  test("joins parts", () => {
    expect(flatten(joined(["a", "b", "c"])).text).toBe("a, b, c");
    expect(flatten(joined([])).text).toBe("");
  });
});

describe("the contract", () => {
  const printed = { text: "SELECT 1", map: [] };

  test.each([
    ["INTERVAL", "use epoch(...) or date_diff(...)"],
    ["UBIGINT", "cast it to BIGINT"],
    ["TIME", "cast it to VARCHAR before, in a cell that runs on DuckDB"],
    ["STRUCT(a UUID)", "cast it to VARCHAR before, in a cell that runs on DuckDB"],
  ])("refuses a column of the type %s", (type, hint) => {
    const result = contract(printed, [{ name: "c", type }], { start: 3, end: 5 });
    expect(result).toMatchObject({ ok: false, refusals: [{ hint, span: { start: 3, end: 5 } }] });
  });

  test("refuses two columns of one name, and a name that Spark would read as a variable", () => {
    const twins = ["a", "A", "${x}"].map((name) => ({ name, type: "INTEGER" }));
    const result = contract(printed, twins);
    expect(result.ok ? [] : result.refusals.map(({ reason }) => reason)).toEqual([
      "two columns called A",
      'the name "${x}"',
    ]);
  });
});

describe("names and texts", () => {
  test("escape what Spark's scanner would read", () => {
    expect(quoteName("a`b")).toBe("`a``b`");
    expect(quoteText("it's \\n ${x}")).toBe("'it\\'s \\\\n \\u0024{x}'");
  });
});

describe("types", () => {
  test.each([
    ["DECIMAL(10,2)", "DECIMAL(10,2)"],
    ["TIMESTAMP", "TIMESTAMP_NTZ"],
    ["TIMESTAMP WITH TIME ZONE", "TIMESTAMP_LTZ"],
    ["INTEGER[][]", "ARRAY<ARRAY<INT>>"],
    ["MAP(VARCHAR, DECIMAL(4,1))", "MAP<STRING, DECIMAL(4,1)>"],
    ['STRUCT("a ""b"", c" INTEGER, d STRUCT(e VARCHAR[]))', '`a "b", c`: INT'],
  ])("%s is one of Spark's", (type, expected) => {
    expect(sparkType(parseType(type))).toContain(expected);
  });

  test.each([
    "UUID",
    "TIME",
    "UINTEGER",
    "INTERVAL",
    "JSON",
    "INTEGER[3]",
    "ENUM('a', 'b')",
    "STRUCT(INTEGER, VARCHAR)",
    "TIMESTAMP_NS",
    "constructor",
  ])("%s is none", (type) => {
    expect(sparkType(parseType(type))).toBeUndefined();
  });
});

describe("a regular expression", () => {
  test.each([
    ["^a.b$", "(?d)^a.b\\z"],
    ["\\d+\\s?", "(?d)\\d+[\\t\\n\\f\\r ]?"],
    ["[a-z[&^]", "(?d)[a-z\\[\\&\\^]"],
    ["[^\\s\\d]", "(?d)[^\\t\\n\\f\\r \\d]"],
    ["[[:alpha:]_]{2,3}?", "(?d)[A-Za-z_]{2,3}?"],
    ["(a|(?:b|c))+", "(?d)(a|(?:b|c))+"],
  ])("%s is %s for Java", (pattern, expected) => {
    expect(toJavaPattern(pattern).pattern).toBe(expected);
  });

  test.each([
    "(?i)a",
    "(?=a)",
    "(?P<n>a)",
    "a++",
    "a**",
    "\\pL",
    "\\Qa\\E",
    "a{",
    "x(",
    "x)",
    "[a",
    "(a*)*",
    "\\1",
    "[[:word:]]",
    "^*",
  ])("%s is refused", (pattern) => {
    expect(() => toJavaPattern(pattern)).toThrow(NotPrinted);
  });

  test("is without case for ASCII alone", () => {
    expect(toJavaPattern("abc", true).pattern).toBe("(?diu)abc");
    expect(() => toJavaPattern("ä", true)).toThrow(NotPrinted);
  });

  test("has its groups named in another way by a replacement", () => {
    expect(toJavaReplacement("<\\1$\\\\>", 1)).toBe("<$1\\$\\\\>");
    expect(() => toJavaReplacement("\\2", 1)).toThrow(NotPrinted);
  });
});

describe("a format", () => {
  test("is Java's, and its letters are quoted", () => {
    expect(toWritten("%Y-%m-%dT%H:%M:%S.%f it's 100%%")).toBe("yyyy-MM-dd'T'HH:mm:ss.SSSSSS' it''s 100%'");
    expect(toRead("%d/%m/%Y")).toBe("dd/MM/yyyy");
  });

  test.each(["%-d", "%U", "%c", "%Z", "%", "%é"])("%s is refused where a time is written", (format) => {
    expect(() => toWritten(format)).toThrow(NotPrinted);
  });

  test.each(["%y", "%b", "%I", "%d%m", "%j"])("%s is refused where a time is read", (format) => {
    expect(() => toRead(format)).toThrow(NotPrinted);
  });
});

describe("the tree", () => {
  test("keeps numbers that JavaScript cannot hold, and places in UTF-8", () => {
    const raw = JSON.stringify({ error: false, statements: [{ node: { select_list: [] } }] });
    const wide =
      '{"error":false,"statements":[{"node":{"class":"CONSTANT","query_location":18446744073709551615,"value":{"type":{"id":"HUGEINT"},"is_null":false,"value":{"upper":-1,"lower":18446744073709551615}}}}]}';
    const long =
      '{"error":false,"statements":[{"node":{"class":"CONSTANT","query_location":9,"value":{"type":{"id":"BIGINT"},"is_null":false,"value":9007199254740993}}}]}';
    expect(readTree(raw)).toMatchObject({ ok: true });
    for (const [text, exact] of [
      [wide, "-1"],
      [long, "9007199254740993"],
    ] as const) {
      const tree = readTree(text);
      if (!tree.ok) throw new Error(tree.reason);
      expect(constantOf(tree.node)?.exact).toBe(exact);
      expect(toDescribed(tree.node)).not.toContain("query_location");
    }
  });

  test("is of one SELECT", () => {
    expect(readTree('{"error":true,"error_message":"Only SELECT statements can"}')).toMatchObject({
      ok: false,
    });
    expect(readTree('{"error":false,"statements":[]}')).toMatchObject({
      ok: false,
      reason: "what is not one query",
    });
  });

  test("counts bytes, and a wide space outside of quotes as one", () => {
    const places = new Places("SELECT 'ä\u00a0',\u00a0x");
    expect(places.of({ query_location: 15 })).toEqual({ start: 13, end: 14 });
    expect(places.of({ query_location: 7 })).toEqual({ start: 7, end: 11 });
    expect(places.of({})).toBeUndefined();
  });
});
