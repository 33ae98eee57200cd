import type { ChartGrain } from "../notebook/chart-options.js";
import { MANY_ROWS } from "./chart-limits.js";
import { pickBins } from "./bins.js";
import type { ChartValue, ExtentItem } from "./chart-query.js";
import { isInteger, scaleOf } from "./chart-column.js";
import type { ColumnChannel } from "./parse-channel.js";
import type { PlotChannel } from "./plot-description.js";
import { grains, pickGrain, type TimeExtent } from "./time-grain.js";

/** What is grouped by: a value with a channel's name, and how its values are drawn. */
export interface Dimension {
  readonly value: ChartValue;
  readonly plot: PlotChannel;
  /** The grain that was picked, neither written nor that of the values themselves. */
  readonly pickedGrain?: ChartGrain;
}

export interface CutOptions {
  readonly grain?: ChartGrain;
  readonly bins?: number;
  /** How many parts of time are too many. */
  readonly mostParts: number;
  readonly wishedBins: number;
  /** Whole numbers of a narrow range stay as they are, each with a place of its own. */
  readonly keepsIntegers: boolean;
}

/** The answer of the extent query, by alias. */
export type ExtentRow = Readonly<Record<string, unknown>>;

/** How many whole numbers may stand beside one another without being binned. */
const MOST_INTEGERS = 60;

export interface ExtentOptions {
  readonly rows: number;
  /**
   * The least and the greatest of all values, which the engine knows without a look at the rows. If one of them is
   * infinite, or no number, those of the finite values have to be asked for.
   */
  readonly isQuick: boolean;
}

/** Columns of the extent query that `cut` needs for this channel. */
export function extentItems(
  alias: string,
  { column }: ColumnChannel,
  { rows, isQuick }: ExtentOptions,
): readonly ExtentItem[] {
  const bounds = (["min", "max"] as const).map((type) => ({
    type,
    name: `${alias}_${type}`,
    column,
    isQuick,
  }));
  // Of few, it is worth a look at every value to see what grain the time has.
  if (scaleOf(column) === "quantitative" || rows > MANY_ROWS) return bounds;
  return [
    ...bounds,
    ...grains.map((grain) => ({ type: "grain" as const, name: `${alias}_${grain}`, column, grain })),
  ];
}

/** Whether a bound that was asked for quickly is none that an axis can have. */
export function isEndless(extent: ExtentRow): boolean {
  return Object.entries(extent).some(
    ([alias, value]) => /_(min|max)$/.test(alias) && value !== null && !Number.isFinite(Number(value)),
  );
}

export function needsExtent({ kind }: ColumnChannel, grain: ChartGrain | undefined): boolean {
  return kind === "quantitative" || (kind === "temporal" && grain === undefined);
}

/** Makes a column into parts that can be counted: bins of a number, parts of a time, the values of anything else. */
export function cut(
  alias: string,
  channel: ColumnChannel,
  extent: ExtentRow,
  options: CutOptions,
): Dimension {
  switch (channel.kind) {
    case "quantitative":
      return cutNumber(alias, channel, extent, options);
    case "temporal":
      return cutTime(alias, channel, extent, options);
    case "nominal":
      return series(channel);
  }
}

/** Each value for itself. */
export function series({ column, label }: ColumnChannel): Dimension {
  const isNumber = scaleOf(column) === "quantitative";
  const as = isNumber || column.kind === "boolean" || column.kind === "enum" ? "itself" : "text";
  return {
    value: { type: "column", column, as },
    plot: { scale: isNumber ? "ordinal" : "nominal", label, ...(isInteger(column) && { isInteger: true }) },
  };
}

/** As it is, on a scale that fits its type. */
export function raw({ column, kind, label }: ColumnChannel): Dimension {
  const integer = kind === "quantitative" && isInteger(column) ? { isInteger: true } : {};
  return { value: { type: "column", column, as: "plain" }, plot: { scale: kind, label, ...integer } };
}

export function truncated({ column, label }: ColumnChannel, grain: ChartGrain): Dimension {
  return { value: { type: "part", column, grain }, plot: { scale: "temporal", label, grain } };
}

function cutNumber(
  alias: string,
  { column, label }: ColumnChannel,
  extent: ExtentRow,
  { bins, wishedBins, keepsIntegers }: CutOptions,
): Dimension {
  const [min, max] = [numberOf(extent[`${alias}_min`]), numberOf(extent[`${alias}_max`])];
  const integers = isInteger(column);
  if (integers && keepsIntegers && bins === undefined && spanOf(alias, extent) < MOST_INTEGERS) {
    // Beyond what JavaScript can count to, nobody knows here which numbers lie between.
    const isCountable = Number.isSafeInteger(min) && Number.isSafeInteger(max);
    return {
      value: { type: "column", column, as: "itself" },
      plot: { scale: "ordinal", label, isInteger: true, ...(isCountable && { range: [min, max] as const }) },
    };
  }
  const picked = pickBins({ min, max }, bins ?? wishedBins, integers);
  return {
    value: { type: "bin", column, bins: picked },
    plot: { scale: "quantitative", label, step: picked.step, ...(integers && { isInteger: true }) },
  };
}

/** Exact, also where both are more than JavaScript can count to. */
function spanOf(alias: string, extent: ExtentRow): number {
  const [min, max] = [extent[`${alias}_min`], extent[`${alias}_max`]];
  const isWhole = (value: unknown): value is string => typeof value === "string" && /^-?\d+$/.test(value);
  return isWhole(min) && isWhole(max) ? Number(BigInt(max) - BigInt(min)) : numberOf(max) - numberOf(min);
}

function cutTime(
  alias: string,
  channel: ColumnChannel,
  extent: ExtentRow,
  { grain, mostParts }: CutOptions,
): Dimension {
  if (grain !== undefined) return truncated(channel, grain);
  const time = timeExtent(alias, channel, extent);
  const pickedGrain = pickGrain(time, mostParts);
  return { ...truncated(channel, pickedGrain), ...(pickedGrain !== time.natural && { pickedGrain }) };
}

export function timeExtent(alias: string, { column }: ColumnChannel, extent: ExtentRow): TimeExtent {
  const [min, max] = [numberOf(extent[`${alias}_min`]), numberOf(extent[`${alias}_max`])];
  // A single day tells nothing about months.
  const coarsest = min === max ? grains.slice(0, grains.indexOf("day") + 1) : grains;
  const least = column.kind === "date" ? "day" : undefined;
  const natural = coarsest.toReversed().find((grain) => extent[`${alias}_${grain}`] === true) ?? least;
  return { min, max, ...(natural !== undefined && { natural }) };
}

/** Zero where nothing is known: there are no rows then. */
export function numberOf(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) ? number : 0;
}
