import type { Progress } from "../engine/engine.js";
import type { CellResult } from "./cell-result.js";
import type { NotebookEvent } from "./events.js";
import type { CellRecord, CheckRecord, RunRecord } from "./run-record.js";
import { toRunView } from "./run-record.js";

/** The moving part of a run: what each cell and check has come to so far, told to whoever listens. */
export class RunState {
  readonly record: RunRecord;
  readonly results = new Map<string, CellResult>();
  readonly #cells = new Map<string, CellRecord>();
  readonly #checks = new Map<string, CheckRecord>();
  readonly #emit: (event: NotebookEvent) => void;

  constructor(record: RunRecord, emit: (event: NotebookEvent) => void) {
    this.record = record;
    this.#emit = emit;
    for (const cell of record.cells) this.#cells.set(cell.name, cell);
  }

  get cells(): CellRecord[] {
    return [...this.#cells.values()];
  }

  get checks(): CheckRecord[] {
    return [...this.#checks.values()];
  }

  cell(name: string): CellRecord | undefined {
    return this.#cells.get(name);
  }

  update(name: string, change: Partial<CellRecord>): void {
    const cell = this.#cells.get(name);
    if (cell !== undefined) this.#cells.set(name, { ...cell, ...change });
    this.record.cells = this.cells;
  }

  addChecks(checks: readonly CheckRecord[]): void {
    for (const check of checks) this.#checks.set(check.name, check);
    this.record.checks = this.checks;
  }

  /** Does nothing to a cell that runs already. */
  start(name: string): void {
    if (this.#cells.get(name)?.status === "running") return;
    this.update(name, { status: "running", startedAt: new Date().toISOString() });
    this.#emit({ type: "cell-started", runId: this.record.id, cell: name });
  }

  progress(name: string, progress: Progress): void {
    this.#emit({ type: "cell-progress", runId: this.record.id, cell: name, progress });
  }

  finish(name: string, change: Partial<CellRecord> & Pick<CellRecord, "outcome">): void {
    this.update(name, { ...change, status: "idle", finishedAt: new Date().toISOString() });
    const cell = this.#cells.get(name);
    if (cell === undefined) return;
    const checks = this.checks.filter((check) => check.cell === name || check.name === name);
    this.#emit({ type: "cell-finished", runId: this.record.id, cell, checks });
  }

  runStarted(): void {
    this.#emit({ type: "run-started", run: toRunView(this.record) });
    for (const cell of this.cells)
      this.#emit({ type: "cell-queued", runId: this.record.id, cell: cell.name });
  }

  runFinished(): void {
    this.#emit({ type: "run-finished", run: toRunView(this.record) });
  }
}
