import { RecentCounts } from "./recent-counts.js";

export interface Patience {
  readonly freeAttempts: number;
  readonly longestWaitMs: number;
}

/** Of one place, and of one name from there. */
const patienceWithPlace: Patience = { freeAttempts: 5, longestWaitMs: 60_000 };

/** Wrong credentials by whatever they have in common: after a few of them each further one is looked at later and later. */
export class Attempts {
  readonly #failures: RecentCounts;
  readonly #now: () => number;
  readonly #patience: Patience;

  constructor(now: () => number = Date.now, patience = patienceWithPlace) {
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
    return this.#failures.add(key);
  }

  succeed(key: string): void {
    this.#failures.forget(key);
  }
}
