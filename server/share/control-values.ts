import { isAppError } from "../base/errors.js";
import { ownValue } from "../base/own-value.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { ControlCell } from "../notebook/notebook.js";
import { readParameters } from "../runs/run-parameters.js";
import type { RunRecord } from "../runs/run-record.js";
import { controlsAbove } from "./choice-plan.js";
import type { LastResults } from "./last-results.js";

export type Choices = Readonly<Record<string, unknown>>;

/** The last one that told something of a cell. */
export function newestRun({ cells }: LastResults): RunRecord | undefined {
  const runs = [...cells.values()].map(({ run }) => run);
  return runs.reduce<RunRecord | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);
}

/** What the newest run chose, as far as the notebook still has it: what a report shows. */
export function shownChoices(analyzed: AnalyzedNotebook, results: LastResults): Choices {
  const given = Object.entries(newestRun(results)?.parameters ?? {});
  return Object.fromEntries(given.filter(([name, value]) => isAccepted(analyzed, name, value)));
}

function isAccepted(analyzed: AnalyzedNotebook, name: string, value: unknown): boolean {
  try {
    readParameters(analyzed, { [name]: value });
    return true;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}

export function controlValue({ name, parameter }: ControlCell, choices: Choices): unknown {
  const chosen = ownValue(choices, name);
  return chosen === undefined ? parameter.defaultValue : chosen;
}

/** Of each cell whose rows were computed for other values of the controls above it than those shown: which they were. */
export function otherChoices(
  { graph }: AnalyzedNotebook,
  results: LastResults,
  shown: Choices,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, { run }] of results.cells) {
    const others = [...controlsAbove(graph, name)].flatMap((above) => {
      const cell = graph.nodes.get(above)?.cell;
      if (cell?.kind !== "input") return [];
      const value = controlValue(cell, run.parameters);
      const text = JSON.stringify(value);
      if (text === JSON.stringify(controlValue(cell, shown))) return [];
      return [`${above} = ${typeof value === "string" ? value : text}`];
    });
    if (others.length > 0) found.set(name, `computed for ${others.join(", ")}`);
  }
  return found;
}
