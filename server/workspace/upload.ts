import { randomUUID } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { chmod, copyFile, link, lstat, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { syncFolder } from "../base/durable.js";
import { AppError, isSystemError } from "../base/errors.js";
import type { Workspace } from "./workspace.js";

const DEFAULT_UPLOAD_LIMIT = 2 ** 30;

export interface UploadSize {
  /** In bytes. */
  readonly limit?: number | undefined;
  /** As it was announced, which need not be true; 0 where it was not. */
  readonly length?: number;
}

/** Streams a file to a path. Fails with code input where it is larger than the limit. */
export async function receiveFile(
  path: string,
  openBody: () => Readable,
  { limit = DEFAULT_UPLOAD_LIMIT, length = 0 }: UploadSize = {},
): Promise<void> {
  if (length > limit) throw tooLarge(limit);
  const counter = new ByteCounter(limit);
  await pipeline(openBody(), counter, createWriteStream(path, { flags: "wx", flush: true, mode: 0o644 }));
}

/**
 * Gives files their names in `input/`, all of them or none. None gets that of another file: fails with code conflict.
 * Returns the paths as SQL names them.
 */
export async function putIntoInput(
  workspace: Workspace,
  files: readonly { readonly name: string; readonly absolutePath: string }[],
): Promise<string[]> {
  await mkdir(workspace.input, { recursive: true });
  const put: string[] = [];
  try {
    for (const { name, absolutePath } of files) {
      const target = join(workspace.input, name);
      await putNew(absolutePath, target, name);
      put.push(target);
    }
  } catch (error) {
    for (const target of put) await rm(target, { force: true });
    throw error;
  }
  return files.map(({ name }) => `input/${name}`);
}

/**
 * Whether a file of that path below `input/` is there, to be replaced. Fails with code usage for a path that leads out, through a link or
 * to anything but a file, and with code not-found where its folder is not there: an upload makes no folders.
 */
export async function isReplaceable(workspace: Workspace, name: string): Promise<boolean> {
  const parts = name.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part)))
    throw new AppError("usage", `"${name}" is not the path of a file below input/.`, {
      hint: "For example: orders.csv, or shop/orders.csv",
    });
  for (const index of parts.keys()) {
    const path = parts.slice(0, index + 1).join("/");
    const isLast = index === parts.length - 1;
    const stats = await lstat(join(workspace.input, path)).catch((error: unknown) => {
      if (isSystemError(error, "ENOENT", "ENAMETOOLONG")) return undefined;
      throw error;
    });
    if (stats === undefined) {
      if (parts.length === 1) return false;
      throw new AppError("not-found", `There is no "input/${path}".`, {
        hint: "A file in a folder can be replaced where it is; a new one is sent without a folder.",
      });
    }
    if (isLast ? stats.isFile() : stats.isDirectory()) continue;
    throw new AppError(
      "usage",
      `"input/${path}" is not a ${isLast ? "file" : "folder"}: it is not replaced.`,
      {
        hint: "A link, or what it leads to, is replaced on the server's disk.",
      },
    );
  }
  return true;
}

/** Puts a file in the place of another by one rename: whoever reads sees the old one or the new one. */
export async function replaceInput(workspace: Workspace, name: string, from: string): Promise<void> {
  const target = join(workspace.input, name);
  // It was long ago that somebody looked: the file came in between.
  if (!(await isReplaceable(workspace, name))) {
    await putNew(from, target, name);
    return;
  }
  await chmod(from, (await lstat(target)).mode & 0o777);
  await rename(from, target).catch(async (error: unknown) => {
    if (!isSystemError(error, "EXDEV")) throw error;
    await renameFromAfar(from, target);
  });
  await syncFolder(dirname(target));
}

/** `input/` is often a file system of its own: the file is brought beside its place first. */
async function renameFromAfar(from: string, target: string): Promise<void> {
  const beside = join(dirname(target), `.${randomUUID()}.part`);
  try {
    await copyFile(from, beside, constants.COPYFILE_EXCL);
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
}

/** The last part of a path, without what has a meaning in a path, a glob or a SQL text. */
export function toInputName(fileName: string): string {
  const name = fileName
    .normalize("NFC")
    .replace(/^.*[\\/]/, "")
    .replace(/[^\p{L}\p{N}\p{M} ._()+=@,-]/gu, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
  const ending = /\.[A-Za-z0-9]{1,10}(\.[A-Za-z0-9]{1,4})?$/.exec(name)?.[0] ?? "";
  const stem = name.slice(0, name.length - ending.length);
  let kept = stem;
  while (Buffer.byteLength(kept) > 180) kept = kept.slice(0, -1).replace(/[\ud800-\udbff]$/, "");
  if (kept === "" && ending === "")
    throw new AppError("usage", `"${fileName}" cannot be the name of a file.`, {
      hint: "For example: orders.csv",
    });
  return `${kept === "" ? "file" : kept}${ending}`;
}

async function putNew(from: string, to: string, name: string): Promise<void> {
  try {
    await link(from, to).catch(async (error: unknown) => {
      if (!isSystemError(error, "EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP")) throw error;
      await copyFile(from, to, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
    throw new AppError("conflict", `"input/${name}" exists already.`, {
      hint: "Send the file under another name, or with ?replace=true in its place.",
    });
  }
}

class ByteCounter extends Transform {
  readonly #limit: number;
  bytes = 0;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override _transform(
    chunk: Buffer,
    _encoding: string,
    done: (error: Error | null, chunk?: Buffer) => void,
  ): void {
    this.bytes += chunk.length;
    if (this.bytes <= this.#limit) done(null, chunk);
    else done(tooLarge(this.#limit));
  }
}

function tooLarge(limitBytes: number): AppError {
  return new AppError("input", `The file is larger than ${String(limitBytes)} bytes.`, {
    hint: "Copy it into input/, or raise upload_limit in lakebook.yaml.",
    details: { limitBytes },
  });
}
