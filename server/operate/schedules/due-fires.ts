import type { Schedule } from "../../notebook/notebook.js";
import { firesBetween, type Fire } from "../fire-times.js";
import type { DecidedFire, ScheduleState } from "./schedule-state.js";

/** Later than this nobody was there when it was due: the server was down, or the schedule paused. */
export const GRACE_MS = 60_000;

/** What is due by now, taken into the state. `missed` are those that will not run. */
export interface Due {
  readonly state: ScheduleState;
  readonly missed: readonly Fire[];
}

/** Pure. Of a schedule without a cron expression nothing is due by time. A clock that went back changes nothing. */
export function takeDue(state: ScheduleState, schedule: Schedule, now: number): Due {
  const after = Date.parse(state.lookedUntil);
  if (state.isPaused || schedule.cron === undefined || now <= after) return { state, missed: [] };
  const { cron, timezone } = schedule;
  const fires = firesBetween({ cron, timezone }, after, now);
  const last = fires.at(-1);
  if (last === undefined) return { state, missed: [] };
  const overdue = fires.filter(({ at }) => Date.parse(at) < now - GRACE_MS);
  const madeUp = toMakeUp(overdue, schedule);
  const missed = overdue.filter((fire) => !madeUp.includes(fire));
  const onTime = fires.filter((fire) => !overdue.includes(fire));
  const waiting = [...madeUp, ...onTime].map((fire) => ({ kind: "schedule" as const, ...fire }));
  return {
    missed,
    state: {
      ...state,
      lookedUntil: last.at,
      waiting: [...state.waiting, ...waiting],
      decided: [...state.decided, ...missed.map((fire) => toMissed(fire, schedule))],
    },
  };
}

function toMakeUp(overdue: readonly Fire[], { catchUp }: Schedule): readonly Fire[] {
  if (catchUp === "all") return overdue;
  return catchUp === "latest" ? overdue.slice(-1) : [];
}

/** What a schedule would have run by now, had somebody watched; nothing is changed. */
export function missedSoFar(state: ScheduleState, schedule: Schedule, now: number): readonly Fire[] {
  if (schedule.cron === undefined) return [];
  const { cron, timezone } = schedule;
  return firesBetween({ cron, timezone }, Date.parse(state.lookedUntil), now - GRACE_MS);
}

function toMissed(fire: Fire, { catchUp }: Schedule): DecidedFire {
  return {
    kind: "schedule",
    ...fire,
    outcome: "missed",
    reason: catchUp === "none" ? "nobody watched, and catch_up is none" : "made up for by a later date",
  };
}
