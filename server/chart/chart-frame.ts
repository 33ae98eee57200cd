import type * as PlotModule from "@observablehq/plot";
import { colorKeys } from "./chart-legend.js";
import type { ChartTheme } from "./chart-theme.js";
import {
  addGrain,
  formatFigure,
  formatTickOf,
  keysOf,
  nameOfKey,
  toData,
  type Datum,
  type PlainChart,
} from "./chart-values.js";
import type { PlotChannel, PlotChannelName, PlotRule } from "./plot-description.js";

export type Marks = Omit<typeof PlotModule, "plot">;
/** Options of Plot are made of parts here. */
export type Options = Record<string, unknown>;

export interface DrawOptions {
  readonly width: number;
  readonly theme: ChartTheme;
  /** Where there is no page: of a library that is like one. */
  readonly document?: unknown;
  /** What a mark says of itself: drawn under the pointer by a script, or as a title by whatever shows the picture. */
  readonly tips?: "pointer" | "titles";
  /** Keys of colours, and of the line, that somebody has put away. */
  readonly hidden?: ReadonlySet<string>;
}

/** A row, with the end of its range, and its amount where its value became a share. */
export type Drawn = Datum & {
  x2?: number | Date | null;
  y2?: number | Date | null;
  readonly amount?: number;
  /** Where its range begins, whatever piece of it the mark has. */
  readonly start?: number | Date | string | null;
  /** Its place among the rows of the chart. */
  readonly row?: number;
};

const CHARACTER_WIDTH = 6.3;
const LONGEST_LABEL = 28;
const LONGEST_ASLANT = 20;
export const LONGEST_RULE = 20;
const GROUP_PADDING = 0.2;

/** What of a chart is drawn, and how much room it has: widths are estimates, so that a chart needs no page. */
export class Frame {
  readonly chart: PlainChart;
  readonly options: DrawOptions;
  /** What is not put away. */
  readonly data: readonly Drawn[];
  readonly all: readonly Datum[];
  /** All of them, so that none changes its colour when another is put away. */
  readonly colors: readonly string[];
  readonly shownColors: readonly string[];
  readonly base: "x" | "y";
  readonly value: "x" | "y";

  constructor(chart: PlainChart, options: DrawOptions) {
    this.chart = chart;
    this.options = options;
    this.base = chart.plot.base;
    this.value = this.base === "x" ? "y" : "x";
    this.colors = colorKeys(chart);
    this.shownColors = this.colors.filter((name) => options.hidden?.has(name) !== true);
    this.all = toData(chart);
    this.data = this.#prepare(this.all.map((datum, row): Drawn => ({ ...datum, row })));
  }

  get theme(): ChartTheme {
    return this.options.theme;
  }

  channel(name: PlotChannelName): PlotChannel | undefined {
    return this.chart.plot.channels[name];
  }

  keys(name: PlotChannelName): string[] {
    return keysOf(this.chart, name);
  }

  names(name: PlotChannelName): string[] {
    return this.keys(name).map((key) => this.nameOf(name, key));
  }

  nameOf(name: PlotChannelName, key: string): string {
    const channel = this.channel(name);
    return channel === undefined ? key : nameOfKey(key, channel);
  }

  get isVertical(): boolean {
    return this.base === "x";
  }

  /** Parts that do not add up stand beside one another. */
  get isGrouped(): boolean {
    const { mark, isStacked } = this.chart.plot;
    const color = this.channel("color");
    const isSeries = isNames(color) && color?.label !== this.channel(this.base)?.label;
    return (mark === "bar" || mark === "rect") && isStacked !== true && isSeries;
  }

  get isLogarithmic(): boolean {
    return this.channel(this.value)?.transform === "log";
  }

  #prepare(data: readonly Drawn[]): Drawn[] {
    const { mark, isPercent } = this.chart.plot;
    const { hidden = new Set() } = this.options;
    const order = new Map(this.colors.map((name, index) => [name, index]));
    const shown = hidden.size === 0 ? data : data.filter(({ color }) => !hidden.has(String(color)));
    const sorted =
      mark === "line" || order.size === 0
        ? shown
        : [...shown].sort((a, b) => (order.get(String(a.color)) ?? 0) - (order.get(String(b.color)) ?? 0));
    const shares = isPercent === true ? this.#toShares(sorted) : sorted;
    return mark === "rect" ? shares.map((datum) => this.#toRange(datum)) : [...shares];
  }

  /** Each value as a share of its place, whose amounts may go below zero. */
  #toShares(data: readonly Drawn[]): Drawn[] {
    const totals = new Map<string, number>();
    const keyOf = (datum: Drawn): string => placeOf(datum[this.base], datum);
    const amountOf = (datum: Drawn): number => Number(datum[this.value] ?? 0);
    for (const datum of data) {
      const key = keyOf(datum);
      totals.set(key, (totals.get(key) ?? 0) + Math.abs(amountOf(datum)));
    }
    return data.map((datum) => {
      const total = totals.get(keyOf(datum)) ?? 0;
      const amount = amountOf(datum);
      return { ...datum, [this.value]: total === 0 ? 0 : amount / total, amount };
    });
  }

  /** From the beginning to the end of its part; of several side by side, each has a piece of it. */
  #toRange(datum: Drawn): Drawn {
    const { base } = this;
    const start = datum[base];
    const end = endOf(start, this.channel(base));
    const ranged = { ...datum, start: start ?? null, [`${base}2`]: end };
    if (!this.isGrouped || end === null) return ranged;
    const [from, to] = [Number(start), Number(end)];
    const count = Math.max(1, this.shownColors.length);
    const index = Math.max(0, this.shownColors.indexOf(String(datum.color)));
    const at = (share: number): number | Date => {
      const place = from + (to - from) * (0.08 + share * 0.84);
      return end instanceof Date ? new Date(place) : place;
    };
    return { ...ranged, [base]: at(index / count), [`${base}2`]: at((index + 1) / count) };
  }

  endOf(start: Date): Date {
    const end = endOf(start, this.channel(this.base));
    return end instanceof Date ? end : start;
  }

  /** How much of a picture this wide is left for marks, in one of its facets. */
  get innerWidth(): number {
    const facets = Math.max(1, this.names("fx").length);
    return (this.options.width - this.marginLeft - this.marginRight) / facets;
  }

  get isAslant(): boolean {
    if (!isNames(this.channel("x"))) return false;
    return longest(this.names("x")) > this.#bandWidth() - 4;
  }

  #bandWidth(): number {
    return this.innerWidth / Math.max(1, this.names("x").length);
  }

  /** The first of the names that lie aslant reaches beyond the axis. */
  get #overhang(): number {
    const [first = ""] = this.names("x");
    return this.isAslant ? shortenMore(first).length * CHARACTER_WIDTH * 0.77 - this.#bandWidth() / 2 : 0;
  }

  get marginLeft(): number {
    const channel = this.channel("y");
    if (isNames(channel)) return Math.max(40, longest(this.names("y")) + 14);
    if (channel?.scale === "temporal") return 70;
    const [min, max] = this.valueExtent("y");
    const ticks = roundTicks(Math.min(0, min), Math.max(0, max));
    // Dots and lines may have an axis without zero.
    if (["dot", "line"].includes(this.chart.plot.mark)) ticks.push(...roundTicks(min, max));
    const labels = ticks.map((tick) => this.formatTick("y", tick));
    return Math.max(36, longest(labels) + 18);
  }

  get marginRight(): number {
    const { fy } = this.chart.plot.channels;
    const names = fy === undefined ? 20 : Math.max(40, longest(this.names("fy")) + 14);
    return Math.max(names, this.#rightRoom);
  }

  /** Labels behind bars that lie or lines that end; the ticks of a second axis. */
  get #rightRoom(): number {
    const { line } = this.chart.plot.channels;
    const rules = this.hasRuleRoom ? (this.chart.plot.rules ?? []).filter(({ axis }) => axis === "y") : [];
    const named = rules.map((rule) => shorten(this.ruleLabel(rule), LONGEST_RULE));
    return Math.max(this.#labelRoom(line), rules.length === 0 ? 0 : longest(named) + 10);
  }

  /** Beside the frame stands nothing else. */
  get hasRuleRoom(): boolean {
    const { line, fx, fy } = this.chart.plot.channels;
    return line === undefined && fx === undefined && fy === undefined;
  }

  ruleLabel({ axis, at, label }: PlotRule): string {
    const channel = this.channel(axis);
    if (label !== undefined || typeof at === "string") return label ?? String(at);
    return channel?.format === undefined ? formatFigure(at) : formatTickOf(channel, at);
  }

  #labelRoom(line: PlotChannel | undefined): number {
    const { hasLabels, mark } = this.chart.plot;
    if (line !== undefined) {
      const values = this.all.flatMap((datum) => (typeof datum.line === "number" ? [datum.line] : []));
      const most = values.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
      return longest([formatTickOf(line, niceEdge(most))]) + 30;
    }
    if (hasLabels !== true || (this.isVertical && mark !== "line")) return 0;
    return (
      longest(
        this.all.map((datum) => formatTickOf(this.channel(this.value), Number(datum[this.value] ?? 0))),
      ) + 22
    );
  }

  margins(): Options {
    const lowest = this.isAslant ? longest(this.names("x").map(shortenMore)) * 0.66 + 14 : 22;
    return {
      marginLeft: Math.max(this.marginLeft, this.#overhang + 4),
      marginRight: this.marginRight,
      marginBottom: lowest + 18,
      marginTop: this.channel("fx") === undefined ? 26 : 44,
    };
  }

  /** The least and the greatest value of an axis, with what is stacked put together. */
  valueExtent(name: "x" | "y"): readonly [number, number] {
    const isStacked = this.chart.plot.isStacked === true && name === this.value;
    const sums = new Map<string, number>();
    let [min, max] = [Infinity, -Infinity];
    for (const datum of this.data) {
      const value = datum[name];
      if (typeof value !== "number" || !Number.isFinite(value)) continue;
      const place = placeOf(datum[this.base], datum);
      const key = `${value < 0 ? "-" : "+"}${place}`;
      const sum = isStacked ? (sums.get(key) ?? 0) + value : value;
      sums.set(key, sum);
      [min, max] = [Math.min(min, sum), Math.max(max, sum)];
    }
    for (const { axis, at } of this.chart.plot.rules ?? [])
      if (axis === name && typeof at === "number") [min, max] = [Math.min(min, at), Math.max(max, at)];
    return min <= max ? [min, max] : [0, 1];
  }

  formatTick(name: PlotChannelName, value: number): string {
    const isShare = this.chart.plot.isPercent === true && name === this.value;
    return formatTickOf(
      isShare ? { scale: "quantitative", label: "", format: "percent" } : this.channel(name),
      value,
      (name === "x" || name === "y") && this.#isNarrow(name),
    );
  }

  /** Large numbers so near to each other that a short form of them is the same; bars and areas begin at zero. */
  #isNarrow(name: "x" | "y"): boolean {
    const { mark } = this.chart.plot;
    if (name === this.value && mark !== "dot" && mark !== "line") return false;
    const [min, max] = this.valueExtent(name);
    return max - min < Math.max(Math.abs(min), Math.abs(max)) / 20;
  }

  /** How wide the band of a name is; `padding` is what its scale is given. */
  band(name: "x" | "y", height: number): { readonly width: number; readonly padding: number } {
    const padding = this.isGrouped ? GROUP_PADDING : this.chart.plot.mark === "cell" ? 0.04 : 0.1;
    const facets = Math.max(1, this.names("fy").length);
    const { marginTop, marginBottom } = this.margins() as Record<string, number>;
    const room = name === "x" ? this.innerWidth : (height - (marginTop ?? 0) - (marginBottom ?? 0)) / facets;
    return { width: (room / (Math.max(1, this.names(name).length) + padding)) * (1 - padding), padding };
  }
}

export function isNames(channel: PlotChannel | undefined): boolean {
  return channel?.scale === "ordinal" || channel?.scale === "nominal";
}

/** What of all facets is the same for whatever stands at the same place. */
export function placeOf(at: unknown, { fx, fy }: Datum): string {
  return JSON.stringify([at, fx, fy]);
}

function endOf(value: Datum[PlotChannelName], channel: PlotChannel | undefined): number | Date | null {
  if (value instanceof Date) return channel?.grain === undefined ? value : addGrain(value, channel.grain);
  return typeof value === "number" ? Number((value + (channel?.step ?? 0)).toPrecision(12)) : null;
}

export function shorten(name: string, most = LONGEST_LABEL): string {
  const characters = Array.from(name);
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join("")}…`;
}

export function shortenMore(name: string): string {
  return shorten(name, LONGEST_ASLANT);
}

/** An estimate: the width of text is not measured. */
export function longest(labels: readonly string[]): number {
  return labels.reduce((most, label) => Math.max(most, shorten(label).length), 0) * CHARACTER_WIDTH;
}

/** What an axis of ten ticks has, its ends made round, as d3 makes them. */
function roundTicks(min: number, max: number): number[] {
  const raw = (max - min) / 10;
  if (!(raw > 0)) return [min];
  const power = 10 ** Math.floor(Math.log10(raw));
  const ratio = raw / power;
  const step = power * (ratio >= 50 ** 0.5 ? 10 : ratio >= 10 ** 0.5 ? 5 : ratio >= 2 ** 0.5 ? 2 : 1);
  const [first, last] = [Math.floor(min / step), Math.ceil(max / step)];
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** Ticks are rounder than the greatest value, and may have a digit more. */
function niceEdge(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((Math.round(value / power) * power).toPrecision(6));
}
