import { isCssColor } from "../text/css-color.js";
import { formatAs } from "../text/value-format.js";
import { mixRamp, paletteOf } from "./chart-palettes.js";
import type { ChartTheme } from "./chart-theme.js";
import { formatTick, keysOf, MISSING, nameOfKey, toData, type PlainChart } from "./chart-values.js";
import { REST, type PlotDescription } from "./plot-description.js";

export interface LegendItem {
  /** Of what is put away: of a colour that of its name. */
  readonly key: string;
  readonly label: string;
  readonly color: string;
  /** It is drawn as a line, over what else there is. */
  readonly isLine?: boolean;
}

/** No key of a name is like it. */
export const LINE_KEY = `${MISSING}line`;

export interface ChartLegend {
  readonly label: string;
  /** Steps of a ramp rather than names. */
  readonly isRamp: boolean;
  readonly items: readonly LegendItem[];
}

/** What the colours mean; nothing where there is one colour only. */
export function legendOf(chart: PlainChart, theme: ChartTheme): ChartLegend | undefined {
  const { channels } = chart.plot;
  const { color: channel } = channels;
  if (chart.rows.length === 0) return undefined;
  if (channel === undefined) return lineLegend(chart, theme);
  if (channel.scale !== "quantitative") {
    const colors = namedColors(chart, theme);
    const items = colorKeys(chart).map((key) => ({
      key,
      label: nameOfKey(key, channel),
      color: colors.get(key) ?? theme.other,
    }));
    return { label: channel.label, isRamp: false, items: [...items, ...lineItems(chart, theme)] };
  }
  if (!toData(chart).some(({ color }) => typeof color === "number")) return undefined;
  const [min, max] = colorDomain(chart);
  const shares = min === max ? [1] : [0, 0.25, 0.5, 0.75, 1];
  const { format } = channel;
  const items = shares.map((share) => {
    const value = round(min + (max - min) * share, max - min);
    const label = format === undefined ? formatTick(value, undefined) : formatAs(value, format);
    return { key: label, label, color: rampColor(chart.plot, theme, share) };
  });
  return { label: channel.label, isRamp: true, items };
}

function lineLegend(chart: PlainChart, theme: ChartTheme): ChartLegend | undefined {
  const items = lineItems(chart, theme);
  const { base, channels } = chart.plot;
  const value = channels[base === "x" ? "y" : "x"];
  if (items.length === 0 || value === undefined) return undefined;
  return {
    label: "",
    isRamp: false,
    items: [{ key: `${MISSING}bars`, label: value.label, color: singleColor(chart.plot, theme) }, ...items],
  };
}

function lineItems(chart: PlainChart, theme: ChartTheme): LegendItem[] {
  const { line } = chart.plot.channels;
  if (line === undefined) return [];
  return [{ key: LINE_KEY, label: line.label, color: lineColor(chart, theme), isLine: true }];
}

/** The next colour behind those of the bars. */
export function lineColor(chart: PlainChart, theme: ChartTheme): string {
  const count = chart.plot.channels.color === undefined ? 1 : colorKeys(chart).length;
  const { colors } = chart.plot;
  const own = Array.isArray(colors) ? (colors as readonly string[])[count] : undefined;
  return own !== undefined && isCssColor(own)
    ? own
    : (theme.series[count % theme.series.length] ?? theme.text);
}

/** Where no channel gives one. */
export function singleColor({ color, colors }: PlotDescription, theme: ChartTheme): string {
  // Checked where it was written; a shared chart is a file that lay about since.
  if (color !== undefined && isCssColor(color)) return color;
  const [first] = Array.isArray(colors) ? (colors as readonly string[]) : [];
  if (first !== undefined && isCssColor(first)) return first;
  const { series, ramp } = paletteOf(colors);
  const shade = series?.[0] ?? (ramp && mixRamp(ramp, 0.7));
  return shade === undefined ? (theme.series[0] ?? "currentColor") : theme.shade(shade);
}

export function colorKeys(chart: PlainChart): readonly string[] {
  return chart.colorKeys ?? keysOf(chart, "color");
}

/** The colour of each key. */
export function namedColors(chart: PlainChart, theme: ChartTheme): ReadonlyMap<string, string> {
  const keys = colorKeys(chart);
  const { colors, channels } = chart.plot;
  const { series, ramp } = paletteOf(colors);
  const list = Array.isArray(colors) ? (colors as readonly string[]).filter(isCssColor) : [];
  const given =
    typeof colors === "object" && !Array.isArray(colors) ? (colors as Record<string, string>) : {};
  const base = list.length > 0 ? list : (series?.map(theme.shade) ?? theme.series);
  const own = keys.filter((key) => key !== REST && key !== MISSING);
  const nameOf = (key: string): string => (channels.color ? nameOfKey(key, channels.color) : key);
  const names = new Set(keys.map(nameOf));
  return new Map(
    keys.map((key, index): [string, string] => {
      // By what it is called; by its text where nothing else is called so.
      const called = [nameOf(key), ...(names.has(key) ? [] : [key])].find((each) =>
        Object.hasOwn(given, each),
      );
      const written = called === undefined ? undefined : given[called];
      if (written !== undefined && isCssColor(written)) return [key, written];
      if (key === REST) return [key, theme.other];
      if (key === MISSING) return [key, theme.missing];
      if (ramp !== undefined)
        return [key, theme.shade(mixRamp(ramp, own.length < 2 ? 0.7 : own.indexOf(key) / (own.length - 1)))];
      return [key, base[index % base.length] ?? theme.other];
    }),
  );
}

export function rampColor({ colors }: PlotDescription, theme: ChartTheme, share: number): string {
  const { ramp } = paletteOf(colors);
  return ramp === undefined ? theme.sequential(share) : theme.shade(mixRamp(ramp, share));
}

/** From the least to the greatest value; of a scheme that goes both ways from zero, as far on both sides. */
export function colorDomain(chart: PlainChart): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const { color } of toData(chart)) {
    if (typeof color !== "number" || !Number.isFinite(color)) continue;
    min = Math.min(min, color);
    max = Math.max(max, color);
  }
  if (min > max) return [0, 1];
  const most = Math.max(Math.abs(min), Math.abs(max));
  return paletteOf(chart.plot.colors).isDiverging === true ? [-most, most] : [min, max];
}

function round(value: number, span: number): number {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(span || 1)));
  return Number(value.toFixed(Math.min(12, digits)));
}
