import type { DuckDBInstance } from "@duckdb/node-api";
import { createDuckdb, WorkerInstance, type InstanceOptions } from "./worker-instance.js";

interface KeptInstance {
  readonly key: string;
  readonly instance: WorkerInstance;
}

/** A process that holds more than this between two tasks keeps nothing open. A fresh one has about 90 MB. */
const MAX_RSS_BYTES = 200 * 1024 ** 2;

const IDLE_MS = 30_000;

/**
 * The DuckDBs of a worker process between its tasks: a blank one that is made ahead, which takes most of the time until
 * a task can begin, and the last one whose task gave it back, for the next task that sees exactly the same.
 */
export class InstanceShelf {
  #blank: Promise<DuckDBInstance> | undefined;
  #kept: KeptInstance | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  get isKeeping(): boolean {
    return this.#kept !== undefined;
  }

  /** Makes a blank one, if there is none. */
  prepare(): void {
    if (this.#blank !== undefined) return;
    this.#blank = createDuckdb();
    // Whoever takes it learns of its failure.
    this.#blank.catch(() => undefined);
  }

  /** What was kept goes: the limits of memory hold for one instance at a time. */
  async open(options: InstanceOptions): Promise<WorkerInstance> {
    this.#closeKept();
    const blank = this.#blank ?? createDuckdb();
    this.#blank = undefined;
    return WorkerInstance.open(await blank, options);
  }

  /** The instance that was kept under the key. It is the caller's now. */
  take(key: string): WorkerInstance | undefined {
    if (this.#kept?.key !== key) return undefined;
    clearTimeout(this.#idleTimer);
    const { instance } = this.#kept;
    this.#kept = undefined;
    return instance;
  }

  /** For a task that sees the same, unless none comes for a while. Closes what is no longer as it was opened. */
  keep(key: string, instance: WorkerInstance): void {
    if (!instance.isUnchanged || process.memoryUsage.rss() > MAX_RSS_BYTES) {
      instance.close();
      return;
    }
    this.#kept = { key, instance };
    this.#idleTimer = setTimeout(() => {
      this.#closeKept();
    }, IDLE_MS).unref();
  }

  #closeKept(): void {
    clearTimeout(this.#idleTimer);
    this.#kept?.instance.close();
    this.#kept = undefined;
  }
}
