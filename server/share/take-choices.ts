import { isAppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { reachableFrom } from "../graph/topology.js";
import { isDataset, type ControlCell, type ParameterValue } from "../notebook/notebook.js";
import { verdictOf } from "../notebook/verdict.js";
import type { RunManager } from "../runs/run-manager.js";
import type { QueryServices } from "../workbench/ad-hoc-query.js";
import {
  keyOf,
  MOST_COMBINATIONS,
  planChoices,
  readsOf,
  valueAt,
  type Combination,
  type OfferedControl,
} from "./choice-plan.js";
import { computeChoice, Fixed, type ComputedCell, type Explorer } from "./compute-choice.js";
import { newestRun, type Choices } from "./control-values.js";
import type { LastResults } from "./last-results.js";
import { fixedByKind, offeredControl, switchableControls } from "./offered-controls.js";
import { PartReader } from "./part-reader.js";
import type { SnapshotControl, SnapshotPart } from "./snapshot.js";

/** Of everything that is computed for one snapshot. */
export const LONGEST_MS = 30_000;

export interface ChoiceServices extends QueryServices {
  readonly manager: RunManager;
  readonly explorer: Explorer;
}

export interface Told {
  readonly results: LastResults;
  /** What controls and parameters are set to. */
  readonly shown: Choices;
  /** Of cells whose last rows are not those of what is shown: why. */
  readonly stale: ReadonlyMap<string, string>;
  /** Those of them that were last computed for other choices. */
  readonly chosen: ReadonlyMap<string, string>;
  /** Cells that give other rows each time. */
  readonly volatile: ReadonlySet<string>;
}

/** What is stored of a block for other choices; `now`: for the one that is shown, where the last run has nothing of it. */
export interface TakenBlock {
  readonly reads: readonly string[];
  readonly key: string;
  readonly now?: SnapshotPart;
  readonly others: readonly SnapshotPart[];
}

export interface TakenChoices {
  readonly controls: ReadonlyMap<string, SnapshotControl>;
  readonly blocks: ReadonlyMap<string, TakenBlock>;
  /** Of controls that do not switch: why. */
  readonly fixed: ReadonlyMap<string, string>;
}

const noChoices: TakenChoices = { controls: new Map(), blocks: new Map(), fixed: new Map() };

/** What query cells, and charts of them, show for each value of the selects and checkboxes that they depend on. */
export async function takeChoices(
  services: ChoiceServices,
  analyzed: AnalyzedNotebook,
  told: Told,
  /** A time in milliseconds. */
  until: number,
): Promise<TakenChoices> {
  const cells = shownCells(analyzed, told.results);
  const fixed = new Map(fixedByKind(analyzed, cells));
  const controls: OfferedControl[] = [];
  for (const cell of switchableControls(analyzed).filter(({ name }) => !fixed.has(name))) {
    const asking = { turn: services.explorer.turn, timeoutMs: Math.max(1, until - Date.now()) };
    const offered = await offeredControl(services, analyzed, cell, told.shown, asking);
    if (typeof offered === "string") fixed.set(cell.name, offered);
    else controls.push(offered);
  }
  try {
    const reads = readsOf(analyzed.graph, cells, namesOf(controls.map(({ cell }) => cell)));
    const blocks = await takeBlocks(services, analyzed, told, { controls, reads, until });
    return { controls: new Map(controls.map(toSnapshot)), blocks, fixed };
  } catch (error) {
    if (!(error instanceof Fixed) && !isAppError(error)) throw error;
    const reason = error.message.replace(/\.$/, "");
    for (const { cell } of controls) fixed.set(cell.name, reason);
    return { ...noChoices, fixed };
  }
}

/** Query cells of which something is shown, and checks that found something. */
function shownCells({ notebook }: AnalyzedNotebook, { cells, checks }: LastResults): string[] {
  return notebook.cells.flatMap((cell) => {
    const isShown =
      cell.kind === "sql"
        ? !isDataset(cell)
        : cell.kind === "check" && verdictOf(checks.filter(({ name }) => name === cell.name)) !== undefined;
    return isShown && cells.has(cell.name) ? [cell.name] : [];
  });
}

function namesOf(cells: readonly ControlCell[]): ReadonlySet<string> {
  return new Set(cells.map(({ name }) => name));
}

function toSnapshot({
  cell,
  options,
  isSeveral,
  isMissing,
  shown,
}: OfferedControl): [string, SnapshotControl] {
  const kind = isSeveral ? "several" : cell.inputType === "checkbox" ? "checkbox" : "select";
  return [cell.name, { kind, options: [...options], shown, ...(isMissing && { missing: true }) }];
}

interface Taking {
  readonly controls: readonly OfferedControl[];
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** A time in milliseconds. */
  readonly until: number;
}

async function takeBlocks(
  services: ChoiceServices,
  analyzed: AnalyzedNotebook,
  told: Told,
  { controls, reads, until }: Taking,
): Promise<ReadonlyMap<string, TakenBlock>> {
  const { count, combinations } = planChoices(reads, controls);
  if (count > MOST_COMBINATIONS)
    throw new Fixed(
      `all choices would be ${String(count)} results, and at most ${String(MOST_COMBINATIONS)} are stored`,
    );
  requireOneState(analyzed, told, [...reads.keys()]);
  const shown = new Map(controls.map((control) => [control.cell.name, control.shown]));
  const reader = new PartReader(services, analyzed);
  const blocks = new Map<string, { readonly reads: readonly string[]; key: string; parts: SnapshotPart[] }>();
  for (const [name, own] of reads)
    for (const block of reader.blocksOf(name))
      blocks.set(block, { reads: own, key: keyOf(own, shown), parts: [] });
  for (const combination of combinations) {
    const keyIn = (name: string): string => keyOf(reads.get(name) ?? [], combination.places);
    const cells = combination.cells.filter(
      // What the last run left is what is shown.
      (name) => keyIn(name) !== blocks.get(name)?.key || isComputedAnew(told, name),
    );
    const parameters = { ...told.shown, ...valuesOf(combination, controls) };
    for (const [name, computed] of await compute(services, analyzed, told, { cells, parameters, until }))
      for (const [block, part] of await reader.read(name, keyIn(name), computed))
        blocks.get(block)?.parts.push(part);
  }
  return new Map(
    [...blocks].map(([name, { parts, ...block }]) => {
      const now = parts.find(({ key }) => key === block.key);
      return [name, { ...block, ...(now && { now }), others: parts.filter((part) => part !== now) }];
    }),
  );
}

/** Fails with Fixed: what is computed must be of the same input, SQL and moment as what the last run left, which stands beside it. */
export function requireOneState({ graph }: AnalyzedNotebook, told: Told, cells: readonly string[]): void {
  // What is furthest above is why what is below is out of date.
  const above = [...reachableFrom(cells, graph.parents)].reverse();
  for (const name of [...above, ...cells]) {
    const { cell } = graph.nodes.get(name) ?? {};
    if (cell === undefined || cell.kind === "input") continue;
    if (told.volatile.has(name)) throw new Fixed(`"${name}" gives other rows each time that it is computed`);
    if (told.stale.has(name) && !isComputedAnew(told, name))
      throw new Fixed(`"${name}" is out of date: ${told.stale.get(name) ?? ""}`);
  }
}

/** Of what is shown too: another choice ran last, or nothing came of it. */
function isComputedAnew({ results, stale, chosen }: Told, name: string): boolean {
  const { outcome } = results.cells.get(name)?.cell ?? {};
  return stale.has(name) && (chosen.has(name) || outcome === "failed" || outcome === "blocked");
}

export async function compute(
  services: ChoiceServices,
  { notebook }: AnalyzedNotebook,
  { results }: Told,
  how: { readonly cells: readonly string[]; readonly parameters: Choices; readonly until: number },
): Promise<ReadonlyMap<string, ComputedCell>> {
  const { cells, parameters, until } = how;
  const date = newestRun(results)?.date;
  if (cells.length === 0 || date === undefined) return new Map();
  const late = new Fixed(`computing all choices takes longer than ${String(LONGEST_MS / 1000)} s`);
  const limitMs = until - Date.now();
  if (limitMs <= 0) throw late;
  const isCheck = (name: string): boolean =>
    notebook.cells.some((cell) => cell.name === name && cell.kind === "check");
  const [checks, queries] = [cells.filter(isCheck), cells.filter((name) => !isCheck(name))];
  const asked = { notebook: notebook.name, date, parameters, queries, checks, limitMs };
  return computeChoice(services, asked).catch((error: unknown) => {
    throw isAppError(error, "timeout") ? late : error;
  });
}

function valuesOf({ places }: Combination, controls: readonly OfferedControl[]): Choices {
  return Object.fromEntries(
    controls.flatMap((control): [string, ParameterValue][] => {
      const place = places.get(control.cell.name);
      return place === undefined ? [] : [[control.cell.name, valueAt(control, place)]];
    }),
  );
}
