import type {
  AggregateQuery,
  Arrangement,
  Cap,
  ChartQuery,
  ExtentItem,
  Ranking,
} from "../../../chart/chart-query.js";
import { isInteger, scaleOf, type ChartColumn } from "../../../chart/chart-column.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { GroupFilter } from "../../verbs.js";
import { restSql, textSql, timeSql, valueSql } from "./chart-value-sql.js";
import { groupsSql } from "./groups-sql.js";
import { RELATION } from "./selection-sql.js";

/**
 * The query of a chart, over the relation `result`, as a person would write it. Of what is left of the rows it draws
 * only points: its bins, and which values are kept, are those of all rows.
 */
export function chartSql(query: AggregateQuery, where: readonly GroupFilter[] = []): string {
  if (query.type === "points") return pointsSql({ ...query, where });
  const items = query.items.map((item): Item => [extentSql(item), item.name]);
  // Counts of values look at the rows by themselves: beside nothing else, there would be one for each row.
  const isAlone = query.items.every(({ type }) => type === "values");
  return `SELECT\n${selectList(items)}${isAlone ? "" : `\nFROM ${RELATION}`}`;
}

interface PointsQuery extends ChartQuery {
  readonly where: readonly GroupFilter[];
}

type Item = readonly [sql: string, alias: string];

/** A list of expressions with their names, one on each line. */
function selectList(items: readonly Item[]): string {
  return items.map(([sql, alias]) => (sql === alias ? `  ${sql}` : `  ${sql} AS ${alias}`)).join(",\n");
}

function extentSql(item: ExtentItem): string {
  switch (item.type) {
    case "min":
    case "max":
      return boundSql(item.type, item.column, item.isQuick);
    case "grain": {
      const time = timeSql(item.column);
      return `bool_and(${time} = date_trunc('${item.grain}', ${time}))`;
    }
    case "value":
      return valueSql(item.value);
    case "values": {
      const values = `SELECT DISTINCT ${valueSql(item.value)} FROM ${RELATION} LIMIT ${String(item.most)}`;
      return `(SELECT count(*) FROM (${values}))`;
    }
  }
}

function boundSql(reduce: "min" | "max", column: ChartColumn, isQuick: boolean): string {
  const name = quoteIdentifier(column.name);
  if (scaleOf(column) === "quantitative") {
    const filter = column.kind === "float" && !isQuick ? ` FILTER (isfinite(${name}))` : "";
    const bound = `${reduce}(${name})${filter}`;
    return isInteger(column) ? bound : `CAST(${bound} AS DOUBLE)`;
  }
  const time = timeSql(column);
  if (!isQuick) return `epoch(${reduce}(${time}) FILTER (isfinite(${time})))`;
  const value = timeSql(column, `${reduce}(${name})`);
  // The epoch of an infinite time is NULL.
  return `CASE WHEN NOT isfinite(${value}) THEN 'inf'::DOUBLE ELSE epoch(${value}) END`;
}

function pointsSql(query: PointsQuery): string {
  const { caps, items, then, most } = query;
  const names = [...items.map(({ name }) => name), ...foldedNames(query), ...placeNames(query)];
  const list = items.map(({ name, value }): Item => [valueSql(value), name]);
  const by = then.type === "ranked" && typeof then.by === "object" ? then.by : undefined;
  const ctes = caps.map(capCte);
  const points = select(query, by === undefined ? list : [...list, [valueSql(by), "rank"]]);
  const last = `LIMIT ${String(most + 1)}`;
  switch (then.type) {
    case "all":
      return `${withSql(ctes)}${points}`;
    case "sorted":
      return `${withSql(ctes)}${points}\nORDER BY ${orderBy(then.by)}\n${last}`;
    case "first": {
      const sort =
        then.by === undefined
          ? ""
          : `\nORDER BY ${valueSql(then.by.value)} ${directionOf(then.by)} NULLS LAST`;
      return `${withSql(ctes)}${points}${sort}\nLIMIT ${String(then.limit)}`;
    }
    case "sample": {
      const numbered = select(query, [...list, ["row_number() OVER ()", "row_number"]]);
      return `${withSql(ctes)}SELECT ${names.join(", ")}\nFROM (\n${indent(numbered)}\n)\nORDER BY hash(row_number)\nLIMIT ${String(most)}`;
    }
    case "ranked":
      return rankedSql(then, [...ctes, pointsCte(points)], names, last);
    case "extremes":
      return extremesSql(then, [...ctes, pointsCte(points)], names, last);
  }
}

/** The values of a column that are kept. */
function capCte({ channel, column, kept, by }: Cap): string {
  const text = textSql(column);
  const order =
    by === undefined
      ? "count(*) DESC, value"
      : by.value === "name"
        ? `value ${directionOf(by)}`
        : `${valueSql(by.value)} ${directionOf(by)} NULLS LAST, value`;
  const body = [
    `  SELECT ${text} AS value`,
    `  FROM ${RELATION}`,
    `  WHERE ${text} IS NOT NULL`,
    "  GROUP BY ALL",
    `  ORDER BY ${order}`,
    `  LIMIT ${String(kept)}`,
  ];
  return `${channel}_values AS (\n${body.join("\n")}\n)`;
}

function foldedNames({ fold }: ChartQuery): string[] {
  return fold === undefined ? [] : [fold.name, "color"];
}

function placeNames({ place }: ChartQuery): string[] {
  return place === undefined ? [] : [place.name];
}

function select(query: PointsQuery, list: readonly Item[]): string {
  return withPlace(query, foldSql(query, list), list);
}

/** Several values of a row become rows of their own. */
function foldSql(query: PointsQuery, list: readonly Item[]): string {
  const { fold } = query;
  if (fold === undefined) return plainSelect(query, list);
  const values = fold.values.map(({ value }, index): Item => [valueSql(value), `value_${String(index + 1)}`]);
  const inner = plainSelect(query, [...list, ...values]);
  const labels = fold.values.map(({ label }) => quoteLiteral(label));
  const unfolded: Item[] = [
    ...list.map(([, alias]): Item => [alias, alias]),
    [`unnest([${values.map(([, alias]) => alias).join(", ")}])`, fold.name],
    [`unnest([${labels.join(", ")}])`, "color"],
  ];
  return `SELECT\n${selectList(unfolded)}\nFROM (\n${indent(inner)}\n)`;
}

/** With a value of each place as a whole, whatever its points are. */
function withPlace(query: PointsQuery, points: string, list: readonly Item[]): string {
  const { place, items } = query;
  if (place === undefined) return points;
  const by = place.by.flatMap((name): Item[] => {
    const item = items.find((other) => other.name === name);
    return item === undefined || item.value.type === "aggregate" ? [] : [[valueSql(item.value), name]];
  });
  const whole = plainSelect(query, [...by, [valueSql(place.value), place.name]]);
  const names = [...list.map(([, alias]) => alias), ...foldedNames(query)];
  const chosen = [
    ...names.map((name): Item => [`part.${name}`, name]),
    [`whole.${place.name}`, place.name] as const,
  ];
  const same = by.map(([, name]) => `part.${name} IS NOT DISTINCT FROM whole.${name}`);
  return [
    `SELECT\n${selectList(chosen)}`,
    `FROM (\n${indent(points)}\n) AS part`,
    `LEFT JOIN (\n${indent(whole)}\n) AS whole ON ${same.length === 0 ? "true" : same.join(" AND ")}`,
  ].join("\n");
}

function plainSelect(
  { caps, items, isGrouped, present, where: filters }: PointsQuery,
  list: readonly Item[],
): string {
  const conditions = [
    ...filters.map(groupsSql),
    ...caps.flatMap(({ channel, column, isDropped }) =>
      isDropped ? [`${textSql(column)} IN (SELECT value FROM ${channel}_values)`] : [],
    ),
    ...items.flatMap(({ name, value }) => (present.includes(name) ? [`${valueSql(value)} IS NOT NULL`] : [])),
  ];
  const where = conditions.length === 0 ? "" : `\nWHERE ${conditions.join("\n  AND ")}`;
  return `SELECT\n${selectList(list)}\nFROM ${RELATION}${where}${isGrouped ? "\nGROUP BY ALL" : ""}`;
}

function pointsCte(points: string): string {
  return `points AS (\n${indent(points)}\n)`;
}

function rankedSql(
  { base, by, reduce, limit, isAlone, last: lastPlace, others, ...sort }: Ranking,
  ctes: readonly string[],
  names: readonly string[],
  last: string,
): string {
  const alias = typeof by === "object" ? "rank" : by;
  const direction = directionOf(sort);
  const end = (name: string): string =>
    lastPlace === undefined ? "" : `${name} IS NOT DISTINCT FROM (${restSql(lastPlace)}), `;
  const groups = limit === undefined ? "" : ", count(*) OVER () AS groups";
  if (isAlone) {
    const rest = alias === base ? "" : `, ${base}`;
    const most = limit === undefined ? last : `LIMIT ${String(limit)}`;
    return `${withSql(ctes)}SELECT ${names.join(", ")}${groups}\nFROM points\nORDER BY ${end(base)}${alias} ${direction} NULLS LAST${rest}\n${most}`;
  }
  const ranks = [
    `  SELECT ${base} AS place, ${reduce}(${alias}) AS place_rank${groups}`,
    "  FROM points",
    `  GROUP BY ${base}`,
    `  ORDER BY place_rank ${direction} NULLS LAST, place`,
    ...(limit === undefined ? [] : [`  LIMIT ${String(limit)}`]),
  ];
  const order = [
    `${end(base)}place_rank ${direction} NULLS LAST`,
    base,
    ...others.map((name) => `${name} NULLS LAST`),
  ];
  return `${withSql([...ctes, `places AS (\n${ranks.join("\n")}\n)`])}SELECT ${names.join(", ")}${limit === undefined ? "" : ", groups"}
FROM points JOIN places ON ${base} IS NOT DISTINCT FROM place
ORDER BY ${order.join(", ")}
${last}`;
}

function extremesSql(
  { base, value, groups, parts, min, max, isTime }: Extract<Arrangement, { type: "extremes" }>,
  ctes: readonly string[],
  names: readonly string[],
  last: string,
): string {
  const position = isTime ? `epoch(${base})` : `CAST(${base} AS DOUBLE)`;
  const width = (max - min) / parts || 1;
  const origin = min === 0 ? position : `(${position} - ${String(min)})`;
  const pair = `{'base': ${base}, 'value': ${value}}`;
  const buckets = [
    `  SELECT ${[...groups, `least(floor(${origin} / ${String(width)}), ${String(parts - 1)}) AS part`].join(", ")},`,
    `    arg_min(${pair}, ${value}) AS least_point, arg_max(${pair}, ${value}) AS greatest_point`,
    `  FROM points\n  WHERE ${base} IS NOT NULL AND ${value} IS NOT NULL\n  GROUP BY ALL`,
  ].join("\n");
  const pick = (point: string): string =>
    `SELECT ${names.map((name) => (name === base ? `${point}.base AS ${name}` : name === value ? `${point}.value AS ${name}` : name)).join(", ")} FROM parts`;
  return `${withSql([...ctes, `parts AS (\n${buckets}\n)`])}${pick("least_point")}\nUNION\n${pick("greatest_point")}\nORDER BY ${orderBy([base, ...groups])}\n${last}`;
}

function directionOf({ isDescending }: { readonly isDescending: boolean }): "ASC" | "DESC" {
  return isDescending ? "DESC" : "ASC";
}

function withSql(ctes: readonly string[]): string {
  return ctes.length === 0 ? "" : `WITH ${ctes.join(",\n")}\n`;
}

function orderBy(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `${name} NULLS LAST`).join(", ");
}

function indent(sql: string): string {
  return sql.replaceAll(/^/gm, "  ");
}
