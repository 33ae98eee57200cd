import { keep, kept, keptTexts } from "../kept.js";
import { asItIs, type Arrangement } from "./arranged-source.js";

/** How this browser's user left the columns of a grid. `name`: of the grid; empty: nothing is kept of it. */
export function keptArrangement(name: string): Arrangement {
  if (name === "") return asItIs;
  return {
    hidden: new Set(keptTexts(keyOf("hidden", name))),
    pinned: keptTexts(keyOf("pinned", name)) ?? [],
  };
}

export function keepArrangement(name: string, { hidden, pinned }: Arrangement): void {
  if (name === "") return;
  for (const [what, columns] of Object.entries({ hidden: [...hidden], pinned })) {
    const key = keyOf(what, name);
    if (columns.length > 0 || kept(key) !== null) keep(key, JSON.stringify(columns));
  }
}

function keyOf(what: string, name: string): string {
  return `lakebook.${what}:${name}`;
}
