import type { DuckDBConnection } from "@duckdb/node-api";
import type { BoundParameter } from "../../server/engine/scope.js";
import { printSpark, type PrintResult } from "../../server/engine/spark/printer/print-spark.js";
import { tables } from "./data.js";

/** Spark's views are called as the tables. */
export function viewsOf(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, `\`${name}\``]));
}

export const relations = viewsOf(Object.keys(tables));

export async function print(
  sql: string,
  connection: DuckDBConnection,
  parameters: readonly BoundParameter[] = [],
  names = relations,
): Promise<PrintResult> {
  const rows = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
  const tree = String(rows.getRows()[0]?.[0]);
  const describe = async (probe: string): Promise<readonly { name: string; type: string }[] | undefined> => {
    try {
      const described = await connection.runAndReadAll(`DESCRIBE ${probe}`);
      return described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    } catch {
      return undefined;
    }
  };
  return printSpark({ sql, tree, describe, relations: names, parameters });
}

/** Queries of a corpus: one a line, with the heading that stands before it. */
export function readCorpus(text: string): readonly { readonly heading: string; readonly sql: string }[] {
  let heading = "";
  return text.split("\n").flatMap((line) => {
    if (line.startsWith("-- ")) heading = line.slice(3);
    return line === "" || line.startsWith("--") ? [] : [{ heading, sql: line }];
  });
}
