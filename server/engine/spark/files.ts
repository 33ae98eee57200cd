import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { quoteLiteral } from "../../text/sql-names.js";
import type { QueryScope, TaskControl } from "../engine.js";
import type { AdoptingEngine } from "../adopt.js";
import type { SparkSource } from "./connect/session.js";
import { describeIn } from "./describe.js";
import type { LakePaths } from "./lake-paths.js";
import { fileReads, type FileRead } from "./printer/file-reads.js";
import { jsonLines } from "./printer/json-lines.js";
import { flatten } from "./printer/piece.js";
import { quoteName } from "./printer/quote.js";
import { NotPrinted, type Refusal } from "./printer/refusal.js";
import type { DescribedColumn } from "./printer/resolve.js";
import { selectNode, star } from "./printer/scope.js";
import { readTree, textConstant, toDescribed, type TreeNode } from "./printer/tree.js";
import { parseType, sparkType } from "./printer/types.js";

export interface FileSources {
  /** What stands for a call, by its key. */
  readonly texts: ReadonlyMap<string, string | Refusal>;
  readonly sources: readonly SparkSource[];
  /** A query that counts the rows of a path as the SQL writes it. */
  readonly counts: ReadonlyMap<string, string>;
}

interface Reading {
  readonly duckdb: AdoptingEngine;
  readonly scope: QueryScope;
  readonly lake: LakePaths;
  readonly control: TaskControl;
  /** Nothing is to run: the files may lie where Spark does not see them. */
  readonly isDry: boolean;
}

/** More than there are in any folder. */
const ALL = 1_000_000;
const ELSEWHERE = "read files in a cell of its own, which runs on DuckDB";

/** What Spark needs to read the files of a query by itself. `tag`: begins names that are free in the session. */
export async function fileSources(tree: string, tag: string, reading: Reading): Promise<FileSources> {
  const texts = new Map<string, string | Refusal>();
  const counts = new Map<string, string>();
  const sources: SparkSource[] = [];
  const parsed = readTree(tree);
  for (const [index, { read, table }] of (parsed.ok ? fileReads(parsed.node) : []).entries()) {
    const alias = `${tag}_file${String(index)}`;
    const made = await attempt(() => sourceOf(read, table, alias, reading));
    if (made === undefined) continue;
    texts.set(read.key, "reason" in made ? made : made.text);
    if ("reason" in made) continue;
    sources.push(made.source);
    if (read.path !== undefined) counts.set(read.path, `SELECT count(*) FROM (${made.described})`);
  }
  return { texts, sources, counts };
}

interface FileSource {
  readonly text: string;
  readonly source: SparkSource;
  /** DuckDB's query of all rows. */
  readonly described: string;
}

async function attempt(make: () => Promise<FileSource | Refusal | undefined>): ReturnType<typeof make> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof NotPrinted)) throw error;
    return { reason: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

/** Undefined where DuckDB does not bind it, which is told by it. */
async function sourceOf(
  read: FileRead,
  table: TreeNode,
  alias: string,
  reading: Reading,
): Promise<FileSource | Refusal | undefined> {
  const { reader, path } = read;
  const isParquet = reader === "read_parquet" || reader === "parquet_scan";
  if (!isParquet && !/^read_(nd)?json(_auto)?$/.test(reader))
    return { reason: `${reader}(...)`, hint: ELSEWHERE };
  if (path === undefined)
    return { reason: `${reader}() of several paths`, hint: "write one, with * for what differs" };
  const problem = isParquet ? otherOption(read, []) : jsonProblem(read);
  if (problem !== undefined) return problem;
  const plain = { ...table, alias: "", column_name_alias: [] };
  const described = toDescribed(selectNode([star()], plain, []));
  const columns = await describeIn(reading.duckdb, reading.scope, reading.control)(described);
  if (columns === undefined) return undefined;
  const kept = isParquet ? await parquetProblem(path, columns, reading) : undefined;
  if (kept !== undefined) return kept;
  const paths = await pathsOf(path, reading);
  if ("reason" in paths) return paths;
  const common = { alias, paths, options: { recursiveFileLookup: "true" } };
  if (isParquet) {
    const schema = columns.map(({ name, type }) => `${quoteName(name)} ${sparkType(parseType(type)) ?? ""}`);
    return {
      text: quoteName(alias),
      described,
      source: { ...common, format: "parquet", schema: schema.join(", ") },
    };
  }
  const text = flatten(jsonLines(quoteName(alias), columns)).text;
  const lines = { ...common.options, lineSep: "\n" };
  return { text, described, source: { ...common, options: lines, format: "text", schema: "value STRING" } };
}

function otherOption({ reader, options }: FileRead, known: readonly string[]): Refusal | undefined {
  const other = [...options.keys()].find((name) => !known.includes(name));
  return other === undefined ? undefined : { reason: `the option ${other} of ${reader}()`, hint: ELSEWHERE };
}

function jsonProblem(read: FileRead): Refusal | undefined {
  const format = textConstant(read.options.get("format"));
  const isLines = read.reader.includes("ndjson")
    ? format === undefined || format === "newline_delimited"
    : format === "newline_delimited" || format === "nd";
  if (isLines) return otherOption(read, ["format", "columns"]);
  return {
    reason: `${read.reader}() of what is not one object a line`,
    hint: "deliver one object a line, and write format = 'newline_delimited'",
  };
}

/** Both engines have to see the same columns in each of the files, of types that they read alike. */
async function parquetProblem(
  path: string,
  columns: readonly DescribedColumn[],
  { duckdb, scope, control }: Reading,
): Promise<Refusal | undefined> {
  const sql = `SELECT file_name, name, type, num_children, converted_type, logical_type FROM parquet_schema(${quoteLiteral(path)})`;
  const { rows } = await duckdb.query({ scope, sql, limit: ALL }, control);
  const files = new Map<string, unknown[][]>();
  for (const [file, ...field] of rows) files.set(String(file), [...(files.get(String(file)) ?? []), field]);
  const [first = [], ...others] = files.values();
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first)))
    return { reason: `Parquet files of ${path} that have other columns than the first`, hint: ELSEWHERE };
  const unknown = columns.find(({ type }) => sparkType(parseType(type)) === undefined);
  if (unknown !== undefined)
    return {
      reason: `the column ${unknown.name} of the type ${unknown.type}, which it reads`,
      hint: ELSEWHERE,
    };
  const odd = first.find(([, type, , converted, logical]) => !isKnownField(type, converted, logical));
  if (odd !== undefined)
    return {
      reason: `the column ${String(odd[0])}, which Parquet stores as ${String(odd[1])}`,
      hint: ELSEWHERE,
    };
  const names = topNames(first);
  const isWhole = JSON.stringify(names) === JSON.stringify(columns.map(({ name }) => name));
  const reason = `columns that are not in the Parquet files of ${path}, but in the names of folders`;
  return isWhole ? undefined : { reason, hint: ELSEWHERE };
}

const fieldTypes: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ["null"],
  FLOAT: ["null"],
  DOUBLE: ["null"],
  INT32: ["null", "INT_8", "INT_16", "INT_32", "DATE", "DECIMAL"],
  INT64: ["null", "INT_64", "DECIMAL", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS"],
  BYTE_ARRAY: ["null", "UTF8", "ENUM", "DECIMAL"],
  FIXED_LEN_BYTE_ARRAY: ["DECIMAL"],
  null: ["null", "LIST", "MAP", "MAP_KEY_VALUE"],
};

/** Of `parquet_schema`; a group has no type. */
function isKnownField(type: unknown, converted: unknown, logical: unknown): boolean {
  const name = String(type);
  if (String(logical).includes("NANOS=NanoSeconds")) return false;
  return Object.hasOwn(fieldTypes, name) && (fieldTypes[name] ?? []).includes(String(converted));
}

/** Names of what stands below the root, which comes first; what is inside of others follows each. */
function topNames(fields: readonly (readonly unknown[])[]): readonly string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    for (let left = Number(fields[at++]?.[2] ?? 0); left > 0; left--) skip();
  };
  while (at < fields.length) {
    names.push(String(fields[at]?.[0]));
    skip();
  }
  return names;
}

/** As Spark sees the files; nothing where nothing is to run. */
async function pathsOf(
  path: string,
  { duckdb, scope, control, lake, isDry }: Reading,
): Promise<readonly string[] | Refusal> {
  if (isDry) return [];
  const sql = `SELECT file FROM glob(${quoteLiteral(path)})`;
  const { rows } = await duckdb.query({ scope, sql, limit: ALL }, control);
  const paths: string[] = [];
  for (const [file] of rows) {
    const seen = lake.toSpark(await realpath(resolve(scope.root, String(file))));
    if (seen === undefined)
      return {
        reason: `${path}, which is not kept in the lake, so that Spark does not see it`,
        hint: ELSEWHERE,
      };
    // A pattern to Spark.
    if (/[*?[\]{}\\]/.test(seen))
      return { reason: `the file name ${String(file)}`, hint: "deliver it under a name without brackets" };
    paths.push(seen);
  }
  return paths;
}
