import { describe, expect, test } from "vitest";
import { HEADER_ROW, isInRange, moveByKey, toRange } from "../../../client/grid/cell-range.js";

const bounds = { rowCount: 100, columnCount: 5, pageRows: 10 };
const from = { row: 50, column: 2 };

describe("moveByKey", () => {
  test.each([
    ["ArrowUp", false, { row: 49, column: 2 }],
    ["ArrowDown", false, { row: 51, column: 2 }],
    ["ArrowLeft", false, { row: 50, column: 1 }],
    ["ArrowRight", false, { row: 50, column: 3 }],
    ["ArrowDown", true, { row: 99, column: 2 }],
    ["ArrowRight", true, { row: 50, column: 4 }],
    ["PageDown", false, { row: 60, column: 2 }],
    ["PageUp", false, { row: 40, column: 2 }],
    ["Home", false, { row: 50, column: 0 }],
    ["End", false, { row: 50, column: 4 }],
    ["Home", true, { row: 0, column: 0 }],
    ["End", true, { row: 99, column: 4 }],
    ["x", false, null],
  ])("%s, far: %s", (key, isFar, expected) => expect(moveByKey(key, isFar, from, bounds)).toEqual(expected));

  test("stays within the rows, and goes up into the header", () => {
    expect(moveByKey("PageDown", false, { row: 95, column: 0 }, bounds)).toEqual({ row: 99, column: 0 });
    expect(moveByKey("PageUp", false, { row: 5, column: 0 }, bounds)).toEqual({ row: 0, column: 0 });
    expect(moveByKey("ArrowUp", false, { row: 0, column: 0 }, bounds)).toEqual({
      row: HEADER_ROW,
      column: 0,
    });
    expect(moveByKey("ArrowUp", false, { row: HEADER_ROW, column: 0 }, bounds)).toEqual({
      row: HEADER_ROW,
      column: 0,
    });
    expect(moveByKey("ArrowDown", false, { row: 0, column: 0 }, { ...bounds, rowCount: 0 })?.row).toBe(
      HEADER_ROW,
    );
  });
});

test("a range does not care where it began", () => {
  const range = toRange({ anchor: { row: 7, column: 1 }, focus: { row: 3, column: 4 } });
  expect(range).toEqual({ top: 3, bottom: 7, left: 1, right: 4 });
  expect(isInRange(range, 5, 2)).toBe(true);
  expect(isInRange(range, 8, 2)).toBe(false);
});
