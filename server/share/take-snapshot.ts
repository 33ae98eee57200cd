import { isAppError } from "../base/errors.js";
import { isStep } from "../notebook/cell-kinds.js";
import { descriptionOf, optionsOf } from "../notebook/kinds/kinds.js";
import { isDataset, type Block, type Cell } from "../notebook/notebook.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { readWidth, titleOf } from "../report/lay-out.js";
import { describeIncrement } from "../text/describe-increment.js";
import { isMissing } from "../runs/forecast-run.js";
import type { QueryServices } from "../workbench/ad-hoc-query.js";
import type { Explorer } from "./compute-choice.js";
import {
  controlValue,
  newestRun,
  notebookOf,
  otherChoices,
  shownChoices,
  type Choices,
} from "./control-values.js";
import { readLastResults, useLastRows, type LastCell, type LastResults } from "./last-results.js";
import { readChart, readFirstRows, rowsOfSource } from "./read-results.js";
import {
  snapshotSchema,
  type Snapshot,
  type SnapshotCell,
  type SnapshotCheck,
  type SnapshotPart,
} from "./snapshot.js";
import { renewResults } from "./renew-results.js";
import { LONGEST_MS, takeChoices, type TakenChoices, type Told } from "./take-choices.js";
import { withoutRoot } from "./without-root.js";

export interface SnapshotServices extends QueryServices {
  /** Computes other choices of controls; absent: they keep what they were set to, and no SQL of the notebook runs. */
  readonly explorer?: Explorer;
}

/** What the last runs left, and what is computed beside it. */
interface Taken extends TakenChoices {
  /** Of blocks whose last rows are of other values than those shown. */
  readonly renewed: ReadonlyMap<string, SnapshotPart>;
}

/**
 * What the notebook shows now: its text, the values that its controls had in the last run that used them, and of each cell
 * the rows for these; of what depends on selects and checkboxes also the rows of other choices, where they are few. No run
 * begins.
 */
export async function takeSnapshot(
  services: SnapshotServices,
  analyzed: AnalyzedNotebook,
): Promise<Snapshot> {
  const { notebook, graph } = analyzed;
  const results = await readLastResults(services.lake, notebook.name);
  const shown = shownChoices(analyzed, results);
  const now = await forecastNow(services, notebook.name, results, shown);
  const chosen = await otherChoices(analyzed, results, shown);
  const stale = new Map([...now.stale, ...chosen]);
  const told = { results, shown, stale, chosen, volatile: now.volatile };
  const taken = await takeComputed(services, analyzed, told);
  const blocks = [];
  for (const block of notebook.blocks)
    blocks.push(
      withComputed(
        withStale(await toBlock(services, analyzed, block, told), told),
        taken,
        newestRun(results)?.date,
      ),
    );
  const { description } = notebook.frontMatter;
  return snapshotSchema.parse({
    format: 1,
    name: notebook.name,
    title: notebook.title,
    ...(description === undefined ? {} : { description }),
    createdAt: new Date().toISOString(),
    blocks,
    graph: {
      cells: [...graph.nodes.values()].map(({ cell }) => ({ name: cell.name, kind: cell.kind })),
      edges: [...graph.parents].flatMap(([child, parents]) => parents.map((parent) => [parent, child])),
    },
    checks: checksNow(results, taken)
      .filter((check) => notebook.cells.some((cell) => cell.name === (check.cell ?? check.name)))
      .map((check) => ({ ...check, message: withoutRoot(check.message, services.workspace) })),
  });
}

async function takeComputed(
  services: SnapshotServices,
  analyzed: AnalyzedNotebook,
  told: Told,
): Promise<Taken> {
  const { manager, explorer } = services;
  if (manager === undefined || explorer === undefined || newestRun(told.results) === undefined)
    return { controls: new Map(), blocks: new Map(), fixed: new Map(), renewed: new Map() };
  const computing = { ...services, manager, explorer };
  const until = Date.now() + LONGEST_MS;
  const choices = await takeChoices(computing, analyzed, told, until);
  const taken = new Set([...choices.blocks].flatMap(([name, { now }]) => (now === undefined ? [] : [name])));
  return { ...choices, renewed: await renewResults(computing, analyzed, told, { taken, until }) };
}

/** What was computed anew has checks of its own. */
function checksNow({ checks }: LastResults, { blocks, renewed }: Taken): SnapshotCheck[] {
  const anew = new Map([
    ...[...blocks].flatMap(([name, { now }]) => (now === undefined ? [] : [[name, now] as const])),
    ...renewed,
  ]);
  return [
    ...checks.filter((check) => !anew.has(check.cell ?? check.name)),
    ...[...anew.values()].flatMap((part) => part.checks ?? []),
  ];
}

/** Why rows are not what a run would give now, with the choices of the newest run, as the page says it; and what differs with each run. */
async function forecastNow(
  { manager, workspace }: SnapshotServices,
  notebook: string,
  results: LastResults,
  parameters: Choices,
): Promise<{ readonly stale: ReadonlyMap<string, string>; readonly volatile: ReadonlySet<string> }> {
  const newest = newestRun(results);
  if (manager === undefined || newest === undefined) return { stale: new Map(), volatile: new Set() };
  try {
    const { date } = newest;
    const forecast = await manager.forecast({ notebook, mode: "run", date, parameters });
    const volatile = new Set<string>();
    const stale = new Map<string, string>();
    for (const { name, reason, isVolatile } of forecast.cells.filter(isMissing)) {
      if (isVolatile === true || isOfSameChance(results, name, reason, volatile)) volatile.add(name);
      else stale.set(name, plainText(reason, workspace));
    }
    return { stale, volatile };
  } catch (error) {
    // A notebook that cannot run has its problems instead.
    if (isAppError(error)) return { stale: new Map(), volatile: new Set() };
    throw error;
  }
}

/** It reads cells that give other rows each time, nothing else is new, and it ran with them last. */
function isOfSameChance(
  { cells }: LastResults,
  name: string,
  reason: string,
  volatile: ReadonlySet<string>,
): boolean {
  return reason.split(", ").every((part) => {
    const [, parent = ""] = /^`([^`]+)` (?:changed|runs)$/.exec(part) ?? [];
    return volatile.has(parent) && cells.get(parent)?.run.id === cells.get(name)?.run.id;
  });
}

/** Names stand between backticks where they become links. */
function plainText(reason: string, workspace: SnapshotServices["workspace"]): string {
  return withoutRoot(reason, workspace).replaceAll("`", "");
}

function withStale(block: Snapshot["blocks"][number], { stale, chosen }: Told): Snapshot["blocks"][number] {
  if (block.type === "prose") return block;
  const name = (block.kind === "chart" ? block.from : block.name) ?? "";
  const reason = stale.get(name);
  const isDone = block.chart !== undefined || block.outcome === "succeeded" || block.outcome === "reused";
  // That it failed says nothing of what is shown now where it did so for another value.
  return reason === undefined || !(isDone || chosen.has(name)) ? block : { ...block, staleReason: reason };
}

function withComputed(
  block: Snapshot["blocks"][number],
  { controls, blocks, fixed, renewed }: Taken,
  date: string | undefined,
): Snapshot["blocks"][number] {
  if (block.type === "prose") return block;
  const { name } = block;
  const [control, reason, taken] = [controls.get(name), fixed.get(name), blocks.get(name)];
  if (control !== undefined) return { ...block, control };
  if (reason !== undefined) return { ...block, fixed: reason };
  const now = taken?.now ?? renewed.get(name);
  const current = now === undefined ? block : asNow({ ...block, date }, now);
  if (taken === undefined) return current;
  const { reads, key, others } = taken;
  return { ...current, choices: { reads: [...reads], key, others: [...others] } };
}

/** What was computed anew is as the notebook would have it. */
function asNow(block: SnapshotCell, { key: _key, ...now }: SnapshotPart): SnapshotCell {
  const { type, name, kind, title, width, isDataset, source, description, date, from } = block;
  return { type, name, kind, title, width, isDataset, source, description, date, from, ...now };
}

async function toBlock(
  services: SnapshotServices,
  { notebook }: AnalyzedNotebook,
  block: Block,
  told: Told,
): Promise<Snapshot["blocks"][number]> {
  if (block.type === "prose") return { type: "prose", text: notebook.source.slice(block.span) };
  return toCell(services, block.cell, sourceOf(block.cell, notebook.source.text), told);
}

async function toCell(
  services: SnapshotServices,
  cell: Cell,
  source: string,
  { results, shown }: Told,
): Promise<SnapshotCell> {
  const last = results.cells.get(cell.name);
  const description = descriptionOf(cell);
  const options = optionsOf(cell);
  const width = readWidth(options["width"]);
  const head = {
    type: "cell" as const,
    name: cell.name,
    kind: cell.kind,
    title: titleOf(cell.name, options),
    ...(width === undefined ? {} : { width }),
    isDataset: isDataset(cell),
    source,
    outcome: last?.cell.outcome ?? "none",
    ...(description === undefined ? {} : { description }),
  };
  if (cell.kind === "chart") {
    const chart = await readChart(services.engine, cell, rowsOfSource(services, cell.from, results));
    return { ...head, from: cell.from.toLowerCase(), ...(chart === undefined ? {} : { chart }) };
  }
  if (cell.kind === "input") return { ...head, outcome: "none", value: controlValue(cell, shown) };
  if (last === undefined || last.cell.kind !== cell.kind) return { ...head, outcome: "none" };
  const { rows, reason, incremental, error } = last.cell;
  const page = await readFirstRows(services.engine, cell, (use) => useLastRows(services, last, use));
  return {
    ...head,
    date: last.run.date,
    ...(rows === undefined ? {} : { rows }),
    ...(reason === undefined ? {} : { reason: plainText(reason, services.workspace) }),
    ...(incremental === undefined
      ? {}
      : { increment: withoutRoot(describeIncrement(incremental), services.workspace) }),
    ...(error === undefined ? {} : { error: withoutRoot(error.message, services.workspace) }),
    ...((await isOutdated(cell, last)) ? { isOutdated: true } : {}),
    ...(page === undefined ? {} : { page }),
  };
}

async function isOutdated(cell: Cell, { run }: LastCell): Promise<boolean> {
  if (!isStep(cell)) return false;
  const then = (await notebookOf(run)).notebook.cells.find((candidate) => candidate.name === cell.name);
  return then?.kind !== cell.kind || then.sql.trim() !== cell.sql.trim();
}

function sourceOf(cell: Cell, text: string): string {
  return "sql" in cell ? cell.sql : text.slice(cell.bodySpan.start, cell.bodySpan.end);
}
