import type { Lake } from "../lake/lake.js";
import { whileLeased } from "../lake/leases.js";
import { hasRows, type CellRecord, type CheckRecord, type RunRecord } from "../runs/run-record.js";
import type { ResultStore } from "../runs/result-store.js";
import { RunStore } from "../runs/run-store.js";
import { leaseResult, leaseVersion, type StoredRows } from "../rows/stored-rows.js";

export interface LastCell {
  readonly run: RunRecord;
  readonly cell: CellRecord;
}

/** How the cells and checks of a notebook last ended, from the records on disk: no lock and no server is needed. */
export interface LastResults {
  readonly cells: ReadonlyMap<string, LastCell>;
  /** Each check once, the newest judgement, of those that a cell had when it ran last. */
  readonly checks: readonly CheckRecord[];
}

export async function readLastResults(lake: Lake | undefined, notebook: string): Promise<LastResults> {
  const cells = new Map<string, LastCell>();
  const checks = new Map<string, CheckRecord>();
  const judgedBy = new Map<string, string>();
  for (const run of lake === undefined ? [] : await tellingRuns(lake, notebook)) {
    for (const cell of run.cells)
      if (isTelling(cell) && !cells.has(cell.name)) cells.set(cell.name, { run, cell });
    for (const cell of run.cells)
      if ((hasRows(cell) || cell.outcome === "failed") && !judgedBy.has(cell.name))
        judgedBy.set(cell.name, run.id);
    for (const check of run.checks) {
      // What a later run of the cell did not check any more is no check of it.
      if ((judgedBy.get(check.cell ?? check.name) ?? run.id) !== run.id) continue;
      const key = `${check.cell ?? ""}\n${check.name}`;
      if (!checks.has(key)) checks.set(key, check);
    }
  }
  return { cells, checks: [...checks.values()] };
}

const READ_RUNS = 50;

/** The last ones as a whole, and of those before whatever has the last rows of a cell or judgement of a check. */
async function tellingRuns(lake: Lake, notebook: string): Promise<RunRecord[]> {
  const store = new RunStore(lake.paths.runs);
  const names = new Set<string>();
  const ids: string[] = [];
  for (const run of await store.recent()) {
    if (run.notebook !== notebook) continue;
    const added = [...run.cells, ...run.checks].filter((name) => !names.has(name));
    for (const name of added) names.add(name);
    if (ids.length < READ_RUNS || added.length > 0) ids.push(run.id);
  }
  const records: RunRecord[] = [];
  for (const id of ids) records.push(...[await store.find(id)].filter((record) => record !== undefined));
  return records;
}

/** A cell that was left out of a run, or cancelled, says nothing about its query. */
function isTelling(cell: CellRecord): boolean {
  if (cell.kind === "check") return cell.outcome === "succeeded" || cell.outcome === "failed";
  return hasRows(cell) || cell.outcome === "failed" || cell.outcome === "blocked";
}

export interface Stores {
  /** Undefined where nothing was ever run. */
  readonly lake: Lake | undefined;
  /** Of `lake`. */
  readonly results: ResultStore | undefined;
}

/** The rows stay until `use` has ended. Undefined where nothing was kept, or is kept no longer. */
export async function useLastRows<T>(
  { lake, results }: Stores,
  { cell }: LastCell,
  use: (rows: StoredRows) => Promise<T>,
): Promise<T | undefined> {
  if (lake === undefined || !hasRows(cell)) return undefined;
  const stored =
    cell.version !== undefined
      ? await leaseVersion(lake, cell.name, cell.version)
      : results && (await leaseResult(results, cell.fingerprint ?? ""));
  return stored === undefined ? undefined : whileLeased(stored.lease, () => use(stored));
}
