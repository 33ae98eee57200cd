import { AppError, isAppError } from "../base/errors.js";
import { BoundedCache } from "../base/bounded-cache.js";
import { findExcess, finishRows, type QueriedRows } from "../chart/chart-rows.js";
import { colorKeys } from "../chart/chart-legend.js";
import { learnExtent, type ChartFacts } from "../chart/chart-facts.js";
import { POINT_BUDGET } from "../chart/chart-limits.js";
import type { AggregateQuery } from "../chart/chart-query.js";
import type { ChartRelation } from "../chart/chart-case.js";
import { compileChart, type CompiledChart } from "../chart/compile-chart.js";
import type { ChartColumn } from "../chart/chart-column.js";
import { groupedChannels, type GroupedChannel, type Picked } from "../chart/picked.js";
import type { PlotChannel, PlotDescription } from "../chart/plot-description.js";
import type { Column, Engine } from "../engine/engine.js";
import type { GroupFilter } from "../engine/verbs.js";
import type { ChartOptions } from "../notebook/chart-options.js";
import type { Notebook } from "../notebook/notebook.js";
import { parseNotebook } from "../notebook/parse.js";
import { labelsOf } from "../engine/type-names.js";
import { locate } from "../base/diagnostic.js";
import { asUnfit, readPicked } from "./result-pages.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";
import {
  useCellRows,
  usePublishedRows,
  type RowsOfRun,
  type RowsRequest,
  type RowsServices,
  type StoredRows,
} from "./stored-rows.js";
import type { Tallies } from "./tallies.js";

/** What a chart is of, and how it is drawn. */
export interface ChartSource {
  /** A cell, or a dataset of the lake: `lake.orders`, `"2026-10-01".orders`. */
  readonly from: string;
  readonly options: ChartOptions;
}

export interface ChartData {
  readonly plot: PlotDescription;
  /** Named by the channels of the plot. */
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  /** Over the relation `result`, which has the rows of the cell. */
  readonly sql: string;
  /** What is not drawn, or drawn otherwise than it stands in the rows; and the caption that the chart has itself. */
  readonly caption: string;
  /** Of the cell. */
  readonly totalRows: number;
  /** What its points are groups of; absent where a point cannot be told from others. */
  readonly groupedBy?: readonly GroupedChannel[];
  /** The names that have a colour in the whole chart, where only rows that were picked elsewhere are drawn. */
  readonly colorKeys?: readonly string[];
  /** Absent for a dataset of the lake. */
  readonly run?: string;
}

interface Asked {
  /** Marks that were picked in other charts of the same rows. */
  readonly picked?: readonly Picked[];
  /** Without them each filter looks at all rows. */
  readonly tallies?: Tallies;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 60_000;
/** Two for the extent, twice, and one for each kind of excess. */
const MOST_QUERIES = 9;

/** Fails with code not-found where the cell has no rows yet, and usage where the chart does not fit its columns. */
export async function readChart(
  services: RowsServices & Pick<Asked, "tallies">,
  notebook: string,
  source: ChartSource,
  request: Pick<RowsRequest, "run" | "result"> & Asked,
): Promise<ChartData> {
  return useRows(services, notebook, source.from, request, async ({ run, ...stored }) => ({
    ...(await chartRows(services.engine, stored, source.options, { ...services, ...request })),
    ...(run !== undefined && { run }),
  }));
}

/** A chart of all rows, of which those that are picked elsewhere only give the points. */
interface WholeChart {
  readonly chart: CompiledChart;
  readonly facts: ChartFacts;
  readonly groupedBy?: readonly GroupedChannel[];
  readonly colorKeys?: readonly string[];
}

const wholeCharts = new BoundedCache<WholeChart>(500, 1_000_000);

/** The chart of stored rows. */
export async function chartRows(
  engine: Engine,
  stored: StoredRows,
  options: ChartOptions,
  { picked = [], tallies, signal }: Asked = {},
): Promise<ChartData> {
  const relation = relationOf(stored);
  const where = readPicked(picked, stored.columns);
  const ask = (query: AggregateQuery, limit: number, only: readonly GroupFilter[]): Promise<QueriedRows> =>
    engine.aggregate(
      { table: stored, query, where: only, limit, maxCharacters: SHOWN_CHARACTERS },
      { label: "chart", timeoutMs: TIMEOUT_MS, ...(signal !== undefined && { signal }) },
    );
  const points = async (chart: CompiledChart, only: readonly GroupFilter[]): Promise<QueriedRows> => {
    if (relation.rows === 0) return nothing(engine, chart);
    const tallied = await tallies?.points(stored, chart.query, only, signal);
    return tallied ?? ask(chart.query, POINT_BUDGET + 1, only);
  };

  const key = JSON.stringify([stored.key, options]);
  const known = where.length === 0 ? undefined : wholeCharts.get(key);
  const found =
    known === undefined
      ? await findWhole(options, relation, { points, extent: (query) => ask(query, 1, []) })
      : { whole: known, queried: undefined };
  const { chart, facts, groupedBy, colorKeys: allColors } = found.whole;
  wholeCharts.set(key, found.whole);
  const queried =
    where.length === 0 && found.queried !== undefined
      ? found.queried
      : await points(chart, where).catch((error: unknown) => {
          throw where.length === 0 ? error : asUnfit(error);
        });
  const { columns, rows, notes } = finishRows(chart, queried, relation, facts);
  return {
    plot: withLabels(chart.plot, columns),
    columns,
    rows,
    sql: engine.aggregateSql(chart.query, where),
    caption: [...(options.caption === undefined ? [] : [options.caption]), ...notes].join(" "),
    totalRows: stored.rows,
    ...(groupedBy !== undefined && { groupedBy }),
    ...(where.length > 0 && allColors !== undefined && { colorKeys: allColors }),
  };
}

interface WholeQueries {
  readonly points: (chart: CompiledChart, only: readonly GroupFilter[]) => Promise<QueriedRows>;
  readonly extent: (query: AggregateQuery) => Promise<QueriedRows>;
}

/** Compiles again with what was found, until nothing is too much. */
async function findWhole(
  options: ChartOptions,
  relation: ChartRelation,
  { points, extent }: WholeQueries,
): Promise<{ readonly whole: WholeChart; readonly queried: QueriedRows }> {
  let facts: ChartFacts = {};
  for (let queries = 0; queries < MOST_QUERIES; queries++) {
    const step = compileChart(options, relation, facts);
    if (step.type === "problem")
      throw new AppError("usage", step.problem.message, withHint(step.problem.hint));
    if (step.type === "extent") {
      facts = learnExtent(facts, firstRow(await extent(step.query)));
      continue;
    }
    const { chart } = step;
    const queried = await points(chart, []);
    const excess = findExcess(chart, queried, facts);
    if (excess === undefined) {
      const groupedBy = groupedChannels(chart, queried.columns, queried.rows);
      const names = namesInColor(chart, finishRows(chart, queried, relation, facts));
      const whole = {
        ...{ chart, facts },
        ...(groupedBy !== undefined && { groupedBy }),
        ...(names !== undefined && { colorKeys: names }),
      };
      return { whole, queried };
    }
    facts = excess;
  }
  throw new Error("unreachable: each query adds a fact, and there are few");
}

function namesInColor(
  { plot }: CompiledChart,
  { columns, rows }: Pick<QueriedRows, "columns" | "rows">,
): readonly string[] | undefined {
  const { color } = plot.channels;
  if (color === undefined || color.scale === "quantitative") return undefined;
  return colorKeys({ plot: withLabels(plot, columns), columns, rows });
}

function relationOf({ columns, files, rows }: StoredRows): ChartRelation {
  return { columns, rows: files.length === 0 ? 0 : rows };
}

/** Longer lists are no order that anybody knows, and travel with each chart. */
const MOST_LABELS = 1000;

/** With the order that values of an ENUM have. */
function withLabels(plot: PlotDescription, columns: readonly ChartColumn[]): PlotDescription {
  const channels: Partial<Record<string, PlotChannel>> = { ...plot.channels };
  for (const { name, type } of columns) {
    const [channel, labels] = [channels[name], labelsOf(type)];
    if (channel !== undefined && labels !== undefined && labels.length <= MOST_LABELS)
      channels[name] = { ...channel, labels };
  }
  return { ...plot, channels };
}

/** A chart that is not in a file, read by the rules of the file. */
export function parseDraftChart(from: string, chart: Readonly<Record<string, unknown>>): ChartSource {
  // JSON is YAML; only the first key is looked for as text.
  const options = Object.entries({ ...chart, from }).filter(([key]) => key !== "chart");
  const lines = options.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const { notebook, diagnostics } = parseNotebook(
    "draft",
    "draft",
    ["```yaml", "chart: draft", ...lines, "```", ""].join("\n"),
  );
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [cell] = notebook.cells;
  const [first] = errors;
  if (first !== undefined || cell?.kind !== "chart")
    throw new AppError("usage", first?.message ?? "This is no chart.", {
      ...withHint(first?.hint),
      diagnostics: errors.map((error) => locate(error, notebook.source)),
    });
  return { from: cell.from, options: cell.options };
}

/** Fails with code not-found for what is no chart of the notebook. */
export function findChart({ cells }: Notebook, name: string): ChartSource {
  const cell = cells.find((candidate) => candidate.kind === "chart" && candidate.name === name);
  if (cell?.kind !== "chart") throw new AppError("not-found", `The notebook has no chart "${name}".`);
  return cell;
}

async function useRows<T>(
  services: RowsServices,
  notebook: string,
  from: string,
  { run, result }: Pick<RowsRequest, "run" | "result">,
  use: (rows: StoredRows & Partial<RowsOfRun>) => Promise<T>,
): Promise<T> {
  const [, schema, name = ""] = /^(?:(\w+|"[^"]+")\.)?(.*)$/s.exec(from) ?? [];
  if (schema !== undefined) {
    const date = schema.replaceAll('"', "");
    const runDate = date.toLowerCase() === "lake" ? "latest" : date;
    return usePublishedRows(services.lake, runDate, name.toLowerCase(), use);
  }
  try {
    return await useCellRows(services, { notebook, cell: name.toLowerCase(), run, result }, use);
  } catch (error) {
    if (!isAppError(error, "not-found")) throw error;
    throw new AppError("not-found", error.message, {
      hint: `Run "${from}" first.`,
      details: { cell: from },
      cause: error,
    });
  }
}

function nothing(engine: Engine, { plot }: CompiledChart): QueriedRows {
  const names = Object.keys(plot.channels);
  return { columns: names.map((name) => engine.toColumn({ name, kind: "text" })), rows: [] };
}

function firstRow({ columns, rows }: QueriedRows): Readonly<Record<string, unknown>> {
  return Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]?.[index]]));
}

function withHint(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}
