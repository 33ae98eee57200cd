import { Graph, layout as runDagre } from "@dagrejs/dagre";
import { buildEdgePath, writeEdgePath, type Box, type HalfWidthAt, type Point } from "./edge-path.js";
import { isRelationNode, type GraphEdge } from "./graph-cell.js";
import type { GraphLayout, LayoutCell } from "./graph-layout.js";

interface Size {
  readonly width: number;
  readonly height: number;
}
type Turn = (point: Point) => Point;
type DagreGraph = InstanceType<typeof Graph<Size, Box, { points: readonly Point[] }>>;

/** What makes rows is drawn larger than what only looks at them; few cells as wide as their names. */
const sizes = {
  LR: { large: { width: 172, height: 40 }, small: { width: 146, height: 26 } },
  TB: { large: { width: 148, height: 40 }, small: { width: 126, height: 26 } },
};
const FEW = 24;
const MAX_WIDTH = { LR: 320, TB: 240 };
/** Of a character of the name, and of what stands before and behind it. */
const CHARACTER_WIDTH = 7.2;
const NAME_MARGIN = 36;

const gaps = {
  LR: { ranksep: 52, nodesep: 14, edgesep: 12 },
  TB: { ranksep: 40, nodesep: 16, edgesep: 14 },
};
const MARGIN = 10;
/** Width to height that a graph of lonely cells should have. */
const LONELY_ASPECT = 1.6;

/** Lays out with dagre, by columns of cells that are equally far from the beginning. */
export function layOutColumns(
  cells: readonly LayoutCell[],
  edges: readonly GraphEdge[],
  direction: "LR" | "TB",
): GraphLayout {
  // From top to bottom is from left to right with x and y swapped, before and after.
  const turn: Turn = direction === "LR" ? (point) => point : ({ x, y }) => ({ x: y, y: x });
  const longest = cells.length > FEW ? 0 : Math.max(0, ...cells.map(({ name }) => name.length));
  const grown = Math.min(MAX_WIDTH[direction], longest * CHARACTER_WIDTH + NAME_MARGIN);
  const sizeOf = ({ kind }: LayoutCell): Size => {
    const { width, height } = sizes[direction][isRelationNode(kind) ? "large" : "small"];
    return turnSize({ width: Math.max(width, grown), height }, turn);
  };
  const connected = new Set(edges.flat());
  const laidOut = runOnConnected(
    cells.filter(({ name }) => connected.has(name)),
    edges,
    sizeOf,
    gaps[direction],
  );
  const lonely = cells.filter(({ name }) => !connected.has(name));
  const all = placeLonely(lonely, laidOut, sizeOf, gaps[direction].nodesep);
  const whole = turnSize(all, turn);
  return {
    direction,
    ...whole,
    nodes: new Map(cells.map(({ name }) => [name, turnBox(all.nodes.get(name) ?? nowhere, turn)])),
    edges: laidOut.edges.map(({ parent, child, points }) => ({
      parent,
      child,
      path: writeEdgePath(points, turn),
    })),
  };
}

interface Columns extends Size {
  readonly nodes: ReadonlyMap<string, Box>;
  readonly edges: readonly {
    readonly parent: string;
    readonly child: string;
    readonly points: readonly Point[];
  }[];
}

const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 };

function runOnConnected(
  cells: readonly LayoutCell[],
  edges: readonly GraphEdge[],
  sizeOf: (cell: LayoutCell) => Size,
  gap: (typeof gaps)["LR"],
): Columns {
  const graph: DagreGraph = new Graph();
  graph.setGraph({ rankdir: "LR", marginx: MARGIN, marginy: MARGIN, width: 0, height: 0, ...gap } as Size);
  // Names are not identifiers: dagre keeps them as keys of objects, and "__proto__" is a fine name of a cell.
  const ids = new Map(cells.map(({ name }, index) => [name, `n${index}`]));
  const idOf = (name: string): string => ids.get(name) ?? "";
  for (const cell of cells) graph.setNode(idOf(cell.name), { x: 0, y: 0, ...sizeOf(cell) });
  for (const [parent, child] of edges) graph.setEdge(idOf(parent), idOf(child), { points: [] });
  if (cells.length > 0) runDagre(graph);
  const halfWidthAt = readColumns(graph.nodes().map((id) => graph.node(id)));
  const { width, height } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(cells.map(({ name }) => [name, graph.node(idOf(name))])),
    edges: edges.map(([parent, child]) => {
      // The first and the last are where dagre's own line would cut the borders of the two nodes.
      const lanes = graph.edge(idOf(parent), idOf(child)).points.slice(1, -1);
      const points = buildEdgePath(graph.node(idOf(parent)), graph.node(idOf(child)), lanes, halfWidthAt);
      return { parent, child, points };
    }),
  };
}

/** Puts the cells without edges below the others; among these they would only make one column very high. */
function placeLonely(
  cells: readonly LayoutCell[],
  columns: Columns,
  sizeOf: (cell: LayoutCell) => Size,
  gap: number,
): Columns {
  if (cells.length === 0) return columns;
  const slotWidth = Math.max(...cells.map((cell) => sizeOf(cell).width)) + gap;
  const slotHeight = Math.max(...cells.map((cell) => sizeOf(cell).height)) + gap;
  const fitting = Math.floor((columns.width - 2 * MARGIN + gap) / slotWidth);
  const perRow = Math.max(
    fitting,
    Math.ceil(Math.sqrt((cells.length * slotHeight * LONELY_ASPECT) / slotWidth)),
  );
  const top = columns.height > 0 ? columns.height + gap : MARGIN;
  const placed = cells.map((cell, index) => {
    const x = MARGIN + (index % perRow) * slotWidth + (slotWidth - gap) / 2;
    const y = top + Math.floor(index / perRow) * slotHeight + (slotHeight - gap) / 2;
    return [cell.name, { x, y, ...sizeOf(cell) }] as const;
  });
  const used = Math.min(perRow, cells.length) * slotWidth - gap + 2 * MARGIN;
  return {
    width: Math.max(columns.width, used),
    height: top + Math.ceil(cells.length / perRow) * slotHeight - gap + MARGIN,
    nodes: new Map([...columns.nodes, ...placed]),
    edges: columns.edges,
  };
}

/** Returns how wide the column is that stands at an x. */
function readColumns(nodes: readonly Box[]): HalfWidthAt {
  const columns = new Map<number, number>();
  for (const { x, width } of nodes) {
    columns.set(Math.round(x), Math.max(columns.get(Math.round(x)) ?? 0, width / 2));
  }
  return (x) => columns.get(Math.round(x)) ?? null;
}

function turnSize({ width, height }: Size, turn: Turn): Size {
  const turned = turn({ x: width, y: height });
  return { width: turned.x, height: turned.y };
}

function turnBox(box: Box, turn: Turn): Box {
  return { ...turn(box), ...turnSize(box, turn) };
}
