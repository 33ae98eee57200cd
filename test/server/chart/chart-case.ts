import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { renderChartSvg } from "../../../server/chart/chart-svg.js";
import { pageTheme } from "../../../server/chart/chart-theme.js";
import type { PlainChart } from "../../../server/chart/chart-values.js";
import { drawChart, type DrawOptions } from "../../../server/chart/draw-chart.js";
import type { PlotChannel, PlotDescription } from "../../../server/api/protocol.js";

/** A document where there is no browser. */
export function createDocument(): Document {
  return parseHTML("<!doctype html><html><body></body></html>").document;
}

/** The chart as a file would have it. */
export function toSvg(chart: PlainChart, caption = ""): string {
  return renderChartSvg(Plot, chart, { width: 640, caption, document: createDocument() });
}

/** The chart as the page would have it, without tips. */
export function toFigure(chart: PlainChart, width = 640, options: Partial<DrawOptions> = {}): Element {
  return drawChart(Plot, chart, { width, theme: pageTheme, document: createDocument(), ...options });
}

type ChannelList = readonly (readonly [name: string, channel: Partial<PlotChannel>])[];

/** A chart of rows whose columns are these channels. */
export function chartOf(
  plot: Partial<PlotDescription>,
  channels: ChannelList,
  rows: readonly (readonly unknown[])[],
): PlainChart {
  return {
    plot: {
      mark: "bar",
      base: "x",
      ...plot,
      channels: Object.fromEntries(
        channels.map(([name, channel]) => [name, { scale: "nominal", label: name, ...channel }]),
      ),
    },
    columns: channels.map(([name]) => ({ name, type: "VARCHAR" })),
    rows,
  };
}
