/*
 * What people run today: a script that does the work of the notebook with DuckDB and nothing else. It copies the input,
 * writes the same Parquet in the same partitions and the same CSV with the notebook's own SQL, the four aggregations
 * side by side. No hash, no check, no fsync, no manifest; a crash leaves half of it.
 *
 *     node plain.js PLAN.json           all of it, as a whole process
 *     node plain.js PLAN.json a,b,c     these cells only, after the others; prints the seconds that they took
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const [planFile = "", only] = process.argv.slice(2);
/** @type {{input: string[], out: string, parameters: Record<string, string>, memoryLimit: string | null, stages: {name: string, sql: string, partitionBy: string[], csv: boolean}[][]}} */
const plan = JSON.parse(readFileSync(planFile, "utf8"));
const wanted = only?.split(",");

if (wanted === undefined) {
  rmSync(plan.out, { recursive: true, force: true });
  mkdirSync(join(plan.out, "input"), { recursive: true });
  for (const file of plan.input) copyFileSync(file, join(plan.out, "input", basename(file)));
}

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run("SET timezone = 'UTC'");
if (plan.memoryLimit !== null) await connection.run(`SET memory_limit = '${plan.memoryLimit}'`);
process.chdir(plan.out);

const started = performance.now();
for (const stage of plan.stages) {
  await Promise.all(stage.map((cell) => write(cell)));
  for (const cell of stage) await connection.run(`CREATE VIEW ${cell.name} AS FROM ${scanOf(cell)}`);
}
if (wanted !== undefined) process.stdout.write(`${(performance.now() - started) / 1000}\n`);

async function write(cell) {
  if (wanted !== undefined && !wanted.includes(cell.name)) return;
  const own = await instance.connect();
  const partitions =
    cell.partitionBy.length === 0
      ? ""
      : `, PARTITION_BY (${cell.partitionBy.join(", ")}), WRITE_PARTITION_COLUMNS true, OVERWRITE_OR_IGNORE`;
  mkdirSync(dirname(targetOf(cell)), { recursive: true });
  await own.run(`COPY (${cell.sql}) TO '${targetOf(cell)}' (FORMAT parquet, COMPRESSION zstd${partitions})`);
  if (cell.csv) await own.run(`COPY (FROM ${scanOf(cell)}) TO '${cell.name}.csv' (HEADER)`);
}

function targetOf(cell) {
  return cell.partitionBy.length === 0 ? `${cell.name}/part.parquet` : cell.name;
}

function scanOf(cell) {
  return `read_parquet('${cell.name}/**/*.parquet', hive_partitioning = false)`;
}
