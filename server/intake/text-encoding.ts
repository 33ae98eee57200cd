import { isUtf8 } from "node:buffer";
import { createReadStream, createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { refusal, utf16Order, type FileEnds } from "./file-kind.js";

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "latin-1" | "windows-1252";

export interface FoundEncoding {
  readonly encoding: TextEncoding;
  readonly hasMark: boolean;
}

/** Beyond, the rest is taken to be as what came before. */
const SCANNED_BYTES = 2 ** 31;

/**
 * Looks at the whole file: the first letter beyond ASCII may stand anywhere in it. Fails with code input where a text is UTF-8 here
 * and something else there: no reading of it is right.
 */
export async function findEncoding(path: string, file: FileEnds): Promise<FoundEncoding> {
  const { head, name } = file;
  const order = utf16Order(head);
  if (order !== undefined) return { encoding: order, hasMark: head[0] === 0xff || head[0] === 0xfe };
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  if (file.compression === "zstd") return { encoding: "utf-8", hasMark };
  const scan = new Utf8Scan();
  for await (const chunk of readText(path, file)) {
    scan.add(chunk as Buffer);
    if (scan.bytes > SCANNED_BYTES) break;
  }
  scan.end();
  if (scan.badLine === undefined) return { encoding: "utf-8", hasMark };
  if (scan.hadLetters || hasMark)
    throw refusal(
      name,
      `is UTF-8, but line ${String(scan.badLine)} has a byte that is not`,
      "Save the file as UTF-8 with the program that it comes from.",
    );
  return { encoding: scan.hasWindowsLetters ? "windows-1252" : "latin-1", hasMark: false };
}

/**
 * Writes the text anew as UTF-8 without a mark, packed as it was. Fails with code input where bytes are none of its
 * encoding, as at the end of UTF-16 that is cut off.
 */
export async function toUtf8(
  path: string,
  target: string,
  encoding: TextEncoding,
  { name, compression }: Pick<FileEnds, "name" | "compression">,
): Promise<void> {
  const label = encoding === "latin-1" ? "windows-1252" : encoding;
  const isPacked = compression === "gzip";
  const decode = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<string> {
    const decoder = new TextDecoder(label, { fatal: true });
    const read = (chunk?: Buffer): string => {
      try {
        return decoder.decode(chunk, { stream: chunk !== undefined });
      } catch {
        throw refusal(name, "is UTF-16, but cut off or damaged", "Deliver it again, whole.");
      }
    };
    for await (const chunk of source) yield read(chunk);
    yield read();
  };
  const output = createWriteStream(target, { flags: "wx", flush: true, mode: 0o644 });
  const source = readText(path, { compression });
  if (isPacked) await pipeline(source, decode, createGzip(), output);
  else await pipeline(source, decode, output);
}

function readText(path: string, { compression }: Pick<FileEnds, "compression">): Readable {
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  if (compression !== "gzip") return file;
  const unpacked = createGunzip();
  file.on("error", (error) => unpacked.destroy(error));
  unpacked.on("close", () => file.destroy());
  return file.pipe(unpacked);
}

/** Follows a text chunk by chunk, up to the first byte that is not UTF-8; then for bytes that only Windows-1252 has. */
class Utf8Scan {
  bytes = 0;
  badLine: number | undefined;
  hasWindowsLetters = false;
  /** Letters beyond ASCII stood before the bad byte, in UTF-8. */
  hadLetters = false;
  #lines = 1;
  #rest = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.badLine === undefined) this.#addUtf8(Buffer.concat([this.#rest, chunk]));
    else this.#addOther(chunk);
  }

  end(): void {
    if (this.badLine === undefined && this.#rest.length > 0) this.#fail(this.#rest);
  }

  #addUtf8(text: Buffer): void {
    const cut = completeLength(text);
    const whole = text.subarray(0, cut);
    if (!isUtf8(whole)) {
      this.#fail(text);
      return;
    }
    this.#rest = Buffer.from(text.subarray(cut));
    this.hadLetters ||= whole.some((byte) => byte > 127);
    this.#lines += countLines(whole);
  }

  #fail(text: Buffer): void {
    let at = 0;
    // The first line that is not UTF-8; a line feed never stands within a letter.
    for (;;) {
      const end = text.indexOf(10, at);
      const line = text.subarray(at, end === -1 ? undefined : end);
      if (!isUtf8(line) || end === -1) break;
      this.hadLetters ||= line.some((byte) => byte > 127);
      this.#lines++;
      at = end + 1;
    }
    this.badLine = this.#lines;
    this.#addOther(text);
  }

  #addOther(text: Buffer): void {
    this.hasWindowsLetters ||= text.some((byte) => byte >= 0x80 && byte <= 0x9f);
  }
}

/** Without the letter that the end cuts in two. */
function completeLength(text: Buffer): number {
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? text.length - back : text.length;
    }
  }
  return text.length;
}

function countLines(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) count++;
  return count;
}
