import { describe, expect, test } from "vitest";
import { isRunDate } from "../../../server/base/run-date.js";
import { initialDatasetPath } from "../../../server/lake/layout.js";

test.each([
  ["2026-11-01", true],
  ["2024-02-29", true],
  ["2026-02-29", false],
  ["2026-13-01", false],
  ["2026-1-1", false],
  ["2026-11-01T00:00:00Z", false],
  ["", false],
])("isRunDate(%j) is %j", (text, isDate) => {
  expect(isRunDate(text)).toBe(isDate);
});

describe("initialDatasetPath", () => {
  test.each([
    ["input/orders.json", "orders.json"],
    ["./input//shop/orders.json", "shop/orders.json"],
    ["input/../input/a", "a"],
    ["input", "_elsewhere/input"],
    ["input/../secret", "_elsewhere/secret"],
    ["../x/a.csv", "_elsewhere/_up/x/a.csv"],
    ["/data/a.csv", "_elsewhere/data/a.csv"],
    ["/../../a.csv", "_elsewhere/a.csv"],
  ])("puts %s at %s", (path, place) => {
    expect(initialDatasetPath(path)).toBe(place);
  });
});
