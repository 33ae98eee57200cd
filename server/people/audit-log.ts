import { appendFile, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import { withDiskErrors } from "../base/disk-error.js";
import { makePrivateFolder, maybeJson } from "../base/durable.js";

export interface AuditEntry {
  readonly who: string;
  /** Address of a client; `command line`; `server` for what nobody asked for just then. */
  readonly from: string;
  readonly what: string;
  /** Whatever else belongs to it. */
  readonly [detail: string]: unknown;
}

export const auditLineSchema = z.looseObject({
  at: z.string(),
  who: z.string(),
  from: z.string(),
  what: z.string(),
});
export type AuditLine = z.infer<typeof auditLineSchema>;

const MAX_TEXT = 500;
const MAX_ITEMS = 20;
const MAX_DEPTH = 3;

/**
 * Adds a line to `.lakebook/audit/YYYY-MM.jsonl`, which only this user may read. Several processes may write: a line goes to
 * the file's end in one piece. Fails with code disk.
 */
export async function appendAudit(stateFolder: string, entry: AuditEntry, now = new Date()): Promise<void> {
  const folder = folderOf(stateFolder);
  const at = now.toISOString();
  const file = join(folder, `${at.slice(0, 7)}.jsonl`);
  await makePrivateFolder(stateFolder);
  await makePrivateFolder(folder);
  await withDiskErrors(file, () =>
    appendFile(file, `${JSON.stringify({ at, ...bounded(entry) })}\n`, { mode: 0o600 }),
  );
}

export interface AuditFilter {
  /** Only of that month: `YYYY-MM`. */
  readonly month?: string | undefined;
  readonly who?: string | undefined;
  readonly what?: string | undefined;
  readonly notebook?: string | undefined;
  readonly limit: number;
}

/** The newest first. A line that a crash cut short is left out. */
export async function readAudit(stateFolder: string, filter: AuditFilter): Promise<AuditLine[]> {
  const folder = folderOf(stateFolder);
  const found: AuditLine[] = [];
  for (const month of (await monthsOf(folder)).reverse()) {
    if (filter.month !== undefined && filter.month !== month) continue;
    for await (const text of linesFromEnd(join(folder, `${month}.jsonl`))) {
      const line = auditLineSchema.safeParse(maybeJson(text)).data;
      if (line === undefined || !fits(line, filter)) continue;
      found.push(line);
      if (found.length >= filter.limit) return found;
    }
  }
  return found;
}

function fits(line: AuditLine, { who, what, notebook }: AuditFilter): boolean {
  return (
    (who === undefined || line.who === who || line.who.endsWith(` for ${who}`)) &&
    (what === undefined || line.what === what) &&
    (notebook === undefined || line["notebook"] === notebook)
  );
}

function folderOf(stateFolder: string): string {
  return join(stateFolder, "audit");
}

async function monthsOf(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.flatMap((name) => /^(\d{4}-\d{2})\.jsonl$/.exec(name)?.[1] ?? []).sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

const PIECE_BYTES = 64 * 1024;

/** Reads only as much of a file as is asked for. */
async function* linesFromEnd(path: string): AsyncGenerator<string> {
  const file = await open(path);
  try {
    let end = (await file.stat()).size;
    let rest = Buffer.alloc(0);
    while (end > 0) {
      const start = Math.max(0, end - PIECE_BYTES);
      const piece = Buffer.alloc(end - start);
      await file.read(piece, 0, piece.length, start);
      end = start;
      const bytes = Buffer.concat([piece, rest]);
      const first = start === 0 ? -1 : bytes.indexOf(0x0a);
      if (start !== 0 && first === -1) {
        rest = bytes;
        continue;
      }
      rest = bytes.subarray(0, first + 1);
      const lines = bytes
        .subarray(first + 1)
        .toString("utf8")
        .split("\n")
        .reverse();
      for (const line of lines) if (line !== "") yield line;
    }
  } finally {
    await file.close();
  }
}

/** What somebody sends must not fill the disk, however deep it lies. */
function bounded(entry: AuditEntry): AuditEntry {
  return boundedValue(entry, 0) as AuditEntry;
}

function boundedValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value))
    return [
      ...value.slice(0, MAX_ITEMS).map((item) => boundedValue(item, depth + 1)),
      ...(value.length > MAX_ITEMS ? ["…"] : []),
    ];
  const fields = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    fields.map(([name, inner]) => [name.slice(0, MAX_TEXT), boundedValue(inner, depth + 1)]),
  );
}
