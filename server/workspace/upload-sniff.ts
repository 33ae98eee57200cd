import { open } from "node:fs/promises";

export interface SniffedText {
  readonly encoding: "utf-8" | "utf-16" | "latin-1";
  readonly hasByteOrderMark: boolean;
  /** Of a CSV file; undefined where its lines have none in common. */
  readonly delimiter?: string;
}

const HEAD_BYTES = 64 * 1024;
const DELIMITERS = [",", ";", "\t", "|"];

/** What the beginning of a text file looks like; undefined for what is no text, and for other kinds of files. */
export async function sniffText(path: string): Promise<SniffedText | undefined> {
  if (!/\.(csv|tsv|txt|json|jsonl|ndjson)$/i.test(path)) return undefined;
  const head = await readHead(path);
  const encoding = encodingOf(head);
  const hasByteOrderMark =
    (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) || encoding === "utf-16";
  const text = new TextDecoder(encoding === "latin-1" ? "windows-1252" : encoding).decode(head);
  const delimiter = /\.(csv|tsv|txt)$/i.test(path) ? delimiterOf(text) : undefined;
  return { encoding, hasByteOrderMark, ...(delimiter === undefined ? {} : { delimiter }) };
}

async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function encodingOf(head: Buffer): SniffedText["encoding"] {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return "utf-16";
  try {
    // The last character may be cut in two.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "utf-8";
  } catch {
    return "latin-1";
  }
}

/** The one that most lines have equally often; quoted fields do not count. */
function delimiterOf(text: string): string | undefined {
  const lines = text
    .replace(/"(?:[^"]|"")*"/g, "")
    .split(/\r\n|\n|\r/)
    .slice(0, -1)
    .slice(0, 50);
  const sample = lines.length === 0 ? [text] : lines;
  const scores = DELIMITERS.map((delimiter) => {
    const counts = sample.filter((line) => line !== "").map((line) => line.split(delimiter).length - 1);
    const first = counts[0] ?? 0;
    const same = counts.filter((count) => count === first).length;
    return { delimiter, score: first === 0 ? 0 : (same / counts.length) * 1000 + first };
  });
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  return best.score > 0 ? best.delimiter : undefined;
}
