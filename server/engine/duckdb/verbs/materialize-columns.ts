import type { DuckDBType } from "@duckdb/node-api";
import type { Column, MaterializedOutput, StoredColumn } from "../../engine.js";
import { quoteIdentifier } from "../../../text/sql-names.js";
import { refuseNul, refuseTwins, shownNames } from "./materialize-names.js";
import { wrapQuery } from "../scope-sql.js";
import { describeTable } from "../worker/tasks-describe.js";
import { TaskError } from "../tasks-error.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import { contains, isGeometry, isText, isVariant, restoredType, storageType } from "../worker/types.js";
import type { WorkerInstance } from "../worker/worker-instance.js";

/** An empty table with the columns as they will be stored. */
export const STORED_TABLE = '"lakebook stored"';
const RESULT_TABLE = '"lakebook result"';

/** How rows are written to Parquet. */
export interface StoragePlan {
  /** As Parquet has them. */
  readonly columns: readonly StoredColumn[];
  /** What is selected from the query, with the casts. */
  readonly selectList: string;
  readonly casts: MaterializedOutput["casts"];
  /** Columns of type VARIANT. */
  readonly variants: readonly string[];
  /** Where GEOMETRY is: as columns of its own, also inside other types, or nowhere. */
  readonly geometry?: "columns" | "nested" | undefined;
}

/** What a query gives. */
export interface QueryShape {
  readonly columns: readonly Column[];
  /** The query's own names, which may be the same twice. */
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
  /** What the texts of a column compare by, those inside other types included; missing or undefined where by bytes. */
  readonly collations: readonly (string | undefined)[];
}

/** Binds the query without running it. */
export async function shapeOf(scoped: ScopedInstance, sql: string): Promise<QueryShape> {
  const { instance } = scoped;
  await scoped.run(
    wrapQuery(`CREATE OR REPLACE TEMP TABLE ${RESULT_TABLE} AS `, scoped.embed(sql), "\nLIMIT 0"),
  );
  const columns = await describeTable(instance, RESULT_TABLE);
  refuseNul(scoped, sql, columns);
  const names = await shownNames(scoped, sql, columns);
  const types = (await instance.runOwn(`FROM ${RESULT_TABLE}`)).columnTypes();
  return { columns, names, types, collations: await collationsOf(instance, types) };
}

/** Neither the driver nor DESCRIBE tells a collation, only the plan of a query. */
async function collationsOf(
  instance: WorkerInstance,
  types: readonly DuckDBType[],
): Promise<QueryShape["collations"]> {
  if (!types.some((type) => contains(type, isText))) return [];
  const plan = `json_serialize_plan('FROM ${RESULT_TABLE}', skip_null := true, optimize := false)`;
  const rows = await instance.rows(
    `SELECT regexp_extract(type::VARCHAR, '"collation":"([^"]+)"', 1)
    FROM (SELECT unnest(${plan} -> '$.plans[0].children[0].returned_types[*]') AS type)`,
  );
  return rows.map(([collation]) => (collation === "" ? undefined : (collation as string)));
}

/** Decides how each column of a dataset is stored. Fails with code query for what Parquet does not give back. */
export async function planStorage(scoped: ScopedInstance, sql: string): Promise<StoragePlan> {
  const { instance } = scoped;
  const { columns, names, types, collations } = await shapeOf(scoped, sql);
  refuseTwins(sql, names);
  const targets = columns.map((column, index) => targetOf(column, types[index]));
  const isByBytes = (index: number): boolean => collations[index] === undefined;
  const selectList = columns
    .map((column, index) =>
      column.type !== "VARCHAR" || isByBytes(index)
        ? castColumn(column, targets[index])
        : withoutCollation(column),
    )
    .join(", ");
  await instance.runOwn(
    `CREATE OR REPLACE TEMP TABLE ${STORED_TABLE} AS SELECT ${selectList} FROM ${RESULT_TABLE} LIMIT 0`,
  );
  const casts = columns.flatMap(({ name, type }, index) => {
    const to = targets[index] ?? (isByBytes(index) ? undefined : type);
    const from = isByBytes(index) ? type : `${type} COLLATE ${collations[index] ?? ""}`;
    return to === undefined ? [] : [{ column: name, from, to }];
  });
  const stored = casts.length === 0 ? columns : await describeTable(instance, STORED_TABLE);
  const readable = stored.map((column, index): StoredColumn => {
    const read = restoring(column, types[index], collations[index]);
    return read === undefined ? column : { ...column, read };
  });
  return { columns: readable, selectList, casts, ...specialTypes(columns, types) };
}

/** Reads what Parquet has no word for: the order of an ENUM's labels, and what a text compares by. */
function restoring(
  { name, type }: Column,
  duckdbType: DuckDBType | undefined,
  collation: string | undefined,
): string | undefined {
  const column = quoteIdentifier(name);
  const restored = duckdbType === undefined ? undefined : restoredType(duckdbType);
  if (restored !== undefined) return `CAST(${column} AS ${restored})`;
  return type === "VARCHAR" && collation !== undefined
    ? `${column} COLLATE ${quoteIdentifier(collation)}`
    : undefined;
}

/** The type that a column is cast to; undefined where it is kept. */
function targetOf({ name, type }: Column, duckdbType: DuckDBType | undefined): string | undefined {
  const stored = duckdbType === undefined ? undefined : storageType(duckdbType);
  if (stored?.type === "refused")
    throw new TaskError("query", `"${name}" has type ${type}, which Parquet cannot hold`, stored.hint);
  return stored?.type === "cast" ? stored.to : undefined;
}

export function castColumn({ name }: Pick<Column, "name">, to: string | undefined): string {
  const column = quoteIdentifier(name);
  return to === undefined ? column : `CAST(${column} AS ${to}) AS ${column}`;
}

/** Partitions are told apart by bytes too, as whoever reads them does. */
function withoutCollation({ name }: Pick<Column, "name">): string {
  const column = quoteIdentifier(name);
  return `${column} COLLATE "binary" AS ${column}`;
}

export function specialTypes(
  columns: readonly Column[],
  types: readonly DuckDBType[],
): Pick<StoragePlan, "variants" | "geometry"> {
  const variants = columns.flatMap(({ name }, index) => {
    const type = types[index];
    return type !== undefined && isVariant(type) ? [name] : [];
  });
  const withGeometry = types.filter((type) => contains(type, isGeometry));
  if (withGeometry.length === 0) return { variants };
  return { variants, geometry: withGeometry.every(isGeometry) ? "columns" : "nested" };
}
