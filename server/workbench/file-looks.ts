import { randomUUID } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BoundedCache } from "../base/bounded-cache.js";
import { AppError, isAppError } from "../base/errors.js";
import { sha256 } from "../base/hash.js";
import type { Column } from "../engine/engine.js";
import type { CsvOptions, FileReader } from "../engine/verbs.js";
import { exploreFile, type ExploredFile, type FileToExplore } from "../intake/explore-file.js";
import { stampOf, type Stamp } from "../lake/input-file.js";
import { whileLeased, type Leases } from "../lake/leases.js";
import { ProfileCache, type ColumnRange, type Profile } from "../rows/profile.js";
import { SHOWN_CHARACTERS } from "../rows/shown-values.js";
import type { StoredRows } from "../rows/stored-rows.js";
import type { SimpleKind } from "../text/type-kind.js";
import { findInputFiles } from "../workspace/input-files.js";
import { useAdHoc, type QueryServices } from "./ad-hoc-query.js";

/** How somebody says that a file is to be read; what is absent is found by looking. */
export interface ReadChoices extends Pick<CsvOptions, "delimiter" | "header"> {
  readonly encoding?: "utf-8" | NonNullable<CsvOptions["encoding"]>;
  readonly decimal?: "." | ",";
  readonly thousands?: "none" | "." | ",";
  readonly types?: Readonly<Record<string, SimpleKind>>;
}

export interface LookRequest {
  /** A file or a pattern, as SQL would name it. */
  readonly path: string;
  readonly read: ReadChoices;
  /** The first ones, that are to be shown. */
  readonly rows: number;
  /** Undefined: no column is to be described. */
  readonly profile?: ColumnRange | undefined;
}

export interface FileLook {
  /** The query of a cell that reads it so. */
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  /** Of the sample. */
  readonly profile?: Profile;
  /** The file has more rows than what is described. */
  readonly isSample: boolean;
}

interface Sample extends StoredRows {
  readonly folder: string;
}

export interface LookServices extends QueryServices {
  /** Of the lake. */
  readonly leases: Leases;
  /** For the copies; what an earlier process left there is nobody's. */
  readonly folder: string;
}

const SAMPLE_ROWS = 10_000;
const KEPT_SAMPLES = 40;
const KEPT_FINDINGS = 1000;
/** Of a pattern that matches very many, more are not asked when they changed. */
const STAMPED_FILES = 500;
const TIMEOUT_MS = 20_000;
const control = { label: "look", isFree: true, timeoutMs: TIMEOUT_MS } as const;

/** Looks at files of `input/` that need not be read by any cell: at their first rows, of which a copy is kept for a while. */
export class FileLooks {
  readonly #services: LookServices;
  readonly #profiles: ProfileCache;
  readonly #samples = new Map<string, Promise<Sample>>();
  readonly #explored = new BoundedCache<ExploredFile>(KEPT_FINDINGS, 2 ** 20);

  constructor(services: LookServices) {
    this.#services = services;
    this.#profiles = new ProfileCache(services.engine);
  }

  /** Fails with code usage, input or query for what cannot be read so. */
  async look({ path, read, ...shown }: LookRequest, signal: AbortSignal): Promise<FileLook> {
    const sql = await this.#sqlOf(path, read);
    const sample = await this.#sample(path, sql);
    const lease = this.#services.leases.open(sample.folder);
    return whileLeased(lease, async () => ({ sql, ...(await this.#describe(sample, shown, signal)) }));
  }

  /** As a file is read that is added, where it is one and nothing was chosen that makes it another. */
  async #sqlOf(path: string, choices: ReadChoices): Promise<string> {
    const { engine, workspace } = this.#services;
    const plain = readerOf(path, choices);
    const [file, ...others] = await findInputFiles(workspace, path);
    if (file === undefined || others.length > 0) return engine.readerSql(plain);
    const stamp = await stampOf(file);
    try {
      const { sql, options } = await this.#explore({ ...file, path }, stamp);
      const isChosen = Object.keys(choices).length > 0 && plain.type === "csv";
      if (!isChosen || options === undefined) return sql;
      return engine.readerSql({ ...plain, options: withChoices(options, choices) });
    } catch (error) {
      // What was chosen may be what the file needs; of nothing there is nothing to read.
      if (Object.keys(choices).length === 0 || stamp.size === "0" || !isAppError(error, "input")) throw error;
      return engine.readerSql(plain);
    }
  }

  async #explore(file: FileToExplore, stamp: Stamp): Promise<ExploredFile> {
    const key = JSON.stringify([file.path, stamp]);
    const { engine, workspace } = this.#services;
    const found = this.#explored.get(key) ?? (await exploreFile(engine, workspace.root, file));
    this.#explored.set(key, found);
    return found;
  }

  async #describe(
    sample: Sample,
    { rows, profile }: Pick<LookRequest, "rows" | "profile">,
    signal: AbortSignal,
  ): Promise<Omit<FileLook, "sql">> {
    const page = {
      ...{ table: sample, where: [], order: [], offset: 0, limit: rows },
      maxCharacters: SHOWN_CHARACTERS,
    };
    const isEmpty = rows === 0 || sample.rows === 0;
    return {
      columns: sample.columns.map(({ name, type, kind }) => ({ name, type, kind })),
      rows: isEmpty ? [] : (await this.#services.engine.page(page, { ...control, signal })).rows,
      ...(profile === undefined ? {} : { profile: await this.#profiles.get(sample, profile, signal) }),
      isSample: sample.rows === SAMPLE_ROWS,
    };
  }

  /** It is made for whoever asks next too, and so goes on when nobody waits. */
  async #sample(path: string, sql: string): Promise<Sample> {
    const key = sha256(JSON.stringify([sql, await this.#stamp(path)]));
    const known = this.#samples.get(key);
    this.#samples.delete(key);
    const sample = known ?? this.#take(key, sql);
    this.#samples.set(key, sample);
    sample.catch(() => this.#samples.delete(key));
    const [oldest] = this.#samples;
    if (oldest !== undefined && this.#samples.size > KEPT_SAMPLES) this.#forget(...oldest);
    return sample;
  }

  /** Changes where the files do. */
  async #stamp(path: string): Promise<unknown> {
    const files = await findInputFiles(this.#services.workspace, path);
    const stamped = files.slice(0, STAMPED_FILES).map(async (file) => {
      const { size, mtimeMs } = await stat(file.absolutePath).catch(() => ({ size: 0, mtimeMs: 0 }));
      return [file.path, size, mtimeMs];
    });
    return [files.length, await Promise.all(stamped)];
  }

  async #take(key: string, sql: string): Promise<Sample> {
    const { engine } = this.#services;
    const folder = join(this.#services.folder, randomUUID());
    const file = join(folder, "rows.parquet");
    const some = engine.someRowsSql({ from: { sql }, columns: [], limit: SAMPLE_ROWS });
    await mkdir(folder, { recursive: true });
    try {
      await useAdHoc(this.#services, { sql: some, notebook: undefined, parameters: {} }, (prepared) =>
        engine.copy({ ...prepared, file }, control),
      );
      return { key, files: [file], ...(await engine.describeFile(file, control)), folder };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  #forget(key: string, sample: Promise<Sample>): void {
    this.#samples.delete(key);
    void sample.then(({ folder }) => this.#services.leases.remove(folder)).catch(() => undefined);
  }
}

function withChoices(
  found: CsvOptions,
  { types = {}, encoding, decimal, thousands, ...others }: ReadChoices,
): CsvOptions {
  const { encoding: _e, decimal: _d, thousands: _t, types: _types, ...rest } = found;
  const sign = decimal ?? found.decimal ?? ".";
  const groups = thousands ?? (found.thousands === sign ? "none" : found.thousands) ?? "none";
  const charset = encoding ?? found.encoding ?? "utf-8";
  const chosen = Object.entries(types).map(([name, kind]) => [name, { kind }] as const);
  const all = new Map([...(found.types ?? []), ...chosen]);
  return {
    ...rest,
    ...others,
    ...(charset === "utf-8" ? {} : { encoding: charset }),
    ...(sign === "," ? { decimal: sign } : {}),
    ...(groups === "none" ? {} : { thousands: groups }),
    ...(all.size === 0 ? {} : { types: all }),
    ...(found.casts === undefined ? {} : { casts: found.casts.filter((name) => !(name in types)) }),
  };
}

function readerOf(path: string, choices: ReadChoices): FileReader {
  if (/\.parquet$/i.test(path)) return { type: "parquet", path };
  if (/\.(json|jsonl|ndjson|geojson)(\.(gz|zst))?$/i.test(path)) return { type: "json", path };
  if (/\.(csv|tsv|tab|txt)(\.(gz|zst))?$/i.test(path))
    return { type: "csv", path, options: withChoices({}, choices) };
  throw new AppError("input", `The name of "${path}" does not tell how it is read.`, {
    hint: "CSV, JSON and Parquet are read by their endings; a workbook is, once it is added on the page.",
  });
}
