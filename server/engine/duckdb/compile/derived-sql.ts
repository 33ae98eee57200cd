import { quoteName } from "../../../text/sql-keywords.js";
import { foldCase, quoteLiteral } from "../../../text/sql-names.js";
import { freeName } from "../../../text/free-name.js";
import type { ChosenBy, DerivedQuery, RowOrder } from "../../verbs.js";
import { filterSql, type FilterStyle } from "./filter-sql.js";

/** Names and values as somebody would write them. */
export const writtenStyle: FilterStyle = { name: quoteName, text: quoteText };

/** No text of SQL can have the character 0. */
function quoteText(text: string): string {
  const parts = text.split("\0").map(quoteLiteral);
  return parts.length === 1 ? quoteLiteral(text) : `(${parts.join(" || chr(0) || ")})`;
}

/** The line that lets those rows through; none where all are meant. */
export function whereLines({
  where,
  columns,
  chosen = [],
}: Pick<DerivedQuery, "where" | "columns" | "chosen">): readonly string[] {
  const filters = where.map((filter) => filterSql(filter, columns, writtenStyle));
  const conditions = [...filters, ...chosen.map(chosenBy)];
  return conditions.length === 0 ? [] : [`WHERE ${conditions.join("\n  AND ")}`];
}

/** As somebody would write it: the values stand in the text. */
export function derivedSql({ relation, columns, where, order, chosen, groupBy }: DerivedQuery): string {
  const names = groupBy.map(quoteName);
  const count = quoteName(freeName("rows", (name) => groupBy.some((taken) => foldCase(taken) === name)));
  const list = names.length === 0 ? "*" : [...names, `count(*) AS ${count}`].join(", ");
  const by = names.length === 0 ? order.map(orderOf) : [`${count} DESC`];
  return [
    `SELECT ${list}`,
    `FROM ${quoteName(relation)}`,
    ...whereLines({ where, columns, ...(chosen && { chosen }) }),
    ...(names.length === 0 ? [] : ["GROUP BY ALL"]),
    ...(by.length === 0 ? [] : [`ORDER BY ${by.join(", ")}`]),
  ].join("\n");
}

function chosenBy({ column, op, parameter, since1970 }: ChosenBy): string {
  const name = quoteName(column);
  if (op === "contains") return `contains(lower(${name}), lower($${parameter}))`;
  const calls = { seconds: "epoch", milliseconds: "epoch_ms" };
  const value = since1970 === undefined ? `$${parameter}` : `${calls[since1970]}($${parameter})`;
  return `${name} ${op === "eq" ? "=" : ">="} ${value}`;
}

function orderOf({ column, isDescending }: RowOrder): string {
  return `${quoteName(column)}${isDescending ? " DESC" : ""} NULLS LAST`;
}
