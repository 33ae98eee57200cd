import { describe, expect, test } from "vitest";
import type { CheckRule } from "../../../server/notebook/check-spec.js";
import { isDecidedByNewRows, isOfCounts } from "../../../server/runs/new-rows.js";

const columns = [
  { name: "K", type: "BIGINT", kind: "integer" },
  { name: "name", type: "VARCHAR", kind: "text", read: "name COLLATE NOCASE" },
  { name: "x", type: "DOUBLE", kind: "float" },
] as const;

const rules: readonly (readonly [
  what: string,
  rule: CheckRule,
  apart: readonly string[],
  isDecided: boolean,
])[] = [
  ["not_null", { kind: "not_null", columns: ["k"] }, [], true],
  ["a range", { kind: "range", column: "x", min: 0 }, [], true],
  ["accepted values", { kind: "accepted_values", column: "name", values: ["a"] }, [], true],
  ["a date that is not in the future", { kind: "not_in_future", column: "k" }, [], true],
  ["an expression", { kind: "expression", sql: "x > 0" }, [], true],
  ["a key, by which rows are replaced", { kind: "unique", columns: ["k"] }, ["k"], true],
  ["more columns than the key", { kind: "unique", columns: ["x2", "k"] }, ["k"], true],
  ["a key, where rows are only added", { kind: "unique", columns: ["k"] }, [], false],
  ["a part of the key", { kind: "unique", columns: ["k"] }, ["k", "g"], false],
  ["a key with a collation", { kind: "unique", columns: ["name"] }, ["name"], false],
  ["a key of which NaN and two zeros are values", { kind: "unique", columns: ["x"] }, ["x"], false],
  ["how many rows there are", { kind: "row_count", min: 1 }, ["k"], false],
  ["another dataset", { kind: "relationships", column: "k", toCell: "o", toColumn: "k" }, ["k"], false],
];

describe("rows that came, where those that stayed passed", () => {
  test.each(rules)("tell of %s what they can", (_, rule, apart, isDecided) => {
    expect(isDecidedByNewRows({ rule }, { apart }, columns, true)).toBe(isDecided);
  });

  test("tell how many rows there are, unless a condition leaves some", () => {
    const input = { kind: "row_count_matches", target: { type: "input", path: "a.json" } } as const;
    const cell = { kind: "row_count_matches", target: { type: "cell", cell: "o" } } as const;
    const counts = [{ kind: "row_count", min: 1 } as const, input, cell].map((rule) => isOfCounts({ rule }));
    expect(counts).toEqual([true, true, false]);
    expect(isOfCounts({ rule: input, where: "x > 0" })).toBe(false);
  });

  test("tell nothing of a condition that reads other rows, or of how many rows a condition leaves", () => {
    const rule: CheckRule = { kind: "expression", sql: "x < (SELECT max(x) FROM t)" };
    expect(isDecidedByNewRows({ rule }, { apart: [] }, columns, false)).toBe(false);
    const narrowed = { rule: { kind: "not_null", columns: ["k"] }, where: "x > 0" } as const;
    expect(isDecidedByNewRows(narrowed, { apart: [] }, columns, true)).toBe(false);
  });
});
