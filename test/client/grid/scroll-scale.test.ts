import { describe, expect, test } from "vitest";
import { ROW_HEIGHT, ScrollScale } from "../../../client/grid/scroll-scale.js";

const VIEW = 400;
const millions = 10_000_000;

describe("ScrollScale", () => {
  test("is one to one while the browser can show the height", () => {
    const scale = new ScrollScale(1000, VIEW);
    expect(scale.isScaled).toBe(false);
    expect(scale.spacerHeight).toBe(1000 * ROW_HEIGHT);
    expect(scale.positionAt(1234)).toBe(1234);
    expect(scale.scrollTopAt(1234)).toBe(1234);
  });

  test("has nothing to scroll where all rows fit", () => {
    const scale = new ScrollScale(3, VIEW);
    expect(scale.maxPosition).toBe(0);
    expect(scale.positionAt(50)).toBe(0);
  });

  test("is capped below what any browser allows, and reaches both ends", () => {
    const scale = new ScrollScale(millions, VIEW);
    expect(scale.isScaled).toBe(true);
    expect(scale.spacerHeight).toBe(8_000_000);
    expect(scale.positionAt(0)).toBe(0);
    expect(scale.positionAt(8_000_000 - VIEW)).toBe(millions * ROW_HEIGHT - VIEW);
  });

  test("comes back to the same row from the scroll bar", () => {
    const scale = new ScrollScale(millions, VIEW);
    for (const row of [0, 1, 4_999_999, 9_999_000]) {
      expect(Math.round(scale.positionAt(scale.scrollTopAt(row * ROW_HEIGHT)) / ROW_HEIGHT)).toBe(row);
    }
  });

  test("shows a row by moving as little as possible", () => {
    const scale = new ScrollScale(millions, VIEW);
    expect(scale.positionShowing(0, 1000, VIEW)).toBe(0);
    expect(scale.positionShowing(50, 1000, VIEW)).toBe(1000);
    expect(scale.positionShowing(100, 1000, VIEW)).toBe(101 * ROW_HEIGHT - VIEW);
    expect(scale.positionShowing(millions - 1, 0, VIEW)).toBe(scale.maxPosition);
  });
});
