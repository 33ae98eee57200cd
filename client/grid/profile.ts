import type { TypeKind } from "../../server/text/type-kind.js";

export interface HistogramBin {
  readonly from: unknown;
  readonly to: unknown;
  readonly count: number;
}

export interface TopValue {
  readonly value: unknown;
  readonly count: number;
}

export interface Quantile {
  /** 0.5 is the median. */
  readonly at: number;
  readonly value: unknown;
}

/** What all rows of a column look like together. */
export interface ColumnProfile {
  readonly name: string;
  readonly key?: string | undefined;
  readonly type: string;
  readonly kind: TypeKind;
  /** Rows, those with NULL too. */
  readonly count: number;
  readonly nulls: number;
  readonly distinct?: number;
  /** The number of distinct values is an estimate. */
  readonly isDistinctEstimated?: boolean;
  readonly min?: unknown;
  readonly max?: unknown;
  readonly mean?: unknown;
  readonly quantiles?: readonly Quantile[];
  /** Numbers and times have a histogram, the others their most frequent values. */
  readonly histogram?: readonly HistogramBin[];
  readonly topValues?: readonly TopValue[];
}

export function shareOfNulls({ nulls, count }: ColumnProfile): number {
  return count === 0 ? 0 : nulls / count;
}

/** Returns the counts that a column's bars show. */
export function barsOf(profile: ColumnProfile): readonly number[] {
  return (profile.histogram ?? profile.topValues ?? []).map(({ count }) => count);
}
