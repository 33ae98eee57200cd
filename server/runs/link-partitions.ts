import { link, mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSystemError } from "../base/errors.js";
import type { OutputFile } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { Manifest } from "../lake/model.js";

/** With `sha256` where the file is the one that was stored before. */
export type LinkedFile = OutputFile & { readonly sha256?: string };

/**
 * Takes partitions whose rows did not change from the version before, as hard links: a reader's cache, an rsync and
 * the disk see only what really changed. Returns the files of the build as they are
 * afterwards; of those that were linked the hash is known.
 */
export async function linkUnchangedPartitions(
  lake: Lake,
  folder: string,
  files: readonly OutputFile[],
  before: Manifest,
): Promise<readonly LinkedFile[]> {
  const old = byPartition(before.files.filter((file) => file.format === "parquet"));
  const fresh = byPartition(files.filter((file) => file.format === "parquet"));
  return Promise.all(
    files.map(async (file): Promise<LinkedFile> => {
      const key = partitionKey(file);
      const twin = file.format === "parquet" && fresh.get(key)?.length === 1 ? old.get(key) : undefined;
      const [kept] = twin ?? [];
      if (
        kept === undefined ||
        twin?.length !== 1 ||
        file.contentHash === undefined ||
        kept.contentHash !== file.contentHash ||
        kept.rows !== file.rows
      )
        return file;
      const source = join(lake.versionFolder(before.dataset, before.version), kept.path);
      if (!(await hasSize(source, kept.bytes))) return file;
      return (await replaceByLink(source, join(folder, file.path), join(folder, kept.path)))
        ? { ...file, path: kept.path, bytes: kept.bytes, sha256: kept.sha256 }
        : file;
    }),
  );
}

/** Rows can only be compared where both versions have the same columns in the same order and the same folders. */
export function isComparable(
  before: Manifest,
  columns: Manifest["columns"],
  partitionBy: readonly string[],
): boolean {
  const stored = (of: Manifest["columns"]): string[][] => of.map(({ name, type }) => [name, type]);
  return (
    partitionBy.length > 0 &&
    JSON.stringify([stored(before.columns), before.partitionBy]) ===
      JSON.stringify([stored(columns), partitionBy])
  );
}

function byPartition<T extends { readonly partition: readonly (string | null)[] }>(
  files: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const file of files) groups.set(partitionKey(file), [...(groups.get(partitionKey(file)) ?? []), file]);
  return groups;
}

function partitionKey(file: { readonly partition: readonly (string | null)[] }): string {
  return JSON.stringify(file.partition);
}

/** False for a file that was cut short or removed: the new one takes its place. */
async function hasSize(path: string, bytes: number): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}

async function replaceByLink(source: string, fresh: string, target: string): Promise<boolean> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await link(source, target);
  } catch (error) {
    // Without hard links, or with too many of them, the new file is as good.
    if (isSystemError(error)) return false;
    throw error;
  }
  await rm(fresh);
  return true;
}
