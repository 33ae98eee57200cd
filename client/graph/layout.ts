import type { GraphEdge } from "./graph-cell.js";
import type { Direction, GraphLayout, LayoutCell } from "./graph-layout.js";
import { layOutColumns } from "./layout-columns.js";
import { layOutList } from "./layout-list.js";

/** Says which layout a graph has, whatever happens to its cells. */
export function structureOf(
  cells: readonly LayoutCell[],
  edges: readonly GraphEdge[],
  direction: Direction,
): string {
  return JSON.stringify([direction, cells.map(({ name, kind }) => [name, kind]), edges]);
}

/**
 * Places cells so that each is after all that it reads, as far as there is no cycle. Same input, same layout. Of cells
 * with one name the first counts; edges that lead nowhere are left out.
 */
export function layOutGraph(
  cells: readonly LayoutCell[],
  edges: readonly GraphEdge[],
  direction: Direction,
): GraphLayout {
  const byName = new Map(cells.toReversed().map((cell) => [cell.name, cell]));
  const unique = cells.filter((cell) => byName.get(cell.name) === cell);
  const known = edges.filter(
    ([parent, child]) => parent !== child && byName.has(parent) && byName.has(child),
  );
  return direction === "list" ? layOutList(unique, known) : layOutColumns(unique, known, direction);
}
