import { describe, expect, test } from "vitest";
import { offsetOfCodePoint, SourceText } from "../../../server/base/source.js";

describe("SourceText", () => {
  const source = new SourceText("a.md", "one\r\ntwo\n\nfour");

  test.each([
    [0, 1, 1],
    [3, 1, 4],
    [5, 2, 1],
    [9, 3, 1],
    [10, 4, 1],
    [99, 4, 5],
    [-1, 1, 1],
  ])("puts offset %i in line %i, column %i", (offset, line, column) => {
    expect(source.positionAt(offset)).toEqual({ line, column });
  });

  test("gives a line without its break, and nothing for a line that is not there", () => {
    expect([0, 1, 2, 3, 4, 5].map((line) => source.lineText(line))).toEqual([
      "",
      "one",
      "two",
      "",
      "four",
      "",
    ]);
  });

  test("gives the text of a span", () => {
    expect(source.slice({ start: 5, end: 8 })).toBe("two");
  });
});

describe("offsetOfCodePoint", () => {
  test("counts a character beyond the first plane as one", () => {
    expect(offsetOfCodePoint("a😀b", 2)).toBe(3);
  });
});
