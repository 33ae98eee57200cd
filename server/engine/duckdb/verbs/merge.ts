import { randomUUID } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { freeName } from "../../../text/free-name.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { KnownKeys, LateRows, MergedOutput, MergeTask, PartFile, RowCounts } from "../../increment.js";
import { hasKey, keyColumn, knownKeysSql, OLDEST, toKnownKeys } from "../key-sql.js";
import { rowHash } from "../row-hash.js";
import { readFiles } from "../scope-sql.js";
import { TaskError } from "../tasks-error.js";
import { withScope, type TaskContext } from "../worker/tasks-scope.js";
import type { WorkerInstance } from "../worker/worker-instance.js";
import { hashContent } from "./materialize.js";
import { exportOptions, withoutNan } from "./materialize-export.js";

/** An unpartitioned dataset of so few rows is written as one file each time. */
const FEW_ROWS = 200_000;
/** So many files of an unpartitioned dataset are written as one again. */
const MANY_FILES = 32;

/** Puts the rows of before and of now together, and writes again only what has other rows now. */
export function runMergeTask(task: MergeTask, context: TaskContext): Promise<MergedOutput> {
  const relation = (name: string, files: readonly PartFile[]) =>
    ({ type: "files", name, files: files.map(({ path }) => path), columns: task.columns }) as const;
  const relations = [relation("base", task.base), relation("added", task.added)];
  const scope = {
    root: task.folder,
    readable: task.replaced === undefined ? [] : [dirname(task.replaced.file)],
    relations: relations.filter(({ files }) => files.length > 0),
    parameters: [],
  };
  return withScope(context, scope, { writable: [task.folder] }, ({ instance }) =>
    new Merge(task, instance).run(),
  );
}

/** Files that become one, or one that stays. */
interface Group {
  readonly folder: string;
  readonly partition: PartFile["partition"];
  readonly base: readonly PartFile[];
  readonly added: readonly PartFile[];
}

type MergedFile = MergedOutput["files"][number];

/** Keys and hashes of the rows of the base that go, and the file of each. */
const GONE = '"lakebook gone"';

class Merge {
  readonly #task: MergeTask;
  readonly #instance: WorkerInstance;
  readonly #base: readonly PartFile[];
  readonly #added: readonly PartFile[];
  /** Of a file of the base, the rows that go. */
  readonly #gone = new Map<string, { readonly rows: number; readonly hashSum: bigint }>();

  constructor(task: MergeTask, instance: WorkerInstance) {
    this.#task = task;
    this.#instance = instance;
    // A dataset without rows has a file for its columns only.
    this.#base = task.base.filter(({ rows }) => rows > 0);
    this.#added = task.added.filter(({ rows }) => rows > 0);
  }

  async run(): Promise<MergedOutput> {
    const isFound = this.#task.replaced !== undefined && this.#task.touched === undefined;
    if (isFound) await this.#gatherGone(this.#base);
    const known = isFound ? await this.#known() : undefined;
    const touched = this.#touched(isFound ? [...this.#gone.keys()] : this.#task.touched);
    const late = await this.#late();
    const excess = this.#excess(touched);
    const told = { late, ...(known === undefined ? {} : { known }) };
    if (excess !== undefined && !this.#task.exceeds) return { ...nothing, ...told, excess };
    if (!isFound) await this.#gatherGone([...touched]);
    const counts = await this.#count();
    const files = await this.#write(this.#groups(touched));
    const kept = this.#base.filter((file) => !touched.has(file));
    if (files.length + kept.length === 0) files.push(await this.#writeEmpty());
    for (const file of this.#task.added)
      if (!files.some(({ path }) => join(this.#task.folder, path) === file.path)) await rm(file.path);
    const all = [...files, ...kept];
    const rows = all.reduce((sum, file) => sum + file.rows, 0);
    const hashSum = all.reduce((sum, file) => sum + hashSumOf(file), 0n);
    const paths = [
      ...files.map(({ path }) => join(this.#task.folder, path)),
      ...kept.map(({ path }) => path),
    ];
    for (const format of this.#task.formats)
      if (format !== "parquet") files.push(await this.#export(format, paths, rows));
    return {
      ...told,
      counts,
      files,
      kept,
      rows,
      contentHash: hashContent(this.#task.columns, rows, hashSum),
      partitions: this.#partitions(
        files.filter(({ format }) => format === "parquet"),
        kept,
      ),
      ...(excess === undefined ? {} : { excess }),
    };
  }

  /** Files of the base that have other rows now; `losing`: that lose some. */
  #touched(losing: readonly string[] = []): ReadonlySet<PartFile> {
    const { replaced, partitionBy } = this.#task;
    const touched = new Set<PartFile>();
    const withRows = new Set(this.#added.map(partitionKey));
    if (partitionBy.length > 0) {
      for (const file of this.#base) if (withRows.has(partitionKey(file))) touched.add(file);
    } else if (this.#isOneFile()) {
      return new Set(this.#base);
    }
    if (replaced === undefined) return touched;
    const paths = new Set(losing);
    for (const part of this.#base) if (paths.has(part.path)) touched.add(part);
    // A partition has one file.
    const partitions = new Set([...touched].map(partitionKey));
    if (partitionBy.length > 0)
      for (const part of this.#base) if (partitions.has(partitionKey(part))) touched.add(part);
    return touched;
  }

  #isOneFile(): boolean {
    const rows = [...this.#base, ...this.#added].reduce((sum, file) => sum + file.rows, 0);
    return this.#added.length > 0 || this.#task.replaced !== undefined
      ? rows <= FEW_ROWS || this.#base.length >= MANY_FILES
      : false;
  }

  #excess(touched: ReadonlySet<PartFile>): MergedOutput["excess"] {
    if (this.#task.partitionBy.length === 0) return undefined;
    const partitions = new Set(this.#base.map(partitionKey)).size;
    const count = new Set([...touched].map(partitionKey)).size;
    return partitions > 0 && count / partitions > this.#task.maxTouched
      ? { touched: count, partitions }
      : undefined;
  }

  #groups(touched: ReadonlySet<PartFile>): Group[] {
    const { partitionBy } = this.#task;
    if (partitionBy.length === 0) {
      if (this.#isOneFile())
        return [{ folder: "parquet", partition: [], base: this.#base, added: this.#added }];
      const rewritten = [...touched].map((file) => ({
        folder: "parquet",
        partition: [],
        base: [file],
        added: [],
      }));
      const fresh = this.#added.map((file) => ({
        folder: "parquet",
        partition: [],
        base: [],
        added: [file],
      }));
      return [...rewritten, ...fresh];
    }
    const groups = new Map<string, { base: PartFile[]; added: PartFile[] }>();
    const groupOf = (file: PartFile): { base: PartFile[]; added: PartFile[] } => {
      const group = groups.get(partitionKey(file)) ?? { base: [], added: [] };
      groups.set(partitionKey(file), group);
      return group;
    };
    for (const file of this.#base) if (touched.has(file)) groupOf(file).base.push(file);
    for (const file of this.#added) groupOf(file).added.push(file);
    return [...groups.values()].map(({ base, added }) => {
      const [first] = [...added, ...base];
      return { folder: first?.folder ?? "parquet", partition: first?.partition ?? [], base, added };
    });
  }

  /** Groups of which no row is left have no file. */
  async #write(groups: readonly Group[]): Promise<MergedFile[]> {
    const files: MergedFile[] = [];
    const open: { readonly file: MergedFile; readonly rows: string }[] = [];
    for (const { folder, partition, base, added } of groups) {
      const [only, ...others] = added;
      if (only !== undefined && base.length === 0 && others.length === 0) {
        files.push({ ...only, path: `${only.folder}/${basename(only.path)}`, format: "parquet" });
        continue;
      }
      const sides = [...base, ...added];
      const gone = base.map(({ path }) => this.#gone.get(path) ?? { rows: 0, hashSum: 0n });
      const rows = sum(sides.map((file) => file.rows)) - sum(gone.map((file) => file.rows));
      if (rows === 0) continue;
      const hashSum =
        sides.reduce((total, file) => total + hashSumOf(file), 0n) -
        gone.reduce((total, file) => total + file.hashSum, 0n);
      const file = await this.#newFile(folder, partition, rows, hashSum);
      const queries = [
        ...(base.length === 0 ? [] : [`${this.#read(base)} WHERE ${this.#stays()}`]),
        ...(added.length === 0 ? [] : [this.#read(added)]),
      ];
      open.push({ file, rows: queries.join(" UNION ALL ") });
    }
    const copies = open.map(({ file, rows }) => this.#copy(rows, file));
    // Alone, it is asked how far it is.
    const stats =
      copies.length === 1
        ? [await this.#instance.rows(copies[0] ?? "")]
        : await Promise.all(
            (await this.#instance.runOwnAtOnce(copies)).map((result) => result.getRowsJson()),
          );
    for (const [index, { file }] of open.entries()) files.push(written(file, stats[index]?.[0]));
    return files;
  }

  async #writeEmpty(): Promise<MergedFile> {
    const rows = `${this.#read([...this.#task.added, ...this.#task.base])} LIMIT 0`;
    const file = await this.#newFile("parquet", [], 0, 0n);
    const [stats] = await this.#instance.rows(this.#copy(rows, file));
    return written(file, stats);
  }

  async #newFile(
    folder: string,
    partition: PartFile["partition"],
    rows: number,
    hashSum: bigint,
  ): Promise<MergedFile> {
    await mkdir(join(this.#task.folder, folder), { recursive: true });
    const path = `${folder}/part-${randomUUID()}.parquet`;
    const contentHash = `${String(rows)}:${String(hashSum)}`;
    return { path, folder, partition, format: "parquet", rows, bytes: 0, contentHash };
  }

  #copy(rows: string, { path }: MergedFile): string {
    const metadata = Object.entries(this.#task.metadata).map(
      ([key, value]) => `${quoteIdentifier(key)}: ${quoteLiteral(value)}`,
    );
    const options = `FORMAT parquet, COMPRESSION zstd, RETURN_STATS, KV_METADATA {${metadata.join(", ")}}`;
    return `COPY (${rows}) TO ${quoteLiteral(join(this.#task.folder, path))} (${options})`;
  }

  async #export(
    format: "csv" | "json",
    paths: readonly string[],
    rows: number,
  ): Promise<MergedOutput["files"][number]> {
    const path = `${this.#task.dataset}.${format}`;
    const target = join(this.#task.folder, path);
    const all = readFiles(paths, this.#task.columns);
    const source = format === "json" ? withoutNan(all, this.#task.columns) : all;
    await this.#instance.run(`COPY (${source}) TO ${quoteLiteral(target)} (${exportOptions[format]})`);
    return {
      path,
      folder: "",
      partition: [],
      format,
      rows,
      bytes: (await stat(target)).size,
      contentHash: "",
    };
  }

  /**
   * Reads the rows of the base that go, once: they are counted, and what stays is known by them without being read
   * again.
   */
  async #gatherGone(touched: readonly PartFile[]): Promise<void> {
    const { replaced, columns } = this.#task;
    if (replaced === undefined || touched.length === 0) return;
    const names = new Set(columns.map(({ name }) => name.toLowerCase()));
    const file = freeName("lakebook file", (name) => names.has(name));
    const rows = readFiles(
      touched.map(({ path }) => path),
      columns,
      file,
    );
    await this.#instance.runOwn(
      `CREATE TEMP TABLE ${GONE} AS SELECT ${quoteIdentifier(file)} AS f, ${this.#counted()} FROM (${rows}) AS "lakebook old" WHERE ${hasKey(replaced)}`,
    );
    for (const [path, count, hashSum] of await this.#instance.rows(
      `SELECT f, count(*), sum(h) FROM ${GONE} GROUP BY f`,
    ))
      this.#gone.set(String(path), { rows: Number(count), hashSum: BigInt(String(hashSum)) });
  }

  /** What the rows that go tell of the keys; rows are matched by them. */
  async #known(): Promise<KnownKeys> {
    const { replaced, key } = this.#task;
    if (replaced === undefined || this.#gone.size === 0) return { known: 0, lateKeys: 0, lateRows: 0 };
    const names = key.map((_, index) => keyColumn(index)).join(", ");
    const matches = this.#matched().map(
      (name, index) => `g.${name} IS NOT DISTINCT FROM ${keyColumn(index)}`,
    );
    const known = `(SELECT DISTINCT ${names}, n, ${OLDEST} FROM read_parquet(${quoteLiteral(replaced.file)}, hive_partitioning = false)
      JOIN ${GONE} g ON ${matches.join(" AND ")})`;
    const [row = []] = await this.#instance.rows(knownKeysSql(known));
    return toKnownKeys(row);
  }

  /** What rows are matched by, and their hash. */
  #counted(): string {
    const { key, columns } = this.#task;
    const hash = rowHash(columns);
    const keys = this.#matched().map(
      (name, index) => `${key.length > 0 ? quoteIdentifier(key[index] ?? "") : hash} AS ${name}`,
    );
    return [...keys, `${hash} AS h`].join(", ");
  }

  #matched(): string[] {
    return Array.from({ length: Math.max(1, this.#task.key.length) }, (_, index) => `k${String(index)}`);
  }

  async #count(): Promise<RowCounts> {
    const { replaced, key } = this.#task;
    const all = sum(this.#added.map(({ rows }) => rows));
    if (replaced === undefined) return { added: all, changed: 0, removed: 0 };
    const keys = this.#matched();
    const grouped = (rows: string): string =>
      `(SELECT ${keys.join(", ")}, count(*) AS n, sum(h) AS h FROM ${rows} GROUP BY ${keys.join(", ")})`;
    const now = `SELECT ${this.#counted()} FROM (${this.#added.length === 0 ? this.#none() : this.#read(this.#added)})`;
    const old = this.#gone.size === 0 ? `(${now} WHERE false)` : GONE;
    const sides = `${grouped(old)} o FULL JOIN ${grouped(`(${now})`)} w
      ON ${keys.map((name) => `o.${name} IS NOT DISTINCT FROM w.${name}`).join(" AND ")}`;
    const counts =
      key.length > 0
        ? `count(*) FILTER (o.n IS NULL), count(*) FILTER (o.n <> w.n OR o.h <> w.h), count(*) FILTER (w.n IS NULL)`
        : `sum(greatest(coalesce(w.n, 0) - coalesce(o.n, 0), 0)), 0, sum(greatest(coalesce(o.n, 0) - coalesce(w.n, 0), 0))`;
    const [[added, changed, removed] = []] = await this.#instance.rows(`SELECT ${counts} FROM ${sides}`);
    return { added: Number(added ?? 0), changed: Number(changed ?? 0), removed: Number(removed ?? 0) };
  }

  async #late(): Promise<LateRows> {
    const { lateBy, key, eventTime } = this.#task;
    if (lateBy === undefined || this.#base.length === 0 || this.#added.length === 0)
      return { rows: 0, keys: 0 };
    const known = new Set(this.#base.map(partitionKey));
    const late = lateBy === "key" ? this.#added : this.#added.filter((file) => known.has(partitionKey(file)));
    if (late.length === 0) return { rows: 0, keys: 0 };
    const names = key.map(quoteIdentifier).join(", ");
    const matches = key.map(
      (name) => `b.${quoteIdentifier(name)} IS NOT DISTINCT FROM a.${quoteIdentifier(name)}`,
    );
    const where =
      lateBy === "key"
        ? ` WHERE EXISTS (FROM (${this.#read(this.#base)}) b WHERE ${matches.join(" AND ")})`
        : "";
    const keys =
      key.length === 0 ? String(new Set(late.map(partitionKey)).size) : `count(DISTINCT (${names}))`;
    const oldest = eventTime === undefined ? "NULL" : `CAST(min(${quoteIdentifier(eventTime)}) AS VARCHAR)`;
    const [[rows, count, least] = []] = await this.#instance.rows(
      `SELECT count(*), ${keys}, ${oldest} FROM (${this.#read(late)}) a${where}`,
    );
    const told = typeof least === "string" && Number(rows) > 0 ? { oldest: least } : {};
    return { rows: Number(rows ?? 0), keys: Number(rows) === 0 ? 0 : Number(count ?? 0), ...told };
  }

  #partitions(
    files: readonly Omit<PartFile, "path">[],
    kept: readonly PartFile[],
  ): MergedOutput["partitions"] {
    const written = new Set(files.map(partitionKey));
    const linked = new Set(kept.map(partitionKey).filter((key) => !written.has(key)));
    const gone = new Set(this.#base.map(partitionKey).filter((key) => !written.has(key) && !linked.has(key)));
    return { written: written.size, linked: linked.size, removed: gone.size };
  }

  #isReplaced(): string {
    const { replaced } = this.#task;
    return replaced === undefined ? "false" : hasKey(replaced);
  }

  #stays(): string {
    return `(${this.#isReplaced()}) IS NOT TRUE`;
  }

  #read(files: readonly PartFile[]): string {
    const rows = readFiles(
      files.map(({ path }) => path),
      this.#task.columns,
    );
    return `SELECT * FROM (${rows}) AS "lakebook old"`;
  }

  #none(): string {
    return `${this.#read([...this.#task.base, ...this.#task.added])} WHERE false`;
  }
}

const nothing: Omit<MergedOutput, "late"> = {
  counts: { added: 0, changed: 0, removed: 0 },
  files: [],
  kept: [],
  rows: 0,
  contentHash: "",
  partitions: { written: 0, linked: 0, removed: 0 },
};

function hashSumOf({ contentHash }: Pick<PartFile, "contentHash">): bigint {
  return BigInt(contentHash.split(":")[1] ?? "0");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** With its size, from what RETURN_STATS told. */
function written(file: MergedFile, [path, rows, bytes]: readonly unknown[] = []): MergedFile {
  if (Number(rows) !== file.rows)
    throw new TaskError("disk", `"${String(path)}" has ${String(rows)} rows, not ${String(file.rows)}`);
  return { ...file, bytes: Number(bytes) };
}

function partitionKey({ partition }: Pick<PartFile, "partition">): string {
  return JSON.stringify(partition);
}
