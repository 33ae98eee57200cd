import type { Column, QueryResult, QueryTask } from "../engine.js";
import { messageOf } from "../../base/errors.js";
import { quoteIdentifier } from "../../base/sql-names.js";
import { castColumn, shapeOf } from "./materialize-columns.js";
import { shownNames } from "./materialize-names.js";
import { wrapQuery } from "./scope-sql.js";
import { describeTable } from "./tasks-describe.js";
import { TaskError } from "./tasks-error.js";
import { withScope } from "./tasks-scope.js";
import type { ScopedInstance, TaskContext } from "./tasks-scope.js";
import { contains, isNameless } from "./types.js";
import type { WorkerInstance } from "./worker-instance.js";

const MAX_PAGE_BYTES = 32 * 1024 ** 2;
const RESULT = '"lakebook page"';
/** What DuckDB says to rows with values such as `row(1, 2)`. */
const NO_TABLE = "A table cannot be created from an unnamed struct";

/** Computes one page. The query is bound and run once, into a table; then its values are turned into JSON. */
export function runQueryTask(task: QueryTask, context: TaskContext): Promise<QueryResult> {
  return withScope(context, task.scope, {}, async (scoped) => {
    await scoped.makeTablesForPivot(task.sql);
    const columns = await computePage(scoped, task);
    const page = await readPage(scoped, columns, task.limit);
    await scoped.instance.runOwn(`DROP TABLE ${RESULT}`);
    const names = await shownNames(scoped, task.sql, columns);
    return {
      ...page,
      columns: columns.map(({ type }, index) => ({ name: names[index] ?? "", type })),
    };
  });
}

async function computePage(scoped: ScopedInstance, task: QueryTask): Promise<readonly Column[]> {
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
  limit: number,
): Promise<Omit<QueryResult, "columns">> {
  await requireShowable(instance, columns);
  const values = columns.map(jsonExpression).join(", ");
  const rows = await (await instance.runOwn(`SELECT ${values} FROM ${RESULT}`)).getRowsJson();
  writeDoubles(columns, rows);
  return { rows: rows.slice(0, limit), truncated: rows.length > limit };
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

/** All of a page passes through memory here, in the server and in the browser. */
async function requireShowable(instance: WorkerInstance, columns: readonly Column[]): Promise<void> {
  const texts = columns.filter((column) => !PLAIN_TYPES.has(column.type));
  if (texts.length === 0) return;
  const lengths = texts.map((column) => `coalesce(sum(strlen(${jsonExpression(column)})), 0)`);
  const [[bytes] = []] = await (
    await instance.runOwn(`SELECT list_sum([${lengths.join(", ")}]) FROM ${RESULT}`)
  ).getRowsJson();
  if (Number(bytes) <= MAX_PAGE_BYTES) return;
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

function jsonExpression(column: Column): string {
  const name = quoteIdentifier(column.name);
  return PLAIN_TYPES.has(column.type) ? name : `CAST(${name} AS VARCHAR)`;
}
