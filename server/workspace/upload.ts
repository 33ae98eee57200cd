import { constants, createWriteStream } from "node:fs";
import { copyFile, link, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
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
      hint: "Send the file under another name, or remove the one that is there.",
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
