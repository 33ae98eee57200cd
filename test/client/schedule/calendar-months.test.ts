import { expect, test } from "vitest";
import { lookOf, monthsFrom, shiftDate, shiftMonth } from "../../../client/schedule/calendar-months.js";

const entry = { date: "2026-11-02", isPublished: false, isScheduled: true };
const TODAY = "2026-11-15";

test("months have whole weeks from Monday, over the end of a year and in a leap year", () => {
  const months = monthsFrom("2023-12", 3);
  expect(months.map(({ name }) => name)).toEqual(["2023-12", "2024-01", "2024-02"]);
  const february = months[2]?.weeks ?? [];
  expect(february[0]).toEqual([
    null,
    null,
    null,
    ...["2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04"],
  ]);
  expect(february.at(-1)).toEqual([
    ...["2024-02-26", "2024-02-27", "2024-02-28", "2024-02-29"],
    ...[null, null, null],
  ]);
  expect(months.flatMap(({ weeks }) => weeks.flat()).filter((day) => day !== null).length).toBe(31 + 31 + 29);
});

test("days and months are counted over the ends of months and years", () => {
  expect([shiftDate("2024-03-01", -1), shiftDate("2026-12-31", 1)]).toEqual(["2024-02-29", "2027-01-01"]);
  expect([shiftMonth("2026-01", -1), shiftMonth("2026-11", 14)]).toEqual(["2025-12", "2028-01"]);
});

test.each([
  [{ outcome: "succeeded_with_warnings" }, { mark: "check-warned", words: "succeeded with warnings" }],
  [{ outcome: "interrupted" }, { mark: "broken", words: "interrupted" }],
  [
    { outcome: "failed", isRunning: true },
    { mark: "running", words: "running" },
  ],
  [
    { outcome: "succeeded", note: "missed: nobody watched" },
    { mark: "succeeded", words: "succeeded" },
  ],
  [{ note: "missed: nobody watched" }, { mark: "skipped", words: "missed: nobody watched" }],
  [
    { outcome: "failed", note: "waits" },
    { mark: "queued", words: "waits" },
  ],
  [{ isPublished: true }, { mark: "succeeded", words: "published" }],
  [{}, { mark: "never", words: "never run" }],
  [{ date: "2026-12-01" }, { words: "scheduled", isAhead: true }],
] as const)("a run date of %o looks like %o", (own, look) => {
  expect(lookOf({ ...entry, ...own }, TODAY)).toEqual(look);
});

test("a day that is no run date looks like nothing", () => {
  expect(lookOf(undefined, TODAY)).toBeUndefined();
});
