import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { Column, MaterializeTask } from "../../engine.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import type { StoragePlan } from "./materialize-columns.js";

/** No database of a user is called so. All connections see it. */
const ROWS_DATABASE = '"lakebook rows"';

/** The rows of the query in their order. */
export const ROWS_TABLE = `${ROWS_DATABASE}.main.rows`;

/** A slab of the same, the rows of each partition together. */
export function gatheredTable(slab: number): string {
  return `${ROWS_DATABASE}.main.gathered_${slab}`;
}

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

/** What Parquet unpacks to, at most, mostly. */
const UNPACKED = 6;
/**
 * Of the memory of a cell. Rows in memory lie there once as they come and once brought together, and are sorted on the
 * way: 1.1 GB of JSON took 1.7 GB instead of 0.6 GB.
 */
const SHARE_OF_SOURCE = 1 / 16;

/**
 * Lends a database for the table of rows, where one is needed. It lies in memory where what the query reads is small
 * beside the memory that there is: rows need not be packed then, which takes a tenth of the processor's time. Should it become larger
 * all the same, DuckDB moves it to its temporary folder. Otherwise it lies in a file, where rows are packed and take no
 * memory once they are written. It is gone after the call.
 */
export async function withRowsTable<T>(
  scoped: ScopedInstance,
  task: MaterializeTask,
  plan: StoragePlan,
  use: () => Promise<T>,
): Promise<T> {
  if (!needsRowsTable(task, plan)) return use();
  const { instance } = scoped;
  const file = join(task.folder, "rows.duckdb");
  // What nobody recovers needs no log, and the newest format has all types.
  const options = "STORAGE_VERSION 'latest', RECOVERY_MODE NO_WAL_WRITES";
  const isInMemory = plan.variants.length === 0 && (await fitsMemory(scoped, task));
  const place = isInMemory ? "':memory:'" : quoteLiteral(file);
  await instance.runOwn(`ATTACH ${place} AS ${ROWS_DATABASE}${isInMemory ? "" : ` (${options})`}`);
  try {
    const result = await use();
    await instance.runOwn(`DETACH ${ROWS_DATABASE}`);
    return result;
  } finally {
    await rm(file, { force: true });
  }
}

async function fitsMemory(
  { limits, scope }: ScopedInstance,
  { inputBytes }: MaterializeTask,
): Promise<boolean> {
  if (inputBytes === undefined) return false;
  const files = scope.relations.flatMap((relation) => (relation.type === "files" ? relation.files : []));
  const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size));
  const stored = sizes.reduce((sum, size) => sum + size, 0);
  return inputBytes + UNPACKED * stored <= SHARE_OF_SOURCE * limits.memoryLimitBytes;
}
