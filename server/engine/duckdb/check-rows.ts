import { join } from "node:path";
import type { CheckTask } from "../engine.js";
import { quoteIdentifier, quoteLiteral } from "../../base/sql-names.js";
import { wrapQuery } from "./scope-sql.js";
import type { EmbeddedQuery } from "./scope-sql.js";
import type { ScopedInstance } from "./tasks-scope.js";
import { storageType } from "./types.js";

const ROWS_TABLE = '"lakebook failing"';

/** Writes the first failing rows, in the order of their query; returns the file's path. */
export async function writeFailingRows(
  scoped: ScopedInstance,
  task: CheckTask,
  name: string,
  rows: EmbeddedQuery,
): Promise<string> {
  const { instance } = scoped;
  const limited = wrapQuery(
    `CREATE OR REPLACE TEMP TABLE ${ROWS_TABLE} AS SELECT * FROM (`,
    rows,
    `) LIMIT ${task.maxRows}`,
  );
  await scoped.run(limited);
  const result = await instance.run(`FROM ${ROWS_TABLE} LIMIT 0`);
  const types = result.columnTypes();
  const columns = result.columnNames().map((column, index) => {
    const type = types[index];
    return storedExpression(column, type === undefined ? { type: "kept" } : storageType(type));
  });
  const file = join(task.folder, `${fileName(name)}.parquet`);
  await instance.run(
    `COPY (SELECT ${columns.join(", ")} FROM ${ROWS_TABLE}) TO ${quoteLiteral(file)} (FORMAT parquet)`,
  );
  return file;
}

/** These rows are there to be looked at: what Parquet cannot hold is shown as text. */
function storedExpression(name: string, storage: ReturnType<typeof storageType>): string {
  const column = quoteIdentifier(name);
  if (storage.type === "kept") return column;
  return `CAST(${column} AS ${storage.type === "cast" ? storage.to : "VARCHAR"}) AS ${column}`;
}

/** Names hold column names, which may be anything. */
function fileName(check: string): string {
  return encodeURIComponent(check).slice(0, 200);
}
