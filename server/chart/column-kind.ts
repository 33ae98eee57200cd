export interface ChartColumn {
  readonly name: string;
  /** The engine's SQL name of the type. */
  readonly type: string;
}

export type ColumnKind = "quantitative" | "temporal" | "nominal";

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$|^DECIMAL\(\d+,\s*0\)$/;
const FLOAT = /^(FLOAT|DOUBLE)$/;
const DECIMAL = /^DECIMAL\(\d+,\s*\d+\)$/;
const TEMPORAL = /^(DATE|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)$/;
export function kindOf({ type }: ChartColumn): ColumnKind {
  if (INTEGER.test(type) || FLOAT.test(type) || DECIMAL.test(type)) return "quantitative";
  return TEMPORAL.test(type) ? "temporal" : "nominal";
}

export function isInteger({ type }: ChartColumn): boolean {
  return INTEGER.test(type);
}

export function isFloat({ type }: ChartColumn): boolean {
  return FLOAT.test(type);
}
