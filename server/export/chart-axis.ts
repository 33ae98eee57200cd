import type { SnapshotChart } from "../share/snapshot.js";

export type Channel = NonNullable<SnapshotChart["plot"]["channels"]["x"]>;
export type Value = string | number | null;

export interface Axis {
  readonly isBand: boolean;
  /** The middle of a band, or the place of a value. */
  at(value: Value): number;
  /** Of a band, or of a bin. */
  width(value: Value): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Numbers and times as numbers, names as text: what an axis can place. */
export function toValue(value: unknown, channel: Channel): Value {
  if (isBand(channel)) return nameOf(value, channel);
  if (value === null || value === undefined) return null;
  const number = channel.scale === "temporal" ? toTime(value) : Number(value);
  return Number.isFinite(number) ? number : null;
}

export function isBand({ scale }: Channel): boolean {
  return scale === "ordinal" || scale === "nominal";
}

function nameOf(value: unknown, { grain }: Channel): string {
  if (value === null || value === undefined) return "NULL";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return grain === undefined ? text : formatTime(toTime(text), GRAIN_MS[grain] ?? DAY);
}

/** Times come without a zone and are UTC. */
function toTime(value: unknown): number {
  const text = typeof value === "string" ? value : "";
  return Date.parse(`${text.replace(" ", "T")}${text.length > 10 ? "Z" : ""}`);
}

/** `values`: those that have to fit; `from` and `to` are pixels. */
export function createAxis(channel: Channel, values: readonly Value[], from: number, to: number): Axis {
  return isBand(channel)
    ? createBands(bandNames(channel, values), from, to)
    : createScale(
        channel,
        values.filter((value) => typeof value === "number"),
        from,
        to,
      );
}

export function bandNames({ scale, range }: Channel, values: readonly Value[]): string[] {
  const names = [...new Set(values.map(String))];
  if (range !== undefined) {
    const [first, last] = range;
    const whole = Array.from({ length: Math.min(500, last - first + 1) }, (_, index) =>
      String(first + index),
    );
    return [...whole, ...names.filter((name) => !whole.includes(name))];
  }
  return scale === "nominal" ? names.sort() : names;
}

function createBands(names: readonly string[], from: number, to: number): Axis {
  const size = (to - from) / Math.max(1, names.length);
  const middle = (name: string): number => from + size * (names.indexOf(name) + 0.5);
  return {
    isBand: true,
    at: (value) => middle(String(value)),
    width: () => Math.abs(size) * 0.86,
    ticks: names.map((name) => ({ at: middle(name), label: shorten(name) })),
  };
}

function createScale(channel: Channel, values: readonly number[], from: number, to: number): Axis {
  const end = (value: number): number => value + binWidth(channel, value);
  const min = values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
  const max = values.reduce((a, b) => Math.max(a, end(b)), end(values[0] ?? 1));
  const isTime = channel.scale === "temporal";
  const span = max - min || 1;
  const ticks = isTime ? timeTicks(min, max) : numberTicks(min, max, channel.isInteger === true);
  const at = (value: Value): number => from + ((Number(value) - min) / span) * (to - from);
  return {
    isBand: false,
    at,
    width: (value) => Math.abs(at(end(Number(value))) - at(value)),
    ticks: ticks.map(({ value, label }) => ({ at: at(value), label })),
  };
}

const DAY = 86_400_000;
const GRAIN_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
  month: 28 * DAY,
  quarter: 90 * DAY,
  year: 365 * DAY,
};
const GRAIN_MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

function binWidth({ grain, step }: Channel, value: number): number {
  if (grain === undefined) return step ?? 0;
  const months = GRAIN_MONTHS[grain];
  if (months === undefined) return GRAIN_MS[grain] ?? 0;
  const date = new Date(value);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()) - value;
}

interface Tick {
  readonly value: number;
  readonly label: string;
}

function numberTicks(min: number, max: number, isInteger: boolean): Tick[] {
  const raw = (max - min || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw) ?? raw;
  const size = isInteger ? Math.max(1, Math.round(step)) : step;
  const ticks: Tick[] = [];
  for (let n = Math.ceil(min / size - 1e-9); n * size <= max + size * 1e-9 && ticks.length < 20; n++) {
    const value = Number((n * size).toPrecision(12));
    ticks.push({ value, label: formatTick(value) });
  }
  return ticks;
}

function timeTicks(min: number, max: number): Tick[] {
  const span = max - min;
  const months = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((count) => span / (count * 30 * DAY) <= 8);
  const small = [60_000, 3_600_000, 6 * 3_600_000, DAY, 2 * DAY, 7 * DAY].find((size) => span / size <= 8);
  if (small !== undefined)
    return steps(Math.ceil(min / small) * small, (value) => value + small, max).map((value) => ({
      value,
      label: formatTime(value, small),
    }));
  const count = months ?? 2400;
  const first = new Date(min);
  const start = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / count) * count;
  const monthAt = (month: number): number => new Date(0).setUTCFullYear(0, month, 1);
  const values: number[] = [];
  for (let month = start; monthAt(month) <= max && values.length < 20; month += count)
    if (monthAt(month) >= min) values.push(monthAt(month));
  return values.map((value) => ({ value, label: formatTime(value, count >= 12 ? 365 * DAY : 28 * DAY) }));
}

function steps(start: number, next: (value: number) => number, max: number): number[] {
  const values: number[] = [];
  for (let value = start; value <= max && values.length < 20; value = next(value)) values.push(value);
  return values;
}

/** As precise as the steps are wide: `2026`, `2026-11`, `2026-11-22`, `2026-11-22 06:00`. */
function formatTime(time: number, stepMs: number): string {
  if (!Number.isFinite(time)) return "";
  const text = new Date(time).toISOString().replace("T", " ");
  return text.slice(0, stepMs >= 365 * DAY ? 4 : stepMs >= 28 * DAY ? 7 : stepMs >= DAY ? 10 : 16);
}

/** Up to T as people write it, above that with an exponent: there is no unit that is known to all. */
function formatTick(value: number): string {
  if (Math.abs(value) < 1e6 || Math.abs(value) >= 1e15) return formatNumber(value);
  return value.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 3 });
}

export function formatNumber(value: number): string {
  if (Math.abs(value) >= 1e15) return Number(value.toPrecision(6)).toExponential().replace("e+", "e");
  return value.toLocaleString("en-US", { maximumSignificantDigits: 6 }).replaceAll(",", " ");
}

function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
