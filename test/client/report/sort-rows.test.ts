import { expect, test } from "vitest";
import { sortedRows, type Direction } from "../../../client/report/sort-rows.js";

function sorted(
  texts: readonly (string | null)[],
  isNumber: boolean,
  direction: Direction,
): (string | null)[] {
  const values = texts.map((text) => ({ text: text ?? "NULL", isNull: text === null }));
  return sortedRows(values, isNumber, direction).map((index) => texts[index] ?? null);
}

test("numbers are sorted by their size, whole ones by all of their digits", () => {
  expect(sorted(["10", "9", "-2.5", "1e3"], true, "ascending")).toEqual(["-2.5", "9", "10", "1e3"]);
  const near = ["9007199254740993", "9007199254740992"];
  expect(sorted(near, true, "ascending")).toEqual(["9007199254740992", "9007199254740993"]);
});

test("decimals are sorted by all of their digits, below zero and beyond what is finite too", () => {
  const near = ["12345678901234567890.1234567892", "12345678901234567890.1234567891", "-0.25", "-0.5", "7"];
  expect(sorted(near, true, "ascending")).toEqual(["-0.5", "-0.25", "7", near[1], near[0]]);
  expect(sorted(["nan", "inf", "-inf", "1e300", "0"], true, "ascending")).toEqual([
    "-inf",
    "0",
    "1e300",
    "inf",
    "nan",
  ]);
});

test("what has no value is last both ways, and NaN is the greatest number", () => {
  expect(sorted([null, "1", "NaN", "2"], true, "ascending")).toEqual(["1", "2", "NaN", null]);
  expect(sorted([null, "1", "NaN", "2"], true, "descending")).toEqual(["NaN", "2", "1", null]);
  expect(sorted(["b", null, "NULL", "a"], false, "descending")).toEqual(["b", "a", "NULL", null]);
});

test("rows that are alike keep their order", () => {
  const values = ["1", "0", "1", "0"].map((text) => ({ text, isNull: false }));
  expect(sortedRows(values, true, "descending")).toEqual([0, 2, 1, 3]);
});
