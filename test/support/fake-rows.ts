import { access, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { FakeError, type FakeWrite } from "./fake-spark.js";

/** Spark's side of the handshake. */
export async function shakeHands({ path, sources }: FakeWrite): Promise<void> {
  const question = sources[0]?.paths[0]?.replace("file://", "") ?? "";
  await access(question).catch(() => {
    throw new FakeError({ message: `Path does not exist: ${question}`, errorClass: "PATH_NOT_FOUND" });
  });
  await mkdir(path);
  await copyFile(question, join(path, "part-0.parquet"));
}

/** As Spark does: one file for each of two tasks, in folders by the copies, and files that are not data. */
export async function writeRows({ path, partitionBy }: FakeWrite, rows: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const by =
    partitionBy.length === 0 ? "" : `, PARTITION_BY (${partitionBy.join(", ")}), FILENAME_PATTERN 'part-{i}'`;
  const target = partitionBy.length === 0 ? `${path}/part-0.parquet` : path;
  const options = `FORMAT parquet, COMPRESSION zstd${by}${by === "" ? "" : ", OVERWRITE_OR_IGNORE"}`;
  await connection.run(`COPY (${rows}) TO '${target}' (${options})`);
  await connection.run(`COPY (SELECT 1) TO '${path}/_SUCCESS' (FORMAT csv)`);
}
