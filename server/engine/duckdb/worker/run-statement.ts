import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import duckdb from "@duckdb/node-bindings";
import { DuckDBMaterializedResult } from "@duckdb/node-api";
import type { DuckDBPreparedStatement } from "@duckdb/node-api";

/** A timer's shortest pause is 1 ms, longer than most small statements take; a task runs a handful of them. */
const AWAKE_MS = 1;
const LONGEST_PAUSE_MS = 20;

/**
 * Runs a statement on DuckDB's own threads, and looks now and then whether it has ended. `statement.run` would
 * lend it one more thread, which spins at full speed whenever there is no task for it, asking for the progress
 * each time: a query that only one thread can work on then took up to twice as long. Needs `external_threads = 0`.
 */
export async function runStatement(statement: DuckDBPreparedStatement): Promise<DuckDBMaterializedResult> {
  const pending = statement.start();
  // node-api has only `runTask`, which would work on the query here and keep this thread from cancelling it.
  const handle = pending["pending_result"] as duckdb.PendingResult;
  const startedAt = performance.now();
  while (isUnderWay(duckdb.pending_execute_check_state(handle))) {
    const elapsed = performance.now() - startedAt;
    await (elapsed < AWAKE_MS ? turn() : sleep(Math.min(LONGEST_PAUSE_MS, elapsed / 16)));
  }
  const problem = duckdb.pending_error(handle);
  if (problem !== "") throw new Error(problem);
  const result = await pending.getResult();
  if (!(result instanceof DuckDBMaterializedResult)) throw new Error("The result is not whole");
  return result;
}

/** DuckDB has no state for what has ended: it is told as an error without a text. */
function isUnderWay(state: duckdb.PendingState): boolean {
  return state === duckdb.PendingState.NO_TASKS_AVAILABLE || state === duckdb.PendingState.RESULT_NOT_READY;
}
