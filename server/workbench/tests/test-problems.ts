import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import type { Span } from "../../base/source.js";
import type { Column } from "../../engine/engine.js";
import type { GraphNode } from "../../graph/dependency-graph.js";
import type { GraphDiagnostic } from "../../graph/diagnostic-codes.js";
import { checksOf, parametersOf, queryOf } from "../../notebook/kinds/kinds.js";
import type { PlacedName, TestCell, TestRows } from "../../notebook/notebook.js";
import { checkParameterValue, parseParameterValue } from "../../notebook/parameters.js";
import { suggest } from "../../text/suggest.js";
import { misfitOf, namedColumns } from "./test-table.js";
import { checkOf, sourcesOf, testedNode, type BoundColumns, type TestServices } from "./test-sources.js";

type Problem = Pick<GraphDiagnostic, "code" | "message" | "span"> & { readonly hint?: string };

/** What tests name that does not exist. `bound`: the columns of cells that could be bound. */
export async function testProblems(
  services: TestServices,
  analyzed: AnalyzedNotebook,
  bound: BoundColumns,
): Promise<readonly GraphDiagnostic[]> {
  const found: GraphDiagnostic[] = [];
  for (const test of analyzed.notebook.cells) {
    if (test.kind !== "test" || test.cell === "" || !analyzed.graph.nodes.has(test.cell)) continue;
    const problems = await problemsOf(services, analyzed, test, bound);
    found.push(...problems.map((each) => ({ ...each, severity: "error" as const, cell: test.name })));
  }
  return found;
}

async function problemsOf(
  services: TestServices,
  analyzed: AnalyzedNotebook,
  test: TestCell,
  bound: BoundColumns,
): Promise<readonly Problem[]> {
  const node = testedNode(analyzed, test);
  if (node === undefined) return [notTestable(analyzed, test)];
  const sources = node.facts === undefined ? undefined : await sourcesOf(services, node, bound, test);
  const given =
    sources === undefined ? [] : test.given.flatMap((each) => givenProblems(services, each, sources, test));
  return [
    ...given,
    ...parameterProblems(analyzed, test),
    ...cteProblems(services, test, node),
    ...checkProblems(test, node),
    ...expectedProblems(services, test, bound.get(test.cell)),
  ];
}

function notTestable({ graph }: AnalyzedNotebook, test: TestCell): Problem {
  const kind = graph.nodes.get(test.cell)?.cell.kind ?? "";
  const message = `Cell "${test.cell}" is of kind ${kind} and computes nothing that a test could look at.`;
  return { code: "not-testable", message, span: test.cellSpan };
}

function givenProblems(
  services: TestServices,
  { name, span, rows }: TestCell["given"][number],
  sources: Awaited<ReturnType<typeof sourcesOf>>,
  { cell }: TestCell,
): readonly Problem[] {
  const source = sources.find(({ key }) => key.toLowerCase() === name.toLowerCase());
  const keys = sources.map(({ key }) => key);
  if (source === undefined) {
    const hint = keys.length === 0 ? "It reads nothing." : `It reads ${keys.join(", ")}.`;
    return [
      unknown("unread-relation", `Cell "${cell}" does not read "${name}".`, { name, span }, keys, hint),
    ];
  }
  return rowsProblems(services, rows, source.columns, name);
}

function rowsProblems(
  { engine }: TestServices,
  rows: TestRows,
  columns: readonly Column[] | undefined,
  of: string,
  named = of,
): readonly Problem[] {
  const found = columnProblems(rows, columns, of);
  if (found.length > 0 || rows.type === "file" || columns === undefined) return found;
  const names = rows.columns.map(({ name }) => name);
  const misfit = misfitOf(engine, { columns: names, rows: rows.rows }, namedColumns(columns, names), named);
  const [row] = rows.rows;
  if (misfit === undefined || row === undefined) return [];
  const { message, hint, details } = misfit;
  const span = (details?.["span"] as Span | undefined) ?? row.span;
  return [{ code: "invalid-value", message, span, ...(hint !== undefined && { hint }) }];
}

function columnProblems(
  rows: TestRows,
  columns: readonly Pick<Column, "name">[] | undefined,
  of: string,
): readonly Problem[] {
  if (rows.type === "file" || columns === undefined) return [];
  const names = columns.map((column) => column.name);
  const known = new Set(names.map((name) => name.toLowerCase()));
  return rows.columns
    .filter(({ name }) => !known.has(name.toLowerCase()))
    .map((column) => {
      const message = `Column "${column.name}" is not a column of "${of}".`;
      return unknown("unknown-column", message, column, names, `Its columns are ${names.join(", ")}.`);
    });
}

function parameterProblems({ notebook }: AnalyzedNotebook, test: TestCell): readonly Problem[] {
  const definitions = parametersOf(notebook);
  return test.parameters.flatMap(({ name, span, value }) => {
    const definition = definitions.get(name);
    if (definition === undefined) {
      const message = `Parameter "${name}" is not defined by the front matter or a control.`;
      const hint = "Make a control of that name, or define it below `parameters:` in the front matter.";
      return [unknown("unknown-parameter", message, { name, span }, [...definitions.keys()], hint)];
    }
    const checked =
      typeof value === "string"
        ? parseParameterValue(definition, value)
        : checkParameterValue(definition, value);
    if (checked.ok) return [];
    const { message, hint } = checked;
    return [{ code: "invalid-value" as const, message: `${message}.`, span, hint }];
  });
}

function cteProblems({ engine }: TestServices, { cte, cell }: TestCell, node: GraphNode): readonly Problem[] {
  const query = queryOf(node.cell);
  if (cte === undefined || query === undefined) return [];
  const { names } = engine.commonTables(query.sql);
  if (names.some((name) => name.toLowerCase() === cte.name.toLowerCase())) return [];
  const hint = names.length === 0 ? "It has none." : `It has ${names.join(", ")}.`;
  return [unknown("unknown-cte", `Cell "${cell}" has no CTE "${cte.name}".`, cte, names, hint)];
}

function checkProblems(test: TestCell, node: GraphNode): readonly Problem[] {
  const { expected, cell } = test;
  if (expected?.type !== "check") return [];
  const { check, span } = expected;
  if (node.cell.kind === "check") {
    if (check === undefined || check.name === cell) return [];
    return [
      unknown("unknown-rule", `"${check.name}" is not the check "${cell}".`, check, [cell], `Write ${cell}.`),
    ];
  }
  const names = checksOf(node.cell).map(({ name }) => name);
  const hint = names.length === 0 ? "It has none." : `It has ${names.join(", ")}.`;
  if (check === undefined) {
    const message = `Which check of cell "${cell}" the test is about is not said.`;
    return [{ code: "unknown-rule", message, span, hint }];
  }
  if (checkOf(test, node) !== undefined) return [];
  const short = names.map((name) => (check.name.includes(".") ? name : name.slice(cell.length + 1)));
  return [unknown("unknown-rule", `Cell "${cell}" has no check "${check.name}".`, check, short, hint)];
}

function expectedProblems(
  services: TestServices,
  { expected, cte, cell }: TestCell,
  columns: readonly Column[] | undefined,
): readonly Problem[] {
  // The columns of a CTE are found when the test runs.
  if (expected?.type !== "rows" || cte !== undefined) return [];
  return rowsProblems(services, expected.rows, columns, cell, "expect");
}

function unknown(
  code: Problem["code"],
  message: string,
  { name, span }: PlacedName,
  names: readonly string[],
  otherwise: string,
): Problem {
  const near = suggest(name, names);
  return { code, message, span, hint: near === undefined ? otherwise : `Did you mean "${near}"?` };
}
