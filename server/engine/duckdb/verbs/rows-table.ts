import { rm } from "node:fs/promises";
import { join } from "node:path";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { Column, MaterializeTask } from "../../engine.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import type { StoragePlan } from "./materialize-columns.js";

/** No database of a user is called so. All connections see it. */
const ROWS_DATABASE = '"lakebook rows"';

/** The rows of the query in their order. */
export const ROWS_TABLE = `${ROWS_DATABASE}.main.rows`;

/** The same, the rows of each partition together. */
export const GATHERED_TABLE = `${ROWS_DATABASE}.main.gathered`;

/** In the tables, columns go by their numbers: one of a user that is called `rowid` would hide the rows' own. */
export function rowsColumn(index: number): string {
  return `c${index}`;
}

/** The columns of a table of rows, as CREATE TABLE takes them. */
export function rowsColumns(columns: readonly Column[]): string {
  return `(${columns.map((_, index) => rowsColumn(index)).join(", ")})`;
}

/** A query that reads a table of rows under the names of their columns. */
export function readRows(table: string, columns: readonly Column[]): string {
  const named = columns.map(({ name }, index) => `${rowsColumn(index)} AS ${quoteIdentifier(name)}`);
  return `SELECT ${named.join(", ")} FROM ${table}`;
}

/** Partitions are parts of a table, and VARIANT is compared with one. */
export function needsRowsTable({ partitionBy }: MaterializeTask, { variants }: StoragePlan): boolean {
  return partitionBy.length > 0 || variants.length > 0;
}

/**
 * Lends a database for the table of rows, where one is needed. It lies in a file, where rows are packed and take no
 * memory once they are written: in memory they would take what a query that streams never does. The file is gone
 * after the call.
 */
export async function withRowsTable<T>(
  { instance }: ScopedInstance,
  task: MaterializeTask,
  plan: StoragePlan,
  use: () => Promise<T>,
): Promise<T> {
  if (!needsRowsTable(task, plan)) return use();
  const file = join(task.folder, "rows.duckdb");
  // What nobody recovers needs no log, and the newest format has all types.
  const options = "STORAGE_VERSION 'latest', RECOVERY_MODE NO_WAL_WRITES";
  await instance.runOwn(`ATTACH ${quoteLiteral(file)} AS ${ROWS_DATABASE} (${options})`);
  try {
    const result = await use();
    await instance.runOwn(`DETACH ${ROWS_DATABASE}`);
    return result;
  } finally {
    await rm(file, { force: true });
  }
}
