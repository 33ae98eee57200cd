import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { freePort, getPython, Spark } from "../spark/spark-server.js";
import { measureProcess, summarize, type Series } from "./measure.js";
import { fingerprint, requireSame } from "./peers.js";
import { inputFiles, joined } from "./plan.js";
import { createWorkspace, date, materializeCommand, settle, type WorkspaceSource } from "./workspace.js";

export interface SparkTimes {
  /** The messages are an array, which DuckDB reads for it, or lines, which Spark reads itself. */
  readonly input: "array" | "lines";
  readonly lakebook: Series;
  readonly script: Series;
  /** Of the product beside the script, of each turn. */
  readonly ratios: Series;
}

export interface SparkBench {
  readonly checkout: string;
  /** A folder of our own. */
  readonly home: string;
  readonly input: string;
  readonly runs: number;
  /** For the server, of Spark's driver. */
  readonly memory: string;
}

/**
 * The shipped notebook, of which Spark computes what it can, beside a PySpark script that does the same on the same server,
 * alternately, each as a whole process. Both have to come to the same conversations.
 */
export async function measureSpark(
  { checkout, home, input, runs, memory }: SparkBench,
  say: (text: string) => void,
): Promise<readonly SparkTimes[]> {
  const python = getPython();
  if (python === undefined) throw new Error("There is no pyspark: SPARK_PYTHON names a Python that has it");
  if (spawnSync(python, ["-c", "import grpc, pandas, pyarrow, pyspark.sql.connect.session"]).status !== 0)
    throw new Error(`${python} lacks what PySpark needs as a client: pip install 'pyspark[connect]==4.3.0'`);
  const lines = join(home, "lines");
  await mkdir(lines);
  for (const file of inputFiles) await toLines(join(input, file), join(lines, file));
  const folder = await mkdtemp(join(home, "spark-"));
  const spark = new Spark(python, folder, await freePort(), { memory });
  try {
    await spark.start();
    const setting = { checkout, home, runs, python, url: spark.url };
    const found: SparkTimes[] = [];
    for (const [kind, source] of [["array", input] as const, ["lines", lines] as const])
      found.push(await alternate({ ...setting, kind, input: source }, say));
    return found;
  } finally {
    await spark.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

interface Setting {
  readonly checkout: string;
  readonly home: string;
  readonly input: string;
  readonly runs: number;
  readonly python: string;
  readonly url: string;
  readonly kind: SparkTimes["input"];
}

async function alternate(setting: Setting, say: (text: string) => void): Promise<SparkTimes> {
  const { checkout, home, input, runs, python, url, kind } = setting;
  const source: WorkspaceSource = { root: checkout, input, files: inputFiles };
  const taken = { lakebook: [] as number[], script: [] as number[], ratios: [] as number[] };
  // The first turn warms the server up, and does not count.
  for (let turn = 0; turn <= runs; turn++) {
    const results = new Map<string, string>();
    settle(source, join(home, "scratch"));
    const workspace = await createWorkspace(join(home, "workspace"), source);
    await askForSpark(join(workspace, "notebooks", `${joined}.md`), kind);
    const ours = (await measureProcess([...materializeCommand(workspace), "--spark", url])).seconds;
    const published = `${workspace}/data_lake/${date}/${joined}/**/*.parquet`;
    results.set("lakebook", await fingerprint(`read_parquet('${published}', hive_partitioning = false)`));
    await rm(workspace, { recursive: true });

    settle(source, join(home, "scratch"));
    const out = join(home, "script");
    const script = join(import.meta.dirname, "peers/pipeline.py");
    const theirs = (await measureProcess([python, script, input, out, url, kind])).seconds;
    const written = `${out}/conversations/**/*.parquet`;
    results.set("script", await fingerprint(`read_parquet('${written}', hive_partitioning = true)`));
    requireSame(results);
    await rm(out, { recursive: true });
    say(`${kind}, turn ${String(turn)}: lakebook ${ours.toFixed(1)} s, script ${theirs.toFixed(1)} s`);
    if (turn === 0) continue;
    taken.lakebook.push(ours);
    taken.script.push(theirs);
    taken.ratios.push(ours / theirs);
  }
  const { lakebook, script, ratios } = taken;
  return {
    input: kind,
    lakebook: summarize(lakebook),
    script: summarize(script),
    ratios: summarize(ratios),
  };
}

/** What Spark cannot read stays with DuckDB. */
async function askForSpark(file: string, kind: SparkTimes["input"]): Promise<void> {
  let text = (await readFile(file, "utf8")).replace("\nschedule:", "\nengine: spark\nschedule:");
  const others = kind === "lines" ? [] : ["orders", "customer_courier_chat_messages_enhanced"];
  for (const cell of ["catalog", ...others])
    text = text.replace(`--| cell: ${cell}\n`, `--| cell: ${cell}\n--| engine: duckdb\n`);
  if (kind === "lines")
    text = text
      .replaceAll("format = 'array'", "format = 'newline_delimited'")
      .replace("messageSentTime: 'TIMESTAMPTZ'", "messageSentTime: 'VARCHAR'")
      .replace("messageSentTime AT TIME ZONE 'UTC' AS", "strptime(messageSentTime, '%Y-%m-%dT%H:%M:%SZ') AS");
  await writeFile(file, text);
}

/** The sample has an object a line, between the brackets of its array. */
async function toLines(from: string, to: string): Promise<void> {
  const read = createInterface({ input: createReadStream(from) });
  const objects = async function* (): AsyncGenerator<string> {
    for await (const line of read) {
      const object = /\{.*\}/.exec(line)?.[0];
      if (object !== undefined) yield `${object}\n`;
    }
  };
  await pipeline(objects, createWriteStream(to));
}
