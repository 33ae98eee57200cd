import type { Lake } from "../lake/lake.js";
import { filesOf } from "../runs/run-context.js";
import { hasRows } from "../runs/run-index.js";
import type { CellRecord, CheckRecord, RunRecord } from "../runs/run-record.js";
import { ResultStore } from "../runs/result-store.js";
import { RunStore } from "../runs/run-store.js";
import type { StoredRows } from "../runs/stored-rows.js";

export interface LastCell {
  readonly run: RunRecord;
  readonly cell: CellRecord;
}

/** How the cells and checks of a notebook last ended, from the records on disk: no lock and no server is needed. */
export interface LastResults {
  readonly cells: ReadonlyMap<string, LastCell>;
  /** Each check once, the newest judgement. */
  readonly checks: readonly CheckRecord[];
}

export async function readLastResults(lake: Lake | undefined, notebook: string): Promise<LastResults> {
  const cells = new Map<string, LastCell>();
  const checks = new Map<string, CheckRecord>();
  const records = lake === undefined ? [] : await new RunStore(lake.paths.runs).list();
  for (const run of records.filter((record) => record.notebook === notebook)) {
    for (const cell of run.cells)
      if (isTelling(cell) && !cells.has(cell.name)) cells.set(cell.name, { run, cell });
    for (const check of run.checks) {
      const key = `${check.cell ?? ""}\n${check.name}`;
      if (!checks.has(key)) checks.set(key, check);
    }
  }
  return { cells, checks: [...checks.values()] };
}

/** A cell that was left out of a run, or cancelled, says nothing about its query. */
function isTelling(cell: CellRecord): boolean {
  if (cell.kind === "check") return cell.outcome === "succeeded" || cell.outcome === "failed";
  return hasRows(cell) || cell.outcome === "failed" || cell.outcome === "blocked";
}

/** Undefined where nothing was kept, or is kept no longer. */
export async function findLastRows(lake: Lake, { cell }: LastCell): Promise<StoredRows | undefined> {
  if (!hasRows(cell)) return undefined;
  if (cell.version !== undefined) {
    const { files, columns, rows } = filesOf(lake, await lake.manifest(cell.name, cell.version));
    return { key: `${cell.name}/${cell.version}`, files, columns, rows };
  }
  const key = cell.fingerprint ?? "";
  const kept = await new ResultStore(lake.paths.scratch).find(key);
  return kept === undefined ? undefined : { key, files: kept.files, columns: kept.columns, rows: kept.rows };
}
