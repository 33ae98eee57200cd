import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, isSystemError } from "../base/errors.js";
import { LAKE_FORMAT, TAG_FORMAT, logEntrySchema } from "./model.js";
import type { LogEntry, PastPublication, PublishEntry } from "./model.js";
import { seal, unseal } from "./sealed.js";
import { toDiskError } from "../base/disk-error.js";
import { maybeNames } from "./tree.js";

const DIGITS = 20;
const NEWEST = Math.max(LAKE_FORMAT, TAG_FORMAT);

export function entryFile(folder: string, seq: number): string {
  return join(folder, `${String(seq).padStart(DIGITS, "0")}.json`);
}

export function formatEntry(entry: LogEntry): string {
  return seal("entry", entry);
}

/** Returns undefined for text that is no whole entry of this number; throws `damaged` for a newer format. */
export function parseEntry(text: string, seq: number): LogEntry | undefined {
  const value = unseal("entry", text);
  assertKnownFormat(value, `entry ${seq} of the log`);
  const entry = logEntrySchema.safeParse(value).data;
  return entry?.seq === seq ? entry : undefined;
}

export function assertKnownFormat(value: unknown, what: string): void {
  if (typeof value !== "object" || value === null || !("format" in value)) return;
  if (typeof value.format !== "number" || value.format <= NEWEST) return;
  throw new AppError(
    "damaged",
    `"${what}" has format ${value.format}; this Lakebook knows formats up to ${NEWEST}`,
    {
      hint: "A newer Lakebook wrote it: use that one. Nothing was changed.",
    },
  );
}

/**
 * Returns undefined where there is no such entry, and "unreadable" for a file that is not one. Synchronous:
 * thousands of small files are read at a stretch when a lake is opened.
 */
export function readEntry(
  folder: string,
  seq: number,
): { readonly entry: LogEntry; readonly text: string } | "unreadable" | undefined {
  const text = maybeReadTextSync(entryFile(folder, seq));
  if (text === undefined) return undefined;
  const entry = parseEntry(text, seq);
  return entry === undefined ? "unreadable" : { entry, text };
}

/** With its input and record, which the folded state leaves out. Throws `damaged` where the entry is not there. */
export function readPublication(folder: string, { seq }: PastPublication): PublishEntry {
  const read = readEntry(folder, seq);
  if (read === undefined || read === "unreadable" || read.entry.type !== "publish")
    throw unreadableEntry(folder, seq);
  return read.entry;
}

function maybeReadTextSync(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw toDiskError(error, path);
  }
}

/** The number of the last entry; throws `damaged` where one before it is missing. */
export function lastSeq(folder: string): number {
  const numbers = entryNumbers(folder);
  numbers.forEach((seq, index) => {
    if (seq !== index + 1) throw missingEntry(folder, index + 1);
  });
  return numbers.length;
}

export function entryNumbers(folder: string): number[] {
  return maybeNames(folder)
    .filter((name) => /^\d{20}\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10));
}

export function missingEntry(folder: string, seq: number): AppError {
  return damagedLog(`"${entryFile(folder, seq)}" is missing, and later entries of the log are there`);
}

export function unreadableEntry(folder: string, seq: number): AppError {
  return damagedLog(`"${entryFile(folder, seq)}" is not the entry that was written`);
}

export function damagedLog(message: string): AppError {
  return new AppError("damaged", message, {
    hint: "Restore data_lake/.lake/log from a backup. Nothing was changed: public folders can still be read.",
  });
}
