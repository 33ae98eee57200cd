import type { GraphEdge } from "./graph-cell.js";
import type { Direction, GraphLayout, LayoutCell } from "./graph-layout.js";
import { layOutColumns } from "./layout-columns.js";
import { layOutList } from "./layout-list.js";

/** As wide as a list is laid out where nobody says for which place. */
const PANE_WIDTH = 320;

/** Says which layout a graph has, whatever happens to its cells. */
export function structureOf(
  cells: readonly LayoutCell[],
  edges: readonly GraphEdge[],
  direction: Direction,
  paneWidth = PANE_WIDTH,
): string {
  return JSON.stringify([
    direction,
    direction === "list" ? paneWidth : 0,
    cells.map(({ name, kind }) => [name, kind]),
    edges,
  ]);
}

/**
 * Places cells so that each is after all that it reads, as far as there is no cycle. Same input, same layout. Of cells
 * with one name the first counts; edges that lead nowhere are left out.
 */
export function layOutGraph(
  cells: readonly LayoutCell[],
  edges: readonly GraphEdge[],
  direction: Direction,
  paneWidth = PANE_WIDTH,
): GraphLayout {
  const byName = new Map(cells.toReversed().map((cell) => [cell.name, cell]));
  const unique = cells.filter((cell) => byName.get(cell.name) === cell);
  const known = edges.filter(
    ([parent, child]) => parent !== child && byName.has(parent) && byName.has(child),
  );
  return direction === "list"
    ? layOutList(unique, known, paneWidth)
    : layOutColumns(unique, known, direction);
}
