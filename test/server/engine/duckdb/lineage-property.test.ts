import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { expect, test } from "vitest";
import type { KnownLineage } from "../../../../server/engine/lineage.js";
import { lineageOf, relation } from "../../../support/lineage.js";
import { seededRandom } from "../../../support/seed.js";
import { LineageQueries, tables } from "./random-lineage-query.js";

const QUERIES = 120;
const ROWS = 7;

const sources = Object.entries(tables).flatMap(([table, columns]) =>
  columns.map((column) => ({ table, column, schema: `${table}_${column}` })),
);

test("no value changes with a column that lineage says it does not depend on", async () => {
  const seeded = seededRandom("lineage");
  const random = (): number => seeded.next();
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await createTables(connection, random);
  const generator = new LineageQueries(random);
  const queries: { sql: string; columns: readonly string[]; rows: readonly unknown[][] }[] = [];
  while (queries.length < QUERIES) {
    const sql = generator.next();
    await connection.run("SET schema = 'original'");
    queries.push({ sql, ...(await run(connection, sql)) });
  }
  const relations = Object.entries(tables).map(([name, columns]) =>
    relation(name, columns.map((column) => `${column} INTEGER`).join(", ")),
  );
  const items = queries.map(({ sql, columns }) => ({ sql, columns, files: [], parameters: [] }));
  const found = await lineageOf({ relations, items });

  let independent = 0;
  let dependent = 0;
  for (const [index, { sql, rows }] of queries.entries()) {
    const lineage = found[index];
    if (lineage?.ok !== true) throw new Error(`${lineage?.reason ?? ""}\n${sql}`);
    for (const source of sources) {
      const places = independentOf(lineage, source);
      independent += places.length;
      dependent += lineage.columns.length - places.length;
      if (places.length === 0) continue;
      await connection.run(`SET schema = '${source.schema}'`);
      const other = await run(connection, sql);
      const context = `${source.table}.${source.column} decides none of ${places.join(", ")}\n${sql}`;
      expect(shownRows(other.rows, places), context).toEqual(shownRows(rows, places));
    }
  }
  // It would be easy to say that everything depends on everything.
  expect(independent).toBeGreaterThan(dependent / 2);
});

/** `original`, and a schema for each column in which only that one has other values. */
async function createTables(connection: DuckDBConnection, random: () => number): Promise<void> {
  const value = (): string => (random() < 0.15 ? "NULL" : String(Math.floor(random() * 4)));
  const others = sources.map(({ schema }) => schema);
  for (const schema of ["original", ...others]) await connection.run(`CREATE SCHEMA ${schema}`);
  for (const [table, columns] of Object.entries(tables)) {
    const rows = Array.from({ length: ROWS }, (_, row) =>
      columns.map((column) => (column === "id" ? String(row) : value())),
    );
    const create = (schema: string, changed?: string): Promise<unknown> => {
      const lines = rows.map((row) => {
        const values = row.map((each, place) => {
          if (columns[place] !== changed) return each;
          return changed === "id" ? String(ROWS - 1 - Number(each)) : value();
        });
        return `(${values.join(", ")})`;
      });
      return connection.run(
        `CREATE TABLE ${schema}.${table} AS SELECT ${columns.map((name) => `${name}::INTEGER AS ${name}`).join(", ")}
        FROM (VALUES ${lines.join(", ")}) AS v(${columns.join(", ")})`,
      );
    };
    await create("original");
    for (const source of sources)
      await create(source.schema, source.table === table ? source.column : undefined);
  }
}

async function run(
  connection: DuckDBConnection,
  sql: string,
): Promise<{ readonly columns: readonly string[]; readonly rows: readonly unknown[][] }> {
  const reader = await connection.runAndReadAll(`SELECT * FROM (${sql})`);
  return { columns: reader.columnNames(), rows: reader.getRowsJson() };
}

/** Places of the columns that are computed without it. */
function independentOf(
  { columns, rows }: KnownLineage,
  source: { readonly table: string; readonly column: string },
): number[] {
  const isMeant = (each: { readonly relation: string; readonly column: string }): boolean =>
    each.relation === source.table && each.column === source.column;
  if (rows.columns.some(isMeant)) return [];
  return columns.flatMap((column, place) => (column.columns.some(isMeant) ? [] : [place]));
}

function shownRows(rows: readonly unknown[][], places: readonly number[]): string[] {
  return rows.map((row) => JSON.stringify(places.map((place) => row[place]))).sort();
}
