import type { Schedule } from "../../notebook/notebook.js";
import type { Incident } from "../alerts/alert-desk.js";
import { firesBetween, type Fire } from "../fire-times.js";
import type { DecidedFire, ScheduleState } from "./schedule-state.js";

/** Later than this nobody was there when it was due: the server was down, or the schedule paused. */
export const GRACE_MS = 60_000;

/** What is due by now, taken into the state. `missed` are those that will not run. */
export interface Due {
  readonly state: ScheduleState;
  readonly missed: readonly Fire[];
}

/**
 * Pure. Of a schedule without a cron expression nothing is due by time. A clock that went back changes nothing. `isBusy`:
 * an earlier date goes on or waits.
 */
export function takeDue(state: ScheduleState, schedule: Schedule, now: number, isBusy = false): Due {
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
  const taken = {
    ...state,
    lookedUntil: last.at,
    waiting: [...state.waiting, ...waiting],
    decided: [...state.decided, ...missed.map((fire) => toMissed(fire, schedule))],
  };
  return { missed, state: skipOverlapping(state, taken, schedule, isBusy) };
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

/** What became due while an earlier one goes on, where that is to be skipped. */
function skipOverlapping(
  before: ScheduleState,
  after: ScheduleState,
  { overlap }: Schedule,
  isBusy: boolean,
): ScheduleState {
  if (overlap === "queue" || after.waiting.length === before.waiting.length) return after;
  const kept = isBusy ? before.waiting.length : 1;
  const skipped = after.waiting.slice(kept).map(({ kind, at, date }): DecidedFire => ({
    kind,
    at,
    date,
    outcome: "skipped",
    reason: "the run before went on",
  }));
  return { ...after, waiting: after.waiting.slice(0, kept), decided: [...after.decided, ...skipped] };
}

/** What is told of dates that nobody watched; at least one. */
export function missedError(missed: readonly Fire[], { catchUp }: Schedule): NonNullable<Incident["error"]> {
  const dates = missed.map(({ date }) => date);
  const shown = dates.length > 6 ? [...dates.slice(0, 3), "...", ...dates.slice(-2)] : dates;
  return {
    code: "missed",
    message: `Nobody watched when ${String(dates.length)} run date${dates.length === 1 ? " was" : "s were"} due: ${shown.join(", ")}.`,
    hint: `catch_up is ${catchUp}. Run them with: lakebook backfill <notebook> --from ${dates[0] ?? ""} --to ${dates.at(-1) ?? ""}`,
  };
}
