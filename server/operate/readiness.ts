import { randomUUID } from "node:crypto";
import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { putIfAbsent } from "../base/durable.js";
import type { Logger } from "../base/logger.js";
import type { Engine } from "../engine/engine.js";
import type { Lake } from "../lake/lake.js";
import type { Clock } from "./clock.js";

export interface ReadinessOptions {
  readonly lake: Pick<Lake, "paths">;
  readonly engine: Pick<Engine, "probe">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whoever asks more often gets the same answer: anybody may ask. */
const KEPT_MS = 2000;
const PROBE_MS = 5000;

/** Knows where the process is between its start and its end, and looks whether its disk and its workers are fine. */
export class ReadinessProbe {
  readonly #options: ReadinessOptions;
  #phase: "starting" | "serving" | "ending" = "starting";
  #looked: { readonly at: number; readonly reasons: Promise<readonly string[]> } | undefined;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  serve(): void {
    if (this.#phase === "starting") this.#phase = "serving";
  }

  end(): void {
    this.#phase = "ending";
  }

  /** Why no work may be sent here, in sentences; empty: it may. */
  async look(): Promise<readonly string[]> {
    if (this.#phase === "ending") return ["It is shutting down."];
    if (this.#phase === "starting") return ["It is starting."];
    const now = this.#options.clock.now();
    if (this.#looked === undefined || Math.abs(now - this.#looked.at) >= KEPT_MS)
      this.#looked = { at: now, reasons: this.#findReasons() };
    return this.#looked.reasons;
  }

  async #findReasons(): Promise<readonly string[]> {
    const reasons = await Promise.all([
      this.#reason("The disk of the lake cannot be written.", () => tryToWrite(this.#options.lake.paths.tmp)),
      this.#reason("No worker can be started.", () => within(PROBE_MS, this.#options.engine.probe())),
    ]);
    return reasons.filter((reason) => reason !== undefined);
  }

  /** Nobody learns of paths here; the log has them. */
  async #reason(reason: string, attempt: () => Promise<void>): Promise<string | undefined> {
    try {
      await attempt();
      return undefined;
    } catch (error) {
      this.#options.logger.warn("the server is not ready", { reason, error });
      return reason;
    }
  }
}

/** A full disk still takes a file that has nothing in it. */
async function tryToWrite(folder: string): Promise<void> {
  const file = join(folder, `ready-${randomUUID()}`);
  try {
    await putIfAbsent(file, "ready\n", { temporaryFolder: folder, isLasting: false });
  } finally {
    await rm(file, { force: true });
  }
  const { bavail } = await statfs(folder);
  if (bavail === 0) throw new Error("The disk is full.");
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`It took longer than ${String(ms / 1000)} seconds.`));
    }, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
