/*
 * How the rows of a query come about, as far as its tree tells it: what is needed to compute a part of them only.
 * Names are as they are written; their case does not count.
 */

/** A column as an expression names it. */
export interface ColumnName {
  /** What stands before the dot. */
  readonly table?: string;
  readonly column: string;
}

export type FormItem =
  /** A column of what is read, under the name that the result has for it. */
  | { readonly type: "column"; readonly name: string; readonly from: ColumnName }
  /** `*` or `table.*`; `except` are columns that it leaves out, or gives another value or name. */
  | { readonly type: "star"; readonly table?: string; readonly except: readonly string[] }
  /** Any other expression. `isMany`: it gives columns whose names are not known. */
  | { readonly type: "other"; readonly name?: string; readonly isMany?: boolean };

export type FormSource =
  /** A cell, or a dataset of the lake (then with `schema`). */
  | { readonly type: "table"; readonly schema?: string; readonly name: string; readonly alias: string }
  /** What a file reader gives. */
  | { readonly type: "file"; readonly paths: readonly string[]; readonly alias: string }
  /** A subquery or a CTE. */
  | { readonly type: "query"; readonly form: QueryForm; readonly alias: string }
  /** VALUES, a table function ...: the same rows whatever lies in the lake, or something that is not known. */
  | { readonly type: "other"; readonly alias: string };

export interface FormJoin {
  readonly type: "join";
  readonly kind: "inner" | "left" | "right" | "full" | "semi" | "anti" | "other";
  /** Of `USING`. */
  readonly using: readonly string[];
  /** Pairs of columns that a match has equal. */
  readonly equal: readonly (readonly [ColumnName, ColumnName])[];
  readonly left: FormFrom;
  readonly right: FormFrom;
}

export type FormFrom = FormSource | FormJoin;

export interface SelectForm {
  readonly type: "select";
  readonly items: readonly FormItem[];
  readonly from: FormFrom;
  /** Pairs of columns that WHERE wants to be equal. */
  readonly equal: readonly (readonly [ColumnName, ColumnName])[];
  /** Each row comes from one row of what is read: no grouping, window, DISTINCT, LIMIT, ORDER BY, subquery or UNNEST. */
  readonly isRowwise: boolean;
  /** Names of result columns that hold all that is grouped by; empty where that is not known. Absent: not grouped. */
  readonly groupedBy?: readonly string[];
  /** What each window is partitioned by; null where that is no plain column. */
  readonly windows: readonly (readonly (ColumnName | null)[])[];
  /** LIMIT, OFFSET, a sample, DISTINCT ON: which rows stay depends on all of them. */
  readonly isCut: boolean;
  /** The order of the rows is part of the result. */
  readonly isOrdered: boolean;
  /** Tables and files that are read by subqueries in expressions. */
  readonly loose: readonly string[];
}

/** UNION ALL and UNION; the columns go by their places. */
export interface UnionForm {
  readonly type: "union";
  readonly branches: readonly QueryForm[];
}

/** `reads`: all tables and files below. */
export interface UnknownForm {
  readonly type: "unknown";
  readonly reads: readonly string[];
}

export type QueryForm = SelectForm | UnionForm | UnknownForm;
