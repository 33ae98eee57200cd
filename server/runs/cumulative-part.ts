import { dirname, join } from "node:path";
import { hashOf } from "../base/hash.js";
import type { Increment, Manifest } from "../lake/model.js";
import type { QueryScope } from "../engine/engine.js";
import type { KeyChange, KnownKeys, MergedOutput } from "../engine/increment.js";
import type { KeyFile, Relation } from "../engine/scope.js";
import { withKind } from "../engine/type-names.js";
import { MAX_TOUCHED, type Way, isPartEnough } from "../incremental/choose-way.js";
import type { DeliveredFile } from "../incremental/deliveries.js";
import { deliveredSql, isNewSince, namesOf, ownSql } from "./delivered-query.js";
import { partitionsOf } from "./partition-changes.js";
import { hasSameColumns, publishedBefore } from "./read-versions.js";
import {
  type CumulativeOutput,
  type CumulativeTask,
  type FoundKeys,
  type FoundRows,
  type GaveUp,
  materializeRows,
  ownScope,
  recordOf,
  scannedOf,
  versionFolder,
} from "./cumulative-task.js";
import { changedParts, findKeys, keyedFiles, keyPart } from "./changed-keys.js";
import { lateOf } from "./late-rows.js";
import { isIntact, keepNewRows, linkKept, mergeRows, partFiles } from "./merge-rows.js";

/** With so many files, it is worth a look which of them have the keys that are wanted. */
const MANY_FILES = 8;

/** Or says why all of it has to be computed. */
export async function computePart(
  task: CumulativeTask,
  before: Manifest,
  way: Exclude<Way, { type: "full" }>,
): Promise<CumulativeOutput | GaveUp> {
  const base = partFiles(task, before);
  if (base === undefined) return { reason: "what was published before is of an earlier format" };
  const columns = before.columns.map(withKind);
  if (!task.context.engine.isCopyExact(columns.map(({ read: _read, ...column }) => column)))
    return { reason: "it has columns of type VARIANT or GEOMETRY" };
  const scope = await ownScope(task);
  const isNew = isNewSince(before);
  const found =
    way.type === "append" || way.type === "upsert"
      ? await computeNew(task, before, way, scope, isNew)
      : await computeKeys(task, before, way, scope, isNew);
  if ("reason" in found) return found;
  const { added, replaced, tellLate } = found;
  if (added !== undefined && !hasSameColumns(added.columns, columns))
    return { reason: "its columns changed" };
  const exceeds = isPartEnough(way, found.keys ?? added?.rows ?? 0, before.rows);
  const newRows = await keepNewRows(task, before, found);
  const merged = await mergeRows(task, base, columns, found, way, exceeds);
  const { excess } = merged;
  const late = tellLate === undefined ? merged.late : await tellLate(knownOf(found, merged));
  const reason = excess && touchedReason(excess.touched, excess.partitions);
  if (reason !== undefined && !exceeds)
    return {
      reason,
      late,
      ...(replaced === undefined ? {} : { only: replaced }),
    };
  if (!(await isIntact(task, before, base, merged)))
    return {
      reason: `what ${publishedBefore(task.context, before.dataset)?.runDate ?? "was"} published is damaged`,
    };
  const files = [
    ...merged.files.map(({ folder: _folder, contentHash, partition, ...file }) => ({
      ...file,
      partition: [...partition],
      ...(contentHash === "" ? {} : { contentHash }),
    })),
    ...(await linkKept(task, before, merged.kept)),
  ];
  return {
    columns,
    casts: added?.casts ?? before.casts,
    files,
    rows: merged.rows,
    contentHash: hashOf([merged.contentHash, merged.rows]),
    scannedRows: scannedOf(task, added?.scannedRows ?? {}, isNew, before.scannedRows),
    cumulative: recordOf(task, before, {
      mode: reason !== undefined ? "full" : isUnchanged(merged) ? "unchanged" : task.state.option,
      ...(reason === undefined ? {} : { reason, isCopied: true }),
      late,
      rows: merged.counts,
      partitions: merged.partitions,
    }),
    isWhole: false,
    ...(newRows === undefined ? {} : { newRows }),
    scope,
  };
}

/** Rows of new files are added, or replace those of their keys. */
async function computeNew(
  task: CumulativeTask,
  before: Manifest,
  way: Extract<Way, { type: "append" | "upsert" }>,
  scope: QueryScope,
  isNew: (file: DeliveredFile) => boolean,
): Promise<FoundRows | GaveUp> {
  const sql = deliveredSql(task.context, task.work, isNew);
  if (sql === undefined) return {};
  const added = await materializeRows(task, sql, scope, ["parquet"], false, isNew);
  if (way.type === "append") return { added };
  const { key, eventTime } = task.work.cell.options;
  if (!hasSameColumns(added.columns, before.columns.map(withKind))) return { reason: "its columns changed" };
  const files = added.files.flatMap(({ path, rows }) => (rows > 0 ? [join(task.folder, path)] : []));
  const after = { files, columns: added.columns };
  const change: KeyChange = { type: "stored", before: undefined, after, columns: key };
  const part = await keyPart(task, `${task.work.fingerprint} rows`, change, before, key);
  const found = await findKeys(task, before, way, [{ ...part, isCounted: true }], key);
  const gaveUp = touchesMuch(task, before, found);
  if (gaveUp !== undefined) return gaveUp;
  // Only the rows themselves tell which of the late ones is the oldest.
  const tellLate = ({ lateRows, known }: KnownKeys): Promise<Increment["late"]> =>
    Promise.resolve({ rows: lateRows, keys: known });
  return { added, ...found, ...(eventTime === undefined ? { tellLate } : {}) };
}

/** Keys that changed rows have, and partitions that they fall into, are computed again. */
async function computeKeys(
  task: CumulativeTask,
  before: Manifest,
  way: Extract<Way, { type: "keys" | "partitions" }>,
  scope: QueryScope,
  isNew: (file: DeliveredFile) => boolean,
): Promise<FoundRows | GaveUp> {
  const { engine } = task.context;
  const { options } = task.work.cell;
  const key = way.type === "partitions" ? options.partitionBy : options.key;
  const changes = await changedParts(task, before, way, scope, isNew);
  if (typeof changes === "string") return { reason: changes };
  const found = await findKeys(task, before, way, changes.parts, key);
  const tellLate = (known: KnownKeys): Promise<Increment["late"]> =>
    lateOf(task, before, way, known, changes.counted);
  const gaveUp = touchesMuch(task, before, found);
  if (gaveUp !== undefined && found.known !== undefined)
    return { ...gaveUp, late: await tellLate(found.known) };
  if (found.keys === 0) return { ...found, tellLate };
  const names = engine.nameDelivered(
    ownSql(task.work),
    namesOf(task.context, task.work.node, () => true),
  ).text;
  // What is not read by the key gives rows of other keys too.
  const sql = engine.onlyKeysSql(names, found.replaced);
  const keyed = way.type === "partitions" ? scope : await onlyKeys(task, scope, found.replaced);
  const readable = [...keyed.readable, dirname(found.replaced.file)];
  const added = await materializeRows(task, sql, { ...keyed, readable }, ["parquet"], false);
  return { added, ...found, tellLate };
}

/** Where most rows would be computed again, there is no need to compute a part first. */
function touchesMuch(
  task: CumulativeTask,
  before: Manifest,
  { touched, replaced }: FoundKeys,
): GaveUp | undefined {
  if (touched === undefined) return undefined;
  const partitions = new Map(
    before.files.map((file) => [
      join(versionFolder(task, before), file.path),
      JSON.stringify(file.partition),
    ]),
  );
  const all = partitionsOf(before).size;
  const count = new Set(touched.map((path) => partitions.get(path))).size;
  if (count / Math.max(1, all) <= MAX_TOUCHED) return undefined;
  return { reason: touchedReason(count, all), only: replaced };
}

function touchedReason(touched: number, partitions: number): string {
  return `${String(touched)} of ${String(partitions)} partitions are touched`;
}

/** Relations of which only rows with one of the keys are wanted. */
async function onlyKeys(task: CumulativeTask, scope: QueryScope, keys: KeyFile): Promise<QueryScope> {
  const columns = task.state.keys?.columns ?? new Map<string, readonly string[]>();
  const relations: Relation[] = [];
  for (const relation of scope.relations) {
    const name =
      relation.type === "files" && relation.schema !== undefined
        ? `${relation.schema}.${relation.name}`
        : relation.name;
    const own = columns.get(name);
    relations.push(
      relation.type === "files" && own !== undefined
        ? await onlyKeyed(task, relation, { ...keys, columns: own })
        : relation,
    );
  }
  return { ...scope, relations };
}

/** Without files that have no row that is wanted, where there are many: keys of one time lie together. */
async function onlyKeyed(
  task: CumulativeTask,
  relation: Extract<Relation, { type: "files" }>,
  only: KeyFile,
): Promise<Relation> {
  const { files, position } = relation;
  if (files.length < MANY_FILES || position !== undefined) return { ...relation, only };
  const kept = await keyedFiles(task, relation, only);
  return { ...relation, only, files: kept.length === 0 ? files.slice(0, 1) : kept };
}

/** What the version before has of the keys: as was found first, or by the merge. */
function knownOf({ known }: FoundRows, merged: MergedOutput): KnownKeys {
  const told = known ?? merged.known;
  if (told === undefined) throw new Error("unreachable: nobody looked for the keys");
  return told;
}

function isUnchanged({ counts, partitions }: MergedOutput): boolean {
  return counts.added + counts.changed + counts.removed === 0 && partitions.removed === 0;
}
