import type { Column, QueryResult, QueryTask } from "../engine.js";
import { quoteIdentifier } from "./quote.js";
import { wrapQuery } from "./scope-sql.js";
import { describeTable } from "./tasks-describe.js";
import { withScope } from "./tasks-scope.js";
import type { ScopedInstance, TaskContext } from "./tasks-scope.js";

const RESULT = '"lakebook result"';

/** Computes one page. The query is bound and run once, into a table; then its values are turned into JSON. */
export function runQueryTask(task: QueryTask, context: TaskContext): Promise<QueryResult> {
  return withScope(context, task.scope, { keepsOrder: true }, async (scoped) => {
    await scoped.makeTablesForPivot(task.sql);
    const limits = `\nLIMIT ${task.limit + 1} OFFSET ${task.offset ?? 0}`;
    await scoped.run(wrapQuery(`CREATE TEMP TABLE ${RESULT} AS `, scoped.embed(task.sql), limits));
    return readPage(scoped, task.limit);
  });
}

async function readPage({ instance }: ScopedInstance, limit: number): Promise<QueryResult> {
  const columns = await describeTable(instance, RESULT);
  const values = columns.map(jsonExpression).join(", ");
  const rows = await instance.rows(`SELECT ${values} FROM ${RESULT} LIMIT ${limit + 1}`);
  return { columns, rows: rows.slice(0, limit), truncated: rows.length > limit };
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
