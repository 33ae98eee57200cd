import { type ChartCase, columnOf, isCapped, isOtherKept, valueOf } from "./chart-case.js";
import type { Dimensions } from "./chart-dimensions.js";
import type { ChartValue } from "./chart-query.js";
import type { Dimension } from "./dimension.js";
import { findColumn, parseChannel } from "./parse-channel.js";
import type { PlotChannelName } from "./plot-description.js";

export interface Rank {
  readonly by: PlotChannelName | ChartValue;
  readonly isDescending: boolean;
  readonly reduce: "sum" | "max";
}

/** Only places that stand beside one another can be sorted, and only of them there can be too many. */
export function rankOf(chart: ChartCase, dimensions: Dimensions): Rank | undefined {
  const { sort, limit } = chart.options;
  const { family, base, value, channels } = chart.resolved;
  const dimension = dimensions[base];
  if (family !== "bar" && family !== "cell") return undefined;
  if (dimension === undefined || dimension.plot.step !== undefined) return undefined;
  const isDescending = sort?.descending === true;
  const measure = family === "cell" ? "color" : value;
  const valueChannel = channels[measure];
  const isAdditive = valueChannel?.type === "aggregate" && valueChannel.isAdditive;
  // Of several measures the first one ranks a place, whose points all have it.
  const first = valueOf(chart.resolved.measures[0]);
  const byMeasure =
    first === undefined
      ? ({ by: measure, reduce: isAdditive ? "sum" : "max" } as const)
      : ({ by: first, reduce: "max" } as const);
  if (sort === undefined) {
    if (isOtherKept(chart)) return { ...byMeasure, isDescending: true };
    if (limit === undefined && !(family === "bar" && isCapped(chart, base))) return undefined;
    if (limit !== undefined && !isNominal(dimension)) return { by: base, isDescending: false, reduce: "max" };
    return { ...byMeasure, isDescending: true };
  }
  const by = sort.by.toLowerCase();
  if (by === base || columnOf(chart, base)?.column.name.toLowerCase() === by) {
    return { by: base, isDescending, reduce: "max" };
  }
  const isColor = by === "fill" || by === "stroke" || by === "color";
  if (by === measure || (isColor && measure === "color")) return { ...byMeasure, isDescending };
  const text = isColor ? (chart.options.fill ?? chart.options.stroke) : (chart.options[by as "x"] ?? sort.by);
  const channel = parseChannel("sort", typeof text === "string" ? text : sort.by, chart.relation.columns);
  if (channel.type === "aggregate")
    return { by: channel.value, isDescending, reduce: channel.isAdditive ? "sum" : "max" };
  const of = { type: "column", column: channel.column, as: "plain" } as const;
  const extreme = { type: "aggregate", name: isDescending ? "max" : "min", of } as const;
  return { by: extreme, isDescending, reduce: "max" };
}

function isNominal({ plot }: Dimension): boolean {
  return plot.scale === "nominal" || plot.scale === "ordinal";
}

export function rawSort(
  chart: ChartCase,
): { readonly value: ChartValue; readonly isDescending: boolean } | undefined {
  const { sort } = chart.options;
  if (sort === undefined) return undefined;
  const text = sort.by === "x" || sort.by === "y" || sort.by === "r" ? chart.options[sort.by] : undefined;
  const column = findColumn(text ?? sort.by, chart.relation.columns);
  const channel =
    column === undefined ? parseChannel("sort", text ?? sort.by, chart.relation.columns) : undefined;
  const chosen = channel?.type === "column" ? channel.column : column;
  if (chosen === undefined) return undefined;
  return { value: { type: "column", column: chosen, as: "plain" }, isDescending: sort.descending };
}
