import type { Column } from "../../engine.js";
import type { RowFilter } from "../../verbs.js";
import { groupsSql } from "./groups-sql.js";

/** How the names and values of a condition are written. */
export interface FilterStyle {
  readonly name: (column: string) => string;
  /** An expression of type VARCHAR. It is asked for once for each filter that has a value. */
  readonly text: (value: string) => string;
}

/** What lets the rows of one filter through; `column` names one of `columns`. */
export function filterSql(filter: RowFilter, columns: readonly Column[], style: FilterStyle): string {
  if ("by" in filter) return groupsSql(filter);
  if (filter.op === "anywhere") {
    const wanted = lowered(style.text(filter.value));
    const anywhere = columns.map((column) => `contains(${lowered(asText(column, style))}, ${wanted})`);
    return anywhere.length === 0 ? "true" : `(${anywhere.join(" OR ")})`;
  }
  const column = columns.find(({ name }) => name === filter.column);
  if (column === undefined) throw new Error(`unreachable: no column "${filter.column}"`);
  switch (filter.op) {
    case "null":
      return `${style.name(column.name)} IS NULL`;
    case "notnull":
      return `${style.name(column.name)} IS NOT NULL`;
    case "contains":
    case "starts": {
      const search = filter.op === "starts" ? "starts_with" : "contains";
      return `${search}(${lowered(asText(column, style))}, ${lowered(style.text(filter.value))})`;
    }
    default:
      return `${comparedSide(column, style)} ${comparisons[filter.op]} ${comparedValue(column, filter.value, style)}`;
  }
}

const comparisons = { eq: "=", ne: "IS DISTINCT FROM", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;

/** Types that a value is compared as; the others are compared as the text that they are shown as. */
const PLAIN_TYPE =
  /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|DATE|TIME|TIMESTAMP(_NS)?|TIMESTAMP WITH TIME ZONE|UUID)$/;
const EXACT_TYPE = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL\(\d+,\d+\))$/;
const NUMBER = /^-?\d{1,30}(\.\d{1,8})?$/;
/** Fewer digits than these are the same DOUBLE as a number and as a text. */
const SHORT_NUMBER = /^-?(\d{1,15}|\d{1,9}\.\d{1,6})$/;

/** What equal values have in common: a value of its type, or the text that it is shown as. */
export function comparedSide(column: Column, style: FilterStyle): string {
  return PLAIN_TYPE.test(column.type) ? style.name(column.name) : asText(column, style);
}

export function comparedValue({ type }: Column, value: string, style: FilterStyle): string {
  // A cast would round 1.5 to a whole number, and has no room for 100 in a DECIMAL(3,2).
  if (EXACT_TYPE.test(type) && NUMBER.test(value)) return value;
  if (type === "DOUBLE" && SHORT_NUMBER.test(value)) return value;
  if (type === "BOOLEAN" && /^(true|false)$/.test(value)) return value;
  const text = style.text(value);
  if (!PLAIN_TYPE.test(type)) return text;
  // A day with an hour is none.
  const as = type === "DATE" && /\d[ T]\d/.test(value) ? "TIMESTAMP" : type;
  return text.startsWith("'") && /^(DATE|TIME|TIMESTAMP)$/.test(as)
    ? `${as} ${text}`
    : `CAST(${text} AS ${as})`;
}

function asText({ name, type }: Column, style: FilterStyle): string {
  return type === "VARCHAR" ? style.name(name) : `CAST(${style.name(name)} AS VARCHAR)`;
}

function lowered(sql: string): string {
  return `lower(${sql})`;
}
