import { suggest } from "../text/suggest.js";
import { ChartFault } from "./chart-problem.js";
import type { AggregateValue } from "./chart-query.js";
import { scaleOf, type ChartColumn, type ColumnScale } from "./chart-column.js";

/*
 * A channel is written as a column, or as an aggregate:
 *
 *   city_code            a column; its name wins over everything else that it could mean
 *   count()  count(*)    rows
 *   median(delay)        one of the aggregates below of a column, which may stand in "double quotes"
 *   p90(delay)           a percentile
 */

export interface ColumnChannel {
  readonly type: "column";
  readonly column: ChartColumn;
  readonly kind: ColumnScale;
  readonly label: string;
}

export interface AggregateChannel {
  readonly type: "aggregate";
  readonly value: AggregateValue;
  readonly kind: ColumnScale;
  readonly label: string;
  /** Those of parts add up to that of the whole. */
  readonly isAdditive: boolean;
  readonly isCount: boolean;
}

/** The names of several measures. */
export interface MeasuresChannel {
  readonly type: "measures";
  readonly kind: "nominal";
  readonly label: string;
  readonly names: readonly string[];
}

export type WrittenChannel = ColumnChannel | AggregateChannel;
export type Channel = WrittenChannel | MeasuresChannel;

interface Aggregate {
  /** What a column must be; a boolean counts as 0 or 1. */
  readonly takes: "numbers" | "ordered" | "anything";
  readonly name: AggregateValue["name"];
  readonly share?: number;
  readonly isAdditive?: boolean;
  readonly label?: string;
}

const mean: Aggregate = { takes: "numbers", name: "mean", label: "mean" };
const deviation: Aggregate = { takes: "numbers", name: "stddev" };

const aggregates: Readonly<Record<string, Aggregate>> = {
  count: { takes: "anything", name: "count", isAdditive: true },
  sum: { takes: "numbers", name: "sum", isAdditive: true },
  mean,
  avg: mean,
  median: { takes: "numbers", name: "median" },
  min: { takes: "ordered", name: "min" },
  max: { takes: "ordered", name: "max" },
  distinct: { takes: "anything", name: "distinct" },
  stddev: { ...deviation, label: "standard deviation" },
};
const names = [...Object.keys(aggregates), "p90"];

export const countRows: AggregateChannel = {
  type: "aggregate",
  value: { type: "aggregate", name: "count" },
  kind: "quantitative",
  label: "count",
  isAdditive: true,
  isCount: true,
};

/** Throws ChartFault for what is neither a column nor an aggregate of one. */
export function parseChannel(option: string, text: string, columns: readonly ChartColumn[]): WrittenChannel {
  const whole = findColumn(text, columns) ?? findColumn(unquote(text), columns);
  if (whole !== undefined) return toChannel(whole);
  const call = /^(\w+)\s*\((.*)\)$/s.exec(text.trim());
  if (call === null) throw unknownColumn(option, text, columns);
  const [name, argument] = readArgument((call[1] ?? "").toLowerCase(), (call[2] ?? "").trim());
  const aggregate = findAggregate(name);
  if (aggregate === undefined) throw unknownAggregate(option, name);
  if (argument === "" || argument === "*") {
    if (name === "count") return countRows;
    throw new ChartFault({
      code: "missing-channel",
      option,
      message: `Chart option "${option}": "${name}" needs a column`,
      hint: `For example: ${name}(${columns.find((column) => scaleOf(column) === "quantitative")?.name ?? "amount"})`,
    });
  }
  const column = findColumn(argument, columns) ?? findColumn(unquote(argument), columns);
  if (column === undefined) throw unknownColumn(option, unquote(argument), columns);
  return toAggregate(option, name, aggregate, column);
}

export function findColumn(name: string, columns: readonly ChartColumn[]): ChartColumn | undefined {
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  );
}

/** The sum of what a mark that adds up shows anyway, under the name of the column. */
export function implicitAggregate(
  option: string,
  name: "sum" | "mean",
  channel: ColumnChannel,
): AggregateChannel {
  const aggregate = aggregates[name];
  if (aggregate === undefined) throw new Error("unreachable: a known aggregate");
  return { ...toAggregate(option, name, aggregate, channel.column), label: channel.label };
}

function toChannel(column: ChartColumn): ColumnChannel {
  return { type: "column", column, kind: scaleOf(column), label: column.name };
}

function readArgument(name: string, argument: string): [string, string] {
  const distinct = /^distinct\s+(.+)$/is.exec(argument);
  return name === "count" && distinct !== null ? ["distinct", distinct[1] ?? ""] : [name, argument];
}

function findAggregate(name: string): Aggregate | undefined {
  const percent = /^p(\d{1,2})$/.exec(name)?.[1];
  if (percent === undefined) return Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
  const share = Number(percent) / 100;
  return {
    takes: "numbers",
    name: "quantile",
    share,
    label: `${String(Number(percent))}th percentile`,
  };
}

function toAggregate(
  option: string,
  name: string,
  { takes, name: aggregate, share, isAdditive = false, label = name }: Aggregate,
  column: ChartColumn,
): AggregateChannel {
  const kind = scaleOf(column);
  const isTruth = column.kind === "boolean";
  if (
    takes !== "anything" &&
    kind !== "quantitative" &&
    !isTruth &&
    !(takes === "ordered" && kind === "temporal")
  )
    throw new ChartFault({
      code: "wrong-type",
      option,
      message: `Chart option "${option}": "${name}" needs numbers, and "${column.name}" is ${column.type}`,
      hint: `For example: count(*), or distinct(${column.name})`,
    });
  const as = takes !== "anything" && isTruth ? "number" : "itself";
  return {
    type: "aggregate",
    value: {
      type: "aggregate",
      name: aggregate,
      of: { type: "column", column, as },
      ...(share !== undefined && { share }),
    },
    kind: takes === "ordered" && kind === "temporal" ? "temporal" : "quantitative",
    label: name === "distinct" ? `distinct ${column.name}` : `${label} of ${column.name}`,
    isAdditive,
    isCount: name === "count",
  };
}

function unquote(text: string): string {
  const match = /^"(.*)"$/s.exec(text.trim());
  return match === null ? text : (match[1] ?? "").replaceAll('""', '"');
}

function unknownColumn(option: string, name: string, columns: readonly ChartColumn[]): ChartFault {
  const known = columns.map((column) => column.name);
  const meant = suggest(name, known);
  return new ChartFault({
    code: "unknown-column",
    option,
    message: `Chart option "${option}": there is no column "${name}"`,
    hint: meant === undefined ? `The columns are ${known.join(", ")}.` : `Did you mean "${meant}"?`,
  });
}

function unknownAggregate(option: string, name: string): ChartFault {
  const meant = suggest(name, names);
  return new ChartFault({
    code: "unknown-aggregate",
    option,
    message: `Chart option "${option}": there is no aggregate "${name}"`,
    hint: meant === undefined ? `There are ${names.join(", ")}.` : `Did you mean "${meant}"?`,
  });
}
