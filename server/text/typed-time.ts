const TYPED =
  /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/;

/** Milliseconds since 1970. */
export interface TimeSpan {
  readonly from: number;
  /** The first that is none of it; the same as `from` where a time is meant to the second. */
  readonly below: number;
}

/**
 * What is meant by as much of a time as somebody types: `2020`, `2020-07`, `2020-07-01`, `2020-07-01 12:30`. UTC, unless it
 * says otherwise. Undefined: it is no time.
 */
export function readTypedTime(text: string): TimeSpan | undefined {
  const [found, year = "", month, day, hour, minute, second, zone] = TYPED.exec(text) ?? [];
  if (found === undefined) return undefined;
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  const [h, min] = [Number(hour ?? 0), Number(minute ?? 0)];
  const start = utc(y, m, d);
  const isDay = new Date(start).getUTCMonth() === m && new Date(start).getUTCDate() === d;
  if (!isDay || h > 23 || min > 59 || Number(second ?? 0) >= 60) return undefined;
  const from = start + (h * 60 + min) * 60_000 + Math.round(Number(second ?? 0) * 1000) - offsetOf(zone);
  if (second !== undefined) return { from, below: from };
  if (hour !== undefined) return { from, below: from + 60_000 };
  if (day !== undefined) return { from, below: utc(y, m, d + 1) };
  return { from, below: month === undefined ? utc(y + 1, 0, 1) : utc(y, m + 1, 1) };
}

/** `Date.UTC` takes years before 100 for others. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

function offsetOf(zone: string | undefined): number {
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? "") ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
