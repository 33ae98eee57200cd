import type { CellRecord, CheckRecord, NotebookEvent, RunView } from "../../server/api/protocol.js";

export interface CellProgress {
  readonly percent?: number;
  readonly rows?: number;
  readonly elapsedMs: number;
  readonly tasks?: { readonly done: number; readonly total: number; readonly running: number };
}

/** What is known of the runs of a notebook: the newest one, and how each cell last ended in any of them. */
export interface RunState {
  readonly run?: RunView;
  readonly cells: ReadonlyMap<string, CellRecord>;
  /** How each cell last had a result of its own. Computed inside another one, a cell leaves none. */
  readonly results: ReadonlyMap<string, CellRecord>;
  readonly checks: ReadonlyMap<string, CheckRecord>;
  readonly progress: ReadonlyMap<string, CellProgress>;
}

export const emptyRunState: RunState = {
  cells: new Map(),
  results: new Map(),
  checks: new Map(),
  progress: new Map(),
};

/** It has ended well. */
export function hasResult(record: CellRecord | undefined): record is CellRecord {
  return record?.status === "idle" && (record.outcome === "succeeded" || record.outcome === "reused");
}

/** Runs as the server lists them, newest first. */
export function fromRuns(runs: readonly RunView[]): RunState {
  let merged: Pick<RunState, "cells" | "results"> = emptyRunState;
  let checks: RunState["checks"] = new Map();
  for (const run of [...runs].reverse()) {
    merged = merge(
      merged,
      run.cells.filter((cell) => cell.outcome !== "none" || run.isRunning),
    );
    checks = withChecksOf(checks, run);
  }
  const [newest] = runs;
  return { ...(newest === undefined ? {} : { run: newest }), ...merged, checks, progress: new Map() };
}

/** An event that was seen already changes nothing. */
export function applyEvent(state: RunState, event: NotebookEvent): RunState {
  switch (event.type) {
    case "run-started":
      return { ...state, run: event.run, ...merge(state, event.run.cells), progress: new Map() };
    case "cell-queued":
      return updateCell(state, event.cell, { status: "queued" });
    case "cell-started":
      return updateCell(state, event.cell, justStarted());
    case "cell-progress":
      return { ...state, progress: new Map(state.progress).set(event.cell, event.progress) };
    case "cell-finished": {
      const progress = new Map(state.progress);
      progress.delete(event.cell.name);
      return {
        ...state,
        ...(state.run === undefined ? {} : { run: applyToRun(state.run, event) }),
        ...merge(state, [event.cell]),
        checks: mergeChecks(state.checks, event.checks),
        progress,
      };
    }
    case "run-finished":
      return {
        run: event.run,
        ...merge(state, event.run.cells),
        checks: withChecksOf(state.checks, event.run),
        progress: new Map(),
      };
    case "notebook-changed":
    case "lake-changed":
    case "presence-changed":
    case "schedule-changed":
    case "agent-acted":
    case "proposals-changed":
      return state;
  }
}

/** A run after one of its own events. */
function applyToRun(run: RunView, event: NotebookEvent): RunView {
  const change = (name: string, changed: Partial<CellRecord>): RunView => ({
    ...run,
    cells: run.cells.map((cell) => (cell.name === name ? { ...cell, ...changed } : cell)),
  });
  switch (event.type) {
    case "run-started":
    case "run-finished":
      return event.run;
    case "cell-queued":
      return change(event.cell, { status: "queued" });
    case "cell-started":
      return change(event.cell, justStarted());
    case "cell-finished": {
      const checks = mergeChecks(new Map(run.checks.map((check) => [check.name, check])), event.checks);
      return { ...change(event.cell.name, event.cell), checks: [...checks.values()] };
    }
    default:
      return run;
  }
}

/** Runs after an event of any of them; one that is not among them yet is the newest. */
export function applyToRuns(runs: readonly RunView[], event: NotebookEvent): readonly RunView[] {
  if (!("run" in event) && !("runId" in event)) return runs;
  if (event.type === "cell-progress") return runs;
  const id = "run" in event ? event.run.id : event.runId;
  const isKnown = runs.some((run) => run.id === id);
  if (!isKnown) return "run" in event ? [event.run, ...runs] : runs;
  return runs.map((run) => (run.id === id ? applyToRun(run, event) : run));
}

function justStarted(): Partial<CellRecord> {
  return { status: "running", outcome: "none", startedAt: new Date().toISOString() };
}

function updateCell(state: RunState, name: string, change: Partial<CellRecord>): RunState {
  const before = state.cells.get(name) ?? { name, kind: "sql", status: "idle", outcome: "none" };
  return { ...state, cells: new Map(state.cells).set(name, { ...before, ...change }) };
}

function merge(
  state: Pick<RunState, "cells" | "results">,
  changed: readonly CellRecord[],
): Pick<RunState, "cells" | "results"> {
  const cells = new Map(state.cells);
  const results = new Map(state.results);
  for (const cell of changed) {
    const isOwn = !hasResult(cell) || cell.kind === "check" || cell.fingerprint !== undefined;
    if (isOwn && hasResult(cell)) results.set(cell.name, cell);
    cells.set(cell.name, isOwn ? cell : (results.get(cell.name) ?? cell));
  }
  return { cells, results };
}

/** What a run that computed a cell, or found its rows, does not check of it any more is no check of it. */
function withChecksOf(checks: RunState["checks"], { cells, checks: judged }: RunView): RunState["checks"] {
  const ended = new Set(
    cells.flatMap((cell) => (cell.outcome === "failed" || hasResult(cell) ? [cell.name] : [])),
  );
  const stays = [...checks].filter(([, check]) => !ended.has(check.cell ?? check.name));
  return mergeChecks(new Map(stays), judged);
}

function mergeChecks(checks: RunState["checks"], changed: readonly CheckRecord[]): RunState["checks"] {
  const merged = new Map(checks);
  for (const check of changed) merged.set(check.name, check);
  return merged;
}
