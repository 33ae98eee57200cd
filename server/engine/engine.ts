import type { CheckRule, CheckSpec } from "../notebook/check-spec.js";
import type { EngineName, OutputFormat } from "../notebook/notebook.js";
import type { AggregateQuery } from "../chart/chart-query.js";
import type { Span } from "../base/source.js";
import type { EditedText } from "../text/edited-text.js";
import type { FileReference, QueryAnalysis, QueryProblem } from "../graph/query-analysis.js";
import type { Column, CopiedRows, CutValue, RowsColumn, StoredColumn } from "./rows.js";
import type { PivotValuesQuery, SummaryQuery } from "./summary.js";
import type {
  ChangedKeys,
  ChangedKeysTask,
  CountedKeys,
  KeyChangeTask,
  KeyedFilesTask,
  MergedOutput,
  MergeTask,
  PartsQuery,
  RowCounts,
  RowCountsTask,
  UnitedKeysTask,
} from "./increment.js";
import type { FileCall, LineageTask, QueryLineage } from "./lineage.js";
import type { CommonTables, GivenCall, GivenTable, SomeRows } from "./given.js";
import type { KeyFile, QueryScope } from "./scope.js";
import type {
  AggregateTask,
  GroupFilter,
  ColumnMeasures,
  ColumnsHashTask,
  CopiedValue,
  DerivedQuery,
  DeliveredFiles,
  ReaderCall,
  DescribedFile,
  DiffTask,
  ExportTask,
  FileReader,
  ReaderOfText,
  NamedFiles,
  PageTask,
  ProfileTask,
  RowDiff,
  RowPage,
  Selection,
  Tally,
  TallyTask,
  ValueTask,
  Vocabulary,
} from "./verbs.js";

export type { Column, CopiedRows, CutValue, RowsColumn, StoredColumn } from "./rows.js";

export type { BoundParameter, QueryScope, Relation } from "./scope.js";

export interface Progress {
  /** 0 to 100, or undefined where the engine cannot tell. Not monotone. */
  readonly percent?: number;
  readonly rows?: number;
  readonly elapsedMs: number;
  /** Of what is known to be there by now, which may become more. */
  readonly tasks?: { readonly done: number; readonly total: number; readonly running: number };
}

/** Queries that are in no notebook, at a time. Who may have how many is decided where they are asked. */
export const FREE_QUERY_WORKERS = 4;

/** What its processes do now. */
export interface EngineLoad {
  readonly workers: number;
  readonly busy: number;
  /** Tasks that wait for one. */
  readonly waiting: number;
}

export interface TaskControl {
  readonly signal?: AbortSignal;
  /** The task is stopped after this time; the error's code is `timeout`. */
  readonly timeoutMs?: number;
  /** A query that is in no notebook: it gets a worker for its like, so that nothing else waits behind it. */
  readonly isFree?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** For the log and for error texts: the cell that is run. */
  readonly label: string;
}

export interface OutputFile {
  /** Path below the output folder, `/` as separator. */
  readonly path: string;
  /** `table` is a file of the engine's own, which holds what Parquet does not. */
  readonly format: OutputFormat | "table";
  readonly rows: number;
  readonly bytes: number;
  /** Values of the partition columns as text, in the order of `partitionBy`; null is SQL NULL. Empty if not partitioned. */
  readonly partition: readonly (string | null)[];
  /** Sum of the hashes of the file's rows, with their places if the task is ordered: equal content has an equal value. Parquet only. */
  readonly contentHash?: string;
}

export interface MaterializeTask {
  readonly scope: QueryScope;
  readonly sql: string;
  /** Absent: DuckDB. */
  readonly engine?: EngineName | undefined;
  /** An empty folder; Parquet goes to `<folder>/parquet`, the others to `<folder>/<dataset>.csv` and `.json`. */
  readonly folder: string;
  readonly dataset: string;
  /** Parquet is always written, since descendants read it. */
  readonly formats: readonly OutputFormat[];
  readonly partitionBy: readonly string[];
  /** The query defines the order of its rows, or has it from what it reads: then it counts as content. */
  readonly isOrdered: boolean;
  /** For rows that nobody else reads: they come back with the types of the query, whatever those are, and nothing is refused. */
  readonly keepsTypes?: boolean;
  /** Stamped into the Parquet files' metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** At most so many bytes are in the files that the query names by their paths; undefined: nobody knows. */
  readonly inputBytes?: number;
  /** Lists of files in the query, by the name under which their rows are counted. */
  readonly scans?: readonly { readonly name: string; readonly files: readonly string[] }[];
}

export interface MaterializedOutput {
  readonly columns: readonly StoredColumn[];
  readonly rows: number;
  readonly files: readonly OutputFile[];
  /** Over columns, order of columns and the multiset of rows, with their places if the task is ordered. */
  readonly contentHash: string;
  /** Casts that were made because Parquet cannot hold the type: a documented cast, never a silent one. */
  readonly casts: readonly { readonly column: string; readonly from: string; readonly to: string }[];
  /** Rows that each literal path or glob of the query delivered, as the engine counted them. */
  readonly scannedRows: Readonly<Record<string, number>>;
}

export type CheckQuery =
  /** A rule about the relation `on`, which is one of the scope's relations. */
  | {
      readonly type: "rule";
      readonly name: string;
      readonly on: string;
      readonly spec: CheckSpec;
      readonly scannedRows?: Readonly<Record<string, number>>;
      /** Rows beside those of the relation that are known to pass: they are told too. */
      readonly passingRows?: number;
    }
  /** A query whose rows are the failures. */
  | { readonly type: "query"; readonly name: string; readonly sql: string };

/** Rows that are parted by checks of single rows. */
export interface RowsToPart {
  readonly relation: string;
  /** All of the relation. */
  readonly columns: readonly Column[];
  readonly checks: readonly Pick<CheckSpec, "name" | "rule" | "where">[];
}

export interface PartedSql {
  readonly passing: string;
  readonly failing: string;
}

export interface CheckTask {
  readonly scope: QueryScope;
  readonly checks: readonly CheckQuery[];
  /** Failing rows go to `<folder>/<check>.parquet`, at most `maxRows` of each check. */
  readonly folder: string;
  readonly maxRows: number;
}

export interface CheckFinding {
  readonly name: string;
  /** True number of failing rows (or groups), also beyond the cap. */
  readonly failures: number;
  /** What the failures are counted among, where that is known. */
  readonly rows?: number;
  /** Absolute path of the Parquet file with the failing rows, if there are any to show. */
  readonly file?: string;
  /** One sentence for people: "3 of 600 rows have no orderId". */
  readonly message: string;
  /** The check could not run. */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface QueryTask {
  readonly scope: QueryScope;
  readonly sql: string;
  readonly offset?: number;
  /** Rows beyond are not fetched and `truncated` is set. */
  readonly limit: number;
  /** What a text may be long: the rest of a longer one is left out. Default: texts come whole. */
  readonly maxCharacters?: number | undefined;
}

/** Rows as Parquet for a while: unlike those of a dataset they are neither hashed nor read back. */
export interface CopyTask {
  readonly scope: QueryScope;
  readonly sql: string;
  /** The file to write, in the order of the query; its folder exists. */
  readonly file: string;
}

/** A query of which nobody wants the rows. */
export interface ExplainTask extends Pick<QueryTask, "scope" | "sql"> {
  /** Absent: DuckDB. */
  readonly engine?: EngineName | undefined;
}

/** How a query's rows are to be stored. */
export type FitOptions = Pick<MaterializeTask, "partitionBy" | "keepsTypes">;

/** How the engine would compute a query. */
export interface Explanation {
  /** Drawn as text, in lines of one width. */
  readonly text: string;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  /** Integers of 64 bits and more and decimals are strings, so no digit is lost. */
  readonly rows: readonly (readonly unknown[])[];
  readonly truncated: boolean;
  /** Row by row; absent where all values are whole. */
  readonly cut?: readonly CutValue[];
}

/** A query to bind: names and types are resolved, nothing is run. */
export interface BindItem {
  readonly name: string;
  readonly sql: string;
  /** Its rows will be stored: the answer has the types that storage gives back, and a problem where it cannot. */
  readonly isStored?: boolean;
  /** Conditions on its rows, such as its checks have. */
  readonly conditions?: readonly string[];
  /** Rules about its columns, by name. */
  readonly rules?: readonly { readonly name: string; readonly rule: CheckRule }[];
}

/** One of the conditions of an item cannot be bound. */
export interface ConditionProblem {
  readonly condition: string;
  readonly message: string;
  /** Within the condition. */
  readonly span?: Span;
  readonly hint?: string;
}

/** Codes of the problems that binding finds. The reference lists them. */
export const engineDiagnosticCodes = {
  input: "The engine cannot read a file as the query says.",
  "query-error": "A name, a function or a type in the query does not exist or does not fit.",
  "not-on-spark": "A cell that is to run on Spark says what is not known to mean the same there.",
} as const;

export type EngineDiagnosticCode = keyof typeof engineDiagnosticCodes;

export type BindResult =
  | {
      readonly name: string;
      readonly ok: true;
      readonly columns: readonly Column[];
      readonly conditionProblems: readonly ConditionProblem[];
      /** Rules that do not fit the types of their columns; one whose column is missing is not told. */
      readonly ruleProblems: readonly { readonly name: string; readonly message: string }[];
    }
  | { readonly name: string; readonly ok: false; readonly problems: readonly QueryProblem[] };

/**
 * What computes rows. Nothing above this folder knows how: it sees Parquet files, columns and errors
 * (`AppError` with code query, timeout, cancelled, engine-crashed, out-of-memory, disk or input).
 *
 * An error's details hold `span`, the place in the task's own query, where it is known. If the query failed in a query
 * cell that is computed within it, they hold `cell` and `cellSpan` instead.
 */
export interface Engine {
  /** Counts in every fingerprint, e.g. `duckdb 1.5.5`. */
  readonly version: string;
  /** Whether cells that ask for Spark are computed anywhere. */
  readonly hasCluster: boolean;
  /** Fails with a text that says what to set, where Spark cannot be used that is there. */
  reachCluster(): Promise<void>;
  /** The same of what one engine computes. */
  versionOf(engine: EngineName | undefined): string;
  /** Parses each query and says what it reads; no query ever reaches a worker without it. */
  analyze(queries: readonly string[]): Promise<readonly QueryAnalysis[]>;
  /** The same of conditions on the rows of a cell: each is one expression, with one value for each row. */
  analyzeConditions(conditions: readonly string[]): Promise<readonly QueryAnalysis[]>;
  /**
   * Binds queries in the given order; each may name the relations of the scope and the items before it.
   * An item whose parents did not bind is left out of the answer.
   */
  bind(scope: QueryScope, items: readonly BindItem[], control: TaskControl): Promise<readonly BindResult[]>;
  /** Why a query cannot run on its engine, apart from what binding finds; the relations of the scope need no rows. */
  misfits(task: ExplainTask & FitOptions, control: TaskControl): Promise<readonly QueryProblem[]>;
  /** From which columns each query computes its own, in the order of the items. Nothing is run, and no file is looked at. */
  lineage(task: LineageTask, control: TaskControl): Promise<readonly QueryLineage[]>;
  /**
   * The calls of a query that read files; undefined where the place of one is not known. `rename`: where a path lies that
   * the query writes.
   */
  fileCalls(
    sql: string,
    files: readonly FileReference[],
    rename?: (path: string) => string,
  ): readonly FileCall[] | undefined;
  /** A condition on the rows of a relation, as a query of it. */
  conditionSql(condition: string, relation: string): string;
  materialize(task: MaterializeTask, control: TaskControl): Promise<MaterializedOutput>;
  /** Writes the keys of which rows came, went or changed. */
  keyChange(task: KeyChangeTask, control: TaskControl): Promise<void>;
  /** Puts the keys of all changes together. */
  uniteKeys(task: UnitedKeysTask, control: TaskControl): Promise<void>;
  /** How many keys a file has. */
  countKeys(file: string, columns: number, control: TaskControl): Promise<CountedKeys>;
  /** Which of them were there in what was published before. */
  changedKeys(task: ChangedKeysTask, control: TaskControl): Promise<ChangedKeys>;
  /** Those of the table's files that hold one of the keys, in their order. */
  keyedFiles(task: KeyedFilesTask, control: TaskControl): Promise<readonly string[]>;
  /** How many rows came, went, or have other values. */
  countChanges(task: RowCountsTask, control: TaskControl): Promise<RowCounts>;
  /** Puts the rows of before and of now together; the caller owns the folder, also when this fails. */
  merge(task: MergeTask, control: TaskControl): Promise<MergedOutput>;
  check(task: CheckTask, control: TaskControl): Promise<readonly CheckFinding[]>;
  query(task: QueryTask, control: TaskControl): Promise<QueryResult>;
  copy(task: CopyTask, control: TaskControl): Promise<CopiedRows>;
  /** The statement that it runs for a query: with the query cells of the scope in it. Nothing is run. */
  compile(task: ExplainTask): Promise<string>;
  explain(task: ExplainTask, control: TaskControl): Promise<Explanation>;
  /** Some of the stored rows that a selection has. */
  page(task: PageTask, control: TaskControl): Promise<RowPage>;
  /**
   * Of stored rows, over some of their columns: two that have the same have the same rows, as a multiset, or one by one where
   * their order counts.
   */
  hashColumns(task: ColumnsHashTask, control: TaskControl): Promise<string>;
  /** How many rows a selection has. */
  count(task: Selection, control: TaskControl): Promise<number>;
  /** Copies a selection to a Parquet file, in its order; the file's folder exists. See `isCopyExact`. */
  copySelection(task: Selection, file: string, control: TaskControl): Promise<CopiedRows>;
  /** Writes one value of a selection to a file, whose folder exists; `rows` is 0 where there is no such row. */
  copyValue(task: ValueTask, control: TaskControl): Promise<CopiedValue>;
  /** Writes stored rows to files, as a dataset has them. */
  export(task: ExportTask, control: TaskControl): Promise<MaterializedOutput>;
  /** In the order of the table's columns. */
  profile(task: ProfileTask, control: TaskControl): Promise<readonly ColumnMeasures[]>;
  /** Compares two results row by row. */
  diff(task: DiffTask, control: TaskControl): Promise<RowDiff>;
  /** Computes the few rows that a chart draws. */
  aggregate(task: AggregateTask, control: TaskControl): Promise<QueryResult>;
  /** What it runs for that, over the relation `result`, to be shown to people. */
  aggregateSql(query: AggregateQuery, where?: readonly GroupFilter[]): string;
  /** Undefined where there are more groups than are wanted. */
  tally(task: TallyTask, control: TaskControl): Promise<Tally | undefined>;
  /** Fails with code query for what is no Parquet file. */
  describeFile(file: string, control: TaskControl): Promise<DescribedFile>;
  /** The query of a cell that has some rows of another, or counts them. */
  derivedSql(query: DerivedQuery): string;
  /** The query of a cell that sums up the rows of another. */
  summarySql(query: SummaryQuery): string;
  /** A query for the values of a column, each as text, and beside it how many values there are. */
  pivotValuesSql(query: PivotValuesQuery): string;
  /** Computes all rows and keeps none. */
  readThrough(task: ExplainTask, control: TaskControl): Promise<void>;
  /** The query of a cell that reads a file. */
  readerSql(reader: FileReader): string;
  /**
   * A query with one row, TRUE for each of these columns in which numbers of the file have more digits than a column of floats
   * keeps of them. `columns`: all of the file's.
   */
  lostDigitsSql(reader: ReaderOfText, columns: readonly Column[], names: readonly string[]): string;
  /** A query that reads exactly these files (paths as it writes them) in the place of a pattern. */
  nameFiles(sql: string, patterns: readonly NamedFiles[]): EditedText;
  /** A query in which paths stand for what several deliveries brought. */
  nameDelivered(sql: string, files: readonly DeliveredFiles[]): EditedText;
  /** What each reader gives alone, to be bound: names and types of its columns. */
  readerCalls(sql: string, files: readonly DeliveredFiles[]): readonly ReaderCall[];
  /** One query for the rows of several deliveries. */
  partsSql(query: PartsQuery): string;
  /** One query for the rows that came too late, with a further column `reason`. */
  lateSql(query: PartsQuery): string;
  /** Two queries for the rows of a relation: those that pass, and those that fail a check, with a further column `reason`. */
  partedSql(rows: RowsToPart): PartedSql;
  /** A query with exactly these rows, in their order. */
  rowsSql(table: GivenTable): string;
  /** A query of its own, to be run like one that a user wrote. */
  someRowsSql(rows: SomeRows): string;
  /** A query with rows in the place of the files that it reads. */
  nameGiven(sql: string, calls: readonly GivenCall[]): EditedText;
  commonTables(sql: string): CommonTables;
  /** Those rows of a query that have one of the keys. */
  onlyKeysSql(sql: string, keys: KeyFile): string;
  /** A column of plain values as its own answers have them. */
  toColumn(column: RowsColumn): Column;
  /** Whether a copy of such columns has all of their types. */
  isCopyExact(columns: readonly StoredColumn[]): boolean;
  /** Its own names of the types that people wrote, as rows with them are stored: `int` is INTEGER. Undefined where one is none. */
  storedTypes(
    scope: QueryScope,
    types: readonly string[],
    control: TaskControl,
  ): Promise<readonly string[] | undefined>;
  vocabulary(control: TaskControl): Promise<Vocabulary>;
  /** At no cost. */
  load(): EngineLoad;
  /** Fails where no process that runs queries is there and none can be started. */
  probe(): Promise<void>;
  /** Stops every worker. Running tasks end as cancelled. */
  close(): Promise<void>;
}
