import type { GraphNode } from "../../graph/dependency-graph.js";

/** What a row of the result is told by: its key, or what the query groups by. Empty: by nothing that is known. */
export function rowKey({ cell, facts }: Pick<GraphNode, "cell" | "facts">): readonly string[] {
  const key = cell.kind === "sql" ? cell.options.key : [];
  return key.length > 0 ? key : (facts?.groupedBy ?? []);
}
