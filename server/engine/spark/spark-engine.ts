import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isTooLate, withinTime } from "../../base/bounded-signal.js";
import { AppError } from "../../base/errors.js";
import { hashOf } from "../../base/hash.js";
import type { QueryProblem } from "../../graph/query-analysis.js";
import type { AdoptingEngine } from "../adopt.js";
import type { Engine, ExplainTask, MaterializedOutput, MaterializeTask, TaskControl } from "../engine.js";
import { SparkCluster, type ClusterSettings } from "./cluster.js";
import { SparkError } from "./connect/failure.js";
import type { RunControl, SparkSession } from "./connect/session.js";
import { LakePaths } from "./lake-paths.js";
import type { OperationPlace } from "./operations.js";
import { misfitError, misfitText, toAppError } from "./spark-errors.js";
import { composeStatement, type Statement, type StatementTask } from "./statement.js";

export interface SparkOptions {
  /** Where cells that ask for Spark are computed; absent: nowhere, and they are only looked at. */
  readonly cluster?: ClusterSettings | undefined;
  /** The lake's folder. */
  readonly lake: string;
  /** Spark's path of it; default: the same. */
  readonly sparkLake?: string | undefined;
}

/** Grows when the same cell is printed otherwise, so that it is computed again. */
const PRINTER = 3;
/** Longer than any task. */
const FOREVER_MS = 2 ** 31 - 1;

/** An engine that computes on Spark what asks for it, and all else with DuckDB: see `architecture.md`. */
export function withSpark(duckdb: AdoptingEngine, options: SparkOptions): Engine {
  const lake = new LakePaths(options.lake, options.sparkLake);
  const cluster = options.cluster && new SparkCluster(options.cluster, duckdb, lake);
  const spark = new SparkTasks(duckdb, lake, cluster);
  return {
    ...duckdb,
    hasCluster: cluster !== undefined,
    reachCluster: async () => {
      await cluster?.session();
    },
    versionOf: (engine) =>
      engine === "spark" ? `spark 4 printer ${String(PRINTER)} ${duckdb.version}` : duckdb.version,
    misfits: (task, control) =>
      task.engine === "spark" ? spark.misfits(task, control) : duckdb.misfits(task, control),
    materialize: (task, control) =>
      task.engine === "spark" ? spark.materialize(task, control) : duckdb.materialize(task, control),
    compile: (task) => (task.engine === "spark" ? spark.compile(task) : duckdb.compile(task)),
    explain: (task, control) =>
      task.engine === "spark" ? spark.explain(task, control) : duckdb.explain(task, control),
    close: async () => {
      await spark.close();
      await duckdb.close();
    },
  };
}

class SparkTasks {
  readonly #duckdb: AdoptingEngine;
  readonly #lake: LakePaths;
  readonly #cluster: SparkCluster | undefined;

  constructor(duckdb: AdoptingEngine, lake: LakePaths, cluster: SparkCluster | undefined) {
    this.#duckdb = duckdb;
    this.#lake = lake;
    this.#cluster = cluster;
  }

  async misfits(task: StatementTask, control: TaskControl): Promise<readonly QueryProblem[]> {
    const composed = await composeStatement(task, { ...this.#composing(control), isDry: true });
    if (composed.ok) return [];
    return composed.misfits.map((misfit) => {
      const { what, hint } = misfitText(misfit);
      const whole = { start: 0, end: task.sql.length };
      const span = misfit.cell === undefined ? (misfit.span ?? whole) : whole;
      return { code: "not-on-spark", message: `Spark can't run this: ${what}`, span, hint };
    });
  }

  async materialize(task: MaterializeTask, control: TaskControl): Promise<MaterializedOutput> {
    const { signal, timeoutMs = FOREVER_MS, label } = control;
    const signals = signal === undefined ? [] : [signal];
    return withinTime({ signals, ms: timeoutMs }, async (bounded) => {
      try {
        return await this.#materialize(task, { ...control, signal: bounded });
      } catch (error) {
        if (isTooLate(bounded))
          throw new AppError("timeout", `"${label}" took longer than ${String(timeoutMs / 1000)} s.`);
        throw error;
      }
    });
  }

  /** The statement; a query that does not fit says why in its place. */
  async compile(task: ExplainTask): Promise<string> {
    return (await this.#compose({ ...task, partitionBy: [] }, { label: "this cell" })).query.text;
  }

  async explain(task: ExplainTask, control: TaskControl): Promise<{ readonly text: string }> {
    const cluster = this.#requireCluster(control.label);
    const statement = await this.#compose({ ...task, partitionBy: [] }, control);
    const session = await cluster.session();
    try {
      return { text: await session.explain(statement.query, control.signal) };
    } catch (error) {
      throw toAppError(error, cluster.address.shown, control.label, statement);
    }
  }

  async close(): Promise<void> {
    await this.#cluster?.close();
  }

  async #materialize(task: MaterializeTask, control: TaskControl): Promise<MaterializedOutput> {
    const cluster = this.#requireCluster(control.label);
    const statement = await this.#compose(task, control);
    const session = await cluster.session();
    const place = await cluster.operations.take(hashOf([cluster.address.url, statement.key]));
    const written = join(task.folder, "spark");
    try {
      const isThere = await this.#resume(cluster, place, control);
      if (!isThere) await this.#write(statement, session, place, control);
      await rename(place.rows, written);
      await cluster.operations.end(place);
      if (place.left !== undefined) await cluster.releaseLeft();
      const isOrdered = task.isOrdered && statement.isOrdered;
      const { columns, casts } = statement;
      const output = await this.#duckdb.adopt({ ...task, isOrdered, columns, written }, control);
      return { ...output, casts, scannedRows: await this.#count(statement, task, control) };
    } catch (error) {
      await rm(written, { recursive: true, force: true });
      cluster.discard(session, place);
      if (error instanceof SparkError && (error.kind === "gone" || error.kind === "lost"))
        await cluster.forget(session);
      throw toAppError(error, cluster.address.shown, control.label, statement);
    }
  }

  async #count(
    { counts }: Statement,
    { scope }: MaterializeTask,
    control: TaskControl,
  ): Promise<Record<string, number>> {
    const rows: Record<string, number> = {};
    for (const [path, sql] of counts) {
      const answer = await this.#duckdb.query({ scope, sql, limit: 1 }, control);
      rows[path] = Number(answer.rows[0]?.[0]);
    }
    return rows;
  }

  /** Waits for what a process began that was killed. False: there is nothing of it. */
  async #resume(cluster: SparkCluster, place: OperationPlace, control: TaskControl): Promise<boolean> {
    const { left } = place;
    if (left === undefined) return false;
    const session = cluster.reopen(left.session);
    try {
      const state = await session.status(left.operation);
      if (state !== "running" && state !== "succeeded") return false;
      await session.reattach(left.operation, runControl(control));
      return true;
    } catch (error) {
      if (error instanceof SparkError && error.kind !== "cancelled" && error.kind !== "lost") return false;
      throw error;
    } finally {
      session.close();
    }
  }

  async #write(
    { query, copies }: Statement,
    session: SparkSession,
    place: OperationPlace,
    control: TaskControl,
  ): Promise<void> {
    // What Spark does not know it says before anything runs.
    await session.columns(query, control.signal);
    const path = this.#lake.toSpark(place.rows);
    if (path === undefined) throw new Error(`unreachable: "${place.rows}" is not in the lake`);
    const operation = randomUUID();
    const startedAt = new Date().toISOString();
    await this.#cluster?.operations.begin(place, { session: session.id, operation, startedAt });
    await session.write({ ...query, path, partitionBy: copies }, operation, runControl(control));
  }

  async #compose(task: StatementTask, control: TaskControl): Promise<Statement> {
    const composed = await composeStatement(task, this.#composing(control));
    if (!composed.ok) throw misfitError(control.label, composed.misfits);
    return composed.statement;
  }

  #composing({ label, signal }: TaskControl): Parameters<typeof composeStatement>[1] {
    const control = { label, ...(signal !== undefined && { signal }) };
    return { duckdb: this.#duckdb, lake: this.#lake, control };
  }

  #requireCluster(label: string): SparkCluster {
    if (this.#cluster !== undefined) return this.#cluster;
    throw new AppError("usage", `"${label}" asks for Spark, and no Spark is set.`, {
      hint: "Name one with --spark sc://host:15002, LAKEBOOK_SPARK, or spark: in lakebook.yaml.",
    });
  }
}

function runControl({ signal, onProgress }: TaskControl): RunControl {
  const started = performance.now();
  return {
    ...(signal !== undefined && { signal }),
    onProgress: ({ tasksDone: done, tasks: total, running }) => {
      const elapsedMs = Math.round(performance.now() - started);
      onProgress?.({ elapsedMs, tasks: { done, total, running } });
    },
  };
}
