import { compareDiagnostics, type Diagnostic } from "../base/diagnostic.js";
import type { Engine } from "../engine/engine.js";
import { queryOf } from "../graph/cell-query.js";
import { buildGraph, type DependencyGraph } from "../graph/dependency-graph.js";
import type { CheckSpec } from "../notebook/check-spec.js";
import type { ParsedNotebook } from "../notebook/parse.js";
import type { Notebook } from "../notebook/notebook.js";
import type { QueryAnalysis } from "../sql/query-analysis.js";

/** A notebook as far as it can be understood without binding or running anything. */
export interface AnalyzedNotebook {
  readonly notebook: Notebook;
  readonly graph: DependencyGraph;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names of the entries of `checks:` whose condition changes from call to call, e.g. by now(). */
  readonly volatileChecks: ReadonlySet<string>;
}

/** Lets the engine parse every cell's query and joins the cells to a graph. Never fails on a bad notebook. */
export async function analyzeNotebook(engine: Engine, parsed: ParsedNotebook): Promise<AnalyzedNotebook> {
  const { notebook } = parsed;
  const queries = notebook.cells.flatMap((cell) => {
    const query = queryOf(cell);
    return query === undefined ? [] : [{ name: cell.name, sql: query.sql }];
  });
  const conditions = notebook.cells.flatMap((cell) =>
    cell.kind === "sql" ? cell.options.checks.flatMap((spec) => conditionsOf(cell.name, spec)) : [],
  );
  const answers = await engine.analyze([...queries, ...conditions].map((query) => query.sql));
  const analyses = new Map<string, QueryAnalysis>();
  queries.forEach((query, index) => {
    const answer = answers[index];
    if (answer !== undefined && !analyses.has(query.name)) analyses.set(query.name, answer);
  });
  const { graph, diagnostics } = buildGraph(notebook, analyses);
  const judged = conditions.map((condition, index) => ({
    ...condition,
    analysis: answers[queries.length + index],
  }));
  return {
    notebook,
    graph,
    diagnostics: [...parsed.diagnostics, ...diagnostics, ...judged.flatMap(conditionDiagnostics)].sort(
      compareDiagnostics,
    ),
    volatileChecks: new Set(
      judged.flatMap(({ spec, analysis }) =>
        analysis?.ok === true && analysis.facts.volatileFunctions.length > 0 ? [spec.name] : [],
      ),
    ),
  };
}

interface Condition {
  readonly cell: string;
  readonly spec: CheckSpec;
  readonly sql: string;
}

/** The SQL that people write into `checks:` passes the same admission as a cell's query. */
function conditionsOf(cell: string, spec: CheckSpec): Condition[] {
  return conditionTexts(spec).map((text) => ({
    cell,
    spec,
    sql: `SELECT 1 FROM "${cell}" WHERE (${text}\n)`,
  }));
}

/** The conditions on rows that a check has. */
export function conditionTexts({ where, rule }: Pick<CheckSpec, "where" | "rule">): readonly string[] {
  return [where, rule.kind === "expression" ? rule.sql : undefined].filter((text) => text !== undefined);
}

function conditionDiagnostics({
  cell,
  spec,
  analysis,
}: Condition & { readonly analysis: QueryAnalysis | undefined }): Diagnostic[] {
  const place = { severity: "error" as const, cell, span: spec.span };
  if (analysis?.ok === false) {
    return analysis.problems.map(({ code, message, hint }) => ({
      ...place,
      code,
      message: `Check "${spec.name}": ${message}`,
      ...(hint === undefined ? {} : { hint }),
    }));
  }
  const reads = [...(analysis?.facts.tables ?? []), ...(analysis?.facts.files ?? [])];
  const foreign = reads
    .map((read) => ("path" in read ? read.path : read.name))
    .filter((name) => name !== cell);
  if (foreign.length > 0) {
    return [
      {
        ...place,
        code: "check-reads-table",
        message: `Check "${spec.name}" reads "${foreign.join('", "')}": a condition may only use columns of "${cell}".`,
        hint: "Write a check cell instead.",
      },
    ];
  }
  if ((analysis?.facts.parameters.length ?? 0) > 0) {
    return [
      {
        ...place,
        code: "check-reads-parameter",
        message: `Check "${spec.name}" uses a parameter: a condition may only use columns of "${cell}".`,
        hint: "Write a check cell instead.",
      },
    ];
  }
  return [];
}
