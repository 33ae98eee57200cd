import { ownValue } from "../base/own-value.js";
import { hashOf } from "../base/hash.js";
import { AppError } from "../base/errors.js";
import type { MaterializedOutput, MaterializeTask, QueryScope } from "../engine/engine.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { engineOf, isCumulative, puttingAside, quarantineOf, type SqlCell } from "../notebook/notebook.js";
import type { Manifest } from "../lake/model.js";
import type { Build, VersionDraft } from "../lake/versions.js";
import type { CurrentParts } from "./change-reason.js";
import type { ComputedCell, FilesResult, JudgedVersion } from "./cell-result.js";
import { requireContract } from "./contract.js";
import { checksOf } from "../notebook/kinds/kinds.js";
import { formatCount } from "../text/format.js";
import { ruleFingerprint } from "./check-step.js";
import { compareWithWhole, computeCumulative } from "./cumulative-step.js";
import type { CumulativeWork } from "./cumulative-task.js";
import { incrementOf } from "./increment.js";
import { isComparable, linkUnchangedPartitions } from "./link-partitions.js";
import {
  decideDataset,
  findOwnVersion,
  findQuarantine,
  reuseReason,
  withAside,
  type FoundVersion,
} from "./decide.js";
import { findTwin, linkTwin, twinReason } from "./link-twin.js";
import { partRows, storeFailing, storeQuarantine } from "./quarantine-step.js";
import type { Leased } from "./shared-work.js";
import type { NewRows } from "./new-rows.js";
import type { StepControl } from "./step-control.js";
import { prepareQuery, type Results } from "./query-scope.js";
import { hasOrder } from "./row-order.js";
import { filesIn, filesOf, withOrder, type RunContext } from "./run-context.js";
import { isForced, type CheckRecord } from "./run-record.js";
import { usableManifest, whyComputed } from "./why-computed.js";

/** Runs a dataset's own checks on its candidate. */
export type JudgeCandidate = (
  candidate: FilesResult,
  control: StepControl,
) => Promise<readonly CheckRecord[]>;

/**
 * Computes a dataset and stores it as a version, whatever its checks say: they run while it is hashed and forced to
 * disk. Or finds the version that its fingerprint already has; its checks then look at that.
 */
export async function runDataset(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  control: StepControl,
  judge: JudgeCandidate,
): Promise<ComputedCell> {
  const { fingerprint, parts, found } = await decideDataset(context, cell, node, results, control);
  if (found?.kind === "version") return reused(context, cell, node, found.manifest, found.reason);
  const reason = await whyComputed(context, cell, node, parts);
  const computation = { cell, node, results, fingerprint, parts, judge, ...(found && { found }) };
  const { value, lease, isOwn } = await context.datasets.run(
    hashOf([cell.name, fingerprint]),
    control,
    async (shared) =>
      (await findAgain(context, cell, fingerprint)) ??
      (await linkVersion(context, computation)) ??
      (await computeVersion(context, computation, shared)),
  );
  context.lease.take(lease);
  const { manifest, checks, reason: why } = value;
  if (!isOwn || checks === undefined)
    return reused(context, cell, node, manifest, why ?? reuseReason(manifest));
  return { ...(await toComputed(context, cell, node, manifest)), outcome: "succeeded", reason, checks };
}

/** Another run may have stored it since this one looked. */
async function findAgain(
  context: RunContext,
  cell: SqlCell,
  fingerprint: string,
): Promise<Leased<JudgedVersion> | undefined> {
  const manifest = await findOwnVersion(context, cell.name, fingerprint);
  if (manifest === undefined) return undefined;
  if (quarantineOf(cell) !== undefined && (await findQuarantine(context, cell, manifest)) === undefined)
    return undefined;
  const lease = context.lake.leases.open(context.lake.versionFolder(cell.name, manifest.version));
  return { value: { manifest }, lease };
}

async function reused(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  manifest: Manifest,
  reason: string,
): Promise<ComputedCell> {
  // The contract may have been written since it was stored.
  await requireStoredContract(context, cell, manifest.columns);
  return { ...(await toComputed(context, cell, node, manifest)), outcome: "reused", reason };
}

async function toComputed(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  manifest: Manifest,
): Promise<Pick<ComputedCell, "fingerprint" | "notes" | "result" | "increment" | "quarantine">> {
  const { fingerprint } = manifest;
  const increment = await incrementOf(context, cell, manifest);
  const quarantine = await findQuarantine(context, cell, manifest);
  const result = withOrder(node, filesOf(context.lake, manifest), fingerprint);
  if (quarantine === undefined)
    return {
      fingerprint,
      notes: castNotes(manifest),
      result,
      ...(increment === undefined ? {} : { increment }),
    };
  const aside = filesOf(context.lake, quarantine);
  return {
    fingerprint,
    notes: [...castNotes(manifest), ...quarantineNotes(cell, quarantine)],
    quarantine: aside,
    result: withAside(cell, result, aside),
    ...(increment === undefined ? {} : { increment }),
  };
}

function quarantineNotes(cell: SqlCell, { rows, dataset }: Manifest): string[] {
  if (rows === 0) return [];
  const why = puttingAside(cell).length > 0 ? "failed a check" : "came too late";
  return [
    `${String(rows)} row${rows === 1 ? "" : "s"} ${why} and ${rows === 1 ? "is" : "are"} in ${dataset}`,
  ];
}

function castNotes({ casts }: Manifest): string[] {
  return casts.map(({ column, from, to }) => `column "${column}" is stored as ${to} instead of ${from}`);
}

interface Computation {
  readonly cell: SqlCell;
  readonly node: GraphNode;
  readonly results: Results;
  readonly fingerprint: string;
  readonly parts: CurrentParts;
  readonly judge: JudgeCandidate;
  /** What can be linked. */
  readonly found?: FoundVersion;
}

/** Stores what is as good as what would be computed as a version of this dataset. Undefined where nothing is. */
async function linkVersion(
  { lake, engine, record, view }: RunContext,
  { cell, fingerprint, parts, found }: Computation,
): Promise<Leased<JudgedVersion> | undefined> {
  const isAlone = isForced(record, cell.name) || quarantineOf(cell) !== undefined;
  const twin = isAlone ? undefined : (found?.manifest ?? (await findTwin(lake, cell.name, fingerprint)));
  if (twin === undefined) return undefined;
  const reading = lake.leases.open(lake.versionFolder(twin.dataset, twin.version));
  const started = performance.now();
  const build = await lake.createBuild();
  try {
    await requireStoredContract({ engine, view }, cell, twin.columns);
    const files = await linkTwin(lake, twin, cell.name, build.folder);
    if (files === undefined) {
      await lake.discardBuild(build);
      return undefined;
    }
    const durationMs = Math.round(performance.now() - started);
    const draft = toDraft(record, cell, { ...twin, files }, { fingerprint, parts, durationMs });
    const { dataset, version } = await lake.store(build, draft);
    const value = {
      manifest: await lake.manifest(dataset, version),
      reason: found?.reason ?? twinReason(twin),
    };
    return { value, lease: lake.leases.open(lake.versionFolder(dataset, version)) };
  } catch (error) {
    await lake.discardBuild(build);
    throw error;
  } finally {
    reading.release();
  }
}

/** Others may wait for it when the run that began it has ended: what it reads stays until then. */
async function computeVersion(
  own: RunContext,
  { cell, node, results, fingerprint, parts, judge }: Computation,
  control: StepControl,
): Promise<Leased<JudgedVersion>> {
  const reading = own.lease.share();
  const context = { ...own, lease: reading };
  const { lake, record } = context;
  const started = performance.now();
  const work = { cell, node, results, fingerprint, parts };
  const { build, made, aside } = await computeRows(context, work, control).catch((error: unknown) => {
    reading.release();
    throw error;
  });
  try {
    await requireContract(context.engine, made.scope, cell, made.columns);
    requireColumns(cell, made.columns);
    const durationMs = Math.round(performance.now() - started);
    const draft = toDraft(record, cell, made, { fingerprint, parts, durationMs });
    if (made.cumulative) await storeQuarantine(context, work, made.cumulative, control);
    const candidate = withOrder(node, filesIn(build.folder, draft), fingerprint);
    const judged = {
      ...candidate,
      ...(made.newRows === undefined ? {} : { newRows: made.newRows }),
      ...(aside === undefined ? {} : { putAside: filesOf(lake, aside) }),
    };
    await keepEquivalence(context, work, made, candidate, control);
    const judging = judge(judged, control);
    const { dataset, version } = await lake.store(build, draft, judging);
    const value = {
      manifest: await lake.manifest(dataset, version),
      checks: await judging,
    };
    return { value, lease: lake.leases.open(lake.versionFolder(dataset, version)) };
  } catch (error) {
    await lake.discardBuild(build);
    throw error;
  } finally {
    reading.release();
  }
}

/** Compares a part with the whole where a check says that it is time to; the check then finds what that came to. */
async function keepEquivalence(
  context: RunContext,
  work: CumulativeWork,
  { cumulative, isWhole }: ComputedRows & { readonly isWhole?: boolean },
  candidate: FilesResult,
  control: StepControl,
): Promise<void> {
  const { deliveries } = cumulative?.increment ?? { deliveries: 0 };
  const due = checksOf(work.cell).find(
    ({ rule }) => rule.kind === "equivalence" && deliveries % rule.every === 0,
  );
  if (due === undefined || isWhole !== false) return;
  const build = await context.lake.createBuild();
  const { missing, surplus } = await compareWithWhole(context, work, candidate, build, control).finally(() =>
    context.lake.discardBuild(build),
  );
  const results = new Map(work.results).set(work.cell.name, candidate);
  await context.checks.keep(ruleFingerprint(context, work.cell, due, results), {
    name: due.name,
    failures: missing + surplus,
    message:
      missing + surplus === 0
        ? `what was computed in parts equals the whole (${formatCount(candidate.rows, "row")})`
        : `${formatCount(missing, "row")} of the whole are missing, ${formatCount(surplus, "row")} should not be there`,
  });
}

interface BuiltRows {
  /** To be stored or discarded. */
  readonly build: Build;
  readonly made: ComputedRows & { readonly scope: QueryScope; readonly isWhole?: boolean };
  /** The rows that were put aside. */
  readonly aside?: Manifest;
}

async function computeRows(
  context: RunContext,
  work: CumulativeWork,
  control: StepControl,
): Promise<BuiltRows> {
  const { lake } = context;
  const build = await lake.createBuild();
  try {
    if (isCumulative(work.cell))
      return { build, made: await computeCumulative(context, work, build.folder, control) };
    const made = await computeWhole(context, work, build.folder, control);
    if (puttingAside(work.cell).length === 0) return { build, made };
    return await computeGoodRows(context, work, { build, made }, control);
  } catch (error) {
    await lake.discardBuild(build);
    throw error;
  }
}

/** Of rows that were computed, those that no check puts aside; the others are stored as the quarantine's. */
async function computeGoodRows(
  context: RunContext,
  work: CumulativeWork,
  { build, made }: BuiltRows,
  control: StepControl,
): Promise<BuiltRows> {
  const parted = await partRows(context, work, filesIn(build.folder, made), control);
  if (!parted.isMixed)
    return { build, made, aside: await storeFailing(context, work, parted, made, control) };
  const { lake } = context;
  const rest = await lake.createBuild();
  try {
    const query = { sql: parted.passing, scope: parted.scope };
    const { casts, scannedRows, scope } = made;
    const good = await writeRows(context, work, rest.folder, query, control);
    const aside = await storeFailing(context, work, parted, good, control);
    if (good.rows + aside.rows !== made.rows)
      throw new AppError(
        "internal",
        `The rows of "${work.cell.name}" are not those that its checks looked at.`,
      );
    await lake.discardBuild(build);
    return { build: rest, made: { ...good, casts, scannedRows, scope }, aside };
  } catch (error) {
    await lake.discardBuild(rest);
    throw error;
  }
}

type ComputedRows = Pick<
  VersionDraft,
  "columns" | "files" | "rows" | "contentHash" | "casts" | "scannedRows" | "cumulative"
> & { readonly newRows?: NewRows };

async function computeWhole(
  context: RunContext,
  work: CumulativeWork,
  folder: string,
  control: StepControl,
): Promise<ComputedRows & { readonly scope: QueryScope }> {
  const { cell, node, results } = work;
  const { sql, scope } = await prepareQuery(context, node, cell.sql, results);
  control.onCompute();
  const inputBytes = readsFiles(node, scope) ? bytesOf(context.record.inputs) : 0;
  return {
    ...(await writeRows(context, work, folder, { sql, scope, inputBytes, engine: engineOf(cell) }, control)),
    scope,
  };
}

/** The rows of a query as the files of a dataset. */
async function writeRows(
  context: RunContext,
  { cell, node, fingerprint }: CumulativeWork,
  folder: string,
  query: Pick<MaterializeTask, "sql" | "scope" | "inputBytes" | "engine">,
  control: StepControl,
): Promise<ComputedRows> {
  const { record } = context;
  const output = await context.engine.materialize(
    {
      ...query,
      metadata: {
        lakebook_notebook: record.notebook,
        lakebook_run: record.id,
        lakebook_fingerprint: fingerprint,
      },
      folder,
      dataset: cell.name,
      formats: cell.options.materialize,
      partitionBy: cell.options.partitionBy,
      isOrdered: hasOrder(context.analyzed.graph, node),
    },
    control,
  );
  const columns = output.columns.map((column) => ({ ...column }));
  const files = storedFiles(await linkFromBefore(context, cell, folder, output));
  return { ...output, columns, files, contentHash: hashOf([output.contentHash, output.rows]) };
}

function readsFiles({ facts }: GraphNode, { relations }: QueryScope): boolean {
  return facts?.files.length !== 0 || relations.some(({ type }) => type === "query");
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Compares with what is published now, so that publishing moves only what changed. A forced run trusts nothing stored. */
async function linkFromBefore(
  { lake, record, lease }: RunContext,
  cell: SqlCell,
  folder: string,
  output: MaterializedOutput,
): Promise<MaterializedOutput["files"]> {
  const published =
    ownValue(lake.publication(record.notebook, record.date)?.datasets, cell.name) ??
    lake.resolve(cell.name)?.version;
  const version = published ?? lake.newestVersion(cell.name)?.version;
  if (isForced(record, cell.name) || version === undefined || cell.options.partitionBy.length === 0)
    return output.files;
  lease.hold(lake.versionFolder(cell.name, version));
  const before = await usableManifest(lake, cell.name, version);
  const columns = output.columns.map((column) => ({ ...column }));
  if (before === undefined || !isComparable(before, columns, cell.options.partitionBy)) return output.files;
  return linkUnchangedPartitions(lake, folder, output.files, before);
}

function storedFiles(files: MaterializedOutput["files"]): VersionDraft["files"] {
  return files.flatMap(({ format, partition, contentHash, ...file }) => {
    if (format === "table") return [];
    const hash = contentHash === undefined ? {} : { contentHash };
    return [{ ...file, format, partition: [...partition], ...hash }];
  });
}

function toDraft(
  record: RunContext["record"],
  cell: SqlCell,
  output: ComputedRows,
  made: { readonly fingerprint: string; readonly parts: CurrentParts; readonly durationMs: number },
): VersionDraft {
  const { options } = cell;
  return {
    dataset: cell.name,
    fingerprint: made.fingerprint,
    notebook: record.notebook,
    sql: cell.sql,
    parameters: { ...made.parts.parameters },
    queries: { ...made.parts.queries },
    engine: made.parts.engine,
    columns: output.columns.map((column) => ({ ...column })),
    partitionBy: [...options.partitionBy],
    key: [...options.key],
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(options.owner === undefined ? {} : { owner: options.owner }),
    tags: [...options.tags],
    formats: [...options.materialize],
    files: output.files,
    rows: output.rows,
    contentHash: output.contentHash,
    parents: made.parts.parents.map((parent) => ({ ...parent })),
    inputs: [...made.parts.inputs],
    casts: output.casts.map((cast) => ({ ...cast })),
    scannedRows: { ...output.scannedRows },
    ...(output.cumulative === undefined ? {} : { cumulative: structuredClone(output.cumulative) }),
    run: record.id,
    createdAt: new Date().toISOString(),
    durationMs: made.durationMs,
  };
}

async function requireStoredContract(
  { engine, view }: Pick<RunContext, "engine" | "view">,
  cell: SqlCell,
  columns: Manifest["columns"],
): Promise<void> {
  const scope = { root: view.root, readable: [], relations: [], parameters: [] };
  await requireContract(engine, scope, cell, columns);
  requireColumns(cell, columns);
}

function requireColumns(cell: SqlCell, columns: readonly { readonly name: string }[]): void {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  const missing = cell.options.key.find((column) => !names.has(column.toLowerCase()));
  if (missing !== undefined) {
    throw new AppError("query", `Key column "${missing}" of "${cell.name}" is not among its columns.`, {
      hint: `Its columns are ${columns.map((column) => column.name).join(", ")}.`,
    });
  }
}
