import { isDataset } from "../notebook/notebook.js";
import { reachableFrom } from "../graph/topology.js";
import type { Lease } from "../lake/leases.js";
import { executeRun } from "./execute-run.js";
import { isMissing, type ForecastCell } from "./forecast-run.js";
import { toContext, type PreparedRun } from "./prepare-run.js";
import type { RunServices } from "./run-context.js";
import { createInputView } from "./run-inputs.js";
import type { CellRecord } from "./run-record.js";
import { RunState } from "./run-state.js";

/** What became of the cells that other values of parameters change. */
export interface Exploration {
  readonly cells: readonly CellRecord[];
  /** Cells that stand on a dataset which would have to be computed: exploring computes none. */
  readonly blocked: readonly { readonly name: string; readonly by: string }[];
}

/** Query cells that have to be computed, and those that stand on a dataset that has. `wanted`: of these and what they read alone. */
export function exploredCells(
  { analyzed, plan }: Pick<PreparedRun, "analyzed" | "plan">,
  forecast: readonly ForecastCell[],
  wanted?: readonly string[],
): { readonly names: string[]; readonly blocked: Exploration["blocked"] } {
  const { graph } = analyzed;
  const computed = new Set(forecast.filter(isMissing).map(({ name }) => name));
  const blockers = new Map<string, string>();
  for (const name of computed) {
    const cell = graph.nodes.get(name)?.cell;
    if (cell === undefined || !isDataset(cell)) continue;
    for (const child of [name, ...reachableFrom([name], graph.children)])
      if (!blockers.has(child)) blockers.set(child, name);
  }
  const queries = plan.steps.filter((step) => step.kind === "query" && computed.has(step.id));
  const read =
    wanted === undefined ? undefined : new Set([...wanted, ...reachableFrom(wanted, graph.parents)]);
  const isWanted = (name: string): boolean => read?.has(name) ?? true;
  const names = queries.map(({ id }) => id).filter((id) => !blockers.has(id) && isWanted(id));
  const blocked = [...blockers].filter(([name]) => isWanted(name)).map(([name, by]) => ({ name, by }));
  return { names, blocked };
}

/** Computes the cells of a plan, of which nothing is written down: their rows are found by their fingerprints. */
export async function exploreRun(
  services: RunServices,
  prepared: PreparedRun,
  how: {
    readonly folder: string;
    readonly concurrency: number;
    readonly signal: AbortSignal;
    readonly lease: Lease;
  },
): Promise<readonly CellRecord[]> {
  const { workspace, lake } = services;
  const { folder, concurrency, signal, lease } = how;
  const view = await createInputView(workspace, lake, folder, prepared.inputs);
  const context = toContext(services, prepared, view, lease);
  const state = new RunState(prepared.record, () => undefined);
  try {
    await executeRun({ context, plan: prepared.plan, state, concurrency, signal });
  } finally {
    await lake.leases.remove(context.changes.folder);
  }
  return state.cells;
}
