import type { Box } from "./edge-path.js";
import { isRelationNode, type GraphEdge } from "./graph-cell.js";
import type { GraphLayout, LaidOutEdge, LayoutCell } from "./graph-layout.js";

const WIDTH = { least: 180, most: 360 };
const HEIGHTS = { large: 40, small: 26 };
const GAP = 9;
/** Of many cells one line each. */
const DENSE_HEIGHT = 22;
const DENSE_GAP = 3;
const MARGIN = 10;
/** Of the badge on the upper edge of a node, which the graph's buttons would cover. */
const BADGE_SPACE = 8;
/** From the nodes to the first lane, where the arrows are. */
const LANE_START = 13;
const LANE_GAP = 9;
/** More lanes make a grey band. */
const MAX_LANES = 12;
const CORNER = 6;
/** Edges come in above the middle of a node, and go out below. */
const PORT = 5;

/**
 * Lays out one cell below the other, with the edges in lanes beside them: names stay readable in a narrow place, where
 * columns would have to be drawn tiny. All edges from one cell share a lane. Where there would be too many lanes, there
 * is one: of a single cell, what it reads is above and what reads it is below, so that its edges do not meet.
 */
export function layOutList(
  cells: readonly LayoutCell[],
  edges: readonly GraphEdge[],
  paneWidth: number,
): GraphLayout {
  const order = orderCells(cells, edges);
  const rowOf = new Map(order.map(({ name }, row) => [name, row]));
  const lanes = assignLanes(edges, rowOf);
  const laneCount = Math.max(0, ...lanes.values()) + 1;
  const isDense = laneCount > MAX_LANES;
  const lanesWidth = isDense ? 0 : (laneCount - 1) * LANE_GAP;
  const left = MARGIN + (edges.length > 0 ? LANE_START + lanesWidth : 0);
  const width = Math.max(WIDTH.least, Math.min(WIDTH.most, paneWidth - left - MARGIN));
  const gap = isDense ? DENSE_GAP : GAP;
  const nodes = new Map<string, Box>();
  let top = MARGIN + BADGE_SPACE;
  for (const { name, kind } of order) {
    const height = isDense ? DENSE_HEIGHT : HEIGHTS[isRelationNode(kind) ? "large" : "small"];
    nodes.set(name, { x: left + width / 2, y: top + height / 2, width, height });
    top += height + gap;
  }
  return {
    direction: "list",
    width: left + width + MARGIN,
    height: top - gap + MARGIN,
    nodes,
    edges: edges.map(([parent, child]): LaidOutEdge => {
      const lane = left - LANE_START - (isDense ? 0 : (lanes.get(parent) ?? 0) * LANE_GAP);
      const path = writePath(
        left,
        lane,
        (nodes.get(parent)?.y ?? 0) + PORT,
        (nodes.get(child)?.y ?? 0) - PORT,
      );
      return { parent, child, path };
    }),
    ...(isDense && { isDense }),
  };
}

/** Returns the cells in topological order, as near to the given one as it can be. */
function orderCells(cells: readonly LayoutCell[], edges: readonly GraphEdge[]): readonly LayoutCell[] {
  const order: LayoutCell[] = [];
  const waiting = new Map(cells.map((cell) => [cell.name, cell]));
  const parents = new Map<string, string[]>();
  for (const [parent, child] of edges) parents.set(child, [...(parents.get(child) ?? []), parent]);
  const isFree = (name: string): boolean => !parents.get(name)?.some((parent) => waiting.has(parent));
  while (waiting.size > 0) {
    const names = [...waiting.keys()];
    // In a cycle nobody is free: then the first goes first.
    const name = names.find(isFree) ?? names[0] ?? "";
    const cell = waiting.get(name);
    if (cell) order.push(cell);
    waiting.delete(name);
  }
  return order;
}

/** Gives each parent a lane, the shorter ones nearer to the nodes, so that no two lanes lie on one another. */
function assignLanes(edges: readonly GraphEdge[], rowOf: ReadonlyMap<string, number>): Map<string, number> {
  const spans = new Map<string, { first: number; last: number }>();
  for (const [parent, child] of edges) {
    const rows = [rowOf.get(parent) ?? 0, rowOf.get(child) ?? 0];
    const span = spans.get(parent);
    if (span) rows.push(span.first, span.last);
    spans.set(parent, { first: Math.min(...rows), last: Math.max(...rows) });
  }
  const shortestFirst = [...spans].sort(([, a], [, b]) => a.last - a.first - (b.last - b.first));
  const taken: { first: number; last: number }[][] = [];
  const lanes = new Map<string, number>();
  for (const [parent, span] of shortestFirst) {
    const isFree = (lane: (typeof taken)[number]): boolean =>
      lane.every(({ first, last }) => span.first >= last || span.last <= first);
    const found = taken.findIndex(isFree);
    const index = found < 0 ? taken.length : found;
    (taken[index] ??= []).push(span);
    lanes.set(parent, index);
  }
  return lanes;
}

function writePath(left: number, lane: number, from: number, to: number): string {
  const turn = to > from ? 1 : -1;
  const corner = Math.min(CORNER, Math.abs(to - from) / 2);
  return (
    `M${left} ${from}L${lane + corner} ${from}Q${lane} ${from} ${lane} ${from + turn * corner}` +
    `L${lane} ${to - turn * corner}Q${lane} ${to} ${lane + corner} ${to}L${left} ${to}` +
    `M${left - 5} ${to - 3.5}L${left} ${to}L${left - 5} ${to + 3.5}`
  );
}
