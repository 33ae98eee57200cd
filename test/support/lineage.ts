import { InstanceShelf } from "../../server/engine/duckdb/worker/instance-shelf.js";
import { runLineageTask } from "../../server/engine/duckdb/verbs/lineage.js";
import type { LineageRelation, LineageTask, Origin, QueryLineage } from "../../server/engine/lineage.js";

const shelf = new InstanceShelf();

/** In this process. */
export function lineageOf(task: LineageTask): Promise<readonly QueryLineage[]> {
  const limits = {
    memoryLimitBytes: 256 * 1024 ** 2,
    threads: 1,
    maxTempBytes: 0,
    splitFromBytes: Number.MAX_SAFE_INTEGER,
  };
  return runLineageTask(task, { limits, tempFolder: "", shelf, onInstance: () => undefined });
}

/** `id INTEGER, name VARCHAR` as a relation; a schema stands before the name. */
export function relation(name: string, columns: string): LineageRelation {
  const [first = "", second] = name.split(".");
  return {
    key: name,
    ...(second !== undefined && { schema: first }),
    name: second ?? first,
    columns: splitColumns(columns).map((column) => {
      const [label = "", ...type] = column.trim().split(" ");
      return { name: label, type: type.join(" ") };
    }),
  };
}

/** At commas outside of brackets. */
function splitColumns(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

/** `orders.id customers.name`, for lists that people write. */
export function shown({ columns, unknown }: Origin): string {
  const all = columns.map(({ relation: key, column }) => `${key}.${column}`);
  return [...all, ...(unknown === undefined ? [] : [`unknown: ${unknown}`])].join(" ");
}
