import type { OutputFormat } from "../notebook/notebook.js";
import type { StoredColumn } from "./rows.js";
import type { KeyFile, QueryScope } from "./scope.js";
import type { StoredTable } from "./verbs.js";

/*
 * The verbs for datasets of which only a part is computed: which keys changed, and the rows of before and of now put
 * together.
 */

/** What one relation or file tells of the keys that changed. */
export type KeyChange =
  /** Rows before and now, compared by their values; the columns are the same. */
  | {
      readonly type: "stored";
      readonly before: StoredTable | undefined;
      readonly after: StoredTable | undefined;
      /** Those that hold the key, in its order. */
      readonly columns: readonly string[];
    }
  /** Rows of deliveries that came or went. */
  | {
      readonly type: "query";
      readonly scope: QueryScope;
      readonly sql: string;
      readonly columns: readonly string[];
      readonly side: "before" | "after";
      /** A column of which the least value of each key is kept too. */
      readonly eventTime?: string | undefined;
    };

/** What changed in one relation or file, to be written as a file of keys. */
export interface KeyChangeTask {
  readonly change: KeyChange;
  /** Types of the key's columns. */
  readonly types: readonly string[];
  readonly file: string;
}

/** Files of keys: what one change came to, or what all came to of which another dataset was computed. */
export interface KeyPart {
  /** Several, where the rows that came stand in another than those that went. */
  readonly files: readonly string[];
  /** The place in the file of each column of the key. */
  readonly places: readonly number[];
  /** The rows that it counts are rows of a delivery. */
  readonly isCounted: boolean;
  /** It has the least event time of each key. */
  readonly isTimed?: boolean;
}

/** Files of keys that become one. */
export interface UnitedKeysTask {
  readonly parts: readonly KeyPart[];
  /** Types of the key's columns. */
  readonly types: readonly string[];
  /** Where the keys are written to, as Parquet. */
  readonly file: string;
}

export interface ChangedKeysTask {
  /** Keys that were put together. */
  readonly file: string;
  /** What was published before. */
  readonly base: StoredTable;
  readonly key: readonly string[];
}

/** A relation of which only rows with one of the keys are wanted. */
export interface KeyedFilesTask {
  readonly table: StoredTable;
  readonly keys: KeyFile;
}

/** Of keys, what the base tells. */
export interface KnownKeys {
  /** How many of them the base has. */
  readonly known: number;
  /** How many of those rows came for. */
  readonly lateKeys: number;
  /** Rows that came for those. */
  readonly lateRows: number;
  /** The least event time that came for those, as text, of parts that have one. */
  readonly oldest?: string;
}

export interface CountedKeys {
  readonly keys: number;
  readonly hasNull: boolean;
}

export interface ChangedKeys extends KnownKeys {
  /** Places of the base's files that hold one of them. */
  readonly touched: readonly number[];
}

/** A Parquet file that holds rows of one partition, or a part of an unpartitioned dataset. */
export interface PartFile {
  /** Absolute. */
  readonly path: string;
  /** The folder that it lies in, below the version's: `parquet/city_code=BCN`. */
  readonly folder: string;
  readonly partition: readonly (string | null)[];
  readonly rows: number;
  readonly bytes: number;
  /** As `OutputFile` has it. */
  readonly contentHash: string;
}

export interface MergeTask {
  /** What was published before. */
  readonly base: readonly PartFile[];
  /** What was computed now, in files below `folder`. */
  readonly added: readonly PartFile[];
  /** Of both. */
  readonly columns: readonly StoredColumn[];
  /** Rows of the base that go: those with a key in the file. Absent: none. */
  readonly replaced?: KeyFile;
  /** Files of the base that hold such rows; absent: they are looked for, and what they tell of the keys is told. */
  readonly touched?: readonly string[];
  /** Rows are counted by it; empty: as a multiset. */
  readonly key: readonly string[];
  /** What makes an added row late: that the base has its partition, or its key. Absent: nobody asks. */
  readonly lateBy?: "partition" | "key";
  /** A column of which the least value of late rows is told. */
  readonly eventTime?: string | undefined;
  readonly folder: string;
  readonly dataset: string;
  readonly formats: readonly OutputFormat[];
  readonly partitionBy: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** More than this share of the base's partitions is told, */
  readonly maxTouched: number;
  /** and only written again if this is true. */
  readonly exceeds: boolean;
}

export interface RowCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Two versions of a dataset, of which rows are only counted. */
export interface RowCountsTask {
  /** Without a file, there are no rows. */
  readonly before: StoredTable;
  readonly after: StoredTable;
  /** Rows are matched by it; empty: they are compared as multisets. */
  readonly key: readonly string[];
  /** Only rows with one of these keys are looked at: no others can differ. */
  readonly only?: KeyFile;
  /** Only about one of so many keys is looked at, or of so many rows where there is no key. */
  readonly oneIn?: number;
}

export interface LateRows {
  readonly rows: number;
  readonly keys: number;
  /** The least event time among them, as text. */
  readonly oldest?: string;
}

export interface MergedOutput {
  /** Partitions that are to be written again, where those are more than `maxTouched`. */
  readonly excess?: { readonly touched: number; readonly partitions: number };
  readonly late: LateRows;
  /** Where the files with rows that go were looked for. */
  readonly known?: KnownKeys;
  readonly counts: RowCounts;
  /** What lies below the folder now, and belongs to the dataset. */
  readonly files: readonly (Omit<PartFile, "path"> & {
    readonly path: string;
    readonly format: OutputFormat;
  })[];
  /** Files of the base that stay as they are. */
  readonly kept: readonly PartFile[];
  readonly rows: number;
  readonly contentHash: string;
  readonly partitions: { readonly written: number; readonly linked: number; readonly removed: number };
}

/** One delivery's rows of a query. */
export interface QueryPart {
  readonly sql: string;
  /** Rows with an earlier event time are too late. */
  readonly cutoff?: string;
}

export interface PartsQuery {
  /** Oldest first; at least one. */
  readonly parts: readonly QueryPart[];
  /** Rows of later parts replace those of earlier ones that have the same values there; empty: all stay. */
  readonly upsertBy: readonly string[];
  readonly eventTime?: string | undefined;
}
