import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll } from "vitest";
import type { Engine, RowsColumn } from "../../../server/engine/engine.js";
import { withKind } from "../../../server/engine/type-names.js";
import { chartSql } from "../../../server/engine/duckdb/compile/chart-sql.js";
import type { AggregateTask } from "../../../server/engine/verbs.js";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { chartRows, type ChartData } from "../../../server/rows/chart-data.js";

type Connection = Awaited<ReturnType<DuckDBInstance["connect"]>>;

/** A DuckDB in memory in whose relation `result` the queries of charts are really run. */
export class ChartTable {
  /** The SQL that was run, in its order. */
  queries: string[] = [];
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Draws the rows of a query. */
  async draw(rowsQuery: string, options: ChartOptions): Promise<ChartData> {
    await this.#connection.run(`CREATE OR REPLACE TABLE result AS ${rowsQuery}`);
    const { rows } = await this.#read("DESCRIBE result");
    const columns = rows.map((row) => withKind({ name: row[0] as string, type: row[1] as string }));
    const counted = await this.#read("SELECT count(*) FROM result");
    this.queries = [];
    const engine = {
      aggregate: ({ query, limit }: AggregateTask) => this.#query(chartSql(query), limit),
      aggregateSql: chartSql,
      toColumn: ({ name }: RowsColumn) => ({ name, type: "VARCHAR", kind: "text" }),
    };
    const stored = { key: "", files: ["/result.parquet"], columns, rows: Number(counted.rows[0]?.[0]) };
    return chartRows(engine as unknown as Engine, stored, options);
  }

  async #query(sql: string, limit: number) {
    this.queries.push(sql);
    const { columns, rows } = await this.#read(sql);
    return { columns, rows: rows.slice(0, limit), truncated: rows.length > limit };
  }

  async #read(sql: string) {
    const reader = await this.#connection.runAndReadAll(sql);
    const types = reader.columnTypes();
    const columns = reader.columnNames().map((name, index) => withKind({ name, type: String(types[index]) }));
    return { columns, rows: reader.getRowsJson() };
  }
}

export function useChartTable(): { readonly table: ChartTable } {
  const shared: { table?: ChartTable } = {};
  let instance: DuckDBInstance;
  let connection: Connection;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(":memory:");
    connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    shared.table = new ChartTable(connection);
  });
  afterAll(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return shared as { readonly table: ChartTable };
}
