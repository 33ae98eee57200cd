import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { Column, Engine } from "../engine/engine.js";
import type { FileReader } from "../engine/verbs.js";
import { reservedNames, toName } from "../notebook/names.js";
import { toInputName } from "../workspace/upload.js";
import type { Workspace } from "../workspace/workspace.js";
import { isSystemError } from "../base/errors.js";
import { findPadding } from "../lake/gzip-file.js";
import { sqlFence } from "../notebook/template.js";
import { kindOfFile, refusal, type FileEnds, type FileKind } from "./file-kind.js";
import { longNumbersNote, readCsv, type ReadTable } from "./read-csv.js";
import { findEncoding, toUtf8, type TextEncoding } from "./text-encoding.js";
import { Trial } from "./trial.js";
import { readWorkbook } from "./workbook.js";

/** A file that can be read, and how. It lies in a folder of its own until it is put into `input/`. */
export interface TakenFile {
  /** Its name in `input/`. */
  readonly name: string;
  readonly kind: Exclude<FileKind, "workbook">;
  readonly compression: FileEnds["compression"];
  readonly absolutePath: string;
  readonly bytes: number;
  readonly columns: readonly Column[];
  readonly cell: ReaderCell;
  /** Sentences for people: what is not as in the file, and what was decided about it. */
  readonly notes: readonly string[];
  readonly encoding?: "utf-8" | "utf-16" | "latin-1";
  readonly delimiter?: string;
}

export interface ReaderCell {
  readonly name: string;
  readonly sql: string;
  /** The whole fence. */
  readonly text: string;
}

interface Step {
  readonly trial: Trial;
  /** As SQL names it: `input/orders.csv`. */
  readonly path: string;
  readonly absolutePath: string;
  readonly file: FileEnds;
}

const HEAD_BYTES = 256 * 1024;
const TAIL_BYTES = 128 * 1024;

/**
 * The one way for a file into `input/`, below which it will lie at `name`: lends a folder, in which the caller puts the file at `path`,
 * and finds out what the file is and how a cell reads it, by its content and by trying. `keep` gets what can be read, a workbook as one file for each sheet, and moves
 * it away. Fails with code input, and a sentence what to do, for what cannot be read.
 */
export async function takeIn<T>(
  { workspace, engine }: { readonly workspace: Workspace; readonly engine: Engine },
  name: string,
  put: (path: string) => Promise<unknown>,
  keep: (files: readonly TakenFile[]) => Promise<T>,
): Promise<T> {
  const root = join(workspace.state, "uploads", randomUUID());
  const path = join(root, "input", name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await put(path);
    return await keep(await readTaken(engine, root, name));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function readTaken(engine: Engine, root: string, name: string): Promise<readonly TakenFile[]> {
  const absolutePath = join(root, "input", name);
  const cut = await cutPadding(absolutePath, name);
  const file = await readEnds(absolutePath, name);
  const kind = kindOfFile(file);
  const trial = new Trial(engine, root, name);
  const step = { trial, path: `input/${name}`, absolutePath, file };
  if (kind === "workbook") return takeWorkbook(step, root);
  const table = await takeTable(step, kind);
  return [{ ...table, notes: [...cut, ...table.notes] }];
}

/** The engine reads no gzip file that is filled up with zeros. */
async function cutPadding(path: string, name: string): Promise<readonly string[]> {
  const handle = await open(path, "r");
  const padding = await findPadding(handle, name).finally(() => handle.close());
  if (padding === undefined) return [];
  // A copy of a file that is read-only is so too.
  await chmod(path, 0o644);
  await truncate(path, padding.start);
  return [`${String(padding.bytes)} zero bytes behind its end were cut off.`];
}

async function takeTable(step: Step, kind: Exclude<FileKind, "workbook">): Promise<TakenFile> {
  const { trial, file, path, absolutePath } = step;
  const text = kind === "parquet" ? undefined : await unifyText(step, kind);
  const readable = text?.file ?? file;
  const table =
    kind === "csv"
      ? await readCsv(trial, path, readable, {
          encoding: text?.encoding ?? "utf-8",
          hasLateQuotes: await hasLateQuotes(absolutePath, readable),
        })
      : await readByName(trial, path, kind, file);
  const partial = trial.isPartial ? ["Only a part of it was tried, as it is large."] : [];
  return {
    name: file.name,
    kind,
    compression: readable.compression,
    absolutePath,
    bytes: (await stat(absolutePath)).size,
    columns: table.columns,
    cell: readerCell(file.name, table.sql),
    notes: [...(text?.notes ?? []), ...table.notes, ...partial],
    ...(text === undefined ? {} : { encoding: shortName(text.found) }),
    ...(table.delimiter === undefined ? {} : { delimiter: table.delimiter }),
  };
}

export async function readByName(
  trial: Trial,
  path: string,
  kind: "json" | "parquet",
  { compression }: FileEnds,
): Promise<ReadTable> {
  const reader = { type: kind, path, ...(compression === "gzip" && { isGzip: true }) } as const;
  if (reader.type === "json") return readJson(trial, { ...reader, type: "json" });
  const sql = trial.query(reader);
  return { sql, columns: await trial.requireColumns(sql), notes: [] };
}

async function readJson(trial: Trial, named: JsonReader): Promise<ReadTable> {
  const isQuick = (await trial.failure(trial.query(named))) === undefined;
  const reader: JsonReader = isQuick ? named : { ...named, isPatient: true };
  const sql = trial.query(reader);
  const columns = await trial.requireColumns(sql);
  const lost = await trial.lostDigits(reader, columns);
  if (lost.length === 0) return { sql, columns, notes: [] };
  const text = { kind: "text" } as const;
  const types = new Map(columns.map((column) => [column.name, lost.includes(column.name) ? text : column]));
  const exact = trial.query({ ...reader, types });
  return { sql: exact, columns: await trial.requireColumns(exact), notes: [longNumbersNote(lost)] };
}

type JsonReader = Extract<FileReader, { type: "json" }>;

interface UnifiedText {
  readonly found: TextEncoding;
  /** As it is now. */
  readonly encoding: TextEncoding;
  readonly file: FileEnds;
  readonly notes: readonly string[];
}

/** What the engine cannot read as it is becomes UTF-8. */
async function unifyText({ file, absolutePath }: Step, kind: "csv" | "json"): Promise<UnifiedText> {
  const { encoding, hasMark } = await findEncoding(absolutePath, file);
  const isRead =
    kind === "csv" ? encoding === "utf-8" || encoding === "latin-1" : encoding === "utf-8" && !hasMark;
  if (isRead) return { found: encoding, encoding, file, notes: [] };
  const target = `${absolutePath}.tmp`;
  await toUtf8(absolutePath, target, encoding, file);
  await rename(target, absolutePath);
  const note =
    encoding === "utf-8"
      ? "The byte order mark was removed."
      : `Converted from ${labels[encoding]} to UTF-8.`;
  return { found: encoding, encoding: "utf-8", file: await readEnds(absolutePath, file.name), notes: [note] };
}

const labels: Readonly<Record<TextEncoding, string>> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "latin-1": "Latin-1",
  "windows-1252": "Windows-1252",
};

function shortName(encoding: TextEncoding): "utf-8" | "utf-16" | "latin-1" {
  if (encoding === "utf-8") return encoding;
  return encoding.startsWith("utf-16") ? "utf-16" : "latin-1";
}

/** Each sheet becomes a Parquet file: only that keeps a text of digits a text, and a date a date. */
async function takeWorkbook({ trial, file, absolutePath }: Step, root: string): Promise<TakenFile[]> {
  const { sheets, hidden } = await readWorkbook(absolutePath, file.name, file.bytes, root);
  const stem = file.name.replace(/\.[^.]*$/, "");
  const taken = new Set<string>();
  const files: TakenFile[] = [];
  for (const sheet of sheets) {
    const name = freeFileName(sheets.length === 1 ? stem : `${stem} ${sheet.name}`, taken);
    const target = join(root, "input", name);
    const { file: path, columns } = sheet;
    await trial.copy(trial.query({ type: "sheet", path, columns }), target);
    const sql = trial.query({ type: "parquet", path: `input/${name}` });
    const notes = [
      `Sheet "${sheet.name}" of ${file.name}, ${String(sheet.rows)} ${sheet.rows === 1 ? "row" : "rows"}.`,
      ...sheet.notes,
    ];
    files.push({
      name,
      kind: "parquet",
      compression: "none",
      absolutePath: target,
      bytes: (await stat(target)).size,
      columns: await trial.requireColumns(sql),
      cell: readerCell(name, sql),
      notes: [
        ...notes,
        ...(hidden.length === 0 ? [] : [`Hidden sheets are left out: ${hidden.join(", ")}.`]),
      ],
    });
  }
  return files;
}

function freeFileName(stem: string, taken: Set<string>): string {
  let name = toInputName(`${stem}.parquet`);
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = toInputName(`${stem} ${String(n)}.parquet`);
  taken.add(name.toLowerCase());
  return name;
}

/** Named after the file: `Orders 2020.csv` becomes `orders_2020`. */
export function readerCell(fileName: string, sql: string): ReaderCell {
  const wanted = toName(fileName.replace(/\..*$/, ""));
  const name = reservedNames.includes(wanted) ? `my_${wanted}` : wanted;
  return toCell(name, sql);
}

/** The same cells under names of which none stands twice. */
export function withNamesOnce(cells: readonly ReaderCell[]): ReaderCell[] {
  const taken = new Set<string>();
  return cells.map(({ name: wanted, sql }) => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${String(n)}`;
    taken.add(name);
    return toCell(name, sql);
  });
}

function toCell(name: string, sql: string): ReaderCell {
  return { name, sql, text: `${sqlFence(sql, `--| cell: ${name}\n`)}\n` };
}

export async function readEnds(path: string, name: string): Promise<FileEnds> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const read = async (start: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    };
    const head = await read(0, Math.min(size, HEAD_BYTES));
    const tail = await read(Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES));
    const compression = compressionOf(head);
    if (compression !== "gzip")
      return { name, bytes: size, head, tail, compression, isWhole: head.length === size };
    const unpacked = await unpackHead(path, name);
    return { name, bytes: size, head: unpacked, tail, compression, isWhole: unpacked.length < HEAD_BYTES };
  } finally {
    await handle.close();
  }
}

/** The engine looks at 20,480 lines before it decides whether there are quotes: so much of a file is surely among them. */
const LOOKED_AT_BYTES = 32 * 1024;

/** The first quotes of a CSV file stand so far down that the engine would take them for a part of the values. */
export async function hasLateQuotes(
  path: string,
  { head, isWhole, compression }: FileEnds,
): Promise<boolean> {
  if (compression === "zstd" || head.subarray(0, LOOKED_AT_BYTES).includes('"')) return false;
  if (isWhole || head.includes('"')) return head.includes('"');
  const source = createReadStream(path);
  try {
    for await (const chunk of compression === "gzip" ? source.pipe(createGunzip()) : source)
      if ((chunk as Buffer).includes('"')) return true;
    return false;
  } finally {
    source.destroy();
  }
}

async function unpackHead(path: string, name: string): Promise<Buffer> {
  const source = createReadStream(path);
  const unpacked = source.pipe(createGunzip());
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of unpacked) {
      chunks.push(chunk as Buffer);
      if (chunks.reduce((sum, { length }) => sum + length, 0) >= HEAD_BYTES) break;
    }
  } catch (error) {
    if (!isSystemError(error)) throw refusal(name, "is damaged: gzip cannot unpack it", "Deliver it again.");
    throw error;
  } finally {
    source.destroy();
  }
  return Buffer.concat(chunks);
}

function compressionOf(head: Buffer): FileEnds["compression"] {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? "zstd" : "none";
}
