import type { RunSummary } from "./run-ledger.js";

type Kept = Pick<RunSummary, "id" | "notebook" | "mode" | "isRunning" | "cells" | "checks">;

const KEPT_RUNS = 100;

/**
 * Ids of the explorations that can go, of all runs with the newest first. What stays: the newest of each notebook,
 * every materialization, and the last run that gave a cell rows or judged a check, which the page shows.
 */
export function expendableRuns(records: readonly Kept[], keptRuns = KEPT_RUNS): string[] {
  const counts = new Map<string, number>();
  const shown = new Set<string>();
  return records.flatMap(({ id, notebook, mode, isRunning, cells, checks }) => {
    const count = (counts.get(notebook) ?? 0) + 1;
    counts.set(notebook, count);
    const names = [...cells, ...checks].map((name) => `${notebook}\n${name}`);
    const isShown = names.some((name) => !shown.has(name));
    for (const name of names) shown.add(name);
    return mode === "materialize" || isRunning || count <= keptRuns || isShown ? [] : [id];
  });
}
