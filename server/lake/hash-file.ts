import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

export interface FileDigest {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Large enough that the way through the thread pool does not count, small enough to stay in a processor's cache from the
 * read to the write. With 2 MB, copies of 1.1 GB took 0.6 to 2.9 s on one machine, most of it in the kernel; with this, 0.7
 * to 1.0 s.
 */
const CHUNK_BYTES = 256 * 1024;
const SMALLEST_CHUNK_BYTES = 4 * 1024;

export async function hashFile(path: string): Promise<FileDigest> {
  const handle = await open(path, "r");
  try {
    return await digest(handle);
  } finally {
    await handle.close();
  }
}

/**
 * Reads a file once, hashes it and writes it to `copy`, if there is one. While a chunk is hashed here, the
 * thread pool reads the next one and writes this one. The copy is not on disk yet when this returns.
 */
export async function digest(source: FileHandle, copy?: FileHandle): Promise<FileDigest> {
  const hash = createHash("sha256");
  const buffers = await twoBuffers(source);
  let bytes = 0;
  let reading = readChunk(source, buffers[0], 0);
  let writing: Promise<unknown> = Promise.resolve();
  for (let turn = 1; ; turn++) {
    const chunk = await reading;
    await writing;
    if (chunk.length === 0) return { sha256: hash.digest("hex"), bytes };
    reading = readChunk(source, buffers[turn % 2 === 0 ? 0 : 1], bytes + chunk.length);
    if (copy !== undefined) writing = handled(writeChunk(copy, chunk, bytes));
    hash.update(chunk);
    bytes += chunk.length;
  }
}

function readChunk(source: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  const read = source.read(buffer, 0, buffer.length, position);
  return handled(read.then(({ bytesRead }) => buffer.subarray(0, bytesRead)));
}

async function writeChunk(copy: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    done += (await copy.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
  }
}

/** Of the size of the file, and one byte more to see its end, so that a thousand small files cost little. */
async function twoBuffers(source: FileHandle): Promise<readonly [Buffer, Buffer]> {
  const { size } = await source.stat();
  const length = Math.max(SMALLEST_CHUNK_BYTES, Math.min(CHUNK_BYTES, size + 1));
  return [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)];
}

/** It is awaited later; until then a failure must not count as one that nobody looks at. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
