import type { ReportWidth } from "./report-width.js";

/**
 * Names of Observable Plot; `histogram` is a `rectY` that counts, `cell` a heat map, `number` a single big number.
 */
export type ChartMark =
  "barY" | "barX" | "lineY" | "areaY" | "dot" | "rectY" | "histogram" | "cell" | "number";

export type ChartGrain = "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute";

/** What to sort by, a channel such as `y` or a column, and in which direction. */
export interface ChartSort {
  readonly by: string;
  readonly descending: boolean;
}

/** The parts of one place: upon one another, beside one another, or as shares of the whole. */
export const chartLayouts = ["stacked", "grouped", "percent"] as const;
export type ChartLayout = (typeof chartLayouts)[number];

export const chartScales = ["linear", "log", "sqrt"] as const;
export type ChartScale = (typeof chartScales)[number];

/** Palettes of names, and ramps of numbers; the last two go both ways from zero. */
export const colorSchemes = [
  "default",
  "accessible",
  "muted",
  "vivid",
  "blues",
  "greens",
  "oranges",
  "purples",
  "greys",
  "viridis",
  "red_blue",
  "brown_teal",
] as const;
export type ColorScheme = (typeof colorSchemes)[number];

/** A scheme, colours in the order of the names, or the colour of each name. */
export type ChartColors = ColorScheme | readonly string[] | Readonly<Record<string, string>>;

/** A reference line: across an axis at a number, at a time, or at an aggregate of all rows. */
export interface ChartRule {
  readonly axis: "x" | "y";
  readonly at: string | number;
  readonly label?: string;
}

/** A channel is a column, or an aggregate of one such as `median(delay)`, `count()`; of a colour also a constant. */
export interface ChartOptions {
  /** Absent only in a cell with errors. */
  readonly mark?: ChartMark;
  readonly x?: string;
  readonly y?: string;
  /** Where the axis that measures has a list: each is a series of its own. */
  readonly measures?: readonly string[];
  /** Also written `color` or `fill`. */
  readonly fill?: string;
  readonly stroke?: string;
  readonly r?: string;
  /** Facets: small multiples side by side, and one below the other. */
  readonly fx?: string;
  readonly fy?: string;
  /** A measure that is drawn as a line over bars. */
  readonly line?: string;
  /** Absent: `right` where its values are of another size. */
  readonly lineAxis?: "left" | "right";
  /** What tips tell beyond the channels. */
  readonly tip?: readonly string[];
  /** Of a number: what it is compared with, where not with the part of time before. */
  readonly compare?: string;
  readonly layout?: ChartLayout;
  readonly sort?: ChartSort;
  readonly limit?: number;
  /** What is beyond the limit becomes one place. */
  readonly other?: boolean;
  /** How a time on x is cut. */
  readonly grain?: ChartGrain;
  readonly bins?: number;
  readonly rules?: readonly ChartRule[];
  /** Values stand at their marks. */
  readonly labels?: boolean;
  readonly colors?: ChartColors;
  readonly title?: string;
  readonly subtitle?: string;
  readonly caption?: string;
  /** For people who do not see the chart. */
  readonly description?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly xScale?: ChartScale;
  readonly yScale?: ChartScale;
  /** See text/value-format.ts. */
  readonly xFormat?: string;
  readonly yFormat?: string;
  readonly lineFormat?: string;
  /** In pixels. */
  readonly height?: number;
  readonly width?: ReportWidth;
}
