import { freeName } from "../../../text/free-name.js";
import { dirname } from "node:path";
import { quoteIdentifier } from "../../../text/sql-names.js";
import type {
  BoundParameter,
  Column,
  ExplainTask,
  QueryScope,
  QueryTask,
  StoredColumn,
} from "../../engine.js";
import { rowHash } from "../row-hash.js";
import { filterSql } from "./filter-sql.js";
import type {
  ColumnsHashTask,
  PageTask,
  RowFilter,
  RowOrder,
  Selection,
  StoredTable,
  ValueTask,
} from "../../verbs.js";

/** What stored rows are called in the queries over them. */
export const RELATION = "result";
/** A page that ends further in takes a full sort. */
const MAX_TOP_ROWS = 5_000;

/** Everything that a query over stored rows sees. */
export function scopeOf(
  { files, columns }: StoredTable,
  parameters: readonly BoundParameter[] = [],
): QueryScope {
  const [first = ""] = files;
  const relation = {
    type: "files",
    name: RELATION,
    files,
    columns,
    position: positionName(columns),
  } as const;
  return { root: dirname(first), readable: [], relations: [relation], parameters, isImmutable: true };
}

export function tableQuery(table: StoredTable): ExplainTask {
  return { scope: scopeOf(table), sql: selectAll(table) };
}

export function selectionQuery(selection: Selection): ExplainTask {
  const { scope, where, order } = arrange(selection);
  return { scope, sql: `${selectAll(selection.table)}${where}${order}` };
}

/** Parquet as it is written by default has no word for some types. */
export function isCopyExact(columns: readonly StoredColumn[]): boolean {
  return columns.every(({ type, read }) => read === undefined && !/\b(GEOMETRY|VARIANT)\b/.test(type));
}

export function columnsHashQuery({ table, columns, isOrdered }: ColumnsHashTask): QueryTask {
  const position = { name: positionName(table.columns), type: "BIGINT", kind: "integer" } as const;
  const hashed = isOrdered ? [...columns, position] : columns;
  const sum = hashed.length === 0 ? "0" : `sum(${rowHash(hashed)})`;
  return { scope: scopeOf(table), sql: `SELECT count(*), ${sum} FROM ${RELATION}`, limit: 1 };
}

export function countQuery(selection: Selection): QueryTask {
  const { scope, where } = arrange(selection);
  return { scope, sql: `SELECT count(*) FROM ${RELATION}${where}`, limit: 1 };
}

/** A page far in sorts no more than it has to: what is sorted by and the position, with which the rows are then found. */
export function pageQuery(task: PageTask): QueryTask {
  const { table, offset, limit, maxCharacters } = task;
  const { scope, where, order, position } = arrange(task);
  const range = rangeClause(limit, offset);
  const isFarIn = order !== "" && offset + limit > MAX_TOP_ROWS;
  const some = `${where}${order}${range}`;
  const found = `SELECT ${position} FROM ${RELATION}${some}`;
  const sql = `${selectAll(table)}${isFarIn ? ` WHERE ${position} IN (${found})${order}` : some}`;
  return { scope, sql, limit, maxCharacters };
}

/** Its one value is a BLOB: that of the row, or its text as UTF-8. */
export function valueQuery(task: ValueTask): ExplainTask & { readonly isBinary: boolean } {
  const { scope, where, order, position } = arrange(task);
  const column = columnOf(task.table, task.column);
  const isBinary = column.type === "BLOB";
  const value = isBinary ? quoteIdentifier(column.name) : `encode(${asText(column)})`;
  const found = `SELECT ${position} FROM ${RELATION}${where}${order}${rangeClause(1, task.row)}`;
  return { scope, sql: `SELECT ${value} FROM ${RELATION} WHERE ${position} = (${found})`, isBinary };
}

interface Clauses {
  readonly scope: QueryScope;
  /** Empty where all rows are meant. */
  readonly where: string;
  /** Empty where they have their own order. */
  readonly order: string;
  readonly position: string;
}

function arrange({ table, where, order }: Selection): Clauses {
  const conditions = where.map((filter, index) => conditionOf(filter, table, `value${String(index)}`));
  const parameters = conditions.flatMap((condition) => condition.parameters);
  const position = quoteIdentifier(positionName(table.columns));
  const by = [...order.map(orderSql), position].join(", ");
  return {
    scope: scopeOf(table, parameters),
    where: conditions.length === 0 ? "" : ` WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`,
    order: order.length === 0 ? "" : ` ORDER BY ${by}`,
    position,
  };
}

function orderSql({ column, isDescending }: RowOrder): string {
  return `${quoteIdentifier(column)} ${isDescending ? "DESC" : "ASC"} NULLS LAST`;
}

function rangeClause(limit: number, offset: number): string {
  return ` LIMIT ${String(limit)} OFFSET ${String(offset)}`;
}

function selectAll({ columns }: StoredTable): string {
  return `SELECT ${columns.map((column) => quoteIdentifier(column.name)).join(", ")} FROM ${RELATION}`;
}

function positionName(columns: readonly Column[]): string {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  return freeName("row position", (name) => taken.has(name));
}

/** The value is bound, so that one text serves all of them. */
function conditionOf(filter: RowFilter, table: StoredTable, name: string): Condition {
  const values: string[] = [];
  const text = (value: string): string => {
    values.push(value);
    return `$${name}`;
  };
  const sql = filterSql(filter, table.columns, { name: quoteIdentifier, text });
  return { sql, parameters: values.map((value) => textParameter(name, value)) };
}

interface Condition {
  readonly sql: string;
  readonly parameters: readonly BoundParameter[];
}

function columnOf({ columns }: StoredTable, name: string): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`unreachable: no column "${name}"`);
  return column;
}

function asText(column: Column): string {
  return `CAST(${quoteIdentifier(column.name)} AS VARCHAR)`;
}

function textParameter(name: string, value: string): BoundParameter {
  return { definition: { name, type: "string", isList: false }, value };
}
