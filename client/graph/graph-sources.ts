import type { CellFacts } from "../store/document.js";
import type { GraphCell, GraphEdge } from "./graph-cell.js";

export interface GraphSources {
  readonly cells: readonly GraphCell[];
  readonly edges: readonly GraphEdge[];
}

/** What cells read from outside of the notebook, each once, in the order in which it is read. */
export function sourcesOf(cells: readonly Pick<CellFacts, "name" | "files" | "lake">[]): GraphSources {
  const found = new Map<string, GraphCell>();
  const edges: GraphEdge[] = [];
  const read = (name: string, kind: "file" | "lake", cell: string): void => {
    found.set(name, { name, kind, status: "idle", outcome: "none", isStale: false });
    edges.push([name, cell]);
  };
  for (const { name, files, lake } of cells) {
    for (const path of new Set(files)) read(path, "file", name);
    for (const dataset of new Set(lake)) read(dataset, "lake", name);
  }
  return { cells: [...found.values()], edges };
}
