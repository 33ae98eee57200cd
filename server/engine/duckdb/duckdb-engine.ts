import { join } from "node:path";
import { rm } from "node:fs/promises";
import { silentLogger, type Logger } from "../../base/logger.js";
import type { QueryAnalysis } from "../../graph/query-analysis.js";
import type {
  BindItem,
  BindResult,
  CheckFinding,
  CheckTask,
  Column,
  CopiedRows,
  CopyTask,
  Engine,
  ExplainTask,
  MaterializedOutput,
  MaterializeTask,
  Explanation,
  QueryResult,
  QueryScope,
  QueryTask,
  RowsColumn,
  StoredColumn,
  TaskControl,
} from "../engine.js";
import { FREE_QUERY_WORKERS } from "../engine.js";
import { simpleTypes } from "../type-names.js";
import type { AggregateQuery } from "../../chart/chart-query.js";
import { chartSql } from "./compile/chart-sql.js";
import { diffRows } from "./compile/diff-sql.js";
import { describeFile, readThroughQuery } from "./compile/file-sql.js";
import { readerSql } from "./compile/reader-sql.js";
import { storedTypes } from "./compile/types-sql.js";
import { profileColumns } from "./compile/profile-sql.js";
import type {
  AggregateTask,
  ColumnMeasures,
  CopiedValue,
  DescribedFile,
  DiffTask,
  ExportTask,
  FileReader,
  PageTask,
  ProfileTask,
  RowDiff,
  RowPage,
  Selection,
  ValueTask,
  Vocabulary,
} from "../verbs.js";
import {
  countQuery,
  isCopyExact,
  pageQuery,
  scopeOf,
  selectionQuery,
  tableQuery,
  valueQuery,
} from "./compile/selection-sql.js";
import { readVocabulary } from "./compile/vocabulary-sql.js";
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
  /** False for a command that only reads: it parses, then runs what it parsed, and starts no worker ahead for that. */
  readonly isForRuns?: boolean;
  /** Called once its processes are starting, which takes them a while. */
  readonly onStarting?: () => void;
  readonly logger?: Logger;
}

/** DuckDB in worker processes; this process never loads it. */
export async function createDuckdbEngine(options: DuckdbEngineOptions): Promise<Engine> {
  const folder = await createEngineFolder(options.tempFolder);
  const limits = toEngineLimits(options);
  const spare = options.isForRuns === false ? 0 : 1;
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
    maxTasks: 50,
    spawn: spawnWith(limits.cell),
  });
  const previews = new WorkerPool({
    limits: limits.preview,
    size: PREVIEW_WORKERS,
    spare,
    maxTasks: 200,
    spawn: spawnAfterParser,
  });
  const engine = new DuckdbEngine({ parser, longParser, cells, previews, free }, folder);
  try {
    await engine.start(options);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

interface Pools {
  readonly parser: WorkerPool;
  /** For texts that take long. */
  readonly longParser: WorkerPool;
  /** Cells that are computed and checked. */
  readonly cells: WorkerPool;
  readonly previews: WorkerPool;
  /** Queries that are in no notebook, which may never end: nothing else waits behind them. */
  readonly free: WorkerPool;
}

class DuckdbEngine implements Engine {
  version = "";
  readonly #pools: Pools;
  readonly #parser: QueryParser;
  readonly #folder: string;

  constructor(pools: Pools, folder: string) {
    this.#pools = pools;
    this.#parser = new QueryParser(pools.parser, pools.longParser);
    this.#folder = folder;
  }

  async start({ isForRuns, onStarting }: DuckdbEngineOptions): Promise<void> {
    const { parser, cells, previews } = this.#pools;
    const hasRuns = isForRuns !== false;
    if (hasRuns) previews.warm();
    const version = parser.version();
    onStarting?.();
    this.version = `duckdb ${await version}`;
    // Only now: what starts at the same time starts slower, and the first cell has to be parsed before it runs.
    if (hasRuns) cells.warm();
  }

  analyze(queries: readonly string[]): Promise<readonly QueryAnalysis[]> {
    return Promise.all(queries.map((sql) => this.#parser.analyze({ kind: "query", sql })));
  }

  analyzeConditions(conditions: readonly string[]): Promise<readonly QueryAnalysis[]> {
    return Promise.all(conditions.map((sql) => this.#parser.analyze({ kind: "condition", sql })));
  }

  bind(scope: QueryScope, items: readonly BindItem[], control: TaskControl): Promise<readonly BindResult[]> {
    return this.#pools.previews.run({ type: "bind", scope, items }, control);
  }

  materialize(task: MaterializeTask, control: TaskControl): Promise<MaterializedOutput> {
    return this.#pools.cells.run({ type: "materialize", task }, control);
  }

  check(task: CheckTask, control: TaskControl): Promise<readonly CheckFinding[]> {
    return this.#pools.cells.run({ type: "check", task }, control);
  }

  query(task: QueryTask, control: TaskControl): Promise<QueryResult> {
    const { free, previews } = this.#pools;
    return (control.isFree === true ? free : previews).run({ type: "query", task }, control);
  }

  copy(task: CopyTask, control: TaskControl): Promise<CopiedRows> {
    return this.#pools.previews.run({ type: "copy", task }, control);
  }

  compile({ scope, sql }: ExplainTask): string {
    return embedQuery(queryRelations(scope), sql).text;
  }

  explain(task: ExplainTask, control: TaskControl): Promise<Explanation> {
    return this.#pools.previews.run({ type: "explain", task }, control);
  }

  async page(task: PageTask, control: TaskControl): Promise<RowPage> {
    const { rows, cut } = await this.query(pageQuery(task), control);
    return { rows, ...(cut !== undefined && { cut }) };
  }

  async count(task: Selection, control: TaskControl): Promise<number> {
    const { rows } = await this.query(countQuery(task), control);
    return Number(rows[0]?.[0] ?? 0);
  }

  copySelection(task: Selection, file: string, control: TaskControl): Promise<CopiedRows> {
    return this.copy({ ...selectionQuery(task), file }, control);
  }

  async copyValue(task: ValueTask, control: TaskControl): Promise<CopiedValue> {
    const { isBinary, ...query } = valueQuery(task);
    return { ...(await this.copy({ ...query, file: task.file, format: "bytes" }, control)), isBinary };
  }

  export({ table, folder, format }: ExportTask, control: TaskControl): Promise<MaterializedOutput> {
    return this.materialize(
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
    );
  }

  profile(task: ProfileTask, control: TaskControl): Promise<readonly ColumnMeasures[]> {
    return profileColumns((query) => this.query(query, control), task);
  }

  diff(task: DiffTask, control: TaskControl): Promise<RowDiff> {
    return diffRows((query) => this.query(query, control), task);
  }

  aggregate({ table, query, ...task }: AggregateTask, control: TaskControl): Promise<QueryResult> {
    return this.query({ ...task, sql: chartSql(query), scope: scopeOf(table) }, control);
  }

  aggregateSql(query: AggregateQuery): string {
    return chartSql(query);
  }

  describeFile(file: string, control: TaskControl): Promise<DescribedFile> {
    return describeFile(this, file, control);
  }

  async readThrough(task: ExplainTask, control: TaskControl): Promise<void> {
    await this.query(readThroughQuery(task), control);
  }

  readerSql(reader: FileReader): string {
    return readerSql(reader);
  }

  toColumn({ name, kind }: RowsColumn): Column {
    return { name, type: simpleTypes[kind], kind };
  }

  isCopyExact(columns: readonly StoredColumn[]): boolean {
    return isCopyExact(columns);
  }

  storedTypes(
    scope: QueryScope,
    types: readonly string[],
    control: TaskControl,
  ): Promise<readonly string[] | undefined> {
    return storedTypes(this, scope, types, control);
  }

  vocabulary(control: TaskControl): Promise<Vocabulary> {
    return readVocabulary((task) => this.query(task, control));
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool: WorkerPool) => pool.close()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
