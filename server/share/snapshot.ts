import { z } from "zod";
import { cellKindNames } from "../notebook/cell-kinds.js";
import { plotSchema } from "../chart/plot-schema.js";
import { reportWidths } from "../notebook/report-width.js";
import { withKind } from "../engine/type-names.js";

/**
 * What somebody sees who is sent a notebook: plain data, complete in itself. It is made once, from stored rows, and
 * never computed again. The schema is the whitelist: what it does not name (paths, run ids, options, input
 * files, other parameters of a run) is not in it, however the records that it is made of grow.
 */
const columnSchema = z
  .object({
    name: z.string(),
    type: z.string(),
    kind: z.string().optional(),
    /** How the numbers are shown. */
    format: z.string().optional(),
  })
  .transform(withKind);

const pageSchema = z.object({
  columns: z.array(columnSchema),
  rows: z.array(z.array(z.unknown())),
  totalRows: z.number(),
});

/** A chart as data: it is drawn when it is shown. */
export const chartSchema = z.object({
  plot: plotSchema,
  columns: z.array(columnSchema),
  rows: z.array(z.array(z.unknown())),
  caption: z.string(),
});

const proseSchema = z.object({ type: z.literal("prose"), text: z.string() });

const checkSchema = z.object({
  name: z.string(),
  cell: z.string().optional(),
  severity: z.enum(["error", "warn"]),
  outcome: z.enum(["pass", "warn", "fail", "error"]),
  failures: z.number(),
  message: z.string(),
});

/** What a control offers, of which another choice can be shown without computing anything. */
const controlSchema = z.object({
  kind: z.enum(["select", "several", "checkbox"]),
  options: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** The place of what is shown: of an option, or of several the sum of 1, 2, 4 … for each. */
  shown: z.number(),
  /** The first is chosen, and not offered. */
  missing: z.literal(true).optional(),
});

/** What a cell shows for another choice. */
const partSchema = z.object({
  /** A place for each control in `reads`, between blanks. */
  key: z.string(),
  outcome: z.string(),
  rows: z.number().optional(),
  error: z.string().optional(),
  /** Absent: it is not known how they come out. */
  checks: z.array(checkSchema).optional(),
  page: pageSchema.optional(),
  chart: chartSchema.optional(),
});

const choicesSchema = z.object({
  /** Controls that it depends on. */
  reads: z.array(z.string()),
  /** Of what is shown. */
  key: z.string(),
  others: z.array(partSchema),
});

const cellSchema = z.object({
  type: z.literal("cell"),
  name: z.string(),
  kind: z.enum(cellKindNames),
  isDataset: z.boolean(),
  description: z.string().optional(),
  /** Over it, in the report. */
  title: z.string().optional(),
  width: z.enum(reportWidths).optional(),
  /** Of a control: what the rows were computed for. */
  value: z.unknown().optional(),
  /** SQL without its option lines, or YAML. */
  source: z.string(),
  outcome: z.string(),
  /** Run date of what is shown. */
  date: z.string().optional(),
  rows: z.number().optional(),
  reason: z.string().optional(),
  /** Of a dataset that adds deliveries up: how it differs from that of the run date before. */
  increment: z.string().optional(),
  error: z.string().optional(),
  /** The SQL has changed since the rows were computed. */
  isOutdated: z.boolean().optional(),
  /** Why a run would give other rows now. */
  staleReason: z.string().optional(),
  /** Of a chart: whose rows it draws. */
  from: z.string().optional(),
  page: pageSchema.optional(),
  chart: chartSchema.optional(),
  /** Of a control that switches. */
  control: controlSchema.optional(),
  /** Of a control that does not: why. */
  fixed: z.string().optional(),
  /** Of what depends on controls that switch. */
  choices: choicesSchema.optional(),
});

export const snapshotSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  createdAt: z.string(),
  blocks: z.array(z.discriminatedUnion("type", [proseSchema, cellSchema])),
  graph: z.object({
    cells: z.array(z.object({ name: z.string(), kind: z.string() })),
    /** Parent, child. */
    edges: z.array(z.tuple([z.string(), z.string()])),
  }),
  checks: z.array(checkSchema),
});

export type Snapshot = z.infer<typeof snapshotSchema>;
export type SnapshotCell = z.infer<typeof cellSchema>;
export type SnapshotCheck = z.infer<typeof checkSchema>;
export type SnapshotChart = z.infer<typeof chartSchema>;
export type SnapshotControl = z.infer<typeof controlSchema>;
export type SnapshotPart = z.infer<typeof partSchema>;
export type SnapshotPage = z.infer<typeof pageSchema>;

/** Of controls that do not switch in the report: why, as sentences for who made it. */
export function fixedControls({ blocks }: Snapshot): string[] {
  const names = new Map<string, string[]>();
  for (const block of blocks)
    if (block.type === "cell" && block.fixed !== undefined)
      names.set(block.fixed, [...(names.get(block.fixed) ?? []), block.title ?? block.name]);
  return [...names].map(
    ([reason, [first = "", ...others]]) =>
      `${[first, ...others].join(", ")} ${others.length === 0 ? "shows" : "show"} one choice only: ${reason}.`,
  );
}
