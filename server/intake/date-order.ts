/** In which order the parts of a date stand. */
export type DateOrder = "dmy" | "mdy" | "ymd";

export interface WrittenDates {
  /** As the file has it: one in which the orders differ. */
  readonly example: string;
  /** The orders in which every value is a date. */
  readonly orders: readonly DateOrder[];
  readonly separator: string;
  /** Years have two digits. */
  readonly isShort: boolean;
  /** What stands behind the dates; absent: nothing. */
  readonly time?: "%H:%M" | "%H:%M:%S";
}

const DATE = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: (\d{1,2}:\d{2}(:\d{2})?))?$/;

/** Undefined for what are no such dates, or where only one order is possible or no other one means something else. */
export function findAmbiguousDates(values: readonly string[]): WrittenDates | undefined {
  const matches = values.map((value) => DATE.exec(value));
  const [first] = matches;
  if (first === undefined || first === null) return undefined;
  const [, , separator = "", , year = "", time, seconds] = first;
  const isAlike = (match: RegExpExecArray | null): match is RegExpExecArray =>
    match !== null &&
    match[2] === separator &&
    match[4]?.length === year.length &&
    (match[5] === undefined) === (time === undefined) &&
    (match[6] === undefined) === (seconds === undefined);
  if (!matches.every(isAlike)) return undefined;
  const isShort = year.length === 2;
  const possible: readonly DateOrder[] = isShort ? ["dmy", "mdy", "ymd"] : ["dmy", "mdy"];
  const orders = possible.filter((order) => matches.every((match) => isDate(partsOf(match), order)));
  const example = matches.find((match) => isTelling(partsOf(match), orders))?.[0];
  if (orders.length < 2 || example === undefined) return undefined;
  const rest =
    time === undefined ? {} : { time: seconds === undefined ? ("%H:%M" as const) : ("%H:%M:%S" as const) };
  return { example, orders, separator, isShort, ...rest };
}

type Parts = readonly [number, number, number];

function partsOf(match: RegExpExecArray): Parts {
  return [Number(match[1]), Number(match[3]), Number(match[4])];
}

function isDate(parts: Parts, order: DateOrder): boolean {
  const [day, month] = [parts[order.indexOf("d")] ?? 0, parts[order.indexOf("m")] ?? 0];
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/** Every two orders make other dates of it. */
function isTelling([first, second, third]: Parts, orders: readonly DateOrder[]): boolean {
  return first !== second && (!orders.includes("ymd") || (first !== third && second !== third));
}

/** In the letters that engines use. */
export function formatOf({ separator, isShort, time }: WrittenDates, order: DateOrder): string {
  const letters = Array.from(order).map((letter) => (letter === "y" && !isShort ? "%Y" : `%${letter}`));
  return letters.join(separator) + (time === undefined ? "" : ` ${time}`);
}

/** What the example means in that order: `2026-10-03`. */
export function isoOf(dates: WrittenDates, order: DateOrder): string {
  return dateOf(dates, order).toISOString().slice(0, 10);
}

/** The same for people: "3 October 2026". */
export function meaningOf(dates: WrittenDates, order: DateOrder): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(
    dateOf(dates, order),
  );
}

function dateOf({ example, isShort }: WrittenDates, order: DateOrder): Date {
  const match = DATE.exec(example);
  const parts: readonly number[] = match === null ? [] : partsOf(match);
  const [day = 1, month = 1, year = 0] = ["d", "m", "y"].map((letter) => parts[order.indexOf(letter)] ?? 0);
  // As strptime: from 69 on it is the last century.
  const century = !isShort ? 0 : year < 69 ? 2000 : 1900;
  return new Date(Date.UTC(century + year, month - 1, day));
}
