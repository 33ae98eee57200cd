import { familyOf, type TypeKind } from "../text/type-kind.js";

export interface ChartColumn {
  readonly name: string;
  /** The engine's own name of the type: it is shown, and only the engine reads it. */
  readonly type: string;
  readonly kind: TypeKind;
}

export type ColumnScale = "quantitative" | "temporal" | "nominal";

/** The scale that fits the values of a column. */
export function scaleOf({ kind }: Pick<ChartColumn, "kind">): ColumnScale {
  if (familyOf(kind) === "number") return "quantitative";
  return kind === "date" || kind === "timestamp" ? "temporal" : "nominal";
}

export function isInteger({ kind }: Pick<ChartColumn, "kind">): boolean {
  return kind === "integer";
}
