import { Cron } from "croner";
import { BoundedCache } from "../base/bounded-cache.js";
import type { Schedule } from "../notebook/notebook.js";

export interface RunInterval {
  /** `YYYY-MM-DD HH:MM:SS`, UTC; half-open. */
  readonly start: string;
  readonly end: string;
}

/** Where nothing came before: the interval is never NULL, so that a cell's filter never drops everything. */
const BEGINNING = "1970-01-01 00:00:00";

/**
 * The time that a run date stands for: from the schedule's previous run date, or else the one published
 * before it, up to the run date.
 */
export function intervalOf(
  runDate: string,
  schedule: Pick<Schedule, "cron" | "timezone"> | undefined,
  publishedDates: readonly string[],
): RunInterval {
  const previous =
    schedule?.cron === undefined
      ? lastBefore(runDate, publishedDates)
      : previousFire(runDate, schedule.cron, schedule.timezone);
  return { start: previous === undefined ? BEGINNING : `${previous} 00:00:00`, end: `${runDate} 00:00:00` };
}

function lastBefore(runDate: string, dates: readonly string[]): string | undefined {
  return [...dates].sort().findLast((date) => date < runDate);
}

function previousFire(runDate: string, cron: string, timezone: string): string | undefined {
  const fire = new Cron(cron, { timezone, paused: true }).previousRuns(1, startOfDay(runDate, timezone))[0];
  return fire === undefined ? undefined : dateIn(fire, timezone);
}

const QUARTER_HOUR = 15 * 60_000;

/** The instant a date begins in a time zone: offsets are whole quarter hours, from -12 to +14 hours. */
export function startOfDay(date: string, timezone: string): Date {
  let instant = Date.parse(`${date}T00:00:00Z`) + 14 * 3_600_000;
  while (dateIn(new Date(instant - QUARTER_HOUR), timezone) >= date) instant -= QUARTER_HOUR;
  return new Date(instant);
}

/** The calendar date of an instant in a time zone, `YYYY-MM-DD`. */
export function dateIn(instant: Date, timezone: string): string {
  const format = formats.get(timezone) ?? dateFormat(timezone);
  formats.set(timezone, format);
  return format.format(instant);
}

/** By time zone: one takes longer to make than a hundred dates to write. */
const formats = new BoundedCache<Intl.DateTimeFormat>(100, 10_000);

function dateFormat(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
}

/** Today where the machine is: what people at its keyboard call today. */
export function today(): string {
  return dateIn(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone);
}
