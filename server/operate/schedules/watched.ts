import { z } from "zod";
import { AppError } from "../../base/errors.js";
import { canonicalJson } from "../../base/hash.js";
import type { Schedule } from "../../notebook/notebook.js";
import { nextFires, type Fire } from "../fire-times.js";
import { newState, type DecidedFire, type ScheduleState } from "./schedule-state.js";

/** What is known of a notebook that has a schedule. */
export interface Watched {
  readonly notebook: string;
  readonly title: string | undefined;
  readonly schedule: Schedule;
  readonly deadlineMs: number | undefined;
  state: ScheduleState;
  /** Milliseconds since 1970 of the next fire; Infinity: none by time. */
  nextAt: number;
  /** Milliseconds since 1970 when the first of its dates is late; Infinity: none is awaited. */
  lateAt: number;
  running: { readonly fire: Fire; readonly run: string } | undefined;
  /** Why the first one that waits does not begin. */
  waitsFor: string | undefined;
  /** Instants of fires whose deadline needs no look any more. */
  readonly settled: Set<string>;
}

/** What a schedule is: another one begins anew. What to do about missed dates may be changed at any time. */
export function scheduleText({ cron, timezone, onInput, after }: Schedule): string {
  return canonicalJson({ cron: cron ?? null, timezone, onInput: onInput ?? null, after: after ?? null });
}

/**
 * What was known, where the schedule is the same; what became of earlier dates is remembered in any case. Where it fires
 * as before, and waits for something else, what is due is due still; of other times, what waited is left out.
 */
export function stateOf(
  known: ScheduleState | undefined,
  notebook: string,
  schedule: Schedule,
  now: number,
): ScheduleState {
  const text = scheduleText(schedule);
  if (known?.schedule === text) return known;
  if (known === undefined) return newState(notebook, text, now);
  if (schedule.cron !== undefined && firesAs(known.schedule, schedule)) return { ...known, schedule: text };
  const left = known.waiting.map(({ kind, at, date }): DecidedFire => ({
    kind,
    at,
    date,
    outcome: "skipped",
    reason: "its schedule was changed",
  }));
  const fresh = newState(notebook, text, now, known.isPaused);
  return { ...fresh, decided: [...known.decided, ...left], late: known.late };
}

const timesSchema = z.object({ cron: z.string(), timezone: z.string() });

function firesAs(text: string, { cron, timezone }: Schedule): boolean {
  if (text === "") return false;
  const times = timesSchema.safeParse(JSON.parse(text));
  return times.success && times.data.cron === cron && times.data.timezone === timezone;
}

export function nextAt({ cron, timezone }: Schedule, now: number): number {
  if (cron === undefined) return Infinity;
  const [next] = nextFires({ cron, timezone }, now, 1);
  return next === undefined ? Infinity : Date.parse(next.at);
}

/** A date that is to be there by an instant, in milliseconds since 1970. */
export interface Awaited extends Fire {
  readonly by: number;
  readonly run?: string | undefined;
}

/** Dates by the clock that may still be told as late, the newest fifty of those that have begun. */
export function awaited({ state, deadlineMs, settled }: Watched): Awaited[] {
  if (deadlineMs === undefined) return [];
  const begun = state.decided.filter(({ outcome }) => outcome === "started" || outcome === "failed");
  return [...begun.slice(-50), ...state.waiting]
    .filter(({ kind, at }) => kind === "schedule" && !settled.has(at) && !state.late.includes(at))
    .map((fire) => ({ ...fire, by: Date.parse(fire.at) + deadlineMs }));
}

export function nextLateAt(watched: Watched): number {
  return Math.min(Infinity, ...awaited(watched).map(({ by }) => by));
}

export function noSchedule(notebook: string): AppError {
  return new AppError("not-found", `Notebook "${notebook}" has no schedule, or does not exist.`, {
    hint: 'Write one in its front matter, e.g. schedule: {cron: "0 6 1 * *", timezone: Europe/Madrid}',
  });
}
