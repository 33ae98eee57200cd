import { NO_RETRIES } from "../notebook/schemas.js";
import { timeoutOf } from "../notebook/kinds/kinds.js";
import { AppError, isAppError } from "../base/errors.js";
import { quarantineOf } from "../notebook/notebook.js";
import type { StepControl } from "./step-control.js";
import type { SourceText } from "../base/source.js";
import { checkFingerprint, runCheckCell, runRuleChecks, ownChecks } from "./check-step.js";
import { runDataset } from "./dataset-step.js";
import { backOff, isTransient, toCellError } from "./failure.js";
import { isCheckStep, type RunPlan, type Step } from "./plan.js";
import { queryFingerprint } from "./query-scope.js";
import { runQueryCell } from "./query-step.js";
import type { RunContext } from "./run-context.js";
import type { FilesResult } from "./cell-result.js";
import { blocks } from "../notebook/verdict.js";
import { type CellOutcome, type CheckRecord } from "./run-record.js";
import type { RunState } from "./run-state.js";
import { runSteps, type StepFailure } from "./run-steps.js";

export interface Execution {
  readonly context: RunContext;
  readonly plan: RunPlan;
  readonly state: RunState;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Runs the steps of a plan and records how each ended. Fails only on a bug: everything else is an outcome. */
export async function executeRun(execution: Execution): Promise<void> {
  const { plan, state, signal, concurrency } = execution;
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  for (const [name, blame] of plan.skipped) {
    state.finish(name, {
      outcome: "skipped",
      reason: name === blame ? "disabled" : `\`${blame}\` is disabled`,
    });
  }
  await runSteps(
    {
      ids: [...steps.keys()],
      waitsFor: plan.waitsFor,
      concurrency,
      signal,
      canFollowDoubt: (id) => isCheckStep(steps.get(id)),
    },
    {
      run: (id) => runStep(execution, steps.get(id) as Step),
      onBlocked: (id, cause) => {
        if (state.cell(id) !== undefined)
          state.finish(id, { outcome: "blocked", reason: `blocked by ${cause}` });
      },
      onCancelled: (id) => {
        if (state.cell(id) !== undefined) state.finish(id, { outcome: "cancelled" });
      },
    },
  );
  settleInlined(execution);
}

/** Undefined, or why the steps below are blocked. */
async function runStep(execution: Execution, step: Step): Promise<StepFailure | undefined> {
  const started = performance.now();
  const retries =
    step.kind === "dataset" || step.kind === "query"
      ? (step.cell.options.retries ?? execution.context.analyzed.notebook.frontMatter.retries)
      : NO_RETRIES;
  for (let retry = 1; ; retry++) {
    try {
      return await runOnce(execution, step, started);
    } catch (error) {
      if (retry > retries.max || !isTransient(error) || execution.signal.aborted)
        return recordFailure(execution, step, error, started);
      await backOff(retries, retry, execution.signal);
    }
  }
}

async function runOnce(execution: Execution, step: Step, started: number): Promise<StepFailure | undefined> {
  const { context, state } = execution;
  const { results } = state;
  if (step.kind === "cross-check") {
    return recordChecks(
      state,
      await runRuleChecks(context, step.cell, [step.spec], results, control(execution, step)),
    );
  }
  requireReadable(execution, step);
  if (step.kind === "inline") {
    results.set(step.id, {
      type: "inline",
      node: step.node,
      content: await queryFingerprint(context, step.node, {}, results),
    });
    return undefined;
  }
  if (step.kind === "check") {
    const check = await runCheckCell(context, step.cell, step.node, results, control(execution, step));
    const blocked = recordChecks(state, [check]);
    const outcome: CellOutcome = blocks(check) ? "failed" : check.isReused ? "reused" : "succeeded";
    state.finish(step.id, {
      outcome,
      fingerprint: await checkFingerprint(context, step.node, results),
      durationMs: since(started),
      ...(blocks(check)
        ? { error: { code: "check-failed", message: check.message } }
        : check.isReused
          ? { reason: "check and data unchanged" }
          : {}),
    });
    return blocked;
  }
  return runComputeStep(execution, step, started);
}

type ComputeStep = Extract<Step, { kind: "dataset" | "query" | "inline" }>;

/** Computes a cell, or finds what it came to before; then its own checks look at it. */
async function runComputeStep(
  execution: Execution,
  step: ComputeStep,
  started: number,
): Promise<StepFailure | undefined> {
  const { context, state } = execution;
  const taskControl = control(execution, step);
  const judge = (result: FilesResult, judgeControl = taskControl): Promise<CheckRecord[]> => {
    const results = new Map(state.results).set(step.id, result);
    return runRuleChecks(context, step.cell, ownChecks(step.cell), results, judgeControl);
  };
  const parts = [context, step.cell, step.node, state.results, taskControl] as const;
  const done = await (step.kind === "dataset" ? runDataset(...parts, judge) : runQueryCell(...parts));
  state.results.set(step.id, done.result);
  const quarantine = quarantineOf(step.cell);
  if (quarantine !== undefined && done.quarantine !== undefined)
    state.results.set(quarantine, done.quarantine);
  const checks = done.checks ?? (await judge(done.result));
  const blocked = recordChecks(state, checks);
  state.finish(step.id, {
    outcome: done.outcome,
    fingerprint: done.fingerprint,
    rows: done.result.rows,
    durationMs: since(started),
    ...(done.result.version === undefined ? {} : { version: done.result.version }),
    ...(done.reason === undefined ? {} : { reason: done.reason }),
    ...(done.increment === undefined ? {} : { incremental: structuredClone(done.increment) }),
    ...(done.notes.length === 0 ? {} : { notes: [...done.notes] }),
  });
  return blocked;
}

/** Bad input is known before anything is computed: the cell that reads it fails, with the file's name. */
function requireReadable(execution: Execution, step: Exclude<Step, { kind: "cross-check" }>): void {
  for (const file of step.node.facts?.files ?? []) {
    const error = execution.context.inputs.errors.get(file.path);
    if (error !== undefined) throw withSpan(error, file.span);
  }
  if (step.node.isBroken) {
    const first = execution.context.analyzed.diagnostics.find(
      (item) => item.cell === step.id && item.severity === "error",
    );
    throw new AppError(
      "invalid-notebook",
      first?.message ?? `Cell "${step.id}" has errors.`,
      first?.hint === undefined ? {} : { hint: first.hint },
    );
  }
}

function withSpan(error: AppError, span: { readonly start: number; readonly end: number }): AppError {
  return new AppError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, span },
    cause: error,
  });
}

function recordChecks(state: RunState, checks: readonly CheckRecord[]): StepFailure | undefined {
  state.addChecks(checks);
  const failed = checks.find(blocks);
  return failed === undefined ? undefined : { cause: `check \`${failed.name}\``, isDoubt: true };
}

function recordFailure(execution: Execution, step: Step, error: unknown, started: number): StepFailure {
  const { state } = execution;
  if (step.kind === "cross-check") {
    state.addChecks([
      {
        name: step.spec.name,
        cell: step.cell.name,
        severity: step.spec.severity,
        outcome: "error",
        failures: 0,
        message: toCellError(error).message,
        isReused: false,
      },
    ]);
    return { cause: `check \`${step.spec.name}\``, isDoubt: true };
  }
  const cancelled = isAppError(error, "cancelled") || execution.signal.aborted;
  const source: SourceText = execution.context.analyzed.notebook.source;
  const failure = toCellError(error, { source, offset: step.cell.sqlSpan.start });
  if (step.kind === "check" && !cancelled) {
    state.addChecks([
      {
        name: step.id,
        severity: step.cell.severity,
        outcome: "error",
        failures: 0,
        message: failure.message,
        isReused: false,
      },
    ]);
  }
  state.finish(
    step.id,
    cancelled
      ? { outcome: "cancelled", durationMs: since(started) }
      : { outcome: "failed", error: failure, durationMs: since(started) },
  );
  return { cause: `\`${step.id}\``, isDoubt: false };
}

/** A query cell that was computed inside its consumers ended as they did. */
function settleInlined({ plan, state, context }: Execution): void {
  for (const step of [...plan.steps].reverse()) {
    if (step.kind !== "inline" || state.cell(step.id)?.outcome !== "none") continue;
    const consumers = (context.analyzed.graph.children.get(step.id) ?? []).flatMap(
      (name) => state.cell(name) ?? [],
    );
    const by = consumers.map((cell) => `\`${cell.name}\``).join(", ");
    const outcomes = new Set(consumers.map((cell) => cell.outcome));
    const outcome: CellOutcome = outcomes.has("succeeded")
      ? "succeeded"
      : outcomes.has("reused")
        ? "reused"
        : outcomes.has("cancelled")
          ? "cancelled"
          : "skipped";
    state.finish(step.id, { outcome, reason: `computed inside ${by}` });
  }
}

function control(execution: Execution, step: Step): StepControl {
  const { frontMatter } = execution.context.analyzed.notebook;
  const timeoutMs = timeoutOf(step.cell) ?? frontMatter.timeoutMs;
  return {
    label: step.id,
    signal: execution.signal,
    onCompute: () => {
      if (step.kind !== "cross-check") execution.state.start(step.id);
    },
    onProgress: (progress) =>
      execution.state.progress(step.kind === "cross-check" ? step.cell.name : step.id, progress),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
