import { ownValue } from "../base/own-value.js";
import { isAppError } from "../base/errors.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import { isStep } from "../notebook/cell-kinds.js";
import { descriptionOf, optionsOf } from "../notebook/kinds/kinds.js";
import { isDataset, type Block, type Cell, type ChartCell } from "../notebook/notebook.js";
import type { ParsedNotebook } from "../notebook/parse.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { chartRows } from "../rows/chart-data.js";
import { readPage } from "../rows/result-pages.js";
import type { ResultStore } from "../runs/result-store.js";
import type { RunManager } from "../runs/run-manager.js";
import { usePublishedRows, type StoredRows } from "../rows/stored-rows.js";
import { describeIncrement } from "../text/describe-increment.js";
import { readWidth, titleOf } from "../report/lay-out.js";
import { parseNotebookText } from "../workspace/notebook-files.js";
import type { Workspace } from "../workspace/workspace.js";
import { controlValue, newestRun, otherChoices, shownChoices, type Choices } from "./control-values.js";
import { readLastResults, useLastRows, type LastCell, type LastResults } from "./last-results.js";
import {
  chartSchema,
  snapshotSchema,
  type Snapshot,
  type SnapshotCell,
  type SnapshotChart,
  type SnapshotPage,
} from "./snapshot.js";
import { trimRows } from "./trim-rows.js";

/** Rows of each cell that go into a snapshot. */
export const SNAPSHOT_ROWS = 1000;

export interface SnapshotServices {
  readonly workspace: Workspace;
  /** Undefined where nothing was ever run. */
  readonly lake: Lake | undefined;
  /** Of `lake`. */
  readonly results: ResultStore | undefined;
  /** Reads stored Parquet; the notebook's SQL is parsed by it, and never run. */
  readonly engine: Engine;
  /** Of `lake`. */
  readonly manager?: Pick<RunManager, "forecast">;
}

/** What the notebook shows now: its text, and of each cell the rows that its last run left. Nothing is computed. */
export async function takeSnapshot(
  services: SnapshotServices,
  analyzed: AnalyzedNotebook,
): Promise<Snapshot> {
  const { notebook, graph } = analyzed;
  const results = await readLastResults(services.lake, notebook.name);
  const shown = shownChoices(analyzed, results);
  const stale = new Map([
    ...(await staleReasons(services, notebook.name, results, shown)),
    ...otherChoices(analyzed, results, shown),
  ]);
  const blocks = [];
  for (const block of notebook.blocks)
    blocks.push(withStale(await toBlock(services, analyzed, block, { results, shown }), stale));
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
    checks: results.checks
      .filter((check) => notebook.cells.some((cell) => cell.name === (check.cell ?? check.name)))
      .map((check) => ({ ...check, message: withoutRoot(check.message, services.workspace) })),
  });
}

/** What runs left, and what is chosen. */
interface Told {
  readonly results: LastResults;
  readonly shown: Choices;
}

/** Why rows are not what a run would give now, with the choices of the newest run: as the page says it. */
async function staleReasons(
  { manager, workspace }: SnapshotServices,
  notebook: string,
  results: LastResults,
  parameters: Choices,
): Promise<ReadonlyMap<string, string>> {
  const newest = newestRun(results);
  if (manager === undefined || newest === undefined) return new Map();
  try {
    const { date } = newest;
    const forecast = await manager.forecast({ notebook, mode: "run", date, parameters });
    return new Map(
      forecast.cells
        .filter(({ action, isVolatile }) => action === "run" && isVolatile !== true)
        .map(({ name, reason }) => [name, withoutRoot(reason, workspace)]),
    );
  } catch (error) {
    // A notebook that cannot run has its problems instead.
    if (isAppError(error)) return new Map();
    throw error;
  }
}

function withStale(
  block: Snapshot["blocks"][number],
  stale: ReadonlyMap<string, string>,
): Snapshot["blocks"][number] {
  if (block.type === "prose") return block;
  const name = block.kind === "chart" ? block.from : block.name;
  const reason = stale.get(name ?? "");
  const isShown = block.chart !== undefined || block.outcome === "succeeded" || block.outcome === "reused";
  return reason === undefined || !isShown ? block : { ...block, staleReason: reason };
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
    const chart = await readChart(services, cell, results);
    return { ...head, from: cell.from.toLowerCase(), ...(chart === undefined ? {} : { chart }) };
  }
  if (cell.kind === "input") return { ...head, outcome: "none", value: controlValue(cell, shown) };
  if (last === undefined || last.cell.kind !== cell.kind) return { ...head, outcome: "none" };
  const { rows, reason, incremental, error } = last.cell;
  const page = await readFirstRows(services, last);
  return {
    ...head,
    date: last.run.date,
    ...(rows === undefined ? {} : { rows }),
    ...(reason === undefined ? {} : { reason: withoutRoot(reason, services.workspace) }),
    ...(incremental === undefined
      ? {}
      : { increment: withoutRoot(describeIncrement(incremental), services.workspace) }),
    ...(error === undefined ? {} : { error: withoutRoot(error.message, services.workspace) }),
    ...((await isOutdated(cell, last)) ? { isOutdated: true } : {}),
    ...(page === undefined ? {} : { page: withFormats(page, cell) }),
  };
}

function withFormats(page: SnapshotPage, cell: Cell): SnapshotPage {
  const formats = cell.kind === "sql" ? (cell.options.format ?? {}) : {};
  const columns = page.columns.map((column) => {
    const format = ownValue(formats, column.name);
    return format === undefined ? column : { ...column, format };
  });
  return { ...page, columns };
}

/** A result that cannot be read any more is left out: the notebook is still worth reading. */
async function readFirstRows(
  { lake, results, engine }: SnapshotServices,
  last: LastCell,
): Promise<SnapshotPage | undefined> {
  if (lake === undefined) return undefined;
  try {
    const first = { offset: 0, limit: SNAPSHOT_ROWS, sort: [], filter: [] };
    const page = await useLastRows({ lake, results }, last, (stored) => readPage({ engine }, stored, first));
    if (page === undefined) return undefined;
    return { columns: [...page.columns], rows: trimRows(page.rows), totalRows: page.totalRows };
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

/** A chart that cannot be drawn from what is stored is shown as it is written. */
async function readChart(
  { lake, results, engine }: SnapshotServices,
  { from, options }: ChartCell,
  last: LastResults,
): Promise<SnapshotChart | undefined> {
  if (lake === undefined) return undefined;
  try {
    const chart = await useChartRows({ lake, results }, from, last, (stored) =>
      chartRows(engine, stored, options),
    );
    if (chart === undefined) return undefined;
    const { plot, columns, rows, caption } = chart;
    return chartSchema.parse({ plot, columns, rows: trimRows(rows), caption });
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

/** Of a cell, or of a dataset of the lake. */
async function useChartRows<T>(
  stores: { readonly lake: Lake; readonly results: ResultStore | undefined },
  from: string,
  { cells }: LastResults,
  use: (rows: StoredRows) => Promise<T>,
): Promise<T | undefined> {
  const [, schema, name = ""] = /^(?:(\w+|"[^"]+")\.)?(.*)$/s.exec(from.toLowerCase()) ?? [];
  if (schema !== undefined) {
    const runDate = schema === "lake" ? "latest" : schema.replaceAll('"', "");
    return usePublishedRows(stores.lake, runDate, name, use);
  }
  const last = cells.get(name);
  return last === undefined ? undefined : useLastRows(stores, last, use);
}

/** The notebook as it was when it ran: read once for all of its cells. */
const ranNotebooks = new WeakMap<LastCell["run"], Promise<ParsedNotebook>>();

async function isOutdated(cell: Cell, { run }: LastCell): Promise<boolean> {
  if (!isStep(cell)) return false;
  const parsing = ranNotebooks.get(run) ?? parseNotebookText(run.notebook, run.text);
  ranNotebooks.set(run, parsing);
  const then = (await parsing).notebook.cells.find((candidate) => candidate.name === cell.name);
  return then?.kind !== cell.kind || then.sql.trim() !== cell.sql.trim();
}

function sourceOf(cell: Cell, text: string): string {
  return "sql" in cell ? cell.sql : text.slice(cell.bodySpan.start, cell.bodySpan.end);
}

/** Where the workspace lies is nobody's business. */
function withoutRoot(text: string, { root }: Workspace): string {
  return text.replaceAll(`${root}/`, "").replaceAll(root, ".");
}
