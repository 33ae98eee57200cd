import { constants } from "node:fs";
import type { BigIntStats } from "node:fs";
import { lstat, open, readlink, realpath } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { AppError, isSystemError } from "../base/errors.js";
import { withDiskErrors } from "../base/disk-error.js";

export interface InputRequest {
  readonly absolutePath: string;
  /** As the SQL wrote it; error texts name it. */
  readonly path: string;
  /** False: the file is hashed, not copied. */
  readonly snapshot: boolean;
  /** A link that leads out of this absolute folder is refused. */
  readonly within?: string;
}

/** Tells one state of a file from another without reading it. */
export interface Stamp {
  readonly size: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  readonly ino: string;
}

/** An input file that is open; what is read from `handle` is the file of `realPath` and `stats`. */
export interface OpenInput {
  readonly handle: FileHandle;
  readonly realPath: string;
  readonly stats: BigIntStats;
}

/** Throws `input`, naming the path as the user wrote it, for whatever is not a readable file. */
export async function openInput(request: InputRequest): Promise<OpenInput> {
  const realPath = await resolveInput(request);
  const handle = await openRegular(realPath, request);
  try {
    const stats = await handle.stat({ bigint: true });
    assertRegular(stats, request);
    return { handle, realPath, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Of the file that a link leads to, if it is one. */
export async function stampOf(request: InputRequest): Promise<Stamp> {
  const realPath = await resolveInput(request);
  return toStamp(await onInput(request, () => lstat(realPath, { bigint: true })));
}

export function toStamp(stats: BigIntStats): Stamp {
  const { size, mtimeNs, ctimeNs, ino } = stats;
  return { size: String(size), mtimeNs: String(mtimeNs), ctimeNs: String(ctimeNs), ino: String(ino) };
}

export function isSameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino;
}

/** Looks before it opens: to open a pipe would wait for its other end. */
async function resolveInput(request: InputRequest): Promise<string> {
  const stats = await onInput(request, () => lstat(request.absolutePath, { bigint: true }));
  if (!stats.isSymbolicLink()) assertRegular(stats, request);
  const target = await onInput(request, () => realpath(request.absolutePath));
  if (request.within !== undefined) await assertWithin(request.within, target, request);
  if (stats.isSymbolicLink())
    assertRegular(await onInput(request, () => lstat(target, { bigint: true })), request);
  return target;
}

async function assertWithin(folder: string, target: string, request: InputRequest): Promise<void> {
  const below = relative(await realpath(folder), target);
  if (below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below)) return;
  throw inputError(
    `"${request.path}" is a link that leads out of its folder, to "${target}"`,
    "Copy the file there, or list its folder under data_paths in lakebook.yaml.",
  );
}

function assertRegular(stats: BigIntStats, { path }: InputRequest): void {
  if (stats.isFile()) return;
  throw inputError(`"${path}" is ${kindOf(stats)}, not a file`, "Only regular files can be read as input.");
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isSymbolicLink() ? "a link" : "a device";
}

/** NONBLOCK: should a pipe have taken the file's place by now, opening it does not wait. */
async function openRegular(realPath: string, request: InputRequest): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return onInput(request, () => open(realPath, flags));
}

export async function onInput<T>(request: InputRequest, action: () => Promise<T>): Promise<T> {
  try {
    return await withDiskErrors(request.path, action);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) throw await missing(request);
    if (isSystemError(error, "ELOOP"))
      throw inputError(`"${request.path}" is a link that leads to itself`, "Replace it by the file.");
    throw error instanceof AppError && error.details?.["errno"] === "EACCES"
      ? unreadable(request, error)
      : error;
  }
}

async function missing({ path, absolutePath }: InputRequest): Promise<AppError> {
  const target = await readlink(absolutePath).catch(() => undefined);
  if (target === undefined)
    return inputError(`"${path}" does not exist`, "Check the path, or put the file there.");
  return inputError(
    `"${path}" is a link to "${target}", which does not exist`,
    "Replace the link by the file.",
  );
}

function unreadable({ path }: InputRequest, cause: unknown): AppError {
  return new AppError("input", `"${path}" cannot be read: permission denied`, {
    hint: "Give the user that runs Lakebook the right to read it.",
    cause,
  });
}

export function inputError(message: string, hint: string): AppError {
  return new AppError("input", message, { hint });
}
