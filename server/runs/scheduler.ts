import type { Edges } from "../graph/topology.js";

export interface Schedule {
  /** Parents first; ties are started in this order. */
  readonly ids: readonly string[];
  readonly waitsFor: Edges;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

export interface StepCallbacks {
  /** Runs one step. Undefined: what waits for it may start; otherwise what blocks it, in words for people. */
  run(id: string): Promise<string | undefined>;
  /** A step that will not run; `cause` is what the first step on the way to it said. */
  onBlocked(id: string, cause: string): void;
  /** A step that had not started when the run was cancelled. */
  onCancelled(id: string): void;
}

/**
 * Runs steps as soon as what they wait for has succeeded, at most `concurrency` at a time. A failed step blocks
 * only what waits for it: the others go on, so that a resume can reuse them. Knows nothing of SQL.
 */
export async function runSteps(schedule: Schedule, callbacks: StepCallbacks): Promise<void> {
  const waiting = new Set(schedule.ids);
  const done = new Map<string, boolean>();
  const causes = new Map<string, string>();
  const running = new Map<string, Promise<void>>();

  const settleBlocked = (): void => {
    for (const id of waiting) {
      const failed = (schedule.waitsFor.get(id) ?? []).find((name) => done.get(name) === false);
      if (failed === undefined) continue;
      const cause = causes.get(failed) ?? `\`${failed}\``;
      waiting.delete(id);
      done.set(id, false);
      causes.set(id, cause);
      callbacks.onBlocked(id, cause);
    }
  };
  const isReady = (id: string): boolean =>
    (schedule.waitsFor.get(id) ?? []).every((name) => done.get(name) === true);
  const start = (id: string): void => {
    waiting.delete(id);
    const finished = callbacks.run(id).then((cause) => {
      running.delete(id);
      done.set(id, cause === undefined);
      if (cause !== undefined) causes.set(id, cause);
    });
    running.set(id, finished);
  };

  while (waiting.size > 0 || running.size > 0) {
    if (schedule.signal.aborted) {
      for (const id of waiting) callbacks.onCancelled(id);
      waiting.clear();
    }
    settleBlocked();
    for (const id of waiting) {
      if (running.size >= schedule.concurrency) break;
      if (isReady(id)) start(id);
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size > 0)
      throw new Error(`unreachable: steps wait for what never runs: ${[...waiting].join(", ")}`);
  }
}
