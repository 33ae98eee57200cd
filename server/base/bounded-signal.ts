/**
 * Hands on a signal that aborts with the first of those, or after so long; the reason is then a `TimeoutError`. Not
 * `AbortSignal.any` with `AbortSignal.timeout`: nothing holds what is merged so, and what is collected never fires.
 */
export async function withinTime<T>(
  { signals, ms }: { readonly signals: readonly AbortSignal[]; readonly ms: number },
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = setTimeout(() => {
    controller.abort(new DOMException(`Not done within ${String(ms / 1000)} s.`, "TimeoutError"));
  }, ms);
  const stop = (event: Event): void => {
    controller.abort((event.currentTarget as AbortSignal).reason);
  };
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", stop, { once: true });
  }
  try {
    return await action(controller.signal);
  } finally {
    clearTimeout(late);
    for (const signal of signals) signal.removeEventListener("abort", stop);
  }
}

export function isTooLate(signal: AbortSignal): boolean {
  return signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
}
