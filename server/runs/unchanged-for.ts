import { BoundedCache } from "../base/bounded-cache.js";
import { isAppError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import type { Engine, StoredColumn, TaskControl } from "../engine/engine.js";
import type { QueryLineage } from "../engine/lineage.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { Manifest } from "../lake/model.js";
import type { SqlCell } from "../notebook/notebook.js";
import type { CurrentParts } from "./change-reason.js";
import type { CellResult, FilesResult } from "./cell-result.js";
import { LINEAGE_TIMEOUT_MS, lineageQuery } from "./lineage-query.js";
import { queryFingerprint, type Results } from "./query-scope.js";
import { tableOf } from "./read-versions.js";
import { hasOrder } from "./row-order.js";
import { filesOf, withOrder, type RunContext } from "./run-context.js";
import { columnsToCompare, type Reading } from "./same-reading.js";
import { readQueries, usableManifest } from "./why-computed.js";

/** Two scans of a few columns; what takes longer is not known, and the cell is computed. */
const SCAN_TIMEOUT_MS = 20_000;

/** A dataset whose parents changed, and a version of it from before. */
export interface Question {
  readonly cell: SqlCell;
  readonly node: GraphNode;
  readonly results: Results;
  readonly before: Manifest;
  readonly parts: CurrentParts;
  /** Options that change its data. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A parent as it was and as it is now. */
interface ChangedParent {
  readonly name: string;
  readonly old: Manifest;
  readonly now: Manifest;
}

/**
 * The parents that changed, where the version would be the same if it were computed from them now: nothing else changed, the
 * query is bound as it was, and over the columns that it names each parent has the rows that it had. Undefined where that is
 * not so, or cannot be told.
 */
export async function unchangedFor(
  context: RunContext,
  question: Question,
  control?: Pick<TaskControl, "signal">,
): Promise<readonly string[] | undefined> {
  const { node } = question;
  // Which columns its files have would have to be found out for it, also for a forecast, which has no files at hand.
  const readsFiles = [node, ...readQueries(context, node)].some(({ facts }) => facts?.files.length !== 0);
  if (readsFiles) return undefined;
  try {
    const changed = await changedParents(context, question);
    if (changed === undefined) return undefined;
    const results = await resultsBefore(context, question, changed);
    const { options, before } = question;
    if ((await queryFingerprint(context, node, options, results)) !== before.fingerprint) return undefined;
    const isSame = await isSameReading(context, question, changed, results, control);
    return isSame ? changed.map(({ name }) => name) : undefined;
  } catch (error) {
    // The way out is to compute it, which says what is wrong.
    if (!isAppError(error) || error.code === "cancelled") throw error;
    return undefined;
  }
}

/** Undefined where one of them is not a cell of this run, or is not there as it was. */
async function changedParents(
  { lake, lease }: RunContext,
  { before, parts, results }: Question,
): Promise<readonly ChangedParent[] | undefined> {
  const versions = new Map(before.parents.map(({ dataset, version }) => [dataset, version]));
  const changed: ChangedParent[] = [];
  for (const { dataset, version } of parts.parents) {
    const old = versions.get(dataset);
    if (old === version) continue;
    const result = results.get(dataset);
    if (old === undefined || result?.type !== "files" || result.version !== version) return undefined;
    if (lake.state.store(dataset, old) === undefined) return undefined;
    lease.hold(lake.versionFolder(dataset, old));
    const was = await usableManifest(lake, dataset, old);
    if (was === undefined) return undefined;
    changed.push({ name: dataset, old: was, now: await lake.manifest(dataset, version) });
  }
  return changed.length === 0 ? undefined : changed;
}

/** What the cells above came to with the parents as they were. */
async function resultsBefore(
  context: RunContext,
  { node, results }: Question,
  changed: readonly ChangedParent[],
): Promise<Results> {
  const { nodes } = context.analyzed.graph;
  const before = new Map<string, CellResult>(results);
  for (const { name, old } of changed) {
    const result = filesOf(context.lake, old);
    const parent = nodes.get(name);
    before.set(name, parent === undefined ? result : withOrder(parent, result, old.fingerprint));
  }
  const queries = new Map(readQueries(context, node).map((query) => [query.cell.name, query]));
  for (const name of context.analyzed.graph.order) {
    const [query, result] = [queries.get(name), results.get(name)];
    if (query === undefined || result === undefined) continue;
    before.set(name, { ...result, content: await queryFingerprint(context, query, {}, before) });
  }
  return before;
}

async function isSameReading(
  context: RunContext,
  { cell, node, results, before }: Question,
  changed: readonly ChangedParent[],
  resultsOfBefore: Results,
  control: Pick<TaskControl, "signal"> | undefined,
): Promise<boolean> {
  const columns = before.columns.map(({ name }) => name);
  const read = async (those: Results): Promise<Reading> => ({
    lineage: await lineageOf(context, node, those, columns),
    parents: new Map(changed.map(({ name }) => [name, those.get(name) as FilesResult])),
  });
  const compared = columnsToCompare(await read(resultsOfBefore), await read(results));
  if (typeof compared === "string") return false;
  const label = { ...control, label: cell.name };
  const { graph } = context.analyzed;
  for (const { name, old, now } of changed) {
    const some = compared.get(name) ?? [];
    const parent = graph.nodes.get(name);
    const isOrdered = parent !== undefined && hasOrder(graph, parent);
    const [was, is] = [
      await hashColumns(context, old, some, isOrdered, label),
      await hashColumns(context, now, some, isOrdered, label),
    ];
    if (was === undefined || was !== is) return false;
  }
  return true;
}

/** A version never changes, and neither does what a text means. */
interface Known {
  readonly hashes: BoundedCache<{ readonly hash: string | undefined }>;
  readonly lineages: BoundedCache<{ readonly lineage: QueryLineage | undefined }>;
}

const knownBy = new WeakMap<Engine, Known>();

function knownOf({ engine }: RunContext): Known {
  const known = knownBy.get(engine) ?? {
    hashes: new BoundedCache(2_000, 1_000_000),
    lineages: new BoundedCache(500, 100_000),
  };
  knownBy.set(engine, known);
  return known;
}

async function lineageOf(
  context: RunContext,
  node: GraphNode,
  results: Results,
  columns: readonly string[],
): Promise<QueryLineage | undefined> {
  const query = await lineageQuery(context, node, results, columns, new Map());
  if (typeof query === "string") return undefined;
  const { item, relations } = query;
  const { lineages } = knownOf(context);
  const key = hashOf([item, relations]);
  const found = lineages.get(key);
  if (found !== undefined) return found.lineage;
  const control = { label: node.cell.name, timeoutMs: LINEAGE_TIMEOUT_MS };
  const [lineage] = await context.engine.lineage({ relations, items: [item] }, control);
  lineages.set(key, { lineage });
  return lineage;
}

/** Undefined where it takes too long; it is not tried again. */
async function hashColumns(
  context: RunContext,
  manifest: Manifest,
  columns: readonly StoredColumn[],
  isOrdered: boolean,
  control: TaskControl,
): Promise<string | undefined> {
  const { hashes } = knownOf(context);
  const key = hashOf([manifest.dataset, manifest.version, columns.map(({ name }) => name), isOrdered]);
  const found = hashes.get(key);
  if (found !== undefined) return found.hash;
  const table = tableOf(context.lake, manifest);
  try {
    const hash = await context.engine.hashColumns(
      { table, columns, isOrdered },
      { ...control, timeoutMs: SCAN_TIMEOUT_MS },
    );
    hashes.set(key, { hash });
    return hash;
  } catch (error) {
    if (!isAppError(error, "timeout")) throw error;
    hashes.set(key, { hash: undefined });
    return undefined;
  }
}
