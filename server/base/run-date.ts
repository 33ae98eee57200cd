/** Of what a date published: the number of a publication, counted from 1; without one what it shows now. */
export interface DatedName {
  readonly runDate: string;
  readonly number?: number;
}

/** `2026-10-01`; false for a 30th of February too. */
export function isRunDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `2026-10-01` or `2026-10-01@3`; undefined for anything else. */
export function readDatedName(text: string): DatedName | undefined {
  const [, runDate = "", number] = /^([^@]+)(?:@([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (!isRunDate(runDate)) return undefined;
  return number === undefined ? { runDate } : { runDate, number: Number(number) };
}
