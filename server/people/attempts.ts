import type { Logger } from "../base/logger.js";

export interface Patience {
  readonly freeAttempts: number;
  readonly longestWaitMs: number;
}

/** Of one address. */
export const patienceWithAddress: Patience = { freeAttempts: 5, longestWaitMs: 60_000 };
/** Of one name from everywhere: no stranger may shut its owner out for long. */
export const patienceWithName: Patience = { freeAttempts: 50, longestWaitMs: 5_000 };

const FORGOTTEN_AFTER_MS = 15 * 60_000;
const MAX_KEYS = 10_000;

interface Failures {
  readonly count: number;
  readonly last: number;
}

/** Wrong credentials by whatever they have in common: after a few of them each further one is answered later and later. */
export class Attempts {
  readonly #failures = new Map<string, Failures>();
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #patience: Patience;

  constructor(logger: Logger, now: () => number = Date.now, patience = patienceWithAddress) {
    this.#logger = logger;
    this.#now = now;
    this.#patience = patience;
  }

  /** Milliseconds until the next try; 0: now. */
  waitMs(key: string): number {
    const { freeAttempts, longestWaitMs } = this.#patience;
    const failures = this.#recent(key);
    if (failures === undefined || failures.count < freeAttempts) return 0;
    const pause = Math.min(longestWaitMs, 1000 * 2 ** (failures.count - freeAttempts));
    return Math.max(0, failures.last + pause - this.#now());
  }

  /** Returns how many there were lately, this one included. */
  fail(key: string): number {
    const count = (this.#recent(key)?.count ?? 0) + 1;
    // The newest last: beyond the limit the oldest is forgotten.
    this.#failures.delete(key);
    this.#failures.set(key, { count, last: this.#now() });
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > MAX_KEYS) this.#failures.delete(oldest);
    if (isTold(count)) this.#logger.warn("wrong credentials", { from: key, count });
    return count;
  }

  succeed(key: string): void {
    this.#failures.delete(key);
  }

  #recent(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    return failures === undefined || failures.last + FORGOTTEN_AFTER_MS < this.#now() ? undefined : failures;
  }
}

/** Of many in a row only some are worth a line. */
export function isTold(count: number): boolean {
  return count <= 10 || Number.isInteger(Math.log2(count));
}
