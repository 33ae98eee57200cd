import { z } from "zod";
import type { Lake } from "../lake/lake.js";
import { readPublication } from "../lake/log-file.js";
import type { Manifest, PublishEntry } from "../lake/model.js";

import { describeListing, type PublishedListing } from "./published-datasets.js";
import { requirePublished } from "./published-place.js";

/** More than this many nobody tells apart in a strip. */
const MAX_PARTITIONS = 2000;

const checkSchema = z.object({
  name: z.string(),
  cell: z.string().optional(),
  outcome: z.string(),
  message: z.string(),
});

export interface PublishedPartition {
  /** In the order of `partitionBy`; null is SQL NULL. */
  readonly values: readonly (string | null)[];
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
}

/** What a list of the lake leaves out of a dataset of a run date: how it is cut, and where it comes from. */
export interface PublishedDetail {
  readonly dataset: string;
  readonly runDate: string;
  /** Of the publication, among those of its notebook and run date. */
  readonly number: number;
  /** The date shows it now. */
  readonly isCurrent: boolean;
  /** What a list of the lake tells of it. */
  readonly listing: PublishedListing;
  /** By values; the first 2000. */
  readonly partitions: readonly PublishedPartition[];
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly computedAt: string;
  readonly durationMs: number;
  /** The run that computed it; that of the publication may have reused it. */
  readonly computedBy: string;
  /** Datasets that it was computed of; without a run date where none shows that version any longer. */
  readonly parents: readonly { readonly dataset: string; readonly runDate?: string }[];
  readonly inputs: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** Those of the dataset and those of the whole notebook, as the run that published it found them. */
  readonly checks: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly message: string;
  }[];
}

/** `runDate`: also `latest`, or a publication of a date, `2026-10-01@3`. Fails with code not-found. */
export async function describePublished(
  lake: Lake,
  runDate: string,
  dataset: string,
): Promise<PublishedDetail> {
  const placement = requirePublished(lake, dataset, runDate);
  const publication = readPublication(lake.paths.log, placement.publication);
  const manifest = await lake.manifest(dataset, placement.version);
  return {
    dataset,
    runDate: placement.runDate,
    number: placement.number,
    isCurrent: placement.isCurrent,
    listing: await describeListing(lake, placement),
    partitions: partitionsOf(manifest).slice(0, MAX_PARTITIONS),
    sql: manifest.sql,
    parameters: manifest.parameters,
    computedAt: manifest.createdAt,
    durationMs: manifest.durationMs,
    computedBy: manifest.run,
    parents: manifest.parents.map((parent) => parentOf(lake, parent, placement.runDate)),
    inputs: manifest.inputs.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    checks: checksOf(publication, dataset),
  };
}

/** A version may be shown under several dates: the same one is the best to look at. */
function parentOf(
  lake: Lake,
  { dataset, version }: { readonly dataset: string; readonly version: string },
  runDate: string,
): PublishedDetail["parents"][number] {
  const shown = lake.state.placementsOf(dataset).filter((placement) => placement.version === version);
  const best = shown.find((placement) => placement.runDate === runDate) ?? shown.at(-1);
  return { dataset, ...(best === undefined ? {} : { runDate: best.runDate }) };
}

function partitionsOf({ partitionBy, files }: Manifest): PublishedPartition[] {
  if (partitionBy.length === 0) return [];
  const found = new Map<string, PublishedPartition>();
  for (const { format, partition, rows, bytes } of files) {
    if (format !== "parquet") continue;
    const key = JSON.stringify(partition);
    const before = found.get(key) ?? { values: partition, rows: 0, bytes: 0, files: 0 };
    found.set(key, {
      ...before,
      rows: before.rows + rows,
      bytes: before.bytes + bytes,
      files: before.files + 1,
    });
  }
  return [...found.values()].sort((a, b) => compareValues(a.values, b.values));
}

/** Numbers by size, so that month 10 comes after month 9; NULL last. */
function compareValues(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? null;
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left.localeCompare(right, "en", { numeric: true });
  }
  return 0;
}

/** The record is as its run wrote it, which may have been another version of Lakebook. */
function checksOf({ record }: PublishEntry, dataset: string): PublishedDetail["checks"] {
  const listed = z.array(z.unknown()).safeParse(record["checks"]).data ?? [];
  return listed.flatMap((item) => {
    const { data } = checkSchema.safeParse(item);
    if (data === undefined || (data.cell !== undefined && data.cell !== dataset)) return [];
    return [{ name: data.name, outcome: data.outcome, message: data.message }];
  });
}
