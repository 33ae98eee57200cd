import type { Logger } from "../base/logger.js";
import type { Lake } from "../lake/lake.js";
import { executeRun } from "./execute-run.js";
import { toCellError } from "./failure.js";
import type { RunPlan } from "./plan.js";
import { toContext, type PreparedRun } from "./prepare-run.js";
import { publishRun } from "./publish-run.js";
import type { RecordKeeper } from "./record-keeper.js";
import type { RunContext, RunServices } from "./run-context.js";
import { createInputView, differingInputs } from "./run-inputs.js";
import { hasSucceeded, outcomeOf, type RunOutcome, type RunRecord } from "./run-record.js";
import type { RunState } from "./run-state.js";
import type { RunStore } from "./run-store.js";

/** What runs are carried out with. */
export interface RunOffice {
  readonly services: RunServices;
  readonly store: RunStore;
  readonly logger: Logger;
  readonly concurrency: number;
}

export interface BegunRun {
  readonly state: RunState;
  readonly keeper: RecordKeeper;
  readonly signal: AbortSignal;
}

/** Why a run is aborted that nobody cancelled. */
export const PROCESS_ENDS = Symbol("the process ends");

/** Computes, publishes and writes down how it ended; nothing is thrown for a run that fails. */
export async function carryOut(
  office: RunOffice,
  prepared: PreparedRun,
  { state, keeper, signal }: BegunRun,
): Promise<void> {
  const { record } = prepared;
  const { services, store, logger } = office;
  const { workspace, lake } = services;
  const folder = store.viewFolder(record.id, record.attempts.length);
  const lease = lake.leases.open(folder);
  let outcome: RunOutcome;
  try {
    goOnFromNow(lake, prepared);
    const view = await createInputView(workspace, lake, folder, prepared.inputs);
    const context = toContext(services, prepared, view, lease);
    outcome = await execute(office, context, prepared.plan, state, signal);
  } catch (error) {
    outcome = "failed";
    record.error = toCellError(error);
    if (record.error.code === "internal") logger.error("run failed", { run: record.id, error });
  }
  await keeper.settle();
  await rememberParts(office, prepared);
  lease.release();
  await lake.leases.remove(folder).catch(() => undefined);
  services.results.evict();
  await finish(office, record, outcome);
}

/** Nothing says how the run ended until it has: what it publishes is part of it. */
async function execute(
  { concurrency }: RunOffice,
  context: RunContext,
  plan: RunPlan,
  state: RunState,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { record } = context;
  try {
    await executeRun({ context, plan, state, concurrency, signal });
  } finally {
    // When nobody reads it any more: others may wait for work that this run began.
    await context.lake.leases.remove(context.changes.folder);
  }
  const outcome = outcomeOf(record.cells, record.checks, signal.aborted);
  if (outcome === "cancelled" && signal.reason === PROCESS_ENDS) return "interrupted";
  if (record.mode === "materialize" && hasSucceeded(outcome))
    Object.assign(record, await publishRun(context, plan, state, outcome));
  return outcome;
}

/** What was published while the run waited for its turn is what it replaces, unless that needs a choice. */
function goOnFromNow(lake: Lake, { record, inputs, mayReplace }: PreparedRun): void {
  if (record.mode === "run" || record.attempts.length > 1) return;
  const publication = lake.publication(record.notebook, record.date);
  if (publication === undefined || publication.txn === record.basedOn) return;
  const files = mayReplace ? [] : differingInputs(publication.inputs, inputs);
  if (files.length === 0) record.basedOn = publication.txn;
}

/** A loss costs words only. */
async function rememberParts(
  { services, logger }: RunOffice,
  { record, analyzed }: PreparedRun,
): Promise<void> {
  const names = new Set(analyzed.graph.nodes.keys());
  try {
    await services.remembered.save(record.notebook, names);
  } catch (error) {
    logger.warn("what cells were computed from could not be saved", { error });
  }
}

/** On disk first: who sees that the run has ended can retry it, or start the process again. */
async function finish({ store, logger }: RunOffice, record: RunRecord, outcome: RunOutcome): Promise<void> {
  const attempts = record.attempts.map((attempt) =>
    attempt.outcome === "none" ? { ...attempt, outcome, finishedAt: new Date().toISOString() } : attempt,
  );
  const ended = { outcome, isRunning: false, attempts };
  try {
    await store.save({ ...record, ...ended });
  } catch (error) {
    record.error ??= toCellError(error);
    logger.error("run record could not be saved", { run: record.id, error });
  }
  Object.assign(record, ended);
}
