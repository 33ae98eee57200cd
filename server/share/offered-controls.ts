import { isAppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { ControlCell, ParameterScalar } from "../notebook/notebook.js";
import type { QueryServices } from "../workbench/ad-hoc-query.js";
import { readControlOptions } from "../workbench/control-options.js";
import { controlsAbove, MOST_COMBINATIONS, type OfferedControl } from "./choice-plan.js";
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

/** Names of those that do. */
export function dependentControls(analyzed: AnalyzedNotebook): string[] {
  const others = choosable(analyzed).filter(({ name }) => controlsAbove(analyzed.graph, name).size > 0);
  return others.map(({ name }) => name);
}

function choosable({ notebook }: AnalyzedNotebook): ControlCell[] {
  return notebook.cells.filter(
    (cell): cell is ControlCell =>
      cell.kind === "input" &&
      !cell.hasErrors &&
      (cell.inputType === "select" || cell.inputType === "checkbox"),
  );
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
