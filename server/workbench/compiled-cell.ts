import { AppError } from "../base/errors.js";
import type { ExplainTask, Explanation } from "../engine/engine.js";
import { queryOf } from "../notebook/kinds/kinds.js";
import { engineOf, type ParameterType, type ParameterValue } from "../notebook/notebook.js";
import { useAdHoc, type QueryServices } from "./ad-hoc-query.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";

/** What the engine is sent for a cell, as things stand now. */
export interface CompiledCell {
  readonly sql: string;
  /** Of a cell that is computed on Spark: what previews of it, its checks and charts are of. */
  readonly duckdb?: string;
  /** Bound, never written into the text. */
  readonly parameters: readonly {
    readonly name: string;
    readonly type: ParameterType;
    readonly value: ParameterValue;
  }[];
  /** Stored rows that the text names: of cells, datasets of the lake and system relations. */
  readonly reads: readonly string[];
}

export interface CompileRequest {
  readonly cell: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const PLAN_TIMEOUT_MS = 30_000;

/** Fails with code not-found for what has no query, and usage where a dataset that it reads was never run. */
export async function compileCell(
  services: QueryServices,
  notebook: AnalyzedNotebook,
  request: CompileRequest,
): Promise<CompiledCell> {
  return useCell(services, notebook, request, async (task) => ({
    sql: await services.engine.compile(task),
    ...(task.engine === "spark" && {
      duckdb: await services.engine.compile({ ...task, engine: undefined }),
    }),
    parameters: task.scope.parameters.map(({ definition: { name, type }, value }) => ({ name, type, value })),
    reads: task.scope.relations
      .filter(({ type }) => type !== "query")
      .map((relation) => ("schema" in relation ? `${relation.schema}.${relation.name}` : relation.name)),
  }));
}

/** How the engine would compute the cell; no row is read. */
export async function explainCell(
  services: QueryServices,
  notebook: AnalyzedNotebook,
  request: CompileRequest,
  signal: AbortSignal,
): Promise<Explanation> {
  return useCell(services, notebook, request, (task) =>
    services.engine.explain(task, { label: request.cell, timeoutMs: PLAN_TIMEOUT_MS, signal }),
  );
}

async function useCell<T>(
  services: QueryServices,
  notebook: AnalyzedNotebook,
  { cell: name, parameters }: CompileRequest,
  use: (task: ExplainTask) => T | Promise<T>,
): Promise<T> {
  const cell = notebook.notebook.cells.find((candidate) => candidate.name === name);
  const query = cell === undefined ? undefined : queryOf(cell);
  if (query === undefined)
    throw new AppError("not-found", `The notebook has no cell "${name}" with a query.`);
  const engine = cell === undefined ? undefined : engineOf(cell);
  return useAdHoc(services, { sql: query.sql, notebook, parameters }, (prepared) =>
    use({ ...prepared, engine }),
  );
}
