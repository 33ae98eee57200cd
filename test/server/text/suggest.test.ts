import { describe, expect, test } from "vitest";
import { suggest } from "../../../server/text/suggest.js";

describe("suggest", () => {
  test.each([
    ["ordres", ["orders", "messages"], "orders"],
    ["ORDERS", ["orders", "order"], "orders"],
    ["materialise", ["materialize", "max"], "materialize"],
    ["cel", ["cell", "check"], "cell"],
    ["partition", ["partition_by"], "partition_by"],
  ])("finds what %s was meant to be", (name, candidates, meant) => {
    expect(suggest(name, candidates)).toBe(meant);
  });

  test.each([
    ["x", ["orders"]],
    ["abc", ["xyz"]],
    ["orders", []],
  ])("is silent where nothing is near %s", (name, candidates) => {
    expect(suggest(name, candidates)).toBeUndefined();
  });

  test("prefers the first of equally near names", () => {
    expect(suggest("cit", ["city", "cite"])).toBe("city");
  });

  test("does not spend time on a very long name", () => {
    expect(suggest("a".repeat(1_000_000), ["a".repeat(1_000_001)])).toBeUndefined();
  });
});
