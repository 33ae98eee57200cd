import type { ChartOptions } from "../notebook/chart-options.js";
import { countAlias, seriesNames, type ChartFacts } from "./chart-facts.js";
import { keptSeries, MANY_ROWS, MOST_BARS, MOST_COLORS, mostSeries, POINT_BUDGET } from "./chart-limits.js";
import { ChartFault, type ChartProblem } from "./chart-problem.js";
import type {
  AggregateQuery,
  AggregateValue,
  Cap,
  ChartQuery,
  ChartValue,
  ExtentItem,
  Fold,
} from "./chart-query.js";
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
import {
  findColumn,
  parseChannel,
  type AggregateChannel,
  type Channel,
  type ColumnChannel,
} from "./parse-channel.js";
import {
  REST,
  tipNames,
  type PlotChannel,
  type PlotChannelName,
  type PlotDescription,
  type PlotMark,
  type PlotRule,
} from "./plot-description.js";
import { toDate } from "./chart-values.js";
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

const placed = ["x", "y", "color", "r", "fx", "fy"] as const;
const order: readonly PlotChannelName[] = [...placed, "line", "compare", ...tipNames];
const DEFAULT_LIMIT = 10;

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
    return isQuick ? [...items, ...this.#countItems(), ...this.#ruleItems()] : items;
  }

  #ruleItems(): readonly ExtentItem[] {
    return this.#resolved.rules.flatMap(({ at }, index): readonly ExtentItem[] =>
      typeof at === "object" ? [{ type: "value", name: `rule_${String(index)}`, value: at }] : [],
    );
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
    if (family === "number") return name === base;
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
        return kept("color", channel);
      }
      case "r":
      case "line":
      case "compare":
        return raw(channel);
      case "fx":
      case "fy":
        return series(channel);
      default:
        return raw(channel);
    }
  }

  #axis(name: "x" | "y", channel: ColumnChannel): Dimension {
    const { grain, bins } = this.#options;
    const { family, base, implicit } = this.#resolved;
    if (name === base && this.#keepsOther) return kept(name, this.#named(channel));
    if (this.#isCut(name, channel)) {
      const options: CutOptions = {
        ...(grain !== undefined && { grain }),
        ...(bins !== undefined && { bins }),
        mostParts:
          family === "number"
            ? 60
            : implicit === "sum"
              ? 400
              : family === "bar" || family === "cell"
                ? 40
                : 200,
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

  get #keepsOther(): boolean {
    return this.#options.other === true && this.#resolved.family === "bar";
  }

  #named(channel: ColumnChannel): ColumnChannel {
    if (channel.kind === "nominal") return channel;
    throw new ChartFault({
      code: "wrong-type",
      option: "other",
      message: `Chart option "other" needs names, and "${channel.column.name}" is ${channel.column.type}`,
      hint: "Leave it out: numbers and times have their order.",
    });
  }

  /** A line between points of different series would mean nothing, so there is no "other". */
  #dropsOthers(): boolean {
    return this.#resolved.family === "line" && !this.#resolved.isAggregated;
  }

  #isCapped(name: PlotChannelName): boolean {
    return this.#facts.capped?.includes(name) === true;
  }

  /** Of what has too many values only the most frequent ones. */
  #caps(rank?: Rank): readonly Cap[] {
    const { base, family } = this.#resolved;
    const channel = this.#column(base);
    const first: Cap[] =
      rank === undefined || channel === undefined || !this.#keepsOther
        ? []
        : [
            {
              channel: base,
              column: channel.column,
              kept: this.#options.limit ?? DEFAULT_LIMIT,
              by: { value: this.#rankValue(rank), isDescending: rank.isDescending },
              isDropped: false,
            },
          ];
    const frequent = (this.#facts.capped ?? []).flatMap((name): readonly Cap[] => {
      const channel = this.#column(name);
      const isRanked = name === base && family === "bar";
      if (channel === undefined || isRanked) return [];
      const isDropped = name !== "color" || this.#dropsOthers();
      return [{ channel: name, column: channel.column, kept: keptSeries(name), isDropped }];
    });
    return [...first, ...frequent];
  }

  #rankValue({ by }: Rank): AggregateValue | "name" {
    const { base, channels } = this.#resolved;
    if (by === base) return "name";
    const value = typeof by === "object" ? by : valueOf(channels[by]);
    return value?.type === "aggregate" ? value : "name";
  }

  #query(
    dimensions: Dimensions,
    { rank, ...rest }: Pick<ChartQuery, "present" | "then"> & { readonly rank?: Rank },
  ): AggregateQuery {
    const { channels, isAggregated } = this.#resolved;
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
    const { measures, value: name } = this.#resolved;
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
    const { base, family } = this.#resolved;
    const rank = this.#rank(dimensions);
    if (rank !== undefined) return this.#ranked(dimensions, rank);
    const isReduced = family === "line" && this.#isOver() && dimensions[base]?.plot.scale !== "nominal";
    if (isReduced) return this.#extremes(dimensions, []);
    const first = this.#resolved.channels[base] === undefined ? [] : [base];
    const by = [...first, ...order.filter((name) => this.#isApart(name, dimensions))];
    const then = by.length === 0 ? ({ type: "all" } as const) : ({ type: "sorted", by } as const);
    const query = this.#query(dimensions, { present: [], then });
    return this.#compiled(dimensions, { query, reduction: "none", isRankedByValue: false });
  }

  /** Rows of one place differ in it. */
  #isApart(name: PlotChannelName, dimensions: Dimensions): boolean {
    return dimensions[name] !== undefined || this.#resolved.channels[name]?.type === "measures";
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
    // Of several measures the first one ranks a place, whose points all have it.
    const first = valueOf(this.#resolved.measures[0]);
    const byMeasure =
      first === undefined
        ? ({ by: measure, reduce: isAdditive ? "sum" : "max" } as const)
        : ({ by: first, reduce: "max" } as const);
    if (sort === undefined) {
      if (this.#keepsOther) return { ...byMeasure, isDescending: true };
      if (limit === undefined && !(family === "bar" && this.#isCapped(base))) return undefined;
      if (limit !== undefined && !this.#isNominal(dimension))
        return { by: base, isDescending: false, reduce: "max" };
      return { ...byMeasure, isDescending: true };
    }
    const by = sort.by.toLowerCase();
    if (by === base || this.#column(base)?.column.name.toLowerCase() === by) {
      return { by: base, isDescending, reduce: "max" };
    }
    const isColor = by === "fill" || by === "stroke" || by === "color";
    if (by === measure || (isColor && measure === "color")) return { ...byMeasure, isDescending };
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
    const limit = this.#keepsOther ? undefined : (this.#options.limit ?? capped);
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
        ...(this.#keepsOther && { last: REST }),
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
      const series = (["color", "fx", "fy"] as const).filter((name) => this.#isApart(name, dimensions));
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
    const { base, channels, color, layout } = this.#resolved;
    const { title, subtitle, description, height, labels, colors } = this.#options;
    const isStacked = layout !== "grouped" && this.#plotMark(dimensions) !== "line";
    const rules = this.#rules();
    const plotted = order.flatMap((name): [PlotChannelName, PlotChannel][] => {
      const plot = this.#plotChannel(channels[name]) ?? dimensions[name]?.plot;
      return plot === undefined ? [] : [[name, { ...plot, ...this.#written(name) }]];
    });
    return {
      mark: this.#plotMark(dimensions),
      base,
      channels: Object.fromEntries(plotted),
      ...(isStacked && { isStacked }),
      ...(layout === "percent" && { isPercent: true }),
      ...(labels === true && { hasLabels: true }),
      ...(rules.length > 0 && { rules }),
      ...(colors !== undefined && colors !== "default" && { colors }),
      ...(color !== undefined && { color }),
      ...(title !== undefined && { title }),
      ...(subtitle !== undefined && { subtitle }),
      ...(description !== undefined && { description }),
      ...(height !== undefined && { height }),
    };
  }

  #plotChannel(channel: Channel | undefined): PlotChannel | undefined {
    if (channel?.type === "aggregate") return toMeasure(channel);
    if (channel?.type !== "measures") return undefined;
    return { scale: "nominal", label: channel.label, labels: channel.names };
  }

  /** What the options say of an axis. */
  #written(name: PlotChannelName): Partial<PlotChannel> {
    const { xLabel, yLabel, xScale, yScale, xFormat, yFormat, lineFormat, lineAxis } = this.#options;
    const [label, scale, format] =
      name === "x"
        ? [xLabel, xScale, xFormat]
        : name === "y"
          ? [yLabel, yScale, yFormat]
          : [undefined, undefined, name === "line" ? lineFormat : name === "compare" ? yFormat : undefined];
    const isNumber = this.#resolved.channels[name]?.kind === "quantitative";
    const transform = scale === "linear" ? undefined : scale;
    if (transform !== undefined && (!isNumber || this.#isBinned(name)))
      throw new ChartFault({
        code: "wrong-type",
        option: `${name}_scale`,
        message: `Chart option "${name}_scale" is for an axis of numbers that are not counted in bins`,
        hint: name === "x" ? "For example: y_scale: log" : "For example: mark: dot",
      });
    return {
      ...(label !== undefined && { label }),
      ...(transform !== undefined && { transform }),
      ...(format !== undefined && isNumber && { format }),
      ...(name === "line" && lineAxis !== undefined && { side: lineAxis }),
    };
  }

  #isBinned(name: PlotChannelName): boolean {
    const { family, base } = this.#resolved;
    return family === "cell" || (family === "bar" && name === base);
  }

  #rules(): readonly PlotRule[] {
    return this.#resolved.rules.flatMap(({ at, ...rule }, index): readonly PlotRule[] => {
      const found = typeof at === "object" ? this.#facts.extent?.[`rule_${String(index)}`] : at;
      if (found === undefined || found === null) return [];
      if (this.#resolved.channels[rule.axis]?.kind === "temporal")
        return toDate(found) !== null && typeof found === "string" ? [{ ...rule, at: found }] : [];
      return Number.isFinite(Number(found)) ? [{ ...rule, at: Number(found) }] : [];
    });
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

/** The text if it is kept, else the name of all others. */
function kept(name: PlotChannelName, { column, label }: ColumnChannel): Dimension {
  const value = { type: "kept", channel: name, column, other: REST } as const;
  return { value, plot: { scale: "nominal", label } };
}

function isPlaced(name: PlotChannelName): boolean {
  return (placed as readonly PlotChannelName[]).includes(name);
}

function valueOf(channel: Channel | undefined): AggregateValue | undefined {
  return channel?.type === "aggregate" ? channel.value : undefined;
}

function toMeasure({ kind, label, isCount }: AggregateChannel): PlotChannel {
  return { scale: kind, label, ...(isCount && { isInteger: true }) };
}
