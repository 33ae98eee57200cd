import { familyOf } from "../../server/text/type-kind.js";
import { keyOf, type ColumnFilter, type FilterOperator, type GridColumn } from "./grid-source.js";

const operators: readonly (readonly [string, FilterOperator])[] = [
  ["!=", "differs"],
  ["<>", "differs"],
  ["<=", "at-most"],
  [">=", "at-least"],
  ["<", "less"],
  [">", "greater"],
  ["=", "equals"],
];

/**
 * Reads what is typed over a column: `> 5`, `!= x`, `null`, `not null`, or a value alone, which text contains and
 * anything else equals. Returns null where nothing is asked yet.
 */
export function parseFilter(typed: string, column: GridColumn): ColumnFilter | null {
  const text = typed.trim();
  if (text === "") return null;
  if (/^(is\s+)?null$/i.test(text)) return { column: keyOf(column), operator: "is-null", value: "" };
  if (/^(is\s+)?not\s+null$/i.test(text))
    return { column: keyOf(column), operator: "is-not-null", value: "" };
  const found = operators.find(([sign]) => text.startsWith(sign));
  if (!found) {
    const family = familyOf(column.kind);
    const operator = family === "number" || family === "boolean" ? "equals" : "contains";
    return { column: keyOf(column), operator, value: text };
  }
  const [sign, operator] = found;
  const value = text.slice(sign.length).trim();
  return value === "" ? null : { column: keyOf(column), operator, value };
}

/** What is typed over a column for the rows that have a value, or for all others. */
export function filterText(value: unknown, text: string, isOthers = false): string {
  if (value === null || value === undefined) return isOthers ? "not null" : "null";
  return `${isOthers ? "!=" : "="} ${text}`;
}
