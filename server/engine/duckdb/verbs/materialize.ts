import { createHash } from "node:crypto";
import { suggest } from "../../../text/suggest.js";
import type { MaterializedOutput, MaterializeTask, OutputFile, StoredColumn } from "../../engine.js";
import { partitionProblem } from "../../partition-columns.js";
import { planStorage, type StoragePlan } from "./materialize-columns.js";
import { writeKeptRows } from "./materialize-kept.js";
import { writeExport } from "./materialize-export.js";
import { writeParquet, type ParquetOutput } from "./materialize-parquet.js";
import { readRows, ROWS_TABLE, withRowsTable } from "./rows-table.js";
import { TaskError } from "../tasks-error.js";
import { withScope, type ScopedInstance, type TaskContext } from "../worker/tasks-scope.js";

/** Computes a dataset's files; the caller owns the folder, also when this fails. */
export function runMaterializeTask(task: MaterializeTask, context: TaskContext): Promise<MaterializedOutput> {
  const options = { writable: [task.folder], isProfiled: true, isSplitting: true };
  return withScope(context, task.scope, options, async (scoped) => {
    await scoped.makeTablesForPivot(task.sql);
    if (task.keepsTypes === true) return writeKeptRows(scoped, task);
    const plan = await planStorage(scoped, task.sql);
    const { columns, casts } = plan;
    requirePartitionColumns(task.partitionBy, columns);
    const { parquet, files } = await withRowsTable(scoped, task, plan, () =>
      writeFormats(scoped, task, plan),
    );
    return {
      columns,
      rows: parquet.rows,
      files,
      contentHash: hashContent(columns, parquet.rows, parquet.hashSum),
      casts,
      scannedRows: parquet.scannedRows,
    };
  });
}

async function writeFormats(
  scoped: ScopedInstance,
  task: MaterializeTask,
  plan: StoragePlan,
): Promise<{ readonly parquet: ParquetOutput; readonly files: readonly OutputFile[] }> {
  const parquet = await writeParquet(scoped, task, plan);
  const files: OutputFile[] = [...parquet.files];
  const source = task.partitionBy.length > 0 ? readRows(ROWS_TABLE, plan.columns) : undefined;
  for (const format of task.formats)
    if (format !== "parquet")
      files.push(await writeExport(scoped, task, format, plan.columns, parquet, source));
  return { parquet, files };
}

/** How columns are read decides what their readers see of the same rows. */
export function hashContent(columns: readonly StoredColumn[], rows: number, hashSum: bigint): string {
  const names = columns.map(({ name, type, read }) =>
    read === undefined ? [name, type] : [name, type, read],
  );
  return createHash("sha256")
    .update(JSON.stringify([names, rows, String(hashSum)]))
    .digest("hex");
}

function requirePartitionColumns(partitionBy: readonly string[], columns: readonly StoredColumn[]): void {
  for (const name of partitionBy) {
    const found = columns.find((column) => column.name === name);
    const problem = found && partitionProblem(found);
    if (problem !== undefined) throw new TaskError("query", problem.message, problem.hint);
    if (found !== undefined) continue;
    const similar = suggest(
      name,
      columns.map((column) => column.name),
    );
    const hint =
      similar === undefined
        ? `It has: ${columns.map((column) => column.name).join(", ")}`
        : `Did you mean "${similar}"?`;
    throw new TaskError("query", `"${name}" of partition_by is not a column of the query`, hint);
  }
}
