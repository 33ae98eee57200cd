import { join } from "node:path";
import type { DuckDBType } from "@duckdb/node-api";
import type { CheckTask } from "../../engine.js";
import { quoteLiteral } from "../../../text/sql-names.js";
import { castColumn } from "./materialize-columns.js";
import { wrapQuery } from "../scope-sql.js";
import type { EmbeddedQuery } from "../scope-sql.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import { contains, isGeometry, isNameless, isVariant, storageType } from "../worker/types.js";

const SHAPE = '"lakebook failing"';

/** Writes the first failing rows, in the order of their query; returns the file's path. */
export async function writeFailingRows(
  scoped: ScopedInstance,
  task: CheckTask,
  name: string,
  rows: EmbeddedQuery,
): Promise<string> {
  const { instance } = scoped;
  await scoped.run(wrapQuery(`CREATE OR REPLACE TEMP TABLE ${SHAPE} AS SELECT * FROM (`, rows, ") LIMIT 0"));
  const shape = await instance.runOwn(`FROM ${SHAPE}`);
  const types = shape.columnTypes();
  const columns = shape.columnNames().map((name, index) => castColumn({ name }, shownType(types[index])));
  const file = join(task.folder, `${fileName(name)}.parquet`);
  await scoped.run(
    wrapQuery(
      `COPY (SELECT ${columns.join(", ")} FROM (`,
      rows,
      `) LIMIT ${task.maxRows}) TO ${quoteLiteral(file)} (FORMAT parquet)`,
    ),
  );
  return file;
}

/** These rows are there to be looked at: what Parquet may not hold is shown as text. */
function shownType(type: DuckDBType | undefined): string | undefined {
  if (type === undefined) return undefined;
  const storage = storageType(type);
  if (storage.type === "cast") return storage.to;
  const isText = storage.type === "refused" || isVariant(type) || contains(type, isGeometry);
  return isText || contains(type, isNameless) ? "VARCHAR" : undefined;
}

/** Names hold column names, which may be anything. */
function fileName(check: string): string {
  return encodeURIComponent(check).slice(0, 200);
}
