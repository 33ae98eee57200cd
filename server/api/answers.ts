import { cellKindNames, stepKindNames } from "../notebook/cell-kinds.js";
import { z } from "zod";
import { auditLineSchema } from "../people/audit-log.js";
import { permissions, roles, type Permission } from "../base/roles.js";
import type { Token } from "../people/tokens.js";
import type { User } from "../people/users.js";
import { backfillSchema } from "../operate/backfills.js";
import { deliveryStatuses } from "../operate/delivery-view.js";
import { scheduleSettingsSchema } from "../operate/schedules/schedule-draft.js";
import { decidedSchema } from "../operate/schedules/schedule-state.js";
import type { ScheduleView } from "../operate/schedules/schedule-view.js";
import { namedRecord } from "../base/named-record.js";
import type { Diagnostic, LocatedDiagnostic } from "../base/diagnostic.js";
import type { Column, Explanation } from "../engine/engine.js";
import { groupedChannelSchema } from "../chart/picked-schema.js";
import { plotSchema } from "../chart/plot-schema.js";
import type { Problem } from "../lake/problem.js";
import type { ParameterDefinition, Schedule } from "../notebook/notebook.js";
import { alertKinds } from "../notebook/alerts.js";
import type { AlertListing, ListedAlert, ListedRecipients } from "../operate/alerts/alert-listing.js";
import type { Tried } from "../operate/alerts/try-recipients.js";
import type { Rollback } from "../lake/rollback.js";
import type { CellDiff, NothingPublished } from "../rows/cell-diff.js";
import type { ChartData } from "../rows/chart-data.js";
import type { DatasetDiff } from "../rows/diff-places.js";
import type { CheckSuggestions } from "../rows/check-suggestions.js";
import type { CheckTrend } from "../rows/check-trends.js";
import { suggestedKinds } from "../rows/suggest-checks.js";
import type { ColumnProfile, Profile } from "../rows/profile.js";
import type { PublishedListing } from "../rows/published-datasets.js";
import type { PublishedDetail } from "../rows/published-detail.js";
import type { Summary } from "../rows/summary.js";
import type { ShownColumn } from "../rows/stored-rows.js";
import type { ForecastCell } from "../runs/forecast-run.js";
import type { Forecast } from "../runs/run-manager.js";
import {
  checkRecordSchema,
  removedSchema,
  reshapedSchema,
  cellOutcomes,
  runOutcomes,
  runRecordSchema,
  type RunView,
} from "../runs/run-record.js";
import type { TagListing } from "../runs/tag-listing.js";
import type { VersionListing } from "../runs/version-listing.js";
import type { Share } from "../share/share-store.js";
import { historyEntrySchema } from "../workspace/history/history-line.js";
import { typeKinds } from "../text/type-kind.js";
import type { FileLook } from "../workbench/file-looks.js";
import type { ShownDifferences, TestResult, TestRun } from "../workbench/tests/run-tests.js";
import type { CompiledCell } from "../workbench/compiled-cell.js";
import type { ControlOptions } from "../workbench/control-options.js";
import type { Vocabulary } from "../engine/verbs.js";

/*
 * What goes out over HTTP. A schema that is annotated is held to the type of a lower room; types of the others are made
 * of them.
 */

/** What is written once as a schema, read as data that nobody changes. */
export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

export const productVersionSchema = z.object({
  version: z.string().describe("of Lakebook, e.g. 0.1.0"),
  engine: z.string().describe("that runs SQL, e.g. duckdb 1.5.5"),
});

const columnShape = {
  name: z.string(),
  type: z.string().describe("the engine's own name, to be shown"),
  kind: z.enum(typeKinds).describe("what it is, whatever the engine calls it"),
};
const columnSchema: z.ZodType<Column> = z.object(columnShape);
const shownColumnShape = {
  ...columnShape,
  key: z.string().exactOptional().describe("what sorting and filters call it, where another has its name"),
};
const shownColumnSchema: z.ZodType<ShownColumn> = z.object(shownColumnShape);
const rowSchema = z.array(z.unknown());
const cutSchema = z
  .object({ row: z.number(), column: z.number(), length: z.number() })
  .describe("Indexes into rows, and the characters of the whole value's text, or the bytes of a BLOB.");
const isCut = z.array(cutSchema).exactOptional().describe("absent where all values are whole");

export const rowsPageSchema = z.object({
  columns: z.array(shownColumnSchema),
  rows: z
    .array(rowSchema)
    .describe("integers of 64 bits and more and decimals are strings; so is what JSON has no form for"),
  totalRows: z.number().describe("that the filter lets through"),
  cut: isCut,
});

const runOfRows = z
  .string()
  .exactOptional()
  .describe("that the rows are of; absent where they were asked for by their fingerprint");

export const cellRowsPageSchema = rowsPageSchema.extend({ run: runOfRows });
export type CellRowsPage = Frozen<z.output<typeof cellRowsPageSchema>>;

export const queryAnswerSchema = z.object({
  columns: z.array(columnSchema),
  rows: z.array(rowSchema),
  truncated: z.boolean(),
  isSampled: z
    .literal(true)
    .exactOptional()
    .describe("something that it reads has more rows than it was given"),
  outdated: z
    .array(z.string())
    .exactOptional()
    .describe("cells of which it read what a run left, and a run would make something else of now"),
  cut: isCut,
  waitedMs: z
    .number()
    .exactOptional()
    .describe("it did not begin at once, since other queries of the same client ran"),
});
export type QueryAnswer = Frozen<z.output<typeof queryAnswerSchema>>;

const listingSchema: z.ZodType<PublishedListing> = z.object({
  dataset: z.string(),
  runDate: z.string(),
  runDates: z.number().describe("so many the dataset has"),
  isLatest: z.boolean().describe("data_lake/latest/ shows this one"),
  notebook: z.string(),
  version: z.string(),
  run: z.string(),
  publishedAt: z.string(),
  path: z.string().describe("relative to the workspace"),
  rows: z.number(),
  bytes: z.number(),
  partitions: z.number(),
  columns: z.array(columnSchema),
  partitionBy: z.array(z.string()),
  key: z.array(z.string()),
  formats: z.array(z.enum(["parquet", "csv", "json"])),
  engine: z.string().exactOptional().describe("that computed it, e.g. duckdb 1.5.5"),
  tags: z.array(z.string()),
  description: z.string().exactOptional(),
  owner: z.string().exactOptional(),
  restatedUpstream: z
    .array(z.string())
    .exactOptional()
    .describe("earlier run dates that delivered something else since"),
  problem: z.string().exactOptional().describe("it cannot be read: rows, bytes and columns are empty"),
});
export const lakeViewSchema = z.object({ datasets: z.array(listingSchema) });

export const publishedDetailSchema: z.ZodType<PublishedDetail> = z.object({
  dataset: z.string(),
  runDate: z.string(),
  number: z.number().describe("of the publication, among those of its notebook and run date"),
  isCurrent: z.boolean().describe("the date shows it now"),
  listing: listingSchema.describe("what GET /api/lake tells of it"),
  partitions: z
    .array(
      z.object({
        values: z.array(z.string().nullable()).describe("in the order of partitionBy; null is SQL NULL"),
        rows: z.number(),
        bytes: z.number(),
        files: z.number(),
      }),
    )
    .describe("by values; the first 2000"),
  sql: z.string(),
  parameters: namedRecord(z.unknown()),
  computedAt: z.string(),
  durationMs: z.number(),
  computedBy: z.string().describe("the run that computed it; that of the publication may have reused it"),
  parents: z
    .array(z.object({ dataset: z.string(), runDate: z.string().exactOptional() }))
    .describe("what it was computed of; without a run date where none shows that version any longer"),
  inputs: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  checks: z.array(z.object({ name: z.string(), outcome: z.string(), message: z.string() })),
});

const problemSchema: z.ZodType<Problem> = z.object({
  code: z.enum([
    "log-damaged",
    "checkpoint-wrong",
    "unknown-version",
    "version-damaged",
    "file-missing",
    "file-differs",
    "file-extra",
    "input-missing",
    "input-differs",
    "public-missing",
    "public-differs",
    "public-extra",
    "catalog-differs",
  ]),
  path: z.string().describe("relative to the workspace"),
  message: z.string(),
  hint: z.string(),
});
export const verifyViewSchema = z.object({ problems: z.array(problemSchema) });
export type VerifyView = Frozen<z.output<typeof verifyViewSchema>>;

export const vacuumReportSchema = z.object({
  isDone: z.boolean(),
  seq: z.number().describe("the last entry of the log that the plan was made on"),
  plannedAt: z.string(),
  publications: z.array(z.object({ notebook: z.string(), runDate: z.string(), txn: z.string() })),
  versions: z.array(
    z.object({
      dataset: z.string(),
      version: z.string(),
      bytes: z.number(),
      reason: z.enum(["old-date", "draft", "damaged"]),
    }),
  ),
  inputs: z.array(z.object({ sha256: z.string(), bytes: z.number() })),
  bytes: z.number().describe("at most: what versions share is counted in each"),
  problems: z.array(z.string()).describe("what could not be done; the next opening of the lake does it"),
});
export type VacuumReport = Frozen<z.output<typeof vacuumReportSchema>>;

const versionSchema: z.ZodType<VersionListing> = z.object({
  dataset: z.string(),
  runDate: z.string(),
  number: z.number().describe("of the publication, among those of its notebook and run date"),
  version: z.string(),
  notebook: z.string(),
  run: z.string(),
  publishedAt: z.string(),
  rows: z.number().nullable().describe("null after vacuum removed it"),
  bytes: z.number().nullable(),
  isCurrent: z.boolean().describe("the date shows it now"),
  isKept: z.boolean().describe("its rows are there"),
  restores: z
    .number()
    .nullable()
    .describe("number of the publication that this one, a rollback, showed again"),
  tags: z.array(z.string()),
  by: z.string().nullable(),
});
export const versionListSchema = z.object({ versions: z.array(versionSchema) });

export const rollbackSchema: z.ZodType<Rollback> = z.object({
  notebook: z.string(),
  date: z.string(),
  from: z.number().nullable().describe("the publication that is shown before; null: none"),
  to: z.number().describe("the one that is shown again"),
  number: z.number().describe("of the new one"),
  isNoop: z.boolean().describe("it is shown already: nothing is done"),
  published: z.array(
    z.object({
      dataset: z.string(),
      path: z.string().describe("relative to the workspace"),
      rows: z.number(),
      version: z.string(),
      rowsBefore: z.number().nullable().describe("null: not shown before"),
      isChanged: z.boolean(),
    }),
  ),
  removed: z.array(z.object({ dataset: z.string(), path: z.string(), rows: z.number() })),
});

export const tagViewSchema: z.ZodType<TagListing> = z.object({
  notebook: z.string(),
  date: z.string(),
  name: z.string(),
  number: z.number().describe("of the publication, among those of its notebook and date"),
  isCurrent: z.boolean().describe("the date shows it now"),
  datasets: z.array(z.string()),
  at: z.string().describe("when the name was given"),
});
export const tagListSchema = z.object({ tags: z.array(tagViewSchema) });

export const auditedSchema = z.object({ isAudited: z.literal(true) });

const proposalSchema = z.object({
  id: z.string(),
  notebook: z.string(),
  etag: z.string().describe("of the notebook that it was made for"),
  by: z.string(),
  createdAt: z.string(),
  reason: z.string(),
  cells: z.array(
    z.object({
      cell: z.string(),
      before: z.string().describe("between the fences, without the last line break"),
      after: z.string(),
      isOutdated: z.boolean().describe("the cell has another text by now"),
    }),
  ),
});
export type ProposalView = Frozen<z.output<typeof proposalSchema>>;
export const proposalListSchema = z.object({ proposals: z.array(proposalSchema) });
export const settledProposalSchema = z.object({ cell: z.string() });

const severities = ["error", "warning", "info"] as const satisfies readonly Diagnostic["severity"][];
const diagnosticSchema: z.ZodType<LocatedDiagnostic> = z.object({
  code: z.string(),
  severity: z.enum(severities),
  message: z.string(),
  cell: z.string().exactOptional(),
  line: z.number(),
  column: z.number(),
  endLine: z.number(),
  endColumn: z.number(),
  hint: z.string().exactOptional(),
});

export const createdProposalSchema = z.object({
  proposal: proposalSchema,
  diagnostics: z.array(diagnosticSchema),
});

const errorSchema = z.object({
  code: z.string().describe("one of the product's error codes, e.g. not-found"),
  message: z.string(),
  hint: z.string().exactOptional(),
  diagnostics: z.array(diagnosticSchema).exactOptional(),
  details: namedRecord(z.unknown()).exactOptional(),
});
/** Every answer that is no success. */
export const errorBodySchema = z.object({ error: errorSchema });
export type ErrorBody = Frozen<z.output<typeof errorBodySchema>>;

/** An answer that is expected, and not what was asked for: a choice is needed, the notebook or a query is wrong. */
const expectedProblemSchema = z.object({ problem: errorSchema });
export type ExpectedProblem = Frozen<z.output<typeof expectedProblemSchema>>;

const scheduleSchema: z.ZodType<Schedule> = z.object({
  cron: z.string().exactOptional(),
  timezone: z.string(),
  catchUp: z.enum(["none", "latest", "all"]),
  overlap: z.enum(["queue", "skip"]),
  onInput: z.union([z.literal(true), z.array(z.string())]).exactOptional(),
  after: z.array(z.string()).exactOptional(),
});
const headShape = {
  name: z.string(),
  title: z.string(),
  description: z.string().exactOptional(),
  etag: z.string(),
  schedule: scheduleSchema.exactOptional(),
};

export const notebookSummarySchema = z.object({
  ...headShape,
  cells: z.number(),
  datasets: z.array(z.string()),
  errors: z.number().describe("of reading and joining the cells; binding may find more"),
  warnings: z.number(),
  isIncomplete: z
    .boolean()
    .exactOptional()
    .describe("the cells' SQL has not been read yet: there may be more problems; ask again in a while"),
});
export type NotebookSummary = Frozen<z.output<typeof notebookSummarySchema>>;

const spanSchema = z
  .object({ start: z.number(), end: z.number() })
  .describe("half-open range of UTF-16 offsets in the notebook's text");
export type TextRange = Frozen<z.output<typeof spanSchema>>;

const kindSchema = z.enum(cellKindNames);
const parameterTypeSchema = z.enum(["string", "integer", "number", "boolean", "date", "timestamp"]);
const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const valueSchema = z.union([scalarSchema, z.array(scalarSchema)]);
const parameterSchema: z.ZodType<Omit<ParameterDefinition, "span">> = z.object({
  name: z.string(),
  type: parameterTypeSchema,
  isList: z.boolean(),
  defaultValue: valueSchema,
  description: z.string().exactOptional(),
  inputCell: z.string().exactOptional().describe("that sets it; absent for one of the front matter"),
});

const cellViewSchema = z.object({
  name: z.string(),
  kind: kindSchema,
  span: spanSchema.describe("the whole fence"),
  bodySpan: spanSchema.describe("what stands between the fences"),
  sqlSpan: spanSchema.exactOptional().describe("of the query, without option lines; for SQL and check cells"),
  hasErrors: z.boolean(),
  isDataset: z.boolean(),
  options: namedRecord(z.unknown()).describe("what the cell's header says, by kind"),
  columns: z.array(columnSchema).exactOptional().describe("of a SQL cell whose query could be bound"),
  lake: z.array(z.string()).describe("datasets of the lake that it reads, as the SQL names them"),
  files: z.array(z.string()).describe("that it reads, as the SQL names them"),
  parameters: z.array(z.string()),
});
export type CellView = Frozen<z.output<typeof cellViewSchema>>;

const blockViewSchema = z.object({
  type: z.enum(["prose", "cell"]),
  span: spanSchema,
  cell: z.string().exactOptional(),
});
export type BlockView = Frozen<z.output<typeof blockViewSchema>>;

const graphViewSchema = z.object({
  cells: z.array(z.object({ name: z.string(), kind: kindSchema, isInferred: z.boolean().exactOptional() })),
  edges: z.array(z.tuple([z.string(), z.string()])).describe("parent, child"),
});

const positionSchema = z
  .string()
  .describe("the newest event that the answer surely includes: ?after= of events asks for the rest");
export type Position = z.output<typeof positionSchema>;

export const notebookViewSchema = z.object({
  ...headShape,
  text: z.string(),
  parameters: z.array(parameterSchema),
  blocks: z.array(blockViewSchema),
  cells: z.array(cellViewSchema),
  graph: graphViewSchema,
  diagnostics: z.array(diagnosticSchema),
  position: positionSchema,
});
export type NotebookView = Frozen<z.output<typeof notebookViewSchema>>;

export const startedRunSchema = z.object({ id: z.string() });
export const outdatedInputsSchema = z.object({ files: z.array(z.string()) });
export const resumableRunSchema = z.object({ run: startedRunSchema.nullable() });

export const runViewSchema: z.ZodType<RunView> = runRecordSchema.omit({ text: true, format: true }).extend({
  note: z.string().exactOptional().describe("a sentence on what may surprise"),
});
export const deliveryListSchema = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      bytes: z.number(),
      at: z.string(),
      status: z.enum(deliveryStatuses),
      message: z.string(),
      notebook: z.string().exactOptional(),
      date: z.string().exactOptional(),
      run: z.string().exactOptional(),
      datasets: z.array(z.string()).exactOptional(),
      reason: z.string().exactOptional(),
      isOfAnother: z.literal(true).exactOptional(),
      isGrowing: z.boolean(),
      mayBeReplaced: z.boolean(),
      readers: z.array(z.string()),
    }),
  ),
});

const fireSchema = z.object({ at: z.string(), date: z.string() });
export const scheduleViewSchema: z.ZodType<ScheduleView> = z.object({
  notebook: z.string(),
  title: z.string().exactOptional(),
  schedule: scheduleSchema,
  isPaused: z.boolean(),
  since: z.string().nullable(),
  next: z.array(fireSchema),
  waiting: z.array(fireSchema.extend({ reason: z.string().exactOptional() })),
  running: fireSchema.extend({ run: z.string() }).nullable(),
  last: decidedSchema.nullable(),
  lastRun: z
    .object({ run: z.string(), date: z.string(), outcome: z.enum(runOutcomes), isRunning: z.boolean() })
    .nullable(),
  missed: z.array(fireSchema),
});
export const scheduleDraftSchema = z.object({
  text: z.string(),
  etag: z.string(),
  hasSchedule: z.boolean(),
  settings: scheduleSettingsSchema,
  next: z.array(fireSchema).describe("the next five"),
  problems: z.array(
    z.object({
      field: scheduleSettingsSchema.keyof(),
      message: z.string(),
      hint: z.string().exactOptional(),
    }),
  ),
});
export const scheduleListSchema = z.object({ schedules: z.array(scheduleViewSchema) });
export const calendarSchema = z.object({
  dates: z.array(
    z.object({
      date: z.string(),
      outcome: z.enum(runOutcomes).exactOptional(),
      run: z.string().exactOptional(),
      isRunning: z.boolean().exactOptional(),
      isPublished: z.boolean(),
      isScheduled: z.boolean(),
      note: z.string().exactOptional(),
    }),
  ),
});
export const backfillViewSchema = backfillSchema;
export const backfillPlanSchema = backfillSchema.partial().required({ dates: true });
export const backfillListSchema = z.object({ backfills: z.array(backfillSchema) });

export const runListSchema = z.object({ runs: z.array(runViewSchema), position: positionSchema });

const touchedShareSchema = z.object({
  touched: z.number().describe("of those that are there"),
  of: z.number(),
  added: z.number().exactOptional().describe("those that come; absent: that is not known"),
});
const forecastCellSchema: z.ZodType<ForecastCell> = z.object({
  name: z.string(),
  kind: z.enum(stepKindNames),
  action: z
    .enum(["run", "reuse", "inline", "check", "skip", "block"])
    .describe("inline: computed in its consumers; block: a check is known to fail of what it reads"),
  reason: z.string(),
  fingerprint: z.string().exactOptional().describe("of what it would be computed from, as far as is known"),
  rows: z.number().exactOptional().describe("of a result that is there already"),
  version: z.string().exactOptional().describe("of a dataset whose version is there already"),
  checks: z
    .array(checkRecordSchema)
    .exactOptional()
    .describe("what they are known to come to, of a result that is there already or of a check cell"),
  touched: z
    .object({
      keys: touchedShareSchema.exactOptional(),
      partitions: touchedShareSchema.exactOptional(),
      isAtMost: z
        .boolean()
        .exactOptional()
        .describe("rows of a parent that runs first may come out as they were"),
    })
    .exactOptional()
    .describe(
      "of a dataset with incremental of which a part would be computed, where that can be told within 2 seconds",
    ),
  putsAside: z
    .array(z.string())
    .exactOptional()
    .describe("checks whose failing rows go to <dataset>__quarantine"),
  isVolatile: z.boolean().exactOptional().describe("it runs each time"),
  publication: z
    .object({
      rowsBefore: z.number().exactOptional().describe("absent: not published for this run date yet"),
      against: z
        .string()
        .exactOptional()
        .describe(
          "the run date to compare with: this one, else the greatest that is published; absent: none is",
        ),
      rowsAfter: z.number(),
      partitions: z.array(
        z.object({
          partition: z.array(z.string().nullable()),
          change: z.enum(["new", "replaced", "linked", "gone"]),
          rowsBefore: z.number(),
          rowsAfter: z.number(),
        }),
      ),
    })
    .exactOptional(),
});
const forecastSchema: z.ZodType<Forecast> = z.object({
  run: runViewSchema,
  cells: z.array(forecastCellSchema),
  removed: z.array(removedSchema),
  reshaped: z
    .array(reshapedSchema)
    .exactOptional()
    .describe(
      "columns that readers would lose (after is null), or find with another type, and who reads them",
    ),
});
export const forecastAnswerSchema = z.union([forecastSchema, expectedProblemSchema]);

const listedAlertSchema: z.ZodType<ListedAlert> = z.object({
  id: z.string(),
  kind: z.enum(alertKinds),
  headline: z.string(),
  notebook: z.string(),
  date: z.string().describe("the run date"),
  run: z.string().exactOptional().describe("absent where there is none"),
  recipient: z.string().describe("an address of mail, or the host of a webhook"),
  type: z.enum(["mail", "webhook"]),
  status: z.enum(["waiting", "sent", "failed"]),
  tries: z.number(),
  queuedAt: z.string(),
  nextAt: z.string().exactOptional().describe("when one that waits is tried next"),
  endedAt: z.string().exactOptional().describe("when it was sent or given up"),
  problem: z.string().exactOptional().describe("why the last try failed"),
});
const namedRecipientsSchema: z.ZodType<ListedRecipients> = z.object({
  notebook: z.string().exactOptional().describe("absent: the workspace names them, for all notebooks"),
  recipients: z.array(z.string()),
  on: z.array(z.enum(alertKinds)),
});
export const alertListingSchema: z.ZodType<AlertListing> = z.object({
  messages: z.array(listedAlertSchema),
  named: z.array(namedRecipientsSchema),
});
const triedSchema: z.ZodType<Tried> = z.object({
  recipient: z.string(),
  type: z.enum(["mail", "webhook"]),
  isSent: z.boolean(),
  problem: z.string().exactOptional(),
});
export const triedAlertsSchema = z.object({ results: z.array(triedSchema) });

const countedValue = { value: z.string(), count: z.number() };
const columnProfileSchema: z.ZodType<ColumnProfile> = z.object({
  ...shownColumnShape,
  count: z.number().describe("values that are not NULL"),
  nulls: z.number(),
  distinct: z.number().exactOptional().describe("absent for nested types"),
  min: z.string().exactOptional(),
  max: z.string().exactOptional(),
  minLength: z.number().exactOptional().describe("where only its beginning is here: its characters"),
  maxLength: z.number().exactOptional(),
  quantiles: z
    .object({ p05: z.string(), p25: z.string(), p50: z.string(), p75: z.string(), p95: z.string() })
    .exactOptional()
    .describe("of numbers and times, as text; values that occur"),
  top: z
    .array(z.object({ ...countedValue, length: z.number().exactOptional() }))
    .describe("the most frequent values, unless none occurs twice"),
  histogram: z
    .array(
      z.object({
        from: z.union([z.number(), z.string()]),
        to: z.union([z.number(), z.string()]),
        count: z.number(),
      }),
    )
    .exactOptional()
    .describe("half-open but for the last one; of times the text that SQL writes"),
});
export const profileSchema: z.ZodType<Profile & { readonly run?: string }> = z.object({
  run: runOfRows,
  rows: z.number(),
  isApproximate: z.boolean().describe("distinct values and quantiles are estimates"),
  totalColumns: z.number(),
  columns: z.array(columnProfileSchema),
});

const fileLookSchema: z.ZodType<FileLook> = z.object({
  sql: z.string().describe("of a cell that reads it so"),
  columns: z.array(columnSchema),
  rows: z.array(rowSchema).describe("the first"),
  profile: profileSchema.exactOptional().describe("as that of a cell, of the first rows"),
  isSample: z.boolean().describe("there may be more rows than those that are described"),
});
export const fileLookAnswerSchema = z.union([fileLookSchema, expectedProblemSchema]);

export const summarySchema: z.ZodType<Summary> = z.object({
  sql: z.string().describe("of a cell that has these rows, and those beyond the limit"),
  columns: z.array(columnSchema),
  rows: z.array(rowSchema),
  truncated: z.boolean(),
  cut: isCut,
  pivot: z
    .object({
      values: z.number().describe("that there are"),
      shown: z.number().describe("that have columns"),
    })
    .exactOptional(),
});

export const derivedQuerySchema = z.object({ sql: z.string().describe("of a cell") });

export const checkTrendsSchema: z.ZodType<{ readonly checks: readonly CheckTrend[] }> = z.object({
  checks: z.array(
    z.object({
      check: z.string(),
      points: z
        .array(
          z.object({
            date: z.string(),
            run: z.string(),
            outcome: checkRecordSchema.shape.outcome,
            failures: z.number(),
            rows: z.number().exactOptional().describe("what the failures are counted among"),
          }),
        )
        .describe("by run date, the last 30; of each the last run that was to publish"),
    }),
  ),
});

export const checkSuggestionsSchema: z.ZodType<CheckSuggestions> = z.object({
  rows: z.number().describe("of the cell, that were looked at"),
  suggestions: z.array(
    z.object({
      kind: z.enum(suggestedKinds),
      column: z.string(),
      check: z.string().describe("an entry of checks: as it is written"),
      reason: z.string().describe("what the rows show: never null in 490 rows"),
    }),
  ),
});

export const chartDataSchema: z.ZodType<ChartData> = z.object({
  plot: plotSchema,
  columns: z.array(columnSchema).describe("named by the channels of the plot"),
  rows: z.array(rowSchema),
  sql: z.string().describe("over the relation result, which has the rows of the cell"),
  caption: z.string().describe("what is not drawn, or drawn otherwise than it stands in the rows"),
  totalRows: z.number().describe("of the cell"),
  groupedBy: z
    .array(groupedChannelSchema)
    .exactOptional()
    .describe("what its points are groups of, for picked; absent where they cannot be picked"),
  colorKeys: z
    .array(z.string())
    .exactOptional()
    .describe("keys of the names that have a colour in the whole chart, where picked leaves only some rows"),
  run: z.string().exactOptional().describe("absent for a dataset of the lake"),
});

export const controlOptionsSchema: z.ZodType<ControlOptions> = z.object({
  type: parameterTypeSchema,
  values: z.array(scalarSchema).describe("as the parameter takes them"),
  isTruncated: z.boolean(),
});

const columnsAndRows = {
  columns: z.array(columnSchema),
  added: z.array(rowSchema),
  removed: z.array(rowSchema),
};
const versionDiffShape = {
  isSame: z.boolean().describe("exactly the same rows, in columns of the same names and types"),
  keyFrom: z
    .enum(["key", "group by", "unique"])
    .exactOptional()
    .describe("where the key was found; unique: no value of it occurs twice on either side"),
  key: z.array(z.string()).describe("empty: rows are compared as a whole, as multisets"),
  rowsBefore: z.number(),
  rowsAfter: z.number(),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  columns: z
    .array(
      z.object({
        name: z.string(),
        before: z.string().exactOptional(),
        after: z.string().exactOptional(),
        changed: z.number(),
      }),
    )
    .describe("before and after are types, where they differ or one side lacks the column"),
  examples: z.object({
    ...columnsAndRows,
    changed: z.array(
      z.object({
        key: rowSchema,
        values: z.array(z.object({ column: z.string(), before: z.unknown(), after: z.unknown() })),
      }),
    ),
  }),
  moves: z
    .array(
      z.object({
        column: z.string(),
        key: rowSchema,
        before: z.unknown(),
        after: z.unknown(),
        change: z.number(),
      }),
    )
    .describe("of each column of numbers those that moved farthest"),
};
const cellDiffSchema: z.ZodType<CellDiff> = z.object({
  dataset: z.string(),
  against: z
    .string()
    .describe("what it is compared with: a run date, last run, or a version; as asked, or what was chosen"),
  published: z.string().exactOptional().describe("the greatest run date for which it is published"),
  earlier: z
    .array(z.object({ version: z.string(), at: z.string(), rows: z.number() }))
    .describe("other results of the cell that are still stored, the newest first, at most 20"),
  ...versionDiffShape,
});
const diffPlaceSchema = z.object({
  version: z.string(),
  runDate: z.string().exactOptional().describe("absent of a draft"),
  number: z.number().exactOptional().describe("of the publication"),
  publishedAt: z.string().exactOptional(),
});
export const datasetDiffSchema: z.ZodType<DatasetDiff> = z.object({
  dataset: z.string(),
  from: z.string().describe("as it was asked for"),
  to: z.string(),
  fromPlace: diffPlaceSchema,
  toPlace: diffPlaceSchema,
  ...versionDiffShape,
});
const nothingPublishedSchema: z.ZodType<NothingPublished> = z.object({
  dataset: z.string(),
  against: z.null(),
  rowsAfter: z.number(),
});
export const diffAnswerSchema = z.union([cellDiffSchema, nothingPublishedSchema]);

const compiledCellSchema: z.ZodType<CompiledCell> = z.object({
  sql: z.string(),
  duckdb: z.string().exactOptional().describe("of a cell that Spark computes: the same for DuckDB"),
  parameters: z
    .array(z.object({ name: z.string(), type: parameterTypeSchema, value: valueSchema }))
    .describe("bound, never written into the text"),
  reads: z.array(z.string()).describe("stored rows that the text names"),
});
export const compiledAnswerSchema = z.union([compiledCellSchema, expectedProblemSchema]);
const queryPlanSchema: z.ZodType<Explanation> = z.object({ text: z.string() });
export const sparkStateSchema = z.object({
  problem: errorSchema.exactOptional().describe("why nothing can be computed there"),
});
export const explainedAnswerSchema = z.union([queryPlanSchema, expectedProblemSchema]);

export const chartAnswerSchema = z.union([chartDataSchema, expectedProblemSchema]);

export const liveAnswerSchema = z.union([queryAnswerSchema, expectedProblemSchema]);

const testRowsSchema = z.array(z.array(z.unknown()));
const testDifferencesSchema: z.ZodType<ShownDifferences> = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })).describe("those that are expected"),
  missing: testRowsSchema.describe("expected rows that are not there; the first 100, as of the others"),
  unexpected: testRowsSchema,
  changed: z
    .array(
      z.object({
        expected: z.array(z.unknown()),
        actual: z.array(z.unknown()),
        columns: z.array(z.string()),
      }),
    )
    .describe("rows that agree in some columns, and those in which they don't"),
  counts: z.object({ missing: z.number(), unexpected: z.number(), changed: z.number() }),
  isOrderOnly: z.boolean().describe("the right rows in another order"),
});
const testResultSchema: z.ZodType<TestResult> = z.object({
  name: z.string(),
  cell: z.string(),
  outcome: z.enum(["passed", "failed", "error"]).describe("error: it could not be found out"),
  durationMs: z.number(),
  message: z.string().exactOptional(),
  hint: z.string().exactOptional(),
  place: z
    .object({ line: z.number(), column: z.number() })
    .exactOptional()
    .describe("in the notebook's file"),
  differences: testDifferencesSchema.exactOptional(),
});
export const testRunSchema: z.ZodType<TestRun> = z.object({
  tests: z.array(testResultSchema),
  passed: z.number(),
  failed: z.number().describe("errors too"),
});
export const keptTestsSchema = z.object({
  tests: z.array(
    z.object({
      result: testResultSchema,
      at: z.string(),
      texts: z
        .object({ test: z.string(), cell: z.string().exactOptional() })
        .describe("the fences, as they were"),
    }),
  ),
});

export const testDraftSchema = z.object({
  name: z.string(),
  yaml: z.string().describe("of the fence, without its marks"),
  isTraced: z
    .boolean()
    .describe(
      "false: which rows of the parents these come from cannot be told, or they are too many: it has the first of each",
    ),
});

export const renamedTextSchema = z.object({ text: z.string() });

const nodeColumnSchema = z.object({ node: z.string(), column: z.string() });
const usesShape = {
  columns: z.array(nodeColumnSchema),
  unknown: z.string().optional().describe("why there may be more"),
};
const usesSchema = z.object(usesShape);
const lineageNodeSchema = z.object({
  id: z.string(),
  kind: z.enum(["sql", "check", "chart", "input", "file", "published", "system"]),
  notebook: z.string().optional(),
  name: z.string(),
  cell: z.string().optional().describe("of an entry of checks: whose it is"),
  isDataset: z.boolean().optional(),
});
export const lineageViewSchema = z.object({
  notebook: z.string(),
  nodes: z.array(lineageNodeSchema),
  cells: z.array(
    z.object({
      node: z.string(),
      columns: z.array(z.object({ name: z.string(), ...usesShape })),
      uses: usesSchema.describe("what it looks at, where it has no columns that others read"),
      rows: usesSchema.describe("what decides which rows there are"),
      unknown: z.string().optional(),
    }),
  ),
});
export type LineageView = Frozen<z.output<typeof lineageViewSchema>>;
export type LineageNodeView = LineageView["nodes"][number];
const traceSchema = z.object({
  columns: z.array(
    z.object({
      node: z.string(),
      column: z.string().optional().describe("absent: which rows it has, or all of it"),
      role: z.enum(["value", "rows", "unknown"]),
    }),
  ),
  unknown: z.array(z.object({ node: z.string(), column: z.string().optional(), reason: z.string() })),
});
export const columnLineageSchema = z.object({
  node: z.string(),
  column: z.string(),
  back: traceSchema,
  forward: traceSchema,
  nodes: z.array(lineageNodeSchema),
});

export type ColumnLineage = Frozen<z.output<typeof columnLineageSchema>>;

const vocabularyShape = {
  functions: z.array(z.object({ name: z.string(), signature: z.string(), description: z.string() })),
  keywords: z.array(z.string()),
} satisfies Record<keyof Vocabulary, z.ZodType>;
export const vocabularyViewSchema = z.object({
  files: z.array(z.string()),
  datasets: z.array(z.object({ name: z.string(), columns: z.array(columnSchema) })),
  ...vocabularyShape,
});
export type VocabularyView = Frozen<z.output<typeof vocabularyViewSchema>>;

const shareShape = {
  id: z.string(),
  notebook: z.string(),
  title: z.string(),
  createdAt: z.string(),
  by: z.string().exactOptional().describe("who made it"),
  expiresAt: z.string().nullable().describe("null: never"),
} satisfies Record<keyof Share, z.ZodType>;
export const shareListSchema = z.object({ shares: z.array(z.object(shareShape)) });
export const createdShareSchema = z.object({
  ...shareShape,
  url: z.string().describe("/s/<token>; nobody can ask for it again"),
  notes: z.array(z.string()).exactOptional().describe("which controls keep what they were set to, and why"),
});
export const closedShareSchema = z.object({ id: z.string() });

export const historyListSchema = z.object({
  etag: z.string().describe("of the file as it is; entries with it have that text"),
  total: z.number().describe("entries that there are"),
  entries: z.array(historyEntrySchema),
});
export const historyTextSchema = historyEntrySchema.extend({ text: z.string() });
export const historyDiffSchema = z.object({
  from: z.string(),
  to: z.string(),
  changes: z.array(
    z.object({
      cell: z
        .string()
        .nullable()
        .describe("null: front matter and prose, in which a line in brackets stands for each cell"),
      before: z.string().exactOptional().describe("absent: there was no such cell"),
      after: z.string().exactOptional().describe("absent: there is none"),
    }),
  ),
});

export const namedNotebookSchema = z.object({ name: z.string() });
export const importedNotebookSchema = namedNotebookSchema.extend({
  cells: z.number().describe("that run"),
  left: z
    .array(z.object({ line: z.number(), why: z.string() }))
    .describe("what could not be carried over, and the line of the notebook that says so"),
  seeds: z
    .array(z.object({ path: z.string(), name: z.string() }))
    .describe("files that belong into input/, under these names"),
});
export const movedNotebookSchema = namedNotebookSchema.extend({
  datasets: z
    .array(z.string())
    .exactOptional()
    .describe("that were published under the old name, and still belong to it"),
});
export const deletedNotebookSchema = namedNotebookSchema.extend({
  trash: z.string().describe("what POST /api/trash/{id}/restore brings it back by"),
});

const uploadedShape = {
  path: z.string().describe("input/orders.csv"),
  bytes: z.number(),
  encoding: z.enum(["utf-8", "utf-16", "latin-1"]).exactOptional(),
  delimiter: z.string().exactOptional(),
  columns: z.array(columnSchema).describe("as the cell reads the file"),
  notes: z.array(z.string()).describe("what is not as in the file that was sent, and what was decided"),
  cell: z.string().describe("the fence of a cell that reads the file"),
  notebook: z.string().describe("the text of a notebook that begins with that cell"),
};
const uploadedSheetSchema = z.object(uploadedShape);
export type UploadedSheet = Frozen<z.output<typeof uploadedSheetSchema>>;
export const uploadedInputSchema = z.object({
  ...uploadedShape,
  isReplaced: z.literal(true).exactOptional().describe("there was such a file, which it took the place of"),
  sheets: z
    .array(uploadedSheetSchema)
    .exactOptional()
    .describe("of a workbook: the files of its further sheets"),
});
export type UploadedInput = Frozen<z.output<typeof uploadedInputSchema>>;

const roleSchema = z.enum(roles);
export const meSchema = z.object({
  name: z.string(),
  kind: z.enum(["user", "token", "owner"]).describe("owner: whoever has the start token"),
  role: roleSchema,
  can: z.array(z.enum(permissions as [Permission, ...Permission[]])),
  workspace: z.string().describe("tells this workspace from others that were served at the same address"),
  hasSpark: z.literal(true).exactOptional().describe("cells that ask for Spark are computed"),
});
export type Me = Frozen<z.output<typeof meSchema>>;

export const userSchema: z.ZodType<User> = z.object({
  name: z.string(),
  role: roleSchema,
  isDisabled: z.boolean().describe("cannot log in"),
  createdAt: z.string(),
});
export const userListSchema = z.object({
  users: z.array(userSchema),
  damaged: z.array(z.string()).exactOptional().describe("whose file cannot be read"),
});

export const tokenSchema: z.ZodType<Token> = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string().nullable().describe("null: never"),
  opens: roleSchema
    .nullable()
    .describe(
      "never more than whoever made it may now; null: nothing, since it has expired or its maker is gone",
    ),
});
export const tokenListSchema = z.object({ tokens: z.array(tokenSchema) });
export const createdTokenSchema = z.object({
  token: z.string().describe("told this once"),
  entry: tokenSchema,
});

export const auditSchema = z.object({ entries: z.array(auditLineSchema).describe("the newest first") });

export const presenceSchema = z.object({
  people: z.array(
    z.object({
      page: z.string(),
      name: z.string(),
      cell: z.string().exactOptional().describe("absent: in none"),
    }),
  ),
});

export const explorationSchema = z.object({
  cells: z
    .array(
      z.object({
        name: z.string(),
        outcome: z.enum(cellOutcomes),
        rows: z.number().exactOptional(),
        result: z.string().exactOptional().describe("names its rows: ?result= of the routes that show rows"),
        error: z.object({ code: z.string(), message: z.string() }).exactOptional(),
      }),
    )
    .describe("that were computed"),
  blocked: z
    .array(z.object({ name: z.string(), by: z.string() }))
    .describe("cells that stand on a dataset which would have to be computed"),
  waitedMs: z.number().exactOptional(),
});
