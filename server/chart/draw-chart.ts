import type * as PlotModule from "@observablehq/plot";
import { scaleOptions } from "./chart-axes.js";
import { colorKeys } from "./chart-legend.js";
import { Frame, isNames, type DrawOptions } from "./chart-frame.js";
import { dataMarks } from "./chart-marks.js";
import { overlayMarks } from "./chart-overlays.js";
import { keysOf, type PlainChart } from "./chart-values.js";
import { numberHeight, numberOptions, sayNumber } from "./draw-number.js";
import { pageTheme } from "./chart-theme.js";
import { secondAxis } from "./second-axis.js";

export type { DrawOptions } from "./chart-frame.js";

/** What Plot draws: an element of a page, or of a library where there is none. */
export interface Figure {
  innerHTML: string;
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  querySelectorAll(selector: string): Iterable<{ removeAttribute(name: string): void; remove(): void }>;
}

/** The module is handed in: the page loads it when the first chart is drawn. */
export type Plot<F extends Figure> = Omit<typeof PlotModule, "plot"> & {
  readonly plot: (options: PlotModule.PlotOptions) => F;
};

/** Draws a chart without title, legend and caption: one svg. */
export function drawChart<F extends Figure>(plot: Plot<F>, chart: PlainChart, options: DrawOptions): F {
  const figure = plot.plot(plotOptions(plot, chart, options));
  figure.setAttribute(
    "style",
    `--plot-background: ${options.theme.raised}; background: none; font: 11px var(--font-text, system-ui, sans-serif); overflow: visible`,
  );
  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", describe(chart));
  // The picture has one name; Plot names its groups too, which have no role that could be named.
  if (options.tips !== undefined)
    for (const group of figure.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  return figure;
}

function plotOptions<F extends Figure>(
  plot: Plot<F>,
  chart: PlainChart,
  options: DrawOptions,
): PlotModule.PlotOptions {
  const { width, document } = options;
  const frame = new Frame(chart, options);
  const height = chartHeight(chart);
  const size = { width, height, ...(document !== undefined && { document }) };
  if (chart.plot.mark === "number") return { ...size, ...numberOptions(plot, frame) };
  const second = secondAxis(frame);
  return {
    ...size,
    ...frame.margins(),
    ...scaleOptions(frame, height, second),
    marks: [...dataMarks(plot, frame, height), ...overlayMarks(plot, frame, height, second)],
  };
}

/** One sentence for who does not see the chart. */
export function describe(chart: PlainChart): string {
  const { plot, rows } = chart;
  const { title, description, channels, mark } = plot;
  if (description !== undefined) return description;
  const before = title === undefined ? "" : `${title}: `;
  if (mark === "number") {
    const { words, change } = sayNumber(new Frame(chart, { width: 640, theme: pageTheme }));
    return `${before}${[channels.y?.label, words, change].filter((part) => part !== "").join(" ")}`;
  }
  const axes = (["x", "y", "color", "line"] as const).flatMap((name) => channels[name]?.label ?? []);
  const named = axes.filter((label) => label !== "").join(", ");
  return `${before}${words[mark]} of ${named}, ${String(rows.length)} points`;
}

const words = {
  bar: "Bar chart",
  rect: "Histogram",
  line: "Line chart",
  area: "Area chart",
  dot: "Scatter plot",
  cell: "Heat map",
} as const;

export function chartHeight(chart: PlainChart): number {
  const { plot } = chart;
  if (plot.height !== undefined) return plot.height;
  if (plot.mark === "number") return numberHeight(new Frame(chart, { width: 640, theme: pageTheme }));
  const facets = Math.max(1, plot.channels.fy === undefined ? 1 : keysOf(chart, "fy").length);
  const isGrouped =
    plot.mark === "bar" && plot.base === "y" && plot.isStacked !== true && isNames(plot.channels.color);
  const each = isGrouped ? Math.max(24, colorKeys(chart).length * 14 + 8) : plot.mark === "dot" ? 20 : 24;
  const rows = isNames(plot.channels.y) ? keysOf(chart, "y").length * each + 64 : 280;
  const one =
    plot.mark === "cell" || plot.base === "y" || isNames(plot.channels.y) ? Math.max(120, rows) : 280;
  return facets === 1 ? one : Math.max(one, facets * Math.min(one, 150) + 50);
}
