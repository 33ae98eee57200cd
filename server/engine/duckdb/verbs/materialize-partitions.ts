import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { Column, MaterializeTask } from "../../engine.js";
import { TaskError } from "../tasks-error.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import { GATHERED_TABLE, ROWS_TABLE } from "./rows-table.js";

/**
 * Looking for each partition's rows among all of them reads everything as often as there are partitions; with more
 * than so many, bringing them together first is cheaper (about 40, with 5 million rows in mixed order).
 */
const MAX_SCANS = 40;

const MAX_NAME_BYTES = 255;

/** Types with one text for each value, which DuckDB can look for without reading what holds other values. */
const PLAIN_TYPE = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|VARCHAR|DATE|BOOLEAN)$/;

interface Partition {
  readonly values: readonly (string | null)[];
  readonly folders: readonly string[];
  readonly firstRow: string;
}

export interface PartitionFile {
  readonly path: string;
  readonly partition: Partition["values"];
  readonly stats: readonly unknown[];
}

/**
 * Writes one file for each partition, in the order in which they first occur, from the table of rows. DuckDB's own
 * PARTITION_BY keeps no order: each of its threads writes files of its own, and rows of small batches come later.
 */
export async function writePartitions(
  scoped: ScopedInstance,
  { folder, partitionBy }: MaterializeTask,
  columns: readonly Column[],
  options: string,
): Promise<readonly PartitionFile[]> {
  const { instance } = scoped;
  const partitions = await findPartitions(scoped, partitionBy);
  const source = partitions.length > MAX_SCANS ? await gather(scoped, partitionBy) : ROWS_TABLE;
  const paths: string[] = [];
  for (const partition of partitions) {
    requireShortNames(partition, partitionBy);
    const place = join(folder, "parquet", ...partition.folders);
    await mkdir(place, { recursive: true });
    paths.push(join(place, `part-${randomUUID()}.parquet`));
  }
  const copies = partitions.map((partition, at) => {
    const conditions = partitionBy.map((name, index) => isValue(name, index, partition, columns));
    const rows = `SELECT * FROM ${source} WHERE ${conditions.join(" AND ")}`;
    return `COPY (${rows}) TO ${quoteLiteral(paths[at] ?? "")} (${options})`;
  });
  const results = await instance.runOwnAtOnce(copies);
  return Promise.all(
    partitions.map(async ({ values: partition }, at) => {
      const [stats = []] = (await results[at]?.getRowsJson()) ?? [];
      return { path: paths[at] ?? "", partition, stats };
    }),
  );
}

async function findPartitions(
  { instance }: ScopedInstance,
  partitionBy: readonly string[],
): Promise<readonly Partition[]> {
  const names = partitionBy.map(quoteIdentifier);
  const texts = names.map((name) => `CAST(${name} AS VARCHAR)`);
  const folders = texts.map(
    (text, index) =>
      `url_encode(${quoteLiteral(partitionBy[index] ?? "")}) || '=' || coalesce(url_encode(${text}), '__HIVE_DEFAULT_PARTITION__')`,
  );
  const found = await instance.rows(
    `SELECT min(rowid) AS first, [${texts.join(", ")}], [${folders.join(", ")}] FROM ${ROWS_TABLE} GROUP BY ${names.join(", ")} ORDER BY first`,
  );
  return found.map(([firstRow, values, folders]) => ({
    firstRow: String(firstRow),
    values: values as Partition["values"],
    folders: folders as readonly string[],
  }));
}

/** Brings the rows of each partition together, in their order, so that only they are read for it. */
async function gather({ instance }: ScopedInstance, partitionBy: readonly string[]): Promise<string> {
  const order = [...partitionBy.map(quoteIdentifier), "rowid"].join(", ");
  await instance.run(`CREATE TABLE ${GATHERED_TABLE} AS FROM ${ROWS_TABLE} ORDER BY ${order}`);
  return GATHERED_TABLE;
}

function isValue(
  name: string,
  index: number,
  { values, firstRow }: Partition,
  columns: readonly Column[],
): string {
  const column = quoteIdentifier(name);
  const value = values[index];
  if (value === null || value === undefined) return `${column} IS NULL`;
  const type = columns.find((candidate) => candidate.name === name)?.type ?? "";
  // A text in a statement ends at its first NUL.
  if (PLAIN_TYPE.test(type) && !value.includes("\0"))
    return `${column} = CAST(${quoteLiteral(value)} AS ${type})`;
  return `${column} IS NOT DISTINCT FROM (SELECT ${column} FROM ${ROWS_TABLE} WHERE rowid = ${firstRow})`;
}

/** Each value of a partition column is a folder's name, for which systems have a limit (mostly 255 bytes). */
function requireShortNames({ folders, values }: Partition, partitionBy: readonly string[]): void {
  const index = folders.findIndex((name) => Buffer.byteLength(name) > MAX_NAME_BYTES);
  if (index === -1) return;
  throw new TaskError(
    "query",
    `A value of "${partitionBy[index] ?? ""}" is too long for a folder name: "${(values[index] ?? "").slice(0, 40)}…"`,
    "Partition by a shorter column, e.g. a code or left(x, 100)",
  );
}
