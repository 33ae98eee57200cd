import { setTimeout as sleep } from "node:timers/promises";
import type { RunView } from "../api/protocol.js";
import type { Call } from "./tool.js";

const POLL_MS = 100;

/** Waits for the end of a run; who gives the call up cancels it. */
export async function followRun({ ask, signal, progress }: Call, id: string): Promise<RunView> {
  const params = { id };
  let told = "";
  for (;;) {
    if (signal.aborted) return ask("POST /api/runs/{id}/cancel", { params, body: {} });
    const run = await ask("GET /api/runs/{id}", { params });
    if (!run.isRunning) return run;
    const now = run.cells.filter(({ status }) => status === "running").map(({ name }) => name);
    const message = now.length === 0 ? "waiting" : `computing ${now.join(", ")}`;
    if (message !== told) progress(message);
    told = message;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What an agent has to know of a run. */
export function describeRun(run: RunView): object {
  return {
    run: run.id,
    date: run.date,
    outcome: run.outcome,
    error: run.error,
    cells: run.cells.map(({ name, kind, outcome, reason, rows, error }) => ({
      name,
      kind,
      outcome,
      reason,
      rows,
      error,
    })),
    checks: run.checks.map(({ name, cell, outcome, severity, failures, message }) => ({
      name,
      cell,
      outcome,
      severity,
      failures,
      message,
    })),
    ...(run.mode === "materialize" ? { published: run.published, removed: run.removed } : {}),
    note: run.note,
  };
}
