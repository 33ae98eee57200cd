import { LIST, listValue, VARCHAR } from "@duckdb/node-api";
import type { TaskContext } from "./tasks-scope.js";
import type { WorkerInstance } from "./worker-instance.js";

let parser: Promise<WorkerInstance> | undefined;

/** Asks DuckDB's parser for the tree of each query. Nothing is bound or run, so one instance serves for ever. */
export async function serializeQueries(
  queries: readonly string[],
  context: TaskContext,
): Promise<readonly string[]> {
  parser ??= openParser(context);
  const instance = await parser;
  const parameters = new Map([["queries", { value: listValue(queries), type: LIST(VARCHAR) }]]);
  const rows = await instance.rows("SELECT json_serialize_sql(unnest($queries))", parameters);
  return rows.map(([tree]) => String(tree));
}

function openParser({ shelf, limits, tempFolder }: TaskContext): Promise<WorkerInstance> {
  return shelf.open({ limits, tempFolder, places: { folders: [], files: [] } });
}
