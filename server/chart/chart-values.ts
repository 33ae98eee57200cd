import {
  OTHER,
  REST,
  type PlotChannel,
  type PlotChannelName,
  type PlotDescription,
} from "./plot-description.js";
import { formatAs } from "../text/value-format.js";
import { formatCompact, formatNumber, formatScientific, showControls, showEdges } from "../text/format.js";

export type ChartGrain = NonNullable<PlotChannel["grain"]>;

/** A row as Plot takes it: numbers, dates, and the keys of names. */
export type Datum = Partial<Record<PlotChannelName, number | Date | string | null>>;

/** What is drawn, and the rows that it is drawn of, whose columns have the names of the channels. */
export interface PlainChart {
  readonly plot: PlotDescription;
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** Of all rows, where `rows` are of some: a name keeps its colour whatever else is left. */
  readonly colorKeys?: readonly string[];
}

/** The key of no value; that of a text which begins so has it twice. */
export const MISSING = "\0";
const NULL = "NULL";

export function channelsOf({ plot }: PlainChart): [PlotChannelName, PlotChannel][] {
  return Object.entries(plot.channels) as [PlotChannelName, PlotChannel][];
}

export function toData(chart: PlainChart): Datum[] {
  const readers = channelsOf(chart).flatMap(([name, channel]) => {
    const index = chart.columns.findIndex((column) => column.name === name);
    return index < 0 ? [] : [{ name, index, channel }];
  });
  return chart.rows.map((row) =>
    Object.fromEntries(
      readers.map(({ name, index, channel }) => {
        const value = toDrawn(row[index], channel);
        // No dot is smaller than nothing.
        return [name, name === "r" && Number(value) < 0 ? null : value];
      }),
    ),
  );
}

/** For drawing only: a number of 64 bits or a decimal is rounded to what a pixel can show. */
function toDrawn(value: unknown, channel: PlotChannel): number | Date | string | null {
  switch (channel.scale) {
    case "quantitative":
      return toFinite(value);
    case "temporal":
      return toDate(value);
    case "ordinal":
    case "nominal":
      return toKey(value);
  }
}

/** Null where a number has no place on any scale. */
export function toFinite(value: unknown): number | null {
  const number = value === null || value === undefined ? NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Times come without a zone and are UTC. */
export function toDate(value: unknown): Date | null {
  const match = /^(\d{4,6})-(\d\d)-(\d\d)( \(BC\))?(?:[ T](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?/.exec(
    typeof value === "string" ? value : "",
  );
  if (match === null) return null;
  const [, year, month, day, before, hour = "0", minute = "0", second = "0", fraction = "0"] = match;
  const date = utcDate(
    before === undefined ? Number(year) : 1 - Number(year),
    Number(month) - 1,
    Number(day),
  );
  date.setUTCHours(Number(hour), Number(minute), Number(second), Math.round(Number(fraction) * 1000));
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `Date.UTC` takes the years 0 to 99 for those of the 20th century. */
function utcDate(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date;
}

/** What tells the names of a scale apart: values have the same key only where they are the same. */
export function toKey(value: unknown): string {
  if (value === null || value === undefined) return MISSING;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.startsWith(MISSING) ? `${MISSING}${text}` : text;
}

export function toName(value: unknown, channel: PlotChannel): string {
  return nameOfKey(toKey(value), channel);
}

/** What stands at a tick of an axis of names, and in the legend. */
export function nameOfKey(key: string, { grain, step, isInteger }: PlotChannel): string {
  if (key === MISSING) return NULL;
  if (key === REST) return OTHER;
  const value = key.startsWith(MISSING) ? key.slice(MISSING.length) : key;
  const date = grain === undefined ? null : toDate(value);
  if (grain !== undefined && date !== null) return formatGrain(date, grain);
  if (step !== undefined) return formatBin(Number(value), step);
  if (isInteger === true) return formatPlainInteger(value);
  if (value === "") return EMPTY;
  const shown = showEdges(showControls(value));
  return isMistakable(value) ? `"${shown}"` : shown;
}

const EMPTY = "empty";
const words: readonly string[] = [NULL, EMPTY, OTHER];

/** A text that is written as something else is: as the word for nothing, or with the mark of a line break. */
function isMistakable(text: string): boolean {
  return words.includes(text.replace(/^"+|"+$/g, "")) || /[↵⇥␣\u2400-\u2421]|\\u[0-9a-f]{4}/.test(text);
}

/** Years, months and numbers of things read as they are. */
function formatPlainInteger(text: string): string {
  return text.length <= 4 ? text : formatNumber(text);
}

export function formatBin(from: number, step: number): string {
  return `${formatFigure(from)} – ${formatFigure(Number((from + step).toPrecision(12)))}`;
}

/** For tips: with all digits up to where nobody counts them any more. */
export function formatFigure(value: number): string {
  return Math.abs(value) >= 1e15 ? formatScientific(value, 6) : formatNumber(value);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Returns "2026", "Q2 2026", "Nov 2026", "3 Nov 2026", "3 Nov 2026, 14:05". */
export function formatGrain(date: Date, grain: ChartGrain | undefined): string {
  const count = date.getUTCFullYear();
  const year = count > 0 ? String(count) : `${String(1 - count)} BC`;
  const month = months[date.getUTCMonth()] ?? "";
  const day = `${String(date.getUTCDate())} ${month} ${year}`;
  switch (grain) {
    case "year":
      return year;
    case "quarter":
      return `Q${String(Math.floor(date.getUTCMonth() / 3) + 1)} ${year}`;
    case "month":
      return `${month} ${year}`;
    case "week":
      return `week of ${day}`;
    case "day":
      return day;
    case "hour":
    case "minute":
      return `${day}, ${date.toISOString().slice(11, 16)}`;
    case undefined: {
      const time = date.toISOString().slice(11, 19);
      return time === "00:00:00" ? day : `${day}, ${time.replace(/:00$/, "")}`;
    }
  }
}

/** The begin of the next part of time. */
export function addGrain(date: Date, grain: ChartGrain): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (grain) {
    case "year":
      return utcDate(year + 1, month, day);
    case "quarter":
      return utcDate(year, month + 3, day);
    case "month":
      return utcDate(year, month + 1, day);
    case "week":
      return utcDate(year, month, day + 7);
    case "day":
      return utcDate(year, month, day + 1);
    case "hour":
      return new Date(date.getTime() + 3_600_000);
    case "minute":
      return new Date(date.getTime() + 60_000);
  }
}

/** For ticks: short, and nothing at fractions of what comes in whole numbers. */
export function formatTick(value: number, isInteger: boolean | undefined, isFull = false): string {
  if (isInteger === true && !Number.isInteger(value)) return "";
  return !isFull && Math.abs(value) >= 1e6 ? formatCompact(value) : formatNumber(value);
}

export function formatTickOf(channel: PlotChannel | undefined, value: number, isFull = false): string {
  const { format, isInteger } = channel ?? {};
  return format === undefined ? formatTick(value, isInteger, isFull) : formatAs(value, format);
}

/** A value in full: for tips, tables and labels of marks. */
export function formatterOf(channel: PlotChannel): (value: unknown) => string {
  const { scale, grain, isInteger, step, format } = channel;
  switch (scale) {
    case "quantitative":
      return (value) => {
        if (value === null || value === undefined) return NULL;
        if (format !== undefined) return formatAs(Number(value), format);
        if (step !== undefined) return formatBin(Number(value), step);
        return formatFigure(isInteger === true ? Math.round(Number(value)) : Number(value));
      };
    case "temporal":
      return (value) => (value instanceof Date ? formatGrain(value, grain) : "");
    case "ordinal":
    case "nominal":
      return (value) => nameOfKey(String(value), channel).slice(0, 200);
  }
}

/** All digits of a whole number that is larger than JavaScript can count to; undefined for anything else. */
export function exactly(
  chart: PlainChart,
  name: PlotChannelName,
  row: number | undefined,
): string | undefined {
  const value = chart.rows[row ?? -1]?.[chart.columns.findIndex((column) => column.name === name)];
  const { scale, format, step } = chart.plot.channels[name] ?? {};
  if (scale !== "quantitative" || format !== undefined || step !== undefined) return undefined;
  return typeof value === "string" && /^-?\d{16,}$/.test(value) ? formatNumber(value) : undefined;
}

/** The keys of the names of a scale, in their order. */
export function keysOf(chart: PlainChart, name: PlotChannelName): string[] {
  const channel = chart.plot.channels[name];
  const index = chart.columns.findIndex((column) => column.name === name);
  if (channel === undefined || index < 0) return [];
  const { range } = channel;
  const values = chart.rows.map((row) => row[index]);
  if (range !== undefined) {
    const [first, last] = range;
    const whole = Array.from({ length: last - first + 1 }, (_, offset) => toKey(first + offset));
    return values.includes(null) ? [...whole, MISSING] : whole;
  }
  const isInRowOrder = name === chart.plot.base && (channel.scale === "ordinal" || chart.plot.mark !== "dot");
  const distinct = [...new Set(values)];
  if (!isInRowOrder) distinct.sort(channel.labels === undefined ? compareValues : byLabels(channel.labels));
  return [...new Set(distinct.map(toKey))];
}

/** Numbers by size, everything else as text; what stands for others and for nothing comes last. */
function compareValues(a: unknown, b: unknown): number {
  const last = rankOf(a) - rankOf(b);
  if (last !== 0) return last;
  const [x, y] = [Number(a), Number(b)];
  if (a !== "" && b !== "" && Number.isFinite(x) && Number.isFinite(y)) return x - y;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** What is no label comes behind them. */
function byLabels(labels: readonly string[]): (a: unknown, b: unknown) => number {
  const places = new Map(labels.map((label, index) => [label, index]));
  const placeOf = (value: unknown): number => places.get(String(value)) ?? labels.length;
  return (a, b) => rankOf(a) - rankOf(b) || placeOf(a) - placeOf(b) || compareValues(a, b);
}

function rankOf(value: unknown): number {
  return value === null || value === undefined ? 2 : value === REST ? 1 : 0;
}
