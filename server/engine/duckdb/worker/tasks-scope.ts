import { messageOf } from "../../../base/errors.js";
import type { QueryScope } from "../../engine.js";
import { pipePaths } from "./array-pipes.js";
import { findBrokenFile } from "./broken-file.js";
import type { InstanceShelf } from "./instance-shelf.js";
import type { InstanceLimits } from "../protocol.js";
import { quoteIdentifier } from "../../../text/sql-names.js";
import { allowedPlaces } from "./scope-folders.js";
import { toParameterValues } from "./scope-parameters.js";
import type { ParameterValues } from "./scope-parameters.js";
import {
  embedQuery,
  embedStatement,
  qualifiedName,
  queryRelations,
  relationStatements,
  rowsRelations,
  wrapQuery,
} from "../scope-sql.js";
import type { EmbeddedQuery } from "../scope-sql.js";
import { sharedKey } from "../shared-scope.js";
import { TaskError } from "../tasks-error.js";
import { QueryFailure } from "./tasks-failure.js";
import type { WorkerInstance } from "./worker-instance.js";

/** What the worker gives to each task. */
export interface TaskContext {
  readonly limits: InstanceLimits;
  readonly tempFolder: string;
  readonly shelf: InstanceShelf;
  /** Tells the worker what to ask for progress and what to interrupt. */
  readonly onInstance: (instance: WorkerInstance | undefined) => void;
}

export interface ScopeOptions {
  readonly writable?: readonly string[];
  readonly isProfiled?: boolean;
  /** A big JSON array may be read by several threads: see `split-array.ts`. */
  readonly isSplitting?: boolean;
}

/** An instance in which the relations of a scope exist. */
export class ScopedInstance {
  readonly instance: WorkerInstance;
  readonly scope: QueryScope;
  readonly parameters: ParameterValues;
  readonly tempFolder: string;
  readonly limits: InstanceLimits;
  /** Paths that the instance may read as pipes. */
  readonly pipes: readonly string[];
  #queries: ReturnType<typeof queryRelations>;

  constructor(
    instance: WorkerInstance,
    scope: QueryScope,
    { tempFolder, limits }: TaskContext,
    pipes: readonly string[],
  ) {
    this.instance = instance;
    this.scope = scope;
    this.parameters = toParameterValues(scope.parameters);
    this.tempFolder = tempFolder;
    this.limits = limits;
    this.pipes = pipes;
    this.#queries = queryRelations(scope);
  }

  /** The query as one SELECT, with the query cells that it is computed with as CTEs. */
  embed(sql: string, verb?: "SELECT" | "DESCRIBE"): EmbeddedQuery {
    return embedQuery(this.#queries, sql, verb);
  }

  /** A SELECT of our own over the relations of the scope. */
  embedStatement(select: string): EmbeddedQuery {
    return embedStatement(this.#queries, select);
  }

  /** Runs a statement that contains the user's SQL; what goes wrong is told in the user's terms. */
  async run(query: EmbeddedQuery): Promise<Awaited<ReturnType<WorkerInstance["run"]>>> {
    try {
      return await this.instance.run(query.text, this.parameters);
    } catch (error) {
      throw await this.#failure(error, query);
    }
  }

  /** The same of a statement that reads no rows. */
  async runEmpty(query: EmbeddedQuery): Promise<void> {
    try {
      await this.instance.runEmpty(query.text, this.parameters);
    } catch (error) {
      throw await this.#failure(error, query);
    }
  }

  async #failure(error: unknown, query: EmbeddedQuery): Promise<QueryFailure> {
    const file = await findBrokenFile(this.instance, query.text, error);
    return new QueryFailure(error, query, this.scope.root, file);
  }

  /**
   * A PIVOT without IN first asks for its columns, with the CTEs but without the parameters in them: DuckDB refuses
   * that. So where there is one, the inlined query cells become tables.
   */
  async makeTablesForPivot(sql: string): Promise<void> {
    if (this.#queries.length === 0 || this.parameters.size === 0 || !(await this.hasDynamicPivot(sql)))
      return;
    const queries = this.#queries;
    this.#queries = [];
    for (const query of queries) {
      const table = wrapQuery(
        `CREATE TEMP TABLE ${quoteIdentifier(query.name)} AS `,
        embedQuery([], query.sql),
        "",
      );
      await this.run({
        ...table,
        segments: table.segments.map((segment) => ({ ...segment, cell: query.name })),
      });
    }
  }

  /** Whether the query's columns depend on its data: then DuckDB makes several statements of it. */
  async hasDynamicPivot(sql: string): Promise<boolean> {
    const query = this.embed(sql);
    // Whatever the word stands for there: without it, there is no need to ask.
    if (!/pivot/i.test(query.text)) return false;
    try {
      return (await this.instance.countStatements(query.text)) > 1;
    } catch (error) {
      throw new QueryFailure(error, query, this.scope.root);
    }
  }
}

/** An immutable scope may get the instance of the task before, if that saw exactly the same. */
export async function withScope<T>(
  context: TaskContext,
  scope: QueryScope,
  options: ScopeOptions,
  use: (scoped: ScopedInstance) => Promise<T>,
): Promise<T> {
  enterRoot(scope.root);
  const shared = options.writable === undefined ? sharedKey(scope) : undefined;
  const key = shared && JSON.stringify([shared, options, context.limits]);
  const pipes = options.isSplitting === true ? pipePaths(context.limits, context.tempFolder) : [];
  const kept = key === undefined ? undefined : context.shelf.take(key);
  const instance = kept ?? (await openInstance(context, scope, options, pipes, key !== undefined));
  context.onInstance(instance);
  let isDone = false;
  try {
    if (kept === undefined) await createRelations(instance, scope);
    const result = await use(new ScopedInstance(instance, scope, context, pipes));
    isDone = true;
    return result;
  } finally {
    context.onInstance(undefined);
    if (key !== undefined && isDone) context.shelf.keep(key, instance);
    else instance.close();
  }
}

function openInstance(
  { shelf, limits, tempFolder }: TaskContext,
  scope: QueryScope,
  { writable = [], isProfiled = false }: ScopeOptions,
  pipes: readonly string[],
  isShared: boolean,
): Promise<WorkerInstance> {
  const { folders, files } = allowedPlaces(scope, writable);
  return shelf.open({
    limits,
    tempFolder,
    places: { folders, files: [...files, ...pipes] },
    isProfiled,
    isShared,
  });
}

/** Relative paths in the SQL resolve from there; one process serves one task at a time. */
function enterRoot(root: string): void {
  try {
    process.chdir(root);
  } catch (error) {
    throw new TaskError("input", `The folder "${root}" cannot be opened: ${messageOf(error)}`);
  }
}

async function createRelations(instance: WorkerInstance, scope: QueryScope): Promise<void> {
  for (const statement of relationStatements(scope)) await instance.run(statement);
  for (const relation of rowsRelations(scope)) {
    if (relation.rows.length === 0) continue;
    await instance.insertJson(qualifiedName(relation), relation.columns, relation.rows);
  }
}
