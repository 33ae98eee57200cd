import type { Logger } from "../base/logger.js";

const FREE_ATTEMPTS = 5;
const LONGEST_WAIT_MS = 60_000;
const FORGOTTEN_AFTER_MS = 15 * 60_000;
const MAX_ADDRESSES = 10_000;

interface Failures {
  readonly count: number;
  readonly last: number;
}

/** Wrong credentials by address: after a few of them each further one is answered later and later. */
export class Attempts {
  readonly #failures = new Map<string, Failures>();
  readonly #logger: Logger;
  readonly #now: () => number;

  constructor(logger: Logger, now: () => number = Date.now) {
    this.#logger = logger;
    this.#now = now;
  }

  /** Milliseconds until the address may try again; 0: now. */
  waitMs(address: string): number {
    const failures = this.#recent(address);
    if (failures === undefined || failures.count < FREE_ATTEMPTS) return 0;
    const pause = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (failures.count - FREE_ATTEMPTS));
    return Math.max(0, failures.last + pause - this.#now());
  }

  fail(address: string): void {
    const count = (this.#recent(address)?.count ?? 0) + 1;
    // The newest last: beyond the limit the oldest is forgotten.
    this.#failures.delete(address);
    this.#failures.set(address, { count, last: this.#now() });
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > MAX_ADDRESSES) this.#failures.delete(oldest);
    const isLogged = count <= 10 || Number.isInteger(Math.log2(count));
    if (isLogged) this.#logger.warn("wrong credentials", { address, count });
  }

  succeed(address: string): void {
    this.#failures.delete(address);
  }

  #recent(address: string): Failures | undefined {
    const failures = this.#failures.get(address);
    return failures === undefined || failures.last + FORGOTTEN_AFTER_MS < this.#now() ? undefined : failures;
  }
}
