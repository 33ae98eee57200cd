import { quoteName } from "../../../text/sql-keywords.js";
import { quoteLiteral } from "../../../text/sql-names.js";
import type { Column } from "../../engine.js";
import type { DerivedQuery, RowFilter, RowOrder } from "../../verbs.js";

/** As somebody would write it: the values stand in the text. */
export function derivedSql({ relation, columns, where, order, groupBy }: DerivedQuery): string {
  const conditions = where.map((filter) => conditionOf(filter, columns));
  const names = groupBy.map(quoteName);
  const list = names.length === 0 ? "*" : [...names, "count(*) AS rows"].join(", ");
  const by = names.length === 0 ? order.map(orderOf) : ["rows DESC"];
  return [
    `SELECT ${list}`,
    `FROM ${quoteName(relation)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join("\n  AND ")}`]),
    ...(names.length === 0 ? [] : ["GROUP BY ALL"]),
    ...(by.length === 0 ? [] : [`ORDER BY ${by.join(", ")}`]),
  ].join("\n");
}

function orderOf({ column, isDescending }: RowOrder): string {
  return `${quoteName(column)}${isDescending ? " DESC" : ""} NULLS LAST`;
}

const comparisons = { eq: "=", ne: "<>", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;

function conditionOf(filter: RowFilter, columns: readonly Column[]): string {
  if (filter.op === "anywhere") {
    const anywhere = columns.map((column) => contains(column, filter.value));
    return anywhere.length === 0 ? "true" : `(${anywhere.join(" OR ")})`;
  }
  const column = columns.find(({ name }) => name === filter.column);
  if (column === undefined) throw new Error(`unreachable: no column "${filter.column}"`);
  const name = quoteName(column.name);
  switch (filter.op) {
    case "null":
      return `${name} IS NULL`;
    case "notnull":
      return `${name} IS NOT NULL`;
    case "contains":
      return contains(column, filter.value);
    case "starts":
      return `starts_with(lower(${asText(column)}), ${quoteLiteral(filter.value.toLowerCase())})`;
    default:
      return compared(column, comparisons[filter.op], filter.value);
  }
}

function contains(column: Column, value: string): string {
  return `contains(lower(${asText(column)}), ${quoteLiteral(value.toLowerCase())})`;
}

function asText({ name, type }: Column): string {
  return type === "VARCHAR" ? quoteName(name) : `CAST(${quoteName(name)} AS VARCHAR)`;
}

const NUMBER = /^-?\d+(\.\d+)?$/;

/** As the grid compares: simple types as they are, others as the text that is shown. */
function compared({ name, type }: Column, sign: string, value: string): string {
  const quoted = quoteName(name);
  const isNumber = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/.test(
    type,
  );
  if (isNumber && NUMBER.test(value)) return `${quoted} ${sign} ${value}`;
  if (type === "BOOLEAN" && /^(true|false)$/i.test(value)) return `${quoted} ${sign} ${value.toLowerCase()}`;
  if (type === "DATE" && /\d[ T]\d/.test(value)) return `${quoted} ${sign} TIMESTAMP ${quoteLiteral(value)}`;
  if (/^(DATE|TIME|TIMESTAMP)$/.test(type)) return `${quoted} ${sign} ${type} ${quoteLiteral(value)}`;
  if (isNumber || /^(BOOLEAN|TIMESTAMP_NS|TIMESTAMP WITH TIME ZONE|UUID)$/.test(type))
    return `${quoted} ${sign} CAST(${quoteLiteral(value)} AS ${type})`;
  return `${asText({ name, type } as Column)} ${sign} ${quoteLiteral(value)}`;
}
