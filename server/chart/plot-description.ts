import type { ChartColors, ChartGrain } from "../notebook/chart-options.js";

/** What is drawn. A bar stands on a value, a rect on a range of values or of time. */
export type PlotMark = "bar" | "rect" | "line" | "area" | "dot" | "cell" | "number";

/** Shown by tips only. */
export const tipNames = ["tip1", "tip2", "tip3", "tip4", "tip5"] as const;
export type TipName = (typeof tipNames)[number];

/** `line` is drawn over bars; a number is compared with `compare`. */
export type PlotChannelName = "x" | "y" | "color" | "r" | "fx" | "fy" | "line" | "compare" | TipName;

/** Ordinal values come in the order of the rows; nominal ones in the order of their names. */
export type PlotScale = "quantitative" | "temporal" | "ordinal" | "nominal";

export interface PlotChannel {
  readonly scale: PlotScale;
  /** For the axis, the legend and the tips. */
  readonly label: string;
  /** Values are times that were cut to this; the mark covers the whole of it. */
  readonly grain?: ChartGrain;
  /** Values are the lower edges of bins this wide. */
  readonly step?: number;
  /** The order of its values, where they have one of their own. */
  readonly labels?: readonly string[];
  /** Whole numbers: no fractions on the axis. */
  readonly isInteger?: boolean;
  /** Whole numbers from the first to the last: where nothing is, a gap is shown. */
  readonly range?: readonly [number, number];
  /** Absent: linear. */
  readonly transform?: "log" | "sqrt";
  /** Of text/value-format.ts. */
  readonly format?: string;
  /** Of a line over bars: where its axis stands; absent: on the right where its values are of another size. */
  readonly side?: "left" | "right";
}

/** A line across an axis: at a number, or at a time as rows have it. */
export interface PlotRule {
  readonly axis: "x" | "y";
  readonly at: number | string;
  readonly label?: string;
}

/** A chart as plain data: everything but the rows, whose columns have the names of the channels. */
export interface PlotDescription {
  readonly mark: PlotMark;
  /** The axis that the marks stand on; the other one measures. */
  readonly base: "x" | "y";
  readonly channels: Readonly<Partial<Record<PlotChannelName, PlotChannel>>>;
  /** The parts of a place add up, so they are put upon one another. */
  readonly isStacked?: boolean;
  /** They are shares of the whole of their place. */
  readonly isPercent?: boolean;
  /** Values stand at their marks. */
  readonly hasLabels?: boolean;
  readonly rules?: readonly PlotRule[];
  readonly colors?: ChartColors;
  /** One colour of CSS for all. */
  readonly color?: string;
  readonly title?: string;
  readonly subtitle?: string;
  /** For people who do not see the chart. */
  readonly description?: string;
  readonly height?: number;
}

/** What all the values are called that have no colour or place of their own. */
export const OTHER = "(other)";
/** What stands for them among the values: no text that somebody would write, as a value may be called "(other)" too. */
export const REST = `${OTHER}\u001f`;
