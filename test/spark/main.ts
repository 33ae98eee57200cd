import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchmark, compareCorpus, corpora } from "./compare.js";
import { cancelInTime, compareSources, surviveDeathOfSpark, surviveOwnDeath } from "./engine-steps.js";
import { NotSo, require_ } from "./not-so.js";
import { compareByTls, compareShipped, ShippedInTrouble } from "./shipped-steps.js";
import { freePort, getPython, Spark } from "./spark-server.js";
import { isStamped, writeStamp } from "./stamp.js";
import { tpchTables } from "./tpch-data.js";

/*
 * npm run test:spark: what needs a real Spark. Gets pyspark into a cache (456 MB, once; or SPARK_PYTHON names a python that has
 * it), starts a Spark Connect server, and looks at the shipped notebook, cancelling, a server of ours that is killed, a Spark
 * that is killed, and with --corpus at every query of the corpus; then at a master with two workers, on which the notebook runs
 * while executors, Spark and our server are killed, and at TLS and a token. If all of that passes, passed.txt says so. Needs Java 17, and a build.
 * --steps a,b: only these. --input FOLDER: other files for the notebook. --ci: see `lookInCi`.
 */

/** Of a run that nobody waits for longer. */
const SAMPLE_SECONDS = 100;

const { values } = parseArgs({
  options: {
    ci: { type: "boolean", default: false },
    corpus: { type: "boolean", default: false },
    steps: { type: "string" },
    input: { type: "string" },
  },
});

function warn(what: string): void {
  console.warn(
    `\n*** SKIPPED: ${what}. Run npm run test:spark -- --corpus where there is Java 17 and pyspark. ***\n`,
  );
}

interface Place {
  readonly folder: string;
  readonly spark: Spark;
}

type Step = readonly [words: string, work: () => Promise<void>];

/** On a server that computes by itself. */
function localSteps({ folder, spark }: Place): Readonly<Record<string, Step>> {
  const shipped = { folder: join(folder, "shipped"), spark, input: values.input };
  return {
    notebook: ["the shipped notebook", () => compareShipped(shipped)],
    files: ["files that Spark reads", () => compareSources(folder, spark.url)],
    cancel: ["cancelling", () => cancelInTime(folder, spark.url)],
    corpus: ["the corpus", () => compareAll(spark.url)],
    sample: ["some of the corpus", () => compareAll(spark.url, SAMPLE_SECONDS)],
    "own-death": ["a server of ours that is killed", () => surviveOwnDeath(folder, spark.url)],
    death: ["a Spark that is killed", () => surviveDeathOfSpark(folder, spark)],
  };
}

/** On a master with two workers. */
function clusterSteps({ folder, spark }: Place): Readonly<Record<string, Step>> {
  const shipped = { folder: join(folder, "shipped"), spark, input: values.input };
  const trouble = new ShippedInTrouble({ folder, spark });
  return {
    "two-workers": ["the shipped notebook on two workers", () => compareShipped(shipped)],
    executors: ["a run whose executors are killed", () => trouble.loseExecutors()],
    "lost-server": ["a run whose server is killed", () => trouble.loseServer()],
    "lost-spark": ["a run whose Spark is killed", () => trouble.loseSpark()],
  };
}

const TOKEN = "a token of tests";

function tokenSteps({ folder, spark }: Place): Readonly<Record<string, Step>> {
  return { tls: ["TLS and a token", () => compareByTls({ folder, spark, input: values.input }, TOKEN)] };
}

/** False: there is no Spark here. */
async function main(names: readonly string[]): Promise<boolean> {
  const python = spawnSync("java", ["-version"]).status === 0 ? getPython() : undefined;
  if (python === undefined) {
    warn("nothing was looked at on a real Spark, since there is no pyspark or no Java here");
    return false;
  }
  await look(names, localSteps, (folder, port) => new Spark(python, folder, port));
  await look(names, clusterSteps, (folder, port) => new Spark(python, folder, port, { workers: 2 }));
  await look(names, tokenSteps, (folder, port) => new Spark(python, folder, port, { token: TOKEN }));
  return true;
}

async function look(
  names: readonly string[],
  stepsOf: (place: Place) => Readonly<Record<string, Step>>,
  create: (folder: string, port: number) => Spark,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lakebook-spark-"));
  const spark = create(folder, await freePort());
  const steps = Object.entries(stepsOf({ folder, spark })).filter(([name]) => names.includes(name));
  try {
    if (steps.length > 0) await spark.start();
    for (const [, [words, work]] of steps) {
      const started = performance.now();
      await work();
      console.log(`✓ ${words} (${String(Math.round((performance.now() - started) / 1000))} s)`);
    }
  } finally {
    await spark.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** What stands for all that passed is checked in. */
async function lookAtAll(): Promise<void> {
  const local = ["notebook", "files", "cancel", ...(values.corpus ? ["corpus"] : []), "own-death", "death"];
  const names = [...local, "two-workers", "executors", "lost-server", "lost-spark", "tls"];
  const hasLooked = await main(values.steps?.split(",") ?? names);
  if (hasLooked && values.corpus && values.steps === undefined) await writeStamp();
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

await (values.ci ? lookInCi() : lookAtAll());
