import { describe, expect, test } from "vitest";
import { dateIn, intervalOf } from "../../../server/runs/interval.js";

const monthly = { cron: "0 6 1 * *", timezone: "Europe/Madrid", catchUp: "latest" as const };

describe("intervalOf", () => {
  test("reaches back to the schedule's previous run date", () => {
    expect(intervalOf("2026-11-01", monthly, [])).toEqual({
      start: "2026-10-01 00:00:00",
      end: "2026-11-01 00:00:00",
    });
    expect(intervalOf("2026-11-23", monthly, [])).toEqual({
      start: "2026-11-01 00:00:00",
      end: "2026-11-23 00:00:00",
    });
  });

  test("finds the day before for a schedule that fires every minute", () => {
    const everyMinute = { ...monthly, cron: "* * * * *" };
    expect(intervalOf("2026-11-23", everyMinute, []).start).toBe("2026-11-22 00:00:00");
  });

  test.each(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"])(
    "knows the calendar of %s",
    (timezone) => {
      const daily = { ...monthly, cron: "30 0 * * *", timezone };
      expect(intervalOf("2026-03-01", daily, []).start).toBe("2026-02-28 00:00:00");
    },
  );

  test("without a schedule reaches back to the date that was published before", () => {
    expect(intervalOf("2026-11-01", undefined, ["2026-12-01", "2026-09-01", "2026-10-01"]).start).toBe(
      "2026-10-01 00:00:00",
    );
  });

  test("is never empty at its start", () => {
    expect(intervalOf("2026-11-01", undefined, ["2026-11-01"]).start).toBe("1970-01-01 00:00:00");
  });
});

describe("dateIn", () => {
  test("is the calendar date at the place", () => {
    const instant = new Date("2026-10-25T23:30:00Z");
    expect(dateIn(instant, "Europe/Madrid")).toBe("2026-10-26");
    expect(dateIn(instant, "America/New_York")).toBe("2026-10-25");
  });
});
