import { quoteIdentifier, quoteLiteral } from "../../text/sql-names.js";
import type { KnownKeys } from "../increment.js";
import type { KeyFile } from "../scope.js";

/** Of a file of keys: the least event time of each; the columns of the key are called otherwise. */
export const OLDEST = "oldest";

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

/** What keys that a base has tell of what came: in a relation, each once, with `n` and the least event time. */
export function knownKeysSql(known: string): string {
  return `SELECT count(*), count(*) FILTER (n > 0), coalesce(sum(n), 0), CAST(min(${OLDEST}) FILTER (n > 0) AS VARCHAR) FROM ${known}`;
}

export function toKnownKeys([known, lateKeys, lateRows, oldest]: readonly unknown[]): KnownKeys {
  return {
    known: Number(known),
    lateKeys: Number(lateKeys),
    lateRows: Number(lateRows),
    ...(typeof oldest === "string" ? { oldest } : {}),
  };
}
