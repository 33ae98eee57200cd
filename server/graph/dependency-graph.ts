import type { GraphDiagnostic } from "./diagnostic-codes.js";
import type { Diagnostic } from "../base/diagnostic.js";
import { suggest } from "../text/suggest.js";
import { moveSpan, type Span } from "../base/source.js";
import { isRelation, isStep } from "../notebook/cell-kinds.js";
import {
  checksOf,
  declaredParents,
  parameterOf,
  parametersOf,
  queryOf,
  referencesTo,
} from "../notebook/kinds/kinds.js";
import {
  isDataset,
  type Cell,
  type CellKind,
  type Notebook,
  type ParameterDefinition,
} from "../notebook/notebook.js";
import { builtInParameters } from "../notebook/parameters.js";
import type { QueryAnalysis, QueryFacts, QueryProblem } from "./query-analysis.js";
import { findCycles, reachableFrom, reverseEdges, topologicalOrder, type Edges } from "./topology.js";

export interface GraphNode {
  readonly cell: Cell;
  /** What the cell's query reads; absent for charts, for inputs without a query, and where it could not be parsed. */
  readonly facts?: QueryFacts;
  /** Cells that it reads, directly, in the order of the file. */
  readonly parents: readonly string[];
  /** Parameters that its own query names. */
  readonly parameters: readonly ParameterDefinition[];
  /** It cannot run: a diagnostic of severity error lies in it. */
  readonly isBroken: boolean;
}

export interface DependencyGraph {
  /** In the order of the file; the first of each name. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly parents: Edges;
  readonly children: Edges;
  /** Parents first; cells on or below a cycle are left out. */
  readonly order: readonly string[];
}

/** What is computed from what, for people: tests stand beside it. */
export interface FlowView {
  readonly cells: readonly {
    readonly name: string;
    readonly kind: CellKind;
    readonly isInferred?: boolean;
  }[];
  /** Parent and child. */
  readonly edges: readonly (readonly [string, string])[];
}

export function toFlow({ nodes, parents }: DependencyGraph): FlowView {
  const shown = [...nodes.values()].filter(({ cell }) => cell.kind !== "test");
  return {
    cells: shown.map(({ cell, facts }) => ({
      name: cell.name,
      kind: cell.kind,
      ...(facts?.isInferred === true ? { isInferred: true } : {}),
    })),
    edges: shown.flatMap(({ cell: { name } }) =>
      (parents.get(name) ?? []).map((parent) => [parent, name] as const),
    ),
  };
}

export interface GraphResult {
  readonly graph: DependencyGraph;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Joins cells by the names that their queries read. Always returns a graph; what does not fit is a diagnostic
 * on the cell. `analyses` holds the analysis of each cell that has a query.
 */
export function buildGraph(notebook: Notebook, analyses: ReadonlyMap<string, QueryAnalysis>): GraphResult {
  const cells = new Map<string, Cell>();
  for (const cell of notebook.cells) if (!cells.has(cell.name)) cells.set(cell.name, cell);
  const places = new Map([...cells.keys()].map((name, index) => [name, index]));
  const parameters = parametersOf(notebook, builtInParameters);
  const diagnostics: Diagnostic[] = [];
  const drafts = [...cells.values()].map((cell) =>
    readCell(cell, { places, cells, parameters, analyses }, diagnostics),
  );
  const parents = new Map(drafts.map((draft) => [draft.cell.name, draft.parents]));
  const names = [...cells.keys()];
  diagnostics.push(...cycleDiagnostics(names, parents, cells));
  diagnostics.push(...controlDiagnostics(drafts, parents));
  diagnostics.push(...unreadInputs(drafts));
  const broken = new Set(diagnostics.filter((item) => item.severity === "error").map((item) => item.cell));
  const nodes = new Map<string, GraphNode>();
  for (const draft of drafts) {
    nodes.set(draft.cell.name, { ...draft, isBroken: draft.cell.hasErrors || broken.has(draft.cell.name) });
  }
  const graph = { nodes, parents, children: reverseEdges(parents), order: topologicalOrder(names, parents) };
  return { graph, diagnostics };
}

interface Known {
  /** By name, the place in the order of the file. */
  readonly places: ReadonlyMap<string, number>;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
  readonly analyses: ReadonlyMap<string, QueryAnalysis>;
}

type DraftNode = Omit<GraphNode, "isBroken">;

function readCell(cell: Cell, known: Known, diagnostics: Diagnostic[]): DraftNode {
  const analysis = known.analyses.get(cell.name);
  const query = queryOf(cell);
  const facts = analysis === undefined ? undefined : analysis.ok ? analysis.facts : analysis.partial;
  if (analysis && !analysis.ok && query) {
    diagnostics.push(...analysis.problems.map((problem) => toDiagnostic(problem, cell, query.span.start)));
  }
  const found = new Set<string>();
  for (const reference of facts?.tables ?? []) {
    if (reference.schema !== undefined) continue;
    const parent = findCell(reference.name, known.cells);
    if (parent === undefined)
      diagnostics.push(
        unknownTable(reference.name, moveSpan(reference.span, query?.span.start ?? 0), cell, known),
      );
    else if (!isRelation(parent))
      diagnostics.push(notReadable(parent, moveSpan(reference.span, query?.span.start ?? 0), cell));
    else found.add(parent.name);
  }
  for (const name of declaredParents(cell)) {
    if (known.cells.has(name.name)) found.add(name.name);
    else diagnostics.push(unknownTable(name.name, name.span, cell, known));
  }
  diagnostics.push(...checkTargets(cell, known));
  const parameters = readParameters(cell, facts, query?.span.start ?? 0, known, diagnostics);
  for (const parameter of parameters) if (parameter.inputCell !== undefined) found.add(parameter.inputCell);
  const parents = [...found].sort((a, b) => (known.places.get(a) ?? 0) - (known.places.get(b) ?? 0));
  return { cell, ...(facts === undefined ? {} : { facts }), parents, parameters };
}

/** SQL names do not care about case; a cell's name is lower case. */
function findCell(name: string, cells: ReadonlyMap<string, Cell>): Cell | undefined {
  return cells.get(name) ?? cells.get(name.toLowerCase());
}

/** Cells that a check names must exist; they are no edges of the graph, since only the check reads them. */
function checkTargets(cell: Cell, known: Known): Diagnostic[] {
  return checksOf(cell).flatMap(({ rule, span }) => {
    const target =
      rule.kind === "relationships"
        ? rule.toCell
        : rule.kind === "row_count_matches" && rule.target.type !== "input"
          ? rule.target.cell
          : undefined;
    const found = target === undefined ? undefined : known.cells.get(target);
    if (target === undefined || (found !== undefined && isRelation(found))) return [];
    return [unknownTable(target, referencesTo(cell, target)[0] ?? span, cell, known)];
  });
}

function readParameters(
  cell: Cell,
  facts: QueryFacts | undefined,
  offset: number,
  known: Known,
  diagnostics: Diagnostic[],
): ParameterDefinition[] {
  const found: ParameterDefinition[] = [];
  for (const { name, span } of facts?.parameters ?? []) {
    const definition = known.parameters.get(name);
    if (definition !== undefined) {
      found.push(definition);
      continue;
    }
    const near = suggest(name, known.parameters.keys());
    diagnostics.push({
      code: "unknown-parameter",
      severity: "error",
      message: `Parameter "$${name}" is not defined by the front matter or a control.`,
      cell: cell.name,
      span: moveSpan(span, offset),
      hint:
        near === undefined
          ? "Make a control of that name, or define it below `parameters:` in the front matter."
          : `Did you mean "$${near}"?`,
    });
  }
  return found;
}

function unknownTable(name: string, span: Span, cell: Cell, known: Known): GraphDiagnostic {
  const isTest = cell.kind === "test";
  const names = [...known.cells.values()].filter(isTest ? isStep : isRelation).map((other) => other.name);
  const near = suggest(name, names);
  if (isTest)
    return {
      code: "unknown-table",
      severity: "error",
      message: `Cell "${name}" does not exist.`,
      cell: cell.name,
      span,
      hint: near === undefined ? "Name the query or check that is tested." : `Did you mean "${near}"?`,
    };
  return {
    code: "unknown-table",
    severity: "error",
    message: `Table "${name}" is not defined by any cell.`,
    cell: cell.name,
    span,
    hint:
      near === undefined
        ? `Name a cell of this notebook, a file such as 'input/${name}.csv', or a published dataset as lake.${name}.`
        : `Did you mean "${near}"?`,
  };
}

function notReadable(parent: Cell, span: Span, cell: Cell): GraphDiagnostic {
  return {
    code: "unknown-table",
    severity: "error",
    message: `Cell "${parent.name}" is of kind ${parent.kind} and has no rows to read.`,
    cell: cell.name,
    span,
    ...(parameterOf(parent) !== undefined ? { hint: `Use its value as $${parent.name}.` } : {}),
  };
}

function toDiagnostic(problem: QueryProblem, cell: Cell, offset: number): Diagnostic {
  return {
    code: problem.code,
    severity: "error",
    message: problem.message,
    cell: cell.name,
    span: moveSpan(problem.span, offset),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  };
}

function cycleDiagnostics(
  names: readonly string[],
  parents: Edges,
  cells: ReadonlyMap<string, Cell>,
): GraphDiagnostic[] {
  return findCycles(names, parents).flatMap((cycle) => {
    const way = [...cycle, cycle[0]].map((name) => `"${name}"`).join(" → ");
    return cycle.map((name): GraphDiagnostic => {
      const cell = cells.get(name) as Cell;
      return {
        code: "cycle",
        severity: "error",
        message:
          cycle.length === 1
            ? `Cell "${name}" reads itself.`
            : `Cells depend on each other in a circle: ${way}.`,
        cell: name,
        span: cell.nameSpan,
        hint:
          cycle.length === 1
            ? `To read what was published before, name it lake.${name}.`
            : "Break the circle at one of these cells.",
      };
    });
  });
}

/** A count of a file's rows is known only of a file that the cell reads, itself or through query cells. */
function unreadInputs(drafts: readonly DraftNode[]): GraphDiagnostic[] {
  const byName = new Map(drafts.map((draft) => [draft.cell.name, draft]));
  const checks = drafts.flatMap(({ cell }) => checksOf(cell).map((check) => ({ cell, ...check })));
  return checks.flatMap(({ cell, name, rule, span }): GraphDiagnostic[] => {
    if (rule.kind !== "row_count_matches" || rule.target.type !== "input") return [];
    const { path } = rule.target;
    const paths = pathsReadBy(cell.name, byName);
    if (paths === undefined || paths.has(path)) return [];
    return [
      {
        code: "unread-input",
        severity: "error",
        message: `Check "${name}": the query does not read "${path}".`,
        cell: cell.name,
        span,
        hint: paths.size === 0 ? "It reads no file." : `It reads ${[...paths].join(", ")}.`,
      },
    ];
  });
}

/** Undefined where it is not known. */
function pathsReadBy(name: string, drafts: ReadonlyMap<string, DraftNode>): Set<string> | undefined {
  const paths = new Set<string>();
  const open = [name];
  const seen = new Set(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { facts, parents = [] } = drafts.get(next) ?? {};
    if (facts === undefined) return undefined;
    for (const { path } of facts.files) paths.add(path);
    for (const parent of parents) {
      const cell = drafts.get(parent)?.cell;
      if (cell === undefined || !isRelation(cell) || isDataset(cell) || seen.has(parent)) continue;
      seen.add(parent);
      open.push(parent);
    }
  }
  return paths;
}

/** Rule 5 of the notebook file: a slider never changes production. */
function controlDiagnostics(drafts: readonly DraftNode[], parents: Edges): GraphDiagnostic[] {
  const inputs = new Set(
    drafts.filter(({ cell }) => parameterOf(cell) !== undefined).map(({ cell }) => cell.name),
  );
  return drafts.flatMap(({ cell }): GraphDiagnostic[] => {
    if (!isDataset(cell)) return [];
    const guilty = [...reachableFrom([cell.name], parents)].find((name) => inputs.has(name));
    if (guilty === undefined) return [];
    return [
      {
        code: "input-in-dataset",
        severity: "error",
        message: `Dataset "${cell.name}" depends on the input cell "${guilty}": what is published must not depend on a control on the page.`,
        cell: cell.name,
        span: cell.nameSpan,
        hint: `Use a parameter of the front matter instead of $${guilty}.`,
      },
    ];
  });
}
