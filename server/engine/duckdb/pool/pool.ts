import { AppError, isSystemError } from "../../../base/errors.js";
import type { EngineLoad, TaskControl } from "../../engine.js";
import type { InstanceLimits, TaskResults, WorkerTask } from "../protocol.js";
import { sharedKeyOf } from "../shared-scope.js";
import { stoppedError } from "./worker-errors.js";
import type { WorkerProcess } from "./worker-process.js";

export interface PoolOptions {
  readonly limits: InstanceLimits;
  /** Tasks at the same time; others wait in order. */
  readonly size: number;
  /** Workers that are kept started for tasks to come. */
  readonly spare: number;
  /** After so many tasks a worker is replaced, so that nothing can pile up in it. */
  readonly maxTasks: number;
  readonly spawn: () => WorkerProcess;
}

/** What it keeps of its memory after a task. A fresh worker has about 90 MB. */
const MAX_IDLE_RSS_BYTES = 250 * 1024 ** 2;

const IDLE_MS = 30_000;

/** Workers for one kind of task. A worker serves one task at a time. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<WorkerProcess>();
  #idle: WorkerProcess[] = [];
  #waiting: (() => void)[] = [];
  #busyCount = 0;
  #isClosed = false;
  #shrinkTimer: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async run<T extends WorkerTask>(task: T, control: TaskControl): Promise<TaskResults[T["type"]]> {
    await this.#takeSlot(control);
    try {
      const worker = this.#takeWorker(sharedKeyOf(task));
      try {
        return await worker.run(task, this.#options.limits, control);
      } finally {
        this.#giveBack(worker);
      }
    } finally {
      this.#busyCount--;
      this.#waiting.shift()?.();
    }
  }

  /** Starts the spare workers, or else one that is not replaced. */
  warm(): void {
    this.#spawnSpare(Math.max(1, this.#options.spare));
  }

  /** Resolves to the engine's version once a worker is up. */
  async version(): Promise<string> {
    this.#busyCount++;
    const worker = this.#takeWorker();
    try {
      return await worker.ready;
    } finally {
      this.#giveBack(worker);
      this.#busyCount--;
    }
  }

  get load(): EngineLoad {
    return { workers: this.#workers.size, busy: this.#busyCount, waiting: this.#waiting.length };
  }

  /** Fails where a worker would have to be started and cannot be. One that is at work, or waits for it, is enough. */
  async probe(): Promise<void> {
    if (this.#busyCount > 0) return;
    await this.version();
  }

  /** Gives away a worker that waits for a task, if there is one. */
  release(): WorkerProcess | undefined {
    const worker = this.#idle.filter(({ isUsable }) => isUsable).pop();
    this.#idle = this.#idle.filter((other) => other !== worker);
    if (worker !== undefined) this.#workers.delete(worker);
    return worker;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...this.#workers].map((worker) => worker.kill()));
  }

  async #takeSlot(control: TaskControl): Promise<void> {
    const isStopped = (): boolean => this.#isClosed || control.signal?.aborted === true;
    while (!isStopped() && this.#busyCount >= this.#options.size) await this.#wait(control);
    if (isStopped()) {
      // It may have been woken for a slot that it does not take.
      this.#waiting.shift()?.();
      throw stoppedError("cancelled", control);
    }
    this.#busyCount++;
  }

  async #wait({ signal }: TaskControl): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        this.#waiting = this.#waiting.filter((other) => other !== wake);
        resolve();
      };
      this.#waiting.push(wake);
      signal?.addEventListener("abort", wake);
    });
  }

  #takeWorker(key?: string): WorkerProcess {
    if (this.#isClosed) throw new AppError("cancelled", "The engine is closed");
    this.#idle = this.#idle.filter((worker) => worker.isUsable);
    const worker = this.#chooseIdle(key) ?? this.#spawn();
    this.#idle = this.#idle.filter((other) => other !== worker);
    // Not now: the task that takes this one goes first.
    setTimeout(() => {
      this.#spawnSpare();
    }, 200).unref();
    return worker;
  }

  /** The one that has open what the task will see; else one that has nothing open, the one used last. */
  #chooseIdle(key: string | undefined): WorkerProcess | undefined {
    return (
      (key === undefined ? undefined : this.#idle.find((worker) => worker.keptKeys.includes(key))) ??
      this.#idle.findLast((worker) => worker.keptKeys.length === 0) ??
      this.#idle[0]
    );
  }

  #giveBack(worker: WorkerProcess): void {
    const isWorn = worker.taskCount >= this.#options.maxTasks || worker.rssBytes > MAX_IDLE_RSS_BYTES;
    const isKept = worker.isUsable && !isWorn && this.#idle.length < this.#options.size && !this.#isClosed;
    if (!isKept) {
      void this.#end(worker);
      return;
    }
    this.#idle.push(worker);
    this.#shrinkLater();
  }

  /** After a burst of tasks only the spare ones stay. */
  #shrinkLater(): void {
    clearTimeout(this.#shrinkTimer);
    this.#shrinkTimer = setTimeout(() => {
      const kept = Math.max(1, this.#options.spare);
      for (const worker of this.#idle.splice(0, Math.max(0, this.#idle.length - kept)))
        void this.#end(worker);
    }, IDLE_MS).unref();
  }

  #spawnSpare(spare = this.#options.spare): void {
    if (this.#isClosed) return;
    const wanted = Math.min(spare, this.#options.size - this.#busyCount);
    try {
      while (this.#idle.length < wanted) this.#idle.push(this.#spawn());
    } catch (error) {
      // A full disk, say: the task that needs a worker will report it.
      if (!isSystemError(error)) throw error;
    }
  }

  #spawn(): WorkerProcess {
    const worker = this.#options.spawn();
    this.#workers.add(worker);
    return worker;
  }

  async #end(worker: WorkerProcess): Promise<void> {
    await worker.kill();
    this.#workers.delete(worker);
  }
}
