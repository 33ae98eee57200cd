import type { ForecastCell } from "../../server/api/protocol.js";

/** A forecast says of a check only that it is looked at. Where something runs again that it reads, it is out of date too. */
export function withStaleChecks(
  cells: readonly ForecastCell[],
  edges: readonly (readonly [parent: string, child: string])[],
): ForecastCell[] {
  const moving = new Set<string>();
  return cells.map((cell) => {
    const parent = edges.find(([from, to]) => to === cell.name && moving.has(from))?.[0];
    const runs = cell.action === "run" && cell.isVolatile !== true;
    if (runs || parent !== undefined) moving.add(cell.name);
    if (cell.action !== "check" || parent === undefined) return cell;
    return { ...cell, action: "run", reason: `\`${parent}\` runs` };
  });
}
