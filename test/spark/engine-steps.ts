import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createDuckdbEngine } from "../../server/engine/duckdb/duckdb-engine.js";
import type { Engine, MaterializeTask } from "../../server/engine/engine.js";
import { parseAddress } from "../../server/engine/spark/connect/address.js";
import type { SparkError } from "../../server/engine/spark/connect/failure.js";
import { SparkSession } from "../../server/engine/spark/connect/session.js";
import { withSpark } from "../../server/engine/spark/spark-engine.js";
import { compareFiles } from "./files.js";
import { require_ } from "./not-so.js";
import type { Spark } from "./spark-server.js";

/* Single queries on a real Spark, by the engine alone: files that it reads, cancelling, what is killed. */

/** Some seconds of work for one task. */
const SLOW = "SELECT sum((a.x * b.y) % 7)::BIGINT AS n FROM range(1000) a(x) CROSS JOIN range(1000000) b(y)";

async function engineIn(folder: string, url: string): Promise<Engine> {
  const duckdb = await createDuckdbEngine({ tempFolder: join(folder, "temp") });
  return withSpark(duckdb, { cluster: { url, folder: join(folder, "spark") }, lake: folder });
}

async function slowTask(folder: string, sql = SLOW): Promise<MaterializeTask> {
  const build = await mkdtemp(join(folder, "build-"));
  const scope = { root: folder, readable: [], relations: [], parameters: [] };
  const rest = {
    dataset: "slow",
    formats: ["parquet"],
    partitionBy: [],
    isOrdered: false,
    metadata: {},
  } as const;
  return { scope, sql, engine: "spark", folder: build, ...rest };
}

async function requireNothingLeft(folder: string): Promise<void> {
  const left = await readdir(join(folder, "spark")).catch(() => []);
  require_(left.length === 0, `nothing is left behind (${left.join(", ")})`);
}

export async function compareSources(folder: string, url: string): Promise<void> {
  const engine = await engineIn(folder, url);
  const root = join(folder, "input");
  await mkdir(root);
  const wrong = await compareFiles(engine, root);
  await engine.close();
  require_(wrong.length === 0, wrong.join("\n"));
}

export async function cancelInTime(folder: string, url: string): Promise<void> {
  const engine = await engineIn(folder, url);
  const aborting = new AbortController();
  let at = 0;
  const onProgress = (): void => {
    if (at > 0) return;
    at = performance.now();
    aborting.abort();
  };
  const task = await slowTask(folder);
  const code = await engine.materialize(task, { label: "slow", signal: aborting.signal, onProgress }).then(
    () => "none",
    (error: unknown) => (error as { code: string }).code,
  );
  const ms = Math.round(performance.now() - at);
  await engine.close();
  require_(
    code === "cancelled" && ms < 1000,
    `it is cancelled within a second (${code} after ${String(ms)} ms)`,
  );
  await requireNothingLeft(folder);
  console.log(`  cancelled after ${String(ms)} ms`);
}

/** A process of ours that is killed leaves an operation, which the next one goes on with. */
export async function surviveOwnDeath(folder: string, url: string): Promise<void> {
  const child = spawn("node", ["--import", "tsx", import.meta.filename, "--slow", folder, url], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  const [left = ""] = await readdir(join(folder, "spark/operations"));
  const record = await readFile(join(folder, "spark/operations", left, "operation.json"), "utf8");
  const { session: id, operation } = JSON.parse(record) as { session: string; operation: string };
  const engine = await engineIn(folder, url);
  const started = performance.now();
  let atWork: readonly string[] = [];
  const onProgress = (): void => {
    atWork = readdirSync(join(folder, "spark/operations"));
  };
  const made = await engine.materialize(await slowTask(folder), { label: "slow", onProgress });
  await engine.close();
  require_(made.rows === 1 && atWork.join() === left, "the operation is found again");
  // Nothing in it is wanted any more.
  const session = new SparkSession(parseAddress(url), undefined, id);
  const status = await session.status(operation).catch((error: unknown) => (error as SparkError).kind);
  require_(status === "gone", `the session of who was killed is ended (${status})`);
  session.close();
  await requireNothingLeft(folder);
  console.log(`  found again, and done after ${String(Math.round(performance.now() - started))} ms`);
}

export async function surviveDeathOfSpark(folder: string, spark: Spark): Promise<void> {
  const engine = await engineIn(folder, spark.url);
  let killing: Promise<void> | undefined;
  const onProgress = (): void => void (killing ??= spark.kill());
  const error = await engine.materialize(await slowTask(folder), { label: "slow", onProgress }).then(
    () => undefined,
    (thrown: unknown) => thrown as { code: string; message: string },
  );
  await killing;
  require_(error?.code === "engine-crashed", `one clear error: ${error?.message ?? "none"}`);
  console.log(`  ${error?.message ?? ""}`);
  await spark.start();
  const made = await engine.materialize(await slowTask(folder, "SELECT 1 AS n"), { label: "quick" });
  require_(made.rows === 1, "the next one runs on the Spark that was started again");
  await engine.close();
  await requireNothingLeft(folder);
}

/** What is killed. */
async function beSlow(folder: string, url: string): Promise<void> {
  const engine = await engineIn(folder, url);
  await engine.materialize(await slowTask(folder), {
    label: "slow",
    onProgress: () => console.log("at work"),
  });
}

const [word, folder = "", url = ""] = process.argv.slice(2);
if (word === "--slow") await beSlow(folder, url);
