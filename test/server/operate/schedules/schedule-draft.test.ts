import { describe, expect, test } from "vitest";
import { draftSchedule, type ScheduleSettings } from "../../../../server/operate/schedules/schedule-draft.js";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const file = (...lines: readonly string[]): string => ["---", ...lines, "---", "", "# Sales", ""].join("\n");
const plain = file("title: Sales");
const draft = (text: string, change: Partial<ScheduleSettings>) =>
  draftSchedule(text, { ...draftSchedule(text, undefined, NOW).settings, ...change }, NOW);

describe("a draft of a schedule", () => {
  test("is what there is, where nothing is asked for", () => {
    const text = file(
      "schedule: {cron: 0 6 1 * *, on_input: input/a.csv}",
      "retries: {max: 3, delay: 2m}",
      "deadline: 7200",
    );
    expect(draftSchedule(text, undefined, NOW)).toMatchObject({
      text,
      hasSchedule: true,
      settings: {
        cron: "0 6 1 * *",
        timezone: "UTC",
        catch_up: "latest",
        overlap: "queue",
        on_input: ["input/a.csv"],
        after: [],
        deadline: "7200s",
        retries: 3,
        retry_delay: "2m",
      },
      next: [{ date: "2026-12-01" }, { date: "2027-01-01" }, {}, {}, {}],
      problems: [],
    });
    expect(draft(text, {}).text).toBe(text);
  });

  test("of a notebook without one names what is not the default, and keeps the rest", () => {
    const { text, next, problems } = draft(plain, {
      cron: "0 6 1 * *",
      timezone: "Europe/Madrid",
      on_input: true,
      deadline: "2h",
      retries: 2,
    });
    expect(text).toBe(
      file(
        "title: Sales",
        'schedule: {cron: "0 6 1 * *", timezone: Europe/Madrid, on_input: true}',
        "deadline: 2h",
        "retries: 2",
      ),
    );
    expect(next[0]).toEqual({ at: "2026-12-01T05:00:00.000Z", date: "2026-12-01" });
    expect(problems).toEqual([]);
  });

  test("changes what differs, with comments and unknown keys as they are", () => {
    const text = file(
      "schedule:",
      "  cron: 0 6 1 * * # early",
      "  mine: x",
      "retries: {max: 1, factor: 3} # few",
    );
    expect(draft(text, { cron: "0 7 1 * *", catch_up: "all", retries: 2, retry_delay: "1m" }).text).toBe(
      file(
        "schedule:",
        '  cron: "0 7 1 * *" # early',
        "  mine: x",
        "  catch_up: all",
        "retries: {max: 2, factor: 3, delay: 1m} # few",
      ),
    );
    expect(draft(text, { retries: 0 }).text).not.toContain("retries");
  });

  test("makes a map of a cron expression alone, and is taken away by null", () => {
    const text = file("schedule: '@daily'", "title: Sales");
    expect(draft(text, { after: ["orders"] }).text).toBe(
      file('schedule: {cron: "@daily", timezone: UTC, after: [orders]}', "title: Sales"),
    );
    expect(draftSchedule(text, null, NOW)).toMatchObject({
      text: file("title: Sales"),
      hasSchedule: false,
      next: [],
    });
  });

  test.each<[Partial<ScheduleSettings>, string, string]>([
    [{ cron: "0 6" }, "cron", "is not a cron expression of five fields"],
    [{ cron: "0 6 30 2 *" }, "cron", "never fires"],
    [{ cron: "" }, "cron", "A schedule needs"],
    [{ cron: "@daily", timezone: "Europe/Madird" }, "timezone", "is not a time zone"],
    [{ cron: "@daily", catch_up: "some" }, "catch_up", "must be none, latest or all"],
    [{ cron: "@daily", overlap: "no" }, "overlap", "must be queue or skip"],
    [{ cron: "@daily", on_input: ["data_lake/x"] }, "on_input", "no place where input is delivered"],
    [{ cron: "@daily", after: ["a", "A"] }, "after", "listed twice"],
    [{ cron: "@daily", deadline: "soon" }, "deadline", "a number of seconds"],
    [{ cron: "@daily", retries: 11 }, "retries", "a whole number from 0 to 10"],
    [{ cron: "@daily", retries: 2, retry_delay: "never" }, "retries", "a whole number from 0 to 10"],
  ])("says of %j at the field what the server would refuse", (change, field, words) => {
    const { problems } = draft(plain, { timezone: "UTC", ...change });
    expect(problems.map((problem) => problem.field)).toEqual([field]);
    expect(problems[0]?.message).toContain(words);
  });

  test("says of each field what is wrong with it, at once", () => {
    const { problems, next } = draft(plain, { cron: "x", timezone: "y", deadline: "z" });
    expect(problems.map(({ field }) => field).sort()).toEqual(["cron", "deadline", "timezone"]);
    expect(next).toEqual([]);
  });
});
