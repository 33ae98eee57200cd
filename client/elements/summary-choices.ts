import type { Api } from "../../server/api/protocol.js";
import { toName } from "../../server/notebook/names.js";
import { freeName } from "../../server/text/free-name.js";
import { familyOf, type TypeKind } from "../../server/text/type-kind.js";
import { keyOf, titleOf, type GridColumn } from "../grid/grid-source.js";

type SummaryBody = Api["POST /api/notebooks/{name}/cells/{cell}/summary"]["sent"]["body"];
export type Aggregate = SummaryBody["measures"][number]["aggregate"];
export type Grain = NonNullable<NonNullable<SummaryBody["groupBy"]>[number]["grain"]>;

export interface ChosenGroup {
  /** Its key. */
  readonly column: string;
  /** Empty: each value is a group. */
  readonly grain: Grain | "";
}

export interface ChosenMeasure {
  readonly aggregate: Aggregate;
  /** Its key; empty: rows. */
  readonly column: string;
}

/** What the form of groups and a pivot says. */
export interface SummaryChoices {
  readonly groupBy: readonly ChosenGroup[];
  readonly pivot: ChosenGroup | undefined;
  /** A column for all other values. */
  readonly rest: boolean;
  /** At least one. */
  readonly measures: readonly ChosenMeasure[];
}

export const grainWords: readonly (readonly [Grain | "", string])[] = [
  ["", "each value"],
  ["day", "day"],
  ["week", "week"],
  ["month", "month"],
  ["quarter", "quarter"],
  ["year", "year"],
];

export const aggregateWords: readonly (readonly [Aggregate | "rows", string])[] = [
  ["rows", "count of rows"],
  ["count", "count of"],
  ["sum", "sum of"],
  ["mean", "mean of"],
  ["median", "median of"],
  ["min", "min of"],
  ["max", "max of"],
  ["distinct", "distinct values of"],
];

export const MOST_PARTS = 10;

const unorderly = /^(variant|spatial|other|map|union)$/;

export function canGroup({ kind }: GridColumn): boolean {
  return !unorderly.test(kind);
}

export function canPivot({ kind }: GridColumn): boolean {
  return !unorderly.test(kind) && familyOf(kind) !== "nested";
}

export function hasGrains({ kind }: { readonly kind: TypeKind }): boolean {
  return kind === "date" || kind === "timestamp";
}

/** What somebody who chose nothing yet may mean: what was asked for, else the first column of words or of time. */
export function firstChoices(columns: readonly GridColumn[], groupBy: readonly string[]): SummaryChoices {
  const likely = columns.find(({ kind }) => /^(text|enum|boolean|date|timestamp)$/.test(kind));
  const wanted = columns.filter((column) => groupBy.includes(keyOf(column)) && canGroup(column));
  const groups = wanted.length > 0 || likely === undefined ? wanted : [likely];
  return {
    groupBy: groups.map(groupOf),
    pivot: undefined,
    rest: false,
    measures: [{ aggregate: "count", column: "" }],
  };
}

export function groupOf(column: GridColumn): ChosenGroup {
  return { column: keyOf(column), grain: hasGrains(column) ? "month" : "" };
}

/** The first column of which there is no group yet. */
export function nextGroup(
  { groupBy, pivot }: SummaryChoices,
  columns: readonly GridColumn[],
): ChosenGroup | undefined {
  const taken = [...groupBy, ...(pivot === undefined ? [] : [pivot])].map(({ column }) => column);
  const free = columns.filter((column) => canGroup(column) && !taken.includes(keyOf(column)));
  const found = free.find(({ kind }) => familyOf(kind) !== "number") ?? free[0];
  return found && groupOf(found);
}

/** The sum of the first number that is not summed up yet, else one more count. */
export function nextMeasure({ measures }: SummaryChoices, columns: readonly GridColumn[]): ChosenMeasure {
  const summed = new Set(measures.map(({ column }) => column));
  const number = columnsOf("sum", columns).find((column) => !summed.has(keyOf(column)));
  return number === undefined
    ? { aggregate: "count", column: "" }
    : { aggregate: "sum", column: keyOf(number) };
}

/** Those of which there can be one. */
export function columnsOf(aggregate: Aggregate, columns: readonly GridColumn[]): readonly GridColumn[] {
  return columns.filter((column) => {
    const family = familyOf(column.kind);
    switch (aggregate) {
      case "sum":
      case "mean":
        return family === "number";
      case "median":
        return family === "number" || hasGrains(column);
      case "min":
      case "max":
        return canPivot(column);
      case "count":
        return true;
      case "distinct":
        return canGroup(column);
    }
  });
}

/** Of the same column where that fits, else of the first that does. */
export function measureBy(
  written: Aggregate | "rows",
  before: ChosenMeasure,
  columns: readonly GridColumn[],
): ChosenMeasure {
  if (written === "rows") return { aggregate: "count", column: "" };
  const fitting = columnsOf(written, columns).map(keyOf);
  const column = fitting.includes(before.column) ? before.column : (fitting[0] ?? "");
  return { aggregate: written, column };
}

export function toSummaryBody({
  groupBy,
  pivot,
  rest,
  measures,
}: SummaryChoices): Omit<SummaryBody, "result"> {
  return {
    groupBy: groupBy.map(toGroup),
    ...(pivot && { pivot: { ...toGroup(pivot), rest } }),
    measures: measures.map(({ aggregate, column }) =>
      column === "" ? { aggregate } : { aggregate, column },
    ),
  };
}

function toGroup({ column, grain }: ChosenGroup): { column: string; grain?: Grain } {
  return grain === "" ? { column } : { column, grain };
}

export function titleOfKey(key: string, columns: readonly GridColumn[]): string {
  const index = columns.findIndex((column) => keyOf(column) === key);
  return titleOf(columns, index).text;
}

/** What the cell may be called. */
export function nameOfSummary(
  cell: string,
  { groupBy, pivot }: SummaryChoices,
  taken: readonly string[],
): string {
  const by = [...groupBy, ...(pivot === undefined ? [] : [pivot])];
  const parts = by.map(({ column, grain }) => (grain === "" ? column : grain));
  const name = toName(parts.length === 0 ? `${cell}_total` : `${cell}_by_${parts.join("_")}`);
  return freeName(name, (other) => taken.includes(other));
}
