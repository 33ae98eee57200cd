import type { ChartGrain } from "../notebook/chart-options.js";
import type { Bins } from "./bins.js";
import type { ChartColumn } from "./chart-column.js";
import type { ColumnValue, GroupValue } from "./chart-query.js";
import type { CompiledChart } from "./compile-chart.js";
import { REST, type PlotChannelName } from "./plot-description.js";

/*
 * Marks of a chart that somebody picked, as they travel: how the chart made groups of columns, and which of them are
 * meant. The rows that are in these groups are the ones that the marks stand for.
 */

/** What of a column makes a group: its values, a part of time, a bin, or the listed values and all others. */
export type GroupedBy = { readonly column: string } & (
  | { readonly as: ColumnValue["as"] }
  | { readonly grain: ChartGrain }
  | { readonly bins: Bins }
  | { readonly listed: readonly string[] }
);

/** By which channel of the chart it is seen. */
export type GroupedChannel = GroupedBy & { readonly channel: PlotChannelName };

export type Picked = { readonly by: readonly GroupedBy[] } & (
  | { readonly groups: readonly (readonly (string | null)[])[] }
  /** Of each the first and the last group, or the least and the greatest value. */
  | { readonly ranges: readonly (readonly [string, string])[] }
);

/** Longer values are cut where they are shown, and then stand for others too. */
export const LONGEST_PICKED = 4_000;

/** What the points of a chart are the groups of. Undefined where a point cannot be told from others. */
export function groupedChannels(
  { query, resolved }: CompiledChart,
  columns: readonly { readonly name: string }[],
  rows: readonly (readonly unknown[])[],
): readonly GroupedChannel[] | undefined {
  if (query.type !== "points") return undefined;
  const items = query.items.filter(({ name }) => query.isGrouped || isPlaced(name));
  const found = items.flatMap(({ name, value }): GroupedChannel[] => {
    if (value.type === "aggregate") return [];
    const channel = { channel: name, column: value.column.name };
    switch (value.type) {
      case "column":
        return [{ ...channel, as: value.as }];
      case "part":
        return [{ ...channel, grain: value.grain }];
      case "bin":
        return [{ ...channel, bins: value.bins }];
      case "kept":
        return [{ ...channel, listed: shownNames(columns, rows, name) }];
    }
  });
  const isCut = found.some((by) => "listed" in by && by.listed.some((name) => name.length > LONGEST_PICKED));
  return found.length === 0 || isCut || resolved.family === "number" ? undefined : found;
}

function isPlaced(name: PlotChannelName): boolean {
  return ["x", "y", "color", "r", "fx", "fy"].includes(name);
}

function shownNames(
  columns: readonly { readonly name: string }[],
  rows: readonly (readonly unknown[])[],
  name: string,
): string[] {
  const index = columns.findIndex((column) => column.name === name);
  const names = rows.flatMap((row) => {
    const value = row[index];
    return typeof value === "string" && value !== REST ? [value] : [];
  });
  return [...new Set(names)];
}

/** Which group a point is, by its values in the order of the channels. */
export function groupOf(
  channels: readonly GroupedChannel[],
  columns: readonly { readonly name: string }[],
  row: readonly unknown[],
): (string | null)[] {
  return channels.map(({ channel }) => {
    const value = row[columns.findIndex(({ name }) => name === channel)];
    if (value === null || value === undefined) return null;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

/** As it travels: without the channels. */
export function toGroupedBy(channels: readonly GroupedChannel[]): GroupedBy[] {
  return channels.map(({ channel: _, ...by }) => by);
}

/** With the column that it names. */
export function toGroupValue(by: GroupedBy, column: ChartColumn): GroupValue {
  if ("grain" in by) return { type: "part", column, grain: by.grain };
  if ("bins" in by) return { type: "bin", column, bins: by.bins };
  if ("listed" in by) return { type: "listed", column, values: by.listed, other: REST };
  return { type: "column", column, as: by.as };
}
