import {
  type ChartCase,
  areOthersDropped,
  columnOf,
  isCapped,
  isOtherKept,
  isOver,
  order,
} from "./chart-case.js";
import { countAlias, seriesNames } from "./chart-facts.js";
import { MANY_ROWS, mostSeries } from "./chart-limits.js";
import { ChartFault } from "./chart-problem.js";
import type { ExtentItem } from "./chart-query.js";
import {
  type CutOptions,
  type Dimension,
  cut,
  extentItems,
  isEndless,
  needsExtent,
  raw,
  series,
  truncated,
} from "./dimension.js";
import type { ColumnChannel } from "./parse-channel.js";
import { type PlotChannelName, REST } from "./plot-description.js";

export type Dimensions = Readonly<Partial<Record<PlotChannelName, Dimension>>>;

/** Nothing where no extent is needed, or where it is known. */
export function neededExtents(chart: ChartCase): readonly ExtentItem[] {
  const { extent, isFinite } = chart.facts;
  const isQuick = extent === undefined;
  if (!isQuick && (isFinite === true || !isEndless(extent))) return [];
  const { rows } = chart.relation;
  const items = (["x", "y"] as const).flatMap((name) => {
    const channel = columnOf(chart, name);
    if (channel === undefined || !asksExtent(chart, name, channel)) return [];
    return extentItems(name, channel, { rows, isQuick });
  });
  return isQuick ? [...items, ...countItems(chart), ...ruleItems(chart)] : items;
}

function ruleItems(chart: ChartCase): readonly ExtentItem[] {
  return chart.resolved.rules.flatMap(({ at }, index): readonly ExtentItem[] =>
    typeof at === "object" ? [{ type: "value", name: `rule_${String(index)}`, value: at }] : [],
  );
}

/** Of many rows it is quicker to count the series first than to find too many of them in what is computed. */
function countItems(chart: ChartCase): readonly ExtentItem[] {
  const isShort = chart.options.limit !== undefined;
  if (!chart.resolved.isAggregated || isShort || chart.relation.rows <= MANY_ROWS) return [];
  return seriesNames.flatMap((name): readonly ExtentItem[] => {
    const channel = columnOf(chart, name);
    if (channel === undefined || isCapped(chart, name)) return [];
    const { value } = series(channel);
    return [{ type: "values", name: countAlias(name), value, most: mostSeries(name) + 1 }];
  });
}

function isCut(chart: ChartCase, name: "x" | "y", channel: ColumnChannel): boolean {
  const { family, base, isAggregated, implicit } = chart.resolved;
  if (family === "bar") return name === base;
  if (family === "cell") return true;
  if (family === "number") return name === base;
  return isAggregated && implicit === undefined && channel.kind === "temporal";
}

function asksExtent(chart: ChartCase, name: "x" | "y", channel: ColumnChannel): boolean {
  if (isCut(chart, name, channel)) return needsExtent(channel, chart.options.grain);
  const { family, base } = chart.resolved;
  return family === "line" && name === base && channel.kind !== "nominal" && isOver(chart);
}

export function dimensionsOf(chart: ChartCase): Dimensions {
  const found = order.flatMap((name): [PlotChannelName, Dimension][] => {
    const channel = columnOf(chart, name);
    return channel === undefined ? [] : [[name, dimensionOf(chart, name, channel)]];
  });
  return Object.fromEntries(found);
}

function dimensionOf(chart: ChartCase, name: PlotChannelName, channel: ColumnChannel): Dimension {
  const { family } = chart.resolved;
  switch (name) {
    case "x":
    case "y":
      return axisOf(chart, name, channel);
    case "color": {
      if (family === "dot" && channel.kind === "quantitative") return raw(channel);
      const dimension = series(channel);
      if (!isCapped(chart, "color") || areOthersDropped(chart)) return dimension;
      return kept("color", channel);
    }
    case "r":
    case "line":
    case "compare":
      return raw(channel);
    case "fx":
    case "fy":
      return series(channel);
    default:
      return raw(channel);
  }
}

function axisOf(chart: ChartCase, name: "x" | "y", channel: ColumnChannel): Dimension {
  const { grain, bins } = chart.options;
  const { family, base, implicit } = chart.resolved;
  if (name === base && isOtherKept(chart)) return kept(name, namesOnly(channel));
  if (isCut(chart, name, channel)) {
    const options: CutOptions = {
      ...(grain !== undefined && { grain }),
      ...(bins !== undefined && { bins }),
      mostParts:
        family === "number"
          ? 60
          : implicit === "sum"
            ? 400
            : family === "bar" || family === "cell"
              ? 40
              : 200,
      wishedBins: family === "cell" ? 20 : 30,
      keepsIntegers: chart.resolved.mark !== "histogram" || bins === undefined,
    };
    const dimension = cut(name, channel, chart.facts.extent ?? {}, options);
    // A heat map has a row or a column for each part.
    const isOrdinal = family === "cell" && dimension.plot.scale !== "nominal";
    return isOrdinal ? { ...dimension, plot: { ...dimension.plot, scale: "ordinal" } } : dimension;
  }
  if (grain !== undefined && channel.kind === "temporal" && name === base) return truncated(channel, grain);
  return raw(channel);
}

function namesOnly(channel: ColumnChannel): ColumnChannel {
  if (channel.kind === "nominal") return channel;
  throw new ChartFault({
    code: "wrong-type",
    option: "other",
    message: `Chart option "other" needs names, and "${channel.column.name}" is ${channel.column.type}`,
    hint: "Leave it out: numbers and times have their order.",
  });
}

/** The text if it is kept, else the name of all others. */
function kept(name: PlotChannelName, { column, label }: ColumnChannel): Dimension {
  const value = { type: "kept", channel: name, column, other: REST } as const;
  return { value, plot: { scale: "nominal", label } };
}
