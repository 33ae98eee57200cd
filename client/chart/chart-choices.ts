import { freeName } from "../../server/text/free-name.js";

/** What the builder's fields say, as text; empty where nothing is chosen. */
export interface ChartChoices {
  readonly name: string;
  readonly title: string;
  readonly mark: string;
  readonly x: string;
  readonly xAggregate: string;
  readonly y: string;
  readonly yAggregate: string;
  readonly color: string;
  readonly colorAggregate: string;
  readonly facet: string;
  readonly grain: string;
  readonly sort: string;
  readonly limit: string;
}

export const marks: readonly (readonly [mark: string, label: string])[] = [
  ["barY", "Bars"],
  ["barX", "Bars, lying"],
  ["lineY", "Line"],
  ["areaY", "Area"],
  ["dot", "Dots"],
  ["histogram", "Histogram"],
  ["cell", "Heat map"],
  ["number", "Number"],
];

export const aggregates = [
  "count",
  "sum",
  "mean",
  "median",
  "min",
  "max",
  "distinct",
  "stddev",
  "p90",
] as const;
export const grains = ["year", "quarter", "month", "week", "day", "hour", "minute"] as const;

/** Keys and values of a chart cell, in the order in which people write them. */
export function toChart(choices: ChartChoices): Record<string, string | number> {
  const { title, mark, color, colorAggregate, facet, grain, sort, limit } = choices;
  const count = Number(limit);
  const values: readonly (readonly [string, string | number])[] = [
    ["title", title.trim()],
    ["mark", mark],
    ["x", channel(choices.x, choices.xAggregate)],
    ["y", channel(choices.y, choices.yAggregate)],
    ["color", channel(color, colorAggregate)],
    ["fx", facet],
    ["grain", grain],
    ["sort", sort],
    ["limit", Number.isInteger(count) && count > 0 ? count : ""],
  ];
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

/** The body of the cell. */
export function toYaml(from: string, choices: ChartChoices): string {
  const lines = Object.entries({ chart: choices.name, from, ...toChart(choices) });
  return lines
    .map(([key, value]) => `${key}: ${typeof value === "number" ? String(value) : quote(value)}\n`)
    .join("");
}

function channel(column: string, aggregate: string): string {
  if (aggregate === "") return column;
  if (column === "") return aggregate === "count" ? "count(*)" : "";
  return `${aggregate}(${column})`;
}

/** Plain where YAML reads the same text back, else in double quotes, which JSON's are. */
export function quote(text: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_ .,()*%/-]*$/u.test(text) && !/\s$|\s#|:\s/.test(text);
  const isWord = /^(true|false|yes|no|on|off|null|y|n)$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}

/** A free name for a cell: `weather_chart`, `weather_chart_2`. */
export function freeChartName(from: string, taken: readonly string[]): string {
  const base = `${from.replace(/^.*\./, "").toLowerCase().replaceAll(/\W/g, "_")}_chart`;
  return freeName(base, (name) => taken.includes(name));
}

export function isFreeName(name: string, taken: readonly string[]): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !taken.includes(name);
}
