import type { Clock } from "../../server/operate/clock.js";

/** Time that passes only when a test says so. */
export class TestClock implements Clock {
  #now: number;
  readonly #waiting = new Set<{ readonly until: number; readonly go: () => void }>();

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = {
        until: this.#now + ms,
        go: () => {
          this.#waiting.delete(waiter);
          signal.removeEventListener("abort", waiter.go);
          resolve();
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener("abort", waiter.go);
    });
  }

  /** Never back. */
  set(instant: string): void {
    this.advance(Math.max(0, Date.parse(instant) - this.#now));
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const { until, go } of [...this.#waiting]) if (until <= this.#now) go();
  }
}
