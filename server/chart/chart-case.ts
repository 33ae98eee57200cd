import type { ChartOptions } from "../notebook/chart-options.js";
import type { ChartColumn } from "./chart-column.js";
import type { ChartFacts } from "./chart-facts.js";
import { POINT_BUDGET } from "./chart-limits.js";
import type { AggregateValue } from "./chart-query.js";
import type { Channel, ColumnChannel } from "./parse-channel.js";
import { tipNames, type PlotChannelName } from "./plot-description.js";
import type { ResolvedChart } from "./resolve-chart.js";

export interface ChartRelation {
  readonly columns: readonly ChartColumn[];
  readonly rows: number;
}

/** What a chart is compiled from: what is said of it, and what is known of its data. */
export interface ChartCase {
  readonly options: ChartOptions;
  readonly relation: ChartRelation;
  readonly facts: ChartFacts;
  readonly resolved: ResolvedChart;
}

export function columnOf(chart: ChartCase, name: PlotChannelName): ColumnChannel | undefined {
  const channel = chart.resolved.channels[name];
  return channel?.type === "column" ? channel : undefined;
}

export function isOver(chart: ChartCase): boolean {
  const isKnown = !chart.resolved.isAggregated && chart.relation.rows > POINT_BUDGET;
  return isKnown || chart.facts.isOver === true;
}

export function isOtherKept(chart: ChartCase): boolean {
  return chart.options.other === true && chart.resolved.family === "bar";
}

/** A line between points of different series would mean nothing, so there is no "other". */
export function areOthersDropped(chart: ChartCase): boolean {
  return chart.resolved.family === "line" && !chart.resolved.isAggregated;
}

export function isCapped(chart: ChartCase, name: PlotChannelName): boolean {
  return chart.facts.capped?.includes(name) === true;
}

export const placed = ["x", "y", "color", "r", "fx", "fy"] as const;
/** In which the rows' columns stand. */
export const order: readonly PlotChannelName[] = [...placed, "line", "compare", ...tipNames];

export function valueOf(channel: Channel | undefined): AggregateValue | undefined {
  return channel?.type === "aggregate" ? channel.value : undefined;
}
