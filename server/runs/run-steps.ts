import type { Edges } from "../graph/topology.js";

export interface StepOrder {
  /** Parents first; ties are started in this order. */
  readonly ids: readonly string[];
  readonly waitsFor: Edges;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** May this step run although a check of what it waits for failed? A check may: people want to see all that is wrong. */
  readonly canFollowDoubt: (id: string) => boolean;
}

/** Why what waits for a step may not start. */
export interface StepFailure {
  /** What to blame, in words for people. */
  readonly cause: string;
  /** The rows are there: only a check found them wrong. */
  readonly isDoubt: boolean;
}

export interface StepCallbacks {
  /** Runs one step. Undefined: what waits for it may start. */
  run(id: string): Promise<StepFailure | undefined>;
  /** A step that will not run; `cause` is what the first step on the way to it said. */
  onBlocked(id: string, cause: string): void;
  /** A step that had not started when the run was cancelled. */
  onCancelled(id: string): void;
}

/**
 * Runs steps as soon as what they wait for has succeeded, at most `concurrency` at a time. A failed step blocks
 * only what waits for it: the others go on, so that a resume can reuse them. Knows nothing of SQL.
 */
export async function runSteps(order: StepOrder, callbacks: StepCallbacks): Promise<void> {
  const waiting = new Set(order.ids);
  const ended = new Map<string, StepFailure | undefined>();
  const running = new Map<string, Promise<void>>();
  let hasFailure = false;

  const failureFor = (id: string): StepFailure | undefined => {
    const failures = (order.waitsFor.get(id) ?? []).flatMap((name) => ended.get(name) ?? []);
    return failures.find((failure) => !failure.isDoubt || !order.canFollowDoubt(id));
  };
  const settleBlocked = (): void => {
    if (!hasFailure) return;
    for (const id of waiting) {
      const failure = failureFor(id);
      if (failure === undefined) continue;
      waiting.delete(id);
      ended.set(id, { cause: failure.cause, isDoubt: false });
      callbacks.onBlocked(id, failure.cause);
    }
  };
  const isReady = (id: string): boolean => (order.waitsFor.get(id) ?? []).every((name) => ended.has(name));
  const start = (id: string): void => {
    waiting.delete(id);
    const finished = callbacks.run(id).then((failure) => {
      running.delete(id);
      ended.set(id, failure);
      hasFailure ||= failure !== undefined;
    });
    running.set(id, finished);
  };

  while (waiting.size > 0 || running.size > 0) {
    if (order.signal.aborted) {
      for (const id of waiting) callbacks.onCancelled(id);
      waiting.clear();
    }
    settleBlocked();
    for (const id of waiting) {
      if (running.size >= order.concurrency) break;
      if (isReady(id)) start(id);
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size > 0)
      throw new Error(`unreachable: steps wait for what never runs: ${[...waiting].join(", ")}`);
  }
}
