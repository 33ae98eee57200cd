import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { parseAddress } from "../../server/engine/spark/connect/address.js";
import { SparkSession } from "../../server/engine/spark/connect/session.js";
import { require_ } from "./not-so.js";

/* The shipped notebook, materialized by the product as its users do it, on either engine. */

const root = resolve(import.meta.dirname, "../..");
const lakebook = join(root, "server/bin/lakebook.js");
export const NOTEBOOK = "customer_courier_conversations";
const DATE = "2021-01-01";
const LOOK_MS = 10;

/** An operation on Spark that a run has begun. */
export interface Begun {
  readonly session: string;
  readonly operation: string;
  readonly folder: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** A workspace with the shipped notebook, of which Spark computes what it can. */
export class ShippedWorkspace {
  readonly root: string;
  readonly #processes: ChildProcess[] = [];

  private constructor(folder: string) {
    this.root = folder;
  }

  /** `input`: a folder with the two files. */
  static async create(folder: string, engine: "duckdb" | "spark", input?: string): Promise<ShippedWorkspace> {
    await cp(join(root, "notebooks"), join(folder, "notebooks"), { recursive: true });
    await cp(input ?? join(root, "input"), join(folder, "input"), { recursive: true });
    await mkdir(join(folder, "data_lake"));
    if (engine === "spark") await askForSpark(join(folder, "notebooks", `${NOTEBOOK}.md`));
    return new ShippedWorkspace(folder);
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn("node", [lakebook, ...args, "--workspace", this.root], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.#processes.push(child);
    return child;
  }

  materialize(
    url: string,
    more: readonly string[] = [],
    env?: Readonly<Record<string, string>>,
  ): Materializing {
    const args = ["materialize", NOTEBOOK, "--date", DATE, "--spark", url, ...more];
    return new Materializing(this.start(args, env));
  }

  async materialized(url: string, more: readonly string[] = []): Promise<Datasets> {
    const { code, stderr } = await this.materialize(url, more).ended;
    require_(code === 0, `the notebook runs in ${this.root}: ${stderr}`);
    return this.datasets();
  }

  /** `lakebook serve`, and how it is asked. */
  async serve(url: string): Promise<Served> {
    const child = this.start(["serve", "--port", "0", "--spark", url]);
    child.stderr?.resume();
    for await (const line of createInterface({ input: child.stdout ?? new PassThrough() })) {
      const [, address, token] = /^Lakebook is running at (\S+)\/\?token=(\S+)$/.exec(line) ?? [];
      if (address === undefined) continue;
      const headers = { authorization: `Bearer ${token ?? ""}`, "content-type": "application/json" };
      const post = async (path: string, body: unknown): Promise<void> => {
        const answer = await fetch(address + path, { method: "POST", headers, body: JSON.stringify(body) });
        require_(answer.ok, `${path}: ${await answer.text()}`);
      };
      return { child, post };
    }
    throw new Error("The server ended while it started.");
  }

  /** The names of what readers see. */
  async published(): Promise<readonly string[]> {
    const folders = await readdir(join(this.root, "data_lake"));
    return folders.filter((name) => !name.startsWith("."));
  }

  /** What is stored: of each dataset, a hash of its columns with their types and of its rows. */
  async datasets(): Promise<Datasets> {
    const log = join(this.root, "data_lake/.lake/log");
    const found: Record<string, string> = {};
    for (const name of (await readdir(log)).sort()) {
      const { entry } = JSON.parse(await readFile(join(log, name), "utf8")) as LogFile;
      if (entry?.type === "store") found[entry.dataset] = entry.contentHash;
    }
    return found;
  }

  get #operations(): string {
    return join(this.root, "data_lake/.lake/spark/operations");
  }

  /** Waits for an operation that is none of those that are known. */
  async begun(known: ReadonlyMap<string, unknown>, isOver: () => boolean): Promise<Begun | undefined> {
    while (!isOver()) {
      for (const name of await readdir(this.#operations).catch(() => [])) {
        const file = join(this.#operations, name, "operation.json");
        const json = await readFile(file, "utf8").catch(() => undefined);
        if (json === undefined) continue;
        const record = JSON.parse(json) as { readonly session: string; readonly operation: string };
        if (!known.has(record.operation)) return { ...record, folder: join(this.#operations, name) };
      }
      await setTimeout(LOOK_MS);
    }
    return undefined;
  }

  /** No folder is left of what ran on Spark, and nothing half done in the lake. */
  async requireNothingLeft(): Promise<void> {
    const lake = join(this.root, "data_lake/.lake");
    for (const folder of ["spark", "spark/operations", "tmp"]) {
      const left = await readdir(join(lake, folder)).catch(() => []);
      // What a server that has ended leaves is taken by the next one.
      const more = left.filter((name) => name !== "engine" && name !== "view");
      require_(more.length === 0, `nothing is left in ${folder} (${more.join(", ")})`);
    }
  }

  async remove(): Promise<void> {
    for (const child of this.#processes) if (child.exitCode === null) child.kill("SIGKILL");
    await rm(this.root, { recursive: true, force: true, maxRetries: 10 });
  }
}

export interface Served {
  readonly child: ChildProcess;
  post(path: string, body: unknown): Promise<void>;
}

export type Datasets = Readonly<Record<string, string>>;

interface LogFile {
  readonly entry?: { readonly type: string; readonly dataset: string; readonly contentHash: string };
}

/** `lakebook materialize` at work. */
export class Materializing {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  hasEnded = false;

  constructor(child: ChildProcess) {
    this.child = child;
    const said = child.stderr === null ? "" : text(child.stderr);
    child.stdout?.resume();
    this.ended = once(child, "close").then(async ([code]) => {
      this.hasEnded = true;
      return { code: code as number | null, stderr: await said };
    });
  }
}

/** All seven are the same. */
export function requireSame(expected: Datasets, found: Datasets): void {
  require_(Object.keys(expected).length === 7, "there are seven datasets");
  for (const [name, hash] of Object.entries(expected))
    require_(found[name] === hash, `${name} is the same on Spark`);
}

/** The server has forgotten the session, with all that ran in it. */
export async function requireReleased(url: string, { session: id, operation }: Begun): Promise<void> {
  const session = new SparkSession(parseAddress(url), undefined, id);
  const state = await session.status(operation).catch((error: unknown) => (error as { kind?: string }).kind);
  session.close();
  require_(state === "gone", `the session has ended on Spark (${String(state)})`);
}

async function askForSpark(file: string): Promise<void> {
  let markdown = (await readFile(file, "utf8")).replace("\nschedule:", "\nengine: spark\nschedule:");
  for (const cell of ["orders", "customer_courier_chat_messages_enhanced", "catalog"])
    markdown = markdown.replace(`--| cell: ${cell}\n`, `--| cell: ${cell}\n--| engine: duckdb\n`);
  await writeFile(file, markdown);
}
