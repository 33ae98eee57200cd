import { AppError } from "../base/errors.js";

export interface FairQueueLimits {
  /** At the same time; the last one is kept for a client that has none. */
  readonly slots: number;
  /** Of one client, at once. */
  readonly perClient: number;
  /** After so long a client gets one more, where slots are free. */
  readonly patienceMs: number;
  /** Of one client; what comes beyond that is refused. */
  readonly waiting: number;
}

export interface Served<T> {
  readonly result: T;
  /** Absent where it began at once. */
  readonly waitedMs?: number;
}

interface Waiting {
  readonly client: string;
  readonly since: number;
  readonly start: () => void;
}

/** Lets clients take turns: what one of them asks never holds up another one. */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #running = new Map<string, number>();
  #waiting: Waiting[] = [];

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  /** Undefined where too much of this client waits already. Fails with code cancelled where it is given up meanwhile. */
  async run<T>(
    client: string,
    signal: AbortSignal,
    action: () => Promise<T>,
  ): Promise<Served<T> | undefined> {
    const since = performance.now();
    const own = this.#waiting.filter((waiting) => waiting.client === client).length;
    if (own >= this.#limits.waiting) return undefined;
    const hasWaited = own > 0 || !this.#mayStart(client, since);
    if (hasWaited) await this.#wait(client, since, signal);
    if (signal.aborted) throw new AppError("cancelled", "The query was given up before it began.");
    const waitedMs = Math.round(performance.now() - since);
    if (!hasWaited) this.#running.set(client, this.#runningOf(client) + 1);
    try {
      const result = await action();
      return hasWaited ? { result, waitedMs } : { result };
    } finally {
      this.#end(client);
    }
  }

  #end(client: string): void {
    const left = this.#runningOf(client) - 1;
    if (left === 0) this.#running.delete(client);
    else this.#running.set(client, left);
    this.#startWaiting();
  }

  async #wait(client: string, since: number, signal: AbortSignal): Promise<void> {
    const isStarted = await new Promise<boolean>((resolve) => {
      const waiting: Waiting = {
        client,
        since,
        start: () => {
          this.#running.set(client, this.#runningOf(client) + 1);
          leave(true);
        },
      };
      const timer = setTimeout(() => {
        this.#startWaiting();
      }, this.#limits.patienceMs).unref();
      const giveUp = (): void => {
        leave(false);
      };
      const leave = (mayStart: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve(mayStart);
      };
      this.#waiting.push(waiting);
      signal.addEventListener("abort", giveUp);
      if (signal.aborted) giveUp();
    });
    if (isStarted && signal.aborted) this.#end(client);
  }

  /** Whoever has the fewest goes first, and of these the one that came first. */
  #startWaiting(): void {
    const order = this.#waiting.toSorted(
      (a, b) => this.#runningOf(a.client) - this.#runningOf(b.client) || a.since - b.since,
    );
    for (const waiting of order) if (this.#mayStart(waiting.client, waiting.since)) waiting.start();
  }

  #mayStart(client: string, since: number): boolean {
    const { slots, perClient, patienceMs } = this.#limits;
    const busy = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
    const own = this.#runningOf(client);
    if (own === 0) return busy < slots;
    // A timer may come a moment early.
    const isPatient = performance.now() - since >= patienceMs - 5;
    return busy < slots - 1 && (own < perClient || (isPatient && own <= perClient));
  }

  #runningOf(client: string): number {
    return this.#running.get(client) ?? 0;
  }
}
