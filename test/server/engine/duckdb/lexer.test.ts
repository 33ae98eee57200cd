import { describe, expect, test } from "vitest";
import { splitStatements, tokenize } from "../../../../server/engine/duckdb/parse/lexer.js";
import { goodQueries } from "../../../support/evil-sql.js";

const kinds = (sql: string): string =>
  tokenize(sql)
    .tokens.map(({ kind, value }) => `${kind}:${value}`)
    .join(" ");

describe("tokenize", () => {
  test.each([
    ["SELECT a1, _b, é$ FROM t", "word:select word:a1 symbol:, word:_b symbol:, word:é$ word:from word:t"],
    ["'it''s' E'a\\'b' e'\\\\' 'a\\'", "string:it's string:a\\'b string:\\\\ string:a\\"],
    ["E'a' -- c\n'b\\'' b'1' x'0' n'é'", "string:a string:b\\' string:1 string:0 string:é"],
    ['"a""b" "x;y"', 'quoted:a"b quoted:x;y'],
    ["$$a'b$$ $t$ $$ $t$", "string:a'b string: $$ "],
    ['$a $1 ? ?2 $"x y" $ b', "parameter:a parameter:1 parameter: parameter:2 parameter:x y symbol:$ word:b"],
    [
      "1 1.5 .5 1e5 1.e-5 1_000 5.",
      "number:1 number:1.5 number:.5 number:1e5 number:1.e-5 number:1_000 number:5.",
    ],
    [
      "a::INT x:=1 y=>2 z->3",
      "word:a symbol::: word:int word:x symbol::= number:1 word:y symbol:=> number:2 word:z symbol:-> number:3",
    ],
    ["a--b\nc-d/e", "word:a word:c symbol:- word:d symbol:/ word:e"],
    ["a--b\rc", "word:a word:c"],
    ["a/* /* b */ ' */c", "word:a word:c"],
    ["a/*b", "word:a"],
    ["a 'b", "word:a string:b"],
    ['a "b', "word:a quoted:b"],
    ["a $t$b", "word:a string:b"],
    ["a\u00a0b\u3000\ufeffc", "word:a word:b word:c"],
    ["😀 t", "word:😀 word:t"],
    ["date'2020-01-01'", "word:date string:2020-01-01"],
    ["-- é", ""],
    ["", ""],
  ])("%s", (sql, expected) => {
    expect(kinds(sql)).toBe(expected);
  });

  test.each(goodQueries)("covers all but white space and comments of %s", (sql) => {
    const { tokens } = tokenize(sql);
    let at = 0;
    for (const { start, end } of tokens) {
      expect(start).toBeGreaterThanOrEqual(at);
      expect(end).toBeGreaterThan(start);
      expect(sql.slice(at, start)).toMatch(/^(\s|--[^\n]*\n|\/\*.*\*\/)*$/s);
      at = end;
    }
  });
});

describe("splitStatements", () => {
  test.each([
    ["a; b;; c;", 3],
    ["a ';' \";\" $$;$$ /* ; */ -- ;", 1],
    [";;", 0],
  ])("%s", (sql, count) => {
    expect(splitStatements(tokenize(sql).tokens)).toHaveLength(count);
  });
});
