import { cellKinds, isStepKind } from "../../server/notebook/cell-kinds.js";
import type { ForecastCell, NotebookView } from "../../server/api/protocol.js";

interface Chosen {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Undefined: not known here, or today. */
  readonly date?: string | undefined;
}

const datedNames = ["run_date", "interval_start", "interval_end"];

/** The parameters that have another value now than in one of those. */
export function differingNames(before: readonly Chosen[], now: Chosen): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { parameters, date } of before) {
    for (const name of [...Object.keys(parameters), ...Object.keys(now.parameters)])
      if (valueOf(parameters, name) !== valueOf(now.parameters, name)) names.add(name);
    if (now.date !== undefined && date !== now.date) for (const name of datedNames) names.add(name);
  }
  return names;
}

function valueOf(parameters: Chosen["parameters"], name: string): string {
  return Object.hasOwn(parameters, name) ? JSON.stringify(parameters[name]) : "";
}

/** What depends on these parameters, as a forecast says it of cells that run. */
export function doubtful(
  { cells, graph }: Pick<NotebookView, "cells" | "graph">,
  names: ReadonlySet<string>,
): ForecastCell[] {
  const reached = new Map<string, string>();
  for (const { name, kind, parameters } of cells) {
    const used = cellKinds[kind].isParameter ? [name] : parameters;
    const changed = used.find((parameter) => names.has(parameter));
    if (changed !== undefined) reached.set(name, changed);
  }
  const waiting = [...reached.keys()];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for (const [from, to] of graph.edges) {
      if (from !== parent || reached.has(to)) continue;
      reached.set(to, reached.get(parent) ?? "");
      waiting.push(to);
    }
  }
  return cells.flatMap(({ name, kind }): ForecastCell[] => {
    const changed = reached.get(name);
    if (changed === undefined || !isStepKind(kind)) return [];
    return [{ name, kind, action: "run", reason: `\`$${changed}\` has another value` }];
  });
}
