import { queryOf } from "../notebook/kinds/kinds.js";
import { BoundedCache } from "../base/bounded-cache.js";
import { isAppError } from "../base/errors.js";
import { ownValue } from "../base/own-value.js";
import { hashOf } from "../base/hash.js";
import type { Engine } from "../engine/engine.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { NamelessQuery } from "../graph/query-analysis.js";
import type { Lake } from "../lake/lake.js";
import type { Manifest, PinnedInput } from "../lake/model.js";
import { engineOf, isCumulative, isDataset, type SqlCell } from "../notebook/notebook.js";
import { changesOf, toReason, type CurrentParts, type PastParts } from "./change-reason.js";
import { isVolatile, type Results } from "./query-scope.js";
import { bindParameters, type RunContext } from "./run-context.js";
import { isForced } from "./run-record.js";

/** Why a cell is computed, in words for people. `runs`: a parent that is computed before it, as far as a plan knows. */
export async function whyComputed(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  now: CurrentParts,
  runs?: string,
): Promise<string> {
  if (isForced(context.record, cell.name)) return "forced";
  const { facts } = node;
  const parent = runs === undefined ? undefined : `\`${runs}\` runs`;
  if (facts !== undefined && isVolatile(facts))
    return parent ?? `volatile: ${facts.volatileFunctions.join(", ") || "reads lakebook"}`;
  const before = await lastParts(context, cell, node);
  if (typeof before === "string") return before;
  const changes = changesOf(await underNewNames(context, before, node, now), now);
  if (changes.length > 0) return toReason(changes);
  return parent ?? (isDataset(cell) ? "options changed" : "its rows are no longer kept");
}

/** In words what is different since the cell was last computed; undefined where nothing is, or nobody knows. */
export async function changesSinceLast(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  now: CurrentParts,
): Promise<string | undefined> {
  const before = await lastParts(context, cell, node);
  if (typeof before === "string") return undefined;
  const changes = changesOf(await underNewNames(context, before, node, now), now);
  return changes.length === 0 ? undefined : toReason(changes);
}

/** What the cell was last computed from, also under a name that no cell has now, or why nobody knows. */
async function lastParts(context: RunContext, cell: SqlCell, node: GraphNode): Promise<PastParts | string> {
  const { lake, remembered, record } = context;
  const { name } = cell;
  const own = isDataset(cell)
    ? await lastVersion(lake, name)
    : await remembered.recall(record.notebook, name);
  if (own !== undefined) return own;
  const others = isDataset(cell) ? abandonedVersions(context) : abandonedQueries(context);
  for await (const past of others) if (await isSameSql(context, past.sql, node)) return past;
  return "never run";
}

async function lastVersion(lake: Lake, dataset: string): Promise<Manifest | string | undefined> {
  const newest = lake.newestVersion(dataset);
  if (newest === undefined) return undefined;
  return (await usableManifest(lake, dataset, newest.version)) ?? "the version before is damaged";
}

async function* abandonedVersions(context: RunContext): AsyncGenerator<PastParts> {
  const { lake, record } = context;
  for (const name of lake.storedNames().filter((dataset) => isGone(context, dataset))) {
    const past = await lastVersion(lake, name);
    if (typeof past === "object" && past.notebook === record.notebook) yield past;
  }
}

async function* abandonedQueries(context: RunContext): AsyncGenerator<PastParts> {
  const { remembered, record } = context;
  for (const [name, past] of await remembered.recallAll(record.notebook))
    if (isGone(context, name)) yield past;
}

function isGone({ analyzed }: RunContext, name: string): boolean {
  return !analyzed.graph.nodes.has(name);
}

/** What was read under a name that no cell has now, but is what is read under another one, has that one. */
async function underNewNames(
  context: RunContext,
  before: PastParts,
  node: GraphNode,
  now: CurrentParts,
): Promise<PastParts> {
  const queries = Object.entries(before.queries ?? {}).map(([name, hash]) => {
    if (!isGone(context, name)) return [name, hash] as const;
    const renamed = Object.keys(now.queries).find(
      (other) => now.queries[other] === hash && ownValue(before.queries ?? {}, other) === undefined,
    );
    return [renamed ?? name, hash] as const;
  });
  const parents = await Promise.all(
    before.parents.map(async (parent) => {
      if (!isGone(context, parent.dataset)) return parent;
      const data = await fingerprintOf(context.lake, parent);
      for (const other of now.parents)
        if (
          other.version === parent.version ||
          (data !== "" && (await fingerprintOf(context.lake, other)) === data)
        )
          return other;
      return parent;
    }),
  );
  const isSame = now.sql.trim() !== before.sql.trim() && (await isSameSql(context, before.sql, node));
  return { ...before, sql: isSame ? now.sql : before.sql, queries: Object.fromEntries(queries), parents };
}

/** Empty where that cannot be told. */
async function fingerprintOf(
  lake: Lake,
  { dataset, version }: CurrentParts["parents"][number],
): Promise<string> {
  return (await usableManifest(lake, dataset, version).catch(() => undefined))?.fingerprint ?? "";
}

/** Is it the query, but for names of cells that were renamed? */
async function isSameSql(context: RunContext, past: string, { cell, facts }: GraphNode): Promise<boolean> {
  if (queryOf(cell)?.sql.trim() === past.trim()) return true;
  const before = await namelessOf(context.engine, past);
  if (before === null || before.query !== facts?.nameless?.query) return false;
  return before.tables.every(
    ({ name }, index) => name === facts.nameless?.tables[index]?.name || isGone(context, name),
  );
}

/** Every cell that never ran is compared with every one that is gone, on each forecast: a text is analyzed once. */
const namelessQueries = new WeakMap<Engine, BoundedCache<NamelessQuery | null>>();

async function namelessOf(engine: Engine, sql: string): Promise<NamelessQuery | null> {
  const known = namelessQueries.get(engine) ?? new BoundedCache(10_000, 8_000_000);
  namelessQueries.set(engine, known);
  const found = known.get(sql);
  if (found !== undefined) return found;
  const [analysis] = await engine.analyze([sql]);
  const nameless = (analysis?.ok === true ? analysis.facts.nameless : undefined) ?? null;
  known.set(sql, nameless);
  return nameless;
}

/** Undefined where the version is damaged: the way out is to compute it again, so that must not fail for it. */
export async function usableManifest(
  lake: Lake,
  dataset: string,
  version: string,
): Promise<Manifest | undefined> {
  try {
    const manifest = await lake.manifest(dataset, version);
    return lake.isWhole(manifest) ? manifest : undefined;
  } catch (error) {
    if (isAppError(error, "damaged")) return undefined;
    throw error;
  }
}

/** What a cell would be computed from now; parents without a result yet are left out. */
export function currentParts(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
): CurrentParts {
  const queries = readQueries(context, node);
  const nodes = [node, ...queries];
  const definitions = nodes.flatMap((inner) => inner.parameters);
  return {
    sql: cell.sql,
    engine: context.engine.versionOf(engineOf(cell)),
    parameters: Object.fromEntries(
      bindParameters(context.record, definitions).map(({ definition, value }) => [definition.name, value]),
    ),
    queries: Object.fromEntries(queries.map((inner) => [inner.cell.name, queryHash(inner, results)])),
    inputs: isCumulative(cell) ? readDeliveries(context, nodes) : readInputs(context, nodes),
    parents: readVersions(context, nodes, results),
  };
}

/** Differs where the text of a query cell does; a volatile one differs each time. */
function queryHash({ cell, facts }: GraphNode, results: Results): string {
  const isSteady = facts === undefined || !isVolatile(facts);
  return hashOf([
    facts?.nameless?.query ?? facts?.normalized ?? "",
    isSteady ? "" : (results.get(cell.name)?.content ?? ""),
  ]);
}

function readInputs(context: RunContext, nodes: readonly GraphNode[]): PinnedInput[] {
  const paths = nodes.flatMap(({ facts }) => facts?.files.map((file) => file.path) ?? []);
  const files = [...new Set(paths)].flatMap((path) => context.inputs.files.get(path) ?? []);
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function readDeliveries({ inputs }: RunContext, nodes: readonly GraphNode[]): PinnedInput[] {
  const paths = nodes.flatMap(({ facts }) => facts?.files.map((file) => file.path) ?? []);
  const files = [...new Set(paths)].flatMap((path) => inputs.delivered.get(path) ?? []);
  return [...new Map(files.map(({ input }) => [`${input.sha256} ${input.path}`, input])).values()];
}

function readVersions(
  context: RunContext,
  nodes: readonly GraphNode[],
  results: Results,
): { dataset: string; version: string }[] {
  const found = new Map<string, string>();
  for (const { facts } of nodes) {
    for (const table of facts?.tables ?? []) {
      const result = table.schema === undefined ? results.get(table.name) : undefined;
      if (result?.type === "files" && result.version !== undefined) found.set(table.name, result.version);
      const version =
        table.schema === undefined ? undefined : context.record.lakeVersions[`${table.schema}.${table.name}`];
      if (version !== undefined) found.set(table.name, version);
    }
  }
  return [...found].map(([dataset, version]) => ({ dataset, version }));
}

/** The query cells that the node reads, also through others: no version of their own tells what they stand on. */
export function readQueries({ analyzed }: RunContext, node: GraphNode): GraphNode[] {
  const { nodes } = analyzed.graph;
  const found = new Map<string, GraphNode>();
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { schema, name } of next.facts?.tables ?? []) {
      const read = schema === undefined ? nodes.get(name) : undefined;
      if (read === undefined || isDataset(read.cell) || found.has(name)) continue;
      found.set(name, read);
      waiting.push(read);
    }
  }
  return [...found.values()];
}
