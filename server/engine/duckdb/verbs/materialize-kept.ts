import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBType } from "@duckdb/node-api";
import type { Column, MaterializedOutput, MaterializeTask, StoredColumn } from "../../engine.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import { castColumn, shapeOf, specialTypes, type QueryShape } from "./materialize-columns.js";
import { nullTypes } from "./materialize-nulls.js";
import { writeParquet } from "./materialize-parquet.js";
import { withRowsTable } from "./rows-table.js";
import { TABLE_EXTENSION, TABLE_OF_ROWS, wrapQuery } from "../scope-sql.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import { contains, isNameless, keptType, namedType, typeExample } from "../worker/types.js";

const DATABASE = '"lakebook kept"';
const ROWS_TABLE = '"lakebook rows"';
/** The smallest that DuckDB has: most results are small. */
const BLOCK_SIZE = 16_384;

/** Writes rows that are read back with the types of their query: to Parquet, or to a table of DuckDB's own. */
export async function writeKeptRows(
  scoped: ScopedInstance,
  task: MaterializeTask,
): Promise<MaterializedOutput> {
  const shape = await shapeOf(scoped, task.sql);
  const kept = shape.types.map(keptType);
  const nulls = await nullTypes(scoped, task.sql, shape.columns);
  const isTable =
    kept.some(({ type }) => type === "table") || shape.collations.some((name) => name !== undefined);
  if (isTable) return writeTable(scoped, task, shape, nulls);
  const targets = kept.map((storage) => (storage.type === "cast" ? storage.to : undefined));
  const columns = shape.columns.map((column, index): StoredColumn => {
    const type = nulls.get(column.name) ?? (targets[index] === undefined ? undefined : column.type);
    const read = type === undefined ? undefined : `CAST(${quoteIdentifier(column.name)} AS ${type})`;
    return { ...labelled(shape, index), ...(read !== undefined && { read }) };
  });
  const selectList = shape.columns.map((column, index) => castColumn(column, targets[index])).join(", ");
  const plan = { columns, selectList, casts: [], ...specialTypes(shape.columns, shape.types) };
  const { files, rows } = await withRowsTable(scoped, task, plan, () => writeParquet(scoped, task, plan));
  return { columns, rows, files, contentHash: "", casts: [], scannedRows: {} };
}

/** The name that its readers see, and the query's own where that is another one. */
function labelled({ columns, names }: QueryShape, index: number): StoredColumn {
  const column = columns[index] as Column;
  const label = names[index];
  return label === undefined || label === column.name ? column : { ...column, label };
}

async function writeTable(
  scoped: ScopedInstance,
  task: MaterializeTask,
  shape: QueryShape,
  nulls: ReadonlyMap<string, string>,
): Promise<MaterializedOutput> {
  const { instance } = scoped;
  const path = `rows${TABLE_EXTENSION}`;
  const file = join(task.folder, path);
  const stored = shape.columns.map((column, index) => tableColumn(column, index, shape.types[index], nulls));
  await instance.runOwn(
    `ATTACH ${quoteLiteral(file)} AS ${DATABASE} (STORAGE_VERSION 'v1.5.0', BLOCK_SIZE ${BLOCK_SIZE})`,
  );
  const rows = await fillTable(scoped, task.sql, stored.map(({ write }) => write).join(", "));
  await instance.runOwn(`CHECKPOINT ${DATABASE}`);
  await instance.runOwn(`DETACH ${DATABASE}`);
  const columns = stored.map(({ read }, index) => ({ ...labelled(shape, index), read }));
  const { size: bytes } = await stat(file);
  const files = [{ path, format: "table", rows, bytes, partition: [] } as const];
  return { columns, rows, files, contentHash: "", casts: [], scannedRows: {} };
}

async function fillTable(scoped: ScopedInstance, sql: string, selectList: string): Promise<number> {
  const { instance } = scoped;
  const target = `${DATABASE}.main.${TABLE_OF_ROWS}`;
  const create = (table: string): ReturnType<typeof wrapQuery> =>
    wrapQuery(`CREATE TABLE ${table} AS SELECT ${selectList} FROM (`, scoped.embed(sql), ")");
  // The columns of a PIVOT become a type in memory, and one transaction writes to one database.
  if (await scoped.hasDynamicPivot(sql)) {
    await scoped.run(create(ROWS_TABLE));
    await instance.runOwn(`CREATE TABLE ${target} AS FROM ${ROWS_TABLE}`);
  } else {
    await scoped.run(create(target));
  }
  const [[count] = []] = await instance.rows(`SELECT count(*) FROM ${target}`);
  return Number(count);
}

/** In the table, columns go by their numbers: a table cannot have every name that a query can. */
function tableColumn(
  { name }: Column,
  index: number,
  type: DuckDBType | undefined,
  nulls: ReadonlyMap<string, string>,
): { readonly write: string; readonly read: string } {
  const column = quoteIdentifier(name);
  const stored = `c${index}`;
  const nullType = nulls.get(name);
  if (nullType !== undefined)
    return { write: `${column} AS ${stored}`, read: `CAST(${stored} AS ${nullType})` };
  if (type === undefined || !contains(type, isNameless))
    return { write: `${column} AS ${stored}`, read: stored };
  return {
    write: `CAST(${column} AS ${namedType(type)}) AS ${stored}`,
    read: `cast_to_type(${stored}, ${typeExample(type)})`,
  };
}
