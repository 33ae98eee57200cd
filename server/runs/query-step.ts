import type { GraphNode } from "../graph/dependency-graph.js";
import type { SqlCell } from "../notebook/notebook.js";
import type { ComputedCell, FilesResult } from "./cell-result.js";
import { prepareQuery, queryFingerprint, type Results } from "./query-scope.js";
import type { ScratchResult } from "./result-store.js";
import type { RunContext } from "./run-context.js";
import type { Leased } from "./shared-work.js";
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
  const parts = currentParts(context, cell, node, results);
  const kept = await findKept(context, fingerprint);
  const reason = kept === undefined ? await whyComputed(context, cell, node, parts) : "";
  const own = { isComputed: false };
  const answer =
    kept ??
    (await context.queries.run(fingerprint, control, async (shared) => {
      // Another one may have ended since.
      const found = await findKept(context, fingerprint);
      own.isComputed = found === undefined;
      return found ?? computeQuery(context, { cell, node, results, fingerprint }, shared);
    }));
  context.lease.take(answer.lease);
  await context.remembered.remember(context.record.notebook, cell.name, parts);
  const result = toFiles(fingerprint, answer.value);
  return own.isComputed
    ? { outcome: "succeeded", reason, fingerprint, result, notes: [] }
    : { outcome: "reused", reason: "SQL and what it reads unchanged", fingerprint, result, notes: [] };
}

/** A forced run trusts only what was computed for it. */
async function findKept(
  { results, record, lease }: RunContext,
  fingerprint: string,
): Promise<Leased<ScratchResult> | undefined> {
  const kept = await results.find(fingerprint);
  if (kept === undefined || !record.force || lease.holds(kept.value.folder)) return kept;
  kept.lease.release();
  return undefined;
}

interface Computation {
  readonly cell: SqlCell;
  readonly node: GraphNode;
  readonly results: Results;
  readonly fingerprint: string;
}

/** Others may wait for it when the run that began it has ended: what it reads stays until then. */
async function computeQuery(
  context: RunContext,
  { cell, node, results, fingerprint }: Computation,
  control: StepControl,
): Promise<Leased<ScratchResult>> {
  const reading = context.lease.share();
  const build = await context.results.createBuild();
  try {
    const { sql, scope } = await prepareQuery({ ...context, lease: reading }, node, cell.sql, results);
    control.onCompute();
    const output = await context.engine.materialize(
      {
        scope,
        sql,
        folder: build,
        dataset: cell.name,
        formats: ["parquet"],
        partitionBy: [],
        isOrdered: node.facts?.isOrdered === true || node.facts?.isProjection === true,
        metadata: {},
        keepsTypes: true,
      },
      control,
    );
    return await context.results.keep(build, fingerprint, {
      columns: output.columns,
      rows: output.rows,
      bytes: output.files.reduce((sum, file) => sum + file.bytes, 0),
      files: output.files.map((file) => file.path),
    });
  } catch (error) {
    await context.results.discard(build);
    throw error;
  } finally {
    reading.release();
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
