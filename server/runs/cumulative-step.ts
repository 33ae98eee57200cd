import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { FIRST_DATE, chooseWay, finalWay } from "../incremental/choose-way.js";
import type { FilesResult } from "./cell-result.js";
import { cumulativeBase, cumulativeState } from "./cumulative-state.js";
import type { RunContext } from "./run-context.js";
import type { StepControl } from "./step-control.js";
import { isForced } from "./run-record.js";
import type { CumulativeOutput, CumulativeWork } from "./cumulative-task.js";
import { computePart } from "./cumulative-part.js";
import { computeWhole } from "./cumulative-whole.js";

/** Computes a dataset that adds deliveries up into an empty folder: the part that the new delivery can change, or all of it. */
export async function computeCumulative(
  context: RunContext,
  work: CumulativeWork,
  folder: string,
  control: StepControl,
): Promise<CumulativeOutput> {
  const { cell, node, results, parts } = work;
  const state = await cumulativeState(context, cell, node, results, parts, control);
  const { manifest: before, base, restated } = await cumulativeBase(context, cell, parts);
  control.onCompute();
  const task = { context, work, state, folder, control };
  const way = chooseWay(state, base, isForced(context.record, cell.name));
  if (way.type === "full" || before === undefined)
    return computeWhole(task, before, way.type === "full" ? way.reason : FIRST_DATE);
  const part = await computePart(task, before, way);
  const gaveUp = "reason" in part ? part : { reason: "", late: part.cumulative.increment.late };
  // The part is computed for what it tells of late rows.
  const last = finalWay(way, restated);
  if (last.type !== "full" && !("reason" in part)) return part;
  await emptyFolder(folder);
  return computeWhole(task, before, last.type === "full" ? last.reason : gaveUp.reason, gaveUp);
}

/** A dataset that was computed in parts against the same computed as a whole. */
export interface Comparison {
  /** Of the whole. */
  readonly rows: number;
  /** Rows that only the whole has. */
  readonly missing: number;
  /** Rows that it does not have. */
  readonly surplus: number;
}

/** Computes the whole into an empty folder. `sample`: about so many rows are compared; undefined: all. */
export async function compareWithWhole(
  context: RunContext,
  work: CumulativeWork,
  part: FilesResult,
  { folder, sample }: { readonly folder: string; readonly sample?: number | undefined },
  control: StepControl,
): Promise<Comparison> {
  const { cell, node, results, parts } = work;
  const state = await cumulativeState(context, cell, node, results, parts, control);
  const task = { context, work, state, folder, control };
  const { files, columns, rows } = await computeWhole(task, undefined, "");
  const whole = files.flatMap(({ format, path }) => (format === "parquet" ? [join(folder, path)] : []));
  const oneIn = sample === undefined ? 1 : Math.max(1, Math.floor(rows / sample));
  const { added, removed } = await context.engine.countChanges(
    { before: part, after: { files: whole, columns }, key: [], oneIn },
    control,
  );
  return { rows, missing: added, surplus: removed };
}

async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
}
