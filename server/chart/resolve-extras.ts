import type { ChartOptions } from "../notebook/chart-options.js";
import type { ChartColumn } from "./chart-column.js";
import { ChartFault } from "./chart-problem.js";
import type { AggregateValue } from "./chart-query.js";
import { toDate } from "./chart-values.js";
import { implicitAggregate, parseChannel, type Channel, type WrittenChannel } from "./parse-channel.js";
import { tipNames, type PlotChannelName } from "./plot-description.js";

/* What a chart has beyond its axes, colours and facets. */

type Channels = Readonly<Partial<Record<PlotChannelName, Channel>>>;

export interface ResolvedRule {
  readonly axis: "x" | "y";
  /** A number, a time, or what the engine finds of all rows. */
  readonly at: number | string | AggregateValue;
  readonly label?: string;
}

/** The line over bars, what a number is compared with, and what tips tell. */
export function readExtras(
  options: ChartOptions,
  family: string,
  channels: Channels,
  columns: readonly ChartColumn[],
): Channels {
  const aggregate = (name: "line" | "compare"): Channels => {
    const text = options[name];
    if (text === undefined) return {};
    const needed = name === "line" ? "bar" : "number";
    if (family !== needed)
      throw new ChartFault({
        code: "wrong-type",
        option: name,
        message: `Chart option "${name}" is for ${name === "line" ? "bars" : "mark: number"}`,
        hint: name === "line" ? "For example: mark: barY" : "For example: mark: number",
      });
    const channel = parseChannel(name, text, columns);
    requireNumber(name, channel);
    return { [name]: channel.type === "column" ? implicitAggregate(name, "mean", channel) : channel };
  };
  if (options.line !== undefined && options.mark === "barX")
    throw new ChartFault({
      code: "wrong-type",
      option: "line",
      message: 'Chart option "line" needs bars that stand',
      hint: "For example: mark: barY",
    });
  const isAggregated = Object.values(channels).some((channel) => channel.type === "aggregate");
  const tips = (options.tip ?? []).map((text, index): Channels => {
    const channel = parseChannel("tip", text, columns);
    if ((channel.type === "aggregate") === isAggregated) return { [tipNames[index] ?? "tip1"]: channel };
    throw new ChartFault({
      code: "wrong-type",
      option: "tip",
      message: isAggregated
        ? `Chart option "tip": a mark stands for many rows, and "${text}" has a value for each`
        : `Chart option "tip": a mark stands for one row, and "${text}" is of many`,
      hint: isAggregated ? `For example: tip: max(${text})` : `For example: tip: ${columns[0]?.name ?? "id"}`,
    });
  });
  return Object.assign({}, aggregate("line"), aggregate("compare"), ...tips) as Channels;
}

export function readRules(
  { rules = [] }: ChartOptions,
  channels: Channels,
  columns: readonly ChartColumn[],
): readonly ResolvedRule[] {
  return rules.map(({ axis, at, label }) => {
    const kind = channels[axis]?.kind;
    const named = label === undefined ? {} : { label };
    if (kind === "quantitative" && Number.isFinite(Number(at))) return { axis, at: Number(at), ...named };
    if (kind === "temporal" && toDate(at) !== null) return { axis, at, ...named };
    if (kind === undefined || kind === "nominal")
      throw new ChartFault({
        code: "wrong-type",
        option: "rules",
        message: `Chart option "rules": the axis ${axis} has ${kind === undefined ? "no values" : "names, and no place between them"}`,
        hint: `For example: rules: [{${axis === "x" ? "y" : "x"}: 100}]`,
      });
    const channel = parseChannel("rules", String(at), columns);
    if (channel.type === "aggregate" && channel.kind === kind)
      return { axis, at: channel.value, label: label ?? channel.label };
    throw new ChartFault({
      code: "wrong-type",
      option: "rules",
      message: `Chart option "rules": "${String(at)}" is ${kind === "temporal" ? "no time" : "no number"}`,
      hint: `For example: rules: [{${axis}: ${kind === "temporal" ? "2026-01-31" : "100"}}]`,
    });
  });
}

export function requireNumber(name: string, channel: Channel | undefined): void {
  if (channel?.type !== "column" || channel.kind === "quantitative") return;
  const { column } = channel;
  throw new ChartFault({
    code: "wrong-type",
    option: name,
    message: `Chart option "${name}" needs a number, and "${column.name}" is ${column.type}`,
    hint: `For example: ${name}: count(*), or ${name}: distinct(${column.name})`,
  });
}

/** Several measures of one axis. */
export function readMeasures(
  { measures = [] }: ChartOptions,
  name: "x" | "y",
  implicit: "sum" | "mean" | undefined,
  columns: readonly ChartColumn[],
): readonly WrittenChannel[] {
  const read = measures.map((text) => {
    const channel = parseChannel(name, text, columns);
    requireNumber(name, channel);
    return channel.type === "column" && implicit !== undefined
      ? implicitAggregate(name, implicit, channel)
      : channel;
  });
  const mixed = read.find(({ type }) => type !== read[0]?.type);
  if (mixed === undefined) return read;
  throw new ChartFault({
    code: "wrong-type",
    option: name,
    message: `Chart option "${name}" must have columns only, or aggregates only`,
    hint: `For example: ${name}: [${measures.map((text) => (text.includes("(") ? text : `sum(${text})`)).join(", ")}]`,
  });
}
