import { cellKinds, stepKindNames } from "../notebook/cell-kinds.js";
import { blocks } from "../notebook/verdict.js";
import { namedRecord } from "../base/named-record.js";
import { z } from "zod";
import { deliverySchema, incrementSchema } from "../lake/model.js";

export const cellOutcomes = [
  "none",
  "succeeded",
  "reused",
  "failed",
  "cancelled",
  "blocked",
  "skipped",
] as const;
export type CellOutcome = (typeof cellOutcomes)[number];
export const runOutcomes = [
  "none",
  "succeeded",
  "succeeded_with_warnings",
  "failed",
  "cancelled",
  "interrupted",
] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** Undefined: of a run that nobody knows. */
export function hasSucceeded(outcome: RunOutcome | undefined): boolean {
  return outcome === "succeeded" || outcome === "succeeded_with_warnings";
}

const cellErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  /** Place in the notebook's file, counted from 1. */
  line: z.number().optional(),
  column: z.number().optional(),
});
export type CellError = z.infer<typeof cellErrorSchema>;

const cellRecordSchema = z.object({
  name: z.string(),
  kind: z.enum(stepKindNames),
  /** Absent: DuckDB. */
  engine: z.literal("spark").optional(),
  status: z.enum(["idle", "queued", "running"]),
  outcome: z.enum(cellOutcomes),
  /** Why it was reused, blocked or skipped, or why it ran again. */
  reason: z.string().optional(),
  rows: z.number().optional(),
  durationMs: z.number().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  error: cellErrorSchema.optional(),
  fingerprint: z.string().optional(),
  /** Of a dataset. */
  version: z.string().optional(),
  /** Of a dataset with `incremental`. */
  incremental: incrementSchema.optional(),
  /** Other names for what the user should know: casts that were made, rows restated ... */
  notes: z.array(z.string()).optional(),
});
export type CellRecord = z.infer<typeof cellRecordSchema>;

export const checkRecordSchema = z.object({
  name: z.string(),
  cell: z.string().optional(),
  severity: z.enum(["error", "warn"]),
  outcome: z.enum(["pass", "warn", "fail", "error"]),
  failures: z.number(),
  /** What the failures are counted among, where that is known. */
  rows: z.number().optional(),
  /** Failing rows that were put aside, so that the others can be published. */
  quarantined: z.number().optional(),
  message: z.string(),
  /** What it is about, where rows fail and single columns are to blame. */
  columns: z.array(z.string()).optional(),
  /** Absolute path of a Parquet file with failing rows. */
  file: z.string().optional(),
  /** Of the check and of what it read; what is kept of it has that key. Absent where it could not run. */
  fingerprint: z.string().optional(),
  isReused: z.boolean(),
});
export type CheckRecord = z.infer<typeof checkRecordSchema>;

const publishedSchema = z.object({
  dataset: z.string(),
  /** Relative to the workspace: `data_lake/2026-11-01/orders`. */
  path: z.string(),
  rows: z.number(),
  version: z.string(),
  isChanged: z.boolean(),
});

export const removedSchema = z.object({
  dataset: z.string(),
  /** Relative to the workspace: `data_lake/2026-11-01/orders`. */
  path: z.string(),
  rows: z.number(),
  /** Why the notebook publishes it no more, in words for people. */
  reason: z.string(),
  /** Cells that read it from the lake, as their SQL names it. */
  readers: z.array(z.object({ notebook: z.string(), cell: z.string(), as: z.string() })),
  /** Of what `lake.X` and `latest/` show now: the run date that they show afterwards; null: none. */
  latestThen: z.string().nullable().optional(),
  /** Another notebook, whose earlier publication of that name and date is shown afterwards. */
  instead: z.string().optional(),
});
export type RemovedDataset = z.infer<typeof removedSchema>;

export const reshapedSchema = z.object({
  dataset: z.string(),
  column: z.string(),
  /** Its type as published until then. */
  before: z.string(),
  /** Null: it is lost. */
  after: z.string().nullable(),
  /** Cells that read the dataset and may use the column, as their SQL names it. */
  readers: z.array(z.object({ notebook: z.string(), cell: z.string(), as: z.string() })),
});
export type ReshapedColumn = z.infer<typeof reshapedSchema>;

const inputSchema = z.object({
  path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  isPinned: z.boolean(),
});

const attemptSchema = z.object({
  attempt: z.number(),
  /** Counts the attempts of all runs as they began, whatever the clock said; absent in earlier records. */
  sequence: z.number().optional(),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  outcome: z.enum(runOutcomes),
  /** False: nobody is told how it ended. */
  alerts: z.boolean().optional(),
});

export const triggers = ["schedule", "input", "after", "backfill"] as const;
export const triggerSchema = z.object({
  /** The clock, files that were delivered, the publication of another notebook, or a backfill. */
  kind: z.enum(triggers),
  /** The instant that it was due, ISO 8601. With the notebook it identifies the run: no second one is started for it. */
  at: z.string(),
});
export type Trigger = z.infer<typeof triggerSchema>;

/** A run with everything that identifies it; kept on disk, so that it can be resumed after a restart. */
export const runRecordSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  notebook: z.string(),
  mode: z.enum(["run", "materialize"]),
  /** The run date, `YYYY-MM-DD`. */
  date: z.string(),
  intervalStart: z.string(),
  intervalEnd: z.string(),
  /** Values that were given; the others have their defaults, which stand in the text. */
  parameters: namedRecord(z.unknown()),
  /** Cells that were asked for; absent: all. */
  targets: z.array(z.string()).optional(),
  force: z.boolean(),
  /** Cells that this attempt computes anew, whatever is stored; absent: as `force` says of all. */
  forced: z.array(z.string()).optional(),
  /** Absent: somebody started it. */
  trigger: triggerSchema.optional(),
  /** The notebook's text when the run was created. */
  text: z.string(),
  inputs: z.array(inputSchema),
  /** What earlier run dates had delivered when the run was created; only where a dataset adds deliveries up. */
  deliveries: z.array(deliverySchema).optional(),
  /** `lake.X` and `"date".X` as they stood when the run was created: reference to version. */
  lakeVersions: namedRecord(z.string()),
  /** Transaction of the publication that this run would replace; null: none. */
  basedOn: z.string().nullable(),
  createdAt: z.string(),
  /** Who asked for it, e.g. `agent inspector`; absent: a person, or nobody said. */
  by: z.string().optional(),
  attempts: z.array(attemptSchema),
  outcome: z.enum(runOutcomes),
  isRunning: z.boolean(),
  cells: z.array(cellRecordSchema),
  checks: z.array(checkRecordSchema),
  published: z.array(publishedSchema),
  /** What the publication would take from its run date, as things stood when the attempt began. */
  removing: z.array(removedSchema).default([]),
  /** What it took. */
  removed: z.array(removedSchema).default([]),
  /** Columns that readers lost, or find with another type. */
  reshaped: z.array(reshapedSchema).optional(),
  /** Later run dates that stand on what this one had delivered before, once it is published. */
  restated: z.array(z.string()).optional(),
  /** Files that another attempt reads as they were, although other ones lie in their place by now. */
  outdatedInputs: z.array(z.string()).optional(),
  /** Of the run itself, e.g. a failed commit. */
  error: cellErrorSchema.optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Does this attempt compute the cell whatever is stored? */
export function isForced({ force, forced }: Pick<RunRecord, "force" | "forced">, cell: string): boolean {
  return force || forced?.includes(cell) === true;
}

/** What `--json` and `GET /api/runs/:id` show: everything but the text. */
export type RunView = Omit<RunRecord, "text" | "format" | "deliveries"> & {
  /** A sentence on what may surprise. */
  readonly note?: string;
};

export function toRunView(record: RunRecord): RunView {
  const { text: _text, format: _format, deliveries: _deliveries, ...view } = record;
  const note = publishesNothing(record) ? NOTHING_TO_PUBLISH : outdatedNote(record);
  return note === undefined ? view : { ...view, note };
}

/** Who replaced a broken file and tried again should know that the attempt could not see it. */
function outdatedNote({ outcome, outdatedInputs = [], notebook, date }: RunRecord): string | undefined {
  if (outcome !== "failed" || outdatedInputs.length === 0) return undefined;
  const files = outdatedInputs.slice(0, 3).map((path) => `"${path}"`);
  const more = outdatedInputs.length > files.length ? " and others" : "";
  return (
    `This attempt read ${files.join(", ")}${more} as before; another content lies there by now. ` +
    `A new run of the date reads it: lakebook materialize ${notebook} --date ${date} --input current`
  );
}

const NOTHING_TO_PUBLISH =
  "Nothing was published, as no cell that ran is a dataset: write --| materialize: parquet at the head of one.";

function publishesNothing({ mode, outcome, published, removed }: RunRecord): boolean {
  return mode === "materialize" && hasSucceeded(outcome) && published.length === 0 && removed.length === 0;
}

/** Rows were kept: as a version of the lake, or in scratch under the fingerprint. */
export function hasRows(cell: CellRecord): boolean {
  const isDone = cell.outcome === "succeeded" || cell.outcome === "reused";
  return cellKinds[cell.kind].isRelation && isDone && (cell.version ?? cell.fingerprint) !== undefined;
}

/** How a run ended, from how its cells and checks did. */
export function outcomeOf(
  cells: readonly CellRecord[],
  checks: readonly CheckRecord[],
  isCancelled: boolean,
): RunOutcome {
  if (isCancelled || cells.some((cell) => cell.outcome === "cancelled")) return "cancelled";
  const failed = cells.some((cell) => cell.outcome === "failed" || cell.outcome === "blocked");
  if (failed || checks.some(blocks)) return "failed";
  const warned = checks.some((check) => check.outcome === "warn" || check.outcome === "error");
  return warned ? "succeeded_with_warnings" : "succeeded";
}
