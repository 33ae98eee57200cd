import type { Box } from "./edge-path.js";
import type { GraphCell } from "./graph-cell.js";

/** From left to right, from top to bottom, or one below the other: what suits a wide, a high and a narrow place. */
export type Direction = "LR" | "TB" | "list";
export type LayoutCell = Pick<GraphCell, "name" | "kind">;

export interface LaidOutEdge {
  readonly parent: string;
  readonly child: string;
  /** For the `d` of an SVG path. */
  readonly path: string;
}

export interface GraphLayout {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  /** Middles and sizes, by the cell's name. */
  readonly nodes: ReadonlyMap<string, Box>;
  readonly edges: readonly LaidOutEdge[];
  /** There are too many edges to tell apart: only those of one cell are to be drawn. */
  readonly isDense?: boolean;
}
