import type { Logger } from "../base/logger.js";
import { appendAudit, type AuditEntry } from "../people/audit-log.js";
import { owner, SCHEDULE } from "../people/person.js";
import type { NotebookEvent } from "../runs/events.js";
import type { RunManager } from "../runs/run-manager.js";

/** Writes down what was published, and what began without anybody asking just then. Close it to have all written. */
export function auditRuns(manager: RunManager, logger: Logger): { close(): Promise<void> } {
  const { state } = manager.services.workspace;
  let writing = Promise.resolve();
  const unsubscribe = manager.events.subscribe((_notebook, event) => {
    const entry = entryOf(event);
    if (entry === undefined) return;
    writing = writing
      .then(() => appendAudit(state, entry))
      .catch((error: unknown) => {
        logger.warn("the audit log cannot be written", { error });
      });
  });
  return {
    close: async () => {
      unsubscribe();
      await writing;
    },
  };
}

function entryOf(event: NotebookEvent): AuditEntry | undefined {
  if (event.type !== "run-started" && event.type !== "run-finished") return undefined;
  const { id: run, notebook, date, mode, by, trigger, published, removed } = event.run;
  const about = { notebook, run, date };
  const who = by ?? (trigger === undefined ? owner.name : SCHEDULE);
  if (event.type === "run-started")
    // What somebody asked for is written down where it was asked.
    return trigger === undefined || (trigger.kind !== "backfill" && who !== SCHEDULE)
      ? undefined
      : { who, from: "server", what: mode, ...about, trigger: trigger.kind };
  const datasets = published.map(({ dataset }) => dataset);
  if (datasets.length === 0 && removed.length === 0) return undefined;
  return {
    who,
    from: "server",
    what: "publish",
    ...about,
    datasets,
    ...(removed.length === 0 ? {} : { removed: removed.map(({ path }) => path) }),
  };
}
