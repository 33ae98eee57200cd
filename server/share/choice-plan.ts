import type { DependencyGraph } from "../graph/dependency-graph.js";
import type { ControlCell, ParameterScalar, ParameterValue } from "../notebook/notebook.js";

/** So many results of other choices are computed and stored. */
export const MOST_COMBINATIONS = 50;

/** A control of which more is known than what it is set to. */
export interface OfferedControl {
  readonly cell: ControlCell;
  /** What can be chosen. */
  readonly options: readonly ParameterScalar[];
  /** The first is chosen, and not offered. */
  readonly isMissing?: true;
  /** Several of them may be chosen at once. */
  readonly isSeveral: boolean;
  /** The place of what is shown: of an option, or of several the sum of 1, 2, 4 … for each. */
  readonly shown: number;
}

/** What is computed at once: a place for each of the controls, and the cells that read no other ones. */
export interface Combination {
  readonly places: ReadonlyMap<string, number>;
  readonly cells: readonly string[];
}

export interface ChoicePlan {
  /** Of each cell that depends on a control: which, in the order of the notebook. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly count: number;
  /** Empty where there are too many. */
  readonly combinations: readonly Combination[];
}

/**
 * Controls that no cell reads together are counted apart: a cell that reads one of two is computed once for each value of
 * that one.
 */
export function planChoices(
  reads: ReadonlyMap<string, readonly string[]>,
  controls: readonly OfferedControl[],
): ChoicePlan {
  const byName = new Map(controls.map((control) => [control.cell.name, control]));
  const sets = new Map([...reads.values()].map((names) => [names.join("\n"), names]));
  const widest = [...sets.values()].filter(
    (names) => ![...sets.values()].some((other) => other.length > names.length && isWithin(names, other)),
  );
  const sizes = (names: readonly string[]): number[] => names.map((name) => countOf(byName.get(name)));
  const count = widest.reduce((sum, names) => sum + sizes(names).reduce((a, b) => a * b, 1), 0);
  if (count > MOST_COMBINATIONS) return { reads, count, combinations: [] };
  const planned = new Set<string>();
  const combinations = widest.flatMap((names) =>
    placesOf(sizes(names)).flatMap((places): Combination[] => {
      const at = new Map(names.map((name, index) => [name, places[index] ?? 0]));
      const cells = [...reads].flatMap(([cell, own]) => {
        const key = `${cell} ${keyOf(own, at)}`;
        if (!isWithin(own, names) || planned.has(key)) return [];
        planned.add(key);
        return [cell];
      });
      return cells.length === 0 ? [] : [{ places: at, cells }];
    }),
  );
  return { reads, count, combinations };
}

/** The controls among `names` that each cell depends on; those that depend on none are left out. */
export function readsOf(
  graph: DependencyGraph,
  cells: readonly string[],
  names: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const order = [...graph.nodes.keys()].filter((name) => names.has(name));
  const found = new Map<string, readonly string[]>();
  for (const cell of cells) {
    const above = controlsAbove(graph, cell);
    const own = order.filter((name) => above.has(name));
    if (own.length > 0) found.set(cell, own);
  }
  return found;
}

/** Controls whose values a cell's rows depend on: those that itself, or a cell that it reads, names. */
export function controlsAbove(graph: DependencyGraph, cell: string): ReadonlySet<string> {
  const names = [...parametersAbove(graph, cell)];
  return new Set(names.filter((name) => graph.nodes.get(name)?.cell.kind === "input"));
}

/** The same of all parameters; `offered`: also those by which it is found what a control offers. */
export function parametersAbove(
  { nodes, parents }: Pick<DependencyGraph, "nodes" | "parents">,
  cell: string,
  how?: "offered",
): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set([cell]);
  const waiting = [cell];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const parameter of nodes.get(name)?.parameters ?? []) names.add(parameter.name);
    for (const parent of parents.get(name) ?? []) {
      // What a control offers is no part of what is computed for its value.
      if (seen.has(parent) || (how === undefined && nodes.get(parent)?.cell.kind === "input")) continue;
      seen.add(parent);
      waiting.push(parent);
    }
  }
  return names;
}

export function valueAt({ options, isSeveral }: OfferedControl, place: number): ParameterValue {
  if (!isSeveral) return options[place] ?? null;
  return options.filter((_, index) => (place & (1 << index)) !== 0);
}

/** The places of a cell's own controls, as one text. */
export function keyOf(names: readonly string[], places: ReadonlyMap<string, number>): string {
  return names.map((name) => String(places.get(name) ?? 0)).join(" ");
}

function countOf(control: OfferedControl | undefined): number {
  const options = control?.options.length ?? 0;
  return control?.isSeveral === true ? 2 ** options : options;
}

function isWithin(names: readonly string[], other: readonly string[]): boolean {
  return names.every((name) => other.includes(name));
}

/** Each combination of places below the sizes, the last one changing first. */
function placesOf(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (before, size) =>
      before.flatMap((places) => Array.from({ length: size }, (_, place) => [...places, place])),
    [[]],
  );
}
