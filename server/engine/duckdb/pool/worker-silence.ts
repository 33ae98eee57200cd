import { readFileSync } from "node:fs";

/** Seconds of processor time: so long a worker may work on one thing without a word. */
export const MAX_SILENT_CPU_SECONDS = 30;

/** Of the clock in `/proc`, whatever the system's own is. */
const TICKS_PER_SECOND = 100;

/**
 * Processor seconds that the main thread of a process has used: the one that sends the heartbeat. It stands still while
 * the machine is busy with others, sleeps, or has stopped the process: silence is no death then. Undefined where the
 * system does not tell.
 */
export function mainThreadSeconds(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, "utf8");
    // The name, in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

/** Tells a worker that hangs from one that is only silent. */
export class Silence {
  readonly #maxSeconds: number;
  #begin: number | undefined;

  constructor(maxSeconds = MAX_SILENT_CPU_SECONDS) {
    this.#maxSeconds = maxSeconds;
  }

  /** It was heard of. */
  end(): void {
    this.#begin = undefined;
  }

  /** True once it has used more than its time since it was heard of; called now and then with what it has used so far. */
  isTooLong(usedSeconds: number | undefined): boolean {
    if (usedSeconds === undefined) return false;
    this.#begin ??= usedSeconds;
    return usedSeconds - this.#begin > this.#maxSeconds;
  }
}
