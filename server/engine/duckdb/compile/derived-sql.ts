import { quoteName } from "../../../text/sql-keywords.js";
import { foldCase, quoteLiteral } from "../../../text/sql-names.js";
import { freeName } from "../../../text/free-name.js";
import type { DerivedQuery, RowOrder } from "../../verbs.js";
import { filterSql } from "./filter-sql.js";

/** As somebody would write it: the values stand in the text. */
export function derivedSql({ relation, columns, where, order, groupBy }: DerivedQuery): string {
  const style = { name: quoteName, text: quoteLiteral };
  const conditions = where.map((filter) => filterSql(filter, columns, style));
  const names = groupBy.map(quoteName);
  const count = quoteName(freeName("rows", (name) => groupBy.some((taken) => foldCase(taken) === name)));
  const list = names.length === 0 ? "*" : [...names, `count(*) AS ${count}`].join(", ");
  const by = names.length === 0 ? order.map(orderOf) : [`${count} DESC`];
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
