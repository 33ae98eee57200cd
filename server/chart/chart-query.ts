import type { ChartGrain } from "../notebook/chart-options.js";
import type { Bins } from "./bins.js";
import type { ChartColumn } from "./chart-column.js";
import type { PlotChannelName } from "./plot-description.js";

/* What a chart asks of rows, as data: an engine writes it in its own language. */

/** A column's value: as text, as a number (0 or 1 of a boolean), a time without its zone, or as it is. */
export interface ColumnValue {
  readonly type: "column";
  readonly column: ChartColumn;
  /** `plain`: as it is, but nested and binary ones as text and times without their zone. */
  readonly as: "itself" | "plain" | "text" | "number";
}

export interface AggregateValue {
  readonly type: "aggregate";
  readonly name:
    "count" | "sum" | "mean" | "median" | "min" | "max" | "distinct" | "stddev" | "mode" | "quantile";
  /** Absent: rows are counted. */
  readonly of?: ColumnValue;
  /** Of a quantile, 0 to 1. */
  readonly share?: number;
  /** Of a count or a mean, where each row stands for several: for how many. What a mean is of is then their sum. */
  readonly weight?: ColumnValue;
}

export type ChartValue =
  | ColumnValue
  | AggregateValue
  /** A time cut down to its grain. */
  | { readonly type: "part"; readonly column: ChartColumn; readonly grain: ChartGrain }
  /** The lower edge of a number's bin. */
  | { readonly type: "bin"; readonly column: ChartColumn; readonly bins: Bins }
  /** The text, if it is one of those that are kept (see `caps`), otherwise `other`. */
  | {
      readonly type: "kept";
      readonly channel: PlotChannelName;
      readonly column: ChartColumn;
      readonly other: string;
    };

/** What rows are grouped by, without the chart around it. */
export type GroupValue =
  | Exclude<ChartValue, AggregateValue | { readonly type: "kept" }>
  /** The text, if it is one of these, otherwise `other`. */
  | {
      readonly type: "listed";
      readonly column: ChartColumn;
      readonly values: readonly string[];
      readonly other: string;
    };

/** What is asked before a chart: one row, one column for each item. */
export type ExtentItem =
  | {
      /** The least or greatest value: a number, or seconds since 1970. */
      readonly type: "min" | "max";
      readonly name: string;
      readonly column: ChartColumn;
      /**
       * Of all values, which the engine knows without a look at the rows: infinite values and NaN come as such. Otherwise of
       * the finite ones.
       */
      readonly isQuick: boolean;
    }
  /** Whether no time is finer than the grain. */
  | {
      readonly type: "grain";
      readonly name: string;
      readonly column: ChartColumn;
      readonly grain: ChartGrain;
    }
  | { readonly type: "value"; readonly name: string; readonly value: AggregateValue }
  /** How many values there are, counted up to `most`. */
  | { readonly type: "values"; readonly name: string; readonly value: ChartValue; readonly most: number };

/** Only a column's most frequent values, or the first ones by another value. */
export interface Cap {
  readonly channel: PlotChannelName;
  readonly column: ChartColumn;
  readonly kept: number;
  /** `name`: by the values themselves. */
  readonly by?: { readonly value: AggregateValue | "name"; readonly isDescending: boolean };
  /** Rows with other values are left out. */
  readonly isDropped: boolean;
}

export interface Ranking {
  readonly type: "ranked";
  /** Whose places are ranked. */
  readonly base: PlotChannelName;
  /** Ranked by a channel, or by a further value. */
  readonly by: PlotChannelName | ChartValue;
  readonly isDescending: boolean;
  /** How the points of one place become its rank. */
  readonly reduce: "sum" | "max";
  /** So many places; the column `groups` then tells how many there are. */
  readonly limit?: number;
  /** A place has one point. */
  readonly isAlone: boolean;
  /** The name of a place that comes last, whatever its rank. */
  readonly last?: string;
  /** What the points of a place are sorted by. */
  readonly others: readonly PlotChannelName[];
}

/** What becomes of the points. */
export type Arrangement =
  | { readonly type: "all" }
  | { readonly type: "sorted"; readonly by: readonly PlotChannelName[] }
  | Ranking
  /** The first rows, by a column or as they stand. */
  | {
      readonly type: "first";
      readonly by?: { readonly value: ChartValue; readonly isDescending: boolean };
      readonly limit: number;
    }
  | { readonly type: "sample" }
  /** Of each of so many equal parts of the base the least and the greatest value. */
  | {
      readonly type: "extremes";
      readonly base: PlotChannelName;
      readonly value: PlotChannelName;
      readonly groups: readonly PlotChannelName[];
      readonly parts: number;
      readonly min: number;
      readonly max: number;
      /** The base is a time; `min` and `max` are seconds since 1970. */
      readonly isTime: boolean;
    };

/** Several values of a point become points of their own, told apart by a colour. */
export interface Fold {
  readonly name: "x" | "y";
  readonly values: readonly { readonly label: string; readonly value: ChartValue }[];
}

/** A value of all points of a place together. */
export interface PlaceValue {
  readonly name: PlotChannelName;
  readonly value: AggregateValue;
  /** What makes the place: names of items. */
  readonly by: readonly PlotChannelName[];
}

export interface ChartQuery {
  readonly caps: readonly Cap[];
  /** The columns of the answer. */
  readonly items: readonly { readonly name: PlotChannelName; readonly value: ChartValue }[];
  readonly fold?: Fold;
  readonly place?: PlaceValue;
  /** One point for each combination of what is no aggregate. */
  readonly isGrouped: boolean;
  /** Only rows that have these. */
  readonly present: readonly PlotChannelName[];
  readonly then: Arrangement;
  /** More points than this are not wanted; one more is asked for, to see whether there are. */
  readonly most: number;
}

export type AggregateQuery =
  | { readonly type: "extent"; readonly items: readonly ExtentItem[] }
  | ({ readonly type: "points" } & ChartQuery);
