import type { GraphNode } from "../graph/dependency-graph.js";
import { engineOf, type SqlCell } from "../notebook/notebook.js";
import type { ComputedCell } from "./cell-result.js";
import { decideQuery, findRows, KEPT, toRowsResult } from "./decide.js";
import { prepareQuery, type Results } from "./query-scope.js";
import type { ScratchResult } from "./result-store.js";
import type { RunContext } from "./run-context.js";
import type { Leased } from "./shared-work.js";
import type { StepControl } from "./step-control.js";
import { whyComputed } from "./why-computed.js";

/** Computes a query cell into scratch, once per fingerprint for as long as the result is kept there. */
export async function runQueryCell(
  context: RunContext,
  cell: SqlCell,
  node: GraphNode,
  results: Results,
  control: StepControl,
): Promise<ComputedCell> {
  const { fingerprint, parts, found } = await decideQuery(context, cell, node, results);
  const reason = found === undefined ? await whyComputed(context, cell, node, parts) : "";
  const own = { isComputed: false };
  const answer =
    found ??
    (await context.queries.run(fingerprint, control, async (shared) => {
      // Another run may have kept it since this one looked.
      const kept = await findRows(context, cell.name, fingerprint);
      own.isComputed = kept === undefined;
      return kept ?? computeQuery(context, { cell, node, results, fingerprint }, shared);
    }));
  context.lease.take(answer.lease);
  await context.remembered.remember(context.record.notebook, cell.name, parts);
  const computed = { fingerprint, result: toRowsResult(fingerprint, answer.value), notes: [] };
  return own.isComputed
    ? { ...computed, outcome: "succeeded", reason }
    : { ...computed, outcome: "reused", reason: KEPT };
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
        engine: engineOf(cell),
        folder: build,
        dataset: cell.name,
        formats: ["parquet"],
        partitionBy: [],
        isOrdered: false,
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
