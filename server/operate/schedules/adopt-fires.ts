import { AppError, isAppError } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import type { RunManager } from "../../runs/run-manager.js";
import type { RunSummary } from "../../runs/run-ledger.js";
import type { Trigger } from "../../runs/run-record.js";
import type { Incident } from "../alerts/alert-desk.js";
import type { Fire } from "../fire-times.js";
import type { FireStarter } from "./fire-starter.js";
import type { Watched } from "./watched.js";
import type { WatchedNotebooks } from "./watched-notebooks.js";

export interface AdoptOptions {
  readonly manager: RunManager;
  readonly notebooks: WatchedNotebooks;
  readonly starter: Pick<FireStarter, "follow">;
  readonly logger: Logger;
  readonly report: (incident: Incident) => Promise<void>;
}

/** A run that ends the process each time is not begun for ever. */
const MAX_INTERRUPTIONS = 5;

/** Runs that a process before this one has begun: those that it did not write down, and those that ended with it. */
export async function adoptFires(options: AdoptOptions): Promise<void> {
  const { manager, notebooks } = options;
  const summaries = await manager.store.summaries();
  const begun = new Map<string, RunSummary>();
  for (const summary of summaries)
    if (summary.trigger !== undefined) begun.set(fireKey(summary.notebook, summary.trigger), summary);
  for (const watched of notebooks.all()) {
    for (const { kind, at, date } of watched.state.waiting) {
      const run = begun.get(fireKey(watched.notebook, { kind, at }))?.id;
      if (run !== undefined) await notebooks.decide(watched, { kind, at, date, outcome: "started", run });
    }
    const last = watched.state.decided.findLast(({ outcome }) => outcome === "started");
    const summary = last && begun.get(fireKey(watched.notebook, last));
    if (last !== undefined && summary?.outcome === "interrupted" && !watched.state.isPaused)
      await resume(watched, last, summary.id, options);
  }
}

async function resume(
  watched: Watched,
  fire: Fire,
  id: string,
  { manager, starter, logger, report }: AdoptOptions,
): Promise<void> {
  try {
    const { attempts } = await manager.store.load(id);
    if (attempts.filter(({ outcome }) => outcome === "interrupted").length > MAX_INTERRUPTIONS)
      throw new AppError("engine-crashed", `Run "${id}" ended with the process each time it was begun.`, {
        hint: `See what it needs (memory, disk), then: lakebook retry ${id}`,
      });
    starter.follow(watched, fire, await manager.retry(id));
  } catch (error) {
    if (!isAppError(error) || error.code === "cancelled") throw error;
    logger.warn("an interrupted run cannot be resumed", { run: id, error });
    const { code, message, hint } = error;
    const told = { code, message, hint };
    const { notebook } = watched;
    await report({ kind: "failed", notebook, date: fire.date, run: id, occasion: fire.at, error: told });
  }
}

function fireKey(notebook: string, { kind, at }: Trigger): string {
  return `${notebook}\n${kind}\n${at}`;
}
