import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Column, MaterializeTask, OutputFile } from "../../engine.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import { readFiles } from "../scope-sql.js";
import type { ParquetOutput } from "./materialize-parquet.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";

export const exportOptions = {
  csv: "FORMAT csv, HEADER true",
  // An array: a `.json` file that any JSON parser reads.
  json: "FORMAT json, ARRAY true",
};

/** JSON has no form for NaN and infinity; DuckDB would write what no parser reads. */
export function withoutNan(source: string, columns: readonly Column[]): string {
  const names = columns
    .filter(({ type }) => type === "DOUBLE" || type === "FLOAT")
    .map(({ name }) => quoteIdentifier(name));
  if (names.length === 0) return source;
  const replaced = names.map((name) => `CASE WHEN isfinite(${name}) THEN ${name} END AS ${name}`);
  return `SELECT * REPLACE (${replaced.join(", ")}) FROM (${source})`;
}

/**
 * Writes CSV or JSON from the Parquet that was just written, so that all formats hold the same rows. `source`: a query for
 * them, where they lie elsewhere too, in an order that partitions have not.
 */
export async function writeExport(
  { instance }: ScopedInstance,
  task: Pick<MaterializeTask, "folder" | "dataset">,
  format: keyof typeof exportOptions,
  columns: readonly Column[],
  parquet: Pick<ParquetOutput, "files" | "rows">,
  source = readFiles(
    parquet.files.map((file) => join(task.folder, file.path)),
    columns,
  ),
): Promise<OutputFile> {
  const name = `${task.dataset}.${format}`;
  const path = join(task.folder, name);
  const rows = format === "json" ? withoutNan(source, columns) : source;
  await instance.run(`COPY (${rows}) TO ${quoteLiteral(path)} (${exportOptions[format]})`);
  return { path: name, format, rows: parquet.rows, bytes: (await stat(path)).size, partition: [] };
}
