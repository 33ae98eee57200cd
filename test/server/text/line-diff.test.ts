import { describe, expect, test } from "vitest";
import { applyDelta, makeDelta } from "../../../server/text/line-delta.js";
import { diffLines } from "../../../server/text/line-diff.js";

const shown = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ side, text }) => `${{ both: " ", before: "-", after: "+" }[side]}${text}`);

describe("the difference of two texts by lines", () => {
  test("has the fewest lines, in the order of reading", () => {
    expect(shown("a\nb\nc\nd\n", "a\nc\nx\nd\n")).toEqual([" a", "-b", " c", "+x", " d"]);
    expect(shown("", "a")).toEqual(["+a"]);
    expect(shown("a\n", "")).toEqual(["-a"]);
    expect(shown("a\n", "a\n")).toEqual([" a"]);
  });

  test("tells lines that only end otherwise as changed", () => {
    expect(shown("a\r\nb\n", "a\nb\n")).toEqual(["-a", "+a", " b"]);
  });

  test("replaces all of texts that are too large to compare", () => {
    const lines = (word: string): string => `${word}\n`.repeat(3000);
    expect(diffLines(lines("a"), lines("b")).map(({ side }) => side)).toEqual([
      ...Array<string>(3000).fill("before"),
      ...Array<string>(3000).fill("after"),
    ]);
  });
});

describe("a text told by another one", () => {
  test.each([
    ["a\nb\nc\n", "a\nx\nc\n"],
    ["a\nb\n", "b\na\n"],
    ["", "a"],
    ["a", ""],
    ["\uFEFFa\r\nb", "\uFEFFa\r\n\r\nb\n"],
    ["a\na\na\n", "a\n"],
  ])("is %j and makes %j", (base, text) => {
    expect(applyDelta(base, makeDelta(base, text))).toBe(text);
  });

  test("names lines that are there by place and count", () => {
    expect(makeDelta("a\nb\nc\n", "a\nb\nnew\nc\n")).toEqual([[0, 2], "new\n", [2, 1]]);
  });
});
