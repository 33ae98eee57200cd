import { join } from "node:path";
import { DuckDBInstance, StatementType, VARCHAR } from "@duckdb/node-api";
import type {
  DuckDBConnection,
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
  DuckDBType,
} from "@duckdb/node-api";
import type { Progress, RowsColumn } from "../../engine.js";
import { simpleTypes } from "../../type-names.js";
import type { InstanceLimits } from "../protocol.js";
import { quoteLiteral } from "../../../text/sql-names.js";
import type { AllowedPlaces } from "./scope-folders.js";
import { runStatement } from "./run-statement.js";
import type { ParameterValues, TypedValue } from "./scope-parameters.js";

export interface InstanceOptions {
  readonly limits: InstanceLimits;
  /** The worker's own folder, for what spills and for the profile. */
  readonly tempFolder: string;
  readonly places: AllowedPlaces;
  /** Writes the plan of the last statement, with counts, to `profileFile`. */
  readonly isProfiled?: boolean;
  /** Many tasks will read the same files, which never change. */
  readonly isShared?: boolean;
}

export interface TypedColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** Nothing is downloaded, no extension is loaded, and an error is a JSON text with a position. */
const CREATE_OPTIONS = {
  errors_as_json: "true",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  allow_persistent_secrets: "false",
};

const NO_PARAMETERS: ParameterValues = new Map();

export function createDuckdb(): Promise<DuckDBInstance> {
  return DuckDBInstance.create(":memory:", CREATE_OPTIONS);
}

/** One locked DuckDB with one connection: its settings hold for all that it runs. */
export class WorkerInstance {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #threads: number;
  /** Further connections while several statements run at once. */
  readonly #lanes = new Set<DuckDBConnection>();
  #isCancelled = false;
  #isUnchanged = true;
  /** How far it is, where only the one who feeds it knows. */
  percent: (() => number) | undefined;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, threads: number) {
    this.#instance = instance;
    this.#connection = connection;
    this.#threads = threads;
  }

  /** Confines an instance that nobody has used yet. */
  static async open(instance: DuckDBInstance, options: InstanceOptions): Promise<WorkerInstance> {
    const connection = await instance.connect();
    await connection.run(settings(options));
    return new WorkerInstance(instance, connection, options.limits.threads);
  }

  /** Nothing failed in it, was cancelled, or made more of one statement than its text says. */
  get isUnchanged(): boolean {
    return this.#isUnchanged;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  get progress(): Pick<Progress, "percent" | "rows"> {
    const { percentage, rows_processed: rows } = this.#connection.progress;
    if (percentage < 0) return {};
    return {
      percent: Math.round((this.percent?.() ?? percentage) * 10) / 10,
      ...(rows > 0n && { rows: Number(rows) }),
    };
  }

  /**
   * Runs one statement to its end. Never DuckDB's streaming calls: they end early on an error as if there were no
   * more rows. A PIVOT without IN is several statements: `BEGIN`, a CREATE TYPE for its columns, the statement itself,
   * `COMMIT`.
   */
  async run(sql: string, parameters = NO_PARAMETERS): Promise<DuckDBMaterializedResult> {
    return this.#runEach(sql, parameters, runStatement);
  }

  /** The same where no row is read: there is nothing to wait for, so the thread that binds may end it too. */
  async runEmpty(sql: string, parameters = NO_PARAMETERS): Promise<void> {
    await this.#runEach(sql, parameters, (statement) => statement.run());
  }

  async #runEach(
    sql: string,
    parameters: ParameterValues,
    run: (statement: DuckDBPreparedStatement) => Promise<DuckDBMaterializedResult>,
  ): Promise<DuckDBMaterializedResult> {
    const wasUnchanged = this.#isUnchanged;
    this.#isUnchanged = false;
    const statements = await this.#connection.extractStatements(sql);
    const isMain = mainStatement(sql, statements.count);
    let result: DuckDBMaterializedResult | undefined;
    for (let index = 0; index < statements.count; index++) {
      this.#throwIfCancelled();
      const statement = await statements.prepare(index);
      try {
        const isResult = isMain(statement.statementType);
        bindParameters(statement, parameters);
        const answer = await run(statement);
        if (isResult) result = answer;
      } finally {
        statement.destroySync();
      }
    }
    if (result === undefined) throw new Error("The query is empty");
    this.#isUnchanged = wasUnchanged && statements.count === 1 && !this.#isCancelled;
    return result;
  }

  /** Runs one statement in which nothing stands that a user wrote, in one step. */
  async runOwn(sql: string): Promise<DuckDBMaterializedResult> {
    const wasUnchanged = this.#isUnchanged;
    this.#isUnchanged = false;
    this.#throwIfCancelled();
    const result = await this.#connection.run(sql);
    this.#isUnchanged = wasUnchanged && !this.#isCancelled;
    return result;
  }

  /**
   * Runs statements in which nothing stands that a user wrote, as many at once as there are threads: each uses one where
   * it is small. They see no temporary table. After a failure no further one is begun; ends when none runs any more.
   */
  async runOwnAtOnce(statements: readonly string[]): Promise<readonly DuckDBMaterializedResult[]> {
    const results: DuckDBMaterializedResult[] = [];
    let next = 0;
    const runLane = async (): Promise<void> => {
      const connection = await this.#instance.connect();
      this.#lanes.add(connection);
      try {
        for (let index = next++; index < statements.length; index = next++) {
          this.#throwIfCancelled();
          const statement = await connection.prepare(statements[index] as string);
          try {
            results[index] = await runStatement(statement);
          } finally {
            statement.destroySync();
          }
        }
      } catch (error) {
        next = statements.length;
        throw error;
      } finally {
        this.#lanes.delete(connection);
        connection.disconnectSync();
      }
    };
    const lanes = Array.from({ length: Math.min(this.#threads, statements.length) }, runLane);
    for (const lane of await Promise.allSettled(lanes)) if (lane.status === "rejected") throw lane.reason;
    return results;
  }

  /** Of a table or view, which is not read. */
  async tableColumns(table: string): Promise<readonly TypedColumn[]> {
    const statement = await this.#connection.prepare(`FROM ${table}`);
    try {
      return Array.from({ length: statement.columnCount }, (_, index) => ({
        name: statement.columnName(index),
        type: statement.columnType(index),
      }));
    } finally {
      statement.destroySync();
    }
  }

  /** Rows as DuckDB's own JSON: integers of 64 bits and decimals are strings. */
  async rows(sql: string, parameters = NO_PARAMETERS): Promise<readonly (readonly unknown[])[]> {
    return (await this.run(sql, parameters)).getRowsJson();
  }

  /** Fills a table; values are what JSON can hold, wide integers and decimals as strings. */
  async insertJson(
    table: string,
    columns: readonly RowsColumn[],
    rows: readonly (readonly unknown[])[],
  ): Promise<void> {
    const objects = rows.map((row) => Object.fromEntries(row.map((value, index) => [`c${index}`, value])));
    const structure = Object.fromEntries(
      columns.map((column, index) => [`c${index}`, simpleTypes[column.kind]]),
    );
    const json: TypedValue = { value: JSON.stringify(objects), type: VARCHAR };
    const rowsSql = `unnest(from_json($rows, ${quoteLiteral(JSON.stringify([structure]))}), recursive := true)`;
    await this.run(`INSERT INTO ${table} SELECT ${rowsSql}`, new Map([["rows", json]]));
  }

  /** More than one for a PIVOT without IN. */
  async countStatements(sql: string): Promise<number> {
    return (await this.#connection.extractStatements(sql)).count;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#isUnchanged = false;
    for (const connection of [this.#connection, ...this.#lanes]) connection.interrupt();
  }

  /** To be called when nothing runs any more: disconnecting under a running query never returns. */
  close(): void {
    this.#connection.disconnectSync();
    this.#instance.closeSync();
  }

  #throwIfCancelled(): void {
    if (this.#isCancelled)
      throw new Error('{"exception_type":"Interrupt","exception_message":"Interrupted!"}');
  }
}

export function profileFile(tempFolder: string): string {
  return join(tempFolder, "profile.json");
}

/**
 * `max_temp_directory_size` and `allowed_directories` are ignored or refused when given at creation: they are set by
 * SQL, then the doors are closed and the configuration is locked.
 */
function settings(options: InstanceOptions): string {
  const { limits, tempFolder, places } = options;
  return [
    `SET memory_limit = '${limits.memoryLimitBytes}B'`,
    "SET external_threads = 0",
    `SET threads = ${limits.threads}`,
    `SET temp_directory = ${quoteLiteral(tempFolder)}`,
    `SET max_temp_directory_size = '${limits.maxTempBytes}B'`,
    "SET TimeZone = 'UTC'",
    "SET preserve_insertion_order = true",
    "SET enable_progress_bar = true",
    "SET enable_progress_bar_print = false",
    "SET progress_bar_time = 0",
    // What is in a file for the time of one task need not reach the disk; what stays is written by a CHECKPOINT.
    "PRAGMA disable_checkpoint_on_shutdown",
    ...(options.isProfiled === true ? profilingSettings(tempFolder) : []),
    // Footers are read once; the content is in the system's cache, and need not lie in this process as well.
    ...(options.isShared === true
      ? ["SET parquet_metadata_cache = true", "SET enable_external_file_cache = false"]
      : []),
    `SET allowed_directories = [${places.folders.map(quoteLiteral).join(", ")}]`,
    `SET allowed_paths = [${places.files.map(quoteLiteral).join(", ")}]`,
    "SET enable_external_access = false",
    "SET lock_configuration = true",
  ].join(";\n");
}

function profilingSettings(tempFolder: string): readonly string[] {
  const metrics = { OPERATOR_TYPE: "true", OPERATOR_CARDINALITY: "true", EXTRA_INFO: "true" };
  return [
    "SET enable_profiling = 'json'",
    `SET profiling_output = ${quoteLiteral(profileFile(tempFolder))}`,
    `SET custom_profiling_settings = ${quoteLiteral(JSON.stringify(metrics))}`,
  ];
}

/**
 * Tells which of several statements is ours, and throws at one that only a query that left its brackets could have
 * brought: round ours there are only CREATE TYPE (or what is created in memory), BEGIN and COMMIT.
 */
function mainStatement(sql: string, count: number): (type: StatementType) => boolean {
  if (count === 1) return () => true;
  const main = /^\s*CREATE\b/i.test(sql)
    ? StatementType.CREATE
    : /^\s*COPY\b/i.test(sql)
      ? StatementType.COPY
      : StatementType.SELECT;
  let isDone = false;
  return (type) => {
    const isExpected = type === main || type === StatementType.CREATE || type === StatementType.TRANSACTION;
    if (!isExpected || (isDone && type !== StatementType.TRANSACTION))
      throw new Error("Only one statement can be run");
    isDone ||= type === main && main !== StatementType.CREATE;
    return type === main;
  };
}

function bindParameters(statement: DuckDBPreparedStatement, parameters: ParameterValues): void {
  for (let index = 1; index <= statement.parameterCount; index++) {
    const name = statement.parameterName(index);
    const parameter = parameters.get(name.toLowerCase());
    if (parameter === undefined) throw new Error(`Parameter "$${name}" has no value`);
    statement.bindValue(index, parameter.value, parameter.type);
  }
}
