import { linkSync, mkdirSync } from "node:fs";
import type { Stats } from "node:fs";
import { copyFile, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError, isSystemError } from "../base/errors.js";
import { listTree, maybeStat, otherTurns, syncFolders } from "./tree.js";

/** Another disk, a file system without links, or a file that has as many as it may. */
const cannotLink = ["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];
const LINKS_PER_TURN = 200;
/** A time that was set is exact to a microsecond at best. */
const TIME_TOLERANCE_MS = 2;

/** Makes `folder` a tree of hard links to the sources, forced to disk. */
export async function buildLinkTree(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const folders = foldersOf(files.keys());
  for (const path of folders) mkdirSync(join(folder, path));
  let count = 0;
  for (const [path, source] of files) {
    if (++count % LINKS_PER_TURN === 0) await otherTurns();
    await linkOrCopy(source, join(folder, path));
  }
  await syncFolders(folder, folders);
}

/** A copy keeps the time of its source: by that and by its size it is known later. */
export async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    linkSync(source, target);
  } catch (error) {
    if (isSystemError(error, "ENOENT") && maybeStat(source) === undefined) throw missingSource(source);
    if (!isSystemError(error, ...cannotLink)) throw error;
    await copy(source, target);
  }
}

async function copy(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  const { atime, mtime } = await stat(source);
  const handle = await open(target, "r+");
  try {
    await handle.utimes(atime, mtime);
    await handle.chmod(0o444);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** True if the folder shows exactly these files. Nothing is read but names and stamps; `statOf` gives those of sources. */
export async function isLinkTree(
  folder: string,
  files: ReadonlyMap<string, string>,
  statOf: (source: string) => Stats | undefined,
): Promise<boolean> {
  const tree = await listTree(folder);
  if (tree?.files.length !== files.size) return false;
  return tree.files.every(({ path, stats }) => {
    const source = files.get(path);
    return source !== undefined && isLinkOrCopy(stats, statOf(source));
  });
}

export function isLinkOrCopy(shown: Stats | undefined, source: Stats | undefined): boolean {
  if (shown === undefined || source === undefined || !shown.isFile()) return false;
  if (shown.ino === source.ino && shown.dev === source.dev) return true;
  return shown.size === source.size && isSameTime(shown.mtimeMs, source.mtimeMs);
}

export function isSameTime(aMs: number, bMs: number): boolean {
  return Math.abs(aMs - bMs) < TIME_TOLERANCE_MS;
}

/** Parents before children; the folder itself is "". */
function foldersOf(paths: Iterable<string>): string[] {
  const folders = new Set([""]);
  for (const path of paths) {
    const missing: string[] = [];
    for (let at = dirname(path); at !== "." && !folders.has(at); at = dirname(at)) missing.push(at);
    for (const folder of missing.reverse()) folders.add(folder);
  }
  return [...folders];
}

function missingSource(source: string): AppError {
  return new AppError("damaged", `"${source}" is missing`, {
    hint: "Run `lakebook verify` to see what else is.",
  });
}
