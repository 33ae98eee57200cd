import type { ChartGrain } from "../../../notebook/chart-options.js";
import { showControls } from "../../../text/format.js";
import { freeName } from "../../../text/free-name.js";
import { quoteName } from "../../../text/sql-keywords.js";
import type { Column } from "../../rows.js";
import type { Pivot, PivotValuesQuery, SummaryGroup, SummaryMeasure, SummaryQuery } from "../../summary.js";
import { timeSql } from "./chart-value-sql.js";
import { whereLines, writtenStyle } from "./derived-sql.js";
import { comparedSide, comparedValue } from "./filter-sql.js";

/** An expression, and what it is called. */
type Item = readonly [sql: string, name: string];

const MOST_LINE = 90;
const MOST_NAME = 60;

/** As somebody would write it. No two of its columns have one name in any case. */
export function summarySql(query: SummaryQuery): string {
  const { relation, columns, groupBy, pivot } = query;
  const free = namesBeside(pivot === undefined ? columns : groupBy.map(({ column }) => column));
  const groups = groupBy.map((group): Item => groupItem(group, free));
  const measures = pivot === undefined ? plainMeasures(query, free) : pivotMeasures(query, pivot, free);
  const order = orderOf(query, groups, measures);
  return [
    selectLines([...groups, ...measures]),
    `FROM ${quoteName(relation)}`,
    ...whereLines(query),
    ...(groups.length === 0 ? [] : ["GROUP BY ALL"]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.join(", ")}`]),
  ].join("\n");
}

/** The values of most rows, in their order, each as text, and beside each how many values there are. */
export function pivotValuesSql({ group, most, relation, ...rows }: PivotValuesQuery): string {
  const { side } = comparisonOf(group);
  return [
    "SELECT CAST(value AS VARCHAR), total",
    `FROM (SELECT ${side} AS value, count(*) AS n, count(*) OVER () AS total`,
    `FROM ${quoteName(relation)}`,
    ...whereLines(rows),
    `GROUP BY ${side}`,
    `ORDER BY 2 DESC, 1 NULLS LAST LIMIT ${String(most)})`,
    "ORDER BY value NULLS LAST",
  ].join("\n");
}

function selectLines(items: readonly Item[]): string {
  const list = items.map(([sql, name]) => (sql === quoteName(name) ? sql : `${sql} AS ${quoteName(name)}`));
  const line = `SELECT ${list.join(", ")}`;
  return line.length <= MOST_LINE ? line : `SELECT\n  ${list.join(",\n  ")}`;
}

/** Times go on, a pivot has its rows by name, and else what is greatest comes first. */
function orderOf(
  { groupBy, pivot }: SummaryQuery,
  groups: readonly Item[],
  measures: readonly Item[],
): string[] {
  const by = groups.map(([, name]) => quoteName(name));
  const first = measures[0]?.[1];
  const isRanked =
    pivot === undefined && groups.length > 0 && groupBy.every(({ grain }) => grain === undefined);
  return isRanked && first !== undefined ? [`${quoteName(first)} DESC NULLS LAST`, ...by] : by;
}

function groupItem(group: SummaryGroup, free: (wanted: string) => string): Item {
  const { column, grain } = group;
  return grain === undefined
    ? [quoteName(column.name), column.name]
    : [partSql(column, grain), free(`${column.name}_${grain}`)];
}

function partSql(column: Column, grain: ChartGrain): string {
  const time = timeSql(column, quoteName(column.name));
  // DuckDB 1.5 takes a part of a DATE that is less than a day for another value than it compares with.
  const isWithinDay = column.kind === "date" && (grain === "hour" || grain === "minute");
  return `date_trunc('${grain}', ${isWithinDay ? `CAST(${time} AS TIMESTAMP)` : time})`;
}

function plainMeasures({ measures }: SummaryQuery, free: (wanted: string) => string): Item[] {
  return measures.map((measure): Item => [measureSql(measure), free(measureName(measure))]);
}

/** Undefined: all other values. */
interface Place {
  readonly value: string | null | undefined;
}

/** Each value's measures stand beside each other. What is not the value of a name has it only where no value does. */
function pivotMeasures({ measures }: SummaryQuery, pivot: Pivot, free: (wanted: string) => string): Item[] {
  const places: Place[] = pivot.values.map((value) => ({ value }));
  if (pivot.hasRest) places.push({ value: undefined });
  const named = new Map<Place, readonly string[]>();
  const isPlain = ({ value }: Place): boolean => value !== undefined && value !== null && value !== "";
  for (const place of [...places.filter(isPlain), ...places.filter((other) => !isPlain(other))]) {
    const label = labelOf(place.value, pivot.grain);
    named.set(
      place,
      measures.map((measure) => free(measures.length === 1 ? label : `${label}_${measureName(measure)}`)),
    );
  }
  return places.flatMap((place) => {
    const condition = place.value === undefined ? restCondition(pivot) : valueCondition(pivot, place.value);
    return measures.map((measure, index): Item => [
      `${measureSql(measure)} FILTER (WHERE ${condition})`,
      named.get(place)?.[index] ?? "",
    ]);
  });
}

function labelOf(value: string | null | undefined, grain: ChartGrain | undefined): string {
  if (value === undefined) return "(other)";
  if (value === null) return "NULL";
  if (value === "") return "empty";
  const characters = Array.from(showControls(grain === undefined ? value : shortTime(value, grain)));
  return characters.length <= MOST_NAME ? characters.join("") : `${characters.slice(0, MOST_NAME).join("")}…`;
}

/** `2026-01-01 00:00:00` as a part of time; other texts (of infinity, before Christ) as they are. */
function shortTime(text: string, grain: ChartGrain): string {
  const [, year, month = "", day, time] = /^(\d{4,})-(\d\d)-(\d\d) (\d\d:\d\d):00$/.exec(text) ?? [];
  if (year === undefined || day === undefined || time === undefined) return text;
  switch (grain) {
    case "year":
      return year;
    case "quarter":
      return `${year}-Q${String(Math.ceil(Number(month) / 3))}`;
    case "month":
      return `${year}-${month}`;
    case "week":
    case "day":
      return `${year}-${month}-${day}`;
    default:
      return `${year}-${month}-${day} ${time}`;
  }
}

interface Comparison {
  readonly side: string;
  readonly value: (text: string) => string;
}

/** Equal are those that a group has. */
function comparisonOf({ column, grain }: SummaryGroup): Comparison {
  const part: Column = grain === undefined ? column : { name: "", type: "TIMESTAMP", kind: "timestamp" };
  const style = grain === undefined ? writtenStyle : { ...writtenStyle, name: () => partSql(column, grain) };
  return { side: comparedSide(part, style), value: (text) => comparedValue(part, text, style) };
}

function valueCondition(pivot: Pivot, value: string | null): string {
  const { side, value: write } = comparisonOf(ofValue(pivot, value));
  return value === null ? `${side} IS NULL` : `${side} = ${write(value)}`;
}

/** DuckDB finds no infinite time by a part of it, which it takes for a range. */
function ofValue({ column, grain }: SummaryGroup, value: string | null): SummaryGroup {
  return value !== null && /^-?infinity$/.test(value) ? { column } : { column, grain };
}

function restCondition(pivot: Pivot): string {
  const { side } = comparisonOf(pivot);
  const texts = pivot.values.filter((text) => text !== null);
  if (texts.length === 0) return pivot.values.length === 0 ? "true" : `${side} IS NOT NULL`;
  const lists = new Map<string, string[]>();
  for (const text of texts) {
    const comparison = comparisonOf(ofValue(pivot, text));
    lists.set(comparison.side, [...(lists.get(comparison.side) ?? []), comparison.value(text)]);
  }
  const others = [...lists].map(([of, list]) => `${of} NOT IN (${list.join(", ")})`).join(" AND ");
  return texts.length < pivot.values.length ? others : `(${others} OR ${side} IS NULL)`;
}

function measureSql({ aggregate, column }: SummaryMeasure): string {
  const name = column === undefined ? "*" : quoteName(column.name);
  if (aggregate === "distinct") return `count(DISTINCT ${name})`;
  return `${aggregate === "mean" ? "avg" : aggregate}(${name})`;
}

function measureName({ aggregate, column }: SummaryMeasure): string {
  return column === undefined ? "rows" : `${aggregate}_${column.name}`;
}

/** Gives a name that none of the columns has, and none that was given before. Other programs tell fewer letters apart than the engine. */
function namesBeside(columns: readonly Column[]): (wanted: string) => string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  return (wanted) => {
    const name = freeName(wanted, (other) => taken.has(other.toLowerCase()));
    taken.add(name.toLowerCase());
    return name;
  };
}
