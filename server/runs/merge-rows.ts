import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashFile } from "../lake/hash-file.js";
import { linkOrCopy } from "../lake/link-tree.js";
import type { Manifest } from "../lake/model.js";
import type { DraftFile } from "../lake/versions.js";
import type { MaterializedOutput } from "../engine/engine.js";
import type { MergedOutput, PartFile } from "../engine/increment.js";
import { MAX_TOUCHED, type Way } from "../incremental/choose-way.js";
import type { NewRows } from "./new-rows.js";
import { publishedBefore } from "./read-versions.js";
import { type CumulativeTask, type FoundRows, metadataOf, versionFolder } from "./cumulative-task.js";

/** Puts what was published before and what was computed now together; `exceeds`: also where most partitions are written again. */
export async function mergeRows(
  task: CumulativeTask,
  base: readonly PartFile[],
  columns: MaterializedOutput["columns"],
  { added, replaced, touched, tellLate }: FoundRows,
  way: Way,
  exceeds: boolean,
): Promise<MergedOutput> {
  const { engine } = task.context;
  const folder = task.folder;
  const { cell } = task.work;
  const fresh = (added?.files ?? []).map(({ path, partition, rows, bytes, contentHash = "" }) => ({
    path: join(folder, path),
    folder: dirname(path),
    partition,
    rows,
    bytes,
    contentHash,
  }));
  const lateBy = tellLate !== undefined ? undefined : way.type === "upsert" ? "key" : "partition";
  return engine.merge(
    {
      base,
      added: fresh,
      columns,
      ...(replaced === undefined ? {} : { replaced }),
      ...(touched === undefined ? {} : { touched }),
      key: cell.options.key,
      ...(lateBy === undefined ? {} : { lateBy }),
      eventTime: cell.options.eventTime,
      folder,
      dataset: cell.name,
      formats: cell.options.materialize,
      partitionBy: cell.options.partitionBy,
      metadata: metadataOf(task),
      maxTouched: MAX_TOUCHED,
      exceeds,
    },
    task.control,
  );
}

/** The files of a version as parts; undefined of one that does not tell their contents. */
export function partFiles(task: CumulativeTask, before: Manifest): PartFile[] | undefined {
  const folder = versionFolder(task, before);
  const files = before.files.filter(({ format }) => format === "parquet");
  if (files.some(({ contentHash }) => contentHash === undefined)) return undefined;
  return files.map(({ path, partition, rows, bytes, contentHash = "" }) => ({
    path: join(folder, path),
    folder: dirname(path),
    partition,
    rows,
    bytes,
    contentHash,
  }));
}

/** Puts files of the version before, which stay as they are, into the folder. */
export async function linkKept(
  task: CumulativeTask,
  before: Manifest,
  kept: readonly PartFile[],
): Promise<DraftFile[]> {
  const byPath = new Map(
    before.files.map((file) => [join(versionFolder(task, before), file.path), file] as const),
  );
  const files: DraftFile[] = [];
  for (const { path } of kept) {
    const file = byPath.get(path);
    if (file === undefined) throw new Error(`unreachable: "${path}" is no file of the version before`);
    await mkdir(dirname(join(task.folder, file.path)), { recursive: true });
    await linkOrCopy(path, join(task.folder, file.path));
    files.push({ ...file, partition: [...file.partition] });
  }
  return files;
}

/** Whether the rows that were copied are those that the manifest tells of; links have its hashes, which `verify` looks at. */
export async function isIntact(
  task: CumulativeTask,
  before: Manifest,
  base: readonly PartFile[],
  { kept }: MergedOutput,
): Promise<boolean> {
  const linked = new Set(kept.map(({ path }) => path));
  const hashes = new Map(
    before.files.map(({ path, sha256 }) => [join(versionFolder(task, before), path), sha256]),
  );
  for (const { path, rows } of base) {
    if (rows === 0 || linked.has(path)) continue;
    if ((await hashFile(path)).sha256 !== hashes.get(path)) return false;
  }
  return true;
}

/** Rows that come, for the checks: once they are put together with the others their files may be gone. */
export async function keepNewRows(
  task: CumulativeTask,
  before: Manifest,
  { added, replaced }: FoundRows,
): Promise<NewRows | undefined> {
  const placement = publishedBefore(task.context, before.dataset);
  const came = added?.files.filter(({ rows }) => rows > 0) ?? [];
  if (placement?.version !== before.version || came.length === 0) return undefined;
  const files: string[] = [];
  for (const { path } of came)
    files.push(
      await task.context.changes.put(`rows ${task.work.fingerprint} ${path}`, (file) =>
        linkOrCopy(join(task.folder, path), file),
      ),
    );
  return {
    content: before.contentHash,
    date: placement.runDate,
    files,
    rows: came.reduce((sum, { rows }) => sum + rows, 0),
    apart: replaced?.columns ?? [],
  };
}
