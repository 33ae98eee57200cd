import { quoteIdentifier } from "../text/sql-names.js";

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
const PLAIN_TEXT = /^(VARCHAR|BOOLEAN)$/;

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

/** A time without a zone (UTC), so that cutting it depends on nobody's settings; of another value of that type too. */
export function timeSql(column: ChartColumn, value = quoteIdentifier(column.name)): string {
  if (column.type === "TIMESTAMP WITH TIME ZONE") return `${value} AT TIME ZONE 'UTC'`;
  return column.type === "DATE" || column.type === "TIMESTAMP" ? value : `CAST(${value} AS TIMESTAMP)`;
}

/** A value that stands for itself: nested and binary ones as the text that they are shown as. */
export function plainSql(column: ChartColumn): string {
  const name = quoteIdentifier(column.name);
  if (kindOf(column) === "temporal") return timeSql(column);
  return kindOf(column) === "quantitative" || PLAIN_TEXT.test(column.type) ? name : textSql(column);
}

export function textSql(column: ChartColumn): string {
  return column.type === "VARCHAR"
    ? quoteIdentifier(column.name)
    : `CAST(${quoteIdentifier(column.name)} AS VARCHAR)`;
}
