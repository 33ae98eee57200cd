import type { Column } from "../engine.js";
import type { WorkerInstance } from "./worker-instance.js";

/** Names and SQL types of a table's or a query's columns. */
export async function describeTable(instance: WorkerInstance, table: string): Promise<readonly Column[]> {
  const rows = await instance.rows(`DESCRIBE ${table}`);
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}
