import { setTimeout } from "node:timers/promises";

/** What time it is, and waiting for it; tests have one of their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after that time, or at once when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Timers end early where they are to last longer. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  wait: (ms, signal) =>
    setTimeout(Math.min(Math.max(ms, 0), LONGEST_MS), undefined, { signal }).catch(() => undefined),
};
