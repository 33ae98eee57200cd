import { AppError, isAppError } from "../base/errors.js";
import type { Column, CutValue, Engine, TaskControl } from "../engine/engine.js";
import { toGroupValue, type Picked } from "../chart/picked.js";
import type { GroupFilter, RowFilter, RowOrder, RowPage, Selection } from "../engine/verbs.js";
import { whileLeased } from "../lake/leases.js";
import type { Arrangement, PageCache } from "./page-cache.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";
import { shownColumn, type ShownColumn, type StoredRows } from "./stored-rows.js";
import type { Tallies } from "./tallies.js";

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
  /** Rows of marks that were picked in charts; all of them have to hold. */
  readonly picked?: readonly Picked[];
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
export interface ValueRequest extends Pick<PageRequest, "sort" | "filter" | "picked"> {
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
  /** Without them all rows are looked at to count those that are picked. */
  readonly tallies?: Tallies;
}

const TIMEOUT_MS = 60_000;
/** Fewer are sorted quickly enough each time. */
const MIN_CACHED_ROWS = 200_000;
/** A page that ends further in takes longer, and may wait for a copy that is nearly there. */
const MAX_TOP_ROWS = 5_000;

/** One page of stored rows. Fails with code usage for a column that does not exist or a value that does not fit it. */
export async function readPage(
  services: PageServices,
  stored: StoredRows,
  request: PageRequest,
  signal?: AbortSignal,
): Promise<Page> {
  const { columns, files } = stored;
  const { where, order } = readSelection(request, columns);
  if (files.length === 0) return { columns: columns.map(shownColumn), rows: [], totalRows: 0 };
  if (where.length + order.length === 0) return storedPage(services.engine, stored, request, signal);

  const arranged: Arrangement = { source: stored, where, order };
  // What is picked changes with each move of the pointer, and would have a copy made each time.
  const isMoving = where.some((filter) => "by" in filter) && order.length === 0 && !isFarIn(request);
  const isCached =
    stored.rows >= MIN_CACHED_ROWS && !isMoving && request.limit > 0 && services.engine.isCopyExact(columns);
  const pages = isCached ? services.pages : undefined;
  const copied = await copiedPage(services.engine, pages, arranged, request, signal);
  if (copied !== undefined) return copied;
  const page = await computedPage(services, arranged, request, signal);
  pages?.prepare(arranged);
  return page;
}

/** What of the rows is shown, in which order. Fails with code usage for a column that does not exist. */
export function readSelection(
  { sort, filter, picked = [] }: Pick<PageRequest, "sort" | "filter" | "picked">,
  columns: readonly Column[],
): Pick<Selection, "where" | "order"> {
  const order = sort.map((text) => parseSort(text, columns));
  return {
    where: [...filter.map((text) => parseFilter(text, columns)), ...readPicked(picked, columns)],
    order,
  };
}

/** Fails with code usage for a column that does not exist. */
export function readPicked(picked: readonly Picked[], columns: readonly Column[]): GroupFilter[] {
  return picked.map(({ by, ...rows }) => {
    const values = by.map((group) => toGroupValue(group, requireColumn(group.column, columns)));
    return "groups" in rows ? { op: "groups", by: values, ...rows } : { op: "ranges", by: values, ...rows };
  });
}

/** The stored column that readers call so. Fails with code usage where there is none. */
export function requireColumn(name: string, columns: readonly Column[]): Column {
  const column = findColumn(name, columns);
  if (column === undefined) throw unknownColumn(name, columns, "");
  return column;
}

/** Undefined where there is no copy, or none that can be read. */
async function copiedPage(
  engine: Engine,
  pages: PageCache | undefined,
  arranged: Arrangement,
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
  const page = await rangeOf(engine, { source: stored, where: [], order: [] }, request, signal);
  return { columns: stored.columns.map(shownColumn), ...page, totalRows: stored.rows };
}

async function computedPage(
  { engine, pages, tallies }: PageServices,
  arranged: Arrangement,
  request: PageRequest,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const { source, where } = arranged;
  const counted = { source, where, order: [] };
  const groups = where.filter((filter) => "by" in filter);
  const count = async (): Promise<number> => {
    const tallied = groups.length < where.length ? undefined : await tallies?.count(source, groups, signal);
    return tallied ?? engine.count({ table: source, where, order: [] }, control(signal));
  };
  try {
    const [range, totalRows] = await Promise.all([
      rangeOf(engine, arranged, request, signal),
      where.length === 0 ? source.rows : (pages?.count(counted, count) ?? count()),
    ]);
    return { columns: source.columns.map(shownColumn), ...range, totalRows };
  } catch (error) {
    if (where.length === 0) throw error;
    throw asUnfit(error);
  }
}

/** What the engine says of rows that are filtered by values which their columns cannot have. */
export function asUnfit(error: unknown): unknown {
  if (!isAppError(error, "query")) return error;
  return new AppError("usage", `The filter does not fit: ${error.message}`, {
    cause: error,
    details: { filter: true },
  });
}

function rangeOf(
  engine: Engine,
  { source: table, where, order }: Arrangement,
  { offset, limit }: PageRequest,
  signal: AbortSignal | undefined,
): Promise<RowPage> {
  if (limit === 0) return Promise.resolve({ rows: [] });
  const task = { table, where, order, offset, limit, maxCharacters: SHOWN_CHARACTERS };
  return engine.page(task, control(signal));
}

function isFarIn({ offset, limit }: PageRequest): boolean {
  return offset + limit > MAX_TOP_ROWS;
}

function control(signal: AbortSignal | undefined): TaskControl {
  return { label: "rows", timeoutMs: TIMEOUT_MS, ...(signal !== undefined && { signal }) };
}

function parseSort(text: string, columns: readonly Column[]): RowOrder {
  const whole = findColumn(text, columns);
  if (whole !== undefined) return { column: whole.name, isDescending: false };
  const column = text.startsWith("-") ? findColumn(text.slice(1), columns) : undefined;
  if (column !== undefined) return { column: column.name, isDescending: true };
  const [, name = "", direction = ""] = /^(.+) (asc|desc)$/is.exec(text) ?? [];
  const named = findColumn(name, columns);
  if (named !== undefined) return { column: named.name, isDescending: direction.toLowerCase() === "desc" };
  throw unknownColumn(text.replace(/^-/, ""), columns, "Write column, -column or column desc. ");
}

function unknownColumn(name: string, columns: readonly Column[], how: string): AppError {
  return new AppError("usage", `Column "${name}" does not exist.`, {
    details: { column: name },
    hint: `${how}The columns are ${columns.map((known) => known.name).join(", ")}.`,
  });
}

const valueOps = new Set(["eq", "ne", "lt", "le", "gt", "ge", "contains", "starts"] as const);
type ValueOp = typeof valueOps extends Set<infer Op> ? Op : never;

/** What does not begin with a column and an operator is a text to look for. */
function parseFilter(text: string, columns: readonly Column[]): RowFilter {
  for (const { name: column } of columnsBefore(text, columns)) {
    const [op, value] = splitOnce(text.slice(column.length + 1));
    if (value === undefined && (op === "null" || op === "notnull")) return { op, column };
    if (value !== undefined && isValueOp(op)) return { op, column, value };
  }
  return { op: "anywhere", value: text };
}

function isValueOp(op: string): op is ValueOp {
  return valueOps.has(op as ValueOp);
}

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
