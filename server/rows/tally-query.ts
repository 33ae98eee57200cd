import type { ChartColumn } from "../chart/chart-column.js";
import type { AggregateValue, Cap, ChartValue, ColumnValue, GroupValue } from "../chart/chart-query.js";
import type { GroupFilter, Tally } from "../engine/verbs.js";
import { groupOfFilter, groupOfValue, measuresOf, type PointsQuery, type TallyPlan } from "./tally-plan.js";

/** Counts of rows, in each tally. */
const ROWS = "rows";

const rowCount: AggregateValue = { type: "aggregate", name: "count" };

/** The columns of a tally, as it is computed. */
export function tallyItems({
  groups,
  measures,
}: TallyPlan): readonly { readonly name: string; readonly value: ChartValue }[] {
  return [
    ...groups.map((value, index) => ({ name: `group_${String(index + 1)}`, value })),
    { name: ROWS, value: rowCount },
    ...measures.map((value, index) => ({ name: `measure_${String(index + 1)}`, value })),
  ];
}

export interface TallyQuestion {
  readonly query: PointsQuery;
  readonly where: readonly GroupFilter[];
}

/** What is asked of rows, asked of their groups. */
export function overTally(
  { query, where }: TallyQuestion,
  plan: TallyPlan,
  { columns }: Pick<Tally, "columns">,
): TallyQuestion {
  const places = new Map(tallyItems(plan).map(({ value }, index) => [JSON.stringify(value), columns[index]]));
  const columnOf = (value: ChartValue): ChartColumn => {
    const column = places.get(JSON.stringify(value));
    if (column === undefined) throw new Error("unreachable: the plan has all values of the query");
    return { name: column.name, type: column.type, kind: column.kind };
  };
  const itself = (value: ChartValue): ColumnValue => ({
    type: "column",
    column: columnOf(value),
    as: "itself",
  });

  const summed = (value: AggregateValue): AggregateValue => {
    const [first = rowCount, second] = measuresOf(value);
    switch (value.name) {
      case "count":
        return { ...rowCount, weight: itself(first) };
      case "mean":
        return { type: "aggregate", name: "mean", of: itself(first), weight: itself(second ?? rowCount) };
      default:
        return { type: "aggregate", name: value.name, of: itself(first) };
    }
  };
  const valueOf = (value: ChartValue): ChartValue => {
    if (value.type === "aggregate") return summed(value);
    const column = groupOfValue(value);
    return value.type === "kept" ? { ...value, column: columnOf(column) } : itself(column);
  };
  const capOf = ({ by, ...cap }: Cap): Cap => {
    // Where nothing else is said the values of most rows are kept.
    const { value, isDescending } = by ?? { value: rowCount, isDescending: true };
    return {
      ...cap,
      column: columnOf({ type: "column", column: cap.column, as: "text" }),
      by: { value: value === "name" ? value : summed(value), isDescending },
    };
  };
  const groupValue = (by: GroupValue): GroupValue => {
    const column = columnOf(groupOfFilter(by));
    switch (by.type) {
      case "listed":
      case "part":
        return { ...by, column };
      case "bin":
        return { type: "column", column, as: "itself" };
      case "column":
        return { type: "column", column, as: by.as === "number" ? "itself" : by.as };
    }
  };
  const { fold, place, then } = query;
  return {
    query: {
      ...query,
      caps: query.caps.map(capOf),
      items: query.items.map(({ name, value }) => ({ name, value: valueOf(value) })),
      ...(fold !== undefined && {
        fold: { ...fold, values: fold.values.map((each) => ({ ...each, value: valueOf(each.value) })) },
      }),
      ...(place !== undefined && { place: { ...place, value: summed(place.value) } }),
      then: then.type === "ranked" && typeof then.by === "object" ? { ...then, by: valueOf(then.by) } : then,
    },
    where: where.map((filter) => ({ ...filter, by: filter.by.map(groupValue) })),
  };
}
