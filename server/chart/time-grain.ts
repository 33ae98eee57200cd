import type { ChartGrain } from "../notebook/chart-options.js";

/** From the finest to the coarsest, with what each lasts in seconds; of months and years the mean. */
const seconds: readonly (readonly [ChartGrain, number])[] = [
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
  ["week", 604_800],
  ["month", 2_629_746],
  ["quarter", 7_889_238],
  ["year", 31_556_952],
];

export const grains: readonly ChartGrain[] = seconds.map(([grain]) => grain);

export interface TimeExtent {
  /** Seconds since 1970. */
  readonly min: number;
  readonly max: number;
  /** The coarsest grain that no value is finer than, where that is known. */
  readonly natural?: ChartGrain;
}

/** The finest grain that does not make too many parts, nor parts that the data does not have. */
export function pickGrain({ min, max, natural = "minute" }: TimeExtent, mostParts: number): ChartGrain {
  const from = grains.indexOf(natural);
  const fitting = seconds.slice(from).find(([, length]) => (max - min) / length + 1 <= mostParts);
  return fitting?.[0] ?? "year";
}

/** Whether a time, as SQL writes it, is the first of its part; an infinite one is a part of its own. */
export function isBeginOfPart(text: string, grain: ChartGrain): boolean {
  if (/^-?infinity$/.test(text)) return true;
  const [, date, clock = "00:00:00"] = /^(\d{4,6}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d))?$/.exec(text) ?? [];
  if (date === undefined) return false;
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const [hour = 0, minute = 0, second = 0] = clock.split(":").map(Number);
  if (grain === "minute") return second === 0;
  if (grain === "hour") return minute + second === 0;
  if (hour + minute + second > 0) return false;
  switch (grain) {
    case "day":
      return true;
    case "week":
      return isMonday(year, month, day);
    case "month":
      return day === 1;
    case "quarter":
      return day === 1 && month % 3 === 1;
    case "year":
      return day === 1 && month === 1;
  }
}

/** The calendar repeats after 400 years. */
function isMonday(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCDay() === 1;
}
