import { describe, expect, test } from "vitest";
import { roundInward } from "../../../client/chart/round-inward.js";

describe("the ends of a range that was drawn", () => {
  test.each([
    ["whole numbers", "integer", [36.4486, 46.729], [37, 46]],
    ["whole numbers below zero", "integer", [-3.2, 3.7], [-3, 3]],
    ["numbers", "number", [36.44861, 46.72912], [36.45, 46.72]],
    ["small numbers", "number", [0.000123456, 0.000167891], [0.00012346, 0.00016789]],
    ["large numbers", "number", [1234567.8912, 1234569.9], [1234567.892, 1234569.9]],
    ["a long time in seconds", "time", [1_000_000_123, 1_000_900_999], [1_000_001_000, 1_000_900_000]],
    ["a short time in milliseconds", "time", [1000.4, 1900.6], [1001, 1900]],
  ] as const)("are %s", (_, kind, drawn, told) => {
    expect(roundInward(drawn, kind)).toEqual(told);
  });

  test("hold nothing where no whole number lies between", () => {
    expect(roundInward([36.2, 36.9], "integer")).toBeUndefined();
  });

  test("stay as they are where they are one, or none at all", () => {
    expect(roundInward([1.5, 1.5], "number")).toEqual([1.5, 1.5]);
    expect(roundInward([Number.NaN, 1], "number")).toEqual([Number.NaN, 1]);
  });

  test("never let in what lay outside", () => {
    let seed = 20261130;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 5000; round++) {
      const from = (random() - 0.5) * 10 ** Math.floor(random() * 24 - 10);
      const drawn = [from, from + random() * 10 ** Math.floor(random() * 24 - 10)] as const;
      const [first, last] = roundInward(drawn, "number") ?? [drawn[0], drawn[1]];
      const noise = Math.max(Math.abs(drawn[0]), Math.abs(drawn[1])) * 4 * Number.EPSILON;
      expect([first - drawn[0] >= -noise, drawn[1] - last >= -noise]).toEqual([true, true]);
    }
  });
});
