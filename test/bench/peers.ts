import { spawnSync } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { measureProcess, summarize, type Series } from "./measure.js";
import { inputFiles, joined, planPlain, type PlainPlan } from "./plan.js";
import { createWorkspace, date, materializeCommand, settle, type WorkspaceSource } from "./workspace.js";

export interface PeerTimes {
  readonly name: string;
  /** Of what runs there. */
  readonly version: string;
  readonly times: Series;
}

export interface PeersReport {
  readonly peers: readonly PeerTimes[];
  /** Why others are not there. */
  readonly missing: readonly string[];
}

interface Peer {
  readonly name: string;
  readonly version: string;
  /** Prepares anew what the command needs, and says what to run. Only the command is timed. */
  readonly prepare: (folder: string) => Promise<{
    readonly command: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    /** As DuckDB reads the rows per conversation that it wrote. */
    readonly conversations: string;
  }>;
}

const packages = { pyspark: "pyspark==3.5.*", dbt: "dbt-core<1.11", "dbt-duckdb": "dbt-duckdb<1.11" };

/**
 * The same pipeline in other programs, alternately, each as a whole process; whoever comes to other conversations fails.
 * Python's packages are taken from where `python` has them, or with `install` put into a folder of their own below `home`.
 */
export async function measurePeers(
  checkout: string,
  plain: string,
  home: string,
  input: string,
  { runs, python, install }: { readonly runs: number; readonly python: string; readonly install: boolean },
  say: (text: string) => void,
): Promise<PeersReport> {
  const source: WorkspaceSource = { root: checkout, input, files: inputFiles };
  const { found, missing } = await findPeers(
    source,
    plain,
    home,
    install ? installed(python, home, say) : python,
  );
  const expected = new Map<string, string>();
  const taken = new Map(found.map(({ name }) => [name, [] as number[]]));
  for (let turn = 0; turn < runs; turn++) {
    for (const { name, prepare } of found) {
      say(`Run ${String(turn + 1)} of ${String(runs)}: ${name}`);
      const folder = join(home, "peer");
      await mkdir(folder);
      const { command, env, conversations } = await prepare(folder);
      settle(source, join(home, "scratch"));
      const { seconds } = await measureProcess(command, env === undefined ? {} : { env });
      expected.set(name, await fingerprint(conversations));
      requireSame(expected);
      taken.get(name)?.push(seconds);
      await rm(folder, { recursive: true });
    }
  }
  const peers = found.map(({ name, version }) => ({
    name,
    version,
    times: summarize(taken.get(name) ?? []),
  }));
  return { peers, missing };
}

/** Of a Python that has what is needed, in a virtual environment. */
function installed(python: string, home: string, say: (text: string) => void): string {
  const folder = join(home, "python");
  say("Installing the peers");
  const steps = [
    [python, "-m", "venv", folder],
    [join(folder, "bin/python"), "-m", "pip", "install", "--quiet", ...Object.values(packages)],
  ] as const;
  for (const [file, ...args] of steps) {
    const { status, stderr } = spawnSync(file, args, { encoding: "utf8" });
    if (status !== 0) {
      say(`They could not be installed: ${stderr.trim().split("\n").at(-1) ?? "no message"}`);
      return python;
    }
  }
  return join(folder, "bin/python");
}

async function findPeers(
  source: WorkspaceSource,
  plain: string,
  home: string,
  python: string,
): Promise<{ readonly found: readonly Peer[]; readonly missing: readonly string[] }> {
  const plan = await planPlain(source.root, source.input, join(home, "peer", "out"), null);
  const missing: string[] = [];
  const found: Peer[] = [lakebook(source), plainScript(plain, plan)];
  const spark = versionOf(python, "import pyspark; print(pyspark.__version__)");
  if (spark === undefined) missing.push(hint("PySpark", python, packages.pyspark));
  else if (spawnSync("java", ["-version"]).status !== 0)
    missing.push("PySpark is there, but no Java, in which it runs: install a JRE of version 17");
  else found.push(pyspark(python, spark, source.input));
  const dbt = versionOf(
    python,
    "import duckdb, dbt.version, dbt.adapters.duckdb.__version__ as a; print(dbt.version.__version__, 'with DuckDB', duckdb.__version__)",
  );
  if (dbt === undefined) missing.push(hint("dbt-duckdb", python, packages.dbt, packages["dbt-duckdb"]));
  else found.push(dbtDuckdb(python, dbt, source.input, plan));
  return { found, missing };
}

function hint(name: string, python: string, ...wanted: readonly string[]): string {
  const list = wanted.map((item) => `'${item}'`).join(" ");
  return `${name} is not there: give --install, or run ${python} -m pip install ${list} (BENCH_PYTHON names another Python)`;
}

function versionOf(python: string, script: string): string | undefined {
  const { status, stdout } = spawnSync(python, ["-c", script], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function lakebook(source: WorkspaceSource): Peer {
  return {
    name: "lakebook",
    version: "this checkout",
    prepare: async (folder) => {
      const workspace = await createWorkspace(join(folder, "workspace"), source);
      const conversations = `read_parquet('${workspace}/data_lake/${date}/${joined}/**/*.parquet', hive_partitioning = false)`;
      return { command: materializeCommand(workspace), conversations };
    },
  };
}

function plainScript(plain: string, plan: PlainPlan): Peer {
  return {
    name: "plain DuckDB script",
    version: "the DuckDB of this checkout",
    prepare: async (folder) => {
      const file = join(folder, "plan.json");
      await writeFile(file, JSON.stringify(plan));
      const conversations = `read_parquet('${plan.out}/${joined}/**/*.parquet', hive_partitioning = false)`;
      return { command: [process.execPath, plain, file], conversations };
    },
  };
}

function pyspark(python: string, version: string, input: string): Peer {
  return {
    name: "PySpark, local",
    version,
    prepare: (folder) => {
      const script = join(import.meta.dirname, "peers/pipeline.py");
      const conversations = `read_parquet('${folder}/conversations/**/*.parquet', hive_partitioning = true)`;
      return Promise.resolve({ command: [python, script, input, folder], conversations });
    },
  };
}

/** Each cell is a model that dbt writes to files, with the notebook's SQL. */
function dbtDuckdb(python: string, version: string, input: string, plan: PlainPlan): Peer {
  return {
    name: "dbt-duckdb",
    version,
    prepare: async (folder) => {
      await mkdir(join(folder, "models"));
      await mkdir(join(folder, "out"));
      await symlink(input, join(folder, "input"));
      await writeFile(
        join(folder, "dbt_project.yml"),
        "name: bench\nprofile: bench\nversion: '1.0.0'\nconfig-version: 2\nflags: {send_anonymous_usage_stats: false}\n",
      );
      const output = "{type: duckdb, path: bench.duckdb, threads: 2, settings: {TimeZone: UTC}}";
      await writeFile(join(folder, "profiles.yml"), `bench: {target: dev, outputs: {dev: ${output}}}\n`);
      const names = plan.stages.flat().map(({ name }) => name);
      for (const { name, sql, partitionBy, csv } of plan.stages.flat()) {
        const isParted = partitionBy.length > 0;
        const options = isParted
          ? `, options={'partition_by': '${partitionBy.join(", ")}', 'write_partition_columns': true, 'overwrite': 1, 'compression': 'zstd'}`
          : ", options={'compression': 'zstd'}";
        const location = isParted ? `out/${name}` : `out/${name}.parquet`;
        const config = `{{ config(materialized='external', format='parquet', location='${location}'${options}) }}`;
        await writeFile(join(folder, "models", `${name}.sql`), `${config}\n${withReferences(sql, names)}\n`);
        const csvConfig = `{{ config(materialized='external', format='csv', location='out/${name}.csv') }}`;
        if (csv)
          await writeFile(
            join(folder, "models", `${name}_csv.sql`),
            `${csvConfig}\nSELECT * FROM {{ ref('${name}') }}\n`,
          );
      }
      const script = `import os, sys; sys.stdout = sys.stderr; os.chdir(sys.argv.pop(1)); from dbt.cli.main import cli; cli()`;
      return {
        command: [
          python,
          "-c",
          script,
          folder,
          "run",
          "--profiles-dir",
          ".",
          "--no-version-check",
          "--quiet",
        ],
        env: { DO_NOT_TRACK: "1" },
        conversations: `read_parquet('${folder}/out/${joined}/**/*.parquet', hive_partitioning = false)`,
      };
    },
  };
}

function withReferences(sql: string, names: readonly string[]): string {
  return sql.replace(/\b(FROM|JOIN) (\w+)/g, (text, verb: string, name: string) =>
    names.includes(name) ? `${verb} {{ ref('${name}') }} AS ${name}` : text,
  );
}

/** The same for the same rows, in any order and with integers of any width. */
export async function fingerprint(conversations: string): Promise<string> {
  const columns = ["order_id", "first_courier_message", "first_customer_message", "num_messages_courier"]
    .concat("num_messages_customer", "conversation_started_at", "first_responsetime_delay_seconds")
    .concat("last_message_time")
    .map((name) => `${name}::BIGINT`)
    .concat("city_code::VARCHAR", "first_message_by::VARCHAR", "last_message_order_stage::VARCHAR");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const query = `SELECT count(*) || ' rows, ' || sum(hash(${columns.join(", ")})) FROM ${conversations}`;
  const [[value] = []] = (await connection.runAndReadAll(query)).getRowsJson();
  connection.disconnectSync();
  return value as string;
}

export function requireSame(results: ReadonlyMap<string, string>): void {
  if (new Set(results.values()).size <= 1) return;
  const list = [...results].map(([name, result]) => `${name}: ${result}`).join("\n");
  throw new Error(`They come to different conversations:\n${list}`);
}
