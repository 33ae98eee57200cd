import type { ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { AppError, isAppError } from "../../../base/errors.js";
import type { Logger } from "../../../base/logger.js";
import type { TaskControl } from "../../engine.js";
import type {
  FromWorker,
  InstanceLimits,
  TaskFailure,
  TaskResults,
  ToWorker,
  WorkerTask,
} from "../protocol.js";
import { sharedKeyOf } from "../shared-scope.js";
import { crashError, failureError, stoppedError } from "./worker-errors.js";
import type { ProcessEnd, StopReason } from "./worker-errors.js";
import { mainThreadSeconds, Silence } from "./worker-silence.js";
import { launchWorker } from "./worker-launch.js";
import type { LaunchOptions } from "./worker-launch.js";

/** From the interrupt to the kill: a worker that was stopped serves no more, so little is lost by a kill. */
const GRACE_MS = 100;
/** How often a worker that has a task is looked after. */
const WATCH_MS = 1_000;
const STDERR_TAIL = 2_000;

interface RunningTask {
  readonly id: number;
  readonly task: WorkerTask;
  readonly control: TaskControl;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  stopReason?: StopReason;
  readonly silence: Silence;
}

export interface WorkerOptions extends LaunchOptions {
  /** For tests: milliseconds between two looks at a worker that has a task. */
  readonly watchMs?: number;
  /** For tests: processor seconds that a worker may use without a word. */
  readonly maxSilentCpuSeconds?: number;
}

/** A worker process as its parent sees it: one task at a time, and a sure end. */
export class WorkerProcess {
  readonly #logger: Logger;
  readonly #options: WorkerOptions;
  readonly #child: ChildProcess;
  readonly #tempFolder: string;
  readonly #ended: Promise<ProcessEnd>;
  readonly ready: Promise<string>;
  #running: RunningTask | undefined;
  #lastId = 0;
  #stderr = "";
  #isEnded = false;
  #isTainted = false;
  #isKilled = false;
  #rssBytes = 0;
  #keptKeys: readonly string[] = [];

  constructor(options: WorkerOptions, logger: Logger) {
    this.#logger = logger;
    this.#options = options;
    mkdirSync(options.tempFolder, { mode: 0o700 });
    this.#tempFolder = options.tempFolder;
    this.#child = launchWorker(options);
    this.#ended = this.#watchEnd();
    this.ready = this.#waitUntilReady();
    // Whoever waits for it sees the failure; a spare one that nobody waits for must not end this process.
    this.ready.catch(() => undefined);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    this.#child.on("message", (message: FromWorker) => {
      this.#receive(message);
    });
  }

  get taskCount(): number {
    return this.#lastId;
  }

  /** Memory at the end of its last task. */
  get rssBytes(): number {
    return this.#rssBytes;
  }

  /** Of what its last tasks saw, as far as that is still open. */
  get keptKeys(): readonly string[] {
    return this.#keptKeys;
  }

  /** Alive, and nothing happened to it that makes its state doubtful. */
  get isUsable(): boolean {
    return !this.#isEnded && !this.#isTainted;
  }

  async run<T extends WorkerTask>(
    task: T,
    limits: InstanceLimits,
    control: TaskControl,
  ): Promise<TaskResults[T["type"]]> {
    await this.#waitForStart(control);
    return (await this.#start(task, limits, control)) as TaskResults[T["type"]];
  }

  /** Stops what runs, as cancelled, and ends the process. */
  async kill(): Promise<void> {
    this.#isTainted = true;
    this.#isKilled = true;
    if (this.#running !== undefined) this.#running.stopReason ??= "cancelled";
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async #waitForStart(control: TaskControl): Promise<void> {
    const { signal } = control;
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<void>((resolve) => {
      onAbort = resolve;
      signal?.addEventListener("abort", onAbort, { once: true });
    });
    try {
      if (signal?.aborted !== true) await Promise.race([this.#startFor(control.label), aborted]);
    } catch (error) {
      throw this.#isKilled ? stoppedError("cancelled", control) : error;
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
    }
    if (signal?.aborted === true) throw stoppedError("cancelled", control);
  }

  async #start(task: WorkerTask, limits: InstanceLimits, control: TaskControl): Promise<unknown> {
    const id = ++this.#lastId;
    const key = sharedKeyOf(task);
    this.#keptKeys = key === undefined ? [] : this.#keptKeys.filter((other) => other !== key);
    const silence = new Silence(this.#options.maxSilentCpuSeconds);
    const done = new Promise<unknown>((resolve, reject) => {
      this.#running = { id, task, control, resolve, reject, silence };
    });
    const onAbort = (): void => {
      this.#stop(id, "cancelled");
    };
    control.signal?.addEventListener("abort", onAbort, { once: true });
    const timeout =
      control.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            this.#stop(id, "timeout");
          }, control.timeoutMs);
    const watch = setInterval(() => {
      this.#listen();
    }, this.#options.watchMs ?? WATCH_MS);
    try {
      // It may have died since it was chosen, and then there is no more event to wait for.
      if (this.#isEnded) throw new AppError("engine-crashed", "DuckDB ended unexpectedly");
      this.#send({ type: "run", id, task, limits });
      return await done;
    } finally {
      control.signal?.removeEventListener("abort", onAbort);
      clearTimeout(timeout);
      clearInterval(watch);
      this.#running = undefined;
    }
  }

  /** Not every query can be interrupted, a process can always be killed. */
  #stop(id: number, reason: StopReason): void {
    if (this.#running?.id !== id || this.#running.stopReason !== undefined) return;
    this.#running.stopReason = reason;
    this.#isTainted = true;
    this.#send({ type: "cancel", id });
    setTimeout(() => {
      if (this.#running?.id === id) this.#child.kill("SIGKILL");
    }, GRACE_MS).unref();
  }

  /** Only what works without a word hangs; what ended, or closed its channel, is told by the system. */
  #listen(): void {
    const running = this.#running;
    const { pid } = this.#child;
    if (running === undefined || pid === undefined) return;
    if (!running.silence.isTooLong(mainThreadSeconds(pid))) return;
    running.stopReason ??= "hung";
    this.#isTainted = true;
    this.#child.kill("SIGKILL");
  }

  #receive(message: FromWorker): void {
    const running = this.#running;
    if (message.type === "ready" || running?.id !== message.id) return;
    running.silence.end();
    if (message.type === "progress") running.control.onProgress?.(message.progress);
    else if (running.stopReason !== undefined)
      running.reject(stoppedError(running.stopReason, running.control));
    else if (message.type === "failed") this.#fail(running, message.failure);
    else {
      this.#rssBytes = message.rssBytes;
      const key = sharedKeyOf(running.task);
      const keys = [...this.#keptKeys, ...(key === undefined ? [] : [key])];
      this.#keptKeys = keys.slice(keys.length - message.kept);
      running.resolve(message.result);
    }
  }

  #fail(running: RunningTask, failure: TaskFailure): void {
    if (failure.code !== "query" && failure.code !== "input") this.#isTainted = true;
    running.reject(failureError(failure, running.control));
  }

  #send(message: ToWorker): void {
    // An error here means that the process is gone, which the end of the process reports.
    this.#child.send(message, () => undefined);
  }

  #watchEnd(): Promise<ProcessEnd> {
    return new Promise((resolve) => {
      const end = (result: ProcessEnd): void => {
        if (this.#isEnded) return;
        this.#isEnded = true;
        // What cannot be removed now goes when the engine closes, or when the next one starts.
        rm(this.#tempFolder, { recursive: true, force: true }).catch(() => undefined);
        const running = this.#running;
        if (!this.#isTainted) this.#logEnd(result);
        if (running !== undefined) {
          const { stopReason, control, task } = running;
          running.reject(
            stopReason === undefined ? crashError(result, task, control) : stoppedError(stopReason, control),
          );
        }
        resolve(result);
      };
      // What it left unsaid is wanted of one that ended by itself only.
      this.#child.once("exit", (code, signal) => {
        if (this.#isTainted) end({ code, signal, stderr: this.#stderr });
      });
      this.#child.on("error", (error) => {
        if (this.#child.pid === undefined) end({ code: null, signal: null, stderr: error.message });
      });
      // "close" comes after the last of stderr, "exit" may come before it.
      this.#child.once("close", (code, signal) => {
        end({ code, signal, stderr: this.#stderr });
      });
    });
  }

  #logEnd({ code, signal, stderr }: ProcessEnd): void {
    const cell = this.#running?.control.label;
    this.#logger.warn("worker process ended by itself", {
      cell,
      exitCode: code,
      signal,
      stderr: stderr.slice(-500),
    });
  }

  /** Waits until the process is up; one that never was is an error of the cell that waited for it. */
  async #startFor(label: string): Promise<void> {
    try {
      await this.ready;
    } catch (error) {
      if (!isAppError(error)) throw error;
      throw new AppError(error.code, `"${label}" did not run. ${error.message}`, { cause: error });
    }
  }

  async #waitUntilReady(): Promise<string> {
    const ready = new Promise<string>((resolve) => {
      this.#child.on("message", (message: FromWorker) => {
        if (message.type === "ready") resolve(message.version);
      });
    });
    const silence = new Silence();
    const watch = setInterval(() => {
      const { pid } = this.#child;
      if (pid !== undefined && silence.isTooLong(mainThreadSeconds(pid))) this.#child.kill("SIGKILL");
    }, WATCH_MS);
    const version = await Promise.race([ready, this.#ended]);
    clearInterval(watch);
    if (typeof version === "string") return version;
    throw new AppError(
      "engine-crashed",
      `DuckDB could not be started: ${version.stderr.trim() || "no message"}`,
    );
  }
}
