import type { DuckDBInstance } from "@duckdb/node-api";
import { createDuckdb, WorkerInstance, type InstanceOptions } from "./worker-instance.js";

/** A process that holds more than this between two tasks keeps nothing open. A fresh one has about 90 MB. */
const MAX_RSS_BYTES = 200 * 1024 ** 2;

const IDLE_MS = 30_000;
/** What a page asks at once sees a handful of different rows. */
const MOST_KEPT = 4;

/**
 * The DuckDBs of a worker process between its tasks: a blank one that is made ahead, which takes most of the time until
 * a task can begin, and the last ones whose tasks gave them back, for the next task that sees exactly the same.
 */
export class InstanceShelf {
  #blank: Promise<DuckDBInstance> | undefined;
  /** The one that was used last comes last. */
  readonly #kept = new Map<string, WorkerInstance>();
  #idleTimer: NodeJS.Timeout | undefined;

  get kept(): number {
    return this.#kept.size;
  }

  /** Makes a blank one, if there is none. */
  prepare(): void {
    if (this.#blank !== undefined) return;
    this.#blank = createDuckdb();
    // Whoever takes it learns of its failure.
    this.#blank.catch(() => undefined);
  }

  /** What was kept goes, but for what only has footers of files open: the limits of memory hold for one instance at a time. */
  async open(options: InstanceOptions): Promise<WorkerInstance> {
    this.#closeKept(options.isShared === true ? MOST_KEPT - 1 : 0);
    const blank = this.#blank ?? createDuckdb();
    this.#blank = undefined;
    return WorkerInstance.open(await blank, options);
  }

  /** The instance that was kept under the key. It is the caller's now. */
  take(key: string): WorkerInstance | undefined {
    const instance = this.#kept.get(key);
    this.#kept.delete(key);
    return instance;
  }

  /** For a task that sees the same, unless none comes for a while. Closes what is no longer as it was opened. */
  keep(key: string, instance: WorkerInstance): void {
    clearTimeout(this.#idleTimer);
    this.#kept.set(key, instance);
    if (!instance.isUnchanged) this.#close(key);
    if (process.memoryUsage.rss() > MAX_RSS_BYTES) this.#closeKept();
    this.#idleTimer = setTimeout(() => {
      this.#closeKept();
    }, IDLE_MS).unref();
  }

  #closeKept(but = 0): void {
    for (const key of [...this.#kept.keys()].slice(0, Math.max(0, this.#kept.size - but))) this.#close(key);
  }

  #close(key: string): void {
    this.#kept.get(key)?.close();
    this.#kept.delete(key);
  }
}
