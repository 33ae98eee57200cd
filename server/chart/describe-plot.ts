import { type ChartCase, order } from "./chart-case.js";
import type { Dimensions } from "./chart-dimensions.js";
import { ChartFault } from "./chart-problem.js";
import { toDate } from "./chart-values.js";
import type { AggregateChannel, Channel } from "./parse-channel.js";
import type {
  PlotChannel,
  PlotChannelName,
  PlotDescription,
  PlotMark,
  PlotRule,
} from "./plot-description.js";

export function describePlot(chart: ChartCase, dimensions: Dimensions): PlotDescription {
  const { base, channels, color, layout } = chart.resolved;
  const { title, subtitle, description, height, labels, colors } = chart.options;
  const isStacked = layout !== "grouped" && plotMarkOf(chart, dimensions) !== "line";
  const rules = rulesOf(chart);
  const plotted = order.flatMap((name): [PlotChannelName, PlotChannel][] => {
    const plot = plotChannelOf(channels[name]) ?? dimensions[name]?.plot;
    return plot === undefined ? [] : [[name, { ...plot, ...writtenOf(chart, name) }]];
  });
  return {
    mark: plotMarkOf(chart, dimensions),
    base,
    channels: Object.fromEntries(plotted),
    ...(isStacked && { isStacked }),
    ...(layout === "percent" && { isPercent: true }),
    ...(labels === true && { hasLabels: true }),
    ...(rules.length > 0 && { rules }),
    ...(colors !== undefined && colors !== "default" && { colors }),
    ...(color !== undefined && { color }),
    ...(title !== undefined && { title }),
    ...(subtitle !== undefined && { subtitle }),
    ...(description !== undefined && { description }),
    ...(height !== undefined && { height }),
  };
}

function plotChannelOf(channel: Channel | undefined): PlotChannel | undefined {
  if (channel?.type === "aggregate") return toMeasure(channel);
  if (channel?.type !== "measures") return undefined;
  return { scale: "nominal", label: channel.label, labels: channel.names };
}

/** What the options say of an axis. */
function writtenOf(chart: ChartCase, name: PlotChannelName): Partial<PlotChannel> {
  const { xLabel, yLabel, xScale, yScale, xFormat, yFormat, lineFormat, lineAxis } = chart.options;
  const [label, scale, format] =
    name === "x"
      ? [xLabel, xScale, xFormat]
      : name === "y"
        ? [yLabel, yScale, yFormat]
        : [undefined, undefined, name === "line" ? lineFormat : name === "compare" ? yFormat : undefined];
  const isNumber = chart.resolved.channels[name]?.kind === "quantitative";
  const transform = scale === "linear" ? undefined : scale;
  if (transform !== undefined && (!isNumber || isBinned(chart, name)))
    throw new ChartFault({
      code: "wrong-type",
      option: `${name}_scale`,
      message: `Chart option "${name}_scale" is for an axis of numbers that are not counted in bins`,
      hint: name === "x" ? "For example: y_scale: log" : "For example: mark: dot",
    });
  return {
    ...(label !== undefined && { label }),
    ...(transform !== undefined && { transform }),
    ...(format !== undefined && isNumber && { format }),
    ...(name === "line" && lineAxis !== undefined && { side: lineAxis }),
  };
}

function isBinned(chart: ChartCase, name: PlotChannelName): boolean {
  const { family, base } = chart.resolved;
  return family === "cell" || (family === "bar" && name === base);
}

function rulesOf(chart: ChartCase): readonly PlotRule[] {
  return chart.resolved.rules.flatMap(({ at, ...rule }, index): readonly PlotRule[] => {
    const found = typeof at === "object" ? chart.facts.extent?.[`rule_${String(index)}`] : at;
    if (found === undefined || found === null) return [];
    if (chart.resolved.channels[rule.axis]?.kind === "temporal")
      return toDate(found) !== null && typeof found === "string" ? [{ ...rule, at: found }] : [];
    return Number.isFinite(Number(found)) ? [{ ...rule, at: Number(found) }] : [];
  });
}

function plotMarkOf(chart: ChartCase, dimensions: Dimensions): PlotMark {
  const { mark, family, base } = chart.resolved;
  if (family === "bar") {
    const scale = dimensions[base]?.plot.scale;
    return scale === "quantitative" || scale === "temporal" ? "rect" : "bar";
  }
  return family === "line" ? (mark === "areaY" ? "area" : "line") : family;
}

function toMeasure({ kind, label, isCount }: AggregateChannel): PlotChannel {
  return { scale: kind, label, ...(isCount && { isInteger: true }) };
}
