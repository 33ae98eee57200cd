import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { BoundedCache } from "../base/bounded-cache.js";
import { isAppError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import type { Engine, TaskControl } from "../engine/engine.js";
import type { KeyChange, KeyPart } from "../engine/increment.js";
import { withKind } from "../engine/type-names.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { CumulativeState, Way } from "../incremental/choose-way.js";
import type { Manifest } from "../lake/model.js";
import type { SqlCell } from "../notebook/notebook.js";
import type { Touched } from "../text/describe-touched.js";
import { foldCase } from "../text/sql-names.js";
import type { CellResult } from "./cell-result.js";
import { deliveredSql, isNewSince } from "./delivered-query.js";
import { partitionsOf } from "./partition-changes.js";
import { scopeOfNode } from "./query-scope.js";
import { differingTables, hasSameColumns, tableOf, versionBefore, versionsOf } from "./read-versions.js";
import type { RunContext } from "./run-context.js";
import { createInputView } from "./run-inputs.js";

/** Each file is shown to the query, also those that it does not read. */
const MAX_FILES = 2000;

/** A dataset that would be computed in part, going on from a version. */
export interface PartialCell {
  readonly cell: SqlCell;
  readonly node: GraphNode;
  readonly before: Manifest;
  readonly state: CumulativeState;
  readonly way: Exclude<Way, { type: "full" }>;
  /** Of what it reads; of parents that run first, the last version, which only tells the columns. */
  readonly results: ReadonlyMap<string, CellResult>;
  readonly moving: readonly string[];
}

interface Keys {
  /** Of what they come from: equal content, equal keys. */
  readonly content: string;
  readonly columns: readonly string[];
  readonly isAtMost: boolean;
  /** Writes them as a file, once. */
  readonly counted: () => Promise<Counted>;
}

interface Counted {
  readonly touched: Touched;
  readonly file: string;
}

const known = new WeakMap<Engine, BoundedCache<Touched>>();

/**
 * Counts what a run would touch, by the keys of what was delivered, before anything is computed. What takes too long or
 * cannot be told is left out.
 */
export class TouchedCounter {
  readonly #context: RunContext;
  readonly #limitMs: number;
  readonly #folder: string;
  /** Cells often ask for the same. */
  readonly #parts = new Map<string, Promise<readonly KeyPart[]>>();
  #signal: AbortSignal | undefined;
  /** Those that were asked for before. */
  readonly #parents = new Map<string, { readonly partial: PartialCell; readonly keys: Keys }>();
  #shown: Promise<RunContext> | undefined;

  /** `limitMs`: for all cells together. */
  constructor(context: RunContext, limitMs: number) {
    this.#context = context;
    this.#limitMs = limitMs;
    this.#folder = join(context.lake.paths.tmp, `forecast-${randomUUID()}`);
  }

  async count(partial: PartialCell): Promise<Touched | undefined> {
    const { lake, engine } = this.#context;
    const files = [...this.#context.inputs.delivered.values()].flat().length;
    if (!lake.isWriter || files > MAX_FILES) return undefined;
    try {
      const keys = await this.#keysOf(partial);
      if (keys === undefined) return undefined;
      this.#parents.set(partial.cell.name, { partial, keys });
      const cache = known.get(engine) ?? new BoundedCache(1000, 1_000_000);
      known.set(engine, cache);
      const touched = cache.get(keys.content) ?? (await keys.counted()).touched;
      cache.set(keys.content, touched);
      return touched;
    } catch (error) {
      // The run says what is wrong; here, only counts are missing.
      if (isAppError(error)) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#shown === undefined) return;
    await this.#shown.catch(() => undefined);
    // What a query that was stopped still writes goes when the lake is opened the next time.
    await this.#context.lake.leases.remove(this.#folder).catch(() => undefined);
  }

  /** Undefined where what runs first does not tell them. */
  async #keysOf(partial: PartialCell): Promise<Keys | undefined> {
    const { cell, before, way, state } = partial;
    const { partitionBy, key } = cell.options;
    const columns = way.type === "append" || way.type === "partitions" ? partitionBy : key;
    const sources = await this.#sourcesOf(partial, columns);
    if (sources === undefined) return undefined;
    const isAtMost = sources.some((source) => source.isAtMost);
    const content = hashOf([
      before.version,
      state.logic,
      way.type,
      state.files,
      sources.map((source) => source.content),
      isAtMost,
    ]);
    let made: Promise<Counted> | undefined;
    const counted = (): Promise<Counted> => (made ??= this.#countKeys(partial, columns, sources, isAtMost));
    return { content, columns, isAtMost, counted };
  }

  async #countKeys(
    { before, way }: PartialCell,
    key: readonly string[],
    sources: readonly Source[],
    isAtMost: boolean,
  ): Promise<Counted> {
    const { lake, engine } = this.#context;
    await this.#show();
    const types = key.map((name) => before.columns.find((column) => isSame(column.name, name))?.type ?? "");
    const parts: KeyPart[] = [];
    for (const source of sources) parts.push(...(await source.make(types)));
    const base = tableOf(lake, before);
    const file = this.#newFile();
    await engine.uniteKeys({ parts, types, file }, this.#control());
    const { keys } = await engine.countKeys(file, key.length, this.#control());
    const { known: there, touched } = await engine.changedKeys({ file, base, key }, this.#control());
    const share = { touched: there, added: keys - there };
    const partitions = partitionsOf(before).size;
    if (way.type === "append" || way.type === "partitions")
      return { file, touched: { partitions: { ...share, of: partitions } } };
    const paths = touched.map((index) => base.files[index]);
    const folder = lake.versionFolder(before.dataset, before.version);
    const files = before.files.filter(({ path }) => paths.includes(join(folder, path)));
    const written = partitionsOf({ files, partitionBy: before.partitionBy }).size;
    return {
      file,
      touched: {
        keys: { ...share, of: before.rows },
        ...(before.partitionBy.length === 0 ? {} : { partitions: { touched: written, of: partitions } }),
        ...(isAtMost ? { isAtMost } : {}),
      },
    };
  }

  async #sourcesOf(partial: PartialCell, key: readonly string[]): Promise<readonly Source[] | undefined> {
    const { way, state, before } = partial;
    if (way.type === "append" || way.type === "upsert") return [this.#delivered(partial, before, key)];
    if (way.type === "keys" && way.files.length > 0) return undefined;
    const relations = way.type === "keys" ? way.relations : [way.relation];
    const sources: Source[] = [];
    for (const relation of relations) {
      const columns = way.type === "keys" ? (state.keys?.columns.get(relation) ?? []) : key;
      const source = partial.moving.includes(relation)
        ? await this.#movingSource(partial, relation, columns)
        : way.type === "keys"
          ? await this.#storedSource(partial, relation, columns)
          : undefined;
      if (source === undefined) return undefined;
      sources.push(source);
    }
    return sources;
  }

  /** Of a parent that runs first. */
  async #movingSource(
    { before, way }: PartialCell,
    relation: string,
    columns: readonly string[],
  ): Promise<Source | undefined> {
    const parent = this.#parents.get(relation);
    if (parent === undefined || way.type !== "keys") return undefined;
    const { partial, keys } = parent;
    const was = await versionBefore(this.#context, before, relation);
    if (typeof was === "string") return undefined;
    if (partial.way.type === "append") return this.#delivered(partial, was, columns);
    const places = columns.map((column) => keys.columns.findIndex((name) => isSame(name, column)));
    // Rows that go may have other values there than those that come.
    if (places.includes(-1) || was.version !== partial.before.version) return undefined;
    const make = async (): Promise<KeyPart[]> => [
      { files: [(await keys.counted()).file], places, isCounted: false },
    ];
    return { content: keys.content, isAtMost: true, make };
  }

  /** Of a parent that is there already. */
  async #storedSource(
    { before, results }: PartialCell,
    relation: string,
    columns: readonly string[],
  ): Promise<Source | undefined> {
    const { lake } = this.#context;
    const pair = await versionsOf(this.#context, results, before, relation);
    if (typeof pair === "string") return undefined;
    const [was, is] = pair;
    if (!hasSameColumns(was.columns.map(withKind), is.columns.map(withKind))) return undefined;
    const { old, now } = differingTables(lake, was, is);
    const change: KeyChange = { type: "stored", before: old, after: now, columns };
    return this.#source([was.version, is.version, columns], () => Promise.resolve(change));
  }

  /** Of rows that were delivered since a version. */
  #delivered(
    { cell, node, state, results }: PartialCell,
    since: Manifest,
    columns: readonly string[],
  ): Source {
    const content = [cell.name, state.logic, state.files, since.version, columns];
    return this.#source(content, async () => {
      const shown = await this.#show();
      const sql = deliveredSql(shown, { cell, node }, isNewSince(since));
      if (sql === undefined) return undefined;
      return { type: "query", scope: await scopeOfNode(shown, node, results), sql, columns, side: "after" };
    });
  }

  #source(content: unknown, change: () => Promise<KeyChange | undefined>): Source {
    const write = async (types: readonly string[]): Promise<KeyPart[]> => {
      const found = await change();
      if (found === undefined) return [];
      const file = this.#newFile();
      await this.#context.engine.keyChange({ change: found, types, file }, this.#control());
      return [{ files: [file], places: types.map((_, index) => index), isCounted: false }];
    };
    const make = (types: readonly string[]): Promise<readonly KeyPart[]> => {
      const name = hashOf([content, types]);
      const part = this.#parts.get(name) ?? write(types);
      this.#parts.set(name, part);
      return part;
    };
    return { content: hashOf(content), isAtMost: false, make };
  }

  #control(): TaskControl {
    this.#signal ??= AbortSignal.timeout(this.#limitMs);
    return { label: "forecast", signal: this.#signal };
  }

  #newFile(): string {
    return join(this.#folder, `${randomUUID()}.parquet`);
  }

  /** The context with the input in the folder. */
  #show(): Promise<RunContext> {
    const { workspace, lake, inputs } = this.#context;
    return (this.#shown ??= (async () => {
      await mkdir(this.#folder, { recursive: true });
      const view = await createInputView(workspace, lake, join(this.#folder, "input"), inputs);
      return { ...this.#context, view };
    })());
  }
}

interface Source {
  readonly content: string;
  readonly isAtMost: boolean;
  /** `types`: of the key. */
  readonly make: (types: readonly string[]) => Promise<readonly KeyPart[]>;
}

function isSame(a: string, b: string): boolean {
  return foldCase(a) === foldCase(b);
}
