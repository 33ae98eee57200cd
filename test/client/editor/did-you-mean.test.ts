import { describe, expect, test } from "vitest";
import { correctionsOf } from "../../../client/editor/did-you-mean.js";

const corrected = (text: string, marked: string, message: string, hint: string): string[] => {
  const startOffset = text.indexOf(marked);
  return correctionsOf(text, { startOffset, endOffset: startOffset + marked.length, message, hint }).map(
    (correction) => correction.text,
  );
};

describe("what a hint would make of the text", () => {
  test.each([
    ["SELECT citi FROM t", "citi", 'Column "citi" does not exist.', '"city"', ["SELECT city FROM t"]],
    ["SELECT t.citi FROM t", "t.citi", 'Column "citi" does not exist.', '"city"', ["SELECT t.city FROM t"]],
    [
      'SELECT "Citi" FROM t',
      '"Citi"',
      'Column "Citi" does not exist.',
      '"The city"',
      ['SELECT "The city" FROM t'],
    ],
    [
      "FROM lake.ordrs",
      "lake.ordrs",
      'Dataset "lake.ordrs" does not exist.',
      '"lake.orders"',
      ["FROM lake.orders"],
    ],
    ["SELECT $citi", "$citi", 'Parameter "$citi" is not defined.', '"$city"', ["SELECT $city"]],
    ["SELECT a", "a", 'Column "a" does not exist.', '"b" or "c d"', ["SELECT b", 'SELECT "c d"']],
    [
      "SELECT b.stdt FROM basis b",
      "b.stdt",
      'Table "b" does not have a column named "stdt".',
      '"stadt"',
      ["SELECT b.stadt FROM basis b"],
    ],
    ["SELECT selct", "selct", 'Column "selct" does not exist.', '"select"', ['SELECT "select"']],
    ["SELECT ab", "ab", 'Column "ab" does not exist.', '"a.b"', ['SELECT "a.b"']],
    ["SELECT citizen", "citizen", 'Column "citi" does not exist.', '"city"', []],
    ["SELECT other", "other", 'Column "citi" does not exist.', '"city"', []],
  ])("%s", (text, marked, message, names, expected) => {
    expect(corrected(text, marked, message, `Did you mean ${names}?`)).toEqual(expected);
  });

  test("is nothing for another hint", () => {
    expect(corrected("SELECT citi", "citi", 'Column "citi" does not exist.', "Known here: city.")).toEqual(
      [],
    );
  });
});
