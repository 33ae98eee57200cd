import { hashOf } from "../base/hash.js";
import type { TaskControl } from "../engine/engine.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { Manifest } from "../lake/model.js";
import { isCumulative, puttingAside, quarantineOf, type SqlCell } from "../notebook/notebook.js";
import type { CurrentParts } from "./change-reason.js";
import type { FilesResult } from "./cell-result.js";
import { ruleOfRun } from "./check-step.js";
import { findTwin, twinReason } from "./link-twin.js";
import { queryFingerprint, type Results } from "./query-scope.js";
import type { ScratchResult } from "./result-store.js";
import type { RunContext } from "./run-context.js";
import type { Leased } from "./shared-work.js";
import { unchangedFor, type Question } from "./unchanged-for.js";
import { currentParts, usableManifest } from "./why-computed.js";
import { isForced } from "./run-record.js";

/** Whether a cell is computed or found. A forecast and a run both ask here. */
export interface Decision<T> {
  /** Of what the cell would be computed from now. */
  readonly fingerprint: string;
  readonly parts: CurrentParts;
  /** What is there already; undefined: the cell has to be computed. */
  readonly found: T | undefined;
}

export interface FoundVersion {
  /** `twin`: to be linked as one of this dataset; another's, or its own that was computed from other versions of its parents. */
  readonly kind: "version" | "twin";
  readonly manifest: Manifest;
  /** Why it is as good as what would be computed. */
  readonly reason: string;
}

/** Why the rows of a query cell are as good as what would be computed. */
export const KEPT = "SQL and what it reads unchanged";

/** Fails where what the dataset reads is not there. */
export async function decideDataset(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  control?: Pick<TaskControl, "signal">,
): Promise<Decision<FoundVersion>> {
  const options = { ...dataOptions(cell), ...asideOptions(cell, context.record.date) };
  const fingerprint = await queryFingerprint(context, node, options, results);
  const parts = currentParts(context, cell, node, results);
  const found =
    (await findVersion(context, cell.name, fingerprint)) ??
    (await findUnchanged(context, { cell, node, results, parts, options }, control));
  const isWhole =
    quarantineOf(cell) === undefined ||
    (found?.kind === "version" && (await findQuarantine(context, cell, found.manifest)) !== undefined);
  return { fingerprint, parts, found: isWhole ? found : undefined };
}

/** Checks that decide which rows a dataset has. */
function asideOptions(cell: SqlCell, date: string): Readonly<Record<string, unknown>> {
  const checks = puttingAside(cell).map((spec) => ({
    name: spec.name,
    rule: ruleOfRun(spec, date),
    where: spec.where ?? null,
    max: spec.max,
  }));
  return checks.length === 0 ? {} : { quarantine: checks };
}

/** A dataset's version, or what will be one. */
type VersionKey = Pick<Manifest, "fingerprint" | "contentHash">;

/**
 * Of the rows that came too late for a dataset of that fingerprint, or failed a check: these are the rest of just the rows
 * that are stored, since a query may give others each time it is computed.
 */
export function quarantineFingerprint(cell: SqlCell, { fingerprint, contentHash }: VersionKey): string {
  return hashOf(["quarantine", fingerprint, ...(puttingAside(cell).length === 0 ? [] : [contentHash])]);
}

/** The stored version of a dataset's quarantine; undefined where there is none. */
export async function findQuarantine(
  { lake, lease }: RunContext,
  cell: SqlCell,
  of: VersionKey,
): Promise<Manifest | undefined> {
  const name = quarantineOf(cell);
  const stored = name === undefined ? undefined : lake.findVersion(name, quarantineFingerprint(cell, of));
  if (name === undefined || stored === undefined) return undefined;
  lease.hold(lake.versionFolder(name, stored.version));
  return usableManifest(lake, name, stored.version);
}

/** Fails where what the query reads is not there. Who asks releases the lease of what is found. */
export async function decideQuery(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
): Promise<Decision<Leased<ScratchResult>>> {
  const fingerprint = await queryFingerprint(context, node, {}, results);
  const parts = currentParts(context, cell, node, results);
  return { fingerprint, parts, found: await findRows(context, cell.name, fingerprint) };
}

/** Options of a dataset that change what is written. */
export function dataOptions({ options, ...cell }: SqlCell): Readonly<Record<string, unknown>> {
  const written = { materialize: options.materialize, partition_by: options.partitionBy };
  if (!isCumulative({ ...cell, options })) return written;
  const { key, incremental, eventTime, allowedLatenessMs } = options;
  return {
    ...written,
    key,
    incremental: incremental?.mode,
    ...(allowedLatenessMs === undefined
      ? {}
      : { event_time: eventTime, allowed_lateness: allowedLatenessMs }),
  };
}

/** The dataset's own version of that fingerprint, else another's that can be linked as one. */
async function findVersion(
  context: RunContext,
  dataset: string,
  fingerprint: string,
): Promise<FoundVersion | undefined> {
  const own = await findOwnVersion(context, dataset, fingerprint);
  if (own !== undefined) return { kind: "version", manifest: own, reason: reuseReason(own) };
  const twin = isForced(context.record, dataset)
    ? undefined
    : await findTwin(context.lake, dataset, fingerprint);
  return twin && { kind: "twin", manifest: twin, reason: twinReason(twin) };
}

/** Its newest version, where its parents changed only in what it does not read. */
async function findUnchanged(
  context: RunContext,
  question: Omit<Question, "before">,
  control: Pick<TaskControl, "signal"> | undefined,
): Promise<FoundVersion | undefined> {
  const { cell } = question;
  const { lake, lease, record } = context;
  if (isForced(record, cell.name) || quarantineOf(cell) !== undefined) return undefined;
  const newest = lake.newestVersion(cell.name);
  if (newest === undefined) return undefined;
  lease.hold(lake.versionFolder(cell.name, newest.version));
  const before = await usableManifest(lake, cell.name, newest.version);
  const changed = before && (await unchangedFor(context, { ...question, before }, control));
  return before && changed && { kind: "twin", manifest: before, reason: unchangedReason(changed) };
}

/** Why a dataset is not computed although parents have other content. */
export function unchangedReason(changed: readonly string[]): string {
  const names = changed.map((name) => `\`${name}\``).join(", ");
  return `${names} changed, but not in the columns that it reads`;
}

/** It stays until the run has ended. A forced run trusts only what was computed for it. */
export async function findOwnVersion(
  { lake, record, lease }: RunContext,
  dataset: string,
  fingerprint: string,
): Promise<Manifest | undefined> {
  const stored = lake.findVersion(dataset, fingerprint);
  if (stored === undefined) return undefined;
  const folder = lake.versionFolder(dataset, stored.version);
  if (isForced(record, dataset) && !lease.holds(folder)) return undefined;
  lease.hold(folder);
  return usableManifest(lake, dataset, stored.version);
}

/** A forced run trusts only what was computed for it. */
export async function findRows(
  { results, record, lease }: RunContext,
  cell: string,
  fingerprint: string,
): Promise<Leased<ScratchResult> | undefined> {
  const kept = await results.find(fingerprint);
  if (kept === undefined || !isForced(record, cell) || lease.holds(kept.value.folder)) return kept;
  kept.lease.release();
  return undefined;
}

/** With the rows that its checks put aside. `quarantine`: what is stored of them. */
export function withAside(cell: SqlCell, result: FilesResult, quarantine: FilesResult): FilesResult {
  return puttingAside(cell).length === 0 ? result : { ...result, putAside: quarantine };
}

/** The rows of a query cell; its fingerprint stands for them. */
export function toRowsResult(
  fingerprint: string,
  rows: Pick<ScratchResult, "files" | "columns" | "rows">,
): FilesResult {
  return {
    type: "files",
    files: rows.files,
    columns: rows.columns,
    rows: rows.rows,
    content: fingerprint,
    scannedRows: {},
  };
}

export function reuseReason(manifest: Manifest): string {
  const files = manifest.inputs.length;
  const input = files === 0 ? "" : ` and ${String(files)} input file${files === 1 ? "" : "s"}`;
  const count = manifest.parents.length;
  const read =
    count === 0
      ? ""
      : count === 1
        ? ", the cell that it reads"
        : `, the ${String(count)} cells that it reads`;
  return `SQL${read}${input} unchanged since ${manifest.createdAt.slice(0, 16).replace("T", " ")} UTC`;
}
