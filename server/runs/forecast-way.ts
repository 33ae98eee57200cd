import type { GraphNode } from "../graph/dependency-graph.js";
import {
  chooseWay,
  describeWay,
  finalWay,
  type CumulativeState,
  type Way,
} from "../incremental/choose-way.js";
import { isCumulative, isDataset, type SqlCell } from "../notebook/notebook.js";
import type { CellResult } from "./cell-result.js";
import { cumulativeBase, cumulativeState, missingDelivery } from "./cumulative-state.js";
import type { PartialCell } from "./forecast-touched.js";
import { filesOf, type RunContext } from "./run-context.js";
import { currentParts, readQueries, usableManifest } from "./why-computed.js";
import { isForced } from "./run-record.js";

export interface ForecastWay {
  /** In words, which part of a cumulative dataset a run would compute, or why all of it; empty where only the run can tell. */
  readonly words: string;
  /** Where it is a part. */
  readonly partial?: PartialCell;
}

/**
 * Which part of a cumulative dataset a run would compute.
 * No file is read and no query is run: of a parent that runs first, its last version stands for the columns, and its
 * rows count as changed.
 */
export async function forecastWay(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  known: ReadonlyMap<string, CellResult>,
): Promise<ForecastWay> {
  if (!isCumulative(cell) || node.facts === undefined) return { words: "" };
  const missing = missingDelivery(context, node);
  if (missing !== undefined) return { words: `it would fail: ${missing.message}` };
  const { results, moving } = await withLastVersions(context, node, known);
  const parts = currentParts(context, cell, node, results);
  const { base, manifest: before, restated } = await cumulativeBase(context, cell, parts);
  const state = await cumulativeState(context, cell, node, results, parts, undefined);
  const sources = typeof base === "string" ? "" : base.cumulative.sources;
  const wayWith = (content: (name: string) => string | undefined): Way => {
    const contents = new Map(state.contents);
    for (const name of moving) contents.set(name, content(name) ?? "");
    const way = chooseWay({ ...state, sources, contents }, base, isForced(context.record, cell.name));
    return finalWay(way, restated);
  };
  const changed = wayWith(() => "runs first");
  if (changed.type === "full" && typeof base !== "string") {
    if (needsColumns(node, state)) return { words: "" };
    // Maybe what runs first comes out as it was.
    const same = wayWith((name) => base.contents.get(name));
    if (same.type !== "full" || same.reason !== changed.reason) return { words: "" };
  }
  const words = describeWay(changed);
  if (changed.type === "full" || before === undefined) return { words };
  return { words, partial: { cell, node, before, state, way: changed, results, moving } };
}

/** Whether the columns of a file decide how keys go through the query. */
function needsColumns({ facts }: GraphNode, { option, rows }: CumulativeState): boolean {
  return option === "by_key" && rows === undefined && (facts?.files.length ?? 0) > 0;
}

/** With the last version of each parent that runs first, and which these are. */
async function withLastVersions(
  context: RunContext,
  node: GraphNode,
  known: ReadonlyMap<string, CellResult>,
): Promise<{ readonly results: ReadonlyMap<string, CellResult>; readonly moving: readonly string[] }> {
  const { analyzed, lake } = context;
  const results = new Map(known);
  const moving: string[] = [];
  for (const { facts } of [node, ...readQueries(context, node)])
    for (const { schema, name } of facts?.tables ?? []) {
      const parent = schema === undefined ? analyzed.graph.nodes.get(name) : undefined;
      if (parent === undefined || !isDataset(parent.cell) || results.has(name)) continue;
      const newest = lake.newestVersion(name);
      const manifest = newest && (await usableManifest(lake, name, newest.version));
      if (manifest === undefined) continue;
      moving.push(name);
      results.set(name, filesOf(lake, manifest));
    }
  return { results, moving };
}
