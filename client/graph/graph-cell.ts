import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { CellKind } from "../../server/notebook/notebook.js";
import type { CellStanding } from "../styles/status-mark.js";

/** Never run: a file, by its path or pattern, or a dataset of the lake, as the SQL names them. */
export type SourceKind = "file" | "lake";

export interface GraphCell extends CellStanding {
  readonly name: string;
  /** A cell's, or of what cells read from outside of the notebook. */
  readonly kind: CellKind | SourceKind;
  readonly rows?: number;
  readonly durationMs?: number;
  /** 0 to 100 while it runs, where the engine can tell. */
  readonly progress?: number;
  /** Where it is computed, where that is told; `none`: nowhere, and the words say why. */
  readonly engine?: { readonly engine: "duckdb" | "spark" | "none"; readonly words: string };
}

export type GraphEdge = readonly [parent: string, child: string];

export function isSource(kind: GraphCell["kind"]): kind is SourceKind {
  return kind === "file" || kind === "lake";
}

/** Whether it has rows that cells read, computed here. */
export function isRelationNode(kind: GraphCell["kind"]): boolean {
  return !isSource(kind) && cellKinds[kind].isRelation;
}
