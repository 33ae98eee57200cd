import { lstatSync, readdirSync } from "node:fs";
import type { Stats } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../base/errors.js";
import { forEachConcurrently } from "./concurrency.js";
import { withDiskErrors } from "../base/disk-error.js";
import { syncFolder } from "../base/durable.js";

export interface TreeFile {
  /** Path below the folder, `/` as separator. */
  readonly path: string;
  readonly stats: Stats;
}

export interface Tree {
  /** Everything that is not a folder, links too. */
  readonly files: readonly TreeFile[];
  /** Paths below the folder, parents before children; the folder itself is "". */
  readonly folders: readonly string[];
}

/** So many folders are read at a stretch before others get their turn. */
const FOLDERS_PER_TURN = 64;
const SYNCS_AT_ONCE = 4;

/**
 * Lists a folder without following links; undefined where it is missing or not a folder. The calls are
 * synchronous: for names that the system has in memory they take a tenth of the time.
 */
export async function listTree(folder: string): Promise<Tree | undefined> {
  if (!maybeStat(folder)?.isDirectory()) return undefined;
  const files: TreeFile[] = [];
  const folders = [""];
  for (let index = 0; index < folders.length; index++) {
    if (index % FOLDERS_PER_TURN === FOLDERS_PER_TURN - 1) await otherTurns();
    listFolder(folder, folders[index] ?? "", files, folders);
  }
  return { files, folders };
}

function listFolder(root: string, below: string, files: TreeFile[], folders: string[]): void {
  for (const name of maybeNames(join(root, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const stats = maybeStat(join(root, path));
    if (stats?.isDirectory()) folders.push(path);
    else if (stats !== undefined) files.push({ path, stats });
  }
}

/** The names in a folder, sorted; none where it is missing. */
export function maybeNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

export function maybeStat(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Forces all folders of a tree to disk, the innermost first; the files are the caller's. */
export async function syncFolders(folder: string, folders: readonly string[]): Promise<void> {
  const innermostFirst = [...folders].reverse();
  await forEachConcurrently(innermostFirst, SYNCS_AT_ONCE, (path) => syncFolder(join(folder, path)));
}

/** A folder that is missing is fine. */
export async function removeTree(path: string): Promise<void> {
  await withDiskErrors(path, () => rm(path, { recursive: true, force: true }));
}

export function otherTurns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
