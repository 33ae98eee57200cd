import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { createDuckdbEngine } from "../../server/engine/duckdb/duckdb-engine.js";
import type { Engine, MaterializedOutput, QueryScope, Relation } from "../../server/engine/engine.js";
import { withSpark } from "../../server/engine/spark/spark-engine.js";
import { tables as ordinary } from "./data.js";
import { readCorpus } from "./printing.js";
import { freePort, getPython, Spark } from "./spark-server.js";
import { tpchTables } from "./tpch-data.js";

/*
 * Computes each query of a corpus as a dataset, by DuckDB and by Spark, and compares what is stored: names and types of columns,
 * and rows, in their order where the query has one.
 *
 *   node --import tsx test/spark/compare.ts [corpus.sql …] [--tpch] [--only text] [--spark sc://host:port]
 */

export interface Verdicts {
  equal: number;
  refused: number;
  /** By both, or by Spark alone, which is loud. */
  failed: number;
  /** By DuckDB alone: there are rows where an error is meant. */
  lenient: number;
  different: number;
  /** There was no time for them. */
  left: number;
}

const folderOf = import.meta.dirname;
export const corpora: readonly string[] = ["corpus.sql", "edges.sql", "traps.sql"].map((name) =>
  join(folderOf, name),
);
export const benchmark: readonly string[] = [join(folderOf, "tpch.sql")];

/** Tells of each query that is not equal. `only`: those that hold this text; `seconds`: as many as that allows, in any order. */
export async function compareCorpus(
  url: string,
  files: readonly string[],
  {
    tables = ordinary,
    only = "",
    seconds,
  }: {
    readonly tables?: Readonly<Record<string, string>>;
    readonly only?: string;
    readonly seconds?: number | undefined;
  } = {},
): Promise<Verdicts> {
  const lake = await mkdtemp(join(tmpdir(), "lakebook-corpus-"));
  const duckdb = await createDuckdbEngine({ tempFolder: join(lake, "temp") });
  const engine = withSpark(duckdb, { cluster: { url, folder: join(lake, "spark") }, lake });
  const reader = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    const comparing = new Comparing(engine, reader, lake);
    await comparing.store(tables);
    const queries: string[] = [];
    for (const file of files) queries.push(...readCorpus(await readFile(file, "utf8")).map(({ sql }) => sql));
    const found = queries.filter((sql) => sql.includes(only));
    const wanted = seconds === undefined ? found : shuffled(found);
    const end = Date.now() + (seconds ?? Infinity) * 1000;
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < wanted.length; index = next++)
        if (Date.now() < end) await comparing.compare(wanted[index] ?? "", index);
        else comparing.verdicts.left++;
    };
    await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
    return comparing.verdicts;
  } finally {
    reader.closeSync();
    await engine.close();
    await rm(lake, { recursive: true, force: true, maxRetries: 10 });
  }
}

function shuffled(queries: readonly string[]): readonly string[] {
  return queries
    .map((sql) => ({ sql, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ sql }) => sql);
}

type Outcome = { readonly output: MaterializedOutput; readonly folder: string } | { readonly error: string };

class Comparing {
  readonly verdicts: Verdicts = { equal: 0, refused: 0, failed: 0, lenient: 0, different: 0, left: 0 };
  readonly #engine: Engine;
  readonly #reader: DuckDBConnection;
  readonly #lake: string;
  #relations: readonly Relation[] = [];

  constructor(engine: Engine, reader: DuckDBConnection, lake: string) {
    this.#engine = engine;
    this.#reader = reader;
    this.#lake = lake;
  }

  async store(tables: Readonly<Record<string, string>>): Promise<void> {
    const relations: Relation[] = [];
    for (const [name, sql] of Object.entries(tables)) {
      const made = await this.#compute(sql, name, "duckdb");
      if ("error" in made) throw new Error(`${name}: ${made.error}`);
      const files = made.output.files.map(({ path }) => join(made.folder, path));
      relations.push({ type: "files", name, files, columns: made.output.columns });
    }
    this.#relations = relations;
  }

  async compare(sql: string, index: number): Promise<void> {
    const found = await this.#compute(sql, `s${String(index)}`, "spark");
    if ("error" in found && found.error.includes("can't run on Spark")) {
      this.#tell("refused", sql, found.error);
      return;
    }
    const expected = await this.#compute(sql, `d${String(index)}`, "duckdb");
    if ("error" in found)
      this.#tell("failed", sql, `${found.error}${"error" in expected ? "\n    DuckDB fails too" : ""}`);
    else if ("error" in expected) this.#tell("lenient", sql, expected.error);
    else {
      const difference = await this.#difference(expected, found, isOrdered(sql));
      this.#tell(difference === undefined ? "equal" : "different", sql, difference);
    }
    for (const made of [expected, found])
      if ("folder" in made) await rm(made.folder, { recursive: true, force: true });
  }

  #scope(): QueryScope {
    return { root: this.#lake, readable: [], relations: this.#relations, parameters: [] };
  }

  async #compute(sql: string, name: string, engine: "duckdb" | "spark"): Promise<Outcome> {
    const folder = join(this.#lake, name);
    await mkdir(folder);
    const rest = { dataset: name, formats: ["parquet"], partitionBy: [], metadata: {} } as const;
    const task = { scope: this.#scope(), sql, engine, folder, isOrdered: isOrdered(sql), ...rest };
    try {
      return { output: await this.#engine.materialize(task, { label: name }), folder };
    } catch (error) {
      return { error: textOf(error) };
    }
  }

  /** Doubles are compared by 12 digits: both engines add them up in an order of their own. */
  async #difference(
    expected: Exclude<Outcome, { error: string }>,
    found: Exclude<Outcome, { error: string }>,
    ordered: boolean,
  ): Promise<string | undefined> {
    const [a, b] = [expected, found].map(({ output }) => JSON.stringify(output.columns));
    if (a !== b) return `${a ?? ""}\n    ${b ?? ""}`;
    if (expected.output.contentHash === found.output.contentHash) return undefined;
    const [left, right] = [await this.#rows(expected), await this.#rows(found)];
    return firstDifference(left, right, ordered);
  }

  async #rows({ output, folder }: Exclude<Outcome, { error: string }>): Promise<readonly string[]> {
    const files = output.files.map(({ path }) => `'${join(folder, path)}'`);
    if (output.rows === 0) return [];
    const result = await this.#reader.runAndReadAll(`SELECT * FROM read_parquet([${files.join(", ")}])`);
    return result.getRows().map((row) => row.map(write).join(" | "));
  }

  #tell(verdict: keyof Verdicts, sql: string, detail = ""): void {
    this.verdicts[verdict]++;
    if (verdict !== "equal") console.log(`${verdict.toUpperCase()}: ${sql}\n    ${detail}`);
  }
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n").slice(0, 3).join(" ");
}

function isOrdered(sql: string): boolean {
  return /\bORDER BY [^()]*$/i.test(sql.replace(/\bLIMIT\b.*$/i, ""));
}

function write(value: unknown): string {
  if (typeof value === "number")
    return Object.is(value, -0)
      ? "0"
      : Number.isInteger(value) && Math.abs(value) < 1e12
        ? String(value)
        : value.toPrecision(12);
  if (value === null || value === undefined || typeof value !== "object") return String(value);
  if ("items" in value && Array.isArray(value.items)) return `[${value.items.map(write).join(", ")}]`;
  if ("entries" in value && Array.isArray(value.entries))
    return `{${value.entries
      .map((entry: unknown) => write(entry))
      .sort()
      .join(", ")}}`;
  if ("entries" in value && typeof value.entries === "object")
    return `{${Object.entries(value.entries ?? {})
      .map(([key, field]) => `${key}: ${write(field)}`)
      .join(", ")}}`;
  if ("key" in value && "value" in value) return `${write(value.key)}=${write(value.value)}`;
  return (value as { toString(): string }).toString();
}

function firstDifference(
  expected: readonly string[],
  found: readonly string[],
  ordered: boolean,
): string | undefined {
  if (expected.length !== found.length)
    return `${String(expected.length)} rows, ${String(found.length)} on Spark`;
  const [a, b] = ordered ? [expected, found] : [[...expected].sort(), [...found].sort()];
  const index = a.findIndex((row, place) => row !== b[place]);
  return index === -1 ? undefined : `row ${String(index)}:\n    ${a[index] ?? ""}\n    ${b[index] ?? ""}`;
}

async function main(words: readonly string[]): Promise<void> {
  const valueOf = (option: string): string | undefined =>
    words.includes(option) ? words[words.indexOf(option) + 1] : undefined;
  const isTpch = words.includes("--tpch");
  const files = words.filter((word) => word.endsWith(".sql")).map((file) => resolve(file));
  const usual = isTpch ? benchmark : corpora;
  const options = { tables: isTpch ? tpchTables : ordinary, only: valueOf("--only") ?? "" };
  const run = async (url: string): Promise<void> => {
    const verdicts = await compareCorpus(url, files.length > 0 ? files : usual, options);
    console.log(JSON.stringify(verdicts));
    process.exitCode = verdicts.different > 0 ? 1 : 0;
  };
  const url = valueOf("--spark");
  if (url !== undefined) return run(url);
  const python = getPython();
  if (python === undefined) throw new Error("There is no pyspark here.");
  const folder = await mkdtemp(join(tmpdir(), "lakebook-spark-"));
  const spark = new Spark(python, folder, await freePort());
  try {
    await spark.start();
    await run(spark.url);
  } finally {
    await spark.kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
