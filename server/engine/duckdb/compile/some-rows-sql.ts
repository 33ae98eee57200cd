import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { SomeRows } from "../../given.js";

export function someRowsSql({ from, columns, having, limit, isText = false }: SomeRows): string {
  const names = columns.map(quoteIdentifier);
  const list = columns.length === 0 ? "*" : names.map((name) => (isText ? asText(name) : name)).join(", ");
  const source =
    "sql" in from
      ? `(${from.sql})`
      : [...(from.schema === undefined ? [] : [from.schema]), from.name].map(quoteIdentifier).join(".");
  const any = having?.map((row) => `(${row.map(hasValue).join(" AND ")})`).join(" OR ");
  const where = any === undefined ? "" : ` WHERE ${any}`;
  const order = isText && names.length > 0 ? ` ORDER BY ${names.join(", ")}` : "";
  return `SELECT ${list} FROM ${source}${where}${order} LIMIT ${String(limit)}`;
}

function asText(name: string): string {
  return `CAST(${name} AS VARCHAR)`;
}

function hasValue({ column, value }: { readonly column: string; readonly value: string | null }): string {
  const name = quoteIdentifier(column);
  return value === null ? `${name} IS NULL` : `${asText(name)} = ${quoteLiteral(value)}`;
}
