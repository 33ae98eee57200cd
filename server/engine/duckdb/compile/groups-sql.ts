import { scaleOf, type ChartColumn } from "../../../chart/chart-column.js";
import type { GroupValue } from "../../../chart/chart-query.js";
import type { ChartGrain } from "../../../notebook/chart-options.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { GroupFilter } from "../../verbs.js";
import { textSql, timeSql, valueSql } from "./chart-value-sql.js";

/** True of exactly the rows that a chart has in these groups: by the expressions that it groups by. */
export function groupsSql(filter: GroupFilter): string {
  if (filter.op === "ranges") {
    const { by, ranges } = filter;
    return conjunction(by.map((value, index) => rangeSql(value, ranges[index] ?? ["", ""])));
  }
  const { by, groups } = filter;
  const [first] = by;
  if (first !== undefined && by.length === 1)
    return anyOf(
      first,
      groups.map(([value = null]) => value),
    );
  const each = groups.map((group) =>
    conjunction(by.map((value, index) => groupSql(value, group[index] ?? null))),
  );
  return disjunction(each);
}

/** Several plain values are one list, which the engine looks up rather than compares. */
function anyOf(by: GroupValue, values: readonly (string | null)[]): string {
  const isPlain = (value: string | null): value is string =>
    value !== null && by.type !== "part" && !isOther(by, value);
  const plain = values.filter(isPlain);
  const rest = values.filter((value) => !isPlain(value));
  const list =
    plain.length < 2
      ? plain.map((value) => groupSql(by, value))
      : [`${expressionOf(by)} IN (${plain.map((value) => literalOf(by, value)).join(", ")})`];
  return disjunction([...list, ...rest.map((value) => groupSql(by, value))]);
}

function groupSql(by: GroupValue, value: string | null): string {
  if (value === null) return `${expressionOf(by)} IS NULL`;
  if (by.type === "part") return partsSql(by, value, value);
  if (by.type === "listed" && isOther(by, value))
    return by.values.length === 0
      ? `${textSql(by.column)} IS NOT NULL`
      : `${textSql(by.column)} NOT IN (${by.values.map(quoteLiteral).join(", ")})`;
  const isGroup = `${expressionOf(by)} = ${literalOf(by, value)}`;
  return by.type === "bin" ? `${nearSql(by, value, value)} AND ${isGroup}` : isGroup;
}

/**
 * True of all values of these bins, and of few others: finding the bin takes ten times as long as comparing, and files
 * can be passed over. With more room than rounding may need.
 */
function nearSql({ column, bins }: Extract<GroupValue, { type: "bin" }>, from: string, to: string): string {
  const [low, high] = [Number(from), Number(to)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "true";
  const room = bins.step * 1e-6 + Math.max(Math.abs(low), Math.abs(high)) * 1e-9;
  const end = high + bins.step + room;
  return `${quoteIdentifier(column.name)} BETWEEN ${doubleOf(low - room)} AND ${doubleOf(end)}`;
}

function doubleOf(value: number): string {
  return `CAST(${quoteLiteral(String(value))} AS DOUBLE)`;
}

function isOther(by: GroupValue, value: string): boolean {
  return by.type === "listed" && value === by.other;
}

/** The ends of a range of numbers may be none that the column can have. */
function rangeSql(by: GroupValue, [from, to]: readonly [string, string]): string {
  if (by.type === "part") return partsSql(by, from, to);
  if (by.type === "column" && by.as !== "text" && scaleOf(by.column) === "quantitative")
    return `${valueSql(by)} BETWEEN CAST(${quoteLiteral(from)} AS DOUBLE) AND CAST(${quoteLiteral(to)} AS DOUBLE)`;
  if (by.type === "bin") return `${nearSql(by, from, to)} AND ${betweenSql(by, from, to)}`;
  return betweenSql(by, from, to);
}

function betweenSql(by: GroupValue, from: string, to: string): string {
  return `${expressionOf(by)} BETWEEN ${literalOf(by, from)} AND ${literalOf(by, to)}`;
}

const lengths: Readonly<Record<ChartGrain, string>> = {
  minute: "1 MINUTE",
  hour: "1 HOUR",
  day: "1 DAY",
  week: "7 DAYS",
  month: "1 MONTH",
  quarter: "3 MONTHS",
  year: "1 YEAR",
};

/** From the begin of the first part to the end of the last: without a function around the column, files can be passed over. */
function partsSql(
  { column, grain }: Extract<GroupValue, { readonly type: "part" }>,
  from: string,
  to: string,
): string {
  const time = timeSql(column);
  const [begin, last] = [`TIMESTAMP ${quoteLiteral(from)}`, `TIMESTAMP ${quoteLiteral(to)}`];
  return `${time} >= ${begin} AND ${time} ${endSql(last, to, grain)}`;
}

/** The last that a time can be in: it ends on 294247-01-10 at 04:00:54, and adding to that fails. */
const lastParts: Readonly<Record<ChartGrain, RegExp>> = {
  minute: /^294247-01-10 04:00/,
  hour: /^294247-01-10 04/,
  day: /^294247-01-10/,
  week: /^294247-01-(0[4-9]|10)/,
  month: /^294247-01/,
  quarter: /^294247-01/,
  year: /^294247-01/,
};

/** What is infinite is a part of its own. */
function endSql(last: string, text: string, grain: ChartGrain): string {
  if (/^-?inf/i.test(text)) return `<= ${last}`;
  return lastParts[grain].test(text) ? "< TIMESTAMP 'infinity'" : `< ${last} + INTERVAL ${lengths[grain]}`;
}

function expressionOf(by: GroupValue): string {
  if (by.type === "listed") return textSql(by.column);
  return by.column.kind === "enum" ? textSql(by.column) : valueSql(by);
}

/** A value of an ENUM may be one that it no longer has. */
function literalOf(by: GroupValue, value: string): string {
  const type = typeOf(by);
  return type === "VARCHAR" ? quoteLiteral(value) : `CAST(${quoteLiteral(value)} AS ${type})`;
}

function typeOf(by: GroupValue): string {
  switch (by.type) {
    case "listed":
      return "VARCHAR";
    case "bin":
      return "DOUBLE";
    case "part":
      return "TIMESTAMP";
    case "column":
      if (by.as === "text") return "VARCHAR";
      return by.as === "number" ? "INTEGER" : ownType(by.column, by.as === "plain");
  }
}

function ownType(column: ChartColumn, isPlain: boolean): string {
  if (scaleOf(column) === "quantitative" || column.kind === "boolean") return column.type;
  return isPlain && scaleOf(column) === "temporal" ? "TIMESTAMP" : "VARCHAR";
}

function conjunction(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? "true") : conditions.join(" AND ");
}

function disjunction(conditions: readonly string[]): string {
  if (conditions.length === 0) return "false";
  return conditions.length === 1
    ? (conditions[0] ?? "false")
    : `(${conditions.map((c) => `(${c})`).join(" OR ")})`;
}
