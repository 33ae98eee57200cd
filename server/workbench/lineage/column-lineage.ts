import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import { AppError } from "../../base/errors.js";
import { suggest } from "../../text/suggest.js";
import { cellNode, type LineageGraph, type LineageNode } from "../../lineage/lineage-graph.js";
import { findOutput, traceBack, traceForward, type Trace } from "../../lineage/trace.js";
import type { ProblemServices } from "../find-problems.js";
import { workspaceLineage } from "./workspace-lineage.js";

/** Where a column comes from, and what it goes into. */
export interface TracedCell {
  readonly node: LineageNode;
  readonly column: string;
  readonly back: Trace;
  readonly forward: Trace;
}

/** Fails with code not-found where the notebook has no such cell, or the cell no such column. */
export async function traceColumn(
  services: ProblemServices,
  analyzed: AnalyzedNotebook,
  cell: string,
  column: string,
): Promise<TracedCell & { readonly graph: LineageGraph }> {
  const graph = await workspaceLineage(services, analyzed);
  const node = findCell(graph, analyzed, cell);
  const output = findOutput(node, column);
  if (output === undefined) throw missingColumn(node, column);
  const start = { node: node.id, column: output.name };
  return {
    graph,
    node,
    column: output.name,
    back: traceBack(graph, start),
    forward: traceForward(graph, start),
  };
}

export function findCell(graph: LineageGraph, { notebook }: AnalyzedNotebook, cell: string): LineageNode {
  const node = graph.get(cellNode(notebook.name, cell));
  if (node !== undefined) return node;
  const near = suggest(
    cell,
    notebook.cells.map(({ name }) => name),
  );
  throw new AppError("not-found", `The notebook "${notebook.name}" has no cell "${cell}".`, {
    ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
  });
}

function missingColumn(node: LineageNode, column: string): AppError {
  if (node.columns.length === 0)
    return new AppError(
      "not-found",
      `The columns of "${node.name}" cannot be told: ${node.unknown ?? `it is a ${node.kind}`}.`,
    );
  const names = node.columns.map(({ name }) => name);
  const near = suggest(column, names);
  return new AppError("not-found", `"${column}" is not a column of "${node.name}".`, {
    hint: near === undefined ? `Its columns are ${names.join(", ")}.` : `Did you mean "${near}"?`,
  });
}
