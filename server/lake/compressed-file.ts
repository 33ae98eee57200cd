import type { FileHandle } from "node:fs/promises";
import { damaged, findPadding, isGzip, readAt, type Padding } from "./gzip-file.js";
import { canonicalJson } from "../base/hash.js";
import { inputError, toStamp } from "./input-file.js";

const ZSTD = 0xfd2fb528;
/** The sixteen magic numbers of frames that hold no data, but for their last digit. */
const SKIPPABLE = 0x184d2a50;
const MAX_KNOWN = 1_000;

/** Compressed files that were found whole, by path and stamp. */
const known = new Set<string>();

/**
 * Throws `input` for a gzip or zstd file that is cut off or damaged: the engine reads what is left of one as if it were
 * all; and for gzip with something behind its end. Tells the format by the content. Of zstd only the lengths of the
 * blocks are looked at (RFC 8878, section 3.1).
 */
export async function requireWhole(handle: FileHandle, path: string): Promise<void> {
  const start = await readAt(handle, 0, 4);
  if (!isGzip(start) && !isZstd(start)) return;
  const key = canonicalJson([path, toStamp(await handle.stat({ bigint: true }))]);
  if (known.has(key)) return;
  if (isZstd(start) && !(await isWholeZstd(handle))) throw damaged(path);
  requireNoPadding(path, await findPadding(handle, path));
  if (known.size >= MAX_KNOWN) known.clear();
  known.add(key);
}

function isZstd(start: Buffer): boolean {
  if (start.length < 4) return false;
  const magic = start.readUInt32LE();
  return magic === ZSTD || isSkippable(magic);
}

function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE;
}

function requireNoPadding(path: string, padding: Padding | undefined): void {
  if (padding === undefined) return;
  throw inputError(
    `"${path}" has ${String(padding.bytes)} zero bytes behind its end, which the engine does not read.`,
    `Cut them off: truncate -s ${String(padding.start)} FILE. Adding the file on the page or with lakebook open does that too.`,
  );
}

async function isWholeZstd(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  let position = 0;
  while (position < size) {
    const next = await endOfFrame(handle, position);
    if (next === undefined || next > size) return false;
    position = next;
  }
  return true;
}

/** Undefined where there is no frame, or it lacks something. */
async function endOfFrame(handle: FileHandle, start: number): Promise<number | undefined> {
  const head = await readAt(handle, start, 8);
  if (head.length < 8) return undefined;
  const magic = head.readUInt32LE();
  if (isSkippable(magic)) return start + 8 + head.readUInt32LE(4);
  if (magic !== ZSTD) return undefined;
  const descriptor = head.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const blocks = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  const end = await endOfBlocks(handle, blocks);
  return end === undefined ? undefined : end + ((descriptor & 4) === 0 ? 0 : 4);
}

async function endOfBlocks(handle: FileHandle, start: number): Promise<number | undefined> {
  for (let position = start; ;) {
    const head = await readAt(handle, position, 3);
    if (head.length < 3) return undefined;
    const block = head.readUIntLE(0, 3);
    const type = (block >> 1) & 3;
    if (type === 3) return undefined;
    position += 3 + (type === 1 ? 1 : block >> 3);
    if ((block & 1) === 1) return position;
  }
}
