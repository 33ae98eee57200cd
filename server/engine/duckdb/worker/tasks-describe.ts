import type { DuckDBMaterializedResult } from "@duckdb/node-api";
import type { Column } from "../../engine.js";
import { kindOfName } from "../../type-names.js";
import type { ScopedInstance } from "./tasks-scope.js";
import type { WorkerInstance } from "./worker-instance.js";

/** Names and SQL types of a table's columns. */
export async function describeTable(instance: WorkerInstance, table: string): Promise<readonly Column[]> {
  return toColumns(await instance.runOwn(`DESCRIBE ${table}`));
}

/** The same of every table that was made of a query of the user, by its name, in one step. */
export async function describeTables(
  instance: WorkerInstance,
): Promise<ReadonlyMap<string, readonly Column[]>> {
  const result = await instance.runOwn(
    `SELECT table_name, list({'name': column_name, 'type': data_type} ORDER BY column_index)
    FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'main' GROUP BY table_name`,
  );
  const rows = await result.getRowsJson();
  return new Map(
    rows.map(([name, columns]) => [
      name as string,
      (columns as unknown as readonly Omit<Column, "kind">[]).map(({ name, type }) => toColumn(name, type)),
    ]),
  );
}

/** The same of a relation of the scope, which may be an inlined query cell. */
export async function describeRelation(scoped: ScopedInstance, relation: string): Promise<readonly Column[]> {
  return toColumns(await scoped.run(scoped.embedStatement(`FROM (DESCRIBE FROM ${relation})`)));
}

async function toColumns(result: DuckDBMaterializedResult): Promise<readonly Column[]> {
  const rows = await result.getRowsJson();
  return rows.map(([name, type]) => toColumn(name as string, type as string));
}

export function toColumn(name: string, type: string): Column {
  return { name, type, kind: kindOfName(type) };
}
