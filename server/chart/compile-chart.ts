import type { ChartOptions } from "../notebook/chart-options.js";
import { countAlias, seriesNames, type ChartFacts } from "./chart-facts.js";
import { keptSeries, MANY_ROWS, MOST_BARS, MOST_COLORS, mostSeries, POINT_BUDGET } from "./chart-limits.js";
import { ChartFault, type ChartProblem } from "./chart-problem.js";
import { RELATION, selectList } from "./chart-sql.js";
import { textSql, type ChartColumn } from "./column-kind.js";
import {
  cut,
  extentItems,
  isEndless,
  needsExtent,
  raw,
  series,
  timeExtent,
  truncated,
  numberOf,
  type CutOptions,
  type Dimension,
} from "./dimension.js";
import { findColumn, parseChannel, type AggregateChannel, type ColumnChannel } from "./parse-channel.js";
import {
  OTHER,
  type PlotChannel,
  type PlotChannelName,
  type PlotDescription,
  type PlotMark,
} from "./plot-description.js";
import { resolveChart, type ResolvedChart } from "./resolve-chart.js";

/*
 * A chart becomes one query, whose few rows are drawn as they are, and a description of how. What the query has to be
 * may depend on the data: its bins on the least and the greatest value, its colours on how many there are. So the
 * compilation is asked again with what was found:
 *
 *   options, columns ──▶ extent query ──▶ facts.extent ──▶ query ──▶ rows ──▶ too much? facts.capped ──▶ query
 *
 * Where no column needs an extent and nothing is too much, it is one query.
 */

export interface ChartRelation {
  readonly columns: readonly ChartColumn[];
  readonly rows: number;
}

export type Reduction = "none" | "sample" | "extremes";

export interface CompiledChart {
  readonly sql: string;
  readonly plot: PlotDescription;
  readonly resolved: ResolvedChart;
  readonly dimensions: Dimensions;
  readonly reduction: Reduction;
  /** How many values of the base were asked for; then the column `groups` tells how many there are. */
  readonly limit?: number;
  readonly isRankedByValue: boolean;
}

export type ChartStep =
  | { readonly type: "problem"; readonly problem: ChartProblem }
  | { readonly type: "extent"; readonly sql: string }
  | { readonly type: "chart"; readonly chart: CompiledChart };

type Dimensions = Readonly<Partial<Record<PlotChannelName, Dimension>>>;

export function compileChart(
  options: ChartOptions,
  relation: ChartRelation,
  facts: ChartFacts = {},
): ChartStep {
  try {
    const resolved = resolveChart(options, relation.columns);
    const compiler = new Compiler(options, relation, facts, resolved);
    const sql = relation.rows > 0 ? compiler.extentSql() : undefined;
    return sql === undefined ? { type: "chart", chart: compiler.compile() } : { type: "extent", sql };
  } catch (error) {
    if (error instanceof ChartFault) return { type: "problem", problem: error.problem };
    throw error;
  }
}

interface Rank {
  /** A column of `points`. */
  readonly alias: string;
  readonly direction: "ASC" | "DESC";
  readonly reduce: "sum" | "max";
  /** Where `points` does not have it yet. */
  readonly sql?: string;
}

const order: readonly PlotChannelName[] = ["x", "y", "color", "r", "fx", "fy"];

class Compiler {
  readonly #options: ChartOptions;
  readonly #relation: ChartRelation;
  readonly #facts: ChartFacts;
  readonly #resolved: ResolvedChart;

  constructor(options: ChartOptions, relation: ChartRelation, facts: ChartFacts, resolved: ResolvedChart) {
    this.#options = options;
    this.#relation = relation;
    this.#facts = facts;
    this.#resolved = resolved;
  }

  /** Nothing where no extent is needed, or where it is known. */
  extentSql(): string | undefined {
    const { extent, isFinite } = this.#facts;
    const isQuick = extent === undefined;
    if (!isQuick && (isFinite === true || !isEndless(extent))) return undefined;
    const { rows } = this.#relation;
    const items = (["x", "y"] as const).flatMap((name) => {
      const channel = this.#column(name);
      if (channel === undefined || !this.#asksExtent(name, channel)) return [];
      return extentItems(name, channel, { rows, isQuick });
    });
    if (isQuick) items.push(...this.#countItems());
    return items.length === 0 ? undefined : `SELECT\n${selectList(items)}\nFROM ${RELATION}`;
  }

  /** Of many rows it is quicker to count the series first than to find too many of them in what is computed. */
  #countItems(): [string, string][] {
    const isShort = this.#options.limit !== undefined;
    if (!this.#resolved.isAggregated || isShort || this.#relation.rows <= MANY_ROWS) return [];
    return seriesNames.flatMap((name): [string, string][] => {
      const channel = this.#column(name);
      if (channel === undefined || this.#isCapped(name)) return [];
      const values = `SELECT DISTINCT ${series(channel).sql} FROM ${RELATION} LIMIT ${String(mostSeries(name) + 1)}`;
      return [[`(SELECT count(*) FROM (${values}))`, countAlias(name)]];
    });
  }

  compile(): CompiledChart {
    const dimensions = this.#dimensions();
    return this.#resolved.isAggregated ? this.#aggregated(dimensions) : this.#raw(dimensions);
  }

  #column(name: PlotChannelName): ColumnChannel | undefined {
    const channel = this.#resolved.channels[name];
    return channel?.type === "column" ? channel : undefined;
  }

  #isCut(name: "x" | "y", channel: ColumnChannel): boolean {
    const { family, base, isAggregated, implicit } = this.#resolved;
    if (family === "bar") return name === base;
    if (family === "cell") return true;
    return isAggregated && implicit === undefined && channel.kind === "temporal";
  }

  #asksExtent(name: "x" | "y", channel: ColumnChannel): boolean {
    if (this.#isCut(name, channel)) return needsExtent(channel, this.#options.grain);
    const { family, base } = this.#resolved;
    return family === "line" && name === base && channel.kind !== "nominal" && this.#isOver();
  }

  #isOver(): boolean {
    const isKnown = !this.#resolved.isAggregated && this.#relation.rows > POINT_BUDGET;
    return isKnown || this.#facts.isOver === true;
  }

  #dimensions(): Dimensions {
    const found = order.flatMap((name): [PlotChannelName, Dimension][] => {
      const channel = this.#column(name);
      return channel === undefined ? [] : [[name, this.#dimension(name, channel)]];
    });
    return Object.fromEntries(found);
  }

  #dimension(name: PlotChannelName, channel: ColumnChannel): Dimension {
    const { family } = this.#resolved;
    switch (name) {
      case "x":
      case "y":
        return this.#axis(name, channel);
      case "color": {
        if (family === "dot" && channel.kind === "quantitative") return raw(channel);
        const dimension = series(channel);
        if (!this.#isCapped("color") || this.#dropsOthers()) return dimension;
        const text = textSql(channel.column);
        const sql = `CASE WHEN ${text} IS NULL OR ${text} IN (SELECT value FROM color_values) THEN ${text} ELSE '${OTHER}' END`;
        return { sql, plot: { scale: "nominal", label: channel.label } };
      }
      case "r":
        return raw(channel);
      case "fx":
      case "fy":
        return series(channel);
    }
  }

  #axis(name: "x" | "y", channel: ColumnChannel): Dimension {
    const { grain, bins } = this.#options;
    const { family, base, implicit } = this.#resolved;
    if (this.#isCut(name, channel)) {
      const options: CutOptions = {
        ...(grain !== undefined && { grain }),
        ...(bins !== undefined && { bins }),
        mostParts: implicit === "sum" ? 400 : family === "bar" || family === "cell" ? 40 : 200,
        wishedBins: family === "cell" ? 20 : 30,
        keepsIntegers: this.#resolved.mark !== "histogram" || bins === undefined,
      };
      const dimension = cut(name, channel, this.#facts.extent ?? {}, options);
      // A heat map has a row or a column for each part.
      const isOrdinal = family === "cell" && dimension.plot.scale !== "nominal";
      return isOrdinal ? { ...dimension, plot: { ...dimension.plot, scale: "ordinal" } } : dimension;
    }
    if (grain !== undefined && channel.kind === "temporal" && name === base) return truncated(channel, grain);
    return raw(channel);
  }

  /** A line between points of different series would mean nothing, so there is no "other". */
  #dropsOthers(): boolean {
    return this.#resolved.family === "line" && !this.#resolved.isAggregated;
  }

  #isCapped(name: PlotChannelName): boolean {
    return this.#facts.capped?.includes(name) === true;
  }

  /** CTEs with the most frequent values of what has too many, and what they leave of the rows. */
  #caps(): { readonly ctes: readonly string[]; readonly conditions: readonly string[] } {
    const { base, family } = this.#resolved;
    const capped = (this.#facts.capped ?? []).flatMap((name) => {
      const channel = this.#column(name);
      const isRanked = name === base && family === "bar";
      return channel === undefined || isRanked ? [] : [{ name, sql: textSql(channel.column) }];
    });
    const ctes = capped.map(({ name, sql }) => {
      const body = `  SELECT ${sql} AS value\n  FROM ${RELATION}\n  WHERE ${sql} IS NOT NULL\n  GROUP BY ALL\n  ORDER BY count(*) DESC, value\n  LIMIT ${String(keptSeries(name))}`;
      return `${name}_values AS (\n${body}\n)`;
    });
    const isDropped = (name: PlotChannelName): boolean => name !== "color" || this.#dropsOthers();
    const conditions = capped
      .filter(({ name }) => isDropped(name))
      .map(({ name, sql }) => `${sql} IN (SELECT value FROM ${name}_values)`);
    return { ctes, conditions };
  }

  #aggregated(dimensions: Dimensions): CompiledChart {
    const { base, family, channels } = this.#resolved;
    const { ctes, conditions } = this.#caps();
    const rank = this.#rank(dimensions);
    const items = order.flatMap((name): [string, string][] => {
      const channel = channels[name];
      const sql = channel?.type === "aggregate" ? channel.sql : dimensions[name]?.sql;
      return sql === undefined ? [] : [[sql, name]];
    });
    if (rank?.sql !== undefined) items.push([rank.sql, rank.alias]);
    const where = conditions.length === 0 ? "" : `\nWHERE ${conditions.join("\n  AND ")}`;
    const points = `SELECT\n${selectList(items)}\nFROM ${RELATION}${where}\nGROUP BY ALL`;
    const names = items
      .map(([, alias]) => alias)
      .filter((alias) => alias !== rank?.alias || rank.sql === undefined);
    const tail = { ctes, points, names };
    if (rank !== undefined) return this.#ranked(dimensions, rank, tail);
    const isReduced = family === "line" && this.#isOver() && dimensions[base]?.plot.scale !== "nominal";
    if (isReduced) return this.#extremes(dimensions, tail);
    const by = [...names].filter((name) => dimensions[name as PlotChannelName] !== undefined);
    const sql = `${withSql(ctes)}${points}\nORDER BY ${orderBy([base, ...by])}\nLIMIT ${String(POINT_BUDGET + 1)}`;
    return this.#compiled(dimensions, { sql, reduction: "none", isRankedByValue: false });
  }

  /** Only places that stand beside one another can be sorted, and only of them there can be too many. */
  #rank(dimensions: Dimensions): Rank | undefined {
    const { sort, limit } = this.#options;
    const { family, base, value, channels } = this.#resolved;
    const dimension = dimensions[base];
    if (family !== "bar" && family !== "cell") return undefined;
    if (dimension === undefined || dimension.plot.step !== undefined) return undefined;
    const direction = sort?.descending === true ? "DESC" : "ASC";
    const measure = family === "cell" ? "color" : value;
    const valueChannel = channels[measure];
    const isAdditive = valueChannel?.type === "aggregate" && valueChannel.isAdditive;
    if (sort === undefined) {
      if (limit === undefined && !(family === "bar" && this.#isCapped(base))) return undefined;
      if (limit !== undefined && !this.#isNominal(dimension))
        return { alias: base, direction: "ASC", reduce: "max" };
      return { alias: measure, direction: "DESC", reduce: isAdditive ? "sum" : "max" };
    }
    const by = sort.by.toLowerCase();
    if (by === base || this.#column(base)?.column.name.toLowerCase() === by) {
      return { alias: base, direction, reduce: "max" };
    }
    const isColor = by === "fill" || by === "stroke" || by === "color";
    if (by === measure || (isColor && measure === "color"))
      return { alias: measure, direction, reduce: isAdditive ? "sum" : "max" };
    const text = isColor
      ? (this.#options.fill ?? this.#options.stroke)
      : (this.#options[by as "x"] ?? sort.by);
    const channel = parseChannel("sort", typeof text === "string" ? text : sort.by, this.#relation.columns);
    if (channel.type === "column")
      return {
        alias: "rank",
        direction,
        reduce: "max",
        sql: `${direction === "ASC" ? "min" : "max"}(${raw(channel).sql})`,
      };
    return { alias: "rank", direction, reduce: channel.isAdditive ? "sum" : "max", sql: channel.sql };
  }

  #isNominal({ plot }: Dimension): boolean {
    return plot.scale === "nominal" || plot.scale === "ordinal";
  }

  #ranked(
    dimensions: Dimensions,
    { alias, direction, reduce, sql: rankSql }: Rank,
    { ctes, points, names }: Points,
  ): CompiledChart {
    const { base, value } = this.#resolved;
    const capped = this.#isCapped(base) ? MOST_BARS : undefined;
    const limit = this.#options.limit ?? capped;
    const groups = limit === undefined ? "" : ", count(*) OVER () AS groups";
    const pointsCte = `points AS (\n${indent(points)}\n)`;
    const isAlone = names.every((name) => name === "x" || name === "y") && this.#resolved.family === "bar";
    const first = `${alias} ${direction} NULLS LAST`;
    const rest = alias === base ? "" : `, ${base}`;
    let sql: string;
    if (isAlone) {
      const last = `LIMIT ${String(limit ?? POINT_BUDGET + 1)}`;
      sql = `${withSql([...ctes, pointsCte])}SELECT ${names.join(", ")}${groups}\nFROM points\nORDER BY ${first}${rest}\n${last}`;
    } else {
      const ranks = [
        `  SELECT ${base} AS place, ${reduce}(${alias}) AS place_rank${groups}`,
        "  FROM points",
        `  GROUP BY ${base}`,
        `  ORDER BY place_rank ${direction} NULLS LAST, place`,
        ...(limit === undefined ? [] : [`  LIMIT ${String(limit)}`]),
      ];
      const others = names.filter(
        (name) => name !== base && dimensions[name as PlotChannelName] !== undefined,
      );
      const by = [`place_rank ${direction} NULLS LAST`, base, ...others.map((name) => `${name} NULLS LAST`)];
      sql = `${withSql([...ctes, pointsCte, `places AS (\n${ranks.join("\n")}\n)`])}SELECT ${names.join(", ")}${limit === undefined ? "" : ", groups"}
FROM points JOIN places ON ${base} IS NOT DISTINCT FROM place
ORDER BY ${by.join(", ")}
LIMIT ${String(POINT_BUDGET + 1)}`;
    }
    const isRankedByValue = alias === value && rankSql === undefined;
    const ordered = this.#ordered(
      dimensions,
      isRankedByValue || rankSql !== undefined || direction === "DESC",
    );
    return this.#compiled(ordered, {
      sql,
      reduction: "none",
      isRankedByValue,
      ...(limit !== undefined && { limit }),
    });
  }

  /** What is sorted stands in the order of the rows. */
  #ordered(dimensions: Dimensions, isSorted: boolean): Dimensions {
    const { base } = this.#resolved;
    const dimension = dimensions[base];
    if (dimension === undefined) return dimensions;
    const { range, ...plot } = dimension.plot;
    const keepsRange = range !== undefined && !isSorted && this.#options.limit === undefined;
    return {
      ...dimensions,
      [base]: { ...dimension, plot: { ...plot, scale: "ordinal", ...(keepsRange && { range }) } },
    };
  }

  #raw(dimensions: Dimensions): CompiledChart {
    const { base, family } = this.#resolved;
    const { limit } = this.#options;
    const { ctes, conditions } = this.#caps();
    const items = order.flatMap((name): [string, string][] => {
      const dimension = dimensions[name];
      return dimension === undefined ? [] : [[dimension.sql, name]];
    });
    const names = items.map(([, alias]) => alias);
    const where = (more: readonly string[]): string => {
      const all = [...conditions, ...more];
      return all.length === 0 ? "" : `\nWHERE ${all.join("\n  AND ")}`;
    };
    const present = (["x", "y"] as const).flatMap((name) => {
      const dimension = dimensions[name];
      return dimension === undefined ? [] : [`${dimension.sql} IS NOT NULL`];
    });
    const select = `SELECT\n${selectList(items)}\nFROM ${RELATION}`;
    if (family === "line") {
      if (this.#isOver() && dimensions[base]?.plot.scale !== "nominal")
        return this.#extremes(dimensions, { ctes, points: `${select}${where(present)}`, names });
      const by = ["color", "fx", "fy"].filter((name) => names.includes(name));
      const sql = `${withSql(ctes)}${select}${where([])}\nORDER BY ${orderBy([base, ...by])}\nLIMIT ${String(POINT_BUDGET + 1)}`;
      return this.#compiled(dimensions, { sql, reduction: "none", isRankedByValue: false });
    }
    const sort = this.#rawSort();
    const kept = limit ?? (sort === "" ? undefined : POINT_BUDGET);
    if (kept !== undefined) {
      const sql = `${withSql(ctes)}${select}${where(present)}${sort}\nLIMIT ${String(Math.min(kept, POINT_BUDGET))}`;
      return this.#compiled(dimensions, { sql, reduction: "none", isRankedByValue: false });
    }
    if (this.#relation.rows <= POINT_BUDGET) {
      const sql = `${withSql(ctes)}${select}${where([])}`;
      return this.#compiled(dimensions, { sql, reduction: "none", isRankedByValue: false });
    }
    const numbered = `SELECT\n${selectList([...items, ["row_number() OVER ()", "row_number"]])}\nFROM ${RELATION}${where(present)}`;
    const sql = `${withSql(ctes)}SELECT ${names.join(", ")}\nFROM (\n${indent(numbered)}\n)\nORDER BY hash(row_number)\nLIMIT ${String(POINT_BUDGET)}`;
    return this.#compiled(dimensions, { sql, reduction: "sample", isRankedByValue: false });
  }

  #rawSort(): string {
    const { sort } = this.#options;
    if (sort === undefined) return "";
    const text = sort.by === "x" || sort.by === "y" || sort.by === "r" ? this.#options[sort.by] : undefined;
    const column = findColumn(text ?? sort.by, this.#relation.columns);
    const channel =
      column === undefined ? parseChannel("sort", text ?? sort.by, this.#relation.columns) : undefined;
    if (channel !== undefined && channel.type !== "column") return "";
    const chosen = channel?.column ?? column;
    if (chosen === undefined) return "";
    const { sql } = raw({ type: "column", column: chosen, kind: "nominal", label: "" });
    return `\nORDER BY ${sql} ${sort.descending ? "DESC" : "ASC"} NULLS LAST`;
  }

  /** Of each narrow part of x the least and the greatest value: what a line of so many points looks like. */
  #extremes(dimensions: Dimensions, { ctes, points, names }: Points): CompiledChart {
    const { base, value } = this.#resolved;
    const groups = names.filter((name) => name !== base && name !== value);
    const lines = groups.length === 0 ? 1 : MOST_COLORS * (groups.length > 1 ? 4 : 1);
    const parts = Math.max(20, Math.floor(POINT_BUDGET / 2 / lines));
    const { min, max, sql: position } = this.#position(dimensions[base]?.plot);
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
    const with_ = withSql([...ctes, `points AS (\n${indent(points)}\n)`, `parts AS (\n${buckets}\n)`]);
    const sql = `${with_}${pick("least_point")}\nUNION\n${pick("greatest_point")}\nORDER BY ${orderBy([base, ...groups])}\nLIMIT ${String(POINT_BUDGET + 1)}`;
    return this.#compiled(dimensions, { sql, reduction: "extremes", isRankedByValue: false });
  }

  #position(plot: PlotChannel | undefined): {
    readonly min: number;
    readonly max: number;
    readonly sql: string;
  } {
    const { base } = this.#resolved;
    const channel = this.#column(base);
    const extent = this.#facts.extent ?? {};
    if (channel !== undefined && plot?.scale === "temporal")
      return { ...timeExtent(base, channel, extent), sql: `epoch(${base})` };
    return {
      min: numberOf(extent[`${base}_min`]),
      max: numberOf(extent[`${base}_max`]),
      sql: `CAST(${base} AS DOUBLE)`,
    };
  }

  #compiled(
    dimensions: Dimensions,
    rest: Omit<CompiledChart, "plot" | "resolved" | "dimensions">,
  ): CompiledChart {
    return { ...rest, plot: this.#plot(dimensions), resolved: this.#resolved, dimensions };
  }

  #plot(dimensions: Dimensions): PlotDescription {
    const { base, value, family, channels, color } = this.#resolved;
    const measure = channels[value];
    const isStacked =
      family !== "dot" && family !== "cell" && measure?.type === "aggregate" && measure.isAdditive;
    const { title, subtitle, description, height } = this.#options;
    const plotted = order.flatMap((name): [PlotChannelName, PlotChannel][] => {
      const channel = channels[name];
      const plot = channel?.type === "aggregate" ? toMeasure(channel) : dimensions[name]?.plot;
      return plot === undefined ? [] : [[name, { ...plot, label: this.#label(name) ?? plot.label }]];
    });
    return {
      mark: this.#plotMark(dimensions),
      base,
      channels: Object.fromEntries(plotted),
      ...(isStacked && this.#plotMark(dimensions) !== "line" && { isStacked }),
      ...(color !== undefined && { color }),
      ...(title !== undefined && { title }),
      ...(subtitle !== undefined && { subtitle }),
      ...(description !== undefined && { description }),
      ...(height !== undefined && { height }),
    };
  }

  #label(name: PlotChannelName): string | undefined {
    return name === "x" ? this.#options.xLabel : name === "y" ? this.#options.yLabel : undefined;
  }

  #plotMark(dimensions: Dimensions): PlotMark {
    const { mark, family, base } = this.#resolved;
    if (family === "bar") {
      const scale = dimensions[base]?.plot.scale;
      return scale === "quantitative" || scale === "temporal" ? "rect" : "bar";
    }
    return family === "line" ? (mark === "areaY" ? "area" : "line") : family;
  }
}

interface Points {
  readonly ctes: readonly string[];
  readonly points: string;
  readonly names: readonly string[];
}

function toMeasure({ kind, label, isCount }: AggregateChannel): PlotChannel {
  return { scale: kind, label, ...(isCount && { isInteger: true }) };
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
