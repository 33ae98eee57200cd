import { describe, expect, test } from "vitest";
import { canonicalJson, hashOf, sha256 } from "../../../server/base/hash.js";

test("sha256 hashes text as UTF-8", () => {
  expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256("ñ")).toBe(sha256(Buffer.from([0xc3, 0xb1])));
});

describe("hashOf", () => {
  test("does not count the order of keys, at any depth", () => {
    expect(hashOf({ a: 1, b: [{ c: 1, d: 2 }] })).toBe(hashOf({ b: [{ d: 2, c: 1 }], a: 1 }));
  });

  test.each([
    [
      ["ab", "c"],
      ["a", "bc"],
    ],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: null }, {}],
    ["1", 1],
    [JSON.parse('{"__proto__": 1}'), {}],
  ])("tells %j from %j", (a, b) => {
    expect(hashOf(a)).not.toBe(hashOf(b));
  });
});

test("canonicalJson leaves out what is undefined", () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
});
