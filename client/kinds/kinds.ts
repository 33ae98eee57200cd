import type { SVGTemplateResult } from "lit";
import { cellKindNames } from "../../server/notebook/cell-kinds.js";
import type { CellKind } from "../../server/notebook/notebook.js";
import { chart } from "./chart.js";
import { check } from "./check.js";
import { input } from "./input.js";
import type { KindWords } from "./kind.js";
import { sql } from "./sql.js";
import { test } from "./test.js";

/** How the page speaks of each kind. What a kind is, server/notebook/cell-kinds.ts says; how it is drawn, views.ts. */
export const kinds: Readonly<Record<CellKind, KindWords>> = { sql, check, chart, input, test };

/** What new prose begins with, to be typed over. */
export const STARTER_PROSE = "Write here.";

export type InsertAction = `insert-${CellKind}` | "insert-prose";

export interface Insertion extends Pick<KindWords, "label" | "noun" | "keys"> {
  readonly action: InsertAction;
}

const [first, ...others] = cellKindNames.map((kind): Insertion => ({
  action: `insert-${kind}`,
  ...kinds[kind],
}));
const prose: Insertion = { action: "insert-prose", label: "Prose", noun: "prose", keys: "m" };

/** Everything that can be added to a notebook, in the order in which it is offered. */
export const insertions: readonly Insertion[] = [...(first === undefined ? [] : [first]), prose, ...others];

/** The kind that an action adds; undefined: prose. */
export function insertedKind(action: InsertAction): CellKind | undefined {
  return cellKindNames.find((kind) => action === `insert-${kind}`);
}

/** Returns the shape for what is never run, 12 by 12; undefined for what is. */
export function shapeOfKind(kind: CellKind): SVGTemplateResult | undefined {
  return kinds[kind].shape;
}
