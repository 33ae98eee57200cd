import { compareDiagnostics, type Diagnostic } from "../base/diagnostic.js";
import { giveWay } from "../base/give-way.js";
import type { Engine } from "../engine/engine.js";
import type { SourceText, Span } from "../base/source.js";
import { checksOf, queryOf } from "../notebook/kinds/kinds.js";
import { buildGraph, type DependencyGraph } from "../graph/dependency-graph.js";
import type { CheckSpec, ConditionText } from "../notebook/check-spec.js";
import type { ParsedNotebook } from "../notebook/parse.js";
import type { Notebook } from "../notebook/notebook.js";
import type { QueryAnalysis, QueryProblem } from "../graph/query-analysis.js";

/** A notebook as far as it can be understood without binding or running anything. */
export interface AnalyzedNotebook {
  readonly notebook: Notebook;
  readonly graph: DependencyGraph;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names of the entries of `checks:` whose condition changes from call to call, e.g. by now(). */
  readonly volatileChecks: ReadonlySet<string>;
  /** Names of the entries of `checks:` whose condition looks at other rows than the one that it is about. */
  readonly readingChecks: ReadonlySet<string>;
  /** By the names of the entries of `checks:` whose condition must not reach the engine, what is wrong with it. */
  readonly refusedChecks: ReadonlyMap<string, Diagnostic>;
}

/** Lets the engine parse every cell's query and joins the cells to a graph. Never fails on a bad notebook. */
export async function analyzeNotebook(engine: Engine, parsed: ParsedNotebook): Promise<AnalyzedNotebook> {
  const { notebook } = parsed;
  const queries = notebook.cells.flatMap((cell) => {
    const query = queryOf(cell);
    return query === undefined ? [] : [{ name: cell.name, sql: query.sql }];
  });
  const [answers, judged] = await Promise.all([
    engine.analyze(queries.map((query) => query.sql)),
    judgeConditions(engine, conditionsOf(notebook)),
  ]);
  const analyses = new Map<string, QueryAnalysis>();
  queries.forEach((query, index) => {
    const answer = answers[index];
    if (answer !== undefined && !analyses.has(query.name)) analyses.set(query.name, answer);
  });
  await giveWay();
  const { graph, diagnostics } = buildGraph(notebook, analyses);
  await giveWay();
  const found = judged.map((condition) => ({
    name: condition.spec.name,
    diagnostics: conditionDiagnostics(condition, notebook.source),
  }));
  return {
    notebook,
    graph,
    diagnostics: [
      ...parsed.diagnostics,
      ...diagnostics,
      ...found.flatMap((condition) => condition.diagnostics),
    ].sort(compareDiagnostics),
    volatileChecks: new Set(
      judged.flatMap(({ spec, analysis }) =>
        analysis.ok && analysis.facts.volatileFunctions.length > 0 ? [spec.name] : [],
      ),
    ),
    readingChecks: new Set(
      judged.flatMap(({ spec, analysis }) =>
        analysis.ok && analysis.facts.tables.length + analysis.facts.files.length === 0 ? [] : [spec.name],
      ),
    ),
    refusedChecks: new Map(
      found.flatMap(({ name, diagnostics: [first] }) => (first === undefined ? [] : [[name, first]])),
    ),
  };
}

interface Condition {
  readonly cell: string;
  readonly spec: CheckSpec;
  readonly text: ConditionText;
}

interface JudgedCondition extends Condition {
  readonly analysis: QueryAnalysis;
}

function conditionsOf(notebook: Notebook): Condition[] {
  return notebook.cells.flatMap((cell) =>
    checksOf(cell).flatMap((spec) => spec.conditions.map((text) => ({ cell: cell.name, spec, text }))),
  );
}

/** Conditions pass the same admission as a cell's query, and may only use what their cell has. */
async function judgeConditions(
  engine: Engine,
  conditions: readonly Condition[],
): Promise<readonly JudgedCondition[]> {
  const answers = await engine.analyzeConditions(conditions.map(({ text }) => text.sql));
  return conditions.flatMap((condition, index) => {
    const analysis = answers[index];
    return analysis === undefined ? [] : [{ ...condition, analysis }];
  });
}

function conditionDiagnostics(
  { cell, spec, text, analysis }: JudgedCondition,
  source: SourceText,
): Diagnostic[] {
  return [...conditionProblems(cell, analysis), ...unsteadyProblems(spec, text, analysis)].map(
    ({ code, message, hint, span }) => ({
      code,
      severity: "error",
      message: `Check "${spec.name}": ${message}`,
      cell,
      span: placeInCondition(source, text, span),
      ...(hint === undefined ? {} : { hint }),
    }),
  );
}

function conditionProblems(cell: string, analysis: QueryAnalysis): readonly QueryProblem[] {
  if (!analysis.ok) return analysis.problems;
  const { tables, files, parameters } = analysis.facts;
  const hint = "Write a check cell, which may read whatever a cell may.";
  const foreign = [
    ...tables.filter((table) => table.schema !== undefined || table.name !== cell),
    ...files.map(({ path, span }) => ({ name: path, span })),
  ].map(({ name, span }) => ({
    code: "check-reads-table",
    message: `A condition may only use columns of "${cell}", and this reads "${name}".`,
    span,
    hint,
  }));
  const parametric = parameters.map(({ name, span }) => ({
    code: "check-reads-parameter",
    message: `A condition may only use columns of "${cell}", and "$${name}" is a parameter.`,
    span,
    hint,
  }));
  return [...foreign, ...parametric];
}

/** Rows that are put aside are stored: which ones must not depend on when they are looked at. */
function unsteadyProblems(
  { onFail }: CheckSpec,
  { sql }: ConditionText,
  analysis: QueryAnalysis,
): readonly QueryProblem[] {
  const [name] = onFail !== undefined && analysis.ok ? analysis.facts.volatileFunctions : [];
  if (name === undefined) return [];
  const message = `"on_fail" puts rows aside for good, and ${name}() has another value each time.`;
  const hint = "not_in_future looks at the run date.";
  return [{ code: "invalid-option", message, hint, span: { start: 0, end: sql.length } }];
}

/** The place of a part of a condition; the whole value where YAML writes it otherwise, as with escapes. */
export function placeInCondition(source: SourceText, { sql, span }: ConditionText, part?: Span): Span {
  if (part === undefined) return span;
  const written = source.slice(span);
  const lines = sql.split("\n");
  let place = 0;
  let offset = 0;
  for (const line of lines) {
    const at = written.indexOf(line, place);
    if (at === -1) return span;
    if (part.start <= offset + line.length) {
      const start = span.start + at + part.start - offset;
      return {
        start,
        end: Math.min(start + Math.max(1, part.end - part.start), span.start + at + line.length),
      };
    }
    place = at + line.length;
    offset += line.length + 1;
  }
  return span;
}
