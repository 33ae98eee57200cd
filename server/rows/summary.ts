import { dirname } from "node:path";
import { AppError } from "../base/errors.js";
import type { ChartGrain } from "../notebook/chart-options.js";
import type { Column, Engine, QueryResult, QueryScope, TaskControl } from "../engine/engine.js";
import type {
  Pivot,
  SummarizedRows,
  SummaryAggregate,
  SummaryGroup,
  SummaryMeasure,
} from "../engine/summary.js";
import { readSelection, requireColumn, type PageRequest } from "./result-pages.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";
import type { StoredRows } from "./stored-rows.js";

interface AskedGroup {
  readonly column: string;
  readonly grain?: ChartGrain | undefined;
}

interface AskedMeasure {
  readonly aggregate: SummaryAggregate;
  readonly column?: string | undefined;
}

/** Columns by what readers call them. */
export interface SummaryRequest extends Pick<PageRequest, "filter" | "picked"> {
  readonly groupBy: readonly AskedGroup[];
  readonly pivot?: (AskedGroup & { readonly most: number; readonly rest: boolean }) | undefined;
  readonly measures: readonly AskedMeasure[];
  /** Rows that are wanted. */
  readonly limit: number;
}

export interface Summary extends QueryResult {
  /** The query of a cell that has these rows, and those beyond the limit. */
  readonly sql: string;
  /** How many values the column has that became columns, and how many did. */
  readonly pivot?: { readonly values: number; readonly shown: number };
}

const TIMEOUT_MS = 60_000;

/** Fails with code usage for a column that does not exist, or what cannot be summed up so. */
export async function summarize(
  engine: Engine,
  relation: string,
  stored: StoredRows,
  { groupBy, pivot, measures, limit, ...arranged }: SummaryRequest,
  signal?: AbortSignal,
): Promise<Summary> {
  const { columns } = stored;
  const { where } = readSelection({ ...arranged, sort: [] }, columns);
  const rows: SummarizedRows = { relation, columns, where };
  const scope = scopeOf(relation, stored);
  const control: TaskControl = {
    label: "summary",
    timeoutMs: TIMEOUT_MS,
    ...(signal !== undefined && { signal }),
  };
  const toGroup = ({ column, grain }: AskedGroup): SummaryGroup => readGroup(column, grain, columns);

  const found =
    pivot === undefined
      ? undefined
      : await findValues(engine, { ...rows, group: toGroup(pivot), most: pivot.most }, scope, control);
  const sql = engine.summarySql({
    ...rows,
    groupBy: withoutTwins(groupBy.map(toGroup)),
    measures: measures.map((measure) => readMeasure(measure, columns)),
    pivot: found && {
      ...found.pivot,
      hasRest: pivot?.rest === true || found.total > found.pivot.values.length,
    },
  });
  const result = await engine.query({ scope, sql, limit, maxCharacters: SHOWN_CHARACTERS }, control);
  return {
    ...result,
    sql,
    ...(found && { pivot: { values: found.total, shown: found.pivot.values.length } }),
  };
}

async function findValues(
  engine: Engine,
  query: Parameters<Engine["pivotValuesSql"]>[0],
  scope: QueryScope,
  control: TaskControl,
): Promise<{ readonly pivot: Omit<Pivot, "hasRest">; readonly total: number }> {
  const { rows } = await engine.query(
    { scope, sql: engine.pivotValuesSql(query), limit: query.most },
    control,
  );
  const values = rows.map(([value]) => (value === null ? null : (value as string)));
  return { pivot: { ...query.group, values }, total: Number(rows[0]?.[1] ?? 0) };
}

function scopeOf(name: string, { files, columns }: StoredRows): QueryScope {
  return {
    root: dirname(files[0] ?? ""),
    readable: [],
    relations: [{ type: "files", name, files, columns }],
    parameters: [],
    isImmutable: true,
  };
}

function readGroup(name: string, grain: ChartGrain | undefined, columns: readonly Column[]): SummaryGroup {
  const column = requireColumn(name, columns);
  if (grain !== undefined && column.kind !== "date" && column.kind !== "timestamp")
    throw new AppError("usage", `Column "${name}" has no dates, so that it has no ${grain}.`);
  return { column, grain };
}

/** The engine would take a column for the other of its name. */
function withoutTwins(groups: readonly SummaryGroup[]): readonly SummaryGroup[] {
  const names = groups.map(({ column, grain }) => JSON.stringify([column.name, grain]));
  if (new Set(names).size < groups.length) throw new AppError("usage", "A column is there twice.");
  return groups;
}

function readMeasure({ aggregate, column }: AskedMeasure, columns: readonly Column[]): SummaryMeasure {
  if (column !== undefined) return { aggregate, column: requireColumn(column, columns) };
  if (aggregate !== "count") throw new AppError("usage", `"${aggregate}" needs a column.`);
  return { aggregate };
}
