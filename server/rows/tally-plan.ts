import { scaleOf } from "../chart/chart-column.js";
import type {
  AggregateQuery,
  AggregateValue,
  ChartValue,
  ColumnValue,
  GroupValue,
} from "../chart/chart-query.js";
import type { GroupFilter } from "../engine/verbs.js";
import { isBeginOfPart } from "../chart/time-grain.js";

/** A value by which rows are grouped. */
type Group = Exclude<ChartValue, AggregateValue | { readonly type: "kept" }>;

/**
 * What has to be known of groups of rows, so that a chart of some of them can be made of the groups: what it groups by
 * and is filtered by, and what adds up.
 */
export interface TallyPlan {
  readonly groups: readonly Group[];
  readonly measures: readonly AggregateValue[];
}

export type PointsQuery = Extract<AggregateQuery, { type: "points" }>;

/** Undefined where groups cannot answer: for medians, different values, points that are rows, odd filters. */
export function planTally(query: PointsQuery, where: readonly GroupFilter[]): TallyPlan | undefined {
  const values = valuesOf(query);
  const aggregates = values.filter((value) => value.type === "aggregate");
  const isSummed = query.isGrouped || query.items.every(({ value }) => value.type === "aggregate");
  const isOfRows = query.then.type === "sample" || query.then.type === "first";
  if (!isSummed || isOfRows || !aggregates.every(addsUp) || !where.every(isOfGroups)) return undefined;
  // Means that are equal may differ in their last digit here: which come first is for the rows to say.
  if (ranksOf(query).some(({ name }) => name === "mean")) return undefined;
  const groups = [
    ...values.flatMap((value) => (value.type === "aggregate" ? [] : [groupOfValue(value)])),
    ...where.flatMap(({ by }) => by.map(groupOfFilter)),
  ];
  return { groups: distinct(groups), measures: distinct(aggregates.flatMap(measuresOf)) };
}

/** All that a query computes of rows. */
function valuesOf({ caps, items, fold, place, then }: PointsQuery): ChartValue[] {
  return [
    ...items.map(({ value }) => value),
    ...(fold?.values ?? []).map(({ value }) => value),
    ...(place === undefined ? [] : [place.value]),
    ...caps.map(({ column }): ChartValue => ({ type: "column", column, as: "text" })),
    ...caps.flatMap(({ by }) => (by === undefined || by.value === "name" ? [] : [by.value])),
    ...(then.type === "ranked" && typeof then.by === "object" ? [then.by] : []),
  ];
}

/** What decides which points are drawn, or in which order. */
function ranksOf({ caps, items, fold, then }: PointsQuery): AggregateValue[] {
  const named = [
    ...items,
    ...(fold === undefined ? [] : fold.values.map(({ value }) => ({ ...fold, value }))),
  ];
  const channels =
    then.type === "ranked" && typeof then.by === "string"
      ? [then.by]
      : then.type === "sorted"
        ? then.by
        : then.type === "extremes"
          ? [then.value]
          : [];
  const values: (ChartValue | "name")[] = [
    ...named.flatMap(({ name, value }) => (channels.includes(name) ? [value] : [])),
    ...caps.flatMap(({ by }) => (by === undefined ? [] : [by.value])),
    ...(then.type === "ranked" && typeof then.by === "object" ? [then.by] : []),
  ];
  return values.filter((value) => value !== "name" && value.type === "aggregate");
}

export function groupOfValue(value: Exclude<ChartValue, AggregateValue>): Group {
  return value.type === "kept" ? { type: "column", column: value.column, as: "text" } : value;
}

/** As the engine compares it: names, and labels of an ENUM, as texts. */
export function groupOfFilter(by: GroupValue): Group {
  const isText = by.type === "listed" || (by.type === "column" && by.column.kind === "enum");
  return isText ? { type: "column", column: by.column, as: "text" } : by;
}

/** What is kept of an aggregate. Rows are always counted. */
export function measuresOf(value: AggregateValue): readonly AggregateValue[] {
  const { name, of } = value;
  if (of === undefined) return [];
  if (name !== "mean") return [value];
  return (["sum", "count"] as const).map((part) => ({ type: "aggregate", name: part, of }));
}

function addsUp({ name, of, weight }: AggregateValue): boolean {
  if (weight !== undefined) return false;
  if (of === undefined) return name === "count";
  switch (name) {
    case "count":
      return true;
    case "sum":
      return isNumber(of);
    case "mean":
      // Of decimals it is divided exactly.
      return isNumber(of) && of.column.kind !== "decimal";
    case "min":
    case "max":
      return isNumber(of) || scaleOf(of.column) === "temporal" || of.column.kind === "text";
    default:
      return false;
  }
}

function isNumber({ column, as }: ColumnValue): boolean {
  return as === "number" || (as !== "text" && scaleOf(column) === "quantitative");
}

/** All rows of a group pass, or none: not where a range begins within a part of time. */
function isOfGroups(filter: GroupFilter): boolean {
  const isWhole = (by: GroupValue, values: readonly (string | null | undefined)[]): boolean =>
    by.type !== "part" ||
    values.every((value) => typeof value !== "string" || isBeginOfPart(value, by.grain));
  if (filter.op === "groups")
    return filter.by.every((by, index) =>
      isWhole(
        by,
        filter.groups.map((group) => group[index]),
      ),
    );
  const isNumbered = (by: GroupValue): boolean => by.type === "column" && by.as === "number";
  return filter.by.every((by, index) => !isNumbered(by) && isWhole(by, filter.ranges[index] ?? []));
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
