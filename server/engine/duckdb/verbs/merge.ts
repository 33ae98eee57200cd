import { randomUUID } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { LateRows, MergedOutput, MergeTask, PartFile, RowCounts } from "../../increment.js";
import { hasKey } from "../key-sql.js";
import { rowHash } from "../row-hash.js";
import { readFiles } from "../scope-sql.js";
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

class Merge {
  readonly #task: MergeTask;
  readonly #instance: WorkerInstance;
  readonly #base: readonly PartFile[];
  readonly #added: readonly PartFile[];

  constructor(task: MergeTask, instance: WorkerInstance) {
    this.#task = task;
    this.#instance = instance;
    // A dataset without rows has a file for its columns only.
    this.#base = task.base.filter(({ rows }) => rows > 0);
    this.#added = task.added.filter(({ rows }) => rows > 0);
  }

  async run(): Promise<MergedOutput> {
    const touched = this.#touched();
    const late = await this.#late();
    const rebuild = this.#tooMany(touched);
    if (rebuild !== undefined) return { ...nothing, late, rebuild };
    const counts = await this.#count(touched);
    const groups = this.#groups(touched);
    const files: MergedOutput["files"][number][] = [];
    for (const group of groups) {
      const written = await this.#write(group);
      if (written !== undefined) files.push(written);
    }
    const kept = this.#base.filter((file) => !touched.has(file));
    if (files.length + kept.length === 0) files.push(await this.#writeEmpty());
    for (const file of this.#task.added)
      if (!files.some(({ path }) => join(this.#task.folder, path) === file.path)) await rm(file.path);
    const all = [...files, ...kept];
    const rows = all.reduce((sum, file) => sum + file.rows, 0);
    const hashSum = all.reduce((sum, file) => sum + BigInt(file.contentHash.split(":")[1] ?? "0"), 0n);
    const paths = [
      ...files.map(({ path }) => join(this.#task.folder, path)),
      ...kept.map(({ path }) => path),
    ];
    for (const format of this.#task.formats)
      if (format !== "parquet") files.push(await this.#export(format, paths, rows));
    return {
      late,
      counts,
      files,
      kept,
      rows,
      contentHash: hashContent(this.#task.columns, rows, hashSum),
      partitions: this.#partitions(
        files.filter(({ format }) => format === "parquet"),
        kept,
      ),
    };
  }

  /** Files of the base that have other rows now. */
  #touched(): ReadonlySet<PartFile> {
    const { replaced, partitionBy } = this.#task;
    const touched = new Set<PartFile>();
    const withRows = new Set(this.#added.map(partitionKey));
    if (partitionBy.length > 0) {
      for (const file of this.#base) if (withRows.has(partitionKey(file))) touched.add(file);
    } else if (this.#isOneFile()) {
      return new Set(this.#base);
    }
    if (replaced === undefined) return touched;
    const paths = new Set(this.#task.touched);
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

  #tooMany(touched: ReadonlySet<PartFile>): MergedOutput["rebuild"] {
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

  /** Undefined where no row is left. */
  async #write({
    folder,
    partition,
    base,
    added,
  }: Group): Promise<MergedOutput["files"][number] | undefined> {
    const [only, ...others] = added;
    if (only !== undefined && base.length === 0 && others.length === 0)
      return { ...only, path: `${only.folder}/${basename(only.path)}`, format: "parquet" };
    const rows = [
      ...(base.length === 0 ? [] : [`${this.#read(base)} WHERE ${this.#stays()}`]),
      ...(added.length === 0 ? [] : [this.#read(added)]),
    ].join(" UNION ALL ");
    return this.#copy(rows, folder, partition, true);
  }

  async #writeEmpty(): Promise<MergedOutput["files"][number]> {
    const rows = `${this.#read([...this.#task.added, ...this.#task.base])} LIMIT 0`;
    const written = await this.#copy(rows, "parquet", [], false);
    if (written === undefined) throw new Error("unreachable: a file without rows is written");
    return written;
  }

  async #copy(
    rows: string,
    folder: string,
    partition: PartFile["partition"],
    needsRows: boolean,
  ): Promise<MergedOutput["files"][number] | undefined> {
    await mkdir(join(this.#task.folder, folder), { recursive: true });
    const path = `${folder}/part-${randomUUID()}.parquet`;
    const target = join(this.#task.folder, path);
    const metadata = Object.entries(this.#task.metadata).map(
      ([key, value]) => `${quoteIdentifier(key)}: ${quoteLiteral(value)}`,
    );
    const options = `FORMAT parquet, COMPRESSION zstd, KV_METADATA {${metadata.join(", ")}}`;
    await this.#instance.run(`COPY (${rows}) TO ${quoteLiteral(target)} (${options})`);
    const [[count, sum] = []] = await this.#instance.rows(
      `SELECT count(*), sum(${rowHash(this.#task.columns)}) FROM (${readFiles([target], this.#task.columns)})`,
    );
    if (Number(count) === 0 && needsRows) {
      await rm(target);
      return undefined;
    }
    return {
      path,
      folder,
      partition,
      format: "parquet",
      rows: Number(count),
      bytes: (await stat(target)).size,
      contentHash: `${Number(count)}:${typeof sum === "string" || typeof sum === "bigint" ? sum : "0"}`,
    };
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

  async #count(touched: ReadonlySet<PartFile>): Promise<RowCounts> {
    const { replaced, key, columns } = this.#task;
    const all = this.#added.reduce((sum, file) => sum + file.rows, 0);
    if (replaced === undefined) return { added: all, changed: 0, removed: 0 };
    const hash = rowHash(columns);
    const by = key.length > 0 ? key.map(quoteIdentifier) : [hash];
    const keys = by.map((expression, index) => `${expression} AS k${String(index)}`).join(", ");
    const grouped = (rows: string): string =>
      `SELECT ${keys}, count(*) AS n, sum(${hash}) AS h FROM (${rows}) GROUP BY ${by.map((_, index) => String(index + 1)).join(", ")}`;
    const old = `${this.#read([...touched])} WHERE ${this.#isReplaced()}`;
    const sides = `(${grouped(touched.size === 0 ? this.#none() : old)}) o FULL JOIN (${grouped(this.#added.length === 0 ? this.#none() : this.#read(this.#added))}) w
      ON ${by.map((_, index) => `o.k${String(index)} IS NOT DISTINCT FROM w.k${String(index)}`).join(" AND ")}`;
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

function partitionKey({ partition }: Pick<PartFile, "partition">): string {
  return JSON.stringify(partition);
}
