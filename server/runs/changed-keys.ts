import type { Manifest } from "../lake/model.js";
import type { QueryScope } from "../engine/engine.js";
import type { CountedKeys, KeyChange, KeyPart } from "../engine/increment.js";
import type { KeyFile } from "../engine/scope.js";
import type { StoredTable } from "../engine/verbs.js";
import { withKind } from "../engine/type-names.js";
import { isPartEnough, type Way } from "../incremental/choose-way.js";
import type { DeliveredFile } from "../incremental/deliveries.js";
import { foldCase } from "../text/sql-names.js";
import { isRowwise } from "./cumulative-state.js";
import { deliveredSql, namesOf, ownSql } from "./delivered-query.js";
import { scopeOfNode, withoutOwnSchemas } from "./query-scope.js";
import { differingTables, hasSameColumns, tableOf, versionsOf, withQuery } from "./read-versions.js";
import {
  type CumulativeTask,
  type CumulativeWork,
  type FoundKeys,
  appendedParent,
  isOwnDelivery,
  ownScope,
} from "./cumulative-task.js";

interface FoundChanges {
  readonly parts: readonly KeyPart[];
  /** What rows of this delivery are counted by; undefined: `parts`. */
  readonly counted: readonly KeyPart[] | undefined;
}

/** What changed in what the dataset reads; in words where that cannot be told. */
export async function changedParts(
  task: CumulativeTask,
  before: Manifest,
  way: Extract<Way, { type: "keys" | "partitions" }>,
  scope: QueryScope,
  isNew: (file: DeliveredFile) => boolean,
): Promise<FoundChanges | string> {
  const { engine } = task.context;
  const { cell, node, fingerprint } = task.work;
  const key = way.type === "partitions" ? cell.options.partitionBy : cell.options.key;
  const parts: KeyPart[] = [];
  const delivered: KeyPart[] = [];
  let isExact = true;
  for (const relation of way.type === "partitions" ? [way.relation] : way.relations) {
    const pair = await versionsOf(task.context, task.work.results, before, relation);
    if (typeof pair === "string") return pair;
    const [was, is] = pair;
    if (!hasSameColumns(was.columns.map(withKind), is.columns.map(withKind)))
      return `the columns of \`${relation}\` changed`;
    const { old, now } = differingTables(task.context.lake, was, is);
    const name = `${was.dataset} ${was.version} ${is.version}`;
    // Rows that the relation lacked for another reason than that they come only now are not late.
    const isOwn = appendedParent(task, relation) === undefined || isGoneOnFrom(was, is);
    if (!isOwn) {
      isExact = false;
      const part = await deliveredKeys(task, before, relation);
      if (part !== undefined) delivered.push(part);
    }
    if (way.type === "keys") {
      const columns = task.state.keys?.columns.get(relation) ?? [];
      const isCounted = isOwn && isRowwise(task.context, relation);
      const known = knownKeys(task, was, is, columns);
      const change: KeyChange = { type: "stored", before: old, after: now, columns };
      parts.push({ ...(known ?? (await keyPart(task, name, change, before, key))), isCounted });
      continue;
    }
    const files: string[] = [];
    for (const [side, table] of [
      ["after", now],
      ["before", old],
    ] as const) {
      if (table.files.length === 0) continue;
      const sql = withoutOwnSchemas(cell.sql, node.facts);
      const narrowed = withFiles(scope, relation, table);
      const change: KeyChange = { type: "query", scope: narrowed, sql, columns: key, side };
      files.push(...(await keyPart(task, `${fingerprint} ${name} ${side}`, change, before, key)).files);
    }
    if (files.length > 0) parts.push({ files, places: key.map((_, index) => index), isCounted: isOwn });
  }
  for (const pattern of way.type === "keys" ? way.files : []) {
    const names = namesOf(task.context, node, isNew);
    const calls = engine.readerCalls(ownSql(task.work), names);
    for (const { sql } of calls.filter(({ paths }) => paths.includes(pattern)).slice(0, 1)) {
      const columns = task.state.keys?.columns.get(pattern) ?? [];
      const change: KeyChange = { type: "query", scope, sql, columns, side: "after" };
      parts.push({
        ...(await keyPart(task, `${fingerprint} ${pattern}`, change, before, key)),
        isCounted: true,
      });
    }
  }
  const counted = [...parts.filter((part) => part.isCounted), ...delivered];
  return { parts, counted: isExact ? undefined : counted };
}

/**
 * All keys that changed, of the parts together; what the version before has of them only where it decides whether a part
 * is enough.
 */
export async function findKeys(
  task: CumulativeTask,
  before: Manifest,
  way: Way,
  parts: readonly KeyPart[],
  key: readonly string[],
): Promise<FoundKeys> {
  const base = tableOf(task.context.lake, before);
  const file = await unitedKeys(task, before, parts, key);
  task.context.changes.name(keysName(before, task.work.fingerprint), file);
  const { keys, hasNull } = await countKeys(task, file, key.length);
  const replaced = { file, columns: key, hasNull };
  if (task.work.cell.options.partitionBy.length === 0 || isPartEnough(way, keys, before.rows))
    return { keys, replaced };
  const { touched, ...known } = await task.context.engine.changedKeys({ file, base, key }, task.control);
  return { keys, replaced, known, touched: touched.flatMap((index) => base.files[index] ?? []) };
}

async function countKeys(
  { context: { changes, engine }, control }: CumulativeTask,
  file: string,
  columns: number,
): Promise<CountedKeys> {
  const counted = await changes.ask(`count ${file}`, control, async (shared) =>
    JSON.stringify(await engine.countKeys(file, columns, shared)),
  );
  return JSON.parse(counted) as CountedKeys;
}

/** A file of the keys of all parts; cells that read the same mostly have the same. */
export function unitedKeys(
  task: CumulativeTask,
  before: Manifest,
  parts: readonly KeyPart[],
  key: readonly string[],
): Promise<string> {
  const { changes, engine } = task.context;
  // Parents that were computed for the same keys tell the same.
  const distinct = [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
  const types = keyTypes(before, key);
  return changes.get(JSON.stringify(["united", distinct, types]), task.control, (file, control) =>
    engine.uniteKeys({ parts: distinct, types, file }, control),
  );
}

/** Of a relation's files, those that hold one of the keys; asked once for all cells of the same keys. */
export async function keyedFiles(
  { context: { changes, engine }, control }: CumulativeTask,
  table: StoredTable,
  keys: KeyFile,
): Promise<readonly string[]> {
  const name = JSON.stringify(["files", table.files, keys.file, keys.columns.map(foldCase)]);
  const found = await changes.ask(name, control, async (shared) =>
    JSON.stringify(await engine.keyedFiles({ table, keys }, shared)),
  );
  return JSON.parse(found) as string[];
}

function keyTypes(before: Manifest, key: readonly string[]): string[] {
  return key.map(
    (column) => before.columns.find((other) => foldCase(other.name) === foldCase(column))?.type ?? "",
  );
}

/** A file of the keys that changed in one thing that the dataset reads. */
export async function keyPart(
  task: CumulativeTask,
  name: string,
  change: KeyChange,
  before: Manifest,
  key: readonly string[],
): Promise<Omit<KeyPart, "isCounted">> {
  const types = keyTypes(before, key);
  const { changes, engine } = task.context;
  const file = await changes.get(
    [name, ...change.columns, ...types].join("\n"),
    task.control,
    (target, control) => engine.keyChange({ change, types, file: target }, control),
  );
  return { files: [file], places: key.map((_, index) => index) };
}

/** Where a parent was computed by keys in this run, from what this dataset was computed from before. */
function knownKeys(
  task: CumulativeTask,
  was: Manifest,
  is: Manifest,
  columns: readonly string[],
): Omit<KeyPart, "isCounted"> | undefined {
  const key = is.key.map((name) => name.toLowerCase());
  const places = columns.map((column) => key.indexOf(column.toLowerCase()));
  const isWhole = places.length === key.length && !places.includes(-1);
  const file = isWhole ? task.context.changes.find(keysName(was, is.fingerprint)) : undefined;
  return file === undefined ? undefined : { files: [file], places };
}

/** What a run calls the keys that a dataset of that fingerprint was computed for, going on from a version. */
function keysName(base: Manifest, fingerprint: string): string {
  return `keys ${base.dataset} ${base.version} ${fingerprint}`;
}

/** Of this run's own delivery, the rows that a parent maps from files; undefined where there are none. */
export async function deliveredKeys(
  task: CumulativeTask,
  before: Manifest,
  relation: string,
): Promise<KeyPart | undefined> {
  const own = appendedParent(task, relation);
  if (own === undefined) return undefined;
  const { cell, node, results } = task.work;
  const inner = await scopeOfNode(task.context, own.node, results);
  if (task.state.option === "by_key")
    return deliveredPart(task, before, own, inner, task.state.keys?.columns.get(relation) ?? []);
  const delivered = deliveredSql(task.context, own, isOwnDelivery(task));
  if (delivered === undefined) return undefined;
  const scope = withQuery(await ownScope(task), relation, delivered, inner.parameters);
  const sql = withoutOwnSchemas(cell.sql, node.facts);
  const change: KeyChange = { type: "query", scope, sql, columns: cell.options.partitionBy, side: "after" };
  const name = `${task.work.fingerprint} delivered`;
  return { ...(await keyPart(task, name, change, before, cell.options.partitionBy)), isCounted: true };
}

/** The keys of `columns` in the rows that a cell maps from this run's own delivery; undefined where there are none. */
export async function deliveredPart(
  task: CumulativeTask,
  before: Manifest,
  { cell, node }: Pick<CumulativeWork, "cell" | "node">,
  scope: QueryScope,
  columns: readonly string[],
): Promise<KeyPart | undefined> {
  const sql = deliveredSql(task.context, { cell, node }, isOwnDelivery(task));
  if (sql === undefined) return undefined;
  const { eventTime } = cell.options;
  const change: KeyChange = { type: "query", scope, sql, columns, side: "after", eventTime };
  const { partitionBy, key } = task.work.cell.options;
  const by = task.state.option === "by_partition" ? partitionBy : key;
  const part = await keyPart(task, `${cell.name} delivered`, change, before, by);
  return { ...part, isCounted: true, isTimed: eventTime !== undefined };
}

/** Whether the one holds what the other did, and the rows of one more delivery. */
function isGoneOnFrom(was: Manifest, { cumulative }: Manifest): boolean {
  return cumulative?.increment.mode !== "full" && cumulative?.base === was.version;
}

function withFiles(scope: QueryScope, relation: string, { files }: StoredTable): QueryScope {
  const relations = scope.relations.map((other) =>
    other.type === "files" && other.name === relation && other.schema === undefined
      ? { ...other, files }
      : other,
  );
  return { ...scope, relations };
}
