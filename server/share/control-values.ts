import { ownValue } from "../base/own-value.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { reachableFrom } from "../graph/topology.js";
import type { ControlCell } from "../notebook/notebook.js";
import type { RunRecord } from "../runs/run-record.js";
import type { LastResults } from "./last-results.js";

/** The last one that told something of a cell: what is shown is what it chose. */
export function newestRun({ cells }: LastResults): RunRecord | undefined {
  const runs = [...cells.values()].map(({ run }) => run);
  return runs.reduce<RunRecord | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);
}

export function controlValue({ name, parameter }: ControlCell, run: RunRecord | undefined): unknown {
  const chosen = ownValue(run?.parameters ?? {}, name);
  return chosen === undefined ? parameter.defaultValue : chosen;
}

/** Of each cell whose rows an earlier run computed for other values of the controls above it: which they were. */
export function otherChoices({ graph }: AnalyzedNotebook, results: LastResults): ReadonlyMap<string, string> {
  const newest = newestRun(results);
  const found = new Map<string, string>();
  for (const [name, { run }] of results.cells) {
    if (run.id === newest?.id) continue;
    const others = [...reachableFrom([name], graph.parents)].flatMap((above) => {
      const cell = graph.nodes.get(above)?.cell;
      if (cell?.kind !== "input") return [];
      const value = controlValue(cell, run);
      const text = JSON.stringify(value);
      if (text === JSON.stringify(controlValue(cell, newest))) return [];
      return [`${above} = ${typeof value === "string" ? value : text}`];
    });
    if (others.length > 0) found.set(name, `computed for ${others.join(", ")}`);
  }
  return found;
}
