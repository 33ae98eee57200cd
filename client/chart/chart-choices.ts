import type { Column } from "../../server/api/protocol.js";
import { scaleOf } from "../../server/chart/chart-column.js";
import { freeName } from "../../server/text/free-name.js";
import { familyOf } from "../../server/text/type-kind.js";

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

/** A first chart that says something about these columns, and that can be drawn whatever they are. */
export function suggestChoices(columns: readonly Column[], name: string): ChartChoices {
  const told = columns.filter((column) => !isKey(column));
  const numbers = told.filter((column) => scaleOf(column) === "quantitative");
  const words = told.filter(({ kind }) => /^(text|boolean)$/.test(familyOf(kind)));
  const time = columns.find((column) => scaleOf(column) === "temporal");
  const [word, second] = words;
  const [number, other] = numbers;
  const measure = number === undefined ? counted : { y: number.name, yAggregate: "sum" };
  const ranked = { mark: "barY", sort: "y desc", limit: "20" };
  if (time !== undefined)
    return { ...empty, name, mark: number === undefined ? "barY" : "lineY", x: time.name, ...measure };
  if (word !== undefined && number !== undefined)
    return { ...empty, name, ...ranked, x: word.name, ...measure };
  if (word !== undefined)
    return { ...empty, name, ...ranked, x: word.name, ...counted, color: second?.name ?? "" };
  if (number !== undefined && other !== undefined)
    return { ...empty, name, mark: "dot", x: number.name, y: other.name };
  const base = number ?? columns[0];
  if (base === undefined) return { ...empty, name, mark: "number", ...counted };
  const mark = scaleOf(base) === "quantitative" ? "histogram" : "barY";
  return { ...empty, name, mark, x: base.name, ...counted };
}

const empty: Omit<ChartChoices, "name" | "mark"> = {
  title: "",
  x: "",
  xAggregate: "",
  y: "",
  yAggregate: "",
  color: "",
  colorAggregate: "",
  facet: "",
  grain: "",
  sort: "",
  limit: "",
};
const counted = { y: "", yAggregate: "count" };

/** Numbers and words that only tell rows apart are nothing to be added up, nor bars. */
function isKey({ name }: Column): boolean {
  return /^id$|_id$|uuid/i.test(name) || /[a-z]I[dD]$/.test(name);
}

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
