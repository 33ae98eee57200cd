import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { TestWorkspace } from "./workspace.js";

let connection: Promise<DuckDBConnection> | undefined;

/** DuckDB as another tool would use it: it knows nothing of the product, nor of what this machine calls its time. */
async function outsideDuckdb(): Promise<DuckDBConnection> {
  connection ??= DuckDBInstance.create(":memory:").then(async (instance) => {
    const opened = await instance.connect();
    await opened.run("SET timezone = 'UTC'");
    return opened;
  });
  return connection;
}

/** The rows of a query, as objects; integers of 64 bits are texts. */
export async function queryOutside(sql: string): Promise<Record<string, unknown>[]> {
  const reader = await (await outsideDuckdb()).runAndReadAll(sql);
  return reader.getRowObjectsJson();
}

/** A FROM item with every Parquet file below a public folder. Folder names say nothing here: the files hold all. */
async function parquetIn(workspace: TestWorkspace, folder: string): Promise<string> {
  const files = (await workspace.files(folder)).filter((file) => file.endsWith(".parquet"));
  if (files.length === 0) throw new Error(`"${folder}" holds no Parquet`);
  const list = files.map((file) => quote(workspace.path(join(folder, file)))).join(", ");
  return `read_parquet([${list}], hive_partitioning = false)`;
}

/** What a dataset published: `latest/orders`, `2026-11-01/orders`. */
export async function readPublished(
  workspace: TestWorkspace,
  dataset: string,
  order = "ALL",
): Promise<Record<string, unknown>[]> {
  return queryOutside(`FROM ${await parquetIn(workspace, `data_lake/${dataset}`)} ORDER BY ${order}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
