import type { CellKind } from "../../server/notebook/notebook.js";
import type { CellStanding } from "../styles/status-mark.js";

export interface GraphCell extends CellStanding {
  readonly name: string;
  readonly kind: CellKind;
  readonly rows?: number;
  readonly durationMs?: number;
  /** 0 to 100 while it runs, where the engine can tell. */
  readonly progress?: number;
  /** Where it is computed, where that is told; `none`: nowhere, and the words say why. */
  readonly engine?: { readonly engine: "duckdb" | "spark" | "none"; readonly words: string };
}

export type GraphEdge = readonly [parent: string, child: string];
