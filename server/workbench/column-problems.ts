import type { GraphDiagnostic } from "../graph/diagnostic-codes.js";
import type { Diagnostic } from "../base/diagnostic.js";
import { isAppError } from "../base/errors.js";
import type { Column, Engine, QueryScope } from "../engine/engine.js";
import { partitionProblem } from "../engine/partition-columns.js";
import { isRelation } from "../notebook/cell-kinds.js";
import type { CheckSpec } from "../notebook/check-spec.js";
import type { Cell, ColumnReference, SqlCell } from "../notebook/notebook.js";
import { brokenContract, canonicalTypes, contractProblems, withStoredTypes } from "../runs/contract.js";
import { suggest } from "../text/suggest.js";

/** What is wrong with columns that the options of a cell name, and with the types that they ask for. */
export async function columnDiagnostics(
  engine: Engine,
  scope: QueryScope,
  cell: Cell,
  bound: ReadonlyMap<string, readonly Column[]>,
): Promise<Diagnostic[]> {
  const columns = bound.get(cell.name);
  if (!isRelation(cell) || columns === undefined) return [];
  const named = [
    ...cell.options.partitionBy,
    ...cell.options.key,
    ...cell.options.checks.flatMap((spec) => ruleColumns(spec)),
  ];
  const missing = [...new Set(named)]
    .filter((name) => !hasColumn(columns, name))
    .flatMap((name) => missingColumn(cell, { column: name }, columns));
  const unused = Object.keys(cell.options.format ?? {})
    .filter((name) => !columns.some((column) => column.name === name))
    .flatMap((name) => missingColumn(cell, { column: name }, columns, "warning"));
  const others = cell.options.checks.flatMap((spec) => otherColumn(spec, cell, bound));
  const partitions = partitionDiagnostics(cell, columns);
  return [
    ...missing,
    ...unused,
    ...partitions,
    ...others,
    ...(await contractDiagnostics(engine, scope, cell, columns)),
    ...(await schemaDiagnostics(engine, scope, cell)),
  ];
}

function partitionDiagnostics(cell: SqlCell, columns: readonly Column[]): Diagnostic[] {
  return cell.options.partitionBy.flatMap((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    const problem = column && partitionProblem(column);
    if (problem === undefined) return [];
    const place = cell.columnReferences.find((item) => item.cell === undefined && item.column === name);
    const { message, hint } = problem;
    const span = place?.span ?? cell.optionsSpan;
    return [
      {
        code: "invalid-option",
        severity: "error" as const,
        cell: cell.name,
        span,
        message: `${message}.`,
        hint,
      },
    ];
  });
}

async function contractDiagnostics(
  engine: Engine,
  scope: QueryScope,
  cell: SqlCell,
  columns: readonly Column[],
): Promise<Diagnostic[]> {
  const contract = cell.options.columns;
  if (contract === undefined) return [];
  const place = { code: "contract", severity: "error" as const, cell: cell.name, span: cell.nameSpan };
  try {
    const problems = contractProblems(contract, await canonicalTypes(engine, scope, contract), columns);
    return problems.map((problem) => ({
      ...place,
      message: brokenContract(cell, problem),
    }));
  } catch (error) {
    if (isAppError(error)) return [{ ...place, message: error.message }];
    throw error;
  }
}

/** Types of a check that are none; whether the columns have them is told by the check. */
async function schemaDiagnostics(engine: Engine, scope: QueryScope, cell: SqlCell): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const { name, rule, span } of cell.options.checks) {
    if (rule.kind !== "schema") continue;
    try {
      await withStoredTypes(engine, scope, rule.expected);
    } catch (error) {
      if (!isAppError(error)) throw error;
      const message = `Check "${name}": ${error.message}`;
      found.push({ code: "contract", severity: "error", cell: cell.name, span, message });
    }
  }
  return found;
}

function ruleColumns({ rule }: CheckSpec): readonly string[] {
  if ("columns" in rule) return rule.columns;
  return "column" in rule ? [rule.column] : [];
}

function otherColumn(
  { rule }: CheckSpec,
  cell: SqlCell,
  bound: ReadonlyMap<string, readonly Column[]>,
): GraphDiagnostic[] {
  const target =
    rule.kind === "relationships"
      ? { cell: rule.toCell, column: rule.toColumn }
      : rule.kind === "row_count_matches" && rule.target.type === "distinct"
        ? rule.target
        : undefined;
  const columns = target === undefined ? undefined : bound.get(target.cell);
  if (target === undefined || columns === undefined || hasColumn(columns, target.column)) return [];
  return missingColumn(cell, target, columns);
}

function hasColumn(columns: readonly Column[], name: string): boolean {
  return columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** At each place where the options name it. */
function missingColumn(
  cell: SqlCell,
  { cell: of, column: name }: Pick<ColumnReference, "cell" | "column">,
  columns: readonly Column[],
  severity: "error" | "warning" = "error",
): GraphDiagnostic[] {
  const near = suggest(
    name,
    columns.map((column) => column.name),
  );
  const places = cell.columnReferences.filter((place) => place.cell === of && place.column === name);
  const spans = places.length === 0 ? [cell.optionsSpan] : places.map(({ span }) => span);
  return spans.map((span) => ({
    code: "unknown-column",
    severity,
    cell: cell.name,
    span,
    message: `Column "${name}" is not a column of "${of ?? cell.name}".`,
    hint:
      near === undefined
        ? `Its columns are ${columns.map((column) => column.name).join(", ")}.`
        : `Did you mean "${near}"?`,
  }));
}
