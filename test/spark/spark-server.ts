import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
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

/** A Spark Connect server of our own, on this machine. */
export class Spark {
  readonly url: string;
  readonly #python: string;
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  constructor(python: string, folder: string, port: number) {
    this.#python = python;
    this.#folder = folder;
    this.#port = port;
    this.url = `sc://127.0.0.1:${String(port)}`;
  }

  async start(): Promise<void> {
    const bin = resolve(this.#python, "..");
    const settings = {
      "spark.connect.grpc.binding.address": "127.0.0.1",
      "spark.connect.grpc.binding.port": String(this.#port),
      "spark.sql.catalogImplementation": "in-memory",
      "spark.sql.shuffle.partitions": "4",
      "spark.ui.enabled": "false",
      "spark.log.level": "ERROR",
    };
    const set = Object.entries(settings).flatMap(([key, value]) => ["--conf", `${key}=${value}`]);
    const server = "org.apache.spark.sql.connect.service.SparkConnectServer";
    const args = [
      "--master",
      "local[2]",
      "--driver-memory",
      "2g",
      ...set,
      "--class",
      server,
      "spark-internal",
    ];
    this.#process = spawn(join(bin, "spark-submit"), args, {
      cwd: this.#folder,
      stdio: "ignore",
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}`, SPARK_LOCAL_IP: "127.0.0.1" },
    });
    const session = new SparkSession(parseAddress(this.url), undefined);
    for (const started = Date.now(); ;) {
      const version = await session.version().catch(() => undefined);
      if (version !== undefined) break;
      if (this.#process.exitCode !== null) throw new Error("Spark ended while it started.");
      if (Date.now() - started > MOST_STARTING_MS) throw new Error("Spark does not start.");
      await setTimeout(500);
    }
    await session.release();
    session.close();
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
