import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseAddress } from "../../server/engine/spark/connect/address.js";
import { SparkSession } from "../../server/engine/spark/connect/session.js";

const VERSION = "4.3.0";
/** The package is 456 MB, and is built. */
const MOST_GETTING_MS = 5 * 60_000;
const MOST_STARTING_MS = 3 * 60_000;

/** A Python that has pyspark, which it gets once into a cache; undefined where it cannot be had. */
export function getPython(): string | undefined {
  if (process.env["SPARK_PYTHON"] !== undefined) return process.env["SPARK_PYTHON"];
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(cache, `lakebook/pyspark-${VERSION}`);
  const python = join(folder, "bin/python");
  if (hasPyspark(python)) return python;
  console.log(`Getting pyspark ${VERSION} …`);
  spawnSync("python3", ["-m", "venv", folder], { stdio: "inherit", timeout: MOST_GETTING_MS });
  spawnSync(python, ["-m", "pip", "install", "--quiet", `pyspark==${VERSION}`, "protobuf"], {
    stdio: "inherit",
    timeout: MOST_GETTING_MS,
  });
  return hasPyspark(python) ? python : undefined;
}

function hasPyspark(python: string): boolean {
  return existsSync(python) && spawnSync(python, ["-c", "import pyspark"]).status === 0;
}

export interface SparkOptions {
  /** Each with one core and an executor; absent: all runs in the server itself. */
  readonly workers?: number;
  readonly token?: string;
  /** Of the server; default: 2g, or 1g beside workers. */
  readonly memory?: string;
}

/** A Spark Connect server of our own on this machine, with a master and workers where there are to be any. */
export class Spark {
  readonly url: string;
  readonly #bin: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #options: SparkOptions;
  #server: ChildProcess | undefined;
  #master = "";
  readonly #daemons: ChildProcess[] = [];

  constructor(python: string, folder: string, port: number, options: SparkOptions = {}) {
    this.#bin = resolve(python, "..");
    this.#folder = folder;
    this.#port = port;
    this.#options = options;
    this.url = `sc://127.0.0.1:${String(port)}`;
  }

  async start(): Promise<void> {
    const { workers = 0, token, memory = workers > 0 ? "1g" : "2g" } = this.#options;
    if (workers > 0 && this.#daemons.length === 0) await this.#startDaemons(workers);
    const settings = {
      "spark.connect.grpc.binding.address": "127.0.0.1",
      "spark.connect.grpc.binding.port": String(this.#port),
      "spark.sql.catalogImplementation": "in-memory",
      "spark.sql.shuffle.partitions": "4",
      "spark.ui.enabled": "false",
      "spark.log.level": "ERROR",
      ...(workers > 0 && { "spark.executor.memory": "1g", "spark.executor.cores": "1" }),
      ...(token !== undefined && { "spark.connect.authenticate.token": token }),
    };
    const set = Object.entries(settings).flatMap(([key, value]) => ["--conf", `${key}=${value}`]);
    const server = "org.apache.spark.sql.connect.service.SparkConnectServer";
    const place = workers > 0 ? this.#master : "local[2]";
    const args = ["--master", place, "--driver-memory", memory, ...set, "--class", server, "spark-internal"];
    this.#server = this.#spawn("spark-submit", args);
    await this.#answers(this.#server, token);
  }

  async #answers(running: ChildProcess, token: string | undefined): Promise<void> {
    const session = new SparkSession(parseAddress(this.url), token);
    for (const started = Date.now(); ;) {
      const version = await session.version().catch(() => undefined);
      if (version !== undefined) break;
      if (running.exitCode !== null) throw new Error("Spark ended while it started.");
      if (Date.now() - started > MOST_STARTING_MS) throw new Error("Spark does not start.");
      await setTimeout(500);
    }
    await session.release();
    session.close();
  }

  async #startDaemons(workers: number): Promise<void> {
    const port = String(await freePort());
    this.#master = `spark://127.0.0.1:${port}`;
    const classes = "org.apache.spark.deploy";
    const where = ["--host", "127.0.0.1", "--webui-port", "0"];
    const args = [`${classes}.master.Master`, ...where, "--port", port];
    this.#daemons.push(this.#spawn("spark-class", args));
    for (let index = 0; index < workers; index++) {
      const folder = join(this.#folder, `worker-${String(index)}`);
      const means = ["--cores", "1", "--memory", "1500m", "--work-dir", folder];
      this.#daemons.push(
        this.#spawn("spark-class", [`${classes}.worker.Worker`, ...where, ...means, this.#master]),
      );
    }
  }

  #spawn(command: string, args: readonly string[]): ChildProcess {
    const path = `${this.#bin}:${process.env["PATH"] ?? ""}`;
    const env = { SPARK_LOCAL_IP: "127.0.0.1", SPARK_DAEMON_MEMORY: "512m", SPARK_LOCAL_DIRS: this.#folder };
    return spawn(join(this.#bin, command), args, {
      cwd: this.#folder,
      stdio: "ignore",
      env: { ...process.env, PATH: path, ...env },
    });
  }

  /** The processes of the workers that compute. */
  async executors(): Promise<readonly number[]> {
    const parents = new Set(this.#daemons.slice(1).map(({ pid }) => pid));
    const found: number[] = [];
    for (const name of await readdir("/proc")) {
      const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, "utf8").catch(() => "") : "";
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z" && parents.has(Number(parent))) found.push(Number(name));
    }
    return found;
  }

  /** The server, which may be started again. */
  async kill(): Promise<void> {
    const running = this.#server;
    this.#server = undefined;
    await end(running);
  }

  /** All of it. */
  async end(): Promise<void> {
    await this.kill();
    for (const daemon of this.#daemons.splice(0).reverse()) await end(daemon);
  }
}

async function end(running: ChildProcess | undefined): Promise<void> {
  if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
  running.kill("SIGKILL");
  await once(running, "exit");
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
