import type { ChartMark, ChartOptions } from "../notebook/chart-options.js";
import { ChartFault } from "./chart-problem.js";
import type { ChartColumn } from "./chart-column.js";
import { isCssColor } from "./css-color.js";
import {
  countRows,
  findColumn,
  implicitAggregate,
  parseChannel,
  type AggregateChannel,
  type Channel,
  type ColumnChannel,
} from "./parse-channel.js";
import type { PlotChannelName } from "./plot-description.js";

export type Channels = Readonly<Partial<Record<PlotChannelName, Channel>>>;

/** What the options mean for these columns, with what goes without saying. */
export interface ResolvedChart {
  readonly mark: ChartMark;
  readonly family: "bar" | "line" | "dot" | "cell";
  readonly base: "x" | "y";
  readonly value: "x" | "y";
  readonly channels: Channels;
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
  const color = readColor(options, mark, columns);
  const written: Channels = {
    ...read("x"),
    ...read("y"),
    ...(typeof color === "object" && { color }),
    ...read("r"),
    ...read("fx"),
    ...read("fy"),
  };
  for (const name of ["fx", "fy"] as const)
    if (written[name] !== undefined) requireColumn(name, written[name]);
  requireNumber("r", written.r);
  const family = families[mark];
  const filled = complete({ mark, family, base, value, channels: written }, options, columns);
  return {
    mark,
    family,
    base,
    value,
    ...filled,
    ...(typeof color === "string" && { color }),
    isAggregated: Object.values(filled.channels).some((channel) => channel.type === "aggregate"),
  };
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
    case "cell": {
      for (const name of ["x", "y"] as const)
        requireColumn(name, channels[name] ?? fail(name, mark, columns), mark);
      const { color = countRows } = channels;
      if (color.type === "aggregate") return { channels: { ...channels, color } };
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
): Channel | string | undefined {
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

function requireNumber(name: string, channel: Channel | undefined): void {
  if (channel === undefined || channel.type === "aggregate" || channel.kind === "quantitative") return;
  const { column } = channel;
  throw new ChartFault({
    code: "wrong-type",
    option: name,
    message: `Chart option "${name}" needs a number, and "${column.name}" is ${column.type}`,
    hint: `For example: ${name}: count(*), or ${name}: distinct(${column.name})`,
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
