import { join } from "node:path";
import { hashOf } from "../base/hash.js";
import type { Increment, Manifest } from "../lake/model.js";
import type { MaterializedOutput } from "../engine/engine.js";
import type { KeyFile } from "../engine/scope.js";
import { deliveredSql, namesOf, ownSql } from "./delivered-query.js";
import { partitionsOf } from "./partition-changes.js";
import { tableOf } from "./read-versions.js";
import {
  type CumulativeOutput,
  type CumulativeTask,
  type GaveUp,
  commonKey,
  draftFiles,
  materializeRows,
  ownScope,
  recordOf,
  scannedOf,
} from "./cumulative-task.js";
import { lateOfWhole } from "./late-rows.js";

/** Computes all rows. `reason`: why. `late`, `only`: what was found before a part was given up. */
export async function computeWhole(
  task: CumulativeTask,
  before: Manifest | undefined,
  reason: string,
  { late, only }: Partial<GaveUp> = {},
): Promise<CumulativeOutput> {
  const { engine } = task.context;
  const scope = await ownScope(task);
  const all = (): boolean => true;
  const sql =
    (isByDelivery(task) ? deliveredSql(task.context, task.work, all) : undefined) ??
    engine.nameDelivered(ownSql(task.work), namesOf(task.context, task.work.node, all)).text;
  const output = await materializeRows(task, sql, scope, task.work.cell.options.materialize, true);
  const counts = await countDifferences(task, before, output, only);
  const files = draftFiles(output);
  const fresh = partitionsOf({ files, partitionBy: task.work.cell.options.partitionBy });
  const old = before === undefined ? [] : [...partitionsOf(before)];
  return {
    ...output,
    files,
    contentHash: hashOf([output.contentHash, output.rows]),
    scannedRows: scannedOf(task, output.scannedRows, () => true, {}),
    cumulative: recordOf(task, before, {
      mode: "full",
      reason,
      late: late ?? (await lateOfWhole(task, before, output.columns)),
      rows: counts,
      partitions: {
        written: fresh.size,
        linked: 0,
        removed: old.filter((partition) => !fresh.has(partition)).length,
      },
    }),
    isWhole: true,
    scope,
  };
}

async function countDifferences(
  task: CumulativeTask,
  before: Manifest | undefined,
  output: MaterializedOutput,
  only: KeyFile | undefined,
): Promise<Increment["rows"]> {
  if (before === undefined) return { added: output.rows, changed: 0, removed: 0 };
  const files = output.files.flatMap((file) =>
    file.format === "parquet" ? [join(task.folder, file.path)] : [],
  );
  const after = { files, columns: output.columns };
  const key = commonKey(task.work.cell.options.key, before);
  return task.context.engine.countChanges(
    {
      before: tableOf(task.context.lake, before),
      after,
      key,
      ...(only === undefined ? {} : { only }),
    },
    task.control,
  );
}

/** Deliveries are told apart: by an upsert, and by what is too late for its own. */
function isByDelivery(task: CumulativeTask): boolean {
  const { option, rows } = task.state;
  const isTimely = task.work.cell.options.allowedLatenessMs !== undefined;
  return rows?.type === "files" && (option === "by_key" || isTimely);
}
