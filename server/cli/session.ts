import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, isAppError } from "../base/errors.js";
import { createLogger, type Logger } from "../base/logger.js";
import type { Engine } from "../engine/engine.js";
import { createDuckdbEngine, type DuckdbEngineOptions } from "../engine/duckdb/duckdb-engine.js";
import { withSpark } from "../engine/spark/spark-engine.js";
import { Lake } from "../lake/lake.js";
import { lakePaths } from "../lake/layout.js";
import type { AlertDesk } from "../operate/alerts/alert-desk.js";
import { LineageSender } from "../operate/lineage/lineage-sender.js";
import { ownVersion } from "../api/own-version.js";
import { auditRuns } from "../operate/audit-runs.js";
import { openAlertDesk, openSenders } from "../operate/alerts/open-alerts.js";
import { systemClock } from "../operate/clock.js";
import { NotebookCache } from "../analysis/notebook-cache.js";
import { createLiveView, type InputView } from "../runs/run-inputs.js";
import { ResultStore } from "../runs/result-store.js";
import { RunManager } from "../runs/run-manager.js";
import { Opened } from "./opened.js";
import { readNotebookFile, toNotebookName, type NotebookFile } from "../workspace/notebook-files.js";
import { openWorkspace, type Workspace } from "../workspace/workspace.js";

export interface SessionOptions {
  readonly workspace: string;
  readonly logger?: Logger;
}

/** Where cells that ask for Spark are computed, where a command says so. */
export interface SparkOptions {
  readonly url?: string | undefined;
  /** Its path of the lake's folder. */
  readonly lake?: string | undefined;
}

export interface NotebookSessionOptions extends SessionOptions {
  readonly notebook: string;
  /** Absent: nothing is computed on Spark. */
  readonly spark?: SparkOptions;
}

export interface LakeSession {
  readonly workspace: Workspace;
  /** Absent where nothing was ever materialized. */
  readonly lake: Lake | undefined;
  close(): Promise<void>;
}

/** The parts of the product, opened for one command; close what you opened. */
export interface ReadSession extends LakeSession {
  readonly engine: Engine;
  readonly notebooks: NotebookCache;
  /** Of `lake`. */
  readonly results: ResultStore | undefined;
  /** Of `lake`; it can forecast runs, but start none. */
  readonly manager?: RunManager;
  /** `input/` as it is now. */
  readonly view: InputView;
  /** A folder that goes when the session is closed. */
  readonly temporary: string;
}

export interface NotebookSession extends ReadSession {
  readonly file: NotebookFile;
}

export interface WriteSession {
  readonly workspace: Workspace;
  readonly engine: Engine;
  readonly lake: Lake;
  readonly manager: RunManager;
  readonly alerts: AlertDesk;
  readonly lineage?: LineageSender;
  close(): Promise<void>;
}

export const stderrLogger: Logger = createLogger((line) => void process.stderr.write(`${line}\n`), {
  level: "warn",
});

/** For commands that look at the lake and compute nothing. */
export async function openLakeSession({
  workspace: folder,
  logger = stderrLogger,
}: SessionOptions): Promise<LakeSession> {
  const workspace = await openWorkspace(folder);
  const lake = await openLakeToRead(workspace, logger);
  return { workspace, lake, close: async () => lake?.close() };
}

/** For commands that only read: needs no lock and never waits for a server. */
export async function openReadSession(options: SessionOptions): Promise<ReadSession> {
  return (await openToRead(options, () => Promise.resolve())).session;
}

/** For commands that read one notebook. */
export async function openNotebookSession(options: NotebookSessionOptions): Promise<NotebookSession> {
  const name = toNotebookName(options.notebook);
  const { session, found } = await openToRead(options, (workspace) => readNotebookFile(workspace, name));
  return { ...session, file: found };
}

/** Looks for something in the workspace while the engine starts. */
async function openToRead<T>(
  { workspace: folder, logger = stderrLogger, spark }: SessionOptions & Pick<NotebookSessionOptions, "spark">,
  find: (workspace: Workspace) => Promise<T>,
): Promise<{ readonly session: ReadSession; readonly found: T }> {
  const workspace = await openWorkspace(folder);
  const temporary = await mkdtemp(join(tmpdir(), "lakebook-"));
  const opened = new Opened();
  opened.add(() => rm(temporary, { recursive: true, force: true }));
  return opened.orClose(async () => {
    let onStarting = (): void => undefined;
    const finding = new Promise<T>((resolve, reject) => {
      onStarting = () => {
        find(workspace).then(resolve, reject);
      };
    });
    // It is waited for where the rest can be opened.
    finding.catch(() => undefined);
    const opening = [
      createEngine(workspace, join(temporary, "engine"), {
        purpose: "read",
        onStarting,
        ...(spark !== undefined && {
          spark,
          folder: join(lakePaths(workspace.lake).tmp, `spark-${randomUUID()}`),
        }),
      }).then((engine) => opened.adopt(engine)),
      openLakeToRead(workspace, logger).then((lake) => lake && opened.adopt(lake)),
      createLiveView(workspace, join(temporary, "view")),
    ] as const;
    // A failure waits for the others: what they open has to be known before it is closed.
    await Promise.allSettled(opening);
    const [engine, lake, view] = await Promise.all(opening);
    const found = await finding;
    const results = lake === undefined ? undefined : new ResultStore(lake);
    const concurrency = concurrencyOf(workspace);
    const notebooks = new NotebookCache(workspace, engine);
    const manager = lake && new RunManager({ workspace, lake, engine, notebooks, logger, concurrency });
    const close = (): Promise<void> => opened.close();
    const own = { workspace, engine, notebooks, lake, results, view, temporary, close };
    return { session: { ...own, ...(manager && { manager }) }, found };
  });
}

/**
 * Fails with code locked where another process holds the lake. Recovers what a killed process left. `onStarting`: is called once
 * while the engine's processes start.
 */
export async function openWriteSession({
  workspace: folder,
  logger = stderrLogger,
  ...options
}: SessionOptions &
  Pick<DuckdbEngineOptions, "purpose" | "onStarting"> & {
    readonly spark?: SparkOptions | undefined;
  }): Promise<WriteSession> {
  const workspace = await openWorkspace(folder);
  const send = openSenders(process.env, workspace);
  const opened = new Opened();
  return opened.orClose(async () => {
    const lake = opened.adopt(await Lake.open(workspace.lake, { mode: "write", logger }));
    const engine = opened.adopt(
      await createEngine(workspace, join(lake.paths.tmp, "engine"), {
        ...options,
        folder: join(lake.paths.control, "spark"),
      }),
    );
    const concurrency = concurrencyOf(workspace);
    const notebooks = new NotebookCache(workspace, engine);
    const manager = opened.adopt(new RunManager({ workspace, lake, engine, notebooks, logger, concurrency }));
    await manager.recover();
    opened.adopt(auditRuns(manager, logger));
    const parts = { workspace, lake, engine, notebooks, manager, send, clock: systemClock, logger };
    const alerts = opened.adopt(await openAlertDesk(parts));
    const lineage = await openLineage(manager, logger);
    if (lineage !== undefined) opened.adopt(lineage);
    const session = { workspace, engine, lake, manager, alerts, close: () => opened.close() };
    return lineage === undefined ? session : { ...session, lineage };
  });
}

/** Undefined where no collector is named. */
async function openLineage(manager: RunManager, logger: Logger): Promise<LineageSender | undefined> {
  const { openlineage: settings } = manager.services.workspace.settings;
  if (settings === undefined) return undefined;
  const key = process.env["LAKEBOOK_OPENLINEAGE_KEY"] || undefined;
  return new LineageSender({ manager, settings, key, version: await ownVersion(), logger });
}

async function openLakeToRead(workspace: Workspace, logger: Logger): Promise<Lake | undefined> {
  try {
    return await Lake.open(workspace.lake, { mode: "read", logger });
  } catch (error) {
    if (isAppError(error, "not-found")) return undefined;
    throw error;
  }
}

function concurrencyOf(workspace: Workspace): number {
  return workspace.settings.concurrency ?? Math.max(2, availableParallelism());
}

async function createEngine(
  workspace: Workspace,
  tempFolder: string,
  {
    spark,
    folder,
    ...options
  }: Pick<DuckdbEngineOptions, "purpose" | "onStarting"> & {
    readonly spark?: SparkOptions | undefined;
    /** In the lake; absent: nothing is computed on Spark. */
    readonly folder?: string;
  },
): Promise<Engine> {
  const { memoryLimitBytes, threads, spark: shared } = workspace.settings;
  const url = spark?.url ?? (process.env["LAKEBOOK_SPARK"] || shared?.url);
  const token = process.env["LAKEBOOK_SPARK_TOKEN"] || undefined;
  const duckdb = await createDuckdbEngine({
    ...options,
    tempFolder,
    concurrency: concurrencyOf(workspace),
    ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const cluster = url === undefined || folder === undefined ? undefined : { url, token, folder };
    return withSpark(duckdb, { cluster, lake: workspace.lake, sparkLake: spark?.lake ?? shared?.lake });
  } catch (error) {
    await duckdb.close();
    throw error;
  }
}

/** The lake of a reading command, for commands that make no sense without one. */
export function requireLake(session: LakeSession): Lake {
  if (session.lake !== undefined) return session.lake;
  throw new AppError("not-found", "The lake is empty.", {
    hint: "Publish something with: lakebook materialize <notebook>",
  });
}
