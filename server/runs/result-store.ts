import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import type { StoredColumn } from "../engine/engine.js";
import { withKind } from "../engine/type-names.js";
import { forEachConcurrently } from "../lake/concurrency.js";
import { withDiskErrors } from "../base/disk-error.js";
import type { Lake } from "../lake/lake.js";
import { identityOf } from "../lake/process-identity.js";
import type { Leased } from "./shared-work.js";

/** Results that are described otherwise are computed again. */
const FORMAT = 2;

const resultSchema = z.object({
  format: z.literal(FORMAT),
  columns: z.array(
    z
      .object({
        name: z.string(),
        type: z.string(),
        kind: z.string().optional(),
        label: z.string().optional(),
        read: z.string().optional(),
      })
      .transform(withKind),
  ),
  rows: z.number(),
  bytes: z.number(),
  files: z.array(z.string()),
});

/** The rows of a query cell, kept for as long as there is room. */
export interface ScratchResult {
  /** Absolute; everything of it lies there. */
  readonly folder: string;
  readonly columns: readonly StoredColumn[];
  readonly rows: number;
  readonly bytes: number;
  /** Absolute paths of the engine's files. */
  readonly files: readonly string[];
}

interface Entry {
  readonly folder: string;
  readonly bytes: number;
  /** As it is described there; read when it is first asked for. */
  result?: ScratchResult;
  usedAtMs: number;
}

export interface ResultStoreOptions {
  /** For all results together; default 10 GiB. */
  readonly maxBytes?: number | undefined;
  /** Default 10,000. */
  readonly maxResults?: number;
}

const DESCRIPTION = "result.json";
const BOOT = ".boot";
const BUILD = ".build-";
/** What is not in its name is read only of a result that is asked for. */
const NAME = /^([0-9a-f]{64})\.([0-9a-z]{9})[0-9a-f]{6}\.(\d+)$/;
const FILES_AT_ONCE = 16;
const TOUCH_MS = 60_000;
/** Longer than a system keeps what was written from the disk. */
const UNSURE_MS = 2 * 60_000;

/**
 * Results of query cells by fingerprint, within a cap, least recently used out first. Each lies in a folder that never
 * changes, `<fingerprint>.<time and chance>.<bytes>`; one that is computed anew lies beside it, and the old one goes once
 * it is read no longer. A loss costs time only, so nothing is forced to disk.
 */
export class ResultStore {
  readonly folder: string;
  readonly #lake: Lake;
  readonly #maxBytes: number;
  readonly #maxResults: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #loading: Promise<void> | undefined;

  constructor(lake: Lake, { maxBytes = 10 * 2 ** 30, maxResults = 10_000 }: ResultStoreOptions = {}) {
    this.#lake = lake;
    this.folder = lake.paths.scratch;
    this.#maxBytes = maxBytes;
    this.#maxResults = maxResults;
  }

  /** An empty folder to compute into; `keep` or `discard` it. */
  async createBuild(): Promise<string> {
    const folder = join(this.folder, `${BUILD}${randomUUID()}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async discard(build: string): Promise<void> {
    await rm(build, { recursive: true, force: true });
  }

  /** `files` are relative to the build folder. What was kept before under the fingerprint stays with its readers. */
  async keep(
    build: string,
    fingerprint: string,
    result: Omit<ScratchResult, "folder">,
  ): Promise<Leased<ScratchResult>> {
    await this.#load();
    const folder = join(this.folder, newName(fingerprint, result.bytes));
    await withDiskErrors(build, async () => {
      await writeFile(join(build, DESCRIPTION), JSON.stringify({ format: FORMAT, ...result }));
      await rename(build, folder);
    });
    const kept = inFolder(folder, result);
    const lease = this.#lake.leases.open(folder);
    this.#remove(fingerprint);
    this.#add(fingerprint, { folder, bytes: result.bytes, result: kept, usedAtMs: Date.now() });
    this.evict();
    return { value: kept, lease };
  }

  /** The newest result with that fingerprint; it stays until its lease is released. */
  async find(fingerprint: string): Promise<Leased<ScratchResult> | undefined> {
    await this.#load();
    const found = await this.#lease(fingerprint);
    if (found !== undefined || this.#lake.isWriter) return found;
    // The process that writes may have replaced it since.
    this.#loading = undefined;
    await this.#load();
    return this.#lease(fingerprint);
  }

  /** Removes the least recently used results beyond the cap that nobody reads; one stays whatever its size. */
  evict(): void {
    for (const [fingerprint, { folder }] of this.#entries) {
      const isRoomy = this.#bytes <= this.#maxBytes && this.#entries.size <= this.#maxResults;
      if (isRoomy || this.#entries.size <= 1) return;
      if (!this.#lake.leases.isHeld(folder)) this.#remove(fingerprint);
    }
  }

  /**
   * What a killed process left behind, and what a power cut may have torn. Only for the process that holds the lake.
   */
  async sweep(): Promise<void> {
    const names = await namesIn(this.folder);
    const newest = new Map<string, string>();
    for (const name of names.sort()) {
      const [, fingerprint] = NAME.exec(name) ?? [];
      if (fingerprint !== undefined) newest.set(fingerprint, name);
    }
    const torn = await this.#findTorn([...newest.values()]);
    for (const name of names) {
      const [, fingerprint = ""] = NAME.exec(name) ?? [];
      const isKept = newest.get(fingerprint) === name && !torn.has(name);
      const isOurs = !name.startsWith(".") || name.startsWith(BUILD);
      if (isOurs && !isKept) await this.discard(join(this.folder, name));
    }
  }

  /** After the system went down: what was written shortly before that. */
  async #findTorn(names: readonly string[]): Promise<ReadonlySet<string>> {
    const { bootId } = identityOf(process.pid);
    const file = join(this.folder, BOOT);
    const before = await readFile(file, "utf8").catch(() => bootId);
    await writeFile(file, bootId);
    if (before === bootId) return new Set();
    const last = names.reduce((time, name) => Math.max(time, timeOf(name)), 0);
    return new Set(names.filter((name) => last - timeOf(name) < UNSURE_MS));
  }

  #load(): Promise<void> {
    this.#loading ??= this.#readNames().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #readNames(): Promise<void> {
    const found: (Entry & { readonly name: string; readonly fingerprint: string })[] = [];
    await forEachConcurrently(await namesIn(this.folder), FILES_AT_ONCE, async (name) => {
      const [, fingerprint, , bytes] = NAME.exec(name) ?? [];
      if (fingerprint === undefined) return;
      const folder = join(this.folder, name);
      const stats = await stat(folder).catch(() => undefined);
      if (stats !== undefined)
        found.push({ name, fingerprint, folder, bytes: Number(bytes), usedAtMs: stats.mtimeMs });
    });
    this.#entries.clear();
    this.#bytes = 0;
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const newest = new Map(found.map((entry) => [entry.fingerprint, entry]));
    for (const { name: _name, fingerprint, ...entry } of [...newest.values()].sort(
      (a, b) => a.usedAtMs - b.usedAtMs,
    ))
      this.#add(fingerprint, entry);
  }

  async #lease(fingerprint: string): Promise<Leased<ScratchResult> | undefined> {
    const entry = this.#entries.get(fingerprint);
    if (entry === undefined) return undefined;
    const lease = this.#lake.leases.open(entry.folder);
    const value = await readResult(entry);
    if (value === undefined) {
      lease.release();
      if (this.#entries.get(fingerprint) === entry) this.#remove(fingerprint);
      return undefined;
    }
    this.#use(fingerprint, entry);
    return { value, lease };
  }

  #use(fingerprint: string, entry: Entry): void {
    if (this.#entries.get(fingerprint) !== entry) return;
    this.#entries.delete(fingerprint);
    this.#entries.set(fingerprint, entry);
    const now = new Date();
    if (!this.#lake.isWriter || now.getTime() - entry.usedAtMs < TOUCH_MS) return;
    entry.usedAtMs = now.getTime();
    utimes(entry.folder, now, now).catch(() => undefined);
  }

  #add(fingerprint: string, entry: Entry): void {
    this.#entries.set(fingerprint, entry);
    this.#bytes += entry.bytes;
  }

  /** From the index, and from the disk by the process that writes. */
  #remove(fingerprint: string): void {
    const entry = this.#entries.get(fingerprint);
    if (entry === undefined) return;
    this.#entries.delete(fingerprint);
    this.#bytes -= entry.bytes;
    // What cannot be removed goes when the lake is opened the next time.
    if (this.#lake.isWriter) this.#lake.leases.remove(entry.folder).catch(() => undefined);
  }
}

async function readResult(entry: Entry): Promise<ScratchResult | undefined> {
  const file = join(entry.folder, DESCRIPTION);
  if (entry.result !== undefined && existsSync(file)) return entry.result;
  try {
    entry.result = inFolder(entry.folder, resultSchema.parse(JSON.parse(await readFile(file, "utf8"))));
    return entry.result;
  } catch (error) {
    if (isSystemError(error) && error.code !== "ENOENT") throw error;
    return undefined;
  }
}

function inFolder(folder: string, result: Omit<ScratchResult, "folder">): ScratchResult {
  return { ...result, folder, files: result.files.map((file) => join(folder, file)) };
}

/** Names of one fingerprint sort by time. */
function newName(fingerprint: string, bytes: number): string {
  const time = Date.now().toString(36).padStart(9, "0");
  return `${fingerprint}.${time}${randomBytes(3).toString("hex")}.${String(bytes)}`;
}

function timeOf(name: string): number {
  return parseInt(NAME.exec(name)?.[2] ?? "0", 36);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
