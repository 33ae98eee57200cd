import { watch, type FSWatcher } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../base/logger.js";
import { isAppError, isSystemError } from "../base/errors.js";
import { listNotebooks, readEtag } from "../workspace/notebook-files.js";
import type { Workspace } from "../workspace/workspace.js";
import { stampOfNotebook } from "./notebook-stamp.js";

export interface WatchOptions {
  readonly workspace: Workspace;
  /** `etag`: null once the notebook is gone. */
  readonly onChange: (notebook: string, etag: string | null) => void;
  readonly logger: Logger;
}

/** Editors save in several steps (write, rename, chmod): what counts is what lies there afterwards. */
const DEBOUNCE_MS = 100;
/** Not every file system tells of changes, a network's or a container's does not. */
const POLL_MS = 3000;
/** A look at a thousand notebooks takes its time: it is done so rarely that it takes half a percent of it. */
const REST_FACTOR = 200;
const LONGEST_REST_MS = 30_000;

interface Known {
  readonly stamp: string;
  /** Undefined until the file had to be read. */
  readonly etag: string | undefined;
}

/**
 * Tells which notebooks change, come and go. An event of the file system only means "look again": names in it, their
 * order and their number are not to be relied on.
 */
export class NotebookWatch {
  readonly #options: WatchOptions;
  readonly #known = new Map<string, Known>();
  readonly #watchers = new Map<string, FSWatcher>();
  #debounce: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;
  #isClosed = false;

  private constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** What is there at the beginning is no change, and is not read. */
  static async open(options: WatchOptions): Promise<NotebookWatch> {
    const opened = new NotebookWatch(options);
    await opened.#scan(async (name) => {
      opened.#known.set(name, { stamp: await stampOfNotebook(options.workspace, name), etag: undefined });
    });
    opened.#pollAfter(POLL_MS);
    return opened;
  }

  /** Somebody who saved has told everybody already. */
  notice(notebook: string, etag: string | null): void {
    if (etag === null) this.#known.delete(notebook);
    else if (this.#known.get(notebook)?.etag !== etag) this.#known.set(notebook, { stamp: "", etag });
  }

  /** Looks now; one look at a time. */
  async look(): Promise<void> {
    if (this.#isClosed || this.#scanning !== undefined) return this.#scanning;
    this.#scanning = this.#scan((name) => this.#compare(name)).finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#debounce);
    clearTimeout(this.#poll);
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#scanning;
  }

  #pollAfter(ms: number): void {
    if (this.#isClosed) return;
    this.#poll = setTimeout(() => {
      const begun = performance.now();
      void this.look().finally(() => {
        const rest = (performance.now() - begun) * REST_FACTOR;
        this.#pollAfter(Math.min(Math.max(POLL_MS, rest), LONGEST_REST_MS));
      });
    }, ms);
  }

  async #scan(visit: (name: string) => Promise<void>): Promise<void> {
    const { workspace, logger, onChange } = this.#options;
    try {
      await this.#watchFolders();
      const names = await listNotebooks(workspace);
      for (const name of names) await this.#maybeVisit(name, visit);
      for (const name of [...this.#known.keys()]) {
        if (names.includes(name)) continue;
        this.#known.delete(name);
        onChange(name, null);
      }
    } catch (error) {
      logger.warn("notebooks cannot be watched", { error });
    }
  }

  /** Gone between the list and the look: the next one tells. */
  async #maybeVisit(name: string, visit: (name: string) => Promise<void>): Promise<void> {
    try {
      await visit(name);
    } catch (error) {
      if (!isAppError(error) && !isSystemError(error)) throw error;
    }
  }

  async #compare(name: string): Promise<void> {
    const { workspace, onChange } = this.#options;
    const known = this.#known.get(name);
    const stamp = await stampOfNotebook(workspace, name);
    if (known?.stamp === stamp) return;
    const etag = await readEtag(workspace, name);
    this.#known.set(name, { stamp, etag });
    if (known?.etag !== etag) onChange(name, etag);
  }

  async #watchFolders(): Promise<void> {
    const { notebooks } = this.#options.workspace;
    const entries = await readdir(notebooks, { withFileTypes: true });
    const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(notebooks, entry.name));
    const folders = new Set([notebooks, ...below]);
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) this.#watchFolder(folder);
  }

  /** Where the system has no watches left, there is still the poll. */
  #watchFolder(folder: string): void {
    if (this.#watchers.has(folder) || this.#isClosed) return;
    try {
      const watcher = watch(folder, () => {
        this.#lookSoon();
      });
      watcher.on("error", () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }

  #lookSoon(): void {
    clearTimeout(this.#debounce);
    if (!this.#isClosed) this.#debounce = setTimeout(() => void this.look(), DEBOUNCE_MS);
  }
}
