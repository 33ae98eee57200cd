import { Cron } from "croner";
import { BoundedCache } from "../base/bounded-cache.js";
import { dateIn, startOfDay } from "../runs/interval.js";

/*
 * When a cron expression fires in a time zone, as Vixie's cron has it: a local time that is skipped fires right after the
 * jump, a fixed one that comes twice fires the first time.
 */

export interface CronTimes {
  readonly cron: string;
  readonly timezone: string;
}

/** A run that is due: the instant, ISO 8601, and the run date, which is the calendar's in the schedule's time zone. */
export interface Fire {
  readonly at: string;
  readonly date: string;
}

/** More than every minute of a day: whoever was away for longer gets the newest. */
export const MOST_FIRES = 2000;

export function nextFires(times: CronTimes, after: number, count: number): Fire[] {
  return openCron(times)
    .nextRuns(count, new Date(after))
    .map((instant) => toFire(instant, times.timezone));
}

/** Those later than `after`, up to `until` and with it; of too many the newest, in order. */
export function firesBetween(times: CronTimes, after: number, until: number): Fire[] {
  const cron = openCron(times);
  const newest: Fire[] = [];
  // Backwards, so that years of minutes cost no more than those that are wanted. `previousRuns` leaves out its start.
  for (let before = new Date(until + 1000); newest.length < MOST_FIRES;) {
    const batch = cron
      .previousRuns(newest.length === 0 ? 2 : 200, before)
      .filter((at) => at.getTime() <= until);
    const wanted = batch.filter((at) => at.getTime() > after);
    newest.push(...wanted.map((at) => toFire(at, times.timezone)));
    const last = batch.at(-1);
    if (last === undefined || wanted.length < batch.length) break;
    before = last;
  }
  return newest.slice(0, MOST_FIRES).reverse();
}

/** The run dates of a schedule from one calendar date to another, both included; each once, in order. */
export function fireDates(times: CronTimes, from: string, to: string): string[] {
  const cron = openCron(times);
  const dates: string[] = [];
  for (let day = from; ;) {
    const fire = cron.nextRun(new Date(startOfDay(day, times.timezone).getTime() - 1000));
    const date = fire === null ? undefined : dateIn(fire, times.timezone);
    if (date === undefined || date > to) return dates;
    dates.push(date);
    day = dayAfter(date);
  }
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 24 * 3_600_000).toISOString().slice(0, 10);
}

function toFire(instant: Date, timezone: string): Fire {
  return { at: instant.toISOString(), date: dateIn(instant, timezone) };
}

/** Each text is parsed once; far more than a workspace has. */
const crons = new BoundedCache<Cron>(5000, 2 ** 20);

function openCron({ cron, timezone }: CronTimes): Cron {
  const key = `${timezone}\n${cron}`;
  const known = crons.get(key);
  if (known !== undefined) return known;
  const opened = new Cron(cron, { timezone, paused: true, mode: cron.startsWith("@") ? "auto" : "5-part" });
  crons.set(key, opened);
  return opened;
}
