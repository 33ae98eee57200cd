import { quoteIdentifier, quoteLiteral } from "../../text/sql-names.js";
import type { KeyFile } from "../scope.js";

/** Column of a file of keys. */
export function keyColumn(index: number): string {
  return `"lakebook key ${String(index)}"`;
}

/** NULL where a row has no key and no key is NULL. */
export function hasKey({ file, columns, hasNull }: KeyFile): string {
  const names = columns.map((_, index) => keyColumn(index)).join(", ");
  const keys = `SELECT ${names} FROM read_parquet(${quoteLiteral(file)}, hive_partitioning = false)`;
  const [only] = columns;
  if (columns.length === 1 && only !== undefined && !hasNull) return `${quoteIdentifier(only)} IN (${keys})`;
  const equals = hasNull ? "IS NOT DISTINCT FROM" : "=";
  const matches = columns.map((name, index) => `${quoteIdentifier(name)} ${equals} ${keyColumn(index)}`);
  return `EXISTS (FROM (${keys}) AS "lakebook keys" WHERE ${matches.join(" AND ")})`;
}
