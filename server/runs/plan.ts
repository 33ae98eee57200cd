import { reachableFrom, topologicalOrder, type Edges } from "../graph/topology.js";
import type { DependencyGraph, GraphNode } from "../graph/dependency-graph.js";
import type { CheckSpec } from "../notebook/check-spec.js";
import { isRelation, isStep } from "../notebook/cell-kinds.js";
import { checksOf, isDisabled } from "../notebook/kinds/kinds.js";
import { engineOf, isDataset, quarantineOf, type CheckCell, type SqlCell } from "../notebook/notebook.js";

export type RunMode = "run" | "materialize";

/**
 * One thing that a run does. `dataset` and `query` compute a cell, `inline` stands for a query cell that is
 * computed inside its consumers, `check` runs a check cell, `cross-check` an entry of `checks:` that reads
 * another cell too.
 */
export type Step =
  | {
      readonly kind: "dataset" | "query" | "inline";
      readonly id: string;
      readonly cell: SqlCell;
      readonly node: GraphNode;
    }
  | { readonly kind: "check"; readonly id: string; readonly cell: CheckCell; readonly node: GraphNode }
  | {
      readonly kind: "cross-check";
      readonly id: string;
      readonly cell: SqlCell;
      readonly spec: CheckSpec;
      readonly other: string;
    };

/** It only looks: it may follow what another check found wrong. */
export function isCheckStep(step: Step | undefined): boolean {
  return step?.kind === "check" || step?.kind === "cross-check";
}

export interface RunPlan {
  readonly mode: RunMode;
  /** Parents first. */
  readonly steps: readonly Step[];
  /** Steps that have to succeed before a step may start. */
  readonly waitsFor: Edges;
  /** Cells that do not run because they, or an ancestor, are disabled: name and the disabled cell. */
  readonly skipped: ReadonlyMap<string, string>;
  /** Datasets that a materialization publishes. */
  readonly datasets: readonly string[];
}

export interface PlanRequest {
  readonly mode: RunMode;
  /** Names of cells; undefined: all. */
  readonly cells?: readonly string[] | undefined;
}

/** Decides what a run does, in which order. Pure: knows neither versions nor files. */
export function planRun(graph: DependencyGraph, request: PlanRequest): RunPlan {
  const selected = selectCells(graph, request);
  const skipped = skippedCells(graph, selected);
  const names = graph.order.filter((name) => selected.has(name) && !skipped.has(name));
  const targets = new Set(request.mode === "run" ? (request.cells ?? names) : []);
  const steps = names.flatMap((name) => toStep(graph, name, targets.has(name)));
  const inlined = new Set(steps.filter((step) => step.kind === "inline").map((step) => step.id));
  const waitsFor = new Map<string, string[]>(
    steps.map((step) => [step.id, computedParents(graph, step.id, inlined)]),
  );
  const crossChecks = names.flatMap((name) => crossCheckSteps(graph, name));
  const running = new Set(names);
  for (const check of crossChecks)
    waitsFor.set(check.id, [check.cell.name, ...(running.has(check.other) ? [check.other] : [])]);
  addGates(graph, [...steps, ...crossChecks], waitsFor);
  const all = [...steps, ...crossChecks];
  const order = topologicalOrder(
    all.map((step) => step.id),
    waitsFor,
  );
  const byId = new Map(all.map((step) => [step.id, step]));
  return {
    mode: request.mode,
    steps: order.map((id) => byId.get(id) as Step),
    waitsFor,
    skipped,
    datasets: request.mode === "run" ? [] : publishedDatasets(graph, request, names),
  };
}

function selectCells(graph: DependencyGraph, request: PlanRequest): Set<string> {
  const runnable = [...graph.nodes.values()].filter(({ cell }) => isStep(cell));
  if (request.mode === "run") {
    return withCheckTargets(
      graph,
      withAncestors(graph, request.cells ?? runnable.map(({ cell }) => cell.name)),
    );
  }
  const datasets = runnable.filter(({ cell }) => isDataset(cell)).map(({ cell }) => cell.name);
  const chosen = withCheckTargets(graph, withAncestors(graph, request.cells ?? datasets));
  const available = new Set([...chosen].filter((name) => datasets.includes(name)));
  for (const { cell } of runnable) {
    if (cell.kind !== "check" || chosen.has(cell.name)) continue;
    const ancestors = reachableFrom([cell.name], graph.parents);
    const read = [...ancestors].filter((name) => datasets.includes(name));
    const guards =
      request.cells === undefined || (read.length > 0 && read.every((name) => available.has(name)));
    if (guards) for (const name of [cell.name, ...ancestors]) chosen.add(name);
  }
  return new Set([...chosen].filter((name) => isRunnable(graph, name)));
}

/** Adds the cells that only the `checks:` of the chosen ones read: without them a check could not run. */
function withCheckTargets(graph: DependencyGraph, chosen: Set<string>): Set<string> {
  const waiting = [...chosen];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const cell = graph.nodes.get(name)?.cell;
    const others = cell === undefined ? [] : checksOf(cell).flatMap((spec) => otherCell(spec) ?? []);
    for (const added of withAncestors(graph, others)) {
      if (chosen.has(added)) continue;
      chosen.add(added);
      waiting.push(added);
    }
  }
  return chosen;
}

function withAncestors(graph: DependencyGraph, names: readonly string[]): Set<string> {
  const all = new Set([...names, ...reachableFrom(names, graph.parents)]);
  return new Set([...all].filter((name) => isRunnable(graph, name)));
}

function isRunnable(graph: DependencyGraph, name: string): boolean {
  const cell = graph.nodes.get(name)?.cell;
  return cell !== undefined && isStep(cell);
}

function skippedCells(graph: DependencyGraph, selected: ReadonlySet<string>): Map<string, string> {
  const skipped = new Map<string, string>();
  for (const name of graph.order) {
    const cell = graph.nodes.get(name)?.cell;
    if (!selected.has(name) || cell === undefined || !isStep(cell)) continue;
    const blame = isDisabled(cell)
      ? name
      : (graph.parents.get(name) ?? [])
          .map((parent) => skipped.get(parent))
          .find((cause) => cause !== undefined);
    if (blame !== undefined) skipped.set(name, blame);
  }
  return skipped;
}

function toStep(graph: DependencyGraph, name: string, isTarget: boolean): Step[] {
  const node = graph.nodes.get(name);
  if (node === undefined || !isStep(node.cell)) return [];
  const { cell } = node;
  if (!isRelation(cell)) return [{ kind: "check", id: name, cell, node }];
  if (isDataset(cell)) return [{ kind: "dataset", id: name, cell, node }];
  return [{ kind: !isTarget && canInline(graph, node) ? "inline" : "query", id: name, cell, node }];
}

/**
 * A query cell is computed inside its consumers where that is cheap for each of them, or where there is only
 * one place that reads it. Counting places, not cells, keeps chains of self-joins linear.
 */
function canInline(graph: DependencyGraph, node: GraphNode): boolean {
  if (node.facts === undefined || checksOf(node.cell).length > 0) return false;
  const engine = engineOf(node.cell) ?? "duckdb";
  const readers = (graph.children.get(node.cell.name) ?? []).map((child) => graph.nodes.get(child)?.cell);
  if (readers.some((cell) => cell !== undefined && (engineOf(cell) ?? "duckdb") !== engine)) return false;
  const places = (graph.children.get(node.cell.name) ?? []).reduce(
    (sum, child) => sum + readCount(graph, child, node.cell.name),
    0,
  );
  if (places === 1) return true;
  return node.facts.isProjection && node.facts.volatileFunctions.length === 0;
}

function readCount(graph: DependencyGraph, child: string, name: string): number {
  const facts = graph.nodes.get(child)?.facts;
  const references =
    facts?.tables.filter((table) => table.schema === undefined && table.name.toLowerCase() === name) ?? [];
  return references.reduce((sum, reference) => sum + reference.count, 0);
}

/** The parents that are computed themselves: an inlined one is replaced by its own parents. */
function computedParents(graph: DependencyGraph, name: string, inlined: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const visit = (parents: readonly string[]): void => {
    for (const parent of parents) {
      if (!isRunnable(graph, parent)) continue;
      found.add(parent);
      if (inlined.has(parent)) visit(graph.parents.get(parent) ?? []);
    }
  };
  visit(graph.parents.get(name) ?? []);
  return [...found];
}

type CrossCheck = Extract<Step, { kind: "cross-check" }>;

function crossCheckSteps(graph: DependencyGraph, name: string): CrossCheck[] {
  const cell = graph.nodes.get(name)?.cell;
  if (cell === undefined || !isRelation(cell)) return [];
  return cell.options.checks.flatMap((spec): CrossCheck[] => {
    const other = otherCell(spec);
    if (other === undefined || other === name) return [];
    return [{ kind: "cross-check", id: `${name}#${spec.name}`, cell, spec, other }];
  });
}

/** The further cell that a check reads, if any. */
export function otherCell(spec: CheckSpec): string | undefined {
  if (spec.rule.kind === "relationships") return spec.rule.toCell;
  if (spec.rule.kind === "row_count_matches" && spec.rule.target.type !== "input")
    return spec.rule.target.cell;
  return undefined;
}

/**
 * A failed check of severity error blocks the descendants of what it reads, so these wait for it; except where
 * the check itself needs them, or where waiting would close a circle of waits.
 */
function addGates(graph: DependencyGraph, steps: readonly Step[], waitsFor: Map<string, string[]>): void {
  const ids = new Set(steps.map((step) => step.id));
  for (const step of steps) {
    const read = readByErrorCheck(step);
    if (read === undefined) continue;
    for (const child of read.flatMap((name) => graph.children.get(name) ?? [])) {
      const waits = waitsFor.get(child);
      if (
        !ids.has(child) ||
        graph.nodes.get(child)?.cell.kind === "check" ||
        waits === undefined ||
        child === step.id ||
        waits.includes(step.id)
      )
        continue;
      if (reachableFrom([step.id], waitsFor).has(child)) continue;
      waits.push(step.id);
    }
  }
}

function readByErrorCheck(step: Step): readonly string[] | undefined {
  if (step.kind === "check" && step.cell.severity === "error") return step.node.parents;
  if (step.kind === "cross-check" && step.spec.severity === "error") return [step.cell.name];
  return undefined;
}

function publishedDatasets(graph: DependencyGraph, request: PlanRequest, names: readonly string[]): string[] {
  const wanted = request.cells === undefined ? undefined : new Set(request.cells);
  return names.flatMap((name) => {
    const cell = graph.nodes.get(name)?.cell;
    const isWanted = cell !== undefined && isDataset(cell) && (wanted === undefined || wanted.has(name));
    return isWanted ? [name, ...[quarantineOf(cell) ?? []].flat()] : [];
  });
}
