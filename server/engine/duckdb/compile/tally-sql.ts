import { join } from "node:path";
import type { ChartValue } from "../../../chart/chart-query.js";
import type { MaterializedOutput, MaterializeTask, QueryResult, QueryTask } from "../../engine.js";
import type { Tally, TallyTask } from "../../verbs.js";
import { valueSql } from "./chart-value-sql.js";
import { RELATION, scopeOf } from "./selection-sql.js";

/** What runs the two queries. */
interface Runner {
  query(task: QueryTask): Promise<QueryResult>;
  materialize(task: MaterializeTask): Promise<MaterializedOutput>;
}

/** Of so many times the groups that are wanted the first rows are looked at. */
const SAMPLED = 4;

/**
 * Undefined where there are more groups than are wanted. Rows that mostly differ would take long, and much memory, to be
 * grouped in vain: so some of them are looked at before.
 */
export async function computeTally(
  run: Runner,
  { table, items, most, folder }: TallyTask,
): Promise<Tally | undefined> {
  const scope = scopeOf(table);
  const { rows: sampled } = await run.query({ scope, sql: sampledGroupsSql(items, most), limit: 1 });
  if (Number(sampled[0]?.[0]) > most) return undefined;
  const { columns, files, rows } = await run.materialize({
    scope,
    sql: tallySql(items, most),
    folder,
    dataset: "tally",
    formats: ["parquet"],
    partitionBy: [],
    isOrdered: false,
    keepsTypes: true,
    metadata: {},
  });
  if (rows > most) return undefined;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: files.map(({ path }) => join(folder, path)), columns, rows, bytes };
}

type Items = TallyTask["items"];

function tallySql(items: Items, most: number): string {
  const list = items.map(({ name, value }) => `${valueSql(value)} AS ${name}`).join(", ");
  return `SELECT ${list} FROM ${RELATION} GROUP BY ALL LIMIT ${String(most + 1)}`;
}

function sampledGroupsSql(items: Items, most: number): string {
  const groups = items.filter(({ value }) => isGroup(value)).map(({ value }) => valueSql(value));
  const sample = `SELECT DISTINCT ${groups.join(", ")} FROM (FROM ${RELATION} LIMIT ${String(SAMPLED * most)})`;
  return `SELECT count(*) FROM (${sample})`;
}

function isGroup({ type }: ChartValue): boolean {
  return type !== "aggregate";
}
