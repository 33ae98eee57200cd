import type { CellStanding } from "../styles/status-mark.js";

export interface GraphCell extends CellStanding {
  readonly name: string;
  readonly kind: "sql" | "check" | "chart" | "input";
  readonly rows?: number;
  readonly durationMs?: number;
  /** 0 to 100 while it runs, where the engine can tell. */
  readonly progress?: number;
}

export type GraphEdge = readonly [parent: string, child: string];
