import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { quoteLiteral } from "../../../text/sql-names.js";
import type { Column, MaterializeTask } from "../../engine.js";
import { TaskError } from "../tasks-error.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import { gatheredTable, readRows, rowsColumn, ROWS_TABLE } from "./rows-table.js";

/**
 * Looking for each partition's rows among all of them reads everything as often as there are partitions; with more
 * than so many, bringing them together first is cheaper (about 20, with 5 million rows in mixed order).
 */
const MAX_SCANS = 20;

/** Rows are brought together within slabs, which are sorted in little memory and side by side. */
const SLAB_ROWS = 500_000;
const MOST_SLABS = 16;
/** Of each partition, on average: each slab is a scan of its own for every partition. */
const SLAB_ROWS_OF_PARTITION = 5_000;

const MAX_NAME_BYTES = 255;

/** Types with one text for each value, which DuckDB can look for without reading what holds other values. */
const PLAIN_TYPE = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|VARCHAR|DATE|BOOLEAN)$/;

export interface Partition {
  readonly values: readonly (string | null)[];
  readonly folders: readonly string[];
  readonly rows: number;
}

/** Rows of one partition that lie together: from `start` to before `end` in a gathered table. */
interface Piece {
  readonly slab: number;
  readonly start: string;
  readonly end: string;
}

/** A column that parts the rows, and what it is called in the table of rows. */
interface PartitionColumn extends Pick<Column, "name" | "type"> {
  readonly stored: string;
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
  const by = partitionBy.map((name) => partitionColumn(name, columns));
  const partitions = await findPartitions(scoped, by);
  const isScanned = partitions.length <= MAX_SCANS && partitions.every((partition) => isPlain(partition, by));
  const pieces = isScanned ? [] : await gather(scoped, by, partitions);
  const paths: string[] = [];
  for (const partition of partitions) {
    requireShortNames(partition, partitionBy);
    const place = join(folder, "parquet", ...partition.folders);
    await mkdir(place, { recursive: true });
    paths.push(join(place, `part-${randomUUID()}.parquet`));
  }
  const copies = partitions.map((partition, at) => {
    const rows = isScanned
      ? `${readRows(ROWS_TABLE, columns)} WHERE ${hasValues(partition, by)}`
      : (pieces[at] ?? []).map((piece) => readPiece(piece, columns)).join(" UNION ALL ");
    return `COPY (${rows}) TO ${quoteLiteral(paths[at] ?? "")} (${options})`;
  });
  const results = await scoped.instance.runOwnAtOnce(copies);
  return Promise.all(
    partitions.map(async ({ values: partition }, at) => {
      const [stats = []] = (await results[at]?.getRowsJson()) ?? [];
      return { path: paths[at] ?? "", partition, stats };
    }),
  );
}

function partitionColumn(name: string, columns: readonly Column[]): PartitionColumn {
  const index = columns.findIndex((column) => column.name === name);
  return { name, type: columns[index]?.type ?? "", stored: rowsColumn(index) };
}

async function findPartitions(
  { instance }: ScopedInstance,
  by: readonly PartitionColumn[],
): Promise<readonly Partition[]> {
  const stored = by.map((column) => column.stored).join(", ");
  const found = await instance.rows(
    `SELECT ${partitionLists(by)}, count(*)
    FROM ${ROWS_TABLE} GROUP BY ${stored} ORDER BY min(rowid)`,
  );
  return found.map(([values, folders, rows]) => ({
    values: values as Partition["values"],
    folders: folders as readonly string[],
    rows: Number(rows),
  }));
}

/** Of a row, in a SELECT: the texts of its partition's values, and the folders that are named after them. */
export function partitionLists(by: readonly Pick<PartitionColumn, "name" | "stored">[]): string {
  const texts = by.map(({ stored }) => `CAST(${stored} AS VARCHAR)`);
  const folders = texts.map(
    (text, index) =>
      `url_encode(${quoteLiteral(by[index]?.name ?? "")}) || '=' || coalesce(url_encode(${text}), '__HIVE_DEFAULT_PARTITION__')`,
  );
  return `[${texts.join(", ")}], [${folders.join(", ")}]`;
}

/**
 * Brings the rows of each partition together, in their order, so that only they are read for it. Gives the pieces of
 * each partition, in the order of the partitions.
 */
async function gather(
  { instance }: ScopedInstance,
  by: readonly PartitionColumn[],
  partitions: readonly Partition[],
): Promise<readonly (readonly Piece[])[]> {
  const rows = partitions.reduce((sum, partition) => sum + partition.rows, 0);
  const slabRows = Math.max(
    SLAB_ROWS,
    partitions.length * SLAB_ROWS_OF_PARTITION,
    Math.ceil(rows / MOST_SLABS),
  );
  const stored = by.map((column) => column.stored).join(", ");
  const statements = Array.from({ length: Math.ceil(rows / slabRows) }, (_, slab) => {
    const within = `rowid >= ${slab * slabRows} AND rowid < ${(slab + 1) * slabRows}`;
    return `CREATE TABLE ${gatheredTable(slab)} AS FROM ${ROWS_TABLE} WHERE ${within} ORDER BY ${stored}, rowid`;
  });
  await instance.runOwnAtOnce(statements);
  const end = `sum(count(*)) OVER (PARTITION BY slab ORDER BY ${stored} ROWS UNBOUNDED PRECEDING)`;
  const found = await instance.rows(
    `SELECT list([slab, last - rows, last] ORDER BY slab) FROM (
      SELECT ${stored}, slab, count(*) AS rows, min(place) AS first, CAST(${end} AS BIGINT) AS last
      FROM (SELECT *, rowid AS place, rowid // ${slabRows} AS slab FROM ${ROWS_TABLE})
      GROUP BY slab, ${stored}
    ) GROUP BY ${stored} ORDER BY min(first)`,
  );
  return found.map(([pieces]) =>
    (pieces as readonly (readonly unknown[])[]).map(([slab, start, end]) => ({
      slab: Number(slab),
      start: String(start),
      end: String(end),
    })),
  );
}

function readPiece({ slab, start, end }: Piece, columns: readonly Column[]): string {
  return `${readRows(gatheredTable(slab), columns)} WHERE rowid >= ${start} AND rowid < ${end}`;
}

/**
 * Whether each value can be written into a statement, where a text ends at its first NUL. To compare with the value of
 * a row would be a join, which keeps no order.
 */
function isPlain({ values }: Partition, by: readonly PartitionColumn[]): boolean {
  return values.every(
    (value, index) => value === null || (PLAIN_TYPE.test(by[index]?.type ?? "") && !value.includes("\0")),
  );
}

function hasValues({ values }: Partition, by: readonly PartitionColumn[]): string {
  const conditions = by.map(({ stored, type }, index) => {
    const value = values[index] ?? null;
    return value === null ? `${stored} IS NULL` : `${stored} = CAST(${quoteLiteral(value)} AS ${type})`;
  });
  return conditions.join(" AND ");
}

/** Each value of a partition column is a folder's name, for which systems have a limit (mostly 255 bytes). */
export function requireShortNames(
  { folders, values }: Pick<Partition, "folders" | "values">,
  partitionBy: readonly string[],
): void {
  const index = folders.findIndex((name) => Buffer.byteLength(name) > MAX_NAME_BYTES);
  if (index === -1) return;
  throw new TaskError(
    "query",
    `A value of "${partitionBy[index] ?? ""}" is too long for a folder name: "${(values[index] ?? "").slice(0, 40)}…"`,
    "Partition by a shorter column, e.g. a code or left(x, 100)",
  );
}
