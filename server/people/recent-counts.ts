const FORGOTTEN_AFTER_MS = 15 * 60_000;
const MAX_KEYS = 10_000;

interface Count {
  readonly count: number;
  /** When it was counted last. */
  readonly last: number;
}

/** What happened how often lately, by whatever it has in common. Of ten thousand keys the oldest are forgotten. */
export class RecentCounts {
  readonly #counts = new Map<string, Count>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get(key: string): Count | undefined {
    const known = this.#counts.get(key);
    return known === undefined || known.last + FORGOTTEN_AFTER_MS < this.#now() ? undefined : known;
  }

  /** Returns how often it happened lately, this time included. */
  add(key: string): number {
    const count = (this.get(key)?.count ?? 0) + 1;
    // The newest last: beyond the limit the oldest is forgotten.
    this.#counts.delete(key);
    this.#counts.set(key, { count, last: this.#now() });
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined && this.#counts.size > MAX_KEYS) this.#counts.delete(oldest);
    return count;
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }
}

/** Of many in a row only some are worth a line. */
export function isTold(count: number): boolean {
  return count <= 10 || Number.isInteger(Math.log2(count));
}
