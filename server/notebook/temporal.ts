/** Returns a real calendar date as it was written, `YYYY-MM-DD`; nothing for 30 February. */
export function toDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isReal = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return isReal ? match[0] : undefined;
}

/**
 * Returns `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC. A time without an offset is UTC already, a date without a
 * time is its midnight.
 */
export function toTimestamp(text: string): string | undefined {
  const pattern =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
  const match = pattern.exec(text.trim());
  const date = toDate(match?.[1] ?? "");
  const offset = offsetMinutes(match?.[6]);
  if (match === null || date === undefined || offset === undefined) return undefined;
  const [hour, minute, second] = [Number(match[2] ?? 0), Number(match[3] ?? 0), Number(match[4] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const time = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
  const utc = new Date(Date.parse(`${date}T${time}Z`) - offset * 60_000).toISOString();
  // A year beyond 9999 or before 0 has a sign.
  if (!/^\d/.test(utc)) return undefined;
  const fraction = match[5]?.replace(/0+$/, "") ?? "";
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)}${fraction === "" ? "" : `.${fraction}`}`;
}

function offsetMinutes(text: string | undefined): number | undefined {
  if (text === undefined || text === "Z") return 0;
  const digits = text.slice(1).replace(":", "");
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2) || 0)];
  if (hours > 15 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
