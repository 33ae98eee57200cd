import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { contract } from "../../server/engine/spark/printer/contract.js";
import { makeTables, tables as ordinary } from "./data.js";
import { print, readCorpus, viewsOf } from "./printing.js";
import { tpchTables } from "./tpch-data.js";

const tables = process.argv.includes("--tpch") ? tpchTables : ordinary;
const names = viewsOf(Object.keys(tables));

/*
 * Runs each query of a corpus on DuckDB, and what is printed of it on a Spark of its own, and compares: rows as multisets (in
 * their order where the query orders them), names and types as DuckDB reads Spark's Parquet.
 *
 *   SPARK_PYTHON=…/bin/python node --import tsx test/spark/compare.ts [corpus.sql …] [--tpch] [--only text]
 */

interface Case {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly text: string;
  readonly folder: string;
}

const verdicts = {
  right: 0,
  refused: 0,
  "error in DuckDB": 0,
  "error in DuckDB alone": 0,
  "error from Spark": 0,
  "silently different": 0,
};

async function main(): Promise<void> {
  const { files, only } = readArguments(process.argv.slice(2));
  const folder = await mkdtemp(join(tmpdir(), "lakebook-spark-"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    await makeTables(connection, tables);
    for (const name of Object.keys(tables))
      await connection.run(`COPY ${name} TO '${folder}/${name}.parquet'`);
    const cases: Case[] = [];
    for (const file of files)
      for (const { sql } of readCorpus(await readFile(file, "utf8")))
        if (sql.includes(only))
          cases.push(...(await toCase(sql, join(folder, `r${cases.length}`), connection)));
    await runOnSpark(cases, folder, connection);
  } finally {
    await rm(folder, { recursive: true });
  }
  console.log(JSON.stringify(verdicts));
  process.exitCode = verdicts["silently different"] + verdicts["error from Spark"] > 0 ? 1 : 0;
}

function readArguments(words: readonly string[]): {
  readonly files: readonly string[];
  readonly only: string;
} {
  const at = words.indexOf("--only");
  const isTpch = words.includes("--tpch");
  const files = (at === -1 ? words : words.slice(0, at)).filter((word) => word !== "--tpch");
  const corpus = ["corpus.sql", "edges.sql"];
  const usual = (isTpch ? ["tpch.sql"] : corpus).map((name) => resolve(import.meta.dirname, name));
  return { files: files.length > 0 ? files : usual, only: at === -1 ? "" : (words[at + 1] ?? "") };
}

async function toCase(sql: string, folder: string, connection: DuckDBConnection): Promise<readonly Case[]> {
  const result = await print(sql, connection, [], names);
  if (!result.ok) {
    tell("refused", sql, result.refusals.map(({ reason }) => reason).join("; "));
    return [];
  }
  const columns = await describe(sql, connection);
  const stored = columns.map(({ name, type }) => ({
    name,
    type: type === "HUGEINT" ? "DECIMAL(38,0)" : type,
  }));
  const whole = contract(result.printed, stored);
  if (!whole.ok) {
    tell("refused", sql, whole.refusals.map(({ reason }) => reason).join("; "));
    return [];
  }
  return [{ sql, columns: stored, text: whole.printed.text, folder }];
}

async function describe(sql: string, connection: DuckDBConnection): Promise<Case["columns"]> {
  const rows = await connection.runAndReadAll(`DESCRIBE ${sql}`);
  return rows.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

function tell(verdict: keyof typeof verdicts, sql: string, detail = ""): void {
  verdicts[verdict]++;
  if (verdict !== "right") console.log(`${verdict.toUpperCase()}: ${sql}\n    ${detail}`);
}

async function runOnSpark(
  cases: readonly Case[],
  folder: string,
  connection: DuckDBConnection,
): Promise<void> {
  const views = Object.fromEntries(
    Object.keys(tables).map((name) => [name, { file: `${folder}/${name}.parquet` }]),
  );
  const process_ = spawn(
    process.env["SPARK_PYTHON"] ?? "python3",
    [join(import.meta.dirname, "run_statements.py")],
    {
      stdio: ["pipe", "pipe", "ignore"],
      cwd: folder,
    },
  );
  const statements = cases.map(({ text, folder: target }) => ({ sql: text, folder: target }));
  process_.stdin.end(JSON.stringify({ views, statements }));
  let rest = "";
  let index = 0;
  for await (const chunk of process_.stdout) {
    rest += String(chunk);
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const current = cases[index++];
      if (current !== undefined) await judge(current, JSON.parse(line) as Answer, connection);
    }
  }
  if (index < cases.length) throw new Error(`Spark answered ${index} of ${cases.length} statements.`);
}

interface Answer {
  readonly ok: boolean;
  readonly error?: string;
}

async function judge(current: Case, answer: Answer, connection: DuckDBConnection): Promise<void> {
  const { sql, text, folder, columns } = current;
  let expected: readonly string[];
  try {
    expected = await rowsOf(sql, connection);
  } catch (error) {
    const onSpark = answer.ok ? "but Spark gives rows" : "and in Spark";
    tell(
      answer.ok ? "error in DuckDB alone" : "error in DuckDB",
      sql,
      `${String(error).split("\n")[0] ?? ""} ${onSpark}`,
    );
    return;
  }
  if (!answer.ok) {
    tell("error from Spark", sql, `${answer.error ?? ""}\n    ${text}`);
    return;
  }
  const read = `SELECT * FROM read_parquet('${folder}/*.parquet')`;
  const found = await describe(read, connection);
  if (JSON.stringify(found) !== JSON.stringify(columns)) {
    tell("silently different", sql, `${JSON.stringify(columns)}\n    ${JSON.stringify(found)}\n    ${text}`);
    return;
  }
  const difference = firstDifference(expected, await rowsOf(read, connection), isOrdered(sql));
  tell(difference === undefined ? "right" : "silently different", sql, `${difference ?? ""}\n    ${text}`);
}

/** Spark's files hold rows in their order where there is one file for each range: its names are in that order. */
function isOrdered(sql: string): boolean {
  return /\bORDER BY [^()]*$/i.test(sql.replace(/\bLIMIT\b.*$/i, ""));
}

/** The values of each row as a text; doubles to 12 digits. */
async function rowsOf(sql: string, connection: DuckDBConnection): Promise<readonly string[]> {
  const result = await connection.runAndReadAll(sql);
  return result.getRows().map((row) => row.map(write).join(" | "));
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
  if (expected.length !== found.length) return `${expected.length} rows, ${found.length} on Spark`;
  const [a, b] = ordered ? [expected, found] : [[...expected].sort(), [...found].sort()];
  const index = a.findIndex((row, place) => row !== b[place]);
  return index === -1 ? undefined : `row ${index}:\n    ${a[index] ?? ""}\n    ${b[index] ?? ""}`;
}

await main();
