import { dirname } from "node:path";
import { AppError } from "../../../base/errors.js";
import { quoteLiteral } from "../../../text/sql-names.js";
import type { Engine, ExplainTask, QueryTask, TaskControl } from "../../engine.js";
import type { DescribedFile } from "../../verbs.js";

export async function describeFile(
  engine: Pick<Engine, "bind" | "query">,
  file: string,
  control: TaskControl,
): Promise<DescribedFile> {
  const scope = { root: dirname(file), readable: [], relations: [], parameters: [] };
  const from = `read_parquet(${quoteLiteral(file)}, hive_partitioning = false)`;
  const [bound] = await engine.bind(scope, [{ name: "file", sql: `SELECT * FROM ${from}` }], control);
  if (bound?.ok !== true) throw new AppError("query", `"${file}" cannot be read.`);
  const counted = await engine.query({ scope, sql: `SELECT count(*) FROM ${from}`, limit: 1 }, control);
  return { columns: bound.columns, rows: Number(counted.rows[0]?.[0] ?? 0) };
}

/** Looks at every value. */
export function readThroughQuery({ scope, sql }: ExplainTask): QueryTask {
  return { scope, sql: `SELECT max(hash(whole_row__)) FROM (${sql}) AS whole_row__`, limit: 1 };
}
