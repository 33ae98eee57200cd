import type { FileHandle } from "node:fs/promises";

/** Bytes of a file, the end excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What is read at each place; a cut is looked for in its first half, and followed to its end. */
const WINDOW_BYTES = 1024 ** 2;

const SPACE = "[\\t\\n\\r ]*";
/** The beginning of an array of objects that are not empty. */
const head = new RegExp(`^${SPACE}\\[${SPACE}\\{${SPACE}("(?:[^"\\\\]|\\\\.){0,1000}")${SPACE}:`, "s");

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Cuts a JSON array into about so many ranges of about one length, by looking at a few places only. Put together with a
 * comma between any two they are the file; the first has its opening bracket and the last its closing one. A cut is
 * made before a record with the first record's first key. It may be a wrong one where records hold long lists of such
 * objects; then the range that ends there ends within a record. One range where nothing is found.
 */
export async function cutArray(file: FileHandle, size: number, parts: number): Promise<readonly ByteRange[]> {
  const whole = [{ start: 0, end: size }];
  const [, key] = head.exec((await readWindow(file, 0)).toString("latin1")) ?? [];
  if (key === undefined) return whole;
  const ranges: ByteRange[] = [];
  let start = 0;
  for (let part = 1; part < parts; part++) {
    const at = Math.max(start, Math.floor((size * part) / parts));
    const window = await readWindow(file, at);
    const comma = findCut(window, key, at + window.length === size);
    if (comma === undefined) continue;
    ranges.push({ start, end: at + comma });
    start = at + comma + 1;
  }
  return [...ranges, { start, end: size }];
}

async function readWindow(file: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(WINDOW_BYTES);
  const { bytesRead } = await file.read(buffer, 0, WINDOW_BYTES, position);
  return buffer.subarray(0, bytesRead);
}

/** The place of a comma between two records. */
function findCut(window: Buffer, key: string, isEnd: boolean): number | undefined {
  const text = window.toString("latin1");
  const name = key.replace(/[^\w]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const between = new RegExp(`\\}${SPACE}(,)${SPACE}\\{${SPACE}${name}${SPACE}:`, "dg");
  for (let found = between.exec(text); found !== null; found = between.exec(text)) {
    const [comma = 0, record = 0] = found.indices?.[1] ?? [];
    if (comma > WINDOW_BYTES / 2) return undefined;
    const outer = findOuterEnd(window, record);
    const isLast = outer !== undefined && isEnd && /^[\]\t\n\r ]*$/.test(text.slice(outer));
    if (outer === undefined || isLast) return comma;
    // It was within a record: the next ones until there are of its kind.
    between.lastIndex = outer;
  }
  return undefined;
}

/** Where a bracket closes that was opened before `start`, which is between two values. */
function findOuterEnd(bytes: Buffer, start: number): number | undefined {
  let depth = 0;
  let isText = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --depth < 0) return at;
  }
  return undefined;
}
