import { OTHER, type PlotChannelName } from "./plot-description.js";
import type { ChartFacts } from "./chart-facts.js";
import { keptSeries, MOST_BARS, mostSeries, POINT_BUDGET } from "./chart-limits.js";
import type { ChartRelation } from "./chart-case.js";
import type { CompiledChart } from "./compile-chart.js";
import type { ChartColumn } from "./chart-column.js";
import { toFinite } from "./chart-values.js";
import type { ResolvedRule } from "./resolve-extras.js";

type Row = readonly unknown[];

export interface QueriedRows {
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly Row[];
}

/** What of the rows was too much for a picture, as facts for another compilation; nothing where it is fine. */
export function findExcess(
  { plot, resolved, limit }: CompiledChart,
  { columns, rows }: QueriedRows,
  facts: ChartFacts,
): ChartFacts | undefined {
  const count = (name: PlotChannelName): number => distinct(columns, rows, name);
  const isSeries = (name: PlotChannelName): boolean => {
    const scale = plot.channels[name]?.scale;
    return (scale === "nominal" || scale === "ordinal") && resolved.channels[name]?.type === "column";
  };
  const mosts: readonly (readonly [PlotChannelName, number, boolean])[] = [
    ["color", mostSeries("color"), true],
    ["fx", mostSeries("fx"), true],
    ["fy", mostSeries("fy"), true],
    ["x", MOST_BARS, resolved.family === "cell" && plot.channels.x?.scale === "nominal"],
    ["y", MOST_BARS, resolved.family === "cell" && plot.channels.y?.scale === "nominal"],
    [
      resolved.base,
      MOST_BARS,
      plot.mark === "bar" && limit === undefined && plot.channels[resolved.base]?.range === undefined,
    ],
  ];
  const known = facts.capped ?? [];
  const capped = mosts.flatMap(([name, most, applies]) =>
    applies && isSeries(name) && !known.includes(name) && count(name) > most ? [name] : [],
  );
  if (capped.length > 0) return { ...facts, capped: [...known, ...capped] };
  const isOver = resolved.family === "line" && rows.length > POINT_BUDGET && facts.isOver !== true;
  if (!isOver || plot.channels[resolved.base]?.scale === "nominal") return undefined;
  const { extent: _asked, isFinite: _so, ...rest } = facts;
  return { ...rest, isOver: true };
}

export interface ChartRows extends QueriedRows {
  /** Sentences about what is not drawn, or drawn otherwise than it stands in the rows. */
  readonly notes: readonly string[];
}

/** Takes out what only served the compilation and what has no place, and says so. */
export function finishRows(
  compiled: CompiledChart,
  { columns, rows }: QueriedRows,
  relation: ChartRelation,
  facts: ChartFacts,
): ChartRows {
  const groupsAt = columns.findIndex(({ name }) => name === "groups");
  const groups = groupsAt < 0 ? undefined : Number(rows[0]?.[groupsAt] ?? 0);
  const kept = columns.flatMap((column, index) => (column.name === "groups" ? [] : [index]));
  const placed = rows.filter((row) => hasPlace(compiled, columns, row));
  const drawn = placed.slice(0, POINT_BUDGET);
  return {
    columns: kept.flatMap((index) => columns[index] ?? []),
    rows: drawn.map((row) => kept.map((index) => row[index])),
    notes: [
      ...limitNotes(compiled, facts, groups),
      ...reductionNotes(compiled, relation, drawn.length),
      ...(placed.length > POINT_BUDGET ? [`Only the first ${count(POINT_BUDGET)} points are drawn.`] : []),
      ...grainNotes(compiled),
      ...implicitNotes(compiled, relation, rows.length),
      ...logNotes(compiled, columns, rows),
      ...missingNotes(
        compiled,
        columns,
        rows.filter((row) => !isBelowLog(compiled, columns, row)),
        placed.filter((row) => isPainted(compiled, columns, row)).length,
      ),
      ...lineNotes(compiled, columns, placed),
      ...(relation.rows === 0 ? [] : ruleNotes(compiled)),
    ],
  };
}

/** A value that is not there has a place among names, but none on an axis of numbers or times. */
function hasPlace(compiled: CompiledChart, columns: readonly ChartColumn[], row: Row): boolean {
  return (["x", "y"] as const).every((name) => hasPlaceOn(name, compiled, columns, row));
}

function hasPlaceOn(
  name: "x" | "y",
  { plot }: CompiledChart,
  columns: readonly ChartColumn[],
  row: Row,
): boolean {
  const channel = plot.channels[name];
  if (channel === undefined || channel.scale === "nominal") return true;
  if (channel.scale === "ordinal" && channel.grain === undefined && channel.range === undefined) return true;
  const value = row[indexOf(columns, name)];
  if (value === null || value === undefined) return false;
  if (channel.scale === "temporal") return value !== "infinity" && value !== "-infinity";
  if (channel.transform === "log" && Number(value) <= 0) return false;
  return channel.scale !== "quantitative" || Number.isFinite(Number(value));
}

/** Its mark has a colour on a ramp and a size, where those are asked for. */
function isPainted({ plot }: CompiledChart, columns: readonly ChartColumn[], row: Row): boolean {
  const { color, r } = plot.channels;
  if (r !== undefined && (toFinite(row[indexOf(columns, "r")]) ?? -1) < 0) return false;
  return color?.scale !== "quantitative" || toFinite(row[indexOf(columns, "color")]) !== null;
}

function lineNotes({ plot }: CompiledChart, columns: readonly ChartColumn[], rows: readonly Row[]): string[] {
  const { line } = plot.channels;
  const index = indexOf(columns, "line");
  if (line === undefined || index < 0) return [];
  const places = rows
    .filter((row) => toFinite(row[index]) === null)
    .map((row) => JSON.stringify(["x", "fx", "fy"].map((name) => row[indexOf(columns, name)])));
  const missing = new Set(places).size;
  const verb = missing === 1 ? "is" : "are";
  return missing === 0
    ? []
    : [`${countOf(missing, "point")} of ${line.label} without a value ${verb} not drawn.`];
}

function ruleNotes({ plot, resolved }: CompiledChart): string[] {
  const isDrawn = ({ axis, label }: ResolvedRule): boolean =>
    plot.rules?.some((rule) => rule.axis === axis && rule.label === label) === true;
  return resolved.rules
    .filter((rule) => typeof rule.at === "object" && !isDrawn(rule))
    .map(({ axis, label = axis }) => `The line ${label} has no value and is not drawn.`);
}

function isBelowLog({ plot }: CompiledChart, columns: readonly ChartColumn[], row: Row): boolean {
  return (["x", "y"] as const).some((name) => {
    const value = row[indexOf(columns, name)];
    return plot.channels[name]?.transform === "log" && value !== null && Number(value) <= 0;
  });
}

function logNotes(compiled: CompiledChart, columns: readonly ChartColumn[], rows: readonly Row[]): string[] {
  const below = rows.filter((row) => isBelowLog(compiled, columns, row)).length;
  const verb = below === 1 ? "has" : "have";
  return below === 0
    ? []
    : [`${countOf(below, "point")} at or below 0 ${verb} no place on a logarithmic axis.`];
}

function limitNotes(
  { plot, query, resolved, limit, isRankedByValue }: CompiledChart,
  { capped = [] }: ChartFacts,
  groups = 0,
): string[] {
  const label = (name: PlotChannelName): string => plot.channels[name]?.label ?? name;
  const isLimited = limit !== undefined && groups > limit;
  const which = isRankedByValue ? `, by ${label(resolved.value)}` : "";
  const base = isLimited
    ? [`${count(limit)} of ${count(groups)} values of ${label(resolved.base)}${which}.`]
    : [];
  const isDropped = resolved.family === "line" && !resolved.isAggregated;
  const wanted = query.type === "points" ? query.caps.find(({ by }) => by !== undefined) : undefined;
  const together =
    wanted === undefined
      ? []
      : [
          `Beyond the first ${count(wanted.kept)}, values of ${label(resolved.base)} are together in ${OTHER}.`,
        ];
  const others = capped.flatMap((name) => {
    if (name === resolved.base && resolved.family === "bar") return [];
    const verb = name === "color" && !isDropped ? "have a colour of their own" : "are drawn";
    return [`Only the ${count(keptSeries(name))} most frequent values of ${label(name)} ${verb}.`];
  });
  return [...base, ...together, ...others];
}

function reductionNotes({ reduction }: CompiledChart, { rows }: ChartRelation, drawn: number): string[] {
  switch (reduction) {
    case "none":
      return [];
    case "sample":
      return [`${count(drawn)} of ${count(rows)} rows, a sample.`];
    case "extremes":
      return [`${count(rows)} rows, drawn by the least and the greatest value of each narrow part.`];
  }
}

function grainNotes({ dimensions }: CompiledChart): string[] {
  const grains = new Set(Object.values(dimensions).flatMap(({ pickedGrain }) => pickedGrain ?? []));
  return [...grains].map((grain) => `By ${grain}.`);
}

function implicitNotes(
  { resolved, plot, limit }: CompiledChart,
  relation: ChartRelation,
  groups: number,
): string[] {
  const { implicit, base, family } = resolved;
  if (implicit === undefined || limit !== undefined || groups >= Math.min(relation.rows, POINT_BUDGET))
    return [];
  const place =
    family === "cell" ? "in the same cell" : `with the same ${plot.channels[base]?.label ?? base}`;
  return [implicit === "sum" ? `Rows ${place} are added up.` : `Of rows ${place} the mean is drawn.`];
}

function missingNotes(
  compiled: CompiledChart,
  columns: readonly ChartColumn[],
  rows: readonly Row[],
  placed: number,
): string[] {
  const { plot, resolved, limit } = compiled;
  const missing = rows.length - placed;
  if (missing <= 0) return [];
  const { base, value, channels, isAggregated } = resolved;
  if (!isAggregated)
    return [`${countOf(missing, "row")} without a value ${missing === 1 ? "is" : "are"} not drawn.`];
  const nowhere = rows.filter((row) => !hasPlaceOn(base, compiled, columns, row));
  const label = plot.channels[base]?.label ?? base;
  const isName = plot.channels[base]?.scale === "nominal" || plot.channels[base]?.scale === "ordinal";
  if (nowhere.length === 0 || isName)
    return [`${countOf(missing, "point")} without a value ${missing === 1 ? "is" : "are"} not drawn.`];
  const measure = channels[value];
  if (
    measure?.type !== "aggregate" ||
    !measure.isCount ||
    measure.value.of !== undefined ||
    limit !== undefined
  )
    return [`Rows without ${label} are not drawn.`];
  const sum = nowhere.reduce((total, row) => total + Number(row[indexOf(columns, value)]), 0);
  return [`${countOf(sum, "row")} without ${label} ${sum === 1 ? "is" : "are"} not drawn.`];
}

function countOf(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

function distinct(columns: readonly ChartColumn[], rows: readonly Row[], name: PlotChannelName): number {
  const index = indexOf(columns, name);
  return index < 0 ? 0 : new Set(rows.map((row) => row[index])).size;
}

function indexOf(columns: readonly ChartColumn[], name: string): number {
  return columns.findIndex((column) => column.name === name);
}

/** Groups the digits by three, as everywhere on the page. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
