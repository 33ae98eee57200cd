import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { messageOf } from "../../base/errors.js";
import type { MaterializeTask, OutputFile } from "../engine.js";
import { STORED_TABLE } from "./materialize-columns.js";
import type { StoragePlan } from "./materialize-columns.js";
import { readScannedRows } from "./materialize-scans.js";
import { quoteIdentifier, quoteLiteral } from "../../base/sql-names.js";
import { readFiles, wrapQuery } from "./scope-sql.js";
import type { EmbeddedQuery } from "./scope-sql.js";
import { TaskError } from "./tasks-error.js";
import type { ScopedInstance } from "./tasks-scope.js";

type Row = readonly unknown[];

const MAX_NAME_BYTES = 255;

/** Holds each row's file while they are read back; no column of a user is called so. */
const FILE_COLUMN = "lakebook file";

/** A Parquet file as DuckDB reported it after writing. */
interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly partition: readonly (string | null)[];
}

export interface ParquetOutput {
  readonly files: readonly OutputFile[];
  readonly rows: number;
  /** Sum over all files of the sums of the hashes of their rows. */
  readonly hashSum: bigint;
  readonly scannedRows: Readonly<Record<string, number>>;
}

/** Writes the rows of the query, then reads them back once to count and hash them. */
export async function writeParquet(
  scoped: ScopedInstance,
  task: MaterializeTask,
  plan: StoragePlan,
): Promise<ParquetOutput> {
  await mkdir(join(task.folder, "parquet"));
  const query = wrapQuery(
    `COPY (SELECT ${plan.selectList} FROM (`,
    scoped.embed(task.sql),
    `)) TO ${copyTarget(task)}`,
  );
  const written = toWrittenFiles(await copy(scoped, query, task), task);
  // The profile is that of the last statement: it has to be read before the next one.
  const scannedRows = await readScannedRows(scoped);
  const files = written.length > 0 ? written : await writeEmptyFile(scoped, task);
  return { ...(await scanFiles(scoped, task, plan, files)), scannedRows };
}

async function copy(
  scoped: ScopedInstance,
  query: EmbeddedQuery,
  task: MaterializeTask,
): Promise<readonly Row[]> {
  try {
    return await (await scoped.run(query)).getRowsJson();
  } catch (error) {
    throw tooLongValue(messageOf(error), task) ?? error;
  }
}

/** Each value of a partition column is a folder's name, for which systems have a limit (mostly 255 bytes). */
function tooLongValue(message: string, { folder, partitionBy }: MaterializeTask): TaskError | undefined {
  if (!message.includes("File name too long")) return undefined;
  const start = message.indexOf(join(folder, "parquet"));
  const folders = message
    .slice(start)
    .split("/")
    .filter((name) => Buffer.byteLength(name) > MAX_NAME_BYTES);
  const column = partitionBy.find((name) => folders[0]?.startsWith(`${encodeURIComponent(name)}=`));
  const value = decodeURIComponent(folders[0]?.slice(folders[0].indexOf("=") + 1) ?? "").slice(0, 40);
  return new TaskError(
    "query",
    `A value of "${column ?? partitionBy.join(", ")}" is too long for a folder name: "${value}…"`,
    "Partition by a shorter column, e.g. a code or left(x, 100)",
  );
}

/** A partitioned COPY of no rows writes nothing: the schema has to lie somewhere. */
async function writeEmptyFile(
  { instance }: ScopedInstance,
  task: MaterializeTask,
): Promise<readonly WrittenFile[]> {
  const target = copyTarget({ ...task, partitionBy: [] });
  return toWrittenFiles(await instance.rows(`COPY ${STORED_TABLE} TO ${target}`), {
    ...task,
    partitionBy: [],
  });
}

function copyTarget({ folder, partitionBy, metadata }: MaterializeTask): string {
  const isPartitioned = partitionBy.length > 0;
  const target = join(folder, "parquet", isPartitioned ? "" : `part-${randomUUID()}.parquet`);
  const partition = [
    `PARTITION_BY (${partitionBy.map(quoteIdentifier).join(", ")})`,
    "WRITE_PARTITION_COLUMNS true",
    "FILENAME_PATTERN 'part-{uuidv7}'",
  ];
  const options = ["FORMAT parquet", "COMPRESSION zstd", "RETURN_STATS", ...(isPartitioned ? partition : [])];
  const values = Object.entries(metadata).map(
    ([key, value]) => `${quoteIdentifier(key)}: ${quoteLiteral(value)}`,
  );
  if (values.length > 0) options.push(`KV_METADATA {${values.join(", ")}}`);
  return `${quoteLiteral(target)} (${options.join(", ")})`;
}

/** Columns of RETURN_STATS: filename, count, file_size_bytes, footer_size_bytes, column_statistics, partition_keys. */
function toWrittenFiles(
  stats: readonly (readonly unknown[])[],
  { partitionBy }: MaterializeTask,
): readonly WrittenFile[] {
  return stats.map(([path, rows, bytes, , , keys]) => {
    const values = new Map(
      (keys as readonly { key: string; value: string | null }[] | null)?.map(({ key, value }) => [
        key,
        value,
      ]),
    );
    return {
      path: String(path),
      rows: Number(rows),
      bytes: Number(bytes),
      partition: partitionBy.map((name) => values.get(name) ?? null),
    };
  });
}

async function scanFiles(
  { instance }: ScopedInstance,
  task: MaterializeTask,
  { columns }: StoragePlan,
  written: readonly WrittenFile[],
): Promise<Omit<ParquetOutput, "scannedRows">> {
  const files = readFiles(
    written.map((file) => file.path),
    columns,
    FILE_COLUMN,
  );
  const hash = `hash(${columns.map((column) => quoteIdentifier(column.name)).join(", ")})`;
  const scan = `SELECT ${quoteIdentifier(FILE_COLUMN)}, count(*), sum(${hash}) FROM (${files}) GROUP BY 1`;
  const found = new Map(
    (await instance.rows(scan)).map(([path, rows, sum]) => [
      String(path),
      { rows: Number(rows), sum: String(sum) },
    ]),
  );
  let rows = 0;
  let hashSum = 0n;
  const outputs = written.map((file): OutputFile => {
    const { rows: count, sum } = found.get(file.path) ?? { rows: 0, sum: "0" };
    if (count !== file.rows)
      throw new TaskError("disk", `"${file.path}" has ${count} rows, but ${file.rows} were written`);
    rows += count;
    hashSum += BigInt(sum);
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
