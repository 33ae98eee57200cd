import type { Increment, Manifest } from "../lake/model.js";
import type { MaterializedOutput } from "../engine/engine.js";
import type { KeyPart, KnownKeys } from "../engine/increment.js";
import type { Way } from "../incremental/choose-way.js";
import { isRowwise } from "./cumulative-state.js";
import { bareName, tableOf, versionOf, versionsOf } from "./read-versions.js";
import { type CumulativeTask, commonKey, ownScope } from "./cumulative-task.js";
import { deliveredKeys, deliveredPart, unitedKeys } from "./changed-keys.js";

const NONE_LATE = { rows: 0, keys: 0 };

/** Rows of this delivery for a key or a partition that was published before, where all of it is computed. */
export async function lateOfWhole(
  task: CumulativeTask,
  before: Manifest | undefined,
  columns: MaterializedOutput["columns"],
): Promise<Increment["late"]> {
  if (before === undefined) return NONE_LATE;
  const { option, rows, keys } = task.state;
  const by = option === "by_partition" ? task.work.cell.options.partitionBy : task.work.cell.options.key;
  const isComparable = [before.columns, columns].every(
    (present) => commonKey(by, { columns: present }).length > 0,
  );
  if (!isComparable) return NONE_LATE;
  if (rows?.type === "files") {
    const part = await deliveredPart(task, before, task.work, await ownScope(task), by);
    return countLate(task, before, part === undefined ? [] : [part]);
  }
  const single = rows?.type === "relation" ? [rows.name] : [];
  const relations = option === "by_partition" ? single : [...(keys?.columns.keys() ?? [])];
  const versions = new Map(before.parents.map(({ dataset, version }) => [dataset, version]));
  const changed = relations.filter(
    (relation) => versions.get(bareName(relation)) !== versionOf(task.context, task.work.results, relation),
  );
  const parts: KeyPart[] = [];
  for (const relation of changed) {
    const part = await deliveredKeys(task, before, relation);
    if (part !== undefined) parts.push(part);
  }
  return withGathered(task, before, changed, await countLate(task, before, parts));
}

/** The same where the changed keys are known. `counted`: what rows of this delivery are counted by; undefined: what was found. */
export async function lateOf(
  task: CumulativeTask,
  before: Manifest,
  way: Extract<Way, { type: "keys" | "partitions" }>,
  { known, lateRows, lateKeys }: KnownKeys,
  counted: readonly KeyPart[] | undefined,
): Promise<Increment["late"]> {
  const rows =
    counted === undefined ? { rows: lateRows, keys: lateKeys } : await countLate(task, before, counted);
  const relations = way.type === "keys" ? way.relations : [way.relation];
  return withGathered(task, before, relations, rows, known);
}

/** `known`: how many of the keys that changed were there; undefined where that was not asked. */
async function withGathered(
  task: CumulativeTask,
  before: Manifest,
  relations: readonly string[],
  late: Increment["late"],
  known?: number,
): Promise<Increment["late"]> {
  let [gathered, gatheredKeys, oldest] = [0, 0, late.oldest];
  for (const relation of relations) {
    const pair = await versionsOf(task.context, task.work.results, before, relation);
    const told = typeof pair === "string" ? undefined : pair[1].cumulative?.increment.late;
    if (told === undefined) continue;
    if (told.oldest !== undefined && (oldest === undefined || told.oldest < oldest)) oldest = told.oldest;
    if (isRowwise(task.context, relation)) continue;
    // Of rows that were gathered, only what gathered them knows how many came; parents mostly gathered the same.
    gathered = Math.max(gathered, told.rows);
    gatheredKeys = Math.max(gatheredKeys, told.keys);
  }
  const rows = late.rows + gathered;
  // Of its own rows and of gathered ones no two lists are compared: together they are no more than what changed.
  const keys =
    known === undefined ? Math.max(late.keys, gatheredKeys) : Math.min(known, late.keys + gatheredKeys);
  return {
    rows,
    keys: gathered > 0 ? keys : late.keys,
    ...(oldest === undefined || rows === 0 ? {} : { oldest }),
  };
}

async function countLate(
  task: CumulativeTask,
  before: Manifest,
  parts: readonly KeyPart[],
): Promise<Increment["late"]> {
  if (parts.length === 0) return NONE_LATE;
  const { partitionBy, key } = task.work.cell.options;
  const by = task.state.option === "by_partition" ? partitionBy : key;
  const file = await unitedKeys(task, before, parts, by);
  const base = tableOf(task.context.lake, before);
  const { lateKeys, lateRows, oldest } = await task.context.engine.changedKeys(
    { file, base, key: by },
    task.control,
  );
  return { rows: lateRows, keys: lateKeys, ...(oldest === undefined ? {} : { oldest }) };
}
