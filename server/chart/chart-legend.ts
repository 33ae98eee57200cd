import type { ChartTheme } from "./chart-theme.js";
import { formatTick, MISSING, namesOf, toData, type PlainChart } from "./chart-values.js";
import { OTHER } from "./plot-description.js";

export interface LegendItem {
  readonly label: string;
  readonly color: string;
}

export interface ChartLegend {
  readonly label: string;
  /** Steps of a ramp rather than names. */
  readonly isRamp: boolean;
  readonly items: readonly LegendItem[];
}

/** What the colours mean; nothing where there is one colour only. */
export function legendOf(chart: PlainChart, theme: ChartTheme): ChartLegend | undefined {
  const channel = chart.plot.channels.color;
  if (channel === undefined || chart.rows.length === 0) return undefined;
  if (channel.scale !== "quantitative") {
    const items = colorNames(chart).map((label, index) => ({ label, color: colorOf(label, index, theme) }));
    return { label: channel.label, isRamp: false, items };
  }
  const [min, max] = colorDomain(chart);
  const shares = min === max ? [1] : [0, 0.25, 0.5, 0.75, 1];
  const items = shares.map((share) => ({
    label: formatTick(round(min + (max - min) * share, max - min), undefined),
    color: theme.sequential(share),
  }));
  return { label: channel.label, isRamp: true, items };
}

export function colorNames(chart: PlainChart): string[] {
  return namesOf(chart, "color");
}

export function colorOf(label: string, index: number, theme: ChartTheme): string {
  if (label === OTHER) return theme.other;
  if (label === MISSING) return theme.missing;
  return theme.series[index % theme.series.length] ?? theme.other;
}

/** From the least to the greatest value. */
export function colorDomain(chart: PlainChart): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const { color } of toData(chart)) {
    if (typeof color !== "number" || !Number.isFinite(color)) continue;
    min = Math.min(min, color);
    max = Math.max(max, color);
  }
  return min <= max ? [min, max] : [0, 1];
}

function round(value: number, span: number): number {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(span || 1)));
  return Number(value.toFixed(Math.min(12, digits)));
}
