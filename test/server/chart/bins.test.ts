import { describe, expect, test } from "vitest";
import { pickBins } from "../../../server/chart/bins.js";
import { pickGrain } from "../../../server/chart/time-grain.js";

describe("pickBins", () => {
  test.each([
    [0, 100, 10, false, 10, 9],
    [0, 100, 30, false, 5, 19],
    [0.13, 0.97, 30, false, 0.05, 19],
    [-3, 4, 10, true, 1, 4],
    [0, 3, 30, true, 1, 3],
    [7, 7, 30, true, 1, 7],
    [0, 0, 30, false, 1, 0],
    [50, 50, 30, false, 5, 10],
    [0, 9e18, 30, true, 5e17, 18],
    [0, 1e-9, 10, false, 1e-10, 9],
  ])("from %d to %d in about %d", (min, max, wished, areIntegers, step, last) => {
    expect(pickBins({ min, max }, wished, areIntegers)).toMatchObject({ step, last });
  });
});

describe("pickGrain", () => {
  const day = 86_400;
  test.each([
    [0, 3 * 3_600, undefined, 200, "minute"],
    [0, 30 * day, undefined, 40, "day"],
    [0, 365 * day, undefined, 40, "month"],
    [0, 365 * day, "month", 400, "month"],
    [0, 365 * day, "day", 400, "day"],
    [0, 4_000 * 365 * day, undefined, 40, "year"],
    [0, 0, undefined, 40, "minute"],
  ] as const)("from %d to %d, natural %s, at most %d", (min, max, natural, most, expected) => {
    expect(pickGrain({ min, max, ...(natural && { natural }) }, most)).toBe(expected);
  });
});
