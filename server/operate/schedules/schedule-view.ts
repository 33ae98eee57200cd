import type { Schedule } from "../../notebook/notebook.js";
import type { RunSummary } from "../../runs/run-ledger.js";
import type { RunOutcome } from "../../runs/run-record.js";
import { missedSoFar } from "./due-fires.js";
import { nextFires, type Fire } from "../fire-times.js";
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
  /** The newest materialization of the notebook, whoever began it. */
  readonly lastRun: LastRun | null;
  /** The newest twenty that did not run as nobody watched; those too that nobody has looked at yet. */
  readonly missed: readonly Fire[];
}

export interface LastRun {
  readonly run: string;
  readonly date: string;
  readonly outcome: RunOutcome;
  readonly isRunning: boolean;
}

/** By notebook, of all runs with the newest first. */
export function lastRuns(summaries: readonly RunSummary[]): ReadonlyMap<string, LastRun> {
  const last = new Map<string, LastRun>();
  for (const { id, notebook, mode, date, outcome, isRunning } of summaries)
    if (mode === "materialize" && !last.has(notebook))
      last.set(notebook, { run: id, date, outcome, isRunning });
  return last;
}

export interface KnownSchedule {
  readonly notebook: string;
  readonly title: string | undefined;
  readonly schedule: Schedule;
  /** Undefined where no server has seen it. */
  readonly state: ScheduleState | undefined;
  readonly running?: { readonly fire: Fire; readonly run: string } | undefined;
  readonly waitsFor?: string | undefined;
  readonly lastRun: LastRun | undefined;
}

const NEXT = 5;
const MISSED = 20;

/** Pure. `now` in milliseconds since 1970. */
export function viewSchedule(
  { notebook, title, schedule, state, running, waitsFor, lastRun }: KnownSchedule,
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
    lastRun: lastRun ?? null,
    missed: [...missed, ...unseen].slice(-MISSED),
  };
}
