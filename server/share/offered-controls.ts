import { isAppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { endlessChoices } from "../notebook/control-options.js";
import type { ControlCell, ParameterScalar } from "../notebook/notebook.js";
import type { QueryServices } from "../workbench/ad-hoc-query.js";
import { readControlOptions } from "../workbench/control-options.js";
import { controlsAbove, MOST_COMBINATIONS, parametersAbove, type OfferedControl } from "./choice-plan.js";
import { controlValue, type Choices } from "./control-values.js";

/** Has queries of a person wait for their turn among those of others. */
export type TakeTurn = <T>(action: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export interface AskOptions {
  readonly turn: TakeTurn;
  readonly timeoutMs: number;
}

/** Selects and checkboxes, but those that offer something else for each value of another control. */
export function switchableControls(analyzed: AnalyzedNotebook): ControlCell[] {
  return choosable(analyzed).filter(({ name }) => controlsAbove(analyzed.graph, name).size === 0);
}

/** Why controls do not switch that never can, or need not: none of the `cells` that are shown depends on them. */
export function fixedByKind(analyzed: AnalyzedNotebook, cells: readonly string[]): [string, string][] {
  const { graph } = analyzed;
  const read = new Set(cells.flatMap((name) => [...controlsAbove(graph, name)]));
  const offering = new Set(cells.flatMap((name) => [...parametersAbove(graph, name, "offered")]));
  return controlsOf(analyzed).flatMap(({ name, inputType }): [string, string][] => {
    if (!offering.has(name)) return [[name, "nothing that is shown depends on it"]];
    if (!read.has(name)) return [[name, "another control offers what depends on it"]];
    const what = endlessChoices[inputType];
    if (what !== undefined) return [[name, `results for every other ${what} would be too many to store`]];
    return controlsAbove(graph, name).size > 0 ? [[name, "what it offers depends on another control"]] : [];
  });
}

function choosable(analyzed: AnalyzedNotebook): ControlCell[] {
  return controlsOf(analyzed).filter(({ inputType }) => endlessChoices[inputType] === undefined);
}

function controlsOf({ notebook }: AnalyzedNotebook): ControlCell[] {
  return notebook.cells.filter((cell): cell is ControlCell => cell.kind === "input" && !cell.hasErrors);
}

/** What a control offers, with what is shown of it among that. A text: why that is not known, or too much. */
export async function offeredControl(
  services: QueryServices,
  analyzed: AnalyzedNotebook,
  cell: ControlCell,
  shown: Choices,
  asking: AskOptions,
): Promise<OfferedControl | string> {
  const value = controlValue(cell, shown);
  if (cell.inputType === "checkbox")
    return { cell, options: [false, true], isSeveral: false, shown: value === true ? 1 : 0 };
  const offered = await readOptions(services, analyzed, cell, shown, asking);
  if (typeof offered === "string") return offered;
  const chosen = (Array.isArray(value) ? value : [value]) as ParameterScalar[];
  const { isList: isSeveral } = cell.parameter;
  const missing = chosen.filter((item) => !offered.includes(item));
  const options = isSeveral ? [...offered, ...missing] : [...missing, ...offered];
  if (options.length > MOST_COMBINATIONS || (isSeveral && 2 ** options.length > MOST_COMBINATIONS))
    return `it offers more than can be stored`;
  const places = chosen.map((item) => options.indexOf(item));
  return {
    cell,
    options,
    isSeveral,
    ...(!isSeveral && missing.length > 0 && { isMissing: true }),
    shown: isSeveral ? places.reduce((sum, place) => sum | (1 << place), 0) : (places[0] ?? 0),
  };
}

async function readOptions(
  services: QueryServices,
  analyzed: AnalyzedNotebook,
  { name }: ControlCell,
  shown: Choices,
  { turn, timeoutMs }: AskOptions,
): Promise<readonly ParameterScalar[] | string> {
  try {
    const { values, isTruncated } = await turn((signal) =>
      readControlOptions(services, analyzed, { input: name, parameters: shown, signal, timeoutMs }),
    );
    return isTruncated ? "it offers more than can be stored" : values;
  } catch (error) {
    if (isAppError(error)) return `what it offers is not known (${error.message.replace(/\.$/, "")})`;
    throw error;
  }
}
