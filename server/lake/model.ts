import { namedRecord } from "../base/named-record.js";
import { z } from "zod";

/** Format of the log's entries and of the manifests; a newer one than those that are known is refused, never guessed. */
export const LAKE_FORMAT = 1;
/** Of a tag: who does not know it would vacuum what it keeps. */
export const TAG_FORMAT = 2;

/** Nothing that was read from the lake is changed in memory. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

const columnSchema = z.object({
  name: z.string(),
  /** In the Parquet files. */
  type: z.string(),
  /** Earlier versions do not tell. */
  kind: z.string().optional(),
  /** How the engine reads it, where Parquet does not hold all of its type. */
  read: z.string().optional(),
});

export const inputFileSchema = z.object({
  /** Path as the SQL wrote it, relative to the workspace where it was relative, `/` as separator. */
  path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  /** False: hashed, not copied (`snapshot: false`). */
  isPinned: z.boolean(),
});
/** An input file as a run saw it. */
export type PinnedInput = Frozen<z.infer<typeof inputFileSchema>>;

const manifestFileSchema = z.object({
  /** Path below the version's folder, e.g. `parquet/city_code=BCN/part-x.parquet` or `orders.csv`. */
  path: z.string(),
  format: z.enum(["parquet", "csv", "json"]),
  rows: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  partition: z.array(z.string().nullable()),
  contentHash: z.string().optional(),
});
export type ManifestFile = Frozen<z.infer<typeof manifestFileSchema>>;

/** How a dataset was computed where deliveries add up: what `--json` tells of it. */
export const incrementSchema = z.object({
  mode: z.enum(["by_key", "by_partition", "full", "unchanged"]),
  /** Why it was computed as a whole. */
  reason: z.string().optional(),
  /** Most partitions were written again, but only what changed was computed: other rows are copied. */
  isCopied: z.boolean().optional(),
  /** The run date before, which it is compared with; absent of the first, and of earlier versions. */
  since: z.string().optional(),
  /** What `late.keys` counts; absent of earlier versions. */
  by: z.enum(["key", "partition"]).optional(),
  /** Run dates that delivered, up to this one. */
  deliveries: z.number(),
  rows: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
  late: z.object({ rows: z.number(), keys: z.number(), oldest: z.string().optional() }),
  partitions: z.object({ written: z.number(), linked: z.number(), removed: z.number() }),
});
export type Increment = Frozen<z.infer<typeof incrementSchema>>;

/** What a cumulative dataset stands on, beside its parents. */
const cumulativeSchema = z.object({
  /** Hash of everything that decides about its rows but files and parents. */
  logic: z.string(),
  /** The contents that its paths stand for, in their order, by the run date that delivered them first. */
  files: z.array(z.object({ date: z.string(), path: z.string(), sha256: z.string() })),
  /** Names and types of the columns that its readers find. */
  sources: z.string(),
  /** Of the version that it was compared with: the one that the run date before had published. */
  base: z.string().optional(),
  increment: incrementSchema,
});
export type Cumulative = Frozen<z.infer<typeof cumulativeSchema>>;

/** What a version is; lies in its folder as `manifest.json`, its SHA-256 in the log. */
export const manifestSchema = z.object({
  format: z.number(),
  dataset: z.string(),
  version: z.string(),
  fingerprint: z.string(),
  notebook: z.string(),
  sql: z.string(),
  parameters: namedRecord(z.unknown()),
  /** Query cells that it was computed from: name and hash of the query. Earlier versions do not tell. */
  queries: namedRecord(z.string()).optional(),
  engine: z.string(),
  columns: z.array(columnSchema),
  partitionBy: z.array(z.string()),
  key: z.array(z.string()),
  description: z.string().optional(),
  owner: z.string().optional(),
  tags: z.array(z.string()),
  formats: z.array(z.enum(["parquet", "csv", "json"])),
  files: z.array(manifestFileSchema),
  rows: z.number(),
  /** Over columns and the multiset of rows. */
  contentHash: z.string(),
  /** Datasets that were read: name and version. */
  parents: z.array(z.object({ dataset: z.string(), version: z.string() })),
  inputs: z.array(inputFileSchema),
  casts: z.array(z.object({ column: z.string(), from: z.string(), to: z.string() })),
  scannedRows: namedRecord(z.number()),
  cumulative: cumulativeSchema.optional(),
  run: z.string(),
  createdAt: z.string(),
  durationMs: z.number(),
});
export type Manifest = Frozen<z.infer<typeof manifestSchema>>;

/** What a run date found in `input/`. */
export const deliverySchema = z.object({ date: z.string(), inputs: z.array(inputFileSchema) });
export type Delivery = Frozen<z.infer<typeof deliverySchema>>;

const entryBase = { format: z.number(), seq: z.number(), at: z.string() };

/** A version came into being: its folder is complete and on disk. */
export const storeEntrySchema = z.object({
  ...entryBase,
  type: z.literal("store"),
  dataset: z.string(),
  version: z.string(),
  fingerprint: z.string(),
  notebook: z.string(),
  rows: z.number(),
  /** Of all its files. */
  bytes: z.number(),
  contentHash: z.string(),
  manifestSha256: z.string(),
});
export type StoreEntry = Frozen<z.infer<typeof storeEntrySchema>>;

/** The commit: all that a notebook publishes for a run date. Replaces its earlier one of that date. */
export const publishEntrySchema = z.object({
  ...entryBase,
  type: z.literal("publish"),
  txn: z.string(),
  notebook: z.string(),
  runDate: z.string(),
  run: z.string(),
  attempt: z.number(),
  /** Dataset name to version. */
  datasets: namedRecord(z.string()),
  inputs: z.array(inputFileSchema),
  /** What `_runs/<notebook>.json` shows: run, attempts, cells, inputs, checks. */
  record: namedRecord(z.unknown()),
  /** txn of the earlier publication that this one shows again. */
  restores: z.string().optional(),
  /** Who published. */
  by: z.string().optional(),
});
export type PublishEntry = Frozen<z.infer<typeof publishEntrySchema>>;

/** A publication as the history keeps it: without what only matters while it is current. */
export const pastPublicationSchema = publishEntrySchema.omit({ inputs: true, record: true });
export type PastPublication = Frozen<z.infer<typeof pastPublicationSchema>>;

/** What vacuum is about to remove; written before the folders go. */
export const expireEntrySchema = z.object({
  ...entryBase,
  type: z.literal("expire"),
  versions: z.array(z.object({ dataset: z.string(), version: z.string() })),
  /** Publications (by txn) that are current no longer: their public folders go. */
  publications: z.array(z.object({ notebook: z.string(), runDate: z.string(), txn: z.string() })),
});
export type ExpireEntry = Frozen<z.infer<typeof expireEntrySchema>>;

/** A name for a publication, which vacuum keeps as long as it has one. */
export const tagSchema = z.object({
  notebook: z.string(),
  runDate: z.string(),
  /** Unique in its notebook. */
  name: z.string(),
  txn: z.string(),
  /** When it was given. */
  at: z.string(),
});
export type Tag = Frozen<z.infer<typeof tagSchema>>;

/** Gives a name to a publication, or takes it back. */
export const tagEntrySchema = tagSchema.extend({
  ...entryBase,
  type: z.literal("tag"),
  isDeleted: z.boolean(),
});
export type TagEntry = Frozen<z.infer<typeof tagEntrySchema>>;

export const logEntrySchema = z.discriminatedUnion("type", [
  storeEntrySchema,
  publishEntrySchema,
  expireEntrySchema,
  tagEntrySchema,
]);
export type LogEntry = Frozen<z.infer<typeof logEntrySchema>>;
