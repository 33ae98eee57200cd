import { dirname } from "node:path";
import { AppError, isAppError } from "../base/errors.js";
import { quoteIdentifier } from "../text/sql-names.js";
import type { BoundParameter, Column, CutValue, Engine, QueryScope, TaskControl } from "../engine/engine.js";
import { whileLeased } from "../lake/leases.js";
import type { Arrangement, PageCache } from "./page-cache.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";
import { shownColumn, type ShownColumn, type StoredRows } from "./stored-rows.js";

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  /** `column`, or `-column` or `column desc` for the greatest first; the first one counts most. */
  readonly sort: readonly string[];
  /**
   * `column:op:value`, `column:null`, `column:notnull`, or a text that any column contains, whatever its case.
   * All of them have to hold.
   */
  readonly filter: readonly string[];
}

export interface Page {
  readonly columns: readonly ShownColumn[];
  readonly rows: readonly (readonly unknown[])[];
  /** That the filter lets through. */
  readonly totalRows: number;
  /** Values of which only the beginning is here; absent where all are whole. */
  readonly cut?: readonly CutValue[];
}

/** One value of what a page shows. */
export interface ValueRequest extends Pick<PageRequest, "sort" | "filter"> {
  /** Counted from 0, in the order of `sort` and with `filter`. */
  readonly row: number;
  /** What readers call it. */
  readonly column: string;
}

/** What pages are read with. */
export interface PageServices {
  readonly engine: Engine;
  /** Without it each page of a sorted result sorts again. */
  readonly pages?: PageCache;
}

const TIMEOUT_MS = 60_000;
const RELATION = "result";
/** Fewer are sorted quickly enough each time. */
const MIN_CACHED_ROWS = 200_000;
/** A page that ends further in takes a full sort, and may wait for a copy that is nearly there. */
const MAX_TOP_ROWS = 5_000;

/** One page of stored rows. Fails with code usage for a column that does not exist or a value that does not fit it. */
export async function readPage(
  services: PageServices,
  stored: StoredRows,
  request: PageRequest,
  signal?: AbortSignal,
): Promise<Page> {
  const { columns, files } = stored;
  const sort = request.sort.map((text) => parseSort(text, columns));
  const filter = request.filter.map((text, index) => parseFilter(text, columns, `value${String(index)}`));
  if (files.length === 0) return { columns: columns.map(shownColumn), rows: [], totalRows: 0 };
  if (sort.length + filter.length === 0) return storedPage(services.engine, stored, request, signal);

  const arranged = arrange(stored, sort, filter);
  // A copy is written as DuckDB writes Parquet by default, which loses the other types.
  const canCopy = columns.every(
    ({ type, read }) => read === undefined && !/\b(GEOMETRY|VARIANT)\b/.test(type),
  );
  const isCached = canCopy && stored.rows >= MIN_CACHED_ROWS && request.limit > 0;
  const pages = isCached ? services.pages : undefined;
  const copied = await copiedPage(services.engine, pages, arranged, request, signal);
  if (copied !== undefined) return copied;
  const page = await computedPage(services, arranged, request, signal);
  pages?.prepare(arranged);
  return page;
}

/** Its one value is a BLOB: that of the row, or its text as UTF-8. Fails with code usage for a column that does not exist. */
export function valueQuery(
  stored: StoredRows,
  { row, column: name, sort, filter }: ValueRequest,
): Arrangement["task"] & { readonly isBinary: boolean } {
  const { columns, files } = stored;
  const column = findColumn(name, columns);
  if (column === undefined) throw unknownColumn(name, columns, "");
  if (files.length === 0) throw new AppError("not-found", `There is no row ${String(row)}.`);
  const conditions = filter.map((text, index) => parseFilter(text, columns, `value${String(index)}`));
  const orders = sort.map((text) => parseSort(text, columns));
  const { task, where, order } = arrange(stored, orders, conditions);
  const isBinary = column.type === "BLOB";
  const value = isBinary ? quoteIdentifier(column.name) : `encode(${asText(column)})`;
  const position = quoteIdentifier(freeName(columns));
  const found = `SELECT ${position} FROM ${RELATION}${where}${order}${rangeClause({ limit: 1, offset: row })}`;
  return {
    scope: task.scope,
    sql: `SELECT ${value} FROM ${RELATION} WHERE ${position} = (${found})`,
    isBinary,
  };
}

/** Everything that a query over stored rows sees. */
export function scopeOf(
  { files, columns }: StoredRows,
  parameters: readonly BoundParameter[] = [],
): QueryScope {
  const [first = ""] = files;
  const relation = { type: "files", name: RELATION, files, columns, position: freeName(columns) } as const;
  return { root: dirname(first), readable: [], relations: [relation], parameters, isImmutable: true };
}

interface ArrangedRows extends Arrangement {
  /** Empty where all rows are shown. */
  readonly where: string;
  /** Empty where they are shown in their own order. */
  readonly order: string;
}

/** Rows that are equal in what is sorted by keep their order, so that no row is on two pages or on none. */
function arrange(stored: StoredRows, sort: readonly string[], filter: readonly Condition[]): ArrangedRows {
  const parameters = filter.flatMap((condition) => condition.parameter ?? []);
  const where = filter.length === 0 ? "" : ` WHERE ${filter.map((condition) => condition.sql).join(" AND ")}`;
  const position = quoteIdentifier(freeName(stored.columns));
  const order = sort.length === 0 ? "" : ` ORDER BY ${[...sort, position].join(", ")}`;
  const sql = `${selectAll(stored)}${where}${order}`;
  return { source: stored, task: { scope: scopeOf(stored, parameters), sql }, where, order };
}

/** Undefined where there is no copy, or none that can be read. */
async function copiedPage(
  engine: Engine,
  pages: PageCache | undefined,
  arranged: ArrangedRows,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<Page | undefined> {
  const copy = isFarIn(request) ? await pages?.get(arranged, signal) : pages?.find(arranged);
  if (copy === undefined) return undefined;
  try {
    return await whileLeased(copy.lease, () => storedPage(engine, copy, request, signal));
  } catch (error) {
    if (isAppError(error, "cancelled")) throw error;
    pages?.forget(arranged);
    return undefined;
  }
}

async function storedPage(
  engine: Engine,
  stored: StoredRows,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const { columns, rows: totalRows } = stored;
  const task = { scope: scopeOf(stored), sql: selectAll(stored) };
  return { columns: columns.map(shownColumn), ...(await rangeOf(engine, task, request, signal)), totalRows };
}

async function computedPage(
  { engine, pages }: PageServices,
  arranged: ArrangedRows,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const { source, task, where, order } = arranged;
  const counting = { scope: task.scope, sql: `SELECT count(*) FROM ${RELATION}${where}` };
  const count = async (): Promise<number> => {
    const { rows } = await engine.query({ ...counting, limit: 1 }, control(signal));
    return Number(rows[0]?.[0] ?? 0);
  };
  try {
    const [range, totalRows] = await Promise.all([
      order !== "" && isFarIn(request)
        ? farRange(engine, arranged, request, signal)
        : rangeOf(engine, task, request, signal),
      where === "" ? source.rows : (pages?.count({ source, task: counting }, count) ?? count()),
    ]);
    return { columns: source.columns.map(shownColumn), ...range, totalRows };
  } catch (error) {
    if (!isAppError(error, "query") || where === "") throw error;
    throw new AppError("usage", `The filter does not fit: ${error.message}`, { cause: error });
  }
}

async function rangeOf(
  engine: Engine,
  { scope, sql }: Arrangement["task"],
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<ShownRows> {
  return showRows(engine, { scope, sql: `${sql}${rangeClause(request)}` }, request, signal);
}

type ShownRows = Pick<Page, "rows" | "cut">;

async function showRows(
  engine: Engine,
  task: Arrangement["task"],
  { limit }: PageRequest,
  signal: AbortSignal | undefined,
): Promise<ShownRows> {
  const shown = { ...task, limit, maxCharacters: SHOWN_CHARACTERS };
  const { rows, cut } = await engine.query(shown, control(signal));
  return { rows, ...(cut !== undefined && { cut }) };
}

/** Sorts no more than it has to: what is sorted by and the position, with which the rows are then found. */
async function farRange(
  engine: Engine,
  { source, task, where, order }: ArrangedRows,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<ShownRows> {
  const position = quoteIdentifier(freeName(source.columns));
  const positions = `SELECT ${position} FROM ${RELATION}${where}${order}${rangeClause(request)}`;
  const sql = `${selectAll(source)} WHERE ${position} IN (${positions})${order}`;
  return showRows(engine, { scope: task.scope, sql }, request, signal);
}

function rangeClause({ limit, offset }: Pick<PageRequest, "limit" | "offset">): string {
  return ` LIMIT ${String(limit)} OFFSET ${String(offset)}`;
}

function isFarIn({ offset, limit }: PageRequest): boolean {
  return offset + limit > MAX_TOP_ROWS;
}

function selectAll({ columns }: StoredRows): string {
  return `SELECT ${columns.map((column) => quoteIdentifier(column.name)).join(", ")} FROM ${RELATION}`;
}

function control(signal: AbortSignal | undefined): TaskControl {
  return { label: "rows", timeoutMs: TIMEOUT_MS, ...(signal !== undefined && { signal }) };
}

function freeName(columns: readonly Column[]): string {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  let name = "row position";
  while (taken.has(name)) name += "_";
  return name;
}

function parseSort(text: string, columns: readonly Column[]): string {
  const whole = findColumn(text, columns);
  if (whole !== undefined) return `${quoteIdentifier(whole.name)} ASC NULLS LAST`;
  const column = text.startsWith("-") ? findColumn(text.slice(1), columns) : undefined;
  if (column !== undefined) return `${quoteIdentifier(column.name)} DESC NULLS LAST`;
  const [, name = "", direction = ""] = /^(.+) (asc|desc)$/is.exec(text) ?? [];
  const named = findColumn(name, columns);
  if (named !== undefined) return `${quoteIdentifier(named.name)} ${direction.toUpperCase()} NULLS LAST`;
  throw unknownColumn(text.replace(/^-/, ""), columns, "Write column, -column or column desc. ");
}

function unknownColumn(name: string, columns: readonly Column[], how: string): AppError {
  return new AppError("usage", `Column "${name}" does not exist.`, {
    hint: `${how}The columns are ${columns.map((known) => known.name).join(", ")}.`,
  });
}

interface Condition {
  readonly sql: string;
  readonly parameter?: BoundParameter;
}

const comparisons = new Map([
  ["eq", "="],
  ["ne", "<>"],
  ["lt", "<"],
  ["le", "<="],
  ["gt", ">"],
  ["ge", ">="],
]);

/** What does not begin with a column and an operator is a text to look for. */
function parseFilter(text: string, columns: readonly Column[], parameterName: string): Condition {
  for (const column of columnsBefore(text, columns)) {
    const [op, value] = splitOnce(text.slice(column.name.length + 1));
    const condition = conditionOf(column, op, value, parameterName);
    if (condition !== undefined) return condition;
  }
  const value = `lower($${parameterName})`;
  const anywhere = columns.map((column) => `contains(lower(${asText(column)}), ${value})`);
  return {
    sql: anywhere.length === 0 ? "true" : `(${anywhere.join(" OR ")})`,
    parameter: textParameter(parameterName, text),
  };
}

function conditionOf(
  column: Column,
  op: string,
  value: string | undefined,
  parameterName: string,
): Condition | undefined {
  const name = quoteIdentifier(column.name);
  if (value === undefined) {
    if (op !== "null" && op !== "notnull") return undefined;
    return { sql: `${name} IS ${op === "null" ? "" : "NOT "}NULL` };
  }
  const parameter = textParameter(parameterName, value);
  const reference = `$${parameterName}`;
  if (op === "contains") return { sql: `contains(lower(${asText(column)}), lower(${reference}))`, parameter };
  if (op === "starts")
    return { sql: `starts_with(lower(${asText(column)}), lower(${reference}))`, parameter };
  const comparison = comparisons.get(op);
  if (comparison === undefined) return undefined;
  const isPlain = PLAIN_TYPE.test(column.type);
  const left = isPlain ? name : asText(column);
  return {
    sql: `${left} ${comparison} CAST(${reference} AS ${isPlain ? column.type : "VARCHAR"})`,
    parameter,
  };
}

/** Types that a value is compared as; the others are compared as the text that they are shown as. */
const PLAIN_TYPE =
  /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|DATE|TIME|TIMESTAMP(_NS)?|TIMESTAMP WITH TIME ZONE|UUID)$/;

function columnsBefore(text: string, columns: readonly Column[]): Column[] {
  return columns
    .filter((column) => text.toLowerCase().startsWith(`${column.name.toLowerCase()}:`))
    .sort((a, b) => b.name.length - a.name.length);
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf(":");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function findColumn(name: string, columns: readonly Column[]): Column | undefined {
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  );
}

function asText(column: Column): string {
  return `CAST(${quoteIdentifier(column.name)} AS VARCHAR)`;
}

function textParameter(name: string, value: string): BoundParameter {
  return { definition: { name, type: "string", isList: false }, value };
}
