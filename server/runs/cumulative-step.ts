import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashOf } from "../base/hash.js";
import { hashFile } from "../lake/hash-file.js";
import { linkOrCopy } from "../lake/link-tree.js";
import type { Cumulative, Increment, Manifest } from "../lake/model.js";
import type { DraftFile, VersionDraft } from "../lake/versions.js";
import type { MaterializedOutput, QueryScope } from "../engine/engine.js";
import type { ChangedKeys, KeyChange, KeyPart, MergedOutput, PartFile } from "../engine/increment.js";
import type { KeyFile } from "../engine/scope.js";
import type { StoredTable } from "../engine/verbs.js";
import { withKind } from "../engine/type-names.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import {
  chooseWay,
  finalWay,
  FIRST_DATE,
  isPartEnough,
  MAX_TOUCHED,
  type CumulativeState,
  type Way,
} from "../incremental/choose-way.js";
import { deliveredPath, type DeliveredFile } from "../incremental/deliveries.js";
import { foldCase } from "../text/sql-names.js";
import { isCumulative, type SqlCell } from "../notebook/notebook.js";
import type { FilesResult } from "./cell-result.js";
import type { CurrentParts } from "./change-reason.js";
import { cumulativeBase, cumulativeState, isRowwise, mapsFiles } from "./cumulative-state.js";
import { deliveredOf, deliveredSql, isNewSince, namesOf, ownSql } from "./delivered-query.js";
import type { NewRows } from "./new-rows.js";
import { partitionsOf } from "./partition-changes.js";
import { withoutOwnSchemas, scopeOfNode, type Results } from "./query-scope.js";
import {
  bareName,
  differingTables,
  hasSameColumns,
  publishedBefore,
  tableOf,
  versionOf,
  versionsOf,
  withQuery,
} from "./read-versions.js";
import type { RunContext } from "./run-context.js";
import type { StepControl } from "./step-control.js";
import { isForced } from "./run-record.js";

export interface CumulativeWork {
  readonly cell: SqlCell;
  readonly node: GraphNode;
  readonly results: Results;
  readonly fingerprint: string;
  readonly parts: CurrentParts;
}

/** Rows in a build's folder, and how they came there. */
export interface CumulativeOutput {
  readonly columns: MaterializedOutput["columns"];
  readonly casts: MaterializedOutput["casts"];
  readonly files: readonly DraftFile[];
  readonly rows: number;
  readonly contentHash: string;
  readonly scannedRows: Readonly<Record<string, number>>;
  readonly cumulative: Cumulative;
  /** All of its rows were computed now. */
  readonly isWhole: boolean;
  /** Absent of a whole, and where no row came. */
  readonly newRows?: NewRows;
  readonly scope: QueryScope;
}

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
  const computation = new Computation(context, work, state, folder, control);
  const way = chooseWay(state, base, isForced(context.record, cell.name));
  if (way.type === "full" || before === undefined)
    return computation.computeWhole(before, way.type === "full" ? way.reason : FIRST_DATE);
  const part = await computation.computePart(before, way);
  const gaveUp = "reason" in part ? part : { reason: "", late: part.cumulative.increment.late };
  // The part is computed for what it tells of late rows.
  const last = finalWay(way, restated);
  if (last.type !== "full" && !("reason" in part)) return part;
  await emptyFolder(folder);
  return computation.computeWhole(before, last.type === "full" ? last.reason : gaveUp.reason, gaveUp);
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
  const computation = new Computation(context, work, state, folder, control);
  const { files, columns, rows } = await computation.computeWhole(undefined, "");
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

interface GaveUp {
  readonly reason: string;
  readonly late?: Increment["late"];
  /** The only keys of which rows can differ. */
  readonly only?: KeyFile;
}

class Computation {
  readonly #context: RunContext;
  readonly #work: CumulativeWork;
  readonly #state: CumulativeState;
  readonly #folder: string;
  readonly #control: StepControl;

  constructor(
    context: RunContext,
    work: CumulativeWork,
    state: CumulativeState,
    folder: string,
    control: StepControl,
  ) {
    this.#context = context;
    this.#work = work;
    this.#state = state;
    this.#folder = folder;
    this.#control = control;
  }

  async computeWhole(
    before: Manifest | undefined,
    reason: string,
    { late, only }: Partial<GaveUp> = {},
  ): Promise<CumulativeOutput> {
    const { engine } = this.#context;
    const scope = await this.#scope();
    const all = (): boolean => true;
    const sql =
      (this.#isByDelivery() ? deliveredSql(this.#context, this.#work, all) : undefined) ??
      engine.nameDelivered(ownSql(this.#work), namesOf(this.#context, this.#work.node, all)).text;
    const output = await this.#materialize(sql, scope, this.#work.cell.options.materialize, true);
    const counts = await this.#compare(before, output, only);
    const files = draftFiles(output);
    const fresh = partitionsOf({ files, partitionBy: this.#work.cell.options.partitionBy });
    const old = before === undefined ? [] : [...partitionsOf(before)];
    return {
      ...output,
      files,
      contentHash: hashOf([output.contentHash, output.rows]),
      scannedRows: this.#scanned(output.scannedRows, () => true, {}),
      cumulative: this.#record(before, {
        mode: "full",
        reason,
        late: late ?? (await this.#lateOfWhole(before, output.columns)),
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

  /** Or says why all of it has to be computed. */
  async computePart(
    before: Manifest,
    way: Exclude<Way, { type: "full" }>,
  ): Promise<CumulativeOutput | GaveUp> {
    const base = this.#partFiles(before);
    if (base === undefined) return { reason: "what was published before is of an earlier format" };
    const columns = before.columns.map(withKind);
    if (!this.#context.engine.isCopyExact(columns.map(({ read: _read, ...column }) => column)))
      return { reason: "it has columns of type VARIANT or GEOMETRY" };
    const scope = await this.#scope();
    const isNew = isNewSince(before);
    const found =
      way.type === "append" || way.type === "upsert"
        ? await this.#computeNew(before, way, scope, isNew)
        : await this.#computeKeys(before, way, scope, isNew);
    if ("reason" in found) return found;
    const { added, replaced, late } = found;
    if (added !== undefined && !hasSameColumns(added.columns, columns))
      return { reason: "its columns changed" };
    const exceeds = isPartEnough(way, found.changed?.keys ?? added?.rows ?? 0, before.rows);
    const newRows = await this.#keepNewRows(before, found);
    const merged = await this.#merge(base, columns, found, way, exceeds);
    const { excess } = merged;
    const reason = excess && touchedReason(excess.touched, excess.partitions);
    if (reason !== undefined && !exceeds)
      return {
        reason,
        late: late ?? merged.late,
        ...(replaced === undefined ? {} : { only: replaced }),
      };
    if (!(await this.#isIntact(before, base, merged)))
      return {
        reason: `what ${publishedBefore(this.#context, before.dataset)?.runDate ?? "was"} published is damaged`,
      };
    const files = [
      ...merged.files.map(({ folder: _folder, contentHash, partition, ...file }) => ({
        ...file,
        partition: [...partition],
        ...(contentHash === "" ? {} : { contentHash }),
      })),
      ...(await this.#link(before, merged.kept)),
    ];
    return {
      columns,
      casts: added?.casts ?? before.casts,
      files,
      rows: merged.rows,
      contentHash: hashOf([merged.contentHash, merged.rows]),
      scannedRows: this.#scanned(added?.scannedRows ?? {}, isNew, before.scannedRows),
      cumulative: this.#record(before, {
        mode: reason !== undefined ? "full" : isUnchanged(merged) ? "unchanged" : this.#state.option,
        ...(reason === undefined ? {} : { reason, isCopied: true }),
        late: late ?? merged.late,
        rows: merged.counts,
        partitions: merged.partitions,
      }),
      isWhole: false,
      ...(newRows === undefined ? {} : { newRows }),
      scope,
    };
  }

  /** Rows that come, for the checks: once they are put together with the others their files may be gone. */
  async #keepNewRows(before: Manifest, { added, replaced }: FoundRows): Promise<NewRows | undefined> {
    const placement = publishedBefore(this.#context, before.dataset);
    const came = added?.files.filter(({ rows }) => rows > 0) ?? [];
    if (placement?.version !== before.version || came.length === 0) return undefined;
    const files: string[] = [];
    for (const { path } of came)
      files.push(
        await this.#context.changes.put(`rows ${this.#work.fingerprint} ${path}`, (file) =>
          linkOrCopy(join(this.#folder, path), file),
        ),
      );
    return {
      content: before.contentHash,
      date: placement.runDate,
      files,
      rows: came.reduce((sum, { rows }) => sum + rows, 0),
      apart: replaced?.columns ?? [],
    };
  }

  /** Whether the rows that were copied are those that the manifest tells of; links have its hashes, which `verify` looks at. */
  async #isIntact(before: Manifest, base: readonly PartFile[], { kept }: MergedOutput): Promise<boolean> {
    const linked = new Set(kept.map(({ path }) => path));
    const hashes = new Map(
      before.files.map(({ path, sha256 }) => [join(this.#folderOf(before), path), sha256]),
    );
    for (const { path, rows } of base) {
      if (rows === 0 || linked.has(path)) continue;
      if ((await hashFile(path)).sha256 !== hashes.get(path)) return false;
    }
    return true;
  }

  /** Rows of new files are added, or replace those of their keys. */
  async #computeNew(
    before: Manifest,
    way: Extract<Way, { type: "append" | "upsert" }>,
    scope: QueryScope,
    isNew: (file: DeliveredFile) => boolean,
  ): Promise<FoundRows | GaveUp> {
    const sql = deliveredSql(this.#context, this.#work, isNew);
    if (sql === undefined) return {};
    const added = await this.#materialize(sql, scope, ["parquet"], false);
    if (way.type === "append") return { added };
    const { key, eventTime } = this.#work.cell.options;
    if (!hasSameColumns(added.columns, before.columns.map(withKind)))
      return { reason: "its columns changed" };
    const files = added.files.flatMap(({ path, rows }) => (rows > 0 ? [join(this.#folder, path)] : []));
    const after = { files, columns: added.columns };
    const change: KeyChange = { type: "stored", before: undefined, after, columns: key };
    const part = await this.#part(`${this.#work.fingerprint} rows`, change, before, key);
    const found = await this.#findKeys(before, [{ ...part, isCounted: true }], key);
    const gaveUp = this.#touchesMuch(before, found, way);
    if (gaveUp !== undefined) return gaveUp;
    // Only the rows themselves tell which of the late ones is the oldest.
    const late = { rows: found.changed.lateRows, keys: found.changed.known };
    return { added, ...found, ...(eventTime === undefined ? { late } : {}) };
  }

  /** Keys that changed rows have, and partitions that they fall into, are computed again. */
  async #computeKeys(
    before: Manifest,
    way: Extract<Way, { type: "keys" | "partitions" }>,
    scope: QueryScope,
    isNew: (file: DeliveredFile) => boolean,
  ): Promise<FoundRows | GaveUp> {
    const { engine } = this.#context;
    const { options } = this.#work.cell;
    const key = way.type === "partitions" ? options.partitionBy : options.key;
    const changes = await this.#changes(before, way, scope, isNew);
    if (typeof changes === "string") return { reason: changes };
    const found = await this.#findKeys(before, changes.parts, key);
    const late = await this.#lateOf(before, way, found, changes.counted);
    const gaveUp = this.#touchesMuch(before, found, way);
    if (gaveUp !== undefined) return { ...gaveUp, late };
    if (found.changed.keys === 0) return { ...found, late };
    const names = engine.nameDelivered(
      ownSql(this.#work),
      namesOf(this.#context, this.#work.node, () => true),
    ).text;
    // What is not read by the key gives rows of other keys too.
    const sql = engine.onlyKeysSql(names, found.replaced);
    const keyed = way.type === "partitions" ? scope : this.#restrict(scope, found.replaced);
    const readable = [...keyed.readable, dirname(found.replaced.file)];
    const added = await this.#materialize(sql, { ...keyed, readable }, ["parquet"], false);
    return { added, ...found, late };
  }

  async #findKeys(before: Manifest, parts: readonly KeyPart[], key: readonly string[]): Promise<FoundKeys> {
    const { engine, changes } = this.#context;
    const base = tableOf(this.#context.lake, before);
    let changed: ChangedKeys | undefined;
    const name = keysName(before, this.#work.fingerprint);
    const file = await changes.put(name, async (target) => {
      changed = await engine.changedKeys({ parts, base, key, file: target }, this.#control);
    });
    if (changed === undefined) throw new Error(`unreachable: "${name}" was not asked for`);
    const { hasNull } = changed;
    const touched = changed.touched.flatMap((index) => base.files[index] ?? []);
    return { changed, touched, replaced: { file, columns: key, hasNull } };
  }

  /** Where most rows would be computed again, there is no need to compute a part first. */
  #touchesMuch(before: Manifest, { changed, touched, replaced }: FoundKeys, way: Way): GaveUp | undefined {
    if (this.#work.cell.options.partitionBy.length === 0 || isPartEnough(way, changed.keys, before.rows))
      return undefined;
    const partitions = new Map(
      before.files.map((file) => [join(this.#folderOf(before), file.path), JSON.stringify(file.partition)]),
    );
    const all = partitionsOf(before).size;
    const count = new Set(touched.map((path) => partitions.get(path))).size;
    if (count / Math.max(1, all) <= MAX_TOUCHED) return undefined;
    return { reason: touchedReason(count, all), only: replaced };
  }

  /** A file of the keys that changed in one thing that the dataset reads. */
  async #part(
    name: string,
    change: KeyChange,
    before: Manifest,
    key: readonly string[],
  ): Promise<Omit<KeyPart, "isCounted">> {
    const types = key.map(
      (column) => before.columns.find((other) => foldCase(other.name) === foldCase(column))?.type ?? "",
    );
    const { changes, engine } = this.#context;
    const file = await changes.get(
      [name, ...change.columns, ...types].join("\n"),
      this.#control,
      (target, control) => engine.keyChange({ change, types, file: target }, control),
    );
    return { files: [file], places: key.map((_, index) => index) };
  }

  /** What changed in what the dataset reads; in words where that cannot be told. */
  async #changes(
    before: Manifest,
    way: Extract<Way, { type: "keys" | "partitions" }>,
    scope: QueryScope,
    isNew: (file: DeliveredFile) => boolean,
  ): Promise<FoundChanges | string> {
    const { engine } = this.#context;
    const { cell, node, fingerprint } = this.#work;
    const key = way.type === "partitions" ? cell.options.partitionBy : cell.options.key;
    const parts: KeyPart[] = [];
    const delivered: KeyPart[] = [];
    let isExact = true;
    for (const relation of way.type === "partitions" ? [way.relation] : way.relations) {
      const pair = await versionsOf(this.#context, this.#work.results, before, relation);
      if (typeof pair === "string") return pair;
      const [was, is] = pair;
      if (!hasSameColumns(was.columns.map(withKind), is.columns.map(withKind)))
        return `the columns of \`${relation}\` changed`;
      const { old, now } = differingTables(this.#context.lake, was, is);
      const name = `${was.dataset} ${was.version} ${is.version}`;
      // Rows that the relation lacked for another reason than that they come only now are not late.
      const isOwn = this.#appended(relation) === undefined || isGoneOnFrom(was, is);
      if (!isOwn) {
        isExact = false;
        const part = await this.#deliveredOf(before, relation);
        if (part !== undefined) delivered.push(part);
      }
      if (way.type === "keys") {
        const columns = this.#state.keys?.columns.get(relation) ?? [];
        const isCounted = isOwn && isRowwise(this.#context, relation);
        const known = this.#knownKeys(was, is, columns);
        const change: KeyChange = { type: "stored", before: old, after: now, columns };
        parts.push({ ...(known ?? (await this.#part(name, change, before, key))), isCounted });
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
        files.push(...(await this.#part(`${fingerprint} ${name} ${side}`, change, before, key)).files);
      }
      if (files.length > 0) parts.push({ files, places: key.map((_, index) => index), isCounted: isOwn });
    }
    for (const pattern of way.type === "keys" ? way.files : []) {
      const names = namesOf(this.#context, node, isNew);
      const calls = engine.readerCalls(ownSql(this.#work), names);
      for (const { sql } of calls.filter(({ paths }) => paths.includes(pattern)).slice(0, 1)) {
        const columns = this.#state.keys?.columns.get(pattern) ?? [];
        const change: KeyChange = { type: "query", scope, sql, columns, side: "after" };
        parts.push({
          ...(await this.#part(`${fingerprint} ${pattern}`, change, before, key)),
          isCounted: true,
        });
      }
    }
    const counted = [...parts.filter((part) => part.isCounted), ...delivered];
    return { parts, counted: isExact ? undefined : counted };
  }

  /** Where a parent was computed by keys in this run, from what this dataset was computed from before. */
  #knownKeys(
    was: Manifest,
    is: Manifest,
    columns: readonly string[],
  ): Omit<KeyPart, "isCounted"> | undefined {
    const key = is.key.map((name) => name.toLowerCase());
    const places = columns.map((column) => key.indexOf(column.toLowerCase()));
    const isWhole = places.length === key.length && !places.includes(-1);
    const file = isWhole ? this.#context.changes.find(keysName(was, is.fingerprint)) : undefined;
    return file === undefined ? undefined : { files: [file], places };
  }

  /** Rows of this delivery for a key or a partition that was published before, where all of it is computed. */
  async #lateOfWhole(
    before: Manifest | undefined,
    columns: MaterializedOutput["columns"],
  ): Promise<Increment["late"]> {
    if (before === undefined) return NONE_LATE;
    const { option, rows, keys } = this.#state;
    const by = option === "by_partition" ? this.#work.cell.options.partitionBy : this.#work.cell.options.key;
    const isComparable = [before.columns, columns].every(
      (present) => commonKey(by, { columns: present }).length > 0,
    );
    if (!isComparable) return NONE_LATE;
    if (rows?.type === "files") {
      const part = await this.#deliveredPart(before, this.#work, await this.#scope(), by);
      return this.#countLate(before, part === undefined ? [] : [part]);
    }
    const single = rows?.type === "relation" ? [rows.name] : [];
    const relations = option === "by_partition" ? single : [...(keys?.columns.keys() ?? [])];
    const versions = new Map(before.parents.map(({ dataset, version }) => [dataset, version]));
    const changed = relations.filter(
      (relation) =>
        versions.get(bareName(relation)) !== versionOf(this.#context, this.#work.results, relation),
    );
    const parts: KeyPart[] = [];
    for (const relation of changed) {
      const part = await this.#deliveredOf(before, relation);
      if (part !== undefined) parts.push(part);
    }
    return this.#withGathered(before, changed, await this.#countLate(before, parts));
  }

  async #lateOf(
    before: Manifest,
    way: Extract<Way, { type: "keys" | "partitions" }>,
    { changed }: FoundKeys,
    counted: readonly KeyPart[] | undefined,
  ): Promise<Increment["late"]> {
    const { known, lateRows, lateKeys } = changed;
    const rows =
      counted === undefined ? { rows: lateRows, keys: lateKeys } : await this.#countLate(before, counted);
    const relations = way.type === "keys" ? way.relations : [way.relation];
    return this.#withGathered(before, relations, rows, known);
  }

  /** `known`: how many of the keys that changed were there. */
  async #withGathered(
    before: Manifest,
    relations: readonly string[],
    late: Increment["late"],
    known = Infinity,
  ): Promise<Increment["late"]> {
    let [gathered, keys, oldest] = [0, late.keys, late.oldest];
    for (const relation of relations) {
      const pair = await versionsOf(this.#context, this.#work.results, before, relation);
      const told = typeof pair === "string" ? undefined : pair[1].cumulative?.increment.late;
      if (told === undefined) continue;
      if (told.oldest !== undefined && (oldest === undefined || told.oldest < oldest)) oldest = told.oldest;
      if (isRowwise(this.#context, relation)) continue;
      // Of rows that were gathered, only what gathered them knows how many came; parents mostly gathered the same.
      gathered = Math.max(gathered, told.rows);
      keys = Math.max(keys, told.keys);
    }
    const rows = late.rows + gathered;
    return {
      rows,
      keys: gathered > 0 ? Math.min(known, keys) : late.keys,
      ...(oldest === undefined || rows === 0 ? {} : { oldest }),
    };
  }

  async #countLate(before: Manifest, parts: readonly KeyPart[]): Promise<Increment["late"]> {
    if (parts.length === 0) return NONE_LATE;
    const { partitionBy, key } = this.#work.cell.options;
    const by = this.#state.option === "by_partition" ? partitionBy : key;
    const file = join(this.#folder, "late.parquet");
    const base = tableOf(this.#context.lake, before);
    const { lateKeys, lateRows, oldest } = await this.#context.engine.changedKeys(
      { parts, base, key: by, file },
      this.#control,
    );
    await rm(file, { force: true });
    return { rows: lateRows, keys: lateKeys, ...(oldest === undefined ? {} : { oldest }) };
  }

  /** Of this run's own delivery, the rows that a parent maps from files; undefined where there are none. */
  async #deliveredOf(before: Manifest, relation: string): Promise<KeyPart | undefined> {
    const own = this.#appended(relation);
    if (own === undefined) return undefined;
    const { cell, node, results } = this.#work;
    const inner = await scopeOfNode(this.#context, own.node, results);
    if (this.#state.option === "by_key")
      return this.#deliveredPart(before, own, inner, this.#state.keys?.columns.get(relation) ?? []);
    const delivered = deliveredSql(this.#context, own, this.#isOwnDelivery);
    if (delivered === undefined) return undefined;
    const scope = withQuery(await this.#scope(), relation, delivered, inner.parameters);
    const sql = withoutOwnSchemas(cell.sql, node.facts);
    const change: KeyChange = { type: "query", scope, sql, columns: cell.options.partitionBy, side: "after" };
    const name = `${this.#work.fingerprint} delivered`;
    return { ...(await this.#part(name, change, before, cell.options.partitionBy)), isCounted: true };
  }

  async #deliveredPart(
    before: Manifest,
    { cell, node }: Pick<CumulativeWork, "cell" | "node">,
    scope: QueryScope,
    columns: readonly string[],
  ): Promise<KeyPart | undefined> {
    const sql = deliveredSql(this.#context, { cell, node }, this.#isOwnDelivery);
    if (sql === undefined) return undefined;
    const { eventTime } = cell.options;
    const change: KeyChange = { type: "query", scope, sql, columns, side: "after", eventTime };
    const { partitionBy, key } = this.#work.cell.options;
    const by = this.#state.option === "by_partition" ? partitionBy : key;
    const part = await this.#part(`${cell.name} delivered`, change, before, by);
    return { ...part, isCounted: true, isTimed: eventTime !== undefined };
  }

  readonly #isOwnDelivery = ({ date }: DeliveredFile): boolean => date === this.#context.record.date;

  /** A parent that adds the rows of its files up, and replaces none. */
  #appended(relation: string): Pick<CumulativeWork, "cell" | "node"> | undefined {
    const node = this.#context.analyzed.graph.nodes.get(relation);
    if (node?.cell.kind !== "sql" || !isCumulative(node.cell)) return undefined;
    const isAppended = node.cell.options.incremental?.mode === "by_partition";
    return isAppended && mapsFiles(this.#context, node) ? { cell: node.cell, node } : undefined;
  }

  async #merge(
    base: readonly PartFile[],
    columns: MaterializedOutput["columns"],
    { added, replaced, touched, late }: FoundRows,
    way: Way,
    exceeds: boolean,
  ): Promise<MergedOutput> {
    const { engine } = this.#context;
    const folder = this.#folder;
    const { cell } = this.#work;
    const fresh = (added?.files ?? []).map(({ path, partition, rows, bytes, contentHash = "" }) => ({
      path: join(folder, path),
      folder: dirname(path),
      partition,
      rows,
      bytes,
      contentHash,
    }));
    const lateBy = late !== undefined ? undefined : way.type === "upsert" ? "key" : "partition";
    return engine.merge(
      {
        base,
        added: fresh,
        columns,
        ...(replaced === undefined ? {} : { replaced }),
        ...(touched === undefined ? {} : { touched }),
        key: cell.options.key,
        ...(lateBy === undefined ? {} : { lateBy }),
        eventTime: cell.options.eventTime,
        folder,
        dataset: cell.name,
        formats: cell.options.materialize,
        partitionBy: cell.options.partitionBy,
        metadata: this.#metadata(),
        maxTouched: MAX_TOUCHED,
        exceeds,
      },
      this.#control,
    );
  }

  async #link(before: Manifest, kept: readonly PartFile[]): Promise<DraftFile[]> {
    const byPath = new Map(
      before.files.map((file) => [join(this.#folderOf(before), file.path), file] as const),
    );
    const files: DraftFile[] = [];
    for (const { path } of kept) {
      const file = byPath.get(path);
      if (file === undefined) throw new Error(`unreachable: "${path}" is no file of the version before`);
      await mkdir(dirname(join(this.#folder, file.path)), { recursive: true });
      await linkOrCopy(path, join(this.#folder, file.path));
      files.push({ ...file, partition: [...file.partition] });
    }
    return files;
  }

  async #materialize(
    sql: string,
    scope: QueryScope,
    formats: SqlCell["options"]["materialize"],
    isWhole: boolean,
  ): Promise<MaterializedOutput> {
    const { cell, node } = this.#work;
    const scans = namesOf(this.#context, node, () => true).flatMap(({ reference, all }) =>
      isWhole && all.length > 1 ? [{ name: reference.path, files: all }] : [],
    );
    return this.#context.engine.materialize(
      {
        scope,
        sql,
        metadata: this.#metadata(),
        folder: this.#folder,
        dataset: cell.name,
        formats,
        partitionBy: cell.options.partitionBy,
        isOrdered: false,
        scans,
        inputBytes: bytesOf(this.#context, node),
      },
      this.#control,
    );
  }

  async #compare(
    before: Manifest | undefined,
    output: MaterializedOutput,
    only: KeyFile | undefined,
  ): Promise<Increment["rows"]> {
    if (before === undefined) return { added: output.rows, changed: 0, removed: 0 };
    const files = output.files.flatMap((file) =>
      file.format === "parquet" ? [join(this.#folder, file.path)] : [],
    );
    const after = { files, columns: output.columns };
    const key = commonKey(this.#work.cell.options.key, before);
    return this.#context.engine.countChanges(
      {
        before: tableOf(this.#context.lake, before),
        after,
        key,
        ...(only === undefined ? {} : { only }),
      },
      this.#control,
    );
  }

  /** Deliveries are told apart: by an upsert, and by what is too late for its own. */
  #isByDelivery(): boolean {
    const { option, rows } = this.#state;
    const isTimely = this.#work.cell.options.allowedLatenessMs !== undefined;
    return rows?.type === "files" && (option === "by_key" || isTimely);
  }

  /** Relations of which only rows with one of the keys are wanted. */
  #restrict(scope: QueryScope, keys: KeyFile): QueryScope {
    const columns = this.#state.keys?.columns ?? new Map<string, readonly string[]>();
    const relations = scope.relations.map((relation) => {
      const name =
        relation.type === "files" && relation.schema !== undefined
          ? `${relation.schema}.${relation.name}`
          : relation.name;
      const own = columns.get(name);
      return relation.type === "files" && own !== undefined
        ? { ...relation, only: { ...keys, columns: own } }
        : relation;
    });
    return { ...scope, relations };
  }

  #scanned(
    counted: Readonly<Record<string, number>>,
    isWanted: (file: DeliveredFile) => boolean,
    earlier: Readonly<Record<string, number>>,
  ): Record<string, number> {
    const { inputs } = this.#context;
    const totals: Record<string, number> = {};
    for (const [pattern, files] of inputs.delivered) {
      if (!this.#state.patterns.has(pattern)) continue;
      const wanted = files.filter(isWanted);
      const counts = wanted.map((file) => counted[deliveredPath(file)]);
      const before = wanted.length === files.length ? 0 : earlier[pattern];
      const sum =
        counted[pattern] ??
        counts.reduce<number | undefined>(
          (total, count) => (total === undefined || count === undefined ? undefined : total + count),
          0,
        );
      if (sum !== undefined && before !== undefined) totals[pattern] = before + sum;
    }
    return totals;
  }

  #record(before: Manifest | undefined, increment: Omit<Increment, "deliveries">): Cumulative {
    const { logic, files, sources } = this.#state;
    return {
      logic,
      files,
      sources,
      ...(before === undefined ? {} : { base: before.version }),
      increment: { ...increment, deliveries: this.#context.inputs.deliveries.length },
    };
  }

  #partFiles(before: Manifest): PartFile[] | undefined {
    const folder = this.#folderOf(before);
    const files = before.files.filter(({ format }) => format === "parquet");
    if (files.some(({ contentHash }) => contentHash === undefined)) return undefined;
    return files.map(({ path, partition, rows, bytes, contentHash = "" }) => ({
      path: join(folder, path),
      folder: dirname(path),
      partition,
      rows,
      bytes,
      contentHash,
    }));
  }

  #folderOf({ dataset, version }: Manifest): string {
    return this.#context.lake.versionFolder(dataset, version);
  }

  #scope(): Promise<QueryScope> {
    return scopeOfNode(this.#context, this.#work.node, this.#work.results);
  }

  #metadata(): Record<string, string> {
    const { record } = this.#context;
    return {
      lakebook_notebook: record.notebook,
      lakebook_run: record.id,
      lakebook_fingerprint: this.#work.fingerprint,
    };
  }
}

const NONE_LATE = { rows: 0, keys: 0 };

/** Whether the one holds what the other did, and the rows of one more delivery. */
function isGoneOnFrom(was: Manifest, { cumulative }: Manifest): boolean {
  return cumulative?.increment.mode !== "full" && cumulative?.base === was.version;
}

interface FoundChanges {
  readonly parts: readonly KeyPart[];
  /** What rows of this delivery are counted by; undefined: `parts`. */
  readonly counted: readonly KeyPart[] | undefined;
}

interface FoundKeys {
  readonly changed: ChangedKeys;
  readonly replaced: KeyFile;
  /** Files of the version before that hold one of the keys. */
  readonly touched: readonly string[];
}

/** What a run calls the keys that a dataset of that fingerprint was computed for, going on from a version. */
function keysName(base: Manifest, fingerprint: string): string {
  return `keys ${base.dataset} ${base.version} ${fingerprint}`;
}

function touchedReason(touched: number, partitions: number): string {
  return `${String(touched)} of ${String(partitions)} partitions are touched`;
}

interface FoundRows extends Partial<FoundKeys> {
  /** Absent: no row can be there. */
  readonly added?: MaterializedOutput;
  /** Absent: the merge tells. */
  readonly late?: Increment["late"];
}

/** None where the version before lacks a part of it. */
export function commonKey(
  key: readonly string[],
  { columns }: { readonly columns: readonly { readonly name: string }[] },
): readonly string[] {
  return key.every((name) => columns.some((column) => foldCase(column.name) === foldCase(name))) ? key : [];
}

function isUnchanged({ counts, partitions }: MergedOutput): boolean {
  return counts.added + counts.changed + counts.removed === 0 && partitions.removed === 0;
}

function withFiles(scope: QueryScope, relation: string, { files }: StoredTable): QueryScope {
  const relations = scope.relations.map((other) =>
    other.type === "files" && other.name === relation && other.schema === undefined
      ? { ...other, files }
      : other,
  );
  return { ...scope, relations };
}

function bytesOf(context: RunContext, node: GraphNode): number {
  return deliveredOf(context, node).reduce((sum, { input }) => sum + input.bytes, 0);
}

export function draftFiles({ files }: MaterializedOutput): DraftFile[] {
  return files.flatMap(({ format, partition, contentHash, ...file }): VersionDraft["files"][number][] => {
    if (format === "table") return [];
    const hash = contentHash === undefined ? {} : { contentHash };
    return [{ ...file, format, partition: [...partition], ...hash }];
  });
}
