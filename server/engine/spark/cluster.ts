import { randomUUID } from "node:crypto";
import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { AppError, isAppError } from "../../base/errors.js";
import type { AdoptingEngine } from "../adopt.js";
import type { QueryScope } from "../engine.js";
import { parseAddress, type SparkAddress } from "./connect/address.js";
import { SparkError } from "./connect/failure.js";
import { SparkSession } from "./connect/session.js";
import type { LakePaths } from "./lake-paths.js";
import { isStale, Operations, type OperationPlace, type OperationRecord } from "./operations.js";
import { OpenSessions } from "./open-sessions.js";
import { toAppError } from "./spark-errors.js";

export interface ClusterSettings {
  /** `sc://host:port` */
  readonly url: string;
  readonly token?: string | undefined;
  /** A folder of our own in the lake. */
  readonly folder: string;
}

/** What printed queries rely on. */
const SESSION_SETTINGS = {
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.timestampType": "TIMESTAMP_NTZ",
  "spark.sql.ansi.enabled": "true",
  "spark.sql.caseSensitive": "false",
  "spark.sql.variable.substitute": "false",
  "spark.sql.runSQLOnFiles": "false",
  "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
  "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
  "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
  "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
  // What is small is sent whole to each worker. Rows take many times the room of their files, so that 10 MB of these are not small.
  "spark.sql.autoBroadcastJoinThreshold": "1m",
  "spark.sql.adaptive.autoBroadcastJoinThreshold": "10m",
};

/** The first version that has everything that is printed. */
const OLDEST = [4, 3] as const;

const OWN_BOTH =
  "Run Spark as the same user, or give both users a group of which the lake's folders are (chmod g+rws).";

const LOOK_MS = 250;
/** Five seconds: an operation that was interrupted ends sooner. */
const MOST_LOOKS = 20;

/** One Spark, and our session there. */
export class SparkCluster {
  readonly address: SparkAddress;
  readonly operations: Operations;
  readonly #sessions: OpenSessions;
  readonly #settings: ClusterSettings;
  readonly #duckdb: AdoptingEngine;
  readonly #lake: LakePaths;
  #session: Promise<SparkSession> | undefined;
  /** Ours, also those that are used no longer. */
  readonly #opened = new Set<string>();
  readonly #discarding = new Set<Promise<void>>();

  /** Fails with code usage where the address is none, or the token would be readable on its way. */
  constructor(settings: ClusterSettings, duckdb: AdoptingEngine, lake: LakePaths) {
    this.address = parseAddress(settings.url);
    const { isEncrypted, isLoopback, shown } = this.address;
    if (settings.token !== undefined && !isEncrypted && !isLoopback)
      throw new AppError("usage", `The token would be readable on its way to ${shown}.`, {
        hint: `Use TLS: sc://${shown}/;use_ssl=true`,
      });
    this.operations = new Operations(join(settings.folder, "operations"));
    this.#sessions = new OpenSessions(join(settings.folder, "sessions"));
    this.#settings = settings;
    this.#duckdb = duckdb;
    this.#lake = lake;
  }

  /** Fails with a text that says what to set. The first time, both engines show each other a file. */
  session(): Promise<SparkSession> {
    this.#session ??= this.#open().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  /** The next one who asks gets another session. */
  async forget(session: SparkSession): Promise<void> {
    if ((await this.#session?.catch(() => undefined)) === session) this.#session = undefined;
    session.close();
  }

  /** A session that is there already. */
  reopen(id: string): SparkSession {
    return new SparkSession(this.address, this.#settings.token, id);
  }

  /** Takes away what a failed operation wrote: until it has ended it may write more. */
  discard(session: SparkSession, place: OperationPlace): void {
    const discarding = this.#discard(session, place).finally(() => this.#discarding.delete(discarding));
    this.#discarding.add(discarding);
  }

  async #discard(session: SparkSession, place: OperationPlace): Promise<void> {
    const { operation } = (await this.operations.recordOf(place)) ?? {};
    for (let count = 0; operation !== undefined && count < MOST_LOOKS; count++) {
      const state = await session.status(operation).catch(() => "unknown" as const);
      if (state !== "running") break;
      await session.interrupt(operation).catch(() => undefined);
      await setTimeout(LOOK_MS);
    }
    await this.operations.end(place);
  }

  /** Ends sessions of killed processes, of which no operation is wanted any more. */
  async releaseLeft(): Promise<void> {
    const wanted = await this.operations.sessions();
    for (const id of await this.#sessions.ids())
      if (!this.#opened.has(id) && !wanted.has(id)) await this.#release(id);
  }

  /** A Spark that does not answer may still have it, so that it stays on the list; where none is there is none. */
  async #release(id: string): Promise<void> {
    const session = this.reopen(id);
    const failure: unknown = await session.release().catch((error: unknown) => error);
    session.close();
    const isNowhere = failure instanceof SparkError && /ECONNREFUSED|ENOTFOUND/.test(failure.message);
    if (failure instanceof SparkError && failure.kind === "lost" && !isNowhere) return;
    await this.#sessions.remove(id);
    this.#opened.delete(id);
  }

  /** What was left too long ago for anybody to go on with. */
  async #sweep(): Promise<void> {
    for (const place of await this.operations.left()) {
      if (!isStale(place, Date.now())) continue;
      if (place.left !== undefined) await this.#interruptLeft(place.left);
      await this.operations.end(place);
    }
    await this.releaseLeft();
  }

  async #interruptLeft({ session: id, operation }: OperationRecord): Promise<void> {
    const session = this.reopen(id);
    await session.interrupt(operation).catch(() => undefined);
    session.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.#discarding);
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    session?.close();
    for (const id of this.#opened) await this.#release(id);
    // What is empty goes.
    const { folder } = this.#settings;
    for (const empty of [join(folder, "operations"), join(folder, "sessions"), folder])
      await rmdir(empty).catch(() => undefined);
  }

  async #open(): Promise<SparkSession> {
    const session = new SparkSession(this.address, this.#settings.token);
    try {
      // The first call opens it.
      this.#opened.add(session.id);
      await this.#sessions.add(session.id);
      requireVersion(await session.version());
      await session.configure(SESSION_SETTINGS);
      await this.#shakeHands(session);
      await this.#sweep();
      return session;
    } catch (error) {
      session.close();
      await this.#release(session.id);
      throw toAppError(error, this.address.shown, "the handshake");
    }
  }

  /** DuckDB writes a file, Spark reads it and writes another, and DuckDB reads that. */
  async #shakeHands(session: SparkSession): Promise<void> {
    const folder = join(this.#settings.folder, `handshake-${randomUUID()}`);
    const [file, answer] = [join(folder, "question.parquet"), join(folder, "answer")];
    const [path, target] = [this.#lake.toSpark(file) ?? "", this.#lake.toSpark(answer) ?? ""];
    const scope: QueryScope = { root: folder, readable: [], relations: [], parameters: [] };
    const control = { label: "the handshake with Spark" };
    await mkdir(folder, { recursive: true });
    try {
      await this.#duckdb.copy({ scope, sql: "SELECT 42 AS n", file }, control);
      const alias = `lakebook_${randomUUID().replaceAll("-", "")}`;
      const source = { alias, format: "parquet", schema: "n INT", paths: [path], options: {} } as const;
      const query = { text: `SELECT n FROM ${alias}`, sources: [source] };
      await session
        .write({ ...query, path: target, partitionBy: [] }, randomUUID(), {})
        .catch((error: unknown) => {
          throw handshakeError(error, path, target);
        });
      const sql = "SELECT n FROM read_parquet('answer/*.parquet')";
      await this.#duckdb.query({ scope, sql, limit: 1 }, control).catch((error: unknown) => {
        if (isAppError(error, "input", "query", "disk"))
          throw unseen("wrote a file that is not there", target);
        throw error;
      });
    } finally {
      await rm(folder, { recursive: true, force: true }).catch(() => {
        throw new AppError("disk", "Files that Spark wrote into the lake cannot be removed.", {
          hint: OWN_BOTH,
        });
      });
    }
  }
}

function handshakeError(error: unknown, path: string, target: string): unknown {
  if (!(error instanceof SparkError) || (error.kind !== "query" && error.kind !== "other")) return error;
  const text = `${error.errorClass ?? ""} ${error.message}`;
  if (/PATH_NOT_FOUND|FILE_NOT_EXIST|FileNotFound/.test(text)) return unseen("found no", path);
  // Hadoop's words on a folder that is another user's, and a file system's own.
  const isForbidden = /Mkdirs failed|Permission denied|AccessControlException/.test(text);
  const reason = isForbidden ? `its user may not create ${target}.` : error.message;
  return new AppError("usage", `Spark cannot write into the lake: ${reason}`, {
    hint: OWN_BOTH,
    cause: error,
  });
}

function unseen(what: string, path: string): AppError {
  return new AppError("usage", `Spark does not see the lake: it ${what} ${path}.`, {
    hint: "Mount the lake there for Spark's user to read, or say with --spark-lake where Spark has it.",
  });
}

function requireVersion(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new AppError("usage", `Spark ${version} is too old: ${OLDEST.join(".")} or later is needed.`);
}
