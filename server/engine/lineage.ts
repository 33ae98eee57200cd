import type { FileReference } from "../graph/query-analysis.js";
import type { Column } from "./rows.js";
import type { BoundParameter } from "./scope.js";

/** A column that a query reads. */
export interface ColumnSource {
  /** A key of the task's relations. */
  readonly relation: string;
  readonly column: string;
}

/** Columns that something depends on. */
export interface Origin {
  /** Sorted, each once. */
  readonly columns: readonly ColumnSource[];
  /** Why there may be more. */
  readonly unknown?: string;
}

export interface ColumnLineage extends Origin {
  readonly name: string;
}

/**
 * What a query computes its columns from. A change of values in columns that are neither in `rows` nor in those of an
 * output changes nothing of that output but the place of its rows, which `order` decides.
 */
export interface KnownLineage {
  readonly ok: true;
  /** In the order of the result: from what the values are computed. */
  readonly columns: readonly ColumnLineage[];
  /** What decides which rows there are: filters, join conditions, grouping, DISTINCT, windows, an order with LIMIT. */
  readonly rows: Origin;
  /** What decides only the order of all rows: an ORDER BY at the end. */
  readonly order: Origin;
  /** Every relation whose rows count, also where none of its columns does. */
  readonly relations: readonly string[];
  /** Absent where the rows that are read do not decide alone what it gives. */
  readonly bound?: BoundPlan;
}

/**
 * What the query came to when its names were bound. Two that are the same, over columns of the same types, give the same rows
 * where they read the same values: no other column has a part in it, not even by its name.
 */
export interface BoundPlan {
  /** Hash of all but the places of columns in their relations. */
  readonly key: string;
  /** Every column that it names; sorted, each once. */
  readonly columns: readonly ColumnSource[];
}

export type QueryLineage = KnownLineage | { readonly ok: false; readonly reason: string };

/** What a query may read: it is there by its columns only. */
export interface LineageRelation {
  readonly key: string;
  readonly schema?: string;
  readonly name: string;
  readonly columns: readonly Pick<Column, "name" | "type">[];
}

/** One call of a query that reads files: the paths of a list are read together. */
export interface FileCall {
  readonly reference: FileReference;
  /** As the query writes them. */
  readonly paths: readonly string[];
  /** A query of what the call gives. */
  readonly sql: string;
}

/** What such a call gives. */
export interface LineageFile {
  readonly key: string;
  readonly reference: FileReference;
  readonly columns: readonly Pick<Column, "name" | "type">[];
}

/** A query cell that is computed within another query. */
export interface LineageCte {
  readonly name: string;
  readonly sql: string;
  readonly files: readonly LineageFile[];
}

export interface LineageItem {
  readonly sql: string;
  readonly files: readonly LineageFile[];
  /** Each may read those before it. */
  readonly queries?: readonly LineageCte[];
  readonly parameters: readonly BoundParameter["definition"][];
  /** Of its result, as binding found them. */
  readonly columns: readonly string[];
}

export interface LineageTask {
  readonly relations: readonly LineageRelation[];
  readonly items: readonly LineageItem[];
}
