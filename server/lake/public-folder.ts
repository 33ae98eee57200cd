import { randomUUID } from "node:crypto";
import { renameSync, rmdirSync } from "node:fs";
import type { Stats } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSystemError } from "../base/errors.js";
import { withDiskErrors } from "../base/disk-error.js";
import { makeFolder, syncFolder } from "../base/durable.js";
import { hashFile } from "./hash-file.js";
import type { LakePaths } from "./layout.js";
import { buildLinkTree, isLinkOrCopy, isLinkTree, isSameTime, linkOrCopy } from "./link-tree.js";
import type { PublicItem } from "./public-items.js";
import { listTree, maybeNames, maybeStat, removeTree } from "./tree.js";

const OLD = "old-";
/** Who began to read a folder before it was replaced has so long to finish. */
const GRACE_MS = 10_000;

/**
 * `data_lake/` as other programs see it. What is to be shown is prepared in `.lake/tmp`; then two renames
 * back to back put it in place, so that who opens the path finds the old whole, the new whole or, for some
 * microseconds, nothing. What was replaced lies in `.lake/tmp` for a while.
 *
 * A program that lists a folder and then, by path, the folders in it may list an old one and new ones: files
 * that went fail when they are opened, but a new partition may be missed. Only the log gives a snapshot.
 */
export class PublicFolder {
  /** Where files of users went that lay within what is replaced. */
  readonly rescued: string[] = [];
  readonly #folder: string;
  readonly #paths: LakePaths;
  /** What a run date and `latest/` show is mostly the same, and never changes. */
  readonly #sources = new Map<string, Stats | undefined>();

  constructor(folder: string, paths: LakePaths) {
    this.#folder = folder;
    this.#paths = paths;
  }

  /** Names and stamps are compared, no content. */
  async isShown(item: PublicItem): Promise<boolean> {
    const path = join(this.#folder, item.path);
    if (item.type === "tree") return isLinkTree(path, item.files, (source) => this.#statOf(source));
    const shown = maybeStat(path);
    if (item.type === "file") return isLinkOrCopy(shown, this.#statOf(item.source));
    return (
      shown?.size === Buffer.byteLength(item.text) && isSameTime(shown.mtimeMs, item.modifiedAt.getTime())
    );
  }

  async show(item: PublicItem): Promise<void> {
    const path = join(this.#folder, item.path);
    const prepared = join(this.#paths.tmp, `new-${randomUUID()}`);
    await withDiskErrors(path, async () => {
      await makeFolder(dirname(path));
      await prepare(item, prepared);
      await this.#swap(item, prepared);
      await syncFolder(dirname(path));
    });
  }

  async remove(below: string): Promise<void> {
    const path = join(this.#folder, below);
    await withDiskErrors(path, async () => {
      const old = await this.#placeForOld(below);
      renameSync(path, old.path);
      await syncFolder(dirname(path));
      await this.#rescueForeign(old.folder);
    });
  }

  /** Removes a folder and the empty ones in it, if nothing else is left in them. */
  removeIfEmpty(below: string): void {
    const path = join(this.#folder, below);
    for (const name of maybeNames(path)) {
      if (maybeStat(join(path, name))?.isDirectory()) this.removeIfEmpty(join(below, name));
    }
    try {
      rmdirSync(path);
    } catch (error) {
      if (!isSystemError(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
    }
  }

  /** Empties `.lake/tmp`: only while nothing else is at work. */
  async sweepTemporary(): Promise<void> {
    await this.sweepReplaced(0);
    for (const name of maybeNames(this.#paths.tmp)) await removeTree(join(this.#paths.tmp, name));
  }

  /** Removes what was replaced so long ago that nobody reads it any longer. */
  async sweepReplaced(graceMs = GRACE_MS): Promise<void> {
    for (const name of maybeNames(this.#paths.tmp)) {
      const path = join(this.#paths.tmp, name);
      const ageMs = Date.now() - (maybeStat(path)?.mtimeMs ?? 0);
      if (!name.startsWith(OLD) || (graceMs > 0 && Math.abs(ageMs) < graceMs)) continue;
      await this.#rescueForeign(path);
      await removeTree(path);
    }
  }

  #statOf(source: string): Stats | undefined {
    if (!this.#sources.has(source)) this.#sources.set(source, maybeStat(source));
    return this.#sources.get(source);
  }

  async #swap(item: PublicItem, prepared: string): Promise<void> {
    const path = join(this.#folder, item.path);
    const shown = maybeStat(path);
    const isReplaceable =
      shown === undefined || (shown.isFile() && !isForeign(shown) && maybeStat(prepared)?.isFile());
    if (isReplaceable) renameSync(prepared, path);
    else await this.#swapFolders(item, prepared);
  }

  /** Nothing may come between the two renames: until the second, the path is missing. */
  async #swapFolders(item: PublicItem, prepared: string): Promise<void> {
    const path = join(this.#folder, item.path);
    const old = await this.#placeForOld(item.path);
    renameSync(path, old.path);
    try {
      renameSync(prepared, path);
    } catch (error) {
      renameSync(old.path, path);
      throw error;
    }
    await this.#rescueForeign(old.folder, item);
  }

  /** Below it the path is the same, so that a user's file is found again wherever the process ends. */
  async #placeForOld(below: string): Promise<{ readonly folder: string; readonly path: string }> {
    const folder = join(this.#paths.tmp, `${OLD}${randomUUID()}`);
    const path = join(folder, below);
    await makeFolder(dirname(path));
    return { folder, path };
  }

  /** `shown`: what is shown instead. A copy of it is no user's file, although it lost its mode on the way here. */
  async #rescueForeign(folder: string, shown?: PublicItem): Promise<void> {
    for (const path of await foreignFiles(folder)) {
      if (shown !== undefined && (await isCopyOf(join(folder, path), path, shown))) continue;
      const safe = join(this.#paths.foreign, randomUUID().slice(0, 8), path);
      await makeFolder(dirname(safe));
      await rename(join(folder, path), safe);
      this.rescued.push(safe);
    }
  }
}

async function foreignFiles(folder: string): Promise<string[]> {
  const tree = await listTree(folder);
  return (tree?.files ?? []).filter(({ stats }) => isForeign(stats)).map((file) => file.path);
}

/**
 * True for what a user put into a folder of ours: our files are read-only, and all but copies have their
 * content in a version too, by a second link.
 */
function isForeign(stats: Stats): boolean {
  return stats.nlink === 1 && (stats.mode & 0o222) !== 0;
}

/** Compares the content: stamps and modes do not come through a zip file or git. */
async function isCopyOf(file: string, path: string, item: PublicItem): Promise<boolean> {
  if (item.type === "text") return path === item.path && (await readFile(file, "utf8")) === item.text;
  const source = item.type === "file" ? item.source : item.files.get(path.slice(item.path.length + 1));
  if (source === undefined || maybeStat(source)?.size !== maybeStat(file)?.size) return false;
  return (
    maybeStat(file)?.isFile() === true && (await hashFile(file)).sha256 === (await hashFile(source)).sha256
  );
}

async function prepare(item: PublicItem, path: string): Promise<void> {
  if (item.type === "tree") await buildLinkTree(path, item.files);
  else if (item.type === "file") await linkOrCopy(item.source, path);
  else await writeText(path, item.text, item.modifiedAt);
}

/** The time is a part of what is compared later. */
async function writeText(path: string, text: string, modifiedAt: Date): Promise<void> {
  const handle = await open(path, "wx", 0o444);
  try {
    await handle.writeFile(text);
    await handle.utimes(modifiedAt, modifiedAt);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
