import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { analyzeQuery } from "../../server/engine/duckdb/parse/analyze.js";
import type { QueryAnalysis, QueryFacts, QueryProblem } from "../../server/graph/query-analysis.js";

let connection: Promise<DuckDBConnection> | undefined;

/** A DuckDB for what tests want to know of the engine itself; it is used only as a parser by `serialize`. */
export function duckdb(): Promise<DuckDBConnection> {
  connection ??= DuckDBInstance.create(":memory:", { errors_as_json: "true" }).then((instance) =>
    instance.connect(),
  );
  return connection;
}

export async function serialize(sql: string): Promise<string> {
  const reader = await (await duckdb()).runAndReadAll("select json_serialize_sql($1::varchar)", [sql]);
  return reader.getRowsJson()[0]?.[0] as string;
}

export function analyze(sql: string): Promise<QueryAnalysis> {
  return analyzeQuery(sql, serialize);
}

/** The facts of a query that must be admitted. */
export async function factsOf(sql: string): Promise<QueryFacts> {
  const analysis = await analyze(sql);
  if (analysis.ok) return analysis.facts;
  throw new Error(
    `${sql}\n${analysis.problems.map(({ code, message }) => `${code}: ${message}`).join("\n")}`,
  );
}

/** The problems of a query that must be refused. */
export async function problemsOf(sql: string): Promise<readonly QueryProblem[]> {
  const analysis = await analyze(sql);
  return analysis.ok ? [] : analysis.problems;
}
