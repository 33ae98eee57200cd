import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createDuckdbEngine } from "../../server/engine/duckdb/duckdb-engine.js";
import type { Engine, MaterializeTask } from "../../server/engine/engine.js";
import { parseAddress } from "../../server/engine/spark/connect/address.js";
import { SparkSession } from "../../server/engine/spark/connect/session.js";
import { withSpark } from "../../server/engine/spark/spark-engine.js";
import { benchmark, compareCorpus, corpora } from "./compare.js";
import { compareFiles } from "./files.js";
import { freePort, getPython, Spark } from "./spark-server.js";
import { isStamped, writeStamp } from "./stamp.js";
import { tpchTables } from "./tpch-data.js";

/*
 * npm run test:spark: what needs a real Spark. Gets pyspark into a cache (456 MB, once; or SPARK_PYTHON names a python that has
 * it), starts a Spark Connect server, and looks at the shipped notebook, cancelling, a server of ours that is killed, a Spark
 * that is killed, and with --corpus at every query of the corpus; if all of that passes, passed.txt says so. Needs Java 17, and
 * a build. --ci: see `lookInCi`.
 */

const root = resolve(import.meta.dirname, "../..");
const lakebook = join(root, "server/bin/lakebook.js");
/** Some seconds of work for one task. */
const SLOW = "SELECT sum((a.x * b.y) % 7)::BIGINT AS n FROM range(1000) a(x) CROSS JOIN range(1000000) b(y)";
/** Of a run that nobody waits for longer. */
const SAMPLE_SECONDS = 100;
const NOTEBOOK = "customer_courier_conversations";

/** What has to be so is not: no fault of the machine. */
class NotSo extends Error {}

function require_(condition: boolean, what: string): void {
  if (!condition) throw new NotSo(`Not so: ${what}`);
}

function warn(what: string): void {
  console.warn(
    `\n*** SKIPPED: ${what}. Run npm run test:spark -- --corpus where there is Java 17 and pyspark. ***\n`,
  );
}

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

/** All datasets that both engines made of the shipped notebook have the same content. */
async function compareNotebook(folder: string, url: string): Promise<void> {
  const hashes: Record<string, string>[] = [];
  for (const engine of ["duckdb", "spark"]) {
    const workspace = join(folder, engine);
    for (const name of ["notebooks", "input"])
      await cp(join(root, name), join(workspace, name), { recursive: true });
    await mkdir(join(workspace, "data_lake"));
    if (engine === "spark") await askForSpark(join(workspace, "notebooks", `${NOTEBOOK}.md`));
    const args = [lakebook, "materialize", NOTEBOOK, "--workspace", workspace, "--date", "2021-01-01"];
    const { status, stderr } = spawnSync("node", [...args, "--spark", url], { encoding: "utf8" });
    if (status !== 0) throw new Error(`The notebook does not run on ${engine}: ${stderr}`);
    hashes.push(await contentOf(join(workspace, "data_lake/.lake/log")));
  }
  const [expected = {}, found = {}] = hashes;
  require_(Object.keys(expected).length === 7, "there are seven datasets");
  for (const [name, hash] of Object.entries(expected))
    require_(found[name] === hash, `${name} is the same on Spark`);
}

async function compareSources(folder: string, url: string): Promise<void> {
  const engine = await engineIn(folder, url);
  const root = join(folder, "input");
  await mkdir(root);
  const wrong = await compareFiles(engine, root);
  await engine.close();
  require_(wrong.length === 0, wrong.join("\n"));
}

async function askForSpark(file: string): Promise<void> {
  let text = (await readFile(file, "utf8")).replace("\nschedule:", "\nengine: spark\nschedule:");
  for (const cell of ["orders", "customer_courier_chat_messages_enhanced", "catalog"])
    text = text.replace(`--| cell: ${cell}\n`, `--| cell: ${cell}\n--| engine: duckdb\n`);
  await writeFile(file, text);
}

async function contentOf(log: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(log)).sort()) {
    const text = await readFile(join(log, name), "utf8");
    const { entry } = JSON.parse(text) as { entry?: { type: string; dataset: string; contentHash?: string } };
    if (entry?.type === "store") found[entry.dataset] = entry.contentHash ?? text;
  }
  return found;
}

async function cancelInTime(folder: string, url: string): Promise<void> {
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
async function surviveOwnDeath(folder: string, url: string): Promise<void> {
  const child = spawn("node", ["--import", "tsx", import.meta.filename, "--slow", folder, url], {
    cwd: root,
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
  const made = await engine.materialize(await slowTask(folder), { label: "slow" });
  await engine.close();
  const session = new SparkSession(parseAddress(url), undefined, id);
  require_(
    made.rows === 1 && (await session.status(operation)) === "succeeded",
    "the operation is found again",
  );
  session.close();
  await requireNothingLeft(folder);
  console.log(`  found again, and done after ${String(Math.round(performance.now() - started))} ms`);
}

async function surviveDeathOfSpark(folder: string, spark: Spark): Promise<void> {
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

type Step = "notebook" | "files" | "corpus" | "sample" | "cancel" | "own-death" | "death";

/** False: there is no Spark here. */
async function main(names: readonly Step[]): Promise<boolean> {
  const python = spawnSync("java", ["-version"]).status === 0 ? getPython() : undefined;
  if (python === undefined) {
    warn("nothing was looked at on a real Spark, since there is no pyspark or no Java here");
    return false;
  }
  const folder = await mkdtemp(join(tmpdir(), "lakebook-spark-"));
  const spark = new Spark(python, folder, await freePort());
  const known: Readonly<Record<Step, readonly [string, () => Promise<void>]>> = {
    notebook: ["the shipped notebook", () => compareNotebook(join(folder, "notebook"), spark.url)],
    files: ["files that Spark reads", () => compareSources(folder, spark.url)],
    corpus: ["the corpus", () => compareAll(spark.url)],
    sample: ["some of the corpus", () => compareAll(spark.url, SAMPLE_SECONDS)],
    cancel: ["cancelling", () => cancelInTime(folder, spark.url)],
    "own-death": ["a server of ours that is killed", () => surviveOwnDeath(folder, spark.url)],
    death: ["a Spark that is killed", () => surviveDeathOfSpark(folder, spark)],
  };
  const steps = names.map((name) => known[name]);
  try {
    await spark.start();
    for (const [name, step] of steps) {
      const started = performance.now();
      await step();
      console.log(`✓ ${name} (${String(Math.round((performance.now() - started) / 1000))} s)`);
    }
  } finally {
    await spark.kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
  return true;
}

/** What stands for all that passed is checked in. */
async function lookAtAll(): Promise<void> {
  const hasCorpus = process.argv.includes("--corpus");
  const corpus: readonly Step[] = hasCorpus ? ["corpus"] : [];
  const hasLooked = await main(["notebook", "files", "cancel", ...corpus, "own-death", "death"]);
  if (hasLooked && hasCorpus) await writeStamp();
}

/** Nothing is silently different, and enough of it runs. */
async function compareAll(url: string, seconds?: number): Promise<void> {
  const tpch = await compareCorpus(url, benchmark, { tables: tpchTables });
  const corpus = await compareCorpus(url, corpora, { seconds });
  console.log(`  corpus ${JSON.stringify(corpus)}, TPC-H ${JSON.stringify(tpch)}`);
  const { equal, refused, failed, lenient, different } = corpus;
  require_(different + tpch.different === 0, "no query is silently different");
  require_(tpch.equal >= 18, "18 queries of TPC-H run");
  if (seconds !== undefined) return;
  require_(lenient <= 1, "no query gives rows where DuckDB has an error");
  require_(equal >= 0.7 * (equal + refused + failed + lenient), "70% of the corpus run");
}

/** Whether all is as it was when it last passed; else what there is time for, without what a slow machine could fail. */
async function lookInCi(): Promise<void> {
  if (await isStamped()) {
    console.log("Spark: nothing has changed since it was last seen to pass.");
    return;
  }
  console.log("Spark: test/spark/passed.txt does not fit, so a real one is looked at.");
  await main(["notebook", "files", "sample"]).catch((error: unknown) => {
    if (error instanceof NotSo) throw error;
    warn(`nothing was seen of Spark: ${String(error)}`);
  });
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
await (word === "--slow" ? beSlow(folder, url) : word === "--ci" ? lookInCi() : lookAtAll());
