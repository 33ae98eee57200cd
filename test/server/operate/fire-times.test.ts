import { describe, expect, test } from "vitest";
import { fireDates, firesBetween, nextFires } from "../../../server/operate/fire-times.js";

const atHalfPastTwo = (timezone: string) => ({ cron: "30 2 * * *", timezone });
const between = (timezone: string, after: string, until: string) =>
  firesBetween(atHalfPastTwo(timezone), Date.parse(after), Date.parse(until)).map(({ at }) => at);

describe("a local time that is skipped fires right after the jump, one that comes twice fires once", () => {
  test.each([
    ["Europe/Madrid", "2026-03-28T12:00Z", "2026-03-29T12:00Z", "2026-03-29T01:00:00.000Z"],
    ["Europe/Madrid", "2026-10-24T12:00Z", "2026-10-25T12:00Z", "2026-10-25T00:30:00.000Z"],
    ["America/New_York", "2026-03-07T12:00Z", "2026-03-08T12:00Z", "2026-03-08T07:00:00.000Z"],
  ])("%s after %s", (timezone, after, until, expected) => {
    expect(between(timezone, after, until)).toEqual([expected]);
  });

  test("the second half past one of New York's November is no fire", () => {
    const times = { cron: "30 1 * * *", timezone: "America/New_York" };
    const fires = firesBetween(times, Date.parse("2026-10-31T12:00Z"), Date.parse("2026-11-01T12:00Z"));
    expect(fires).toEqual([{ at: "2026-11-01T05:30:00.000Z", date: "2026-11-01" }]);
  });
});

describe("firesBetween", () => {
  const monthly = { cron: "0 6 1 * *", timezone: "Europe/Madrid" };

  test("leaves out the instant that it begins at, and has the one that it ends at", () => {
    const first = Date.parse("2026-01-01T05:00Z");
    const second = Date.parse("2026-02-01T05:00Z");
    expect(firesBetween(monthly, first, second)).toEqual([
      { at: "2026-02-01T05:00:00.000Z", date: "2026-02-01" },
    ]);
    expect(firesBetween(monthly, first, second - 1)).toEqual([]);
  });

  test("has the dates of a schedule in order, over years", () => {
    const fires = firesBetween(monthly, Date.parse("2024-01-15T00:00Z"), Date.parse("2026-11-29T00:00Z"));
    expect(fires).toHaveLength(34);
    expect(fires.map(({ date }) => date)).toEqual(fires.map(({ date }) => date).sort());
    expect([fires[0]?.date, fires.at(-1)?.date]).toEqual(["2024-02-01", "2026-11-01"]);
  });

  test("of more than anybody needs, has the newest", () => {
    const minutes = { cron: "* * * * *", timezone: "UTC" };
    const fires = firesBetween(minutes, 0, Date.parse("2026-11-29T12:00Z"));
    expect([fires.length, fires.at(-1)?.at]).toEqual([2000, "2026-11-29T12:00:00.000Z"]);
  });

  test("knows leap days", () => {
    const leap = { cron: "0 0 29 2 *", timezone: "UTC" };
    expect(nextFires(leap, Date.parse("2026-01-01T00:00Z"), 2).map(({ date }) => date)).toEqual([
      "2028-02-29",
      "2032-02-29",
    ]);
  });
});

describe("fireDates", () => {
  test("has each date once, however often the schedule fires on it", () => {
    expect(
      fireDates({ cron: "*/5 * * * *", timezone: "America/New_York" }, "2026-03-07", "2026-03-09"),
    ).toEqual(["2026-03-07", "2026-03-08", "2026-03-09"]);
  });

  test("is by the calendar of the time zone", () => {
    expect(
      fireDates({ cron: "0 1 1 * *", timezone: "Pacific/Kiritimati" }, "2026-01-01", "2026-03-31"),
    ).toEqual(["2026-01-01", "2026-02-01", "2026-03-01"]);
  });
});
