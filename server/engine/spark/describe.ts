import { isAppError } from "../../base/errors.js";
import { quoteLiteral } from "../../text/sql-names.js";
import type { Engine, QueryScope, TaskControl } from "../engine.js";
import type { Describe } from "./printer/resolve.js";

/** More columns than any query has. */
const ALL = 1_000_000;

/** What DuckDB says of the columns of a query in the scope. */
export function describeIn(duckdb: Engine, scope: QueryScope, control: TaskControl): Describe {
  return async (sql) => {
    try {
      const { rows } = await duckdb.query({ scope, sql: `DESCRIBE ${sql}`, limit: ALL }, control);
      return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
    } catch (error) {
      if (isAppError(error, "query", "input")) return undefined;
      throw error;
    }
  };
}

/** DuckDB's tree of a query, as JSON. */
export async function treeOf(duckdb: Engine, sql: string, control: TaskControl): Promise<string> {
  const scope = { root: "/", readable: [], relations: [], parameters: [], isImmutable: true };
  const text = `SELECT json_serialize_sql(${quoteLiteral(sql)}::VARCHAR)`;
  const { rows } = await duckdb.query({ scope, sql: text, limit: 1 }, control);
  return String(rows[0]?.[0]);
}
