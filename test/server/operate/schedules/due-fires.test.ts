import { describe, expect, test } from "vitest";
import type { Schedule } from "../../../../server/notebook/notebook.js";
import { missedSoFar, takeDue } from "../../../../server/operate/schedules/due-fires.js";
import { newState } from "../../../../server/operate/schedules/schedule-state.js";

const schedule = (catchUp: Schedule["catchUp"]): Schedule => ({
  cron: "0 6 * * *",
  timezone: "UTC",
  catchUp,
  overlap: "queue",
});
const start = Date.parse("2026-11-01T00:00Z");
const state = newState("sales", "", start);
const datesAt = (now: string, catchUp: Schedule["catchUp"]) => {
  const due = takeDue(state, schedule(catchUp), Date.parse(now));
  return [due.state.waiting.map(({ date }) => date), due.missed.map(({ date }) => date)];
};

describe("takeDue", () => {
  test("has nothing before the first fire after the schedule was seen", () => {
    expect(takeDue(state, schedule("all"), Date.parse("2026-11-01T05:59:59Z")).state).toBe(state);
  });

  test("what is due now runs, whatever is made up for", () => {
    for (const catchUp of ["none", "latest", "all"] as const)
      expect(datesAt("2026-11-01T06:00:30Z", catchUp)).toEqual([["2026-11-01"], []]);
  });

  test("of what nobody watched, none runs, the latest or all of them in order", () => {
    expect(datesAt("2026-11-03T12:00Z", "none")).toEqual([[], ["2026-11-01", "2026-11-02", "2026-11-03"]]);
    expect(datesAt("2026-11-03T12:00Z", "latest")).toEqual([["2026-11-03"], ["2026-11-01", "2026-11-02"]]);
    expect(datesAt("2026-11-03T12:00Z", "all")).toEqual([["2026-11-01", "2026-11-02", "2026-11-03"], []]);
  });

  test("what is due now runs beside what is made up for", () => {
    expect(datesAt("2026-11-03T06:00:10Z", "latest")[0]).toEqual(["2026-11-02", "2026-11-03"]);
    expect(datesAt("2026-11-03T06:00:10Z", "none")[0]).toEqual(["2026-11-03"]);
  });

  test("takes a fire once, also where the clock goes back", () => {
    const once = takeDue(state, schedule("all"), Date.parse("2026-11-02T06:00:01Z")).state;
    expect(takeDue(once, schedule("all"), Date.parse("2026-11-02T06:00:02Z")).state).toBe(once);
    expect(takeDue(once, schedule("all"), Date.parse("2026-11-01T06:00:02Z")).state).toBe(once);
    expect(takeDue(once, schedule("all"), Date.parse("2026-11-02T06:00:03Z")).state).toBe(once);
  });

  test("leaves what is due while it is paused to be made up for", () => {
    const paused = { ...state, isPaused: true };
    expect(takeDue(paused, schedule("all"), Date.parse("2026-11-03T12:00Z")).state).toBe(paused);
    const resumed = takeDue(
      { ...paused, isPaused: false },
      schedule("latest"),
      Date.parse("2026-11-03T12:00Z"),
    );
    expect(resumed.state.waiting.map(({ date }) => date)).toEqual(["2026-11-03"]);
  });

  test("nobody who only looks changes what was missed", () => {
    const missed = missedSoFar(state, schedule("all"), Date.parse("2026-11-02T12:00Z"));
    expect(missed.map(({ date }) => date)).toEqual(["2026-11-01", "2026-11-02"]);
  });
});
