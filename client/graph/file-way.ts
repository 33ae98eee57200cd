import type { ColumnLineage, LineageView } from "../../server/api/protocol.js";

interface Place {
  readonly node: string;
  readonly column: string;
}

type Stop = ColumnLineage["forward"]["columns"][number];

/** Where a column of a file goes within a notebook, as the way of a column of a cell is told. */
export function wayOfFile({ cells, nodes }: LineageView, start: Place): ColumnLineage {
  const stops = new Map<string, Stop>();
  const waiting: Place[] = [start];
  const add = (stop: Stop): void => {
    const key = JSON.stringify([stop.node, stop.column]);
    if (stops.has(key)) return;
    stops.set(key, stop);
    if (stop.column !== undefined) waiting.push({ node: stop.node, column: stop.column });
  };
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { node, column } = place;
    const isHere = (part: { readonly columns: readonly Place[] }): boolean =>
      part.columns.some((other) => other.node === node && other.column === column);
    for (const cell of cells) {
      for (const each of cell.columns)
        if (isHere(each)) add({ node: cell.node, column: each.name, role: "value" });
      if (isHere(cell.uses)) add({ node: cell.node, role: "value" });
      if (isHere(cell.rows)) add({ node: cell.node, role: "rows" });
    }
  }
  const forward = { columns: [...stops.values()], unknown: [] };
  return { ...start, back: { columns: [], unknown: [] }, forward, nodes };
}
