import type { CalendarDate } from "../../server/api/protocol.js";
import type { Mark } from "../styles/status-mark.js";

const DAY_MS = 86_400_000;

export interface Month {
  /** `YYYY-MM`. */
  readonly name: string;
  /** Weeks from Monday; null: a day of another month. */
  readonly weeks: readonly (readonly (string | null)[])[];
}

/** Months in order, from `first` (`YYYY-MM`) on. */
export function monthsFrom(first: string, count: number): Month[] {
  return Array.from({ length: count }, (_, index) => monthOf(shiftMonth(first, index)));
}

function monthOf(name: string): Month {
  const start = Date.parse(`${name}-01T00:00:00Z`);
  const before = (new Date(start).getUTCDay() + 6) % 7;
  const length = (Date.parse(`${shiftMonth(name, 1)}-01T00:00:00Z`) - start) / DAY_MS;
  const days = Array.from({ length: Math.ceil((before + length) / 7) * 7 }, (_, index) => {
    const day = index - before;
    return day < 0 || day >= length ? null : shiftDate(`${name}-01`, day);
  });
  return {
    name,
    weeks: Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7)),
  };
}

export function shiftMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

export function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How a run date looks, and what it is called. */
export interface DateLook {
  readonly mark?: Mark;
  readonly words: string;
  /** It lies ahead. */
  readonly isAhead?: boolean;
}

const outcomeMarks: Readonly<Record<string, Mark>> = {
  succeeded: "succeeded",
  succeeded_with_warnings: "check-warned",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "broken",
};
const noteMarks: Readonly<Record<string, Mark>> = {
  waits: "queued",
  missed: "skipped",
  skipped: "skipped",
  failed: "failed",
};

/** Undefined: no run date. What ran tells more than what a schedule noted before. */
export function lookOf(entry: CalendarDate | undefined, today: string): DateLook | undefined {
  if (entry === undefined) return undefined;
  const { date, outcome, isRunning, note, isPublished, isScheduled } = entry;
  if (isRunning === true) return { mark: "running", words: "running" };
  if (note === "waits") return { mark: "queued", words: "waits" };
  const mark = outcomeMarks[outcome ?? ""];
  if (outcome !== undefined && mark !== undefined) return { mark, words: outcome.replaceAll("_", " ") };
  if (note !== undefined) return { mark: noteMarks[note.split(":")[0] ?? ""] ?? "skipped", words: note };
  if (isPublished) return { mark: "succeeded", words: "published" };
  if (isScheduled && date > today) return { words: "scheduled", isAhead: true };
  return { mark: "never", words: "never run" };
}
