import type { AggregateQuery, ChartValue, GroupValue } from "../chart/chart-query.js";
import type { FileReference } from "../graph/query-analysis.js";
import type { OutputFormat } from "../notebook/notebook.js";
import type { Column, CopiedRows, CutValue, RowsColumn, StoredColumn } from "./rows.js";

/** Stored rows: exactly these files of the engine (absolute paths; at least one), exactly these columns. */
export interface StoredTable {
  readonly files: readonly string[];
  readonly columns: readonly StoredColumn[];
}

/**
 * A condition on a row. A column is named as it is stored. A value is compared as the column's type, where that is a
 * simple one, otherwise as the text that is shown; a value that is none of that type fails with code query.
 */
export type RowFilter =
  | { readonly op: "null" | "notnull"; readonly column: string }
  | {
      readonly op: "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "contains" | "starts";
      readonly column: string;
      readonly value: string;
    }
  /** A text that any column contains, whatever its case. */
  | { readonly op: "anywhere"; readonly value: string }
  | GroupFilter;

/** Rows that a chart has in some of its groups. Values are texts that SQL reads; null is NULL. */
export type GroupFilter =
  | {
      readonly op: "groups";
      readonly by: readonly GroupValue[];
      /** Each has a value for each of `by`; a row is in one of them. */
      readonly groups: readonly (readonly (string | null)[])[];
    }
  | {
      readonly op: "ranges";
      readonly by: readonly GroupValue[];
      /** From the first to the last group, both within; one for each of `by`, and all have to hold. */
      readonly ranges: readonly (readonly [string, string])[];
    };

export interface RowOrder {
  readonly column: string;
  readonly isDescending: boolean;
}

/** Those of the rows that all filters let through. Rows that are equal in what is sorted by keep the order that they have. */
export interface Selection {
  readonly table: StoredTable;
  readonly where: readonly RowFilter[];
  /** The first one counts most. NULL comes last. */
  readonly order: readonly RowOrder[];
}

/** A condition by what somebody chooses. */
export interface ChosenBy {
  readonly column: string;
  readonly op: "eq" | "ge" | "contains";
  readonly parameter: string;
  /** The parameter is a date, and the column counts these since 1970. */
  readonly since1970?: "seconds" | "milliseconds" | undefined;
}

/** Rows of a relation that a query is to be written for, to be a cell. */
export interface DerivedQuery {
  readonly relation: string;
  readonly columns: readonly Column[];
  readonly where: readonly RowFilter[];
  readonly order: readonly RowOrder[];
  readonly chosen?: readonly ChosenBy[];
  /** Counts the rows of each value of these; empty: the rows themselves. */
  readonly groupBy: readonly string[];
}

export interface ColumnsHashTask {
  readonly table: StoredTable;
  /** Of the table. */
  readonly columns: readonly Column[];
  readonly isOrdered: boolean;
}

export interface PageTask extends Selection {
  readonly offset: number;
  readonly limit: number;
  readonly maxCharacters: number;
}

export interface RowPage {
  readonly rows: readonly (readonly unknown[])[];
  /** Values of which only the beginning is here; absent where all are whole. */
  readonly cut?: readonly CutValue[];
}

export interface ValueTask extends Selection {
  /** Counted from 0, within the selection. */
  readonly row: number;
  readonly column: string;
  readonly file: string;
}

/** `bytes` is the size of the file. */
export interface CopiedValue extends CopiedRows {
  /** The file has the bytes as they are; otherwise the value's text as UTF-8. */
  readonly isBinary: boolean;
}

export interface ExportTask {
  readonly table: StoredTable;
  /** An empty folder. */
  readonly folder: string;
  readonly format: OutputFormat;
}

export interface TopValue {
  readonly value: string;
  readonly count: number;
  /** Of a value that is longer than what is here: its characters. */
  readonly length?: number;
}

/** Half-open but for the last one. Of times the text that SQL writes, else a number. */
export interface HistogramBin {
  readonly from: number | string;
  readonly to: number | string;
  readonly count: number;
}

/** What the values of a column are like. */
export interface ColumnMeasures {
  /** Values that are not NULL. */
  readonly count: number;
  readonly nulls: number;
  /** Absent for nested types. */
  readonly distinct?: number;
  readonly min?: string;
  readonly max?: string;
  /** Where only their beginning is here: their characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Of numbers and times, as text; values that occur. */
  readonly quantiles?: {
    readonly p05: string;
    readonly p25: string;
    readonly p50: string;
    readonly p75: string;
    readonly p95: string;
  };
  /** The most frequent values, unless none occurs twice. */
  readonly top: readonly TopValue[];
  readonly histogram?: readonly HistogramBin[];
}

export interface ProfileTask {
  readonly table: StoredTable;
  /** How many it has; at least one. */
  readonly rows: number;
  /** Distinct values and quantiles may be estimates. */
  readonly isApproximate: boolean;
  readonly maxCharacters: number;
  /** Frequent values of each column at most; default 10. */
  readonly topValues?: number;
}

/** Stored rows, as one side of a comparison. */
export interface DiffSide extends StoredTable {
  readonly rows: number;
}

export interface ColumnDiff {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
  /** Rows whose value differs; only with a key. */
  readonly changed: number;
}

/** A row that both sides have, under the same key, with other values. */
export interface ChangedRow {
  readonly key: readonly unknown[];
  readonly values: readonly { readonly column: string; readonly before: unknown; readonly after: unknown }[];
}

/** A number that moved far, of those of its column. */
export interface NumberMove {
  readonly column: string;
  readonly key: readonly unknown[];
  readonly before: unknown;
  readonly after: unknown;
  readonly change: number;
}

/** Columns that may be a key, and who says so. */
export interface KeyGuess {
  readonly columns: readonly string[];
  /** The dataset's `key`, what its query groups by, or that they are found to be unique on both sides. */
  readonly from: "key" | "group by" | "unique";
}

export interface RowDiff {
  /** Empty: rows are compared as a whole, as multisets, so nothing can be changed, only added or removed. */
  readonly key: readonly string[];
  /** Absent where there is no key. */
  readonly keyFrom?: KeyGuess["from"];
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** In the order of the new side, then those that are gone; types where they differ or are new. */
  readonly columns: readonly ColumnDiff[];
  readonly examples: {
    readonly columns: readonly Column[];
    readonly added: readonly (readonly unknown[])[];
    readonly removed: readonly (readonly unknown[])[];
    readonly changed: readonly ChangedRow[];
  };
  /** The biggest of each column of numbers, the farthest first; only with a key. */
  readonly moves: readonly NumberMove[];
}

export interface DiffTask {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Rows are matched by the first that is unique on both sides; without any, by columns that are found to be. */
  readonly keys: readonly KeyGuess[];
  /** In an example, longer texts are cut, with their length behind. */
  readonly maxCharacters: number;
}

export interface AggregateTask {
  readonly table: StoredTable;
  readonly query: AggregateQuery;
  /** The rows whose points are asked for; extents are always those of all rows. */
  readonly where?: readonly GroupFilter[];
  readonly limit: number;
  readonly maxCharacters: number;
}

/** Counts and sums of all groups of stored rows, as rows: what is made of them is then made of few. */
export interface TallyTask {
  readonly table: StoredTable;
  /** Its columns; what is no aggregate makes the groups. */
  readonly items: readonly { readonly name: string; readonly value: ChartValue }[];
  /** More groups are not wanted. */
  readonly most: number;
  /** An empty folder. */
  readonly folder: string;
}

export interface Tally extends StoredTable {
  readonly rows: number;
  readonly bytes: number;
}

/** How a cell reads a CSV file; what is absent is left to the engine. */
export interface CsvOptions {
  readonly encoding?: "latin-1" | "utf-16";
  readonly compression?: "gzip";
  readonly delimiter?: string;
  readonly quote?: '"';
  readonly header?: boolean;
  readonly skip?: number;
  readonly decimal?: ",";
  readonly thousands?: "." | ",";
  readonly timestampFormat?: string;
  readonly dateFormat?: string;
  /** Lines may be up to 64 MB long. */
  readonly hasLongLines?: boolean;
  readonly fillsShortLines?: boolean;
  readonly acceptsLooseQuotes?: boolean;
  readonly isAllText?: boolean;
  readonly looksAtAllLines?: boolean;
  /** Types by name of the column: as the engine told them of another reading, or its own for plain values of the kind. */
  readonly types?: ReadonlyMap<string, Pick<Column, "type" | "kind"> | Pick<RowsColumn, "kind">>;
  /** Columns that are read as text, and are numbers with a decimal point. */
  readonly casts?: readonly string[];
}

/** A file that a cell reads, with what the engine has to be told. The path is relative to the scope's root, or absolute. */
export type FileReader =
  | { readonly type: "csv"; readonly path: string; readonly options: CsvOptions }
  | {
      readonly type: "json";
      readonly path: string;
      readonly isGzip?: boolean;
      /** All of it is looked at before types are told, and values may be very long. */
      readonly isPatient?: boolean;
      /** Of all columns, by name, where the engine is not to find them itself. */
      readonly types?: ReadonlyMap<string, Pick<Column, "type" | "kind"> | Pick<RowsColumn, "kind">>;
    }
  | { readonly type: "parquet"; readonly path: string }
  /** All Parquet files below a folder. */
  | {
      readonly type: "parquet-folder";
      readonly path: string;
      /** Folders are called `column=value`. */
      readonly isPartitioned: boolean;
      /** Files may lack columns that others have. */
      readonly unitesColumns?: boolean;
    }
  /** CSV without a header, every value in quotes. */
  | {
      readonly type: "sheet";
      readonly path: string;
      readonly columns: readonly (RowsColumn & { readonly isEmpty?: boolean })[];
    };

/** Of files in which numbers stand as text. */
export type ReaderOfText = Extract<FileReader, { readonly type: "csv" | "json" }>;

/** What a path or pattern of a query stands for; at least one. */
export interface NamedFiles {
  readonly pattern: FileReference;
  readonly paths: readonly string[];
}

/** What a path or pattern of a query stands for where deliveries add up. */
export interface DeliveredFiles {
  readonly reference: FileReference;
  /** In their order; at least one. */
  readonly all: readonly string[];
  /** Those of which the rows are wanted. */
  readonly only: readonly string[];
  /** What is wanted has the same columns as all, whoever looks at it alone. */
  readonly isUniform: boolean;
}

/** What one reader gives alone. */
export interface ReaderCall {
  readonly sql: string;
  /** As the query writes them. */
  readonly paths: readonly string[];
}

/** What a Parquet file holds. */
export interface DescribedFile {
  readonly columns: readonly Column[];
  readonly rows: number;
}

/** A function that queries may call. */
export interface FunctionEntry {
  readonly name: string;
  /** `date_trunc(part, timestamp)`. */
  readonly signature: string;
  readonly description: string;
}

/** The words of the engine's language. */
export interface Vocabulary {
  readonly functions: readonly FunctionEntry[];
  readonly keywords: readonly string[];
}
