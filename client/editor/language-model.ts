import type { CellKind } from "../../server/notebook/notebook.js";
import type { Span } from "./sql-scopes.js";

export interface ContextColumn {
  readonly name: string;
  /** A DuckDB type; empty where it is not known. */
  readonly type: string;
  /** The stored column whose values these are; absent where they are computed. */
  readonly origin?: ColumnOrigin;
}

export interface ColumnOrigin {
  readonly kind: "cell" | "dataset";
  readonly relation: string;
  readonly column: string;
}

/** What the stored values of a column are like, as texts. */
export interface ColumnValues {
  /** The most frequent first; none where all are different. */
  readonly frequent: readonly { readonly value: string; readonly count: number }[];
  readonly examples: readonly string[];
}

/** Answers from what is known, and asks for the rest. */
export interface ValueSource {
  /** At once. */
  known(origin: ColumnOrigin): ColumnValues | undefined;
  /** Undefined where nothing is stored. Never fails. */
  find(origin: ColumnOrigin): Promise<ColumnValues | undefined>;
}

export interface ContextCell {
  readonly name: string;
  readonly kind: CellKind;
  /** Absent while the cell can't be bound. */
  readonly columns?: readonly ContextColumn[];
  readonly description?: string;
}

export interface ContextDataset {
  readonly name: string;
  readonly columns: readonly ContextColumn[];
}

export interface ContextFunction {
  readonly name: string;
  /** As `date_trunc(part, timestamp)`. */
  readonly signature: string;
  readonly description: string;
}

export interface ContextParameter {
  readonly name: string;
  readonly type: string;
  /** The control that sets it, if one does. */
  readonly cell?: string;
  /** What it is now, as SQL reads it. */
  readonly value?: string;
  readonly description?: string;
}

/** Everything that the names in a cell may stand for. */
export interface LanguageContext {
  readonly cells: readonly ContextCell[];
  /** The datasets of `lake.`. */
  readonly lake: readonly ContextDataset[];
  /** Paths from the workspace, as a query writes them: `input/orders.json`. */
  readonly files: readonly string[];
  readonly functions: readonly ContextFunction[];
  readonly parameters: readonly ContextParameter[];
  readonly keywords: readonly string[];
  /** Absent: nobody knows any. */
  readonly values?: ValueSource;
}

/** A place in the SQL of a cell. */
export interface LanguageRequest {
  readonly cellName: string;
  readonly sql: string;
  readonly offset: number;
  /** The key after which suggestions come by themselves; absent: they are wanted, or a word is typed. */
  readonly typed?: string | undefined;
}

export type CompletionKind =
  | "relation"
  | "dataset"
  | "common-table"
  | "file"
  | "column"
  | "parameter"
  | "function"
  | "type"
  | "value"
  | "keyword"
  | "snippet";

export interface Completion {
  readonly kind: CompletionKind;
  readonly label: string;
  /** Beside the label: a type, a signature. */
  readonly detail?: string;
  /** Below it, when asked for. Plain text. */
  readonly documentation?: string;
  readonly insertText: string;
  /** Whether `insertText` has places to fill in: `$1`, `${2:name}`, `$0`. */
  readonly isSnippet: boolean;
  /** What `insertText` takes the place of. */
  readonly replace: Span;
  /** The lower, the nearer to the top among those that match equally. */
  readonly rank: number;
}

export interface Hover {
  readonly span: Span;
  /** One line of SQL-like text: `orders.cityCode VARCHAR`. */
  readonly title: string;
  readonly columns?: readonly ContextColumn[];
  /** Plain text. */
  readonly text?: string;
}

/** Where a name comes from: another cell, or a place in this one. */
export type Definition =
  { readonly type: "cell"; readonly cellName: string } | { readonly type: "span"; readonly span: Span };
