import { foldCase } from "../../text/sql-names.js";
import type { QueryScope, Relation, StoredColumn } from "../engine.js";
import type { SparkSource } from "./connect/session.js";
import type { LakePaths } from "./lake-paths.js";
import { quoteName } from "./printer/quote.js";
import type { Refusal } from "./printer/refusal.js";
import { parseType, sparkType } from "./printer/types.js";

type FilesRelation = Extract<Relation, { type: "files" }>;

/** What stands for a relation in a statement, and the files that it needs. */
export interface SparkRelation {
  readonly text: string | Refusal;
  readonly sources: readonly SparkSource[];
}

/** Beside names of users' columns: the parts of a key in a file of keys, as DuckDB writes them. */
const keyColumn = (index: number): string => `lakebook key ${String(index)}`;

/** A relation's name in a cell's SQL. */
export function nameOf(relation: QueryScope["relations"][number]): string {
  return "schema" in relation ? `${relation.schema ?? ""}.${relation.name}` : relation.name;
}

/** Stored rows. `alias`: a name that is free in the session. */
export function filesRelation(relation: FilesRelation, alias: string, lake: LakePaths): SparkRelation {
  const { files, columns, only, position } = relation;
  if (position !== undefined) return refused("the place of a row");
  const source = sourceOf(alias, files, columns, lake);
  if ("reason" in source) return { text: source, sources: [] };
  if (only === undefined) return { text: quoteName(alias), sources: [source] };
  const keyColumns = only.columns.map((name, index) => {
    const column = columns.find((other) => foldCase(other.name) === foldCase(name));
    return { ...(column ?? { type: "", kind: "other" as const }), name: keyColumn(index) };
  });
  const keys = sourceOf(`${alias}_keys`, [only.file], keyColumns, lake);
  if ("reason" in keys) return { text: keys, sources: [] };
  const matches = only.columns.map(
    (name, index) => `r.${quoteName(name)} <=> k.${quoteName(keyColumn(index))}`,
  );
  const join = `LEFT SEMI JOIN ${quoteName(keys.alias)} AS k ON ${matches.join(" AND ")}`;
  return { text: `(SELECT r.* FROM ${quoteName(alias)} AS r ${join})`, sources: [source, keys] };
}

function sourceOf(
  alias: string,
  files: readonly string[],
  columns: readonly StoredColumn[],
  lake: LakePaths,
): SparkSource | Refusal {
  const paths = files.map((file) => (file.endsWith(".parquet") ? lake.toSpark(file) : undefined));
  if (!paths.every((path) => path !== undefined))
    return {
      reason: "rows that are kept where Spark cannot read them",
      hint: 'add "materialize: parquet" to the cell that they come from',
    };
  const fields: string[] = [];
  for (const { name, type, read } of columns) {
    const spark = isReadable(type, read) ? sparkType(parseType(type)) : undefined;
    if (spark === undefined)
      return {
        reason: `the column ${name} of the type ${type}, which it reads`,
        hint: "leave it out in the cell that it comes from",
      };
    fields.push(`${quoteName(name)} ${spark}`);
  }
  // A folder's name must not become a column.
  const options = { recursiveFileLookup: "true" };
  return { alias, format: "parquet", schema: fields.join(", "), paths, options };
}

/** A HUGEINT is stored as DECIMAL, and Spark has no other type for it. */
function isReadable(type: string, read: string | undefined): boolean {
  return read === undefined || (type.includes("HUGEINT") && read.endsWith(` AS ${type})`));
}

function refused(reason: string, hint?: string): SparkRelation {
  return { text: { reason, ...(hint !== undefined && { hint }) }, sources: [] };
}

/** What has no files. */
export function otherRelation({ type }: Exclude<Relation, { type: "files" | "query" }>): SparkRelation {
  return type === "rows"
    ? refused("a relation of the system", "read it in a cell of its own, which runs on DuckDB")
    : refused("rows that are written down");
}
