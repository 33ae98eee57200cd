import "../../../client/graph/dependency-graph.js";
import type { DependencyGraph } from "../../../client/graph/dependency-graph.js";
import type { GraphCell, GraphEdge } from "../../../client/graph/graph-cell.js";

/** Puts a graph on the page, and keeps the names that are picked in a variable of the page. */
async function mountGraph(properties: Partial<DependencyGraph>, style: string): Promise<void> {
  const graph = Object.assign(document.createElement("dependency-graph"), properties);
  graph.style.cssText = style;
  globalThis.graph = graph;
  globalThis.picked = [];
  document.body.addEventListener("cell-select", ({ name }) => globalThis.picked.push(name));
  document.querySelector("main")?.append(graph);
  await settle();
}

async function settle(): Promise<void> {
  for (let frame = 0; frame < 3; frame++) {
    await globalThis.graph.updateComplete;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

const page = { mountGraph, settle };

declare global {
  /** What the tests use inside the page. */
  var graphPage: typeof page;
  var graph: DependencyGraph;
  var picked: string[];
}

globalThis.graphPage = page;

export type { GraphCell, GraphEdge };
