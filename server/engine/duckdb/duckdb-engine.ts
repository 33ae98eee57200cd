import { join } from "node:path";
import { rm } from "node:fs/promises";
import { silentLogger, type Logger } from "../../base/logger.js";
import type { AdoptingEngine } from "../adopt.js";
import { FREE_QUERY_WORKERS, type EngineLoad } from "../engine.js";
import { simpleTypes } from "../type-names.js";
import { chartSql } from "./compile/chart-sql.js";
import { describeFile, readThroughQuery } from "./compile/file-sql.js";
import { profileColumns } from "./compile/profile-sql.js";
import { conditionSql, fileCalls } from "./compile/lineage-sql.js";
import { lostDigitsSql, nameFiles, readerSql } from "./compile/reader-sql.js";
import {
  changedKeys,
  changeQuery,
  countChanges,
  countKeys,
  keyedFiles,
  lateSql,
  onlyKeysSql,
  partsSql,
  unitedKeys,
} from "./compile/increment-sql.js";
import { nameDelivered, readerCalls } from "./compile/delivered-sql.js";
import { nameGiven, rowsSql } from "./compile/given-sql.js";
import { partedSql } from "./compile/parted-sql.js";
import { derivedSql } from "./compile/derived-sql.js";
import { pivotValuesSql, summarySql } from "./compile/summary-sql.js";
import { someRowsSql } from "./compile/some-rows-sql.js";
import {
  columnsHashQuery,
  countQuery,
  isCopyExact,
  pageQuery,
  scopeOf,
  selectionQuery,
  tableQuery,
  valueQuery,
} from "./compile/selection-sql.js";
import { computeTally } from "./compile/tally-sql.js";
import { storedTypes } from "./compile/types-sql.js";
import { readVocabulary } from "./compile/vocabulary-sql.js";
import { commonTables } from "./parse/common-tables.js";
import { dataLimitBytes, PREVIEW_WORKERS, toEngineLimits } from "./pool/limits.js";
import type { LimitOptions } from "./pool/limits.js";
import { WorkerPool } from "./pool/pool.js";
import type { InstanceLimits } from "./protocol.js";
import { embedQuery, queryRelations } from "./scope-sql.js";
import { createEngineFolder } from "./pool/worker-folders.js";
import { QueryParser } from "./pool/worker-parser.js";
import { WorkerProcess, type WorkerOptions } from "./pool/worker-process.js";

export interface DuckdbEngineOptions extends LimitOptions {
  /** Absolute private folder for what spills; what killed processes left there is swept. */
  readonly tempFolder: string;
  /** Default: beside this module. */
  readonly workerScript?: string;
  /** For tests: how its workers are watched. */
  readonly watch?: Pick<WorkerOptions, "watchMs" | "maxSilentCpuSeconds">;
  /** Bound each worker's memory by the system (`ulimit -d`); default: on Linux. */
  readonly dataLimit?: boolean;
  /**
   * `read`: a command that only reads parses, then runs what it parsed, and starts no worker ahead for that. `run`: a
   * command that computes cells starts none ahead for people who look at them; what is asked in between, a worker of cells
   * answers. Default: `serve`.
   */
  readonly purpose?: "read" | "run" | "serve";
  /** Called once its processes are starting, which takes them a while. */
  readonly onStarting?: () => void;
  readonly logger?: Logger;
}

/** DuckDB in worker processes; this process never loads it. */
export async function createDuckdbEngine(options: DuckdbEngineOptions): Promise<AdoptingEngine> {
  const folder = await createEngineFolder(options.tempFolder);
  const limits = toEngineLimits(options);
  const { purpose = "serve" } = options;
  const spare = purpose === "read" ? 0 : 1;
  let count = 0;
  const spawnWith = (instance: InstanceLimits) => (): WorkerProcess => {
    const launch = {
      ...options.watch,
      tempFolder: join(folder, `worker-${++count}`),
      ...(options.workerScript !== undefined && { workerScript: options.workerScript }),
      ...((options.dataLimit ?? process.platform === "linux") && {
        dataLimitBytes: dataLimitBytes(instance),
      }),
    };
    return new WorkerProcess(launch, options.logger ?? silentLogger);
  };
  const spawnPreview = spawnWith(limits.preview);
  const parser = new WorkerPool({
    limits: limits.preview,
    size: 1,
    spare,
    maxTasks: 10_000,
    spawn: spawnPreview,
  });
  // Never the other way round: what has run a query is not asked what a query says.
  const spawnAfterParser = (): WorkerProcess =>
    (spare === 0 ? parser.release() : undefined) ?? spawnPreview();
  const longParser = new WorkerPool({
    limits: limits.preview,
    size: 1,
    spare: 0,
    maxTasks: 100,
    spawn: spawnPreview,
  });
  const free = new WorkerPool({
    limits: limits.preview,
    size: FREE_QUERY_WORKERS,
    spare: 0,
    maxTasks: 50,
    spawn: spawnAfterParser,
  });
  const cells = new WorkerPool({
    limits: limits.cell,
    size: limits.concurrency,
    spare,
    maxTasks: 200,
    spawn: spawnWith(limits.cell),
  });
  const previews =
    purpose === "run"
      ? cells
      : new WorkerPool({
          limits: limits.preview,
          size: PREVIEW_WORKERS,
          spare,
          maxTasks: 200,
          spawn: spawnAfterParser,
        });
  const pools = { parser, longParser, cells, previews, free };
  const queries = new QueryParser(parser, longParser);
  try {
    return toEngine(await start(pools, options), pools, queries, folder);
  } catch (error) {
    await close(pools, folder);
    throw error;
  }
}

interface Pools {
  readonly parser: WorkerPool;
  /** For texts that take long. */
  readonly longParser: WorkerPool;
  /** Cells that are computed and checked. */
  readonly cells: WorkerPool;
  /** In a command that computes cells it is theirs. */
  readonly previews: WorkerPool;
  /** Queries that are in no notebook, which may never end: nothing else waits behind them. */
  readonly free: WorkerPool;
}

/** Returns the version of DuckDB. */
async function start(
  { parser, cells, previews }: Pools,
  { purpose, onStarting }: DuckdbEngineOptions,
): Promise<string> {
  const hasRuns = purpose !== "read";
  if (hasRuns && previews !== cells) previews.warm();
  const version = parser.version();
  onStarting?.();
  const known = await version;
  // Only now: what starts at the same time starts slower, and the first cell has to be parsed before it runs.
  if (hasRuns) cells.warm();
  return known;
}

function each(pools: Pools): ReadonlySet<WorkerPool> {
  return new Set(Object.values(pools) as WorkerPool[]);
}

async function close(pools: Pools, folder: string): Promise<void> {
  await Promise.all([...each(pools)].map((pool) => pool.close()));
  await rm(folder, { recursive: true, force: true });
}

function loadOf(pools: Pools): EngineLoad {
  const loads = [...each(pools)].map((pool) => pool.load);
  const sum = (of: (load: EngineLoad) => number): number =>
    loads.reduce((total, load) => total + of(load), 0);
  return {
    workers: sum(({ workers }) => workers),
    busy: sum(({ busy }) => busy),
    waiting: sum(({ waiting }) => waiting),
  };
}

function toEngine(version: string, pools: Pools, queries: QueryParser, folder: string): AdoptingEngine {
  const { cells, previews, free } = pools;
  const engine: AdoptingEngine = {
    version: `duckdb ${version}`,
    versionOf: () => engine.version,
    hasCluster: false,
    reachCluster: () => Promise.resolve(),
    misfits: () => Promise.resolve([]),
    analyze: (texts) => Promise.all(texts.map((sql) => queries.analyze({ kind: "query", sql }))),
    analyzeConditions: (texts) =>
      Promise.all(texts.map((sql) => queries.analyze({ kind: "condition", sql }))),
    bind: (scope, items, control) => previews.run({ type: "bind", scope, items }, control),
    lineage: (task, control) => previews.run({ type: "lineage", task }, control),
    fileCalls,
    conditionSql,
    materialize: (task, control) => cells.run({ type: "materialize", task }, control),
    adopt: (task, control) => cells.run({ type: "adopt", task }, control),
    merge: (task, control) => cells.run({ type: "merge", task }, control),
    countChanges: (task, control) =>
      countChanges({ query: (query) => cells.run({ type: "query", task: query }, control) }, task),
    keyChange: async ({ change, types, file }, control) => {
      const task = { ...changeQuery(change, types), file, format: "parquet" } as const;
      await cells.run({ type: "copy", task }, control);
    },
    uniteKeys: async (task, control) => {
      const copy = { ...unitedKeys(task), file: task.file, format: "parquet" } as const;
      await cells.run({ type: "copy", task: copy }, control);
    },
    countKeys: (file, columns, control) =>
      countKeys({ query: (query) => cells.run({ type: "query", task: query }, control) }, file, columns),
    changedKeys: (task, control) =>
      changedKeys({ query: (query) => cells.run({ type: "query", task: query }, control) }, task),
    keyedFiles: (task, control) =>
      keyedFiles({ query: (query) => cells.run({ type: "query", task: query }, control) }, task),
    check: (task, control) => cells.run({ type: "check", task }, control),
    query: (task, control) =>
      (control.isFree === true ? free : previews).run({ type: "query", task }, control),
    copy: (task, control) => previews.run({ type: "copy", task: { ...task, format: "parquet" } }, control),
    compile: ({ scope, sql }) => Promise.resolve(embedQuery(queryRelations(scope), sql).text),
    explain: (task, control) => previews.run({ type: "explain", task }, control),

    page: async (task, control) => {
      const { rows, cut } = await engine.query(pageQuery(task), control);
      return { rows, ...(cut !== undefined && { cut }) };
    },
    hashColumns: async (task, control) => {
      const { rows } = await engine.query(columnsHashQuery(task), control);
      return JSON.stringify(rows);
    },
    count: async (task, control) => {
      const { rows } = await engine.query(countQuery(task), control);
      return Number(rows[0]?.[0] ?? 0);
    },
    copySelection: (task, file, control) => engine.copy({ ...selectionQuery(task), file }, control),
    copyValue: async (task, control) => {
      const { isBinary, ...query } = valueQuery(task);
      const copy = { ...query, file: task.file, format: "bytes" } as const;
      return { ...(await previews.run({ type: "copy", task: copy }, control)), isBinary };
    },
    export: ({ table, folder, format }, control) =>
      engine.materialize(
        {
          ...tableQuery(table),
          folder,
          dataset: "export",
          formats: ["parquet", format],
          partitionBy: [],
          isOrdered: true,
          metadata: {},
        },
        control,
      ),
    profile: (task, control) => profileColumns((query) => engine.query(query, control), task),
    diff: (task, control) => previews.run({ type: "diff", task }, control),
    aggregate: ({ table, query, where, ...task }, control) =>
      engine.query({ ...task, sql: chartSql(query, where), scope: scopeOf(table) }, control),
    aggregateSql: chartSql,
    tally: (task, control) =>
      computeTally(
        {
          query: (query) => engine.query(query, control),
          materialize: (of) => previews.run({ type: "materialize", task: of }, control),
        },
        task,
      ),
    describeFile: (file, control) => describeFile(engine, file, control),
    readThrough: async (task, control) => {
      await engine.query(readThroughQuery(task), control);
    },
    readerSql,
    lostDigitsSql,
    nameFiles,
    nameDelivered,
    readerCalls,
    partsSql,
    lateSql,
    partedSql,
    rowsSql,
    someRowsSql,
    derivedSql,
    summarySql,
    pivotValuesSql,
    nameGiven,
    commonTables,
    onlyKeysSql,
    toColumn: ({ name, kind }) => ({ name, type: simpleTypes[kind], kind }),
    isCopyExact,
    storedTypes: (scope, types, control) => storedTypes(engine, scope, types, control),
    vocabulary: (control) => readVocabulary((task) => engine.query(task, control)),
    load: () => loadOf(pools),
    probe: () => cells.probe(),
    close: () => close(pools, folder),
  };
  return engine;
}
