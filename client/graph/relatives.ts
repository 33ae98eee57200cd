import type { GraphEdge } from "./graph-cell.js";

export interface Relatives {
  readonly upstream: ReadonlySet<string>;
  readonly downstream: ReadonlySet<string>;
}

/** Finds all that a cell reads, directly or not, and all that reads it. The cell itself is in neither, unless in a cycle. */
export function findRelatives(edges: readonly GraphEdge[], name: string): Relatives {
  return {
    upstream: reach(
      edges.map(([parent, child]) => [child, parent]),
      name,
    ),
    downstream: reach(edges, name),
  };
}

function reach(edges: readonly GraphEdge[], start: string): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const reached = new Set<string>();
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const neighbour of next.get(name) ?? []) {
      if (reached.has(neighbour)) continue;
      reached.add(neighbour);
      waiting.push(neighbour);
    }
  }
  return reached;
}
