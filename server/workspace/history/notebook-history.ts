import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { AppError, isSystemError } from "../../base/errors.js";
import {
  appendToFile,
  makePrivateFolder,
  maybeReadText,
  putIfAbsent,
  replaceFile,
  syncFolder,
} from "../../base/durable.js";
import { suggest } from "../../text/suggest.js";
import { etagOf, isNotebookName, readNotebookBytes } from "../notebook-files.js";
import type { Workspace } from "../workspace.js";
import {
  pack,
  readLines,
  unpack,
  writeLine,
  type HistoryEntry,
  type HistoryLine,
  type StoredText,
} from "./history-line.js";
import { nextEntry, thin, type Noted } from "./history-rules.js";

const LIMITS = { entries: 20_000, bytes: 32 * 2 ** 20 };
const ENTRIES = "entries.jsonl";
const WHOLE = ".gz";
/** A smaller difference is written beside its entry, however small the whole text is. */
const SMALL_DELTA = 1000;
/** Of the compressed text: a larger difference makes the text one that others are told by. */
const LARGEST_SHARE = 0.25;
/** So many lines are added before it is looked whether some can go. */
const TIDY_AFTER = 256;

interface Tail {
  readonly stamp: string;
  readonly last: HistoryEntry | undefined;
  /** The text that later ones are told by. */
  readonly base: string | undefined;
  readonly lines: number;
}

export type NotedText = Omit<Noted, "etag"> & { readonly at?: Date };

/**
 * Every text that a notebook had, in `.lakebook/history/<name>/`: a line for each entry, with what it has other than a text
 * that is kept whole. Whoever notes is the process that holds the lake, and takes the desk's turn; anybody may read.
 */
export class NotebookHistory {
  readonly #workspace: Workspace;
  readonly #tails = new Map<string, Tail>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The newest first. Empty for a notebook that nobody has seen yet. */
  async list(name: string): Promise<HistoryEntry[]> {
    const { lines } = await this.#read(name);
    return lines.map(toEntry).reverse();
  }

  /** Fails with code not-found, with "did you mean"; with code damaged where the text cannot be made any more. */
  async find(name: string, id: string): Promise<{ readonly entry: HistoryEntry; readonly text: string }> {
    const { lines } = await this.#read(name);
    const line = lines.find((other) => other.id === id);
    if (line !== undefined) return { entry: toEntry(line), text: await this.#textOf(name, lines, line) };
    const near = suggest(
      id,
      lines.map((other) => other.id),
    );
    throw new AppError("not-found", `The history of "${name}" has no entry "${id}".`, {
      hint: near === undefined ? `List it with: lakebook history ${name}` : `Did you mean "${near}"?`,
    });
  }

  /** Does nothing where a save leaves the text as the history has it. */
  async note(name: string, written: string, { at = new Date(), ...noted }: NotedText): Promise<void> {
    // As it lies in the file: half a character is none there.
    const bytes = Buffer.from(written);
    const text = bytes.toString("utf8");
    const etag = etagOf(bytes);
    const tail = await this.#tail(name);
    const entry = nextEntry(tail.last, { ...noted, etag }, at.toISOString(), () => newId(at));
    if (entry === undefined) return;
    const folder = historyFolder(this.#workspace, name);
    if (tail.lines === 0) await makePrivateFolder(folder);
    const stored = tail.last?.etag === etag ? undefined : await this.#store(folder, tail.base, etag, text);
    const line = stored === undefined ? entry : { ...entry, text: stored };
    // What runs is kept with the run, too, and a copy of its input may be on its way to the disk.
    const isLasting = entry.kind === "save";
    await appendToFile(join(folder, ENTRIES), writeLine(line), { mode: 0o600, isLasting });
    if (tail.lines === 0 && isLasting) await syncFolder(folder);
    const base = tail.last?.etag === etag ? tail.base : (stored?.base ?? etag);
    const lines = tail.lines + 1;
    this.#tails.set(name, { stamp: await stampOf(folder), last: entry, base, lines });
    if (lines % TIDY_AFTER === 0) await this.#tidy(name, at);
  }

  /** What another program may have written; nothing where the file is gone, or is not UTF-8. `etag`: of the file, if known. */
  async noteFile(name: string, etag?: string): Promise<void> {
    if (!isNotebookName(name)) return;
    const { last } = await this.#tail(name);
    if (etag !== undefined && last?.etag === etag) return;
    const file = await readNotebookBytes(this.#workspace, name).catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      return undefined;
    });
    if (file === undefined || last?.etag === etagOf(file.bytes)) return;
    const text = file.bytes.toString("utf8");
    if (Buffer.from(text).equals(file.bytes)) await this.note(name, text, { kind: "save", at: file.mtime });
  }

  /** Was the history written after the notebook? Then it knows the text, as far as nobody set clocks back. */
  async isNewer(name: string, changedMs: number): Promise<boolean> {
    const path = join(historyFolder(this.#workspace, name), ENTRIES);
    const stats = await stat(path).catch(() => undefined);
    return stats !== undefined && stats.mtimeMs > changedMs;
  }

  async #store(
    folder: string,
    base: string | undefined,
    etag: string,
    text: string,
  ): Promise<StoredText | undefined> {
    const known = base === undefined ? undefined : await readWhole(folder, base);
    const packed =
      base === undefined || known === undefined ? undefined : pack({ etag: base, text: known }, text);
    if (packed !== undefined && packed.delta.length <= SMALL_DELTA) return packed;
    const whole = gzipSync(text);
    if (packed !== undefined && packed.delta.length <= whole.length * LARGEST_SHARE) return packed;
    await putIfAbsent(join(folder, etag + WHOLE), whole, { temporaryFolder: folder, mode: 0o600 });
    return undefined;
  }

  async #textOf(name: string, lines: readonly HistoryLine[], { id, etag }: HistoryLine): Promise<string> {
    const folder = historyFolder(this.#workspace, name);
    const stored = lines.find((line) => line.etag === etag && line.text !== undefined)?.text;
    const base = await readWhole(folder, stored?.base ?? etag);
    const text = base === undefined || stored === undefined ? base : unpack(base, stored);
    if (text !== undefined && etagOf(text) === etag) return text;
    throw new AppError("damaged", `The text of entry "${id}" of "${name}" cannot be read any more.`, {
      hint: "Another entry, or a backup, may have it.",
    });
  }

  async #tail(name: string): Promise<Tail> {
    const stamp = await stampOf(historyFolder(this.#workspace, name));
    const known = this.#tails.get(name);
    if (known?.stamp === stamp) return known;
    const { lines, count } = await this.#read(name);
    const newest = lines.at(-1);
    const told = lines.findLast((line) => line.etag === newest?.etag && line.text !== undefined);
    const tail = {
      stamp,
      last: newest === undefined ? undefined : toEntry(newest),
      base: told?.text?.base ?? newest?.etag,
      lines: count,
    };
    this.#tails.set(name, tail);
    return tail;
  }

  async #read(name: string): Promise<ReturnType<typeof readLines>> {
    if (!isNotebookName(name)) return { lines: [], count: 0 };
    return readLines((await maybeReadText(join(historyFolder(this.#workspace, name), ENTRIES))) ?? "");
  }

  /** Writes the history anew without what need not stay. A crash in between leaves it as it was. */
  async #tidy(name: string, now: Date): Promise<void> {
    const folder = historyFolder(this.#workspace, name);
    const { lines, count } = await this.#read(name);
    const whole = await wholeTexts(folder);
    const sizeOf = (line: HistoryLine): number => writeLine(line).length + (whole.get(line.etag) ?? 0);
    const kept = thin(lines, sizeOf, now.getTime(), LIMITS);
    if (count - kept.length < TIDY_AFTER / 2) return;
    const texts = new Map<string, StoredText>();
    for (const { etag, text } of lines) if (text !== undefined) texts.set(etag, text);
    const needed = new Set<string>();
    const written = kept.map((line) => {
      const text = texts.get(line.etag);
      // Of lines with one text, the first has it.
      texts.delete(line.etag);
      needed.add(text?.base ?? line.etag);
      return writeLine({ ...toEntry(line), ...(text === undefined ? {} : { text }) });
    });
    await replaceFile(join(folder, ENTRIES), written.join(""), { mode: 0o600 });
    for (const etag of whole.keys())
      if (!needed.has(etag)) await rm(join(folder, etag + WHOLE), { force: true });
  }
}

/** A slug has no dot. */
export function historyFolder(workspace: Workspace, name: string): string {
  return join(workspace.state, "history", name.replace("/", "."));
}

/** Takes a notebook's history to where it goes; one that lies there already, of a notebook that is gone, is put aside. */
export async function moveHistory(from: string, to: string): Promise<void> {
  try {
    await rename(from, to).catch(async (error: unknown) => {
      if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error;
      await rename(to, `${to}.${randomBytes(4).toString("hex")}`);
      await rename(from, to);
    });
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}

function toEntry({ text: _text, ...entry }: HistoryLine): HistoryEntry {
  return entry;
}

function newId(at: Date): string {
  const stamp = at.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${stamp}-${randomBytes(2).toString("hex")}`;
}

/** Undefined where there is none, or a damaged one. */
async function readWhole(folder: string, etag: string): Promise<string | undefined> {
  try {
    return gunzipSync(await readFile(join(folder, etag + WHOLE))).toString("utf8");
  } catch (error) {
    if (isSystemError(error) && !/^(ENOENT|Z_)/.test(error.code ?? "")) throw error;
    return undefined;
  }
}

/** Bytes by etag. */
async function wholeTexts(folder: string): Promise<Map<string, number>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(WHOLE));
  const found = await Promise.all(
    names.map(async (name) => [name.slice(0, -WHOLE.length), (await stat(join(folder, name))).size] as const),
  );
  return new Map(found);
}

async function stampOf(folder: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(join(folder, ENTRIES));
    return [size, mtimeMs, ino].join(" ");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return "";
    throw error;
  }
}
