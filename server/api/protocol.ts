import { namedRecord } from "../base/named-record.js";
import { z } from "zod";
import type { LocatedDiagnostic } from "../base/diagnostic.js";
import type { Column, CutValue } from "../engine/engine.js";
import type { Problem } from "../lake/problem.js";
import type { CellKind, ParameterDefinition, Schedule } from "../notebook/notebook.js";
import { downloadFormats } from "../rows/download.js";
import type { PublishedListing } from "../rows/published-datasets.js";
import type { Prediction } from "../runs/run-manager.js";
import type { RunView } from "../runs/run-record.js";
import type { ShownColumn } from "../rows/stored-rows.js";
import type { Vocabulary } from "../engine/verbs.js";
import type { Share } from "../share/share-store.js";

/**
 * What goes over HTTP: Zod schemas of what comes in, types of what goes out. The web client imports the types of
 * this file and nothing else of the server.
 */
export type { LocatedDiagnostic } from "../base/diagnostic.js";
export type { Column, CutValue, QueryPlan } from "../engine/engine.js";
export type { NotebookEvent } from "../runs/events.js";
export type { PredictedCell } from "../runs/predict-run.js";
export type { Profile } from "../rows/profile.js";
export type { PlotChannel, PlotChannelName, PlotDescription } from "../chart/plot-description.js";
export type { ChartData } from "../rows/chart-data.js";
export type { InputOptions } from "../workbench/input-options.js";
export type { CompiledCell } from "../workbench/compiled-cell.js";
export type { VacuumReport } from "../runs/vacuum-lake.js";
export type { CellDiff, NothingPublished } from "../rows/cell-diff.js";
export type { PublishedListing } from "../rows/published-datasets.js";
export type { PublishedDetail } from "../rows/published-detail.js";
export type { CellRecord, CheckRecord, RemovedDataset, RunView } from "../runs/run-record.js";

/** `POST /api/notebooks/:name/runs` and `/plan`. A misspelt key is an error, never ignored. */
export const runBodySchema = z.strictObject({
  date: z.string().optional().describe("run date, YYYY-MM-DD; default: today"),
  parameters: namedRecord(z.unknown())
    .optional()
    .describe("values by name; a text is read as --param reads it"),
  cells: z.array(z.string()).max(1000).optional().describe("only these and what they read; default: all"),
  force: z.boolean().optional().describe("compute everything, whatever is stored"),
  input: z
    .enum(["pinned", "current"])
    .optional()
    .describe("which input, for a date that was published from other input"),
  materialize: z.boolean().default(false).describe("publish the datasets under the run date"),
  removes: z
    .array(z.string())
    .max(1000)
    .optional()
    .describe("paths that may go from the run date, as a plan names them; default: whatever goes"),
  strict: z
    .boolean()
    .default(false)
    .describe("refuse to run while a selected cell has errors; materialize always does"),
});
export type RunBody = z.input<typeof runBodySchema>;

export const saveBodySchema = z.strictObject({ text: z.string() });

/** Cancel and retry need nothing. */
export const emptyBodySchema = z.strictObject({});

const MAX_PAGE_ROWS = 1000;
const MAX_COLUMNS = 1_000_000;

function wholeNumber(max: number, otherwise: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, "a whole number")
    .transform(Number)
    .refine((value) => value <= max, `at most ${String(max)}`)
    .default(otherwise);
}

export const rowsQuerySchema = z.object({
  offset: wholeNumber(Number.MAX_SAFE_INTEGER, 0),
  limit: wholeNumber(MAX_PAGE_ROWS, 100).describe(`rows at most, up to ${String(MAX_PAGE_ROWS)}`),
  sort: z
    .array(z.string())
    .default([])
    .describe("`column` (or `column asc`), `-column` or `column desc`; may be given several times"),
  filter: z
    .array(z.string())
    .default([])
    .describe(
      "`column:op:value` with op eq, ne, lt, le, gt, ge, contains, starts, or `column:null`, `column:notnull`; " +
        "anything else is a text that some column contains. May be given several times: all have to hold",
    ),
  run: z.string().optional().describe("a run's id; default: the newest run that has rows of the cell"),
  result: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "a fingerprint")
    .optional()
    .describe("a fingerprint, as runs and plans name it: the rows that have it, in place of a run's"),
  check: z.string().optional().describe("a check's name: its failing rows instead of the cell's"),
});

const valuePlace = {
  row: z
    .string()
    .regex(/^\d{1,15}$/, "a whole number")
    .transform(Number)
    .describe("which row of the page, counted from 0 over all pages with this sort and filter"),
  column: z.string().describe("its name, or its key where it has one"),
};

export const valueQuerySchema = rowsQuerySchema.omit({ offset: true, limit: true }).extend(valuePlace);

export const lakeValueQuerySchema = valueQuerySchema.omit({ run: true, result: true, check: true });

export const lakeRowsQuerySchema = rowsQuerySchema.omit({ run: true, result: true, check: true });

export const downloadQuerySchema = z.object({ format: z.enum(downloadFormats).default("csv") });

export const cellDownloadQuerySchema = downloadQuerySchema.extend(
  rowsQuerySchema.pick({ run: true, result: true }).shape,
);

export const profileQuerySchema = z.object({
  run: rowsQuerySchema.shape.run,
  result: rowsQuerySchema.shape.result,
  offset: wholeNumber(MAX_COLUMNS, 0).describe("columns to leave out"),
  limit: wholeNumber(MAX_COLUMNS, MAX_COLUMNS).describe("columns at most; default: all"),
});

export const chartQuerySchema = rowsQuerySchema.pick({ run: true, result: true });

/** `POST /api/notebooks/:name/chart`: a chart that is being built. */
export const draftChartBodySchema = z.strictObject({
  from: z.string().describe("a cell, or a dataset of the lake as SQL names it"),
  chart: namedRecord(z.unknown()).describe("keys as a chart cell has them: mark, x, y ..."),
  run: z.string().optional().describe("a run's id; default: the newest run that has rows of the cell"),
  result: rowsQuerySchema.shape.result,
});

export const diffQuerySchema = z.object({
  against: z
    .string()
    .optional()
    .describe("run date of the publication to compare with; default: the greatest"),
});

/** `POST /api/notebooks/:name/query`: a query that is not in the file. Its rows are kept nowhere. */
export const queryBodySchema = z.strictObject({
  sql: z.string().max(1_000_000),
  parameters: namedRecord(z.unknown()).default({}),
  limit: z.number().int().min(1).max(MAX_PAGE_ROWS).default(MAX_PAGE_ROWS),
});
export type QueryBody = z.input<typeof queryBodySchema>;

/** `POST /api/notebooks/:name/cells/:cell/sql` and `/plan`. */
export const compileBodySchema = queryBodySchema.pick({ parameters: true });

/** There is no such text as things stand: a cell above was never run, a parameter does not fit, the query is wrong. */
export const compileProblemSchema = z.object({
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});
export type CompileProblem = z.infer<typeof compileProblemSchema>;

export interface QueryAnswer {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  readonly truncated: boolean;
  /** Values of which only the beginning is here; absent where all are whole. */
  readonly cut?: readonly CutValue[];
  /** It did not begin at once, since other queries of the same client ran. */
  readonly waitedMs?: number;
}

/** `POST /api/notebooks/:name/shares`. */
export const shareBodySchema = z.strictObject({
  expires: z
    .string()
    .max(20)
    .nullable()
    .optional()
    .describe("12h, 30d or 8w from now on; null: never; default: 30d"),
});

export type { Share } from "../share/share-store.js";

export interface ShareList {
  /** Newest first; without those that have expired. */
  readonly shares: readonly Share[];
}

export interface CreatedShare extends Share {
  /** `/s/<token>`; nobody can ask for it again. */
  readonly url: string;
}

export const exportQuerySchema = z.object({ format: z.enum(["html", "md", "sql"]).default("html") });

export const duplicateBodySchema = z.strictObject({
  newName: z.string().optional().describe("default: the name with _copy"),
});
export const moveBodySchema = z.strictObject({ newName: z.string() });
export const importBodySchema = z.strictObject({
  fileName: z.string().max(300).describe("its ending tells what it is: .md or .sql"),
  text: z.string(),
});

/** The name of a notebook that was made, imported, moved or restored. */
export interface NamedNotebook {
  readonly name: string;
  /** Only of a move: datasets that were published under the old name, and still belong to it. */
  readonly datasets?: readonly string[];
}

export interface DeletedNotebook {
  readonly name: string;
  /** What `POST /api/trash/:id/restore` brings it back by. */
  readonly trash: string;
}

export interface UploadedInput {
  /** `input/orders.csv` */
  readonly path: string;
  readonly bytes: number;
  readonly encoding?: "utf-8" | "utf-16" | "latin-1";
  readonly delimiter?: string;
  /** As the cell reads the file. */
  readonly columns: readonly Column[];
  /** Sentences: what is not as in the file that was sent, and what was decided about it. */
  readonly notes: readonly string[];
  /** The fence of a cell that reads the file. */
  readonly cell: string;
  /** The text of a notebook that begins with that cell. */
  readonly notebook: string;
  /** Of a workbook: the files of its further sheets. */
  readonly sheets?: readonly UploadedInput[];
}

export const renameBodySchema = z.strictObject({ cell: z.string(), newName: z.string() });

/** The notebook's text after the rename; nothing is saved yet. */
export interface RenamedText {
  readonly text: string;
}

/** Names that SQL may use besides the notebook's own cells. */
export interface VocabularyView extends Vocabulary {
  readonly files: readonly string[];
  readonly datasets: readonly { readonly name: string; readonly columns: readonly Column[] }[];
}

export const runsQuerySchema = z.object({
  notebook: z.string().optional(),
  limit: wholeNumber(1000, 50),
});

export const lakeQuerySchema = z.object({
  dates: wholeNumber(100_000, 100_000).describe(
    "run dates of each dataset at most, the greatest first; default: all",
  ),
});

export const eventsQuerySchema = z.object({
  after: z.string().optional().describe("a position: what came after it is sent first"),
});

export const resumableQuerySchema = z.object({ date: z.string().optional() });

/** `POST /api/lake/verify`. */
export const verifyBodySchema = z.strictObject({
  quick: z.boolean().default(false).describe("compare sizes only, not the content of files"),
});

export interface VerifyView {
  /** None: the lake is what its log says. */
  readonly problems: readonly Problem[];
}

/** `POST /api/lake/vacuum`. */
export const vacuumBodySchema = z.strictObject({
  dryRun: z.boolean().default(true).describe("only say what would go"),
  keep: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(12)
    .describe("run dates of each notebook that stay published"),
});
export type VacuumBody = z.input<typeof vacuumBodySchema>;

/** Every answer that is no success. `code` is one of the product's error codes, e.g. `not-found`. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly diagnostics?: readonly LocatedDiagnostic[];
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

export interface NotebookSummary {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly etag: string;
  readonly cells: number;
  readonly datasets: readonly string[];
  readonly schedule?: Schedule;
  /** Of reading and joining the cells; binding may find more. */
  readonly errors: number;
  readonly warnings: number;
  /** The cells' SQL has not been read yet: there may be more problems. Ask again in a while. */
  readonly isIncomplete?: boolean;
}

/** Half-open range of UTF-16 offsets in the notebook's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface CellView {
  readonly name: string;
  readonly kind: CellKind;
  /** The whole fence. */
  readonly span: TextRange;
  /** What stands between the fences. */
  readonly bodySpan: TextRange;
  /** Of the query, without option lines; for SQL and check cells. */
  readonly sqlSpan?: TextRange;
  readonly hasErrors: boolean;
  readonly isDataset: boolean;
  /** What the cell's header says, by kind; see the notebook's format. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Of a SQL cell whose query could be bound. */
  readonly columns?: readonly Column[];
  /** Datasets of the lake that it reads, as the SQL names them: `lake.orders`. */
  readonly lake: readonly string[];
  /** Files that it reads, as the SQL names them. */
  readonly files: readonly string[];
  readonly parameters: readonly string[];
}

export interface BlockView {
  readonly type: "prose" | "cell";
  readonly span: TextRange;
  readonly cell?: string;
}

export interface GraphView {
  readonly cells: readonly {
    readonly name: string;
    readonly kind: CellKind;
    readonly isInferred?: boolean;
  }[];
  /** Parent, child. */
  readonly edges: readonly (readonly [string, string])[];
}

/** Of an answer: the newest event that it surely includes, as the events are numbered: `?after=` asks for the rest. */
export type Position = string;

export interface NotebookView {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly text: string;
  readonly etag: string;
  readonly schedule?: Schedule;
  readonly parameters: readonly Omit<ParameterDefinition, "span">[];
  readonly blocks: readonly BlockView[];
  readonly cells: readonly CellView[];
  readonly graph: GraphView;
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly position: Position;
}

export interface StartedRun {
  readonly id: string;
}

export type PlanView = Prediction;

/** An answer that is expected, and not a plan: a choice is needed (`details.files` differ), or the notebook has errors. */
export interface PlanProblem {
  readonly problem: ErrorBody["error"];
}

export interface ResumableRun {
  readonly run: StartedRun | null;
}

export interface RunList {
  /** Newest first. */
  readonly runs: readonly RunView[];
  readonly position: Position;
}

export interface RowsPage {
  readonly columns: readonly ShownColumn[];
  /** Integers of 64 bits and more and decimals are strings; so is everything that JSON has no form for. */
  readonly rows: readonly (readonly unknown[])[];
  /** That the filter lets through. */
  readonly totalRows: number;
  /** Values of which only the beginning is here; absent where all are whole. `.../value` has each of them whole. */
  readonly cut?: readonly CutValue[];
}

export interface CellRowsPage extends RowsPage {
  /** The run that the rows are of; absent where they were asked for by their fingerprint. */
  readonly run?: string;
}

export interface LakeView {
  readonly datasets: readonly PublishedListing[];
}
