import type { Column, MaterializedOutput, StoredColumn } from "../engine.js";
import { quoteIdentifier } from "../../base/sql-names.js";
import { tokenize } from "./lexer.js";
import { looksLikePath } from "./policy-paths.js";
import { wrapQuery } from "./scope-sql.js";
import { describeTable } from "./tasks-describe.js";
import { TaskError } from "./tasks-error.js";
import type { ScopedInstance } from "./tasks-scope.js";
import { storageType } from "./types.js";

/** An empty table with the columns as they will be stored. */
export const STORED_TABLE = '"lakebook stored"';
const RESULT_TABLE = '"lakebook result"';

export interface StoragePlan {
  /** As they will be read back. */
  readonly columns: readonly StoredColumn[];
  /** What is selected from the query, with the casts. */
  readonly selectList: string;
  readonly casts: MaterializedOutput["casts"];
}

interface ColumnStorage {
  readonly column: Column;
  /** The type that it is cast to. */
  readonly to?: string;
  /** There is no way back. */
  readonly isFinal?: boolean;
}

/** Binds the query without running it, and decides how each column is stored. */
export async function planStorage(
  scoped: ScopedInstance,
  sql: string,
  { keepsTypes = false } = {},
): Promise<StoragePlan> {
  const { instance } = scoped;
  await scoped.run(
    wrapQuery(`CREATE OR REPLACE TEMP TABLE ${RESULT_TABLE} AS `, scoped.embed(sql), "\nLIMIT 0"),
  );
  const columns = await describeTable(instance, RESULT_TABLE);
  refuseNul(scoped, sql, columns);
  await refuseDuplicates(scoped, sql, columns);
  const types = (await instance.runOwn(`FROM ${RESULT_TABLE}`)).columnTypes();
  const storage = columns.map((column, index): ColumnStorage => {
    const type = types[index];
    const stored = type === undefined ? undefined : storageType(type, { toText: keepsTypes });
    if (stored?.type === "refused" && !keepsTypes) throw refusedType(column, stored.hint);
    if (stored?.type === "refused") return { column, to: "VARCHAR", isFinal: true };
    return stored?.type === "cast" ? { column, to: stored.to } : { column };
  });
  const selectList = storage.map(storedExpression).join(", ");
  await instance.runOwn(
    `CREATE OR REPLACE TEMP TABLE ${STORED_TABLE} AS SELECT ${selectList} FROM ${RESULT_TABLE}`,
  );
  if (keepsTypes) {
    const asTheyWere = storage.map(({ column, to, isFinal }): StoredColumn =>
      to === undefined || isFinal === true ? column : { ...column, isCast: true },
    );
    return { columns: asTheyWere, selectList, casts: [] };
  }
  const casts = storage.flatMap(({ column, to }) =>
    to === undefined ? [] : [{ column: column.name, from: column.type, to }],
  );
  const isAsItIs = casts.length === 0;
  return { columns: isAsItIs ? columns : await describeTable(instance, STORED_TABLE), selectList, casts };
}

function storedExpression({ column, to }: ColumnStorage): string {
  const name = quoteIdentifier(column.name);
  return to === undefined ? name : `CAST(${name} AS ${to}) AS ${name}`;
}

function refusedType({ name, type }: Column, hint: string): TaskError {
  return new TaskError("query", `"${name}" has type ${type}, which Parquet cannot hold`, hint);
}

/** DuckDB ends a text at its first NUL: no SQL can name such a column, which a file may well have. */
export function refuseNul(scoped: ScopedInstance, sql: string, columns: readonly Column[]): void {
  const column = columns.find(({ name }) => name.includes("\0"));
  if (column === undefined) return;
  const { text, segments } = scoped.embed(sql);
  const paths = segments.flatMap(({ span }) => pathsIn(text.slice(span.start, span.end)));
  const owner =
    paths.length === 0 ? "The result" : [...new Set(paths)].map((path) => `"${path}"`).join(" or ");
  throw new TaskError(
    "input",
    `${owner} has a column with a NUL byte in its name: "${column.name.replaceAll("\0", "\\0")}"`,
    "Correct the header of the file, or skip it and give the names: read_csv(..., skip = 1, names = [...])",
  );
}

function pathsIn(sql: string): string[] {
  const { tokens } = tokenize(sql);
  return tokens.flatMap(({ kind, value }) => (kind === "string" && looksLikePath(value) ? [value] : []));
}

/** In brackets, a second `id` comes out as `id_1`: where a name looks like that, DuckDB is asked for the real names. */
async function refuseDuplicates(
  scoped: ScopedInstance,
  sql: string,
  columns: readonly Column[],
): Promise<void> {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  const isSuspicious = columns.some(({ name }) => {
    const base = /^(.*)_\d+$/s.exec(name)?.[1];
    return base !== undefined && names.has(base.toLowerCase());
  });
  if (!isSuspicious) return;
  const real = await describedNames(scoped, sql);
  const duplicate = real.find((name, index) => real.findIndex((other) => isSameName(name, other)) !== index);
  if (duplicate === undefined) return;
  throw new TaskError(
    "query",
    `"${duplicate}" is the name of two columns`,
    'Give one of them another name with "AS"',
  );
}

async function describedNames(scoped: ScopedInstance, sql: string): Promise<readonly string[]> {
  try {
    const result = await scoped.run(scoped.embed(sql, "DESCRIBE"));
    return (await result.getRowsJson()).map(([name]) => name as string);
  } catch {
    // A SUMMARIZE or DESCRIBE, which has no two columns of one name.
    return [];
  }
}

function isSameName(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}
