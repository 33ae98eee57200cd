import type { Schedule } from "../notebook/notebook.js";
import { missedSoFar } from "./due-fires.js";
import { nextFires, type Fire } from "./fire-times.js";
import type { DecidedFire, ScheduleState } from "./schedule-state.js";

/** A schedule as people see it: what comes, what goes on, what was. */
export interface ScheduleView {
  readonly notebook: string;
  readonly title?: string;
  readonly schedule: Schedule;
  readonly isPaused: boolean;
  /** When it was first seen, ISO 8601; null: not yet, as no server has run since. */
  readonly since: string | null;
  /** The next five; empty without a cron expression. */
  readonly next: readonly Fire[];
  readonly waiting: readonly (Fire & { readonly reason?: string })[];
  readonly running: (Fire & { readonly run: string }) | null;
  /** The newest that was decided. */
  readonly last: DecidedFire | null;
  /** The newest twenty that did not run as nobody watched; those too that nobody has looked at yet. */
  readonly missed: readonly Fire[];
}

export interface KnownSchedule {
  readonly notebook: string;
  readonly title: string | undefined;
  readonly schedule: Schedule;
  /** Undefined where no server has seen it. */
  readonly state: ScheduleState | undefined;
  readonly running?: { readonly fire: Fire; readonly run: string } | undefined;
  readonly waitsFor?: string | undefined;
}

const NEXT = 5;
const MISSED = 20;

/** Pure. `now` in milliseconds since 1970. */
export function viewSchedule(
  { notebook, title, schedule, state, running, waitsFor }: KnownSchedule,
  now: number,
): ScheduleView {
  const { cron, timezone } = schedule;
  const missed = (state?.decided ?? [])
    .filter(({ outcome }) => outcome === "missed")
    .map(({ at, date }) => ({ at, date }));
  const unseen = state === undefined ? [] : missedSoFar(state, schedule, now);
  return {
    notebook,
    ...(title === undefined ? {} : { title }),
    schedule,
    isPaused: state?.isPaused ?? false,
    since: state?.since ?? null,
    next: cron === undefined ? [] : nextFires({ cron, timezone }, now, NEXT),
    waiting: (state?.waiting ?? []).map(({ at, date }, index) => ({
      at,
      date,
      ...(index === 0 && waitsFor !== undefined ? { reason: waitsFor } : {}),
    })),
    running: running === undefined ? null : { ...running.fire, run: running.run },
    last: state?.decided.findLast(({ outcome }) => outcome !== "missed") ?? null,
    missed: [...missed, ...unseen].slice(-MISSED),
  };
}
