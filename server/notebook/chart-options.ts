/** Names of Observable Plot; `histogram` is a `rectY` that counts, `cell` a heat map. */
export type ChartMark = "barY" | "barX" | "lineY" | "areaY" | "dot" | "rectY" | "histogram" | "cell";

export type ChartGrain = "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute";

/** What to sort by, a channel such as `y` or a column, and in which direction. */
export interface ChartSort {
  readonly by: string;
  readonly descending: boolean;
}

/** A channel is a column, or an aggregate of one such as `median(delay)`, `count()`; of a colour also a constant. */
export interface ChartOptions {
  /** Absent only in a cell with errors. */
  readonly mark?: ChartMark;
  readonly x?: string;
  readonly y?: string;
  /** Also written `color` or `fill`. */
  readonly fill?: string;
  readonly stroke?: string;
  readonly r?: string;
  /** Facets: small multiples side by side, and one below the other. */
  readonly fx?: string;
  readonly fy?: string;
  readonly sort?: ChartSort;
  readonly limit?: number;
  /** How a time on x is cut. */
  readonly grain?: ChartGrain;
  readonly bins?: number;
  readonly title?: string;
  readonly subtitle?: string;
  readonly caption?: string;
  /** For people who do not see the chart. */
  readonly description?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** In pixels. */
  readonly height?: number;
}
