import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { writeSampleInput } from "../../server/workspace/write-sample.js";
import { TlsProxy } from "../support/tls-proxy.js";
import { require_ } from "./not-so.js";
import {
  NOTEBOOK,
  requireReleased,
  requireSame,
  ShippedWorkspace,
  type Begun,
  type Datasets,
} from "./shipped.js";
import type { Spark } from "./spark-server.js";

/*
 * The shipped notebook on a real Spark, equal to what DuckDB makes of it: as it is, and where an executor, Spark or a server
 * of ours is killed in the middle.
 */

const LOOK_MS = 20;

/** False: it has ended by itself, as executors do between two cells. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

export interface Shipped {
  readonly folder: string;
  readonly spark: Spark;
  /** Files to look at; absent: those that are shipped. */
  readonly input?: string | undefined;
}

/** All datasets that both engines make are the same. */
export async function compareShipped({ folder, spark, input }: Shipped): Promise<void> {
  const expected = await onDuckdb(join(folder, "duckdb"), spark, input);
  const workspace = await ShippedWorkspace.create(join(folder, "spark"), "spark", input);
  requireSame(expected, await workspace.materialized(spark.url));
  await workspace.requireNothingLeft();
  await workspace.remove();
}

/** By a proxy with a certificate of an authority of its own, to a server that asks for a token. */
export async function compareByTls({ folder, spark, input }: Shipped, token: string): Promise<void> {
  const expected = await onDuckdb(join(folder, "duckdb"), spark, input);
  const proxy = await TlsProxy.start(folder, Number(new URL(spark.url).port));
  const url = `sc://localhost:${String(proxy.port)}/;use_ssl=true`;
  const env = { LAKEBOOK_SPARK_TOKEN: token, NODE_EXTRA_CA_CERTS: proxy.authority };
  try {
    const workspace = await ShippedWorkspace.create(join(folder, "spark"), "spark", input);
    const untrusted = await workspace.materialize(url, [], { ...env, NODE_EXTRA_CA_CERTS: "" }).ended;
    require_(/✗ .* cannot be asked by TLS: /.test(untrusted.stderr), `it says why: ${untrusted.stderr}`);
    const stranger = await workspace.materialize(url, [], { ...env, LAKEBOOK_SPARK_TOKEN: "wrong" }).ended;
    require_(stranger.stderr.includes("Spark rejected the token."), `it says why: ${stranger.stderr}`);
    const { code, stderr } = await workspace.materialize(url, [], env).ended;
    require_(code === 0, `the notebook runs by TLS: ${stderr}`);
    requireSame(expected, await workspace.datasets());
    await workspace.requireNothingLeft();
    await workspace.remove();
  } finally {
    await proxy.kill();
  }
}

/** For runs that last long enough for something to happen in their middle. */
export class ShippedInTrouble {
  readonly #folder: string;
  readonly #spark: Spark;
  #expected: Datasets | undefined;
  #count = 0;

  constructor({ folder, spark }: Shipped) {
    this.#folder = folder;
    this.#spark = spark;
  }

  get #input(): string {
    return join(this.#folder, "generated");
  }

  async #workspace(): Promise<ShippedWorkspace> {
    if (this.#expected === undefined) {
      await writeSampleInput({ folder: this.#input, conversations: 20_000, seed: 1 });
      this.#expected = await onDuckdb(join(this.#folder, "expected"), this.#spark, this.#input);
    }
    return ShippedWorkspace.create(join(this.#folder, String(this.#count++)), "spark", this.#input);
  }

  async #requireDone(workspace: ShippedWorkspace): Promise<void> {
    requireSame(this.#expected ?? {}, await workspace.datasets());
    await workspace.requireNothingLeft();
    await workspace.remove();
  }

  /** One of them is killed while each cell is computed: the run takes longer, and that is all. */
  async loseExecutors(): Promise<void> {
    const workspace = await this.#workspace();
    const run = workspace.materialize(this.#spark.url);
    const seen = new Map<string, Begun>();
    let killed = 0;
    for (;;) {
      const begun = await workspace.begun(seen, () => run.hasEnded);
      if (begun === undefined) break;
      seen.set(begun.operation, begun);
      const pid = await this.#anExecutor(() => run.hasEnded);
      if (pid === undefined) break;
      if (kill(pid)) killed++;
    }
    const { code, stderr } = await run.ended;
    require_(code === 0, `a run ends well that loses executors: ${stderr}`);
    require_(killed > 0, "an executor was killed");
    for (const begun of seen.values()) await requireReleased(this.#spark.url, begun);
    await this.#requireDone(workspace);
    console.log(`  ${String(killed)} executors killed`);
  }

  async #anExecutor(isOver: () => boolean): Promise<number | undefined> {
    while (!isOver()) {
      const [pid] = await this.#spark.executors();
      if (pid !== undefined) return pid;
      await setTimeout(LOOK_MS);
    }
    return undefined;
  }

  /** Spark is killed while a cell is computed: one clear error, and --resume goes on with the Spark that is there then. */
  async loseSpark(): Promise<void> {
    const workspace = await this.#workspace();
    const run = workspace.materialize(this.#spark.url);
    await workspace.begun(new Map(), () => run.hasEnded);
    await this.#spark.kill();
    const { code, stderr } = await run.ended;
    require_(code !== 0, "a run fails that loses its Spark");
    const said = stderr.split("\n").find((line) => /✗ .*(does not answer|restarted during)/.test(line));
    require_(said !== undefined, `it says why: ${stderr}`);
    require_((await workspace.published()).length === 0, "nothing is published");
    await workspace.requireNothingLeft();
    await this.#spark.start();
    const again = await workspace.materialize(this.#spark.url, ["--resume"]).ended;
    require_(again.code === 0, `it is resumed: ${again.stderr}`);
    const reused = again.stderr.split("\n").filter((line) => /^ {2}= .* reused/.test(line)).length;
    require_(reused >= 2, `what was computed before is not computed again: ${again.stderr}`);
    await this.#requireDone(workspace);
    console.log(`  ${said?.trim() ?? ""}\n  ${String(reused)} cells reused by --resume`);
  }

  /** The server is killed while a cell is computed: the next one finds what goes on there, and resumes the run. */
  async loseServer(): Promise<void> {
    const workspace = await this.#workspace();
    const first = await workspace.serve(this.#spark.url);
    await first.post(`/api/notebooks/${NOTEBOOK}/runs`, { materialize: true, date: "2021-01-01" });
    const begun = await workspace.begun(new Map(), () => false);
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    const second = await workspace.serve(this.#spark.url);
    const { code, stderr } = await workspace.materialize(this.#spark.url, ["--resume"]).ended;
    require_(code === 0, `the run is resumed: ${stderr}`);
    second.child.kill("SIGTERM");
    await once(second.child, "exit");
    if (begun !== undefined) await requireReleased(this.#spark.url, begun);
    await this.#requireDone(workspace);
  }
}

async function onDuckdb(folder: string, { url }: Spark, input: string | undefined): Promise<Datasets> {
  const workspace = await ShippedWorkspace.create(folder, "duckdb", input);
  const datasets = await workspace.materialized(url);
  await workspace.remove();
  return datasets;
}
