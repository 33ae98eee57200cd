import type { ChartLayout, ChartMark, ChartOptions } from "../notebook/chart-options.js";
import { ChartFault } from "./chart-problem.js";
import type { ChartColumn } from "./chart-column.js";
import { isCssColor } from "../text/css-color.js";
import {
  countRows,
  findColumn,
  implicitAggregate,
  parseChannel,
  type AggregateChannel,
  type Channel,
  type ColumnChannel,
  type WrittenChannel,
} from "./parse-channel.js";
import type { PlotChannelName } from "./plot-description.js";
import { readExtras, readMeasures, readRules, requireNumber, type ResolvedRule } from "./resolve-extras.js";

export type Channels = Readonly<Partial<Record<PlotChannelName, Channel>>>;

/** What the options mean for these columns, with what goes without saying. */
export interface ResolvedChart {
  readonly mark: ChartMark;
  readonly family: "bar" | "line" | "dot" | "cell" | "number";
  readonly base: "x" | "y";
  readonly value: "x" | "y";
  readonly channels: Channels;
  /** Where there are several, each a series of its own; the channel of the value is the first. */
  readonly measures: readonly WrittenChannel[];
  readonly rules: readonly ResolvedRule[];
  /** Of bars and areas that have parts. */
  readonly layout: ChartLayout;
  readonly color?: string;
  readonly isAggregated: boolean;
  /** How raw values at the same place become one, though nobody said so. */
  readonly implicit?: "sum" | "mean";
}

const families: Readonly<Record<ChartMark, ResolvedChart["family"]>> = {
  barY: "bar",
  barX: "bar",
  rectY: "bar",
  histogram: "bar",
  lineY: "line",
  areaY: "line",
  dot: "dot",
  cell: "cell",
  number: "number",
};

/** Throws ChartFault. */
export function resolveChart(options: ChartOptions, columns: readonly ChartColumn[]): ResolvedChart {
  const { mark } = options;
  if (mark === undefined) throw missing("mark", "A chart", "barY");
  const base = mark === "barX" ? "y" : "x";
  const value = base === "x" ? "y" : "x";
  const read = (name: "x" | "y" | "r" | "fx" | "fy"): Channels => {
    const text = options[name];
    return text === undefined ? {} : { [name]: parseChannel(name, text, columns) };
  };
  const family = families[mark];
  const implicit =
    family === "bar" || mark === "areaY" ? "sum" : options.grain === undefined ? undefined : "mean";
  const measures = readMeasures(options, value, implicit, columns);
  const color = readColor(options, mark, columns);
  const written: Channels = {
    ...read("x"),
    ...read("y"),
    ...(typeof color === "object" && { color }),
    ...measuresChannels(measures, value, color, family),
    ...read("r"),
    ...read("fx"),
    ...read("fy"),
  };
  for (const name of ["fx", "fy"] as const)
    if (written[name] !== undefined) requireColumn(name, written[name]);
  requireNumber("r", written.r);
  const filled = complete({ mark, family, base, value, channels: written }, options, columns);
  const extras = readExtras(options, family, filled.channels, columns);
  return {
    mark,
    family,
    base,
    value,
    ...filled,
    channels: { ...filled.channels, ...extras },
    measures,
    rules: readRules(options, filled.channels, columns),
    layout: readLayout(options, family, measures, filled.channels[value]),
    ...(typeof color === "string" && { color }),
    isAggregated: Object.values(filled.channels).some((channel) => channel.type === "aggregate"),
  };
}

/** The first measure stands for all of them, and their names are the colours. */
function measuresChannels(
  measures: readonly WrittenChannel[],
  value: "x" | "y",
  color: unknown,
  family: ResolvedChart["family"],
): Channels {
  const [first] = measures;
  if (first === undefined) return {};
  if (typeof color === "object" || (family !== "bar" && family !== "line"))
    throw new ChartFault({
      code: "wrong-type",
      option: value,
      message: `Chart option "${value}" has several measures, which ${typeof color === "object" ? "have the colours already" : "are for bars, lines and areas"}`,
      hint:
        typeof color === "object"
          ? "Leave fill and stroke out, or have one measure."
          : "For example: mark: lineY",
    });
  const names = measures.map(({ label }) => label);
  return { [value]: { ...first, label: "" }, color: { type: "measures", kind: "nominal", label: "", names } };
}

/** Parts that add up are put upon one another, but for several measures: those are seldom parts of one whole. */
function readLayout(
  { layout, xScale, yScale, mark }: ChartOptions,
  family: ResolvedChart["family"],
  measures: readonly WrittenChannel[],
  value: Channel | undefined,
): ChartLayout {
  const isLog = (mark === "barX" ? xScale : yScale) === "log";
  const summands = measures.length === 0 ? [value] : measures;
  const isAdditive = summands.every((channel) => channel?.type === "aggregate" && channel.isAdditive);
  if (layout === undefined) return isAdditive && measures.length === 0 && !isLog ? "stacked" : "grouped";
  const isPart = family === "bar" || mark === "areaY";
  const why = !isPart
    ? "is for bars and areas"
    : layout === "grouped" || (isAdditive && !isLog)
      ? undefined
      : isLog
        ? `${layout} does not go with a logarithmic axis`
        : `${layout} needs parts that add up, as count() and sum() do`;
  if (why === undefined) return layout;
  throw new ChartFault({
    code: "wrong-type",
    option: "layout",
    message: `Chart option "layout" ${why}`,
    hint: isPart ? "For example: layout: grouped" : "For example: mark: barY",
  });
}

type Draft = Pick<ResolvedChart, "mark" | "family" | "base" | "value" | "channels">;

function complete(
  draft: Draft,
  options: ChartOptions,
  columns: readonly ChartColumn[],
): Pick<ResolvedChart, "channels" | "implicit"> {
  const { mark, family, base, value, channels } = draft;
  switch (family) {
    case "bar": {
      const stand = requireColumn(base, channels[base] ?? fail(base, mark, columns), mark);
      const measure = channels[value] ?? countRows;
      requireNumber(value, measure);
      return withImplicit({ ...channels, [base]: stand, [value]: measure }, value, "sum");
    }
    case "line": {
      const stand = requireColumn(base, channels[base] ?? fail(base, mark, columns), mark);
      requireNumber(value, channels[value] ?? fail(value, mark, columns));
      if (mark === "areaY") return withImplicit(channels, value, "sum");
      const isCut = options.grain !== undefined && stand.kind === "temporal";
      return isCut ? withImplicit(channels, value, "mean") : { channels };
    }
    case "dot":
      for (const name of ["x", "y"] as const) if (channels[name] === undefined) fail(name, mark, columns);
      return { channels };
    case "number": {
      const measure = channels[value] ?? countRows;
      requireNumber(value, measure);
      const time = channels[base];
      if (time !== undefined && requireColumn(base, time).kind !== "temporal")
        throw new ChartFault({
          code: "wrong-type",
          option: base,
          message: `Chart option "${base}" of a number must be a time, by whose parts it changes`,
          hint: "Leave it out, or compare the number with another one: compare: sum(last_year)",
        });
      return withImplicit({ ...channels, [value]: measure }, value, "sum");
    }
    case "cell": {
      for (const name of ["x", "y"] as const)
        requireColumn(name, channels[name] ?? fail(name, mark, columns), mark);
      const { color = countRows } = channels;
      if (color.type !== "column") return { channels: { ...channels, color } };
      if (color.kind === "quantitative") return withImplicit(channels, "color", "mean");
      return { channels: { ...channels, color: mostFrequent(color) } };
    }
  }
}

function withImplicit(
  channels: Channels,
  name: "x" | "y" | "color",
  how: "sum" | "mean",
): Pick<ResolvedChart, "channels" | "implicit"> {
  const channel = channels[name];
  if (channel?.type !== "column") return { channels };
  return { channels: { ...channels, [name]: implicitAggregate(name, how, channel) }, implicit: how };
}

function mostFrequent(channel: ColumnChannel): AggregateChannel {
  const { label, column } = channel;
  return {
    type: "aggregate",
    value: { type: "aggregate", name: "mode", of: { type: "column", column, as: "text" } },
    kind: "nominal",
    label,
    isAdditive: false,
    isCount: false,
  };
}

/** A line is drawn by its stroke, everything else by its fill. */
function readColor(
  { fill, stroke }: ChartOptions,
  mark: ChartMark,
  columns: readonly ChartColumn[],
): WrittenChannel | string | undefined {
  const isLine = mark === "lineY";
  const text = isLine ? (stroke ?? fill) : (fill ?? stroke);
  if (text === undefined) return undefined;
  if (findColumn(text, columns) === undefined && isCssColor(text)) return text;
  return parseChannel(text === fill ? "fill" : "stroke", text, columns);
}

function requireColumn(name: string, channel: Channel, mark?: ChartMark): ColumnChannel {
  if (channel.type === "column") return channel;
  const swapped = mark === "barY" ? "barX" : mark === "barX" ? "barY" : undefined;
  throw new ChartFault({
    code: "wrong-type",
    option: name,
    message: `Chart option "${name}" must be a column, not an aggregate`,
    ...(swapped !== undefined && { hint: `With mark: ${swapped} the bars lie the other way.` }),
  });
}

function fail(name: string, mark: ChartMark, columns: readonly ChartColumn[]): never {
  throw missing(name, `A chart of mark ${mark}`, columns[0]?.name ?? "city_code");
}

function missing(option: string, what: string, example: string): ChartFault {
  return new ChartFault({
    code: "missing-channel",
    option,
    message: `${what} needs "${option}"`,
    hint: `For example: ${option}: ${example}`,
  });
}
