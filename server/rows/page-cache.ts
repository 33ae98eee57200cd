import { randomUUID } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { aborted } from "../base/aborted.js";
import { messageOf } from "../base/errors.js";
import { sha256 } from "../base/hash.js";
import type { Logger } from "../base/logger.js";
import type { Engine } from "../engine/engine.js";
import type { Selection } from "../engine/verbs.js";
import type { Lease, Leases } from "../lake/leases.js";
import { KeptCopies } from "./kept-copies.js";
import type { StoredRows } from "./stored-rows.js";

/** Stored rows in another order, or some of them. */
export interface Arrangement extends Pick<Selection, "where" | "order"> {
  readonly source: StoredRows;
}

export interface PageCacheOptions {
  readonly engine: Engine;
  /** For the copies; what an earlier process left there is nobody's. */
  readonly folder: string;
  readonly logger: Logger;
  readonly leases: Leases;
  /** For all copies together; default 2 GiB. */
  readonly maxBytes?: number;
}

interface Copy extends StoredRows {
  readonly folder: string;
  readonly bytes: number;
}

/** A copy that stays until the lease is released. */
export type LeasedCopy = StoredRows & { readonly lease: Lease };

interface Build {
  readonly key: string;
  readonly startedAt: number;
  readonly controller: AbortController;
  /** Never rejects. */
  readonly done: Promise<void>;
  waiting: number;
}

const TIMEOUT_MS = 5 * 60_000;
/** Until then a page is there sooner when it is computed without the copy. */
const JUST_BEGUN_MS = 500;
/** That are remembered without a copy. */
const MAX_KEYS = 1_000;

/**
 * What makes later pages of a sorted or filtered result quick: copies of large results as they are shown, least recently
 * used out first, and how many rows a filter lets through. Stored rows never change; a loss costs time only.
 */
export class PageCache {
  readonly #options: PageCacheOptions;
  readonly #maxBytes: number;
  readonly #copies: KeptCopies<Copy>;
  readonly #failed = new Set<string>();
  readonly #counts = new Map<string, number>();
  /** One at a time, since each uses all cores. */
  #build: Build | undefined;
  /** Of which a page has been computed without waiting for the copy. */
  readonly #hurried = new Set<string>();

  constructor(options: PageCacheOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? 2 * 2 ** 30;
    this.#copies = new KeptCopies({
      leases: options.leases,
      maxBytes: this.#maxBytes,
      onRemove: (key) => this.#hurried.delete(key),
    });
  }

  find(arrangement: Arrangement): LeasedCopy | undefined {
    return this.#copies.find(keyOf(arrangement));
  }

  /**
   * Waits for a copy. Undefined where there is none in the end, the signal has aborted, or it is the first time that
   * somebody waits: one page can be computed sooner than a copy is made, so one that has just begun makes way.
   */
  async get(arrangement: Arrangement, signal?: AbortSignal): Promise<LeasedCopy | undefined> {
    const key = keyOf(arrangement);
    if (this.#isSoonerAlone(key)) return undefined;
    while (!this.#copies.has(key) && !this.#failed.has(key) && signal?.aborted !== true) {
      const current = this.#build;
      const isTaken = current !== undefined && (current.key === key || current.waiting > 0);
      const build = isTaken ? current : this.#start(key, arrangement);
      build.waiting++;
      await Promise.race([build.done, aborted(signal)]);
      build.waiting--;
    }
    return this.#copies.find(key);
  }

  /** Has a copy made for later, instead of one that nobody waits for. */
  prepare(arrangement: Arrangement): void {
    const key = keyOf(arrangement);
    if (this.#copies.has(key) || this.#failed.has(key)) return;
    if (this.#build !== undefined && (this.#build.key === key || this.#build.waiting > 0)) return;
    this.#start(key, arrangement);
  }

  /** For a copy that cannot be read. */
  forget(arrangement: Arrangement): void {
    this.#copies.remove(keyOf(arrangement));
  }

  /** So many rows are let through. */
  async count(arrangement: Arrangement, count: () => Promise<number>): Promise<number> {
    const key = keyOf(arrangement);
    const known = this.#counts.get(key);
    this.#counts.delete(key);
    const rows = known ?? (await count());
    this.#counts.set(key, rows);
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined && this.#counts.size > MAX_KEYS) this.#counts.delete(oldest);
    return rows;
  }

  #isSoonerAlone(key: string): boolean {
    if (this.#copies.has(key) || this.#hurried.has(key)) return false;
    const build = this.#build;
    const isIdle = build?.waiting === 0;
    const hasJustBegun = isIdle && performance.now() - build.startedAt < JUST_BEGUN_MS;
    if (build?.key === key && !hasJustBegun) return false;
    if (isIdle) build.controller.abort();
    if (this.#hurried.size > MAX_KEYS) this.#hurried.clear();
    this.#hurried.add(key);
    return true;
  }

  #start(key: string, arrangement: Arrangement): Build {
    const before = this.#build;
    before?.controller.abort();
    const controller = new AbortController();
    // It goes on when whoever asked for it has its page.
    const reading = arrangement.source.lease?.share();
    const done = this.#make(key, arrangement, controller.signal, before?.done).finally(() => {
      reading?.release();
    });
    const build: Build = { key, startedAt: performance.now(), controller, done, waiting: 0 };
    this.#build = build;
    void done.then(() => {
      if (this.#build === build) this.#build = undefined;
    });
    return build;
  }

  async #make(
    key: string,
    arrangement: Arrangement,
    signal: AbortSignal,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const isUnwanted = (): boolean => signal.aborted;
    await before;
    if (isUnwanted()) return;
    const file = join(this.#options.folder, randomUUID(), "rows.parquet");
    try {
      this.#copies.add(key, await this.#write(key, arrangement, file, signal));
    } catch (error) {
      this.#copies.removeFolder(dirname(file));
      if (isUnwanted()) return;
      if (this.#failed.size > MAX_KEYS) this.#failed.clear();
      this.#failed.add(key);
      this.#options.logger.warn("later pages will be slow", { error: messageOf(error) });
    }
  }

  async #write(
    key: string,
    { source, where, order }: Arrangement,
    file: string,
    signal: AbortSignal,
  ): Promise<Copy> {
    const sizes = await Promise.all(source.files.map(async (path) => (await stat(path)).size));
    const size = sizes.reduce((sum, bytes) => sum + bytes, 0);
    // A copy may well be larger than its source, which is compressed better.
    if (size > this.#maxBytes / 2) throw new Error(`${String(size)} bytes are too many for a copy`);
    await mkdir(dirname(file), { recursive: true });
    const control = { label: "sorted copy", timeoutMs: TIMEOUT_MS, signal };
    const selection = { table: source, where, order };
    const { rows, bytes } = await this.#options.engine.copySelection(selection, file, control);
    if (bytes > this.#maxBytes) throw new Error(`${String(bytes)} bytes are too many for a copy`);
    return { key, folder: dirname(file), files: [file], columns: source.columns, rows, bytes };
  }
}

/** Files have names of their own each time they are written, even where the rows' key stays. */
function keyOf({ source, where, order }: Arrangement): string {
  return sha256(JSON.stringify([source.files, where, order]));
}
