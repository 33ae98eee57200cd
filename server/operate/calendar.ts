import { AppError } from "../base/errors.js";
import { isRunDate } from "../base/run-date.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import type { RunManager } from "../runs/run-manager.js";
import type { RunOutcome } from "../runs/run-record.js";
import { fireDates } from "./fire-times.js";
import type { Schedules } from "./schedules/schedules.js";

export interface CalendarDate {
  readonly date: string;
  /** Of the newest materialization; absent: none. */
  readonly outcome?: RunOutcome;
  readonly run?: string;
  readonly isRunning?: boolean;
  /** Shown in the lake. */
  readonly isPublished: boolean;
  /** A date of the schedule. */
  readonly isScheduled: boolean;
  /** What became of a date that was due and did not begin. */
  readonly note?: string;
}

export interface CalendarParts {
  readonly manager: RunManager;
  readonly notebooks: NotebookCache;
  readonly schedules: Schedules;
}

const MAX_DAYS = 800;

/** Both dates included. Fails with code usage or not-found. */
export async function calendarOf(
  { manager, notebooks, schedules }: CalendarParts,
  notebook: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<CalendarDate[]> {
  for (const date of [from, to])
    if (!isRunDate(date)) throw new AppError("usage", `"${date}" is not a date of the form YYYY-MM-DD.`);
  if ((Date.parse(to) - Date.parse(from)) / 86_400_000 > MAX_DAYS)
    throw new AppError("usage", `From ${from} to ${to} are more than ${String(MAX_DAYS)} days.`);
  const { schedule } = (await notebooks.read(notebook)).parsed.notebook.frontMatter;
  const scheduled = new Set(
    schedule?.cron === undefined
      ? []
      : fireDates({ cron: schedule.cron, timezone: schedule.timezone }, from, to),
  );
  const runs = new Map(
    (await manager.store.recent())
      .filter((run) => run.notebook === notebook && run.mode === "materialize")
      .reverse()
      .map((run) => [run.date, run]),
  );
  const published = new Set(
    manager.services.lake
      .publications()
      .filter((entry) => entry.notebook === notebook)
      .map((entry) => entry.runDate),
  );
  const notes = schedules.notesOf(notebook);
  const dates = new Set([...scheduled, ...runs.keys(), ...published, ...notes.keys()]);
  return [...dates]
    .filter((date) => date >= from && date <= to)
    .sort()
    .map((date) => {
      const run = runs.get(date);
      const note = notes.get(date);
      return {
        date,
        ...(run === undefined ? {} : { outcome: run.outcome, run: run.id, isRunning: run.isRunning }),
        isPublished: published.has(date),
        isScheduled: scheduled.has(date),
        ...(note === undefined ? {} : { note }),
      };
    });
}
