import type { FileHandle } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { AppError } from "../base/errors.js";

const GZIP = Buffer.from([0x1f, 0x8b]);

export function isGzip(start: Buffer): boolean {
  return start.subarray(0, 2).equals(GZIP);
}

/** Zeros behind the last member of a gzip file. */
export interface Padding {
  /** Where they begin, which is where the file should end. */
  readonly start: number;
  readonly bytes: number;
}

/**
 * What tapes and object stores fill a file up with: gzip ignores it, the engine reads no such file. Throws `input` for a gzip
 * file that is cut off or damaged, or is followed by anything else; undefined too where it is no gzip.
 */
export async function findPadding(handle: FileHandle, path: string): Promise<Padding | undefined> {
  if (!isGzip(await readAt(handle, 0, 2))) return undefined;
  const { size } = await handle.stat();
  const end = await unpackedEnd(handle, size);
  if (end === "damaged" || (end === "cut off" && !(await hasByteBehind(handle, size)))) throw damaged(path);
  if (typeof end === "number" && (await isZero(handle, end)))
    return end === size ? undefined : { start: end, bytes: size - end };
  throw new AppError("input", `"${path}" has something behind its end that is not gzip.`, {
    hint: "Deliver it again; or keep what gzip finds in it: gzip -cd FILE | gzip > NEW.",
  });
}

/** A single byte that no member begins with looks as if one were cut off. */
async function hasByteBehind(handle: FileHandle, size: number): Promise<boolean> {
  const [last] = await readAt(handle, size - 1, 1);
  return last !== GZIP[0] && (await unpackedEnd(handle, size - 1)) === size - 1;
}

/** Of the first bytes of a file: where zlib finds the end of the last member that no zero precedes, or what it finds. */
async function unpackedEnd(
  handle: FileHandle,
  bytes: number,
): Promise<number | "cut off" | "damaged" | "followed"> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const gunzip = createGunzip();
  try {
    const source = handle.createReadStream({ start: 0, end: bytes - 1, autoClose: false });
    await pipeline(source, gunzip, nowhere);
    return gunzip.bytesWritten;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    if (error.code === "Z_BUF_ERROR") return "cut off";
    // Of the first member the header was seen already.
    if (error.code === "ERR_STREAM_PUSH_AFTER_EOF" || error.message === "incorrect header check")
      return "followed";
    if (error.code === "Z_DATA_ERROR") return "damaged";
    throw error;
  }
}

async function isZero(handle: FileHandle, start: number): Promise<boolean> {
  for (let position = start; ;) {
    const bytes = await readAt(handle, position, 64 * 1024);
    if (bytes.length === 0) return true;
    if (bytes.some((byte) => byte !== 0)) return false;
    position += bytes.length;
  }
}

export function damaged(path: string): AppError {
  return new AppError("input", `"${path}" is cut off or damaged: it cannot be decompressed to its end.`, {
    hint: "Deliver it again, whole.",
  });
}

/** Fewer bytes where the file has no more. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
