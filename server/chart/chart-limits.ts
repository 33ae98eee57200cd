import type { PlotChannelName } from "./plot-description.js";

/** More points than this never go to the browser. */
export const POINT_BUDGET = 5_000;
export const MOST_COLORS = 10;
export const MOST_BARS = 50;
const MOST_FACETS = 12;

/** From here on a second look at all rows takes longer than a question that may spare it. */
export const MANY_ROWS = 200_000;

/** How many values a channel may have. */
export function mostSeries(name: PlotChannelName): number {
  return name === "color" ? MOST_COLORS : name === "fx" || name === "fy" ? MOST_FACETS : MOST_BARS;
}

/** How many of them are kept where there are more; one colour is then that of all others. */
export function keptSeries(name: PlotChannelName): number {
  return name === "color" ? MOST_COLORS - 1 : mostSeries(name);
}
