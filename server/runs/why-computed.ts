import { isAppError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { Lake } from "../lake/lake.js";
import type { Manifest, PinnedInput } from "../lake/model.js";
import { isDataset, type SqlCell } from "../notebook/notebook.js";
import { changesOf, toReason, type CurrentParts, type PastParts } from "./change-reason.js";
import { isVolatile, type Results } from "./query-scope.js";
import { bindParameters, type RunContext } from "./run-context.js";

/** Why a cell is computed, in words for people. `runs`: a parent that is computed before it, as far as a plan knows. */
export async function whyComputed(
  context: RunContext,
  cell: SqlCell,
  { facts }: GraphNode,
  now: CurrentParts,
  runs?: string,
): Promise<string> {
  if (context.record.force) return "forced";
  const parent = runs === undefined ? undefined : `\`${runs}\` runs`;
  if (facts !== undefined && isVolatile(facts))
    return parent ?? `volatile: ${facts.volatileFunctions.join(", ") || "reads lakebook"}`;
  const before = await lastParts(context, cell);
  if (typeof before === "string") return before;
  const changes = changesOf(before, now);
  if (changes.length > 0) return toReason(changes);
  return parent ?? (isDataset(cell) ? "options changed" : "its rows are no longer kept");
}

/** In words what is different since the cell was last computed; undefined where nothing is, or nobody knows. */
export async function changesSinceLast(
  context: RunContext,
  cell: SqlCell,
  now: CurrentParts,
): Promise<string | undefined> {
  const before = await lastParts(context, cell);
  const changes = typeof before === "string" ? [] : changesOf(before, now);
  return changes.length === 0 ? undefined : toReason(changes);
}

/** What the cell was last computed from, or why nobody knows. */
async function lastParts(
  { lake, remembered, record }: RunContext,
  cell: SqlCell,
): Promise<PastParts | string> {
  const { name } = cell;
  if (!isDataset(cell)) return (await remembered.recall(record.notebook, name)) ?? "never run";
  const before = lake.newestVersion(name);
  if (before === undefined) return "never run";
  return (await usableManifest(lake, name, before.version)) ?? "the version before is damaged";
}

/** Undefined where the version is damaged: the way out is to compute it again, so that must not fail for it. */
export async function usableManifest(
  lake: Lake,
  dataset: string,
  version: string,
): Promise<Manifest | undefined> {
  try {
    return await lake.manifest(dataset, version);
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
    engine: context.engine.version,
    parameters: Object.fromEntries(
      bindParameters(context.record, definitions).map(({ definition, value }) => [definition.name, value]),
    ),
    queries: Object.fromEntries(queries.map((inner) => [inner.cell.name, queryHash(inner, results)])),
    inputs: readInputs(context, nodes),
    parents: readVersions(context, nodes, results),
  };
}

/** Differs where the text of a query cell does; a volatile one differs each time. */
function queryHash({ cell, facts }: GraphNode, results: Results): string {
  const isSteady = facts === undefined || !isVolatile(facts);
  return hashOf([facts?.normalized ?? "", isSteady ? "" : (results.get(cell.name)?.content ?? "")]);
}

function readInputs(context: RunContext, nodes: readonly GraphNode[]): PinnedInput[] {
  const paths = nodes.flatMap(({ facts }) => facts?.files.map((file) => file.path) ?? []);
  const files = [...new Set(paths)].flatMap((path) => context.inputs.files.get(path) ?? []);
  return [...new Map(files.map((file) => [file.path, file])).values()];
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
function readQueries({ analyzed }: RunContext, node: GraphNode): GraphNode[] {
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
