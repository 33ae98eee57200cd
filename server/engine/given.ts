import type { FileReference } from "../graph/query-analysis.js";
import type { Column } from "./rows.js";

/** A text that the column's type is read from, or a value of a nested type as JSON; null is NULL. */
export type GivenValue = string | null | { readonly json: string };

/** Rows that somebody wrote down; at least one column. */
export interface GivenTable {
  readonly columns: readonly Pick<Column, "name" | "type">[];
  /** By the place of the column. */
  readonly rows: readonly (readonly GivenValue[])[];
}

/** Rows in the place of what a reader gives. */
export interface GivenCall {
  readonly reference: FileReference;
  readonly table: GivenTable;
}

/** The CTEs that stand before a query. */
export interface CommonTables {
  /** In the order of the text. */
  readonly names: readonly string[];
  /** The query's text with the rows of one of them as its result; places before that stay what they are. */
  sqlOf(name: string): string | undefined;
}

/** Some rows of a relation, to be written down. */
export interface SomeRows {
  readonly from: { readonly schema?: string; readonly name: string } | { readonly sql: string };
  /** Empty: all. */
  readonly columns: readonly string[];
  /** Only rows of which a column has the value, written as text, in all columns of one of these; absent: any row. */
  readonly having?: readonly (readonly { readonly column: string; readonly value: string | null }[])[];
  readonly limit: number;
  /** As texts, the least first. */
  readonly isText?: boolean;
}
