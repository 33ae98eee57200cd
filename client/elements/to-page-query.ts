import type { ColumnFilter, FilterOperator, GridFilter, GridSort } from "../grid/grid-source.js";

/** The API's words for what the grid's operators mean. */
const operators: Readonly<Record<Exclude<FilterOperator, "is-null" | "is-not-null">, string>> = {
  contains: "contains",
  equals: "eq",
  differs: "ne",
  less: "lt",
  "at-most": "le",
  greater: "gt",
  "at-least": "ge",
};

export function toApiSort(sort: GridSort | null): string[] {
  return sort === null ? [] : [sort.direction === "desc" ? `-${sort.column}` : sort.column];
}

export function toApiFilter(filter: GridFilter | null): string[] {
  if (filter === null) return [];
  return [...(filter.search === "" ? [] : [filter.search]), ...filter.columns.map(toText)];
}

function toText({ column, operator, value }: ColumnFilter): string {
  if (operator === "is-null") return `${column}:null`;
  if (operator === "is-not-null") return `${column}:notnull`;
  return `${column}:${operators[operator]}:${value}`;
}
