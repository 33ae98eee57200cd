import { toString as describeCron } from "cronstrue";
import type { ScheduleView } from "../../server/api/protocol.js";

type Schedule = ScheduleView["schedule"];

const MINUTE = 60_000;
const units = [
  ["year", 365 * 24 * 60 * MINUTE],
  ["month", 30 * 24 * 60 * MINUTE],
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
] as const;

/** When it begins, as a sentence without its end: "At 06:00, on day 1 of the month, once orders is published". */
export function wordsOfSchedule({ cron, onInput, after }: Schedule): string {
  const files = onInput === undefined ? undefined : onInput === true ? "its input" : onInput.join(", ");
  const input =
    files === undefined ? [] : [cron === undefined ? `when ${files} changes` : `once ${files} is there`];
  const others =
    after === undefined ? [] : [`once ${after.join(" and ")} ${after.length === 1 ? "is" : "are"} published`];
  const text = [...(cron === undefined ? [] : [wordsOfCron(cron)]), ...input, ...others].join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** An expression that has no words is its own. */
export function wordsOfCron(cron: string): string {
  return describeCron(cron, {
    use24HourTimeFormat: true,
    throwExceptionOnParseError: false,
    verbose: false,
  }).startsWith("An error")
    ? cron
    : describeCron(cron, { use24HourTimeFormat: true });
}

/** "2026-12-01 06:00", as the clocks of that time zone show it. */
export function formatIn(instant: string, timezone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return format.format(new Date(instant)).replace(",", "");
}

/** "in 3 days", "2 hours ago", "now". `now` in milliseconds since 1970. */
export function formatDistance(instant: string, now: number): string {
  const distance = Date.parse(instant) - now;
  // What is rounded up to a unit is of that unit: 60 minutes are an hour.
  const [unit, size] = units.find(([, length]) => Math.abs(distance) >= length - length / 48) ?? [
    "minute",
    MINUTE,
  ];
  const count = Math.round(distance / size);
  if (count === 0) return "now";
  return new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(count, unit);
}

export interface Standing {
  readonly words: string;
  /** Of the run that goes on. */
  readonly run?: string;
}

/** What keeps it from its next time: nothing where undefined. */
export function standingOf({ running, waiting, isPaused }: ScheduleView): Standing | undefined {
  if (running !== null) return { words: `${running.date} is running`, run: running.run };
  const [first] = waiting;
  if (first === undefined) return undefined;
  const others = waiting.length > 1 ? `, and ${String(waiting.length - 1)} more after it` : "";
  return {
    words: `${first.date} waits: ${isPaused ? "the schedule is paused" : (first.reason ?? "it is about to begin")}${others}`,
  };
}
