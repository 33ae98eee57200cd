import { expect, test } from "vitest";
import { isBeginOfPart } from "../../../server/chart/time-grain.js";

test.each([
  ["minute", "2026-02-01 12:30:00", "2026-02-01 12:30:01"],
  ["hour", "2026-02-01 12:00:00", "2026-02-01 12:30:00"],
  ["day", "2026-02-01", "2026-02-01 00:00:00.5"],
  ["week", "2026-02-02", "2026-02-01"],
  ["week", "1969-12-29 00:00:00", "1969-12-30 00:00:00"],
  ["week", "12400-01-03", "12400-01-04"],
  ["month", "2026-02-01", "2026-02-02"],
  ["quarter", "2026-04-01", "2026-02-01"],
  ["year", "2026-01-01", "2026-02-01"],
  ["day", "infinity", "yesterday"],
  ["month", "-infinity", "0044-03-15 (BC)"],
] as const)("a %s begins at %s, not at %s", (grain, begin, within) => {
  expect([isBeginOfPart(begin, grain), isBeginOfPart(within, grain)]).toEqual([true, false]);
});
