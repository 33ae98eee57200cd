import type { Column, CutValue, QueryResult, QueryTask } from "../../engine.js";
import { messageOf } from "../../../base/errors.js";
import { quoteIdentifier } from "../../../text/sql-names.js";
import { castColumn, shapeOf } from "./materialize-columns.js";
import { shownNames } from "./materialize-names.js";
import { wrapQuery } from "../scope-sql.js";
import { describeTable } from "../worker/tasks-describe.js";
import { TaskError } from "../tasks-error.js";
import { withScope } from "../worker/tasks-scope.js";
import type { ScopedInstance, TaskContext } from "../worker/tasks-scope.js";
import { contains, isNameless } from "../worker/types.js";
import type { WorkerInstance } from "../worker/worker-instance.js";

const MAX_PAGE_BYTES = 32 * 1024 ** 2;
const RESULT = '"lakebook page"';
/** What DuckDB says to rows with values such as `row(1, 2)`. */
const NO_TABLE = "A table cannot be created from an unnamed struct";

/** Computes one page. The query is bound and run once, into a table; then its values are turned into JSON. */
export function runQueryTask(task: QueryTask, context: TaskContext): Promise<QueryResult> {
  return withScope(context, task.scope, {}, async (scoped) => {
    await scoped.makeTablesForPivot(task.sql);
    const { columns, ...page } = await answerQuery(scoped, task);
    const names = await shownNames(scoped, task.sql, columns);
    return {
      ...page,
      columns: columns.map((column, index) => ({ ...column, name: names[index] ?? "" })),
    };
  });
}

export type PageQuery = Pick<QueryTask, "sql" | "limit" | "offset" | "maxCharacters">;

/** The same where the relations are there already; columns are called as the engine calls them. */
export async function answerQuery(scoped: ScopedInstance, task: PageQuery): Promise<QueryResult> {
  const columns = await computePage(scoped, task);
  const page = await readPage(scoped, columns, task);
  await scoped.instance.runOwn(`DROP TABLE ${RESULT}`);
  return { ...page, columns };
}

async function computePage(scoped: ScopedInstance, task: PageQuery): Promise<readonly Column[]> {
  const { instance } = scoped;
  const limits = `\nLIMIT ${task.limit + 1} OFFSET ${task.offset ?? 0}`;
  try {
    await scoped.run(wrapQuery(`CREATE TEMP TABLE ${RESULT} AS `, scoped.embed(task.sql), limits));
    return await describeTable(instance, RESULT);
  } catch (error) {
    if (!messageOf(error).includes(NO_TABLE)) throw error;
  }
  const { columns, types } = await shapeOf(scoped, task.sql);
  const targets = types.map((type) => (contains(type, isNameless) ? "VARCHAR" : undefined));
  const selectList = columns.map((column, index) => castColumn(column, targets[index])).join(", ");
  const create = `CREATE TEMP TABLE ${RESULT} AS SELECT ${selectList} FROM (`;
  await scoped.run(wrapQuery(create, scoped.embed(task.sql), `)${limits}`));
  return columns;
}

async function readPage(
  { instance }: ScopedInstance,
  columns: readonly Column[],
  { limit, maxCharacters }: PageQuery,
): Promise<Omit<QueryResult, "columns">> {
  const long = await requireShowable(instance, columns, maxCharacters);
  const values = columns.map((column) =>
    jsonExpression(column, long.has(column) ? maxCharacters : undefined),
  );
  const lengths = columns.flatMap((column) => (long.has(column) ? [cutLength(column, maxCharacters)] : []));
  const read = await instance.runOwn(`SELECT ${[...values, ...lengths].join(", ")} FROM ${RESULT}`);
  const rows = await read.getRowsJson();
  writeDoubles(columns, rows);
  const kept = rows.slice(0, limit);
  const longAt = columns.flatMap((column, index) => (long.has(column) ? [index] : []));
  const cut = kept.flatMap((row, index) => findCut(row, index, longAt, columns.length));
  return {
    rows: longAt.length === 0 ? kept : kept.map((row) => row.slice(0, columns.length)),
    truncated: rows.length > limit,
    ...(cut.length > 0 && { cut }),
  };
}

/** Behind the values stand the true lengths of those that were cut, of each column that has some. */
function findCut(
  values: readonly unknown[],
  row: number,
  longAt: readonly number[],
  width: number,
): CutValue[] {
  return longAt.flatMap((column, index) => {
    const length = values[width + index];
    return typeof length === "string" ? [{ row, column, length: Number(length) }] : [];
  });
}

/** JSON has no form for some doubles: they become what SQL writes, as a FLOAT does. */
function writeDoubles(columns: readonly Column[], rows: readonly unknown[][]): void {
  const doubles = columns.flatMap(({ type }, index) => (type === "DOUBLE" ? [index] : []));
  for (const row of rows) for (const index of doubles) row[index] = writeDouble(row[index]);
}

function writeDouble(value: unknown): unknown {
  if (typeof value === "string") return value.replace("Infinity", "inf").toLowerCase();
  return Object.is(value, -0) ? "-0.0" : value;
}

/**
 * All of a page passes through memory here, in the server and in the browser. Returns the columns that have values which
 * are to be cut.
 */
async function requireShowable(
  instance: WorkerInstance,
  columns: readonly Column[],
  maxCharacters: number | undefined,
): Promise<ReadonlySet<Column>> {
  const texts = columns.filter((column) => !PLAIN_TYPES.has(column.type));
  if (texts.length === 0) return new Set();
  const lengths = texts.map((column) => `coalesce(sum(strlen(${jsonExpression(column, maxCharacters)})), 0)`);
  const longest = texts.map((column) =>
    maxCharacters === undefined ? "false" : `count(${cutLength(column, maxCharacters)}) > 0`,
  );
  const measured = await instance.runOwn(
    `SELECT list_sum([${lengths.join(", ")}]), [${longest.join(", ")}] FROM ${RESULT}`,
  );
  const [[bytes, areLong] = []] = await measured.getRowsJson();
  if (Number(bytes) <= MAX_PAGE_BYTES)
    return new Set(texts.filter((_, index) => Array.isArray(areLong) && areLong[index] === true));
  const size = `${Math.round(Number(bytes) / 1e6)} MB`;
  throw new TaskError(
    "query",
    `The page is too big to show: ${size} of text`,
    "Shorten long texts, e.g. left(x, 1000)",
  );
}

/** JSON holds these as they are; everything else travels as the text that DuckDB itself shows. */
const PLAIN_TYPES = new Set([
  "BOOLEAN",
  "TINYINT",
  "SMALLINT",
  "INTEGER",
  "UTINYINT",
  "USMALLINT",
  "UINTEGER",
  "DOUBLE",
]);

/** Cut by the engine, so that the whole never leaves it, at a code point. */
function jsonExpression(column: Column, maxCharacters: number | undefined): string {
  const name = quoteIdentifier(column.name);
  if (PLAIN_TYPES.has(column.type)) return name;
  if (maxCharacters === undefined) return `CAST(${name} AS VARCHAR)`;
  if (column.type === "BLOB") return `CAST(array_slice(${name}, 1, ${bytesOf(maxCharacters)}) AS VARCHAR)`;
  return `left(CAST(${name} AS VARCHAR), ${maxCharacters})`;
}

/** The true length where a value is cut, otherwise NULL. */
function cutLength(column: Column, maxCharacters = Infinity): string {
  const name = quoteIdentifier(column.name);
  const [length, most] =
    column.type === "BLOB"
      ? [`octet_length(${name})`, bytesOf(maxCharacters)]
      : [`length(CAST(${name} AS VARCHAR))`, maxCharacters];
  return `CASE WHEN ${length} > ${most} THEN ${length} END`;
}

/** A byte is shown in up to four characters: \xFF. */
function bytesOf(maxCharacters: number): number {
  return Math.floor(maxCharacters / 4);
}
