import type { SourceText, Span } from "../base/source.js";
import type { Alerts } from "./alerts.js";
import type { ChartOptions } from "./chart-options.js";
import type { CheckSpec } from "./check-spec.js";
import type { ReportWidth } from "./report-width.js";
import type { Retries } from "./schemas.js";

export type ParameterType = "string" | "integer" | "number" | "boolean" | "date" | "timestamp";
export type ParameterScalar = string | number | boolean | null;
/** Dates are `YYYY-MM-DD`, timestamps `YYYY-MM-DD HH:MM:SS[.ffffff]` (UTC); a list belongs to a multiple select. */
export type ParameterValue = ParameterScalar | readonly ParameterScalar[];
export type OutputFormat = "parquet" | "csv" | "json";

export interface ParameterDefinition {
  readonly name: string;
  readonly type: ParameterType;
  readonly isList: boolean;
  readonly defaultValue: ParameterValue;
  readonly description?: string;
  /** The input cell that sets it; absent for a parameter of the front matter. */
  readonly inputCell?: string;
  readonly span: Span;
}

/** What becomes of dates that nobody watched: none of them runs, the last one, or all in order. */
export type CatchUp = "none" | "latest" | "all";
/** What becomes of a date whose predecessor still runs. */
export type Overlap = "queue" | "skip";

export interface Schedule {
  /** Absent: it fires when input arrives or another notebook was published. */
  readonly cron?: string;
  readonly timezone: string;
  readonly catchUp: CatchUp;
  readonly overlap: Overlap;
  /** Waits for files: those that the notebook reads, or these paths and globs. */
  readonly onInput?: true | readonly string[];
  /** Waits until these notebooks have published the same run date. */
  readonly after?: readonly string[];
}

export interface FrontMatter {
  readonly title?: string;
  readonly description?: string;
  readonly parameters: readonly ParameterDefinition[];
  readonly schedule?: Schedule;
  /** Who is told of its runs, beside those that the workspace names. */
  readonly alerts?: Alerts;
  /** Defaults of every SQL cell. */
  readonly retries: Retries;
  readonly timeoutMs?: number;
  /** Of every SQL cell that does not say otherwise. */
  readonly engine?: EngineName;
  /** So long after its fire time a scheduled run may take. */
  readonly deadlineMs?: number;
  /** The YAML between the `---` lines; absent where there is none. */
  readonly span?: Span;
}

/** What is common to all cells. Spans are offsets in the notebook's file. */
export interface CellBase {
  readonly name: string;
  readonly nameSpan: Span;
  /** The whole fence: its lines from the opening one to the closing one, with that one's line break. */
  readonly span: Span;
  /** What stands between the fences. */
  readonly bodySpan: Span;
  /** True when a diagnostic of severity error lies in this cell: it cannot run. */
  readonly hasErrors: boolean;
}

export interface ColumnContract {
  readonly name: string;
  /** A DuckDB type name, as written. */
  readonly type: string;
  readonly nullable: boolean;
  readonly description?: string;
}

export interface Incremental {
  readonly mode: "by_partition" | "by_key";
  readonly batches: "cumulative" | "latest";
}

/** What computes the rows of a cell. */
export type EngineName = "duckdb" | "spark";

export interface SqlOptions {
  /** Empty: a query cell. Otherwise a dataset cell. */
  readonly materialize: readonly OutputFormat[];
  /** Of a parsed notebook: the cell's own, else the notebook's; absent: DuckDB. */
  readonly engine?: EngineName;
  readonly partitionBy: readonly string[];
  readonly key: readonly string[];
  readonly incremental?: Incremental;
  /** The column that says when a row's event was. */
  readonly eventTime?: string;
  /** Rows of a delivery whose event is longer before its run date are too late. */
  readonly allowedLatenessMs?: number;
  readonly checks: readonly CheckSpec[];
  /** Absent: no contract. */
  readonly columns?: readonly ColumnContract[];
  readonly description?: string;
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly retries?: Retries;
  readonly timeoutMs?: number;
  readonly dependsOn: readonly string[];
  readonly disabled: boolean;
  /** By column, how its numbers are shown; the data stay as they are. */
  readonly format?: Readonly<Record<string, string>>;
  readonly width?: ReportWidth;
}

/** A cell that options name: in `depends_on`, `relationships`, `row_count_matches`. */
export interface OptionReference {
  readonly cell: string;
  /** The name in the file, without quotes and column. */
  readonly span: Span;
}

/** A column that options name: in `partition_by`, `key`, `checks`. */
export interface ColumnReference {
  /** Absent: of the cell itself. */
  readonly cell?: string;
  readonly column: string;
  /** The name in the file, without quotes. */
  readonly span: Span;
}

export interface SqlCell extends CellBase {
  readonly kind: "sql";
  /** The text below the option lines, exactly as in the file, without the last line's break. */
  readonly sql: string;
  readonly sqlSpan: Span;
  /** The `--|` lines, whole. */
  readonly optionsSpan: Span;
  readonly options: SqlOptions;
  readonly optionReferences: readonly OptionReference[];
  readonly columnReferences: readonly ColumnReference[];
}

export interface CheckCell extends CellBase {
  readonly kind: "check";
  readonly sql: string;
  readonly sqlSpan: Span;
  readonly optionsSpan: Span;
  readonly severity: "error" | "warn";
  /** Failing rows that are still accepted; default 0. */
  readonly max: number;
  readonly description?: string;
  readonly timeoutMs?: number;
  readonly dependsOn: readonly string[];
  readonly disabled: boolean;
  readonly optionReferences: readonly OptionReference[];
}

export interface ChartCell extends CellBase {
  readonly kind: "chart";
  readonly from: string;
  readonly fromSpan: Span;
  /** All keys of the YAML but `chart` and `from` as written, unknown ones too; an alias of a mark is resolved. */
  readonly chart: Readonly<Record<string, unknown>>;
  /** The known ones among them, validated and typed. */
  readonly options: ChartOptions;
}

export type ControlType = "select" | "text" | "number" | "slider" | "date" | "checkbox";

export interface ControlCell extends CellBase {
  readonly kind: "input";
  readonly inputType: ControlType;
  readonly label?: string;
  readonly description?: string;
  /** A query whose first column holds the options, or a list of values. Only of a select. */
  /** `sqlSpan` covers exactly `sql` where that is written on one line, else the whole value. */
  readonly options?:
    { readonly sql: string; readonly sqlSpan: Span } | { readonly values: readonly ParameterScalar[] };
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly width?: ReportWidth;
  readonly parameter: ParameterDefinition;
}

/** A word of the YAML, and where it stands in the file. */
export interface PlacedName {
  readonly name: string;
  readonly span: Span;
}

/** A scalar with its text as written, a list or a map as the text of JSON; null is NULL. */
export type TestValue =
  null | { readonly value: string | number | boolean; readonly text: string } | { readonly json: string };

/** By the place of its column in `columns`; a column that a row leaves out is NULL. */
export interface TestRow {
  readonly values: readonly TestValue[];
  readonly span: Span;
}

export type TestRows =
  | { readonly type: "rows"; readonly columns: readonly PlacedName[]; readonly rows: readonly TestRow[] }
  /** A path below the workspace, of a file whose rows they are. */
  | { readonly type: "file"; readonly path: string; readonly span: Span };

/** A relation or a path that the cell reads, as the SQL writes it, and what it has in the test. */
export interface GivenRows extends PlacedName {
  readonly rows: TestRows;
}

export type Expectation =
  /** In any order unless `isOrdered`; only the columns that are named count. */
  | { readonly type: "rows"; readonly rows: TestRows; readonly isOrdered: boolean; readonly span: Span }
  /** The cell fails, with this text in the message where there is one. */
  | { readonly type: "error"; readonly text: string | undefined; readonly span: Span }
  | {
      readonly type: "check";
      /** Absent: the cell is the check. */
      readonly check?: PlacedName;
      readonly outcome: CheckOutcome;
      readonly span: Span;
    };

export type CheckOutcome = "pass" | "warn" | "fail" | "error";

/** What a cell makes of rows that are written down. */
export interface TestCell extends CellBase {
  readonly kind: "test";
  readonly description?: string;
  /** The cell that is tested; empty where the test names none. */
  readonly cell: string;
  readonly cellSpan: Span;
  /** The CTE of that cell whose rows are looked at. */
  readonly cte?: PlacedName;
  readonly given: readonly GivenRows[];
  readonly parameters: readonly (PlacedName & { readonly value: unknown })[];
  readonly runDate?: string;
  /** Absent where it is missing or wrong, which is reported. */
  readonly expected?: Expectation;
}

export type Cell = SqlCell | CheckCell | ChartCell | ControlCell | TestCell;
export type CellKind = Cell["kind"];

export interface ProseBlock {
  readonly type: "prose";
  readonly span: Span;
}

export interface CellBlock {
  readonly type: "cell";
  readonly cell: Cell;
  readonly span: Span;
}

export type Block = ProseBlock | CellBlock;

/** A parsed notebook. Blocks cover the file from the end of the front matter without gaps. */
export interface Notebook {
  /** The slug, e.g. `customer_courier_conversations` or `team/daily`. */
  readonly name: string;
  /** Title of the front matter, else the first heading, else the name. */
  readonly title: string;
  readonly source: SourceText;
  readonly frontMatter: FrontMatter;
  readonly blocks: readonly Block[];
  /** In the order of the file; cells whose name is taken or reserved are kept and marked by `hasErrors`. */
  readonly cells: readonly Cell[];
}

/** What computes its rows; undefined: DuckDB. */
export function engineOf(cell: Cell): EngineName | undefined {
  return cell.kind === "sql" ? cell.options.engine : undefined;
}

/** Is it computed from all deliveries up to a run date? */
export function isCumulative(cell: Cell): cell is SqlCell {
  return isDataset(cell) && cell.options.incremental?.batches === "cumulative";
}

/** The dataset that rows of a cell go to which came too late, or failed a check; undefined where none can. */
export function quarantineOf(cell: Cell): string | undefined {
  return agingColumns(cell).length > 0 || puttingAside(cell).length > 0
    ? `${cell.name}__quarantine`
    : undefined;
}

/** The column by which rows of a cell come too late. */
export function agingColumns(cell: Cell): readonly string[] {
  if (!isCumulative(cell) || cell.options.allowedLatenessMs === undefined) return [];
  return cell.options.eventTime === undefined ? [] : [cell.options.eventTime];
}

/** The checks of a cell that put the rows aside which fail them. */
export function puttingAside(cell: Cell): readonly CheckSpec[] {
  if (!isDataset(cell) || cell.options.incremental !== undefined) return [];
  return cell.options.checks.filter(({ onFail }) => onFail !== undefined);
}

export function isDataset(cell: Cell): cell is SqlCell {
  return cell.kind === "sql" && cell.options.materialize.length > 0;
}
