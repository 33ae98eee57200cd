import type { ChartOptions } from "../notebook/chart-options.js";
import {
  type ChartCase,
  type ChartRelation,
  areOthersDropped,
  columnOf,
  isCapped,
  isOtherKept,
  isOver,
  order,
  placed,
  valueOf,
} from "./chart-case.js";
import { type Dimensions, dimensionsOf, neededExtents } from "./chart-dimensions.js";
import type { ChartFacts } from "./chart-facts.js";
import { MOST_BARS, MOST_COLORS, POINT_BUDGET, keptSeries } from "./chart-limits.js";
import { ChartFault, type ChartProblem } from "./chart-problem.js";
import type { AggregateQuery, AggregateValue, Cap, ChartQuery, ChartValue, Fold } from "./chart-query.js";
import { type Rank, rankOf, rawSort } from "./chart-rank.js";
import { describePlot } from "./describe-plot.js";
import { type Dimension, numberOf, raw, timeExtent } from "./dimension.js";
import type { Channel } from "./parse-channel.js";
import { type PlotChannel, type PlotChannelName, type PlotDescription, REST } from "./plot-description.js";
import { type ResolvedChart, resolveChart } from "./resolve-chart.js";

/*
 * A chart becomes one query, whose few rows are drawn as they are, and a description of how. What the query has to be
 * may depend on the data: its bins on the least and the greatest value, its colours on how many there are. So the
 * compilation is asked again with what was found:
 *
 *   options, columns ──▶ extent query ──▶ facts.extent ──▶ query ──▶ rows ──▶ too much? facts.capped ──▶ query
 *
 * Where no column needs an extent and nothing is too much, it is one query.
 */

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

export function compileChart(
  options: ChartOptions,
  relation: ChartRelation,
  facts: ChartFacts = {},
): ChartStep {
  try {
    const resolved = resolveChart(options, relation.columns);
    const chart = { options, relation, facts, resolved };
    const items = relation.rows > 0 ? neededExtents(chart) : [];
    if (items.length > 0) return { type: "extent", query: { type: "extent", items } };
    return { type: "chart", chart: new Compiler(chart).compile() };
  } catch (error) {
    if (error instanceof ChartFault) return { type: "problem", problem: error.problem };
    throw error;
  }
}

const DEFAULT_LIMIT = 10;

class Compiler {
  readonly #chart: ChartCase;

  constructor(chart: ChartCase) {
    this.#chart = chart;
  }

  compile(): CompiledChart {
    const dimensions = dimensionsOf(this.#chart);
    return this.#chart.resolved.isAggregated ? this.#aggregated(dimensions) : this.#raw(dimensions);
  }

  /** Of what has too many values only the most frequent ones. */
  #caps(rank?: Rank): readonly Cap[] {
    const { base, family } = this.#chart.resolved;
    const channel = columnOf(this.#chart, base);
    const first: Cap[] =
      rank === undefined || channel === undefined || !isOtherKept(this.#chart)
        ? []
        : [
            {
              channel: base,
              column: channel.column,
              kept: this.#chart.options.limit ?? DEFAULT_LIMIT,
              by: { value: this.#rankValue(rank), isDescending: rank.isDescending },
              isDropped: false,
            },
          ];
    const frequent = (this.#chart.facts.capped ?? []).flatMap((name): readonly Cap[] => {
      const channel = columnOf(this.#chart, name);
      const isRanked = name === base && family === "bar";
      if (channel === undefined || isRanked) return [];
      const isDropped = name !== "color" || areOthersDropped(this.#chart);
      return [{ channel: name, column: channel.column, kept: keptSeries(name), isDropped }];
    });
    return [...first, ...frequent];
  }

  #rankValue({ by }: Rank): AggregateValue | "name" {
    const { base, channels } = this.#chart.resolved;
    if (by === base) return "name";
    const value = typeof by === "object" ? by : valueOf(channels[by]);
    return value?.type === "aggregate" ? value : "name";
  }

  #query(
    dimensions: Dimensions,
    { rank, ...rest }: Pick<ChartQuery, "present" | "then"> & { readonly rank?: Rank },
  ): AggregateQuery {
    const { channels, isAggregated } = this.#chart.resolved;
    const isThinned = rest.then.type === "extremes";
    const fold = this.#fold(dimensions);
    const by = (["x", "y", "fx", "fy"] as const).filter((name) => dimensions[name] !== undefined);
    // Of parts, the line is that of their place as a whole.
    const line = channels.color === undefined ? undefined : valueOf(channels.line);
    const items = order.flatMap((name) => {
      const value = valueOf(channels[name]) ?? dimensions[name]?.value;
      if (value === undefined || name === fold?.name || (line !== undefined && name === "line")) return [];
      return isThinned && !isPlaced(name) ? [] : [{ name, value }];
    });
    return {
      type: "points",
      caps: this.#caps(rank),
      items,
      isGrouped: isAggregated,
      most: POINT_BUDGET,
      ...(fold !== undefined && { fold }),
      ...(line !== undefined && { place: { name: "line", value: line, by } }),
      ...rest,
      present: rest.present.filter((name) => name !== fold?.name),
    };
  }

  #fold(dimensions: Dimensions): Fold | undefined {
    const { measures, value: name } = this.#chart.resolved;
    if (measures.length === 0) return undefined;
    const values = measures.map((channel) => {
      const value = valueOf(channel) ?? this.#rawValue(channel, dimensions[name]);
      return { label: channel.label, value };
    });
    return { name, values };
  }

  #rawValue(channel: Channel, dimension: Dimension | undefined): ChartValue {
    const value = channel.type === "column" ? raw(channel).value : dimension?.value;
    if (value === undefined) throw new Error("unreachable: a measure is a column or an aggregate");
    return value;
  }

  #aggregated(dimensions: Dimensions): CompiledChart {
    const { base, family } = this.#chart.resolved;
    const rank = rankOf(this.#chart, dimensions);
    if (rank !== undefined) return this.#ranked(dimensions, rank);
    const isReduced = family === "line" && isOver(this.#chart) && dimensions[base]?.plot.scale !== "nominal";
    if (isReduced) return this.#extremes(dimensions, []);
    const first = this.#chart.resolved.channels[base] === undefined ? [] : [base];
    const by = [...first, ...order.filter((name) => this.#isApart(name, dimensions))];
    const then = by.length === 0 ? ({ type: "all" } as const) : ({ type: "sorted", by } as const);
    const query = this.#query(dimensions, { present: [], then });
    return this.#compiled(dimensions, { query, reduction: "none", isRankedByValue: false });
  }

  /** Rows of one place differ in it. */
  #isApart(name: PlotChannelName, dimensions: Dimensions): boolean {
    return dimensions[name] !== undefined || this.#chart.resolved.channels[name]?.type === "measures";
  }

  #ranked(dimensions: Dimensions, rank: Rank): CompiledChart {
    const { base, value, family, channels } = this.#chart.resolved;
    const capped = isCapped(this.#chart, base) ? MOST_BARS : undefined;
    const limit = isOtherKept(this.#chart) ? undefined : (this.#chart.options.limit ?? capped);
    const isAlone = placed.every((name) => name === "x" || name === "y" || channels[name] === undefined);
    const query = this.#query(dimensions, {
      present: [],
      rank,
      then: {
        type: "ranked",
        base,
        ...rank,
        isAlone: isAlone && family === "bar",
        others: order.filter((name) => name !== base && this.#isApart(name, dimensions)),
        ...(isOtherKept(this.#chart) && { last: REST }),
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
    const { base } = this.#chart.resolved;
    const dimension = dimensions[base];
    if (dimension === undefined) return dimensions;
    const { range, ...plot } = dimension.plot;
    const keepsRange = range !== undefined && !isSorted && this.#chart.options.limit === undefined;
    return {
      ...dimensions,
      [base]: { ...dimension, plot: { ...plot, scale: "ordinal", ...(keepsRange && { range }) } },
    };
  }

  #raw(dimensions: Dimensions): CompiledChart {
    const { base, family } = this.#chart.resolved;
    const { limit } = this.#chart.options;
    const all = { reduction: "none", isRankedByValue: false } as const;
    const present = ["x", "y"] as const;
    if (family === "line") {
      if (isOver(this.#chart) && dimensions[base]?.plot.scale !== "nominal")
        return this.#extremes(dimensions, present);
      const series = (["color", "fx", "fy"] as const).filter((name) => this.#isApart(name, dimensions));
      const then = { type: "sorted", by: [base, ...series] } as const;
      return this.#compiled(dimensions, { ...all, query: this.#query(dimensions, { present: [], then }) });
    }
    const by = rawSort(this.#chart);
    const kept = limit ?? (by === undefined ? undefined : POINT_BUDGET);
    if (kept !== undefined) {
      const first = { type: "first", limit: Math.min(kept, POINT_BUDGET) } as const;
      const then = by === undefined ? first : { ...first, by };
      return this.#compiled(dimensions, { ...all, query: this.#query(dimensions, { present, then }) });
    }
    if (this.#chart.relation.rows <= POINT_BUDGET) {
      const then = { type: "all" } as const;
      return this.#compiled(dimensions, { ...all, query: this.#query(dimensions, { present: [], then }) });
    }
    const query = this.#query(dimensions, { present, then: { type: "sample" } });
    return this.#compiled(dimensions, { query, reduction: "sample", isRankedByValue: false });
  }

  /** Of each narrow part of x the least and the greatest value: what a line of so many points looks like. */
  #extremes(dimensions: Dimensions, present: ChartQuery["present"]): CompiledChart {
    const { base, value, channels } = this.#chart.resolved;
    const groups = placed.filter((name) => name !== base && name !== value && channels[name] !== undefined);
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
    const { base } = this.#chart.resolved;
    const channel = columnOf(this.#chart, base);
    const extent = this.#chart.facts.extent ?? {};
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
    return {
      ...rest,
      plot: describePlot(this.#chart, dimensions),
      resolved: this.#chart.resolved,
      dimensions,
    };
  }
}

function isPlaced(name: PlotChannelName): boolean {
  return (placed as readonly PlotChannelName[]).includes(name);
}
