import type { ChartGrain } from "../notebook/chart-options.js";
import type { Column } from "./rows.js";
import type { RowFilter } from "./verbs.js";

export const summaryAggregates = ["count", "sum", "mean", "median", "min", "max", "distinct"] as const;
export type SummaryAggregate = (typeof summaryAggregates)[number];

/** A column of which each value, or each part of time, is a group. */
export interface SummaryGroup {
  readonly column: Column;
  readonly grain?: ChartGrain | undefined;
}

export interface SummaryMeasure {
  readonly aggregate: SummaryAggregate;
  /** Absent: rows are counted; else what is counted are its values, without NULL. */
  readonly column?: Column | undefined;
}

/** What is summed up of a relation's rows. */
export interface SummarizedRows {
  readonly relation: string;
  /** Of the relation. */
  readonly columns: readonly Column[];
  readonly where: readonly RowFilter[];
}

/** Values of a column that have columns of their own. */
export interface Pivot extends SummaryGroup {
  /** As text that SQL reads as the type of the group; null is NULL. */
  readonly values: readonly (string | null)[];
  /** All other values have a column too. */
  readonly hasRest: boolean;
}

export interface SummaryQuery extends SummarizedRows {
  readonly groupBy: readonly SummaryGroup[];
  readonly pivot?: Pivot | undefined;
  /** At least one. */
  readonly measures: readonly SummaryMeasure[];
}

export interface PivotValuesQuery extends SummarizedRows {
  readonly group: SummaryGroup;
  /** How many values are wanted, those of most rows. */
  readonly most: number;
}
