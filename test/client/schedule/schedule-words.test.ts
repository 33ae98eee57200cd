import { describe, expect, test } from "vitest";
import type { ScheduleView } from "../../../server/api/protocol.js";
import {
  formatDistance,
  formatIn,
  standingOf,
  wordsOfCron,
  wordsOfSchedule,
} from "../../../client/schedule/schedule-words.js";

const schedule = { timezone: "UTC", catchUp: "latest", overlap: "queue" } as const;
const view: ScheduleView = {
  notebook: "sales",
  schedule,
  isPaused: false,
  since: null,
  next: [],
  waiting: [],
  running: null,
  last: null,
  lastRun: null,
  missed: [],
};

test.each([
  ["0 6 1 * *", "At 06:00, on day 1 of the month"],
  ["30 18 * * MON-FRI", "At 18:30, Monday through Friday"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["@daily", "At 00:00"],
  ["0 6 L * *", "At 06:00, on the last day of the month"],
  ["something", "something"],
])("%s is said as: %s", (cron, words) => {
  expect(wordsOfCron(cron)).toBe(words);
});

test.each([
  [{ cron: "0 6 * * *" }, "At 06:00"],
  [{ onInput: true }, "When its input changes"],
  [{ cron: "0 6 * * *", onInput: ["input/a_*.csv"] }, "At 06:00, once input/a_*.csv is there"],
  [{ after: ["orders", "prices"] }, "Once orders and prices are published"],
] as const)("what begins a run is said: %o", (own, words) => {
  expect(wordsOfSchedule({ ...schedule, ...own })).toBe(words);
});

test("a time is of the schedule's time zone, on either side of a change of clocks", () => {
  expect(formatIn("2026-10-25T00:30:00Z", "Europe/Madrid")).toBe("2026-10-25 02:30");
  expect(formatIn("2026-10-25T23:00:00Z", "Europe/Madrid")).toBe("2026-10-26 00:00");
  expect(formatIn("2026-12-31T23:30:00Z", "America/New_York")).toBe("2026-12-31 18:30");
});

test.each([
  ["2026-11-01T00:00:20Z", "now"],
  ["2026-11-01T00:05:00Z", "in 5 minutes"],
  ["2026-11-01T00:59:50Z", "in 1 hour"],
  ["2026-11-02T00:00:00Z", "in 1 day"],
  ["2026-11-30T00:00:00Z", "in 29 days"],
  ["2027-03-01T00:00:00Z", "in 4 months"],
  ["2026-10-31T22:00:00Z", "2 hours ago"],
])("seen from the first of November, %s is %s", (instant, words) => {
  expect(formatDistance(instant, Date.parse("2026-11-01T00:00:00Z"))).toBe(words);
});

describe("what keeps a schedule from its next time", () => {
  const fire = { at: "2026-11-01T06:00:00Z", date: "2026-11-01" };

  test("is nothing where nothing waits", () => {
    expect(standingOf(view)).toBeUndefined();
  });

  test("is the run that goes on", () => {
    expect(standingOf({ ...view, waiting: [fire], running: { ...fire, run: "r" } })).toEqual({
      words: "2026-11-01 is running",
      run: "r",
    });
  });

  test("is why the first date waits, and how many wait after it", () => {
    const waiting = [{ ...fire, reason: '"input/a.csv" is not there' }, fire];
    expect(standingOf({ ...view, waiting })?.words).toBe(
      '2026-11-01 waits: "input/a.csv" is not there, and 1 more after it',
    );
    expect(standingOf({ ...view, waiting: [fire], isPaused: true })?.words).toBe(
      "2026-11-01 waits: the schedule is paused",
    );
  });
});
