import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Engine, MaterializedOutput } from "../../server/engine/engine.js";
import { tables } from "./data.js";

/*
 * Files that Spark reads by itself: each query gives the same dataset on both engines, or is refused, or fails on Spark.
 */

const lines = [
  '{"id": 1, "name": "ñandú \\"x\\"\\n\\u00e9", "price": 1.50, "ok": true, "day": "2021-02-28", "moment": "2021-02-28 10:11:12.5", "more": 1}',
  "",
  '{"id": -9007199254740993, "price": 2, "ok": null, "name": "", "moment": "2021-02-28"}',
  '  {"name": null, "id": 9223372036854775807, "price": 1e300}  ',
  '{"day": "1969-12-31", "other": {"id": 5}, "price": -0.1, "name": "{}"}\r',
  "{}",
];
const columns =
  "columns = {id: 'BIGINT', name: 'VARCHAR', price: 'DOUBLE', ok: 'BOOLEAN', day: 'DATE', moment: 'TIMESTAMP'}";

/** Lines that the engines read differently: neither may give rows that the other does not. */
const oddLines = [
  '{"id": 1} xyz',
  '{"id": 1}{"id": 2}',
  '{"id": 1}, {"id": 2}',
  '{"id": 1}} {',
  '{"id": 1}\0',
  '{"id": 1',
  '{"id": 1, "id": 2}',
  '{"id": null, "id": 1}',
  '{"id": 1, "i\\u0064": null}',
  "{'id': 1}",
  "{id: 1}",
  '{"id": 9223372036854775808}',
  '{"id": 1e2}',
  '{"id": ""}',
  '{"price": -0.0}',
  '{"price": -0}',
  '{"price": 1e400}',
  '{"price": NaN}',
  '{"price": "NaN"}',
  '{"price": 0.1234567890123456789012345678901234567890123}',
  '{"price": 123456789012345678901234567890123456789012345}',
  '{"ok": "true"}',
  '{"ok": 1}',
  '{"name": true}',
  '{"name": [1, 2]}',
  '{"n\\u0061me": "x"}',
  '{"n\\u0061me": 5}',
  '{"ID": 7, "NAME": "x"}',
  '{"name": "\\ud800"}',
  '{"more": "\\udc00x", "id": 1}',
  '{"name": "\\ud83d\\ude00\\u0000\\/"}',
  '{"name": "a\tb"}',
  '{"more": {"id": 1, "name": 5}, "id": 3}',
  "null",
  '[{"id": 1}]',
  '\ufeff{"id": 1}',
];

interface Case {
  readonly sql: string;
  readonly outcome: "equal" | "refused" | "failed";
}

const cases: readonly Case[] = [
  { sql: "SELECT * FROM read_parquet('orders.parquet')", outcome: "equal" },
  { sql: "FROM 'orders.parquet' WHERE orders.qty > 3", outcome: "equal" },
  {
    sql: "SELECT o.city, count(*) AS n, sum(o.amount) AS s FROM read_parquet('parts/*.parquet') o GROUP BY o.city",
    outcome: "equal",
  },
  {
    sql: "SELECT a.id, b.country FROM 'orders.parquet' a JOIN 'cities.parquet' b USING (city)",
    outcome: "equal",
  },
  { sql: "SELECT * FROM 'edges.parquet'", outcome: "equal" },
  { sql: "SELECT * FROM read_parquet('mixed/*.parquet')", outcome: "refused" },
  { sql: "SELECT * FROM read_parquet('hive/*/*.parquet')", outcome: "refused" },
  { sql: "SELECT * FROM read_parquet('parts/*.parquet', union_by_name = true)", outcome: "refused" },
  { sql: "SELECT * FROM read_parquet('odd.parquet')", outcome: "refused" },
  {
    sql: `SELECT * FROM read_json('lines.jsonl', format = 'newline_delimited', ${columns})`,
    outcome: "equal",
  },
  {
    sql: `SELECT name, sum(price) AS s FROM read_ndjson('lines.jsonl', ${columns}) t WHERE t.id > 0 GROUP BY name`,
    outcome: "equal",
  },
  { sql: "SELECT * FROM read_ndjson('plain.ndjson.gz')", outcome: "equal" },
  { sql: "SELECT * FROM read_ndjson('kinds.jsonl', columns = {v: 'VARCHAR'})", outcome: "failed" },
  { sql: "SELECT * FROM read_ndjson('kinds.jsonl', columns = {n: 'BIGINT'})", outcome: "failed" },
  { sql: "SELECT * FROM read_ndjson('kinds.jsonl')", outcome: "refused" },
  { sql: "SELECT * FROM read_json('lines.jsonl')", outcome: "refused" },
  { sql: "SELECT * FROM read_csv('x.csv')", outcome: "refused" },
];

async function makeFiles(root: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  for (const folder of ["parts", "mixed", "hive/k=1", "hive/k=2"])
    await mkdir(join(root, folder), { recursive: true });
  const copy = (sql: string, file: string): Promise<unknown> =>
    connection.run(`COPY (${sql}) TO '${join(root, file)}'`);
  for (const [name, sql] of Object.entries(tables)) await copy(sql, `${name}.parquet`);
  const orders = tables["orders"] ?? "";
  await copy(`SELECT * FROM (${orders}) WHERE id < 100`, "parts/a.parquet");
  await copy(`SELECT * FROM (${orders}) WHERE id >= 100`, "parts/b.parquet");
  await copy("SELECT 1::INTEGER AS a, 2 AS b", "mixed/a.parquet");
  await copy("SELECT 1::BIGINT AS a, 2 AS b", "mixed/b.parquet");
  await copy("SELECT 1 AS a", "hive/k=1/a.parquet");
  await copy("SELECT 2 AS a", "hive/k=2/a.parquet");
  await copy("SELECT 1::UBIGINT AS a, TIME '10:00:00' AS t", "odd.parquet");
  await copy(
    "SELECT i AS id, 'x' || i AS name, i / 4 AS share, i % 2 = 0 AS even FROM range(1, 500) t(i)",
    "plain.json",
  );
  await connection.run(
    `COPY (FROM read_json('${join(root, "plain.json")}', format = 'newline_delimited')) TO '${join(root, "plain.ndjson.gz")}' (FORMAT json, COMPRESSION gzip)`,
  );
  await writeFile(join(root, "lines.jsonl"), lines.join("\n"));
  for (const [index, line] of oddLines.entries())
    await writeFile(join(root, `odd-${String(index)}.jsonl`), `${line}\n`);
  await writeFile(join(root, "odd-bytes.jsonl"), Buffer.from('{"name": "\xe9"}\n', "latin1"));
  await writeFile(join(root, "kinds.jsonl"), '{"v": 1.50, "n": "5"}\n{"v": {"a": [1]}, "n": 5.0}\n');
  connection.closeSync();
}

/** What does not come out as it should. `root`: a folder in the lake. */
export async function compareFiles(engine: Engine, root: string): Promise<readonly string[]> {
  await makeFiles(root);
  const wrong: string[] = [];
  const compare = async (sql: string, outcomes: readonly string[]): Promise<void> => {
    const [duckdb, spark] = [
      await compute(engine, root, sql, "duckdb"),
      await compute(engine, root, sql, "spark"),
    ];
    const found = outcomeOf(duckdb, spark);
    if (!outcomes.includes(found))
      wrong.push(`${sql}: ${found}, and not ${outcomes.join(" or ")}: ${JSON.stringify([duckdb, spark])}`);
  };
  for (const { sql, outcome } of cases) await compare(sql, [outcome]);
  for (const name of ["bytes", ...oddLines.keys()]) {
    // The sign of a zero is no part of its text.
    const read = `read_ndjson('odd-${String(name)}.jsonl', ${columns})`;
    await compare(`SELECT *, 1 / price AS turned FROM ${read}`, ["equal", "failed"]);
  }
  return wrong;
}

function outcomeOf(duckdb: MaterializedOutput | string, spark: MaterializedOutput | string): string {
  if (typeof spark === "string") return spark.includes("can't run on Spark") ? "refused" : "failed";
  if (typeof duckdb === "string") return "lenient";
  const [a, b] = [duckdb, spark].map(({ columns, contentHash }) => JSON.stringify([columns, contentHash]));
  return a === b ? "equal" : "different";
}

async function compute(
  engine: Engine,
  root: string,
  sql: string,
  on: "duckdb" | "spark",
): Promise<MaterializedOutput | string> {
  const folder = await mkdtemp(join(root, "build-"));
  const scope = { root, readable: [], relations: [], parameters: [] };
  const rest = {
    dataset: "d",
    formats: ["parquet"],
    partitionBy: [],
    isOrdered: false,
    metadata: {},
  } as const;
  return engine
    .materialize({ scope, sql, engine: on, folder, ...rest }, { label: "d" })
    .catch((error: unknown) => (error as Error).message);
}
