import type { Box } from "./edge-path.js";
import type { GraphLayout } from "./graph-layout.js";

export type Way = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/** Along the edges, or across them to the neighbours in the same column. */
const meanings: Readonly<Record<GraphLayout["direction"], Readonly<Record<Way, Step>>>> = {
  LR: { ArrowRight: "child", ArrowLeft: "parent", ArrowUp: "before", ArrowDown: "after" },
  list: { ArrowRight: "child", ArrowLeft: "parent", ArrowUp: "before", ArrowDown: "after" },
  TB: { ArrowDown: "child", ArrowUp: "parent", ArrowLeft: "before", ArrowRight: "after" },
};
type Step = "child" | "parent" | "before" | "after";

export function isWay(key: string): key is Way {
  return key in meanings.LR;
}

/** Returns the cell that an arrow key leads to: the nearest child or parent, or the neighbour. Stays where there is none. */
export function stepFrom(layout: GraphLayout, name: string, key: Way): string {
  const from = layout.nodes.get(name);
  if (!from) return firstCell(layout) ?? name;
  const step = meanings[layout.direction][key];
  const isAlong = step === "child" || step === "parent";
  const candidates = isAlong ? neighbours(layout, name, step) : column(layout, name, from, step);
  return nearest(layout, from, candidates) ?? name;
}

export function firstCell({ nodes }: GraphLayout): string | undefined {
  return nodes.keys().next().value;
}

export function lastCell({ nodes }: GraphLayout): string | undefined {
  return [...nodes.keys()].at(-1);
}

function neighbours({ edges }: GraphLayout, name: string, step: "child" | "parent"): string[] {
  return step === "child"
    ? edges.filter(({ parent }) => parent === name).map(({ child }) => child)
    : edges.filter(({ child }) => child === name).map(({ parent }) => parent);
}

/** Returns the cells of the same column that lie before or after. */
function column(layout: GraphLayout, name: string, from: Box, step: "before" | "after"): string[] {
  const isRow = layout.direction === "TB";
  const sign = step === "after" ? 1 : -1;
  return [...layout.nodes]
    .filter(([other, { x, y }]) => {
      const isBeside = Math.abs(isRow ? y - from.y : x - from.x) < 1;
      return other !== name && isBeside && sign * (isRow ? x - from.x : y - from.y) > 0;
    })
    .map(([other]) => other);
}

function nearest(layout: GraphLayout, from: Box, names: readonly string[]): string | undefined {
  const distance = (name: string): number => {
    const to = layout.nodes.get(name) ?? from;
    return Math.hypot(to.x - from.x, to.y - from.y);
  };
  return names.toSorted((a, b) => distance(a) - distance(b))[0];
}
