import type { Logger } from "../base/logger.js";
import { isTold, RecentCounts } from "./recent-counts.js";

export interface Patience {
  readonly freeAttempts: number;
  readonly longestWaitMs: number;
}

/** Of one address. */
export const patienceWithAddress: Patience = { freeAttempts: 5, longestWaitMs: 60_000 };
/** Of one name from everywhere: no stranger may shut its owner out for long. */
export const patienceWithName: Patience = { freeAttempts: 50, longestWaitMs: 5_000 };

/** Wrong credentials by whatever they have in common: after a few of them each further one is answered later and later. */
export class Attempts {
  readonly #failures: RecentCounts;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #patience: Patience;

  constructor(logger: Logger, now: () => number = Date.now, patience = patienceWithAddress) {
    this.#logger = logger;
    this.#now = now;
    this.#failures = new RecentCounts(now);
    this.#patience = patience;
  }

  /** Milliseconds until the next try; 0: now. */
  waitMs(key: string): number {
    const { freeAttempts, longestWaitMs } = this.#patience;
    const failures = this.#failures.get(key);
    if (failures === undefined || failures.count < freeAttempts) return 0;
    const pause = Math.min(longestWaitMs, 1000 * 2 ** (failures.count - freeAttempts));
    return Math.max(0, failures.last + pause - this.#now());
  }

  /** Returns how many there were lately, this one included. */
  fail(key: string): number {
    const count = this.#failures.add(key);
    if (isTold(count)) this.#logger.warn("wrong credentials", { from: key, count });
    return count;
  }

  succeed(key: string): void {
    this.#failures.forget(key);
  }
}
