import type { GraphNode } from "../graph/dependency-graph.js";
import type { SqlCell } from "../notebook/notebook.js";
import type { ComputedCell, FilesResult } from "./cell-result.js";
import { prepareQuery, queryFingerprint, type Results } from "./query-scope.js";
import type { ScratchResult } from "./result-store.js";
import type { RunContext } from "./run-context.js";
import type { StepControl } from "./step-control.js";
import { currentParts, whyComputed } from "./why-computed.js";

/** Computes a query cell into scratch, once per fingerprint for as long as the result is kept there. */
export async function runQueryCell(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  control: StepControl,
): Promise<ComputedCell> {
  const fingerprint = await queryFingerprint(context, node, {}, results);
  const kept = context.record.force ? undefined : await context.results.find(fingerprint);
  const parts = currentParts(context, cell, node, results);
  const remember = (): Promise<void> => context.results.remember(context.record.notebook, cell.name, parts);
  if (kept !== undefined) {
    await remember();
    const reason = "SQL and what it reads unchanged";
    return { outcome: "reused", reason, fingerprint, result: toFiles(fingerprint, kept), notes: [] };
  }
  const reason = await whyComputed(context, cell, node, parts);
  const { sql, scope } = await prepareQuery(context, node, cell.sql, results);
  control.onCompute();
  const build = await context.results.createBuild();
  try {
    const output = await context.engine.materialize(
      {
        scope,
        sql,
        folder: build,
        dataset: cell.name,
        formats: ["parquet"],
        partitionBy: [],
        isOrdered: node.facts?.isOrdered ?? false,
        metadata: {},
        keepsTypes: true,
      },
      control,
    );
    const result: ScratchResult = {
      columns: output.columns,
      rows: output.rows,
      bytes: output.files.reduce((sum, file) => sum + file.bytes, 0),
      files: output.files.map((file) => file.path),
    };
    const files = toFiles(fingerprint, await context.results.keep(build, fingerprint, result));
    await remember();
    return { outcome: "succeeded", reason, fingerprint, result: files, notes: [] };
  } catch (error) {
    await context.results.discard(build);
    throw error;
  }
}

function toFiles(fingerprint: string, result: ScratchResult): FilesResult {
  return {
    type: "files",
    files: result.files,
    columns: result.columns,
    rows: result.rows,
    content: fingerprint,
    scannedRows: {},
  };
}
