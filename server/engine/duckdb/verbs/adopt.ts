import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { AdoptTask } from "../../adopt.js";
import type { MaterializedOutput, OutputFile } from "../../engine.js";
import { readFiles } from "../scope-sql.js";
import { TaskError } from "../tasks-error.js";
import { withScope, type ScopedInstance, type TaskContext } from "../worker/tasks-scope.js";
import { hashContent } from "./materialize.js";
import { writeExport } from "./materialize-export.js";
import { scanFiles, type WrittenFile } from "./materialize-parquet.js";
import { partitionLists, requireShortNames } from "./materialize-partitions.js";

/** No column of a user is called so. */
const FILE_COLUMN = "lakebook file of a row";

/** Files with rows, in their order, and where they belong. */
interface FoundFile {
  readonly path: string;
  readonly rows: number;
  readonly partition: readonly (string | null)[];
  readonly folders: readonly string[];
}

/** Makes a dataset's files of those that another engine wrote; the caller owns the folder, also when this fails. */
export function runAdoptTask(task: AdoptTask, context: TaskContext): Promise<MaterializedOutput> {
  const scope = { root: task.folder, readable: [], relations: [], parameters: [] };
  return withScope(context, scope, { writable: [task.folder] }, async (scoped) => {
    const written = await moveFiles(scoped, task);
    const rows = written.reduce((sum, file) => sum + file.rows, 0);
    const made = { columns: task.columns, casts: [], scannedRows: {} };
    if (task.keepsTypes === true)
      return { ...made, rows, files: written.map((file) => toOutput(task, file)), contentHash: "" };
    const plan = { columns: task.columns, variants: [] };
    const parquet = await scanFiles(scoped, task, plan, written);
    const files: OutputFile[] = [...parquet.files];
    for (const format of task.formats)
      if (format !== "parquet") files.push(await writeExport(scoped, task, format, task.columns, parquet));
    const contentHash = hashContent(task.columns, rows, parquet.hashSum);
    return { ...made, rows, files, contentHash };
  });
}

function toOutput({ folder }: AdoptTask, { path, rows, bytes, partition }: WrittenFile): OutputFile {
  return { path: path.slice(folder.length + 1), format: "parquet", rows, bytes, partition };
}

async function moveFiles(scoped: ScopedInstance, task: AdoptTask): Promise<readonly WrittenFile[]> {
  const target = join(task.folder, "parquet");
  await mkdir(target);
  const paths = await partFiles(task.written);
  const found = paths.length === 0 ? [] : await findFiles(scoped, task, paths);
  const moved: WrittenFile[] = [];
  for (const { path, rows, partition, folders } of found) {
    requireShortNames({ values: partition, folders }, task.partitionBy);
    const folder = join(target, ...folders);
    await mkdir(folder, { recursive: true });
    const file = join(folder, `part-${randomUUID()}.parquet`);
    await rename(path, file);
    moved.push({ path: file, rows, partition, bytes: (await stat(file)).size });
  }
  await rm(task.written, { recursive: true, force: true });
  return moved.length > 0 ? moved : [await writeEmptyFile(scoped, task, target)];
}

/** In the order of their names, which is that of their rows. */
async function partFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^part-.*\.parquet$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

async function findFiles(
  { instance }: ScopedInstance,
  { partitionBy, columns }: AdoptTask,
  paths: readonly string[],
): Promise<readonly FoundFile[]> {
  const described = await instance.rows(`DESCRIBE SELECT * FROM (${readFiles(paths, columns)})`);
  for (const [index, { name, type }] of columns.entries())
    if (described[index]?.[1] !== storedType(type))
      throw new TaskError(
        "query",
        `"${name}" was written as ${String(described[index]?.[1])} instead of ${storedType(type)}`,
      );
  const by = partitionBy.map((name) => ({ name, stored: quoteIdentifier(name) }));
  const file = quoteIdentifier(FILE_COLUMN);
  const lists = by.length === 0 ? "[], []" : partitionLists(by);
  const groups = [file, ...by.map(({ stored }) => stored)].join(", ");
  const source = readFiles(paths, columns, FILE_COLUMN);
  const rows = await instance.rows(`SELECT ${file}, ${lists}, count(*) FROM (${source}) GROUP BY ${groups}`);
  const found = rows.map(([path, partition, folders, count]): FoundFile => ({
    path: String(path),
    rows: Number(count),
    partition: partition as FoundFile["partition"],
    folders: folders as readonly string[],
  }));
  if (new Set(found.map(({ path }) => path)).size < found.length)
    throw new TaskError("query", "Rows of two partitions were written into one file");
  const places = new Map(paths.map((path, index) => [path, index]));
  return found.sort((a, b) => (places.get(a.path) ?? 0) - (places.get(b.path) ?? 0));
}

/** Of a column that is read with a cast, the type that the cast is from. */
function storedType(type: string): string {
  return type.replaceAll("HUGEINT", "DECIMAL(38,0)");
}

/** Of no rows there is no partition, and maybe no file: the schema has to lie somewhere. */
async function writeEmptyFile(
  { instance }: ScopedInstance,
  { columns }: AdoptTask,
  folder: string,
): Promise<WrittenFile> {
  const path = join(folder, `part-${randomUUID()}.parquet`);
  const nulls = columns.map(
    ({ name, type }) => `CAST(NULL AS ${storedType(type)}) AS ${quoteIdentifier(name)}`,
  );
  const copy = `COPY (SELECT ${nulls.join(", ")} LIMIT 0) TO ${quoteLiteral(path)}`;
  await instance.runOwn(`${copy} (FORMAT parquet, COMPRESSION zstd)`);
  return { path, rows: 0, partition: [], bytes: (await stat(path)).size };
}
