import { isAppError } from "../base/errors.js";
import { ownValue } from "../base/own-value.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { optionsOf, parametersOf } from "../notebook/kinds/kinds.js";
import type { ControlCell } from "../notebook/notebook.js";
import type { ParsedNotebook } from "../notebook/parse.js";
import { titleOf } from "../report/lay-out.js";
import { readParameters } from "../runs/run-parameters.js";
import type { RunRecord } from "../runs/run-record.js";
import { valueInWords } from "../text/value-in-words.js";
import { parseNotebookText } from "../workspace/notebook-files.js";
import { parametersAbove } from "./choice-plan.js";
import type { LastResults } from "./last-results.js";

export type Choices = Readonly<Record<string, unknown>>;

/** The last one that told something of a cell. */
export function newestRun({ cells }: LastResults): RunRecord | undefined {
  const runs = [...cells.values()].map(({ run }) => run);
  return runs.reduce<RunRecord | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);
}

/**
 * What a report shows of controls and parameters: of each what the newest run chose that computed something by it, as far as
 * the notebook still has it. A run of something else, from a page where another value was looked at, changes nothing here.
 */
export function shownChoices(analyzed: AnalyzedNotebook, { cells }: LastResults): Choices {
  const newest = new Map<string, RunRecord>();
  for (const [cell, { run }] of cells)
    for (const name of parametersAbove(analyzed.graph, cell, "offered"))
      if (run.id > (newest.get(name)?.id ?? "")) newest.set(name, run);
  const given = [...newest].map(([name, run]) => [name, ownValue(run.parameters, name)] as const);
  return Object.fromEntries(
    given.filter(([name, value]) => value !== undefined && isAccepted(analyzed, name, value)),
  );
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
  return ownValue(choices, name) ?? parameter.defaultValue;
}

/** Of each cell whose rows were computed for other values than those shown: which they were. */
export async function otherChoices(
  { graph, notebook }: AnalyzedNotebook,
  { cells }: LastResults,
  shown: Choices,
): Promise<ReadonlyMap<string, string>> {
  const definitions = parametersOf(notebook);
  const found = new Map<string, string>();
  for (const [cell, { run }] of cells) {
    // What was not given had the default of that time.
    const then = parametersOf((await notebookOf(run)).notebook);
    const others = [...parametersAbove(graph, cell)].flatMap((name) => {
      const [before, now] = [then.get(name), definitions.get(name)];
      if (before === undefined || now === undefined) return [];
      const value = ownValue(run.parameters, name) ?? before.defaultValue;
      const isSame = JSON.stringify(value) === JSON.stringify(ownValue(shown, name) ?? now.defaultValue);
      return isSame ? [] : [`"${labelOf(notebook, name)}": ${valueInWords(value)}`];
    });
    if (others.length > 0) found.set(cell, `computed for ${others.join(", ")}`);
  }
  return found;
}

/** What people read of a control; its name for a parameter of the front matter. */
function labelOf({ cells }: AnalyzedNotebook["notebook"], name: string): string {
  const control = cells.find((cell) => cell.kind === "input" && cell.name === name);
  return control === undefined ? name : titleOf(name, optionsOf(control));
}

const ranNotebooks = new WeakMap<RunRecord, Promise<ParsedNotebook>>();

/** The notebook as it was when it ran: read once for all of its cells. */
export function notebookOf(run: RunRecord): Promise<ParsedNotebook> {
  const parsing = ranNotebooks.get(run) ?? parseNotebookText(run.notebook, run.text);
  ranNotebooks.set(run, parsing);
  return parsing;
}
