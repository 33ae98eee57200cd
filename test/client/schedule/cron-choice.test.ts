import { describe, expect, test } from "vitest";
import { readCron, writeCron } from "../../../client/schedule/cron-choice.js";

describe("a cron expression as a choice", () => {
  test.each([
    ["0 6 1 * *", { rhythm: "month", day: 1, time: "06:00" }],
    ["30 23 31 * *", { rhythm: "month", day: 31, time: "23:30" }],
    ["5 0 * * 0", { rhythm: "week", weekday: 0, time: "00:05" }],
    ["0 12 * * *", { rhythm: "day", time: "12:00" }],
    ["17 * * * *", { rhythm: "hour", minute: 17 }],
    ["", { rhythm: "none" }],
    ["@daily", { rhythm: "own", own: "@daily" }],
    ["00 06 1 * *", { rhythm: "own" }],
    ["*/5 * * * *", { rhythm: "own" }],
    ["0 6 1 1 *", { rhythm: "own" }],
    ["0 6 * * MON-FRI", { rhythm: "own" }],
    ["0 6 1 * 1", { rhythm: "own" }],
    ["nonsense", { rhythm: "own", own: "nonsense" }],
  ])("reads %j, and writes it again", (cron, choice) => {
    expect(readCron(cron)).toMatchObject(choice);
    expect(writeCron(readCron(cron))).toBe(cron);
  });

  test("of another rhythm has the usual day and time", () => {
    expect(writeCron({ ...readCron("@daily"), rhythm: "month" })).toBe("0 6 1 * *");
    expect(writeCron({ ...readCron("0 7 * * *"), rhythm: "week" })).toBe("0 7 * * 1");
  });
});
