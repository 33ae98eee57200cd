import type * as PlotModule from "@observablehq/plot";
import type { PlotChannel, PlotChannelName } from "./plot-description.js";
import { colorDomain, colorNames, colorOf } from "./chart-legend.js";
import type { ChartTheme } from "./chart-theme.js";
import { isCssColor } from "./css-color.js";
import {
  addGrain,
  channelsOf,
  formatBin,
  formatFigure,
  formatGrain,
  formatTick,
  namesOf,
  toData,
  type Datum,
  type PlainChart,
} from "./chart-values.js";

/** What Plot draws: an element of a page, or of a library where there is none. */
export interface Figure {
  innerHTML: string;
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  querySelectorAll(selector: string): Iterable<{ removeAttribute(name: string): void; remove(): void }>;
}

/** The module is handed in: the page loads it when the first chart is drawn. */
export type Plot<F extends Figure> = Omit<typeof PlotModule, "plot"> & {
  readonly plot: (options: PlotModule.PlotOptions) => F;
};

export interface DrawOptions {
  readonly width: number;
  readonly theme: ChartTheme;
  /** Where there is no page: of a library that is like one. */
  readonly document?: unknown;
  /** What a mark says of itself: drawn under the pointer by a script, or as a title by whatever shows the picture. */
  readonly tips?: "pointer" | "titles";
}

type Drawn = Datum & { x2?: number | Date | null; y2?: number | Date | null };
type Options = Record<string, unknown>;

const CHARACTER_WIDTH = 6.3;
const LONGEST_LABEL = 28;
const LONGEST_ASLANT = 20;
const MANY_POINTS = 80;
const WIDEST_BAR = 110;

/** Draws a chart without title, legend and caption: one svg. */
export function drawChart<F extends Figure>(plot: Plot<F>, chart: PlainChart, options: DrawOptions): F {
  const drawing = new Drawing(plot, chart, options);
  const figure = plot.plot(drawing.options());
  figure.setAttribute(
    "style",
    `--plot-background: ${options.theme.raised}; background: none; font: 11px var(--font-text, system-ui, sans-serif); overflow: visible`,
  );
  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", describe(chart));
  // The picture has one name; Plot names its groups too, which have no role that could be named.
  if (options.tips !== undefined)
    for (const group of figure.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  return figure;
}

/** One sentence for who does not see the chart. */
export function describe({ plot, rows }: PlainChart): string {
  const { title, description, channels, mark } = plot;
  if (description !== undefined) return description;
  const axes = (["x", "y", "color"] as const).flatMap((name) => channels[name]?.label ?? []);
  const what = `${words[mark]} of ${axes.join(", ")}, ${String(rows.length)} points`;
  return title === undefined ? what : `${title}: ${what}`;
}

const words = {
  bar: "Bar chart",
  rect: "Histogram",
  line: "Line chart",
  area: "Area chart",
  dot: "Scatter plot",
  cell: "Heat map",
} as const;

export function chartHeight(chart: PlainChart): number {
  const { plot } = chart;
  if (plot.height !== undefined) return plot.height;
  const facets = Math.max(1, plot.channels.fy === undefined ? 1 : namesOf(chart, "fy").length);
  const rows = isNames(plot.channels.y)
    ? namesOf(chart, "y").length * (plot.mark === "dot" ? 20 : 24) + 64
    : 280;
  const one =
    plot.mark === "cell" || plot.base === "y" || isNames(plot.channels.y) ? Math.max(120, rows) : 280;
  return facets === 1 ? one : Math.max(one, facets * Math.min(one, 150) + 50);
}

function isNames(channel: PlotChannel | undefined): boolean {
  return channel?.scale === "ordinal" || channel?.scale === "nominal";
}

type Marks = Omit<typeof PlotModule, "plot">;

class Drawing {
  readonly #plot: Marks;
  readonly #chart: PlainChart;
  readonly #options: DrawOptions;
  readonly #data: readonly Drawn[];
  readonly #colors: readonly string[];

  constructor(plot: Marks, chart: PlainChart, options: DrawOptions) {
    this.#plot = plot;
    this.#chart = chart;
    this.#options = options;
    this.#colors = colorNames(chart);
    this.#data = this.#prepare(toData(chart));
  }

  options(): PlotModule.PlotOptions {
    const { width, theme, document } = this.#options;
    const { channels, color } = this.#chart.plot;
    const isGrouped = this.#isGrouped;
    const x = this.#scale("x");
    // Checked where it was written; a shared chart is a file that lay about since.
    const single = color !== undefined && isCssColor(color) ? color : theme.series[0];
    const marks = this.#marks(single ?? "currentColor");
    return {
      width,
      height: chartHeight(this.#chart),
      ...this.#margins(),
      ...(document !== undefined && { document }),
      x: isGrouped ? { axis: null, domain: this.#colors, padding: 0.05 } : x,
      y: this.#scale("y"),
      ...(channels.fx === undefined && !isGrouped
        ? {}
        : { fx: isGrouped ? { ...x, padding: 0.2 } : this.#facet("fx") }),
      ...(channels.fy === undefined ? {} : { fy: this.#facet("fy") }),
      ...(channels.color === undefined ? {} : { color: this.#colorScale(channels.color) }),
      ...(channels.r === undefined ? {} : { r: { range: [1.5, 14], label: channels.r.label } }),
      marks,
    };
  }

  /** Parts that do not add up stand beside one another, where there is a place for each. */
  get #isGrouped(): boolean {
    const { mark, base, isStacked, channels } = this.#chart.plot;
    const isSeries = isNames(channels.color) && channels.color?.label !== channels.x?.label;
    return mark === "bar" && base === "x" && isStacked !== true && isSeries && channels.fx === undefined;
  }

  #prepare(data: readonly Datum[]): Drawn[] {
    const { base, channels, mark } = this.#chart.plot;
    const channel = channels[base];
    const order = new Map(this.#colors.map((name, index) => [name, index]));
    const sorted =
      mark === "line" || order.size === 0
        ? data
        : [...data].sort((a, b) => (order.get(String(a.color)) ?? 0) - (order.get(String(b.color)) ?? 0));
    if (mark !== "rect") return [...sorted];
    return sorted.map((datum) => ({ ...datum, [`${base}2`]: endOf(datum[base], channel) }));
  }

  #marks(single: string): PlotModule.Markish[] {
    const { plot } = this;
    const { mark, base, channels, isStacked } = this.#chart.plot;
    const value = base === "x" ? "y" : "x";
    const isVertical = base === "x";
    const hasColor = channels.color !== undefined;
    const paint = hasColor ? "color" : single;
    const common: Options = { ...this.#facets(), ...this.#tip() };
    const zero = isVertical
      ? plot.ruleY([0], { strokeOpacity: 0.35 })
      : plot.ruleX([0], { strokeOpacity: 0.35 });
    const isOverlaid = hasColor && isNames(channels.color) && isStacked !== true && !this.#isGrouped;
    const opacity = isOverlaid ? 0.6 : 1;
    switch (mark) {
      case "bar": {
        const measure: Options = isOverlaid ? { [`${value}1`]: 0, [`${value}2`]: value } : { [value]: value };
        const place: Options = this.#isGrouped ? { fx: base, x: "color" } : { [base]: base };
        const inset = this.#barInset(isVertical);
        const bar: Options = { ...common, ...place, ...measure, ...inset, fill: paint, fillOpacity: opacity };
        return [isVertical ? plot.barY(this.#data, bar) : plot.barX(this.#data, bar), zero];
      }
      case "rect": {
        const measure: Options = isOverlaid ? { [`${value}1`]: 0, [`${value}2`]: value } : { [value]: value };
        const rect: Options = {
          ...common,
          [`${base}1`]: base,
          [`${base}2`]: `${base}2`,
          ...measure,
          fill: paint,
          fillOpacity: opacity,
          inset: 0,
          ...(isVertical ? { insetLeft: 0.5, insetRight: 0.5 } : { insetTop: 0.5, insetBottom: 0.5 }),
        };
        return [isVertical ? plot.rectY(this.#data, rect) : plot.rectX(this.#data, rect), zero];
      }
      case "line":
        return [plot.lineY(this.#data, this.#line(paint, common))];
      case "area": {
        const isOne = !hasColor || isOverlaid;
        const area: Options = {
          ...this.#facets(),
          x: "x",
          y: "y",
          fill: paint,
          fillOpacity: isOne ? 0.22 : 0.85,
        };
        if (hasColor) area["z"] = "color";
        const layers = plot.areaY(this.#data, { ...area, ...(isOne ? {} : this.#tip()) });
        return isOne ? [layers, plot.lineY(this.#data, this.#line(paint, common)), zero] : [layers, zero];
      }
      case "dot": {
        const fillOpacity = this.#data.length > 1000 ? 0.4 : this.#data.length > 200 ? 0.6 : 0.85;
        const size = channels.r === undefined ? (this.#data.length > 1000 ? 2 : 3) : "r";
        return [
          plot.dot(this.#data, {
            ...common,
            x: "x",
            y: "y",
            r: size,
            fill: paint,
            fillOpacity,
            stroke: "none",
          }),
        ];
      }
      case "cell":
        return [plot.cell(this.#data, { ...common, x: "x", y: "y", fill: paint, inset: 0.5, rx: 1.5 })];
    }
  }

  /** A few bars do not have to fill the whole width. */
  #barInset(isVertical: boolean): Options {
    if (!isVertical || this.#isGrouped) return {};
    const band = (this.#innerWidth / Math.max(1, namesOf(this.#chart, "x").length)) * 0.9;
    const inset = Math.max(0, (band - WIDEST_BAR) / 2);
    return { insetLeft: inset, insetRight: inset };
  }

  get plot(): Marks {
    return this.#plot;
  }

  #line(paint: string, common: Options): Options {
    const isShort = this.#data.length <= MANY_POINTS;
    return {
      ...common,
      x: "x",
      y: "y",
      stroke: paint,
      strokeWidth: 1.6,
      ...(this.#chart.plot.channels.color === undefined ? {} : { z: "color" }),
      ...(isShort && { marker: "dot" }),
    };
  }

  #facets(): Options {
    const { channels } = this.#chart.plot;
    return { ...(channels.fx && { fx: "fx" }), ...(channels.fy && { fy: "fy" }) };
  }

  #tip(): Options {
    const { tips } = this.#options;
    if (tips === "pointer") return this.#pointerTip();
    return tips === "titles" && this.#hasBands ? { title: (datum: Drawn) => this.#title(datum) } : {};
  }

  #title(datum: Drawn): string {
    return channelsOf(this.#chart)
      .map(([name, channel]) => `${channel.label}: ${formatter(channel)(datum[name])}`)
      .join("\n");
  }

  #pointerTip(): Options {
    const { channels, mark, base } = this.#chart.plot;
    const { step, grain } = channels[base] ?? {};
    const format: Options = {};
    for (const name of ["x", "y", "color", "r", "fx", "fy"] as const) {
      const channel = channels[name];
      if (channel !== undefined) format[name === "color" ? this.#paintChannel : name] = formatter(channel);
    }
    // A line or an area has its colour as z too.
    if (channels.color !== undefined) format["z"] = false;
    // Of a range the beginning says enough, or both ends.
    if (mark === "rect" && step !== undefined) format[base] = formatFigure;
    if (mark === "rect" && grain !== undefined) format[base] = (value: Date) => formatGrain(value, grain);
    if (this.#isGrouped) format["x"] = false;
    if (this.#isGrouped) format["fx"] = (value: string) => value;
    return { tip: { format, lineWidth: 24 } };
  }

  get #paintChannel(): "fill" | "stroke" {
    return this.#chart.plot.mark === "line" ? "stroke" : "fill";
  }

  #scale(name: "x" | "y"): Options {
    const channel = this.#chart.plot.channels[name];
    if (channel === undefined) return {};
    const { label, scale, isInteger } = channel;
    switch (scale) {
      case "quantitative":
        return {
          label,
          labelArrow: "auto",
          tickSize: 0,
          grid: name !== this.#chart.plot.base || this.#chart.plot.mark === "dot",
          nice: this.#chart.plot.mark !== "rect" || name !== this.#chart.plot.base,
          tickFormat: (value: number) => formatTick(value, isInteger),
        };
      case "temporal":
        return { label, type: "utc", labelArrow: "none", tickSize: 4 };
      case "ordinal":
      case "nominal":
        return {
          label,
          labelArrow: "none",
          ...(name === "y" && { labelAnchor: "top" }),
          type: this.#hasBands ? "band" : "point",
          domain: namesOf(this.#chart, name),
          tickSize: 0,
          tickFormat: (name: string) => shorten(name),
          ...(this.#chart.plot.mark === "cell" && { padding: 0.04 }),
          ...(name === "x" ? this.#rotation() : {}),
          ...this.#thinning(name),
        };
    }
  }

  get #hasBands(): boolean {
    const { mark } = this.#chart.plot;
    return mark === "bar" || mark === "cell" || mark === "rect";
  }

  /** Where names do not fit side by side they lie aslant. */
  #rotation(): Options {
    return this.#isAslant ? { tickRotate: -40, tickFormat: shortenMore } : {};
  }

  #thinning(name: "x" | "y"): Options {
    const names = namesOf(this.#chart, name);
    const most = name === "x" ? Math.max(2, Math.floor(this.#innerWidth / 13)) : 400;
    if (names.length <= most) return {};
    const every = Math.ceil(names.length / most);
    return { ticks: names.filter((_, index) => index % every === 0) };
  }

  get #innerWidth(): number {
    const facets = Math.max(1, namesOf(this.#chart, "fx").length);
    return (this.#options.width - this.#marginLeft - 20) / facets;
  }

  get #isAslant(): boolean {
    if (!isNames(this.#chart.plot.channels.x)) return false;
    const names = namesOf(this.#chart, "x");
    return longest(names) > this.#bandWidth(this.#marginLeft) - 4;
  }

  #bandWidth(marginLeft: number): number {
    const facets = Math.max(1, namesOf(this.#chart, "fx").length);
    const names = Math.max(1, namesOf(this.#chart, "x").length);
    return (this.#options.width - marginLeft - 20) / facets / names;
  }

  /** The first of the names that lie aslant reaches beyond the axis. */
  get #overhang(): number {
    const [first = ""] = namesOf(this.#chart, "x");
    return this.#isAslant
      ? shortenMore(first).length * CHARACTER_WIDTH * 0.77 - this.#bandWidth(this.#marginLeft) / 2
      : 0;
  }

  get #marginLeft(): number {
    const channel = this.#chart.plot.channels.y;
    if (isNames(channel)) return Math.max(40, longest(namesOf(this.#chart, "y")) + 14);
    if (channel?.scale === "temporal") return 70;
    const values = this.#data.flatMap(({ y }) => (typeof y === "number" && Number.isFinite(y) ? [y] : []));
    const extremes = values.reduce<[number, number]>(
      ([min, max], y) => [Math.min(min, y), Math.max(max, y)],
      [0, 1],
    );
    // Between 1e16 and 2e16 lies 1.5e16.
    const labels = extremes.map((value) =>
      formatTick(niceEdge(value), undefined).replace(/^(-?\d)e/, "$1.5e"),
    );
    return Math.max(36, longest(labels) + 18);
  }

  #margins(): Options {
    const { channels } = this.#chart.plot;
    const lowest = this.#isAslant ? longest(namesOf(this.#chart, "x").map(shortenMore)) * 0.66 + 14 : 22;
    const right = channels.fy === undefined ? 20 : Math.max(40, longest(namesOf(this.#chart, "fy")) + 14);
    return {
      marginLeft: Math.max(this.#marginLeft, this.#overhang + 4),
      marginRight: right,
      marginBottom: lowest + 18,
      marginTop: channels.fx === undefined || this.#isGrouped ? 26 : 44,
    };
  }

  #facet(name: "fx" | "fy"): Options {
    return {
      label: this.#chart.plot.channels[name]?.label,
      labelArrow: "none",
      domain: namesOf(this.#chart, name),
      tickFormat: (name: string) => shorten(name),
    };
  }

  #colorScale(channel: PlotChannel): Options {
    const { theme } = this.#options;
    if (channel.scale !== "quantitative")
      return {
        label: channel.label,
        type: "ordinal",
        domain: this.#colors,
        range: this.#colors.map((name, index) => colorOf(name, index, theme)),
      };
    const [min, max] = colorDomain(this.#chart);
    const interpolate = (share: number): string => theme.sequential(min === max ? 1 : share);
    return {
      label: channel.label,
      type: "linear",
      domain: min === max ? [min - 1, max] : [min, max],
      interpolate,
    };
  }
}

function endOf(value: Datum[PlotChannelName], channel: PlotChannel | undefined): number | Date | null {
  if (value instanceof Date) return channel?.grain === undefined ? value : addGrain(value, channel.grain);
  return typeof value === "number" ? Number((value + (channel?.step ?? 0)).toPrecision(12)) : null;
}

function formatter({ scale, grain, isInteger, step }: PlotChannel): (value: unknown) => string {
  switch (scale) {
    case "quantitative":
      return (value) =>
        step !== undefined
          ? formatBin(Number(value), step)
          : formatFigure(isInteger === true ? Math.round(Number(value)) : Number(value));
    case "temporal":
      return (value) => (value instanceof Date ? formatGrain(value, grain) : "");
    case "ordinal":
    case "nominal":
      return (value) => String(value).slice(0, 200);
  }
}

function shorten(name: string, most = LONGEST_LABEL): string {
  const characters = Array.from(name);
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join("")}…`;
}

function shortenMore(name: string): string {
  return shorten(name, LONGEST_ASLANT);
}

/** An estimate: the width of text is not measured, so that a chart needs no page. */
function longest(labels: readonly string[]): number {
  return labels.reduce((most, label) => Math.max(most, shorten(label).length), 0) * CHARACTER_WIDTH;
}

/** Ticks are rounder than the greatest value, and may have a digit more. */
function niceEdge(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((Math.round(value / power) * power).toPrecision(6));
}
