const last = new Map<string, Promise<unknown>>();

/** Runs actions of the same key one after another in this process, whoever calls. */
export async function oneAtATime<T>(key: string, action: () => Promise<T>): Promise<T> {
  const before = last.get(key) ?? Promise.resolve();
  const result = before.then(action);
  const settled = result.catch(() => undefined);
  last.set(key, settled);
  try {
    return await result;
  } finally {
    if (last.get(key) === settled) last.delete(key);
  }
}
