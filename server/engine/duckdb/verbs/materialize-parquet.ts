import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Column, MaterializeTask, OutputFile } from "../../engine.js";
import { STORED_TABLE } from "./materialize-columns.js";
import type { StoragePlan } from "./materialize-columns.js";
import { refusedValue } from "./materialize-overflow.js";
import { writePartitions } from "./materialize-partitions.js";
import { readScannedRows } from "./materialize-scans.js";
import { needsRowsTable, readRows, rowsColumns, ROWS_TABLE } from "./rows-table.js";
import { refusedVariant, requireSameVariants, variantText } from "./materialize-variant.js";
import { freeName } from "../../../text/free-name.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import { rowHash } from "../row-hash.js";
import { readFiles, wrapQuery, type EmbeddedQuery } from "../scope-sql.js";
import { TaskError } from "../tasks-error.js";
import { runSplitting } from "../worker/split-array.js";
import { toColumn } from "../worker/tasks-describe.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";

/** Where the query's own transaction writes to memory already. */
const MEMORY_TABLE = '"lakebook rows in memory"';

/** Holds each row's file while they are read back, by this name or one that the columns leave free. */
const FILE_COLUMN = "lakebook file";

/** DuckDB tells each row's place in its file by itself, unless the file has a column of that name. */
const PLACE_COLUMN = "file_row_number";

/** A Parquet file as DuckDB reported it after writing. */
export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly partition: readonly (string | null)[];
}

export interface ParquetOutput {
  readonly files: readonly OutputFile[];
  readonly rows: number;
  /** Sum over all files of the sums of the hashes of their rows; with an order each file counts by its place too. */
  readonly hashSum: bigint;
  readonly scannedRows: Readonly<Record<string, number>>;
}

/** Writes the rows of the query, then reads them back once to count and hash them. To be called in `withRowsTable`. */
export async function writeParquet(
  scoped: ScopedInstance,
  task: MaterializeTask,
  plan: StoragePlan,
): Promise<ParquetOutput> {
  await mkdir(join(task.folder, "parquet"));
  const isTable = needsRowsTable(task, plan);
  // The columns of a PIVOT become a type in memory, and one transaction writes to one database.
  const table = isTable && (await scoped.hasDynamicPivot(task.sql)) ? MEMORY_TABLE : ROWS_TABLE;
  const select = wrapQuery(`SELECT ${plan.selectList} FROM (`, scoped.embed(task.sql), ")");
  const file = newFile(task);
  const toStatement = (rows: EmbeddedQuery): EmbeddedQuery =>
    isTable
      ? wrapQuery(`CREATE TABLE ${table} ${rowsColumns(plan.columns)} AS `, rows, "")
      : wrapQuery("COPY (", rows, `) TO ${quoteLiteral(file)} (${copyOptions(task, plan)})`);
  const undo = (): Promise<void> => rm(file, { force: true });
  const { result, array } = await runSplitting(scoped, select, toStatement, undo).catch((error: unknown) => {
    throw refusedValue(error, plan) ?? error;
  });
  const stats = await result.getRowsJson();
  // The profile is that of the last statement: it has to be read before the next one.
  const scannedRows = await readScannedRows(scoped, array, task.scans);
  if (isTable && table === MEMORY_TABLE)
    await scoped.instance.runOwn(`CREATE TABLE ${ROWS_TABLE} AS FROM ${MEMORY_TABLE}`);
  const written = isTable ? await writeTable(scoped, task, plan) : stats.map((file) => toWrittenFile(file));
  const files = written.length > 0 ? written : await writeEmptyFile(scoped, task, plan);
  return { ...(await scanFiles(scoped, task, plan, files)), scannedRows };
}

async function writeTable(
  scoped: ScopedInstance,
  task: MaterializeTask,
  plan: StoragePlan,
): Promise<readonly WrittenFile[]> {
  const { variants, columns } = plan;
  const options = copyOptions(task, plan);
  try {
    const written =
      task.partitionBy.length > 0
        ? (await writePartitions(scoped, task, columns, options)).map(({ stats, partition }) =>
            toWrittenFile(stats, partition),
          )
        : await copyRows(scoped, readRows(ROWS_TABLE, columns), task, plan);
    const paths = written.map(({ path }) => path);
    if (variants.length > 0 && paths.length > 0)
      await requireSameVariants(scoped.instance, readRows(ROWS_TABLE, columns), paths, variants);
    return written;
  } catch (error) {
    throw refusedVariant(error, variants) ?? error;
  }
}

async function copyRows(
  { instance }: ScopedInstance,
  rows: string,
  task: MaterializeTask,
  plan: StoragePlan,
): Promise<readonly WrittenFile[]> {
  const target = `${quoteLiteral(newFile(task))} (${copyOptions(task, plan)})`;
  return (await instance.rows(`COPY (${rows}) TO ${target}`)).map((file) => toWrittenFile(file));
}

/** Of no rows there is no partition: the schema has to lie somewhere. */
function writeEmptyFile(
  scoped: ScopedInstance,
  task: MaterializeTask,
  plan: StoragePlan,
): Promise<readonly WrittenFile[]> {
  return copyRows(scoped, `FROM ${STORED_TABLE}`, task, plan);
}

function newFile({ folder }: MaterializeTask): string {
  return join(folder, "parquet", `part-${randomUUID()}.parquet`);
}

function copyOptions({ metadata }: MaterializeTask, { geometry }: StoragePlan): string {
  const options = ["FORMAT parquet", "COMPRESSION zstd", "RETURN_STATS"];
  const values = Object.entries(metadata).map(
    ([key, value]) => `${quoteIdentifier(key)}: ${quoteLiteral(value)}`,
  );
  // Parquet's own type, beside which GeoParquet's metadata can name whole columns only. By default GEOMETRY is a BLOB.
  if (geometry !== undefined)
    options.push(`GEOPARQUET_VERSION ${geometry === "columns" ? "'BOTH'" : "'NONE'"}`);
  if (values.length > 0) options.push(`KV_METADATA {${values.join(", ")}}`);
  return options.join(", ");
}

/** Columns of RETURN_STATS: filename, count, file_size_bytes and more. */
function toWrittenFile(
  [path, rows, bytes]: readonly unknown[],
  partition: WrittenFile["partition"] = [],
): WrittenFile {
  return { path: String(path), rows: Number(rows), bytes: Number(bytes), partition };
}

/** Counts and hashes rows. */
export async function scanFiles(
  { instance }: ScopedInstance,
  task: Pick<MaterializeTask, "folder" | "isOrdered">,
  { columns, variants }: Pick<StoragePlan, "columns" | "variants">,
  written: readonly WrittenFile[],
): Promise<Omit<ParquetOutput, "scannedRows">> {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const fileColumn = freeName(FILE_COLUMN, (name) => names.has(name));
  const isPlaceTaken = names.has(PLACE_COLUMN);
  const place = freeName(PLACE_COLUMN, (name) => names.has(name));
  const hashed = task.isOrdered ? [...columns, toColumn(place, "BIGINT")] : columns;
  const rowsOf = (read: readonly Pick<Column, "name">[]): string =>
    readFiles(
      written.map((file) => file.path),
      read,
      fileColumn,
    );
  const files =
    task.isOrdered && isPlaceTaken
      ? `SELECT *, row_number() OVER () AS ${quoteIdentifier(place)} FROM (${rowsOf(columns)})`
      : rowsOf(hashed);
  const hash = rowHash(hashed, ({ name }) => (variants.includes(name) ? variantText(name) : undefined));
  const scan = `SELECT ${quoteIdentifier(fileColumn)}, count(*), sum(${hash}) FROM (${files}) GROUP BY 1`;
  const found = new Map(
    (await instance.rows(scan)).map(([path, rows, sum]) => [
      String(path),
      { rows: Number(rows), sum: String(sum) },
    ]),
  );
  let rows = 0;
  let hashSum = 0n;
  const outputs = written.map((file, index): OutputFile => {
    const { rows: count, sum } = found.get(file.path) ?? { rows: 0, sum: "0" };
    if (count !== file.rows)
      throw new TaskError("disk", `"${file.path}" has ${count} rows, but ${file.rows} were written`);
    rows += count;
    hashSum += BigInt(sum) * BigInt(task.isOrdered ? index + 1 : 1);
    const path = relative(task.folder, file.path).split(sep).join("/");
    return {
      path,
      format: "parquet",
      rows: count,
      bytes: file.bytes,
      partition: file.partition,
      contentHash: `${count}:${sum}`,
    };
  });
  return { files: outputs, rows, hashSum };
}
