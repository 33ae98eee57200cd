/** Calls `action` for each item, at most `limit` at a time. After a failure no further one is begun. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  limit: number,
  action: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const takeTurns = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await action(items[index] as T, index);
  };
  const stopOnFailure = (error: unknown): never => {
    next = items.length;
    throw error;
  };
  const lanes = Array.from({ length: Math.min(limit, items.length) }, () => takeTurns().catch(stopOnFailure));
  await settleAll(lanes);
}

/** The results in the order of the items. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  action: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  await forEachConcurrently(items, limit, async (item, index) => {
    results[index] = await action(item);
  });
  return results;
}

/** Waits for all, also after a failure: nobody may clean up while others still write. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** Runs actions in the order of the calls, so many at the same time, however many ask at once. */
export class Limiter {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/** Runs one action after another, in the order of the calls. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
