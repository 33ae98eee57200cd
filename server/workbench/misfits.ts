import { BoundedCache } from "../base/bounded-cache.js";
import type { Diagnostic } from "../base/diagnostic.js";
import { isAppError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { Column, Engine, ExplainTask, FitOptions, QueryScope, Relation } from "../engine/engine.js";
import type { QueryProblem } from "../graph/query-analysis.js";
import { engineOf, isDataset, type SqlCell } from "../notebook/notebook.js";
import { withoutOwnSchemas } from "../runs/query-scope.js";
import { BIND_TIMEOUT_MS } from "./bind-cells.js";

const MAX_KNOWN = 2_000;

/** By what a cell is and reads, what its engine says of it. */
const knownOf = new WeakMap<Engine, BoundedCache<readonly QueryProblem[]>>();

/** What cells say that the engine cannot run which they ask for. `columns`: of all that could be bound. */
export async function misfitDiagnostics(
  engine: Engine,
  scope: QueryScope,
  { graph, notebook }: AnalyzedNotebook,
  columns: ReadonlyMap<string, readonly Column[]>,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const cell of notebook.cells) {
    const node = graph.nodes.get(cell.name);
    const name = engineOf(cell);
    // All that DuckDB binds it runs.
    if (cell.kind !== "sql" || name === undefined || name === "duckdb" || !columns.has(cell.name)) continue;
    const parents = (node?.parents ?? []).flatMap((parent) => givenRelation(parent, columns));
    const relations = [...scope.relations, ...parents];
    const sql = withoutOwnSchemas(cell.sql, node?.facts);
    const task = { engine: name, sql, scope: { ...scope, relations }, ...storage(cell) };
    for (const { span, ...problem } of await misfitsOf(engine, task, cell.name))
      found.push({
        ...problem,
        severity: "error",
        cell: cell.name,
        span: { start: span.start + cell.sqlSpan.start, end: span.end + cell.sqlSpan.start },
      });
  }
  return found;
}

function storage(cell: SqlCell): FitOptions {
  const { partitionBy } = cell.options;
  return isDataset(cell) ? { partitionBy } : { partitionBy: [], keepsTypes: true };
}

/** Without rows: only its columns matter. */
function givenRelation(name: string, columns: ReadonlyMap<string, readonly Column[]>): readonly Relation[] {
  const known = columns.get(name);
  return known === undefined ? [] : [{ type: "given", name, table: { columns: known, rows: [] } }];
}

async function misfitsOf(
  engine: Engine,
  task: ExplainTask & FitOptions,
  label: string,
): Promise<readonly QueryProblem[]> {
  const known = knownOf.get(engine) ?? new BoundedCache(MAX_KNOWN, 64 * MAX_KNOWN);
  knownOf.set(engine, known);
  const key = hashOf(task);
  const before = known.get(key);
  if (before !== undefined) return before;
  try {
    const problems = await engine.misfits(task, { label, timeoutMs: BIND_TIMEOUT_MS });
    known.set(key, problems);
    return problems;
  } catch (error) {
    // Of what takes too long to look at, running it says what is wrong.
    if (isAppError(error) && error.code !== "cancelled") return [];
    throw error;
  }
}
