import type { Span } from "../base/source.js";

/** A bound of a range; dates and timestamps as text. */
export type Bound = number | string;

export type CheckRule =
  | { readonly kind: "not_null"; readonly columns: readonly string[] }
  | { readonly kind: "unique"; readonly columns: readonly string[] }
  | {
      readonly kind: "accepted_values";
      readonly column: string;
      readonly values: readonly (string | number | boolean)[];
    }
  | { readonly kind: "range"; readonly column: string; readonly min?: Bound; readonly max?: Bound }
  | {
      readonly kind: "relationships";
      readonly column: string;
      readonly toCell: string;
      readonly toColumn: string;
    }
  /** `runDate`: what the future begins after, YYYY-MM-DD; set by the run, absent in a notebook. */
  | { readonly kind: "not_in_future"; readonly column: string; readonly runDate?: string }
  /** The whole value has to match a regular expression. */
  | { readonly kind: "pattern"; readonly column: string; readonly regex: string }
  /** `runDate` as of `not_in_future`: the newest value up to its end is not older than so long before its beginning. */
  | {
      readonly kind: "freshness";
      readonly column: string;
      readonly maxAgeMs: number;
      readonly runDate?: string;
    }
  | { readonly kind: "row_count"; readonly min?: number; readonly max?: number }
  /** `earlier`: rows of the dataset as published for run dates before, the latest first; set by the run. */
  | {
      readonly kind: "volume";
      readonly tolerance: Share;
      readonly of: "median" | "mean";
      readonly runs: number;
      readonly earlier?: readonly number[];
    }
  | {
      readonly kind: "schema";
      readonly expected: readonly ExpectedColumn[];
      readonly match: "exact" | "subset";
    }
  | { readonly kind: "row_count_matches"; readonly target: RowCountTarget }
  | { readonly kind: "expression"; readonly sql: string }
  /** What is computed in parts equals the whole; looked at with every so many deliveries. */
  | { readonly kind: "equivalence"; readonly every: number };

/** So much of a hundred. */
export interface Share {
  readonly percent: number;
}

export interface ExpectedColumn {
  readonly name: string;
  /** A type's name as written; absent: any. */
  readonly type?: string;
  /** What the engine calls it; set by the run. */
  readonly storedType?: string;
}

export type RowCountTarget =
  | { readonly type: "cell"; readonly cell: string }
  | { readonly type: "distinct"; readonly cell: string; readonly column: string }
  /** The rows that the cell's own query read from this literal path of input. */
  | { readonly type: "input"; readonly path: string };

/** A condition, and the place of the YAML value that holds it. */
export interface ConditionText {
  readonly sql: string;
  readonly span: Span;
}

/** One entry of `checks:`, or the uniqueness that a `key` asserts. */
export interface CheckSpec {
  /** `<cell>.<kind>` plus the columns, unique within the cell: `orders.not_null_orderId`. */
  readonly name: string;
  readonly rule: CheckRule;
  readonly severity: "error" | "warn";
  /** Rows that fail go to a dataset of their own, and the others are published. */
  readonly onFail?: "quarantine";
  /** Failing rows that are still accepted, or their share of the rows that are looked at; default 0, with `onFail` all. */
  readonly max: number | Share;
  /** A SQL condition that limits the rows that are looked at. */
  readonly where?: string;
  /** `where` and the condition of an `expression`, with their places. */
  readonly conditions: readonly ConditionText[];
  readonly span: Span;
}

/** The columns of its cell that an entry of `checks:` names, but those of its conditions. */
export function namedColumns({ rule }: CheckSpec): readonly string[] {
  if (rule.kind === "schema") return rule.expected.map(({ name }) => name);
  if ("columns" in rule) return rule.columns;
  return "column" in rule ? [rule.column] : [];
}
