import type { Column, QueryResult, QueryTask } from "../engine.js";
import { quoteIdentifier } from "../../base/sql-names.js";
import { wrapQuery } from "./scope-sql.js";
import { describeTable } from "./tasks-describe.js";
import { TaskError } from "./tasks-error.js";
import { withScope } from "./tasks-scope.js";
import type { ScopedInstance, TaskContext } from "./tasks-scope.js";
import type { WorkerInstance } from "./worker-instance.js";

const MAX_PAGE_BYTES = 32 * 1024 ** 2;
const RESULT = '"lakebook result"';

/** Computes one page. The query is bound and run once, into a table; then its values are turned into JSON. */
export function runQueryTask(task: QueryTask, context: TaskContext): Promise<QueryResult> {
  return withScope(context, task.scope, { keepsOrder: true }, async (scoped) => {
    await scoped.makeTablesForPivot(task.sql);
    const limits = `\nLIMIT ${task.limit + 1} OFFSET ${task.offset ?? 0}`;
    await scoped.run(wrapQuery(`CREATE TEMP TABLE ${RESULT} AS `, scoped.embed(task.sql), limits));
    const page = await readPage(scoped, task.limit);
    await scoped.instance.runOwn(`DROP TABLE ${RESULT}`);
    return page;
  });
}

async function readPage({ instance }: ScopedInstance, limit: number): Promise<QueryResult> {
  const columns = await describeTable(instance, RESULT);
  await requireShowable(instance, columns);
  const values = columns.map(jsonExpression).join(", ");
  const rows = await (await instance.runOwn(`SELECT ${values} FROM ${RESULT}`)).getRowsJson();
  return { columns, rows: rows.slice(0, limit), truncated: rows.length > limit };
}

/** All of a page passes through memory here, in the server and in the browser. */
async function requireShowable(instance: WorkerInstance, columns: readonly Column[]): Promise<void> {
  const texts = columns.filter((column) => !PLAIN_TYPES.has(column.type));
  if (texts.length === 0) return;
  const lengths = texts.map((column) => `coalesce(sum(strlen(${jsonExpression(column)})), 0)`);
  const [[bytes] = []] = await (
    await instance.runOwn(`SELECT ${lengths.join(" + ")} FROM ${RESULT}`)
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
