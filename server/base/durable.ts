import { randomUUID } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { z } from "zod";
import { AppError, isSystemError } from "./errors.js";
import { toDiskError, withDiskErrors } from "./disk-error.js";

/**
 * Writing that survives a power cut: what is to be seen is first forced to disk under a name that nobody
 * looks at, then gets its name in one step, then the folder is forced to disk. A failed fsync fails the
 * operation and is never repeated: Linux drops the dirty pages, so that a second fsync reports success.
 */

/** File systems without hard links say one of these. */
const noHardLinks = ["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"];

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes names that were added to the folder or removed from it lasting. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  try {
    await syncFile(path);
  } catch (error) {
    // Some network file systems know no fsync of folders; they do without.
    if (!isSystemError(error, "EINVAL", "ENOTSUP")) throw toDiskError(error, path);
  }
}

/**
 * Creates a folder with its parents, each of them lasting; one that is there is fine. Not with Node's
 * `recursive`, which calls a full disk "no such file or directory".
 */
export async function makeFolder(path: string): Promise<void> {
  await withDiskErrors(path, async () => {
    try {
      if (!(await mkdirIfAbsent(path))) return;
    } catch (error) {
      if (!isSystemError(error, "ENOENT") || dirname(path) === path) throw error;
      await makeFolder(dirname(path));
      if (!(await mkdirIfAbsent(path))) return;
    }
    await syncFolder(dirname(path));
  });
}

/** Returns false where it is there: another process may have been faster. */
export async function mkdirIfAbsent(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  }
}

/** Only this user may look into it. Fails with code disk where it cannot be made or something else is in its place. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await withDiskErrors(folder, async () => {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      if (!isSystemError(error, "EEXIST", "ENOTDIR")) throw error;
    });
    if (!(await stat(folder)).isDirectory())
      throw new AppError("disk", `"${folder}" is not a folder: Lakebook keeps its private state there.`, {
        hint: "Move it away, then start again.",
      });
    await chmod(folder, 0o700);
    for (let made = first === undefined ? "" : folder; made.startsWith(first ?? folder); made = dirname(made))
      await syncFolder(dirname(made));
  });
}

/** Fails where there is such a file already. The folder is not forced to disk. */
export async function writeNewFile(path: string, text: string | Uint8Array, mode = 0o644): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface PutOptions {
  /** Where the text is prepared, on the same disk. */
  readonly temporaryFolder: string;
  readonly mode?: number;
  /** False for what means nothing after a power cut. */
  readonly isLasting?: boolean;
}

/** Returns false, and changes nothing, where there is such a file. */
export async function putIfAbsent(
  path: string,
  text: string | Uint8Array,
  options: PutOptions,
): Promise<boolean> {
  const { temporaryFolder, mode, isLasting = true } = options;
  const temporary = temporaryName(path, temporaryFolder);
  return withDiskErrors(path, async () => {
    try {
      await (isLasting
        ? writeNewFile(temporary, text, mode)
        : writeFile(temporary, text, { flag: "wx", mode }));
      if (!(await linkOrWrite(temporary, path, text, mode))) return false;
      if (isLasting) await syncFolder(dirname(path));
      return true;
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** Without hard links a crash may leave a part of the text: the log's reader expects that of its last entry. */
async function linkOrWrite(
  temporary: string,
  path: string,
  text: string | Uint8Array,
  mode?: number,
): Promise<boolean> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    if (!isSystemError(error, ...noHardLinks)) throw error;
    return writeUnlessThere(path, text, mode);
  }
  return true;
}

async function writeUnlessThere(path: string, text: string | Uint8Array, mode?: number): Promise<boolean> {
  try {
    await writeNewFile(path, text, mode);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  }
  return true;
}

export interface ReplaceOptions {
  /** Where the new text is prepared, on the same disk; defaults to the file's own folder. */
  readonly temporaryFolder?: string;
  readonly mode?: number;
  /** False: a power cut may leave an empty file, or none. */
  readonly isLasting?: boolean;
}

/** Readers see the old text or the new one, never a part, and so does whoever comes after a power cut. */
export async function replaceFile(path: string, text: string, options: ReplaceOptions = {}): Promise<void> {
  const { temporaryFolder = dirname(path), mode, isLasting = true } = options;
  const temporary = temporaryName(path, temporaryFolder);
  await withDiskErrors(path, async () => {
    try {
      if (isLasting) await writeNewFile(temporary, text, mode);
      else await writeFile(temporary, text, { flag: "wx", mode });
      await rename(temporary, path);
      if (isLasting) await syncFolder(dirname(path));
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** Adds to the end of a file in one piece; a crash may leave a part of it. A new file is its folder's matter. */
export async function appendToFile(
  path: string,
  text: string,
  { mode, isLasting = true }: Pick<ReplaceOptions, "mode" | "isLasting"> = {},
): Promise<void> {
  await withDiskErrors(path, async () => {
    const handle = await open(path, "a", mode);
    try {
      await handle.writeFile(text);
      if (isLasting) await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/** Returns undefined where there is no such file; one that does not fit the schema is `damaged`. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await withDiskErrors(path, () => maybeReadText(path));
  if (text === undefined) return undefined;
  const result = schema.safeParse(maybeJson(text));
  if (!result.success) throw new AppError("damaged", `"${path}" cannot be read`, { cause: result.error });
  return result.data;
}

export async function maybeReadText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Returns undefined for text that is not JSON. */
export function maybeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function temporaryName(path: string, folder: string): string {
  return join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
}
