import type { ChartOptions } from "../notebook/chart-options.js";
import { countAlias, seriesNames, type ChartFacts } from "./chart-facts.js";
import { keptSeries, MANY_ROWS, MOST_BARS, MOST_COLORS, mostSeries, POINT_BUDGET } from "./chart-limits.js";
import { ChartFault, type ChartProblem } from "./chart-problem.js";
import type { AggregateQuery, Cap, ChartQuery, ChartValue, ExtentItem } from "./chart-query.js";
import type { ChartColumn } from "./chart-column.js";
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
  readonly query: AggregateQuery;
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
  | { readonly type: "extent"; readonly query: AggregateQuery }
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
    const items = relation.rows > 0 ? compiler.extentItems() : [];
    if (items.length > 0) return { type: "extent", query: { type: "extent", items } };
    return { type: "chart", chart: compiler.compile() };
  } catch (error) {
    if (error instanceof ChartFault) return { type: "problem", problem: error.problem };
    throw error;
  }
}

interface Rank {
  readonly by: PlotChannelName | ChartValue;
  readonly isDescending: boolean;
  readonly reduce: "sum" | "max";
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
  extentItems(): readonly ExtentItem[] {
    const { extent, isFinite } = this.#facts;
    const isQuick = extent === undefined;
    if (!isQuick && (isFinite === true || !isEndless(extent))) return [];
    const { rows } = this.#relation;
    const items = (["x", "y"] as const).flatMap((name) => {
      const channel = this.#column(name);
      if (channel === undefined || !this.#asksExtent(name, channel)) return [];
      return extentItems(name, channel, { rows, isQuick });
    });
    return isQuick ? [...items, ...this.#countItems()] : items;
  }

  /** Of many rows it is quicker to count the series first than to find too many of them in what is computed. */
  #countItems(): readonly ExtentItem[] {
    const isShort = this.#options.limit !== undefined;
    if (!this.#resolved.isAggregated || isShort || this.#relation.rows <= MANY_ROWS) return [];
    return seriesNames.flatMap((name): readonly ExtentItem[] => {
      const channel = this.#column(name);
      if (channel === undefined || this.#isCapped(name)) return [];
      const { value } = series(channel);
      return [{ type: "values", name: countAlias(name), value, most: mostSeries(name) + 1 }];
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
        const value = { type: "kept", column: channel.column, other: OTHER } as const;
        return { value, plot: { scale: "nominal", label: channel.label } };
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

  /** Of what has too many values only the most frequent ones. */
  #caps(): readonly Cap[] {
    const { base, family } = this.#resolved;
    return (this.#facts.capped ?? []).flatMap((name): readonly Cap[] => {
      const channel = this.#column(name);
      const isRanked = name === base && family === "bar";
      if (channel === undefined || isRanked) return [];
      const isDropped = name !== "color" || this.#dropsOthers();
      return [{ channel: name, column: channel.column, kept: keptSeries(name), isDropped }];
    });
  }

  #query(dimensions: Dimensions, rest: Pick<ChartQuery, "present" | "then">): AggregateQuery {
    const { channels, isAggregated } = this.#resolved;
    const items = order.flatMap((name) => {
      const channel = channels[name];
      const value = channel?.type === "aggregate" ? channel.value : dimensions[name]?.value;
      return value === undefined ? [] : [{ name, value }];
    });
    return {
      type: "points",
      caps: this.#caps(),
      items,
      isGrouped: isAggregated,
      most: POINT_BUDGET,
      ...rest,
    };
  }

  #aggregated(dimensions: Dimensions): CompiledChart {
    const { base, family } = this.#resolved;
    const rank = this.#rank(dimensions);
    if (rank !== undefined) return this.#ranked(dimensions, rank);
    const isReduced = family === "line" && this.#isOver() && dimensions[base]?.plot.scale !== "nominal";
    if (isReduced) return this.#extremes(dimensions, []);
    const by = [base, ...order.filter((name) => dimensions[name] !== undefined)];
    const query = this.#query(dimensions, { present: [], then: { type: "sorted", by } });
    return this.#compiled(dimensions, { query, reduction: "none", isRankedByValue: false });
  }

  /** Only places that stand beside one another can be sorted, and only of them there can be too many. */
  #rank(dimensions: Dimensions): Rank | undefined {
    const { sort, limit } = this.#options;
    const { family, base, value, channels } = this.#resolved;
    const dimension = dimensions[base];
    if (family !== "bar" && family !== "cell") return undefined;
    if (dimension === undefined || dimension.plot.step !== undefined) return undefined;
    const isDescending = sort?.descending === true;
    const measure = family === "cell" ? "color" : value;
    const valueChannel = channels[measure];
    const isAdditive = valueChannel?.type === "aggregate" && valueChannel.isAdditive;
    if (sort === undefined) {
      if (limit === undefined && !(family === "bar" && this.#isCapped(base))) return undefined;
      if (limit !== undefined && !this.#isNominal(dimension))
        return { by: base, isDescending: false, reduce: "max" };
      return { by: measure, isDescending: true, reduce: isAdditive ? "sum" : "max" };
    }
    const by = sort.by.toLowerCase();
    if (by === base || this.#column(base)?.column.name.toLowerCase() === by) {
      return { by: base, isDescending, reduce: "max" };
    }
    const isColor = by === "fill" || by === "stroke" || by === "color";
    if (by === measure || (isColor && measure === "color"))
      return { by: measure, isDescending, reduce: isAdditive ? "sum" : "max" };
    const text = isColor
      ? (this.#options.fill ?? this.#options.stroke)
      : (this.#options[by as "x"] ?? sort.by);
    const channel = parseChannel("sort", typeof text === "string" ? text : sort.by, this.#relation.columns);
    if (channel.type === "aggregate")
      return { by: channel.value, isDescending, reduce: channel.isAdditive ? "sum" : "max" };
    const of = { type: "column", column: channel.column, as: "plain" } as const;
    const extreme = { type: "aggregate", name: isDescending ? "max" : "min", of } as const;
    return { by: extreme, isDescending, reduce: "max" };
  }

  #isNominal({ plot }: Dimension): boolean {
    return plot.scale === "nominal" || plot.scale === "ordinal";
  }

  #ranked(dimensions: Dimensions, rank: Rank): CompiledChart {
    const { base, value, family, channels } = this.#resolved;
    const capped = this.#isCapped(base) ? MOST_BARS : undefined;
    const limit = this.#options.limit ?? capped;
    const isPlaced = order.every((name) => name === "x" || name === "y" || channels[name] === undefined);
    const query = this.#query(dimensions, {
      present: [],
      then: {
        type: "ranked",
        base,
        ...rank,
        isAlone: isPlaced && family === "bar",
        others: order.filter((name) => name !== base && dimensions[name] !== undefined),
        ...(limit !== undefined && { limit }),
      },
    });
    const isByOther = typeof rank.by === "object";
    const isRankedByValue = rank.by === value;
    const ordered = this.#ordered(dimensions, isRankedByValue || isByOther || rank.isDescending);
    return this.#compiled(ordered, {
      query,
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
    const all = { reduction: "none", isRankedByValue: false } as const;
    const present = ["x", "y"] as const;
    if (family === "line") {
      if (this.#isOver() && dimensions[base]?.plot.scale !== "nominal")
        return this.#extremes(dimensions, present);
      const series = (["color", "fx", "fy"] as const).filter((name) => dimensions[name] !== undefined);
      const then = { type: "sorted", by: [base, ...series] } as const;
      return this.#compiled(dimensions, { ...all, query: this.#query(dimensions, { present: [], then }) });
    }
    const by = this.#rawSort();
    const kept = limit ?? (by === undefined ? undefined : POINT_BUDGET);
    if (kept !== undefined) {
      const first = { type: "first", limit: Math.min(kept, POINT_BUDGET) } as const;
      const then = by === undefined ? first : { ...first, by };
      return this.#compiled(dimensions, { ...all, query: this.#query(dimensions, { present, then }) });
    }
    if (this.#relation.rows <= POINT_BUDGET) {
      const then = { type: "all" } as const;
      return this.#compiled(dimensions, { ...all, query: this.#query(dimensions, { present: [], then }) });
    }
    const query = this.#query(dimensions, { present, then: { type: "sample" } });
    return this.#compiled(dimensions, { query, reduction: "sample", isRankedByValue: false });
  }

  #rawSort(): { readonly value: ChartValue; readonly isDescending: boolean } | undefined {
    const { sort } = this.#options;
    if (sort === undefined) return undefined;
    const text = sort.by === "x" || sort.by === "y" || sort.by === "r" ? this.#options[sort.by] : undefined;
    const column = findColumn(text ?? sort.by, this.#relation.columns);
    const channel =
      column === undefined ? parseChannel("sort", text ?? sort.by, this.#relation.columns) : undefined;
    const chosen = channel?.type === "column" ? channel.column : column;
    if (chosen === undefined) return undefined;
    return { value: { type: "column", column: chosen, as: "plain" }, isDescending: sort.descending };
  }

  /** Of each narrow part of x the least and the greatest value: what a line of so many points looks like. */
  #extremes(dimensions: Dimensions, present: ChartQuery["present"]): CompiledChart {
    const { base, value, channels } = this.#resolved;
    const groups = order.filter((name) => name !== base && name !== value && channels[name] !== undefined);
    const lines = groups.length === 0 ? 1 : MOST_COLORS * (groups.length > 1 ? 4 : 1);
    const parts = Math.max(20, Math.floor(POINT_BUDGET / 2 / lines));
    const then = {
      type: "extremes",
      base,
      value,
      groups,
      parts,
      ...this.#span(dimensions[base]?.plot),
    } as const;
    const query = this.#query(dimensions, { present, then });
    return this.#compiled(dimensions, { query, reduction: "extremes", isRankedByValue: false });
  }

  #span(plot: PlotChannel | undefined): {
    readonly min: number;
    readonly max: number;
    readonly isTime: boolean;
  } {
    const { base } = this.#resolved;
    const channel = this.#column(base);
    const extent = this.#facts.extent ?? {};
    if (channel !== undefined && plot?.scale === "temporal") {
      const { min, max } = timeExtent(base, channel, extent);
      return { min, max, isTime: true };
    }
    const [min, max] = [numberOf(extent[`${base}_min`]), numberOf(extent[`${base}_max`])];
    return { min, max, isTime: false };
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

function toMeasure({ kind, label, isCount }: AggregateChannel): PlotChannel {
  return { scale: kind, label, ...(isCount && { isInteger: true }) };
}
