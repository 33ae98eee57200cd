import { foldCase } from "../text/sql-names.js";
import type { DependencyGraph, GraphNode } from "../graph/dependency-graph.js";
import { isCumulative, isDataset } from "../notebook/notebook.js";

/**
 * Whether the same rows of a cell in another order are other content: those of a query that defines their order, or has it from
 * what it reads. What is put together of deliveries has none.
 */
export function hasOrder(graph: DependencyGraph, { cell, facts }: GraphNode): boolean {
  if (facts?.keepsOrder !== true || isCumulative(cell)) return false;
  const from = facts.isProjection ? queryBelow(graph, facts.tables) : undefined;
  return from === undefined || hasOrder(graph, from);
}

/** The query cell that a projection has its rows of. A dataset has an order in any case, that of its files. */
function queryBelow(
  { nodes }: DependencyGraph,
  tables: NonNullable<GraphNode["facts"]>["tables"],
): GraphNode | undefined {
  const [table] = tables;
  if (table === undefined || (table.schema !== undefined && foldCase(table.schema) !== "main"))
    return undefined;
  const node = nodes.get(foldCase(table.name));
  return node === undefined || isDataset(node.cell) ? undefined : node;
}
