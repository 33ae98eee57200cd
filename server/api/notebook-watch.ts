import { watch, type FSWatcher } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../base/logger.js";
import { isAppError, isSystemError } from "../base/errors.js";
import { listNotebooks, readNotebookFile } from "../workspace/notebook-files.js";
import type { Workspace } from "../workspace/workspace.js";

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

interface Known {
  /** Time, size and inode: whether it is worth reading. */
  readonly stamp: string;
  readonly etag: string;
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

  /** What is there at the beginning is no change. */
  static async open(options: WatchOptions): Promise<NotebookWatch> {
    const opened = new NotebookWatch(options);
    await opened.#scan(() => undefined);
    opened.#poll = setInterval(() => void opened.look(), POLL_MS);
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
    this.#scanning = this.#scan(this.#options.onChange).finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#debounce);
    clearInterval(this.#poll);
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#scanning;
  }

  async #scan(onChange: WatchOptions["onChange"]): Promise<void> {
    const { workspace, logger } = this.#options;
    try {
      await this.#watchFolders();
      const names = await listNotebooks(workspace);
      for (const name of names) await this.#compare(name, onChange);
      for (const name of [...this.#known.keys()]) {
        if (names.includes(name)) continue;
        this.#known.delete(name);
        onChange(name, null);
      }
    } catch (error) {
      logger.warn("notebooks cannot be watched", { error });
    }
  }

  async #compare(name: string, onChange: WatchOptions["onChange"]): Promise<void> {
    const { workspace } = this.#options;
    const known = this.#known.get(name);
    try {
      const { mtimeMs, size, ino } = await lstat(`${join(workspace.notebooks, ...name.split("/"))}.md`);
      const stamp = `${String(mtimeMs)} ${String(size)} ${String(ino)}`;
      if (known?.stamp === stamp) return;
      const { etag } = await readNotebookFile(workspace, name);
      this.#known.set(name, { stamp, etag });
      if (known?.etag !== etag) onChange(name, etag);
    } catch (error) {
      // Gone between the list and the look: the next one tells.
      if (!isAppError(error) && !isSystemError(error)) throw error;
    }
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
