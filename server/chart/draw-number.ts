import type { Markish } from "./chart-marks.js";
import type { Frame, Marks, Options } from "./chart-frame.js";
import { singleColor } from "./chart-legend.js";
import { exactly, formatFigure, formatGrain, formatterOf } from "./chart-values.js";
import { formatCompact } from "../text/format.js";
import { formatAs } from "../text/value-format.js";

/* A single big number with its change, above a line of what it was. */

export const NUMBER_HEIGHT = 124;
const TREND_HEIGHT = 56;
const LONGEST_FIGURE = 9;

export function numberHeight(frame: Frame): number {
  return NUMBER_HEIGHT + (frame.data.length > 1 ? TREND_HEIGHT : 0);
}

/** All of the options of the plot but its size. */
export function numberOptions(plot: Marks, frame: Frame): Options {
  const hasTrend = frame.data.length > 1;
  const { text, muted } = frame.theme;
  const { words, change } = sayNumber(frame);
  const label = frame.channel("y")?.label ?? "";
  const exact = exactly(frame.chart, "y", frame.data.at(-1)?.row);
  const line = (content: string, dy: number, options: Options): Markish =>
    plot.text([content], { frameAnchor: "top-left", lineAnchor: "top", dy, ...options });
  const above = NUMBER_HEIGHT - (hasTrend ? 0 : 20);
  return {
    marginLeft: 2,
    marginRight: 6,
    marginTop: hasTrend ? above : 0,
    marginBottom: hasTrend ? 6 : 0,
    x: { axis: null, type: hasTrend ? "utc" : "linear" },
    y: { axis: null },
    marks: [
      line(label, hasTrend ? -above + 10 : 10, { fontSize: 12, fill: muted }),
      line(words, hasTrend ? -above + 32 : 32, {
        ...(exact !== undefined && { title: () => exact }),
        ...{ fontSize: 44, fontWeight: 600, fill: text, dx: -2 },
      }),
      ...(change === "" ? [] : [line(change, hasTrend ? -above + 88 : 88, { fontSize: 13, fill: muted })]),
      ...(hasTrend ? trend(plot, frame) : []),
    ],
  };
}

function trend(plot: Marks, frame: Frame): Markish[] {
  const stroke = singleColor(frame.chart.plot, frame.theme);
  const values = frame.data.flatMap(({ y }) => (typeof y === "number" ? [y] : []));
  const least = Math.min(...values);
  const tip: Options = frame.options.tips === "pointer" ? { tip: { format: tipFormat(frame) } } : {};
  return [
    plot.areaY(frame.data, { x: "x", y1: least, y2: "y", fill: stroke, fillOpacity: 0.14 }),
    plot.lineY(frame.data, { x: "x", y: "y", stroke, strokeWidth: 1.8, ...tip }),
    plot.dot(frame.data.slice(-1), { x: "x", y: "y", fill: stroke, r: 3.5 }),
  ];
}

function tipFormat(frame: Frame): Options {
  const { x, y } = frame.chart.plot.channels;
  return { ...(x && { x: formatterOf(x) }), ...(y && { y: formatterOf(y) }) };
}

/** The number, and a sentence on how it has changed. */
export function sayNumber(frame: Frame): { readonly words: string; readonly change: string } {
  const last = frame.data.at(-1);
  const value = typeof last?.y === "number" ? last.y : undefined;
  const words = figure(frame, value);
  if (value === undefined || last === undefined) return { words, change: "" };
  const { x, compare } = frame.chart.plot.channels;
  if (compare !== undefined) {
    const other = typeof last.compare === "number" ? last.compare : undefined;
    return { words, change: `${changed(value, other)}against ${compare.label} (${figure(frame, other)})` };
  }
  const before = frame.data.at(-2);
  const when = last.x instanceof Date ? formatGrain(last.x, x?.grain) : "";
  if (before === undefined || !(before.x instanceof Date)) return { words, change: when };
  const other = typeof before.y === "number" ? before.y : undefined;
  return { words, change: `${when}: ${changed(value, other)}against ${formatGrain(before.x, x?.grain)}` };
}

function figure(frame: Frame, value: number | undefined): string {
  if (value === undefined) return "–";
  const { format, isInteger } = frame.channel("y") ?? {};
  if (format !== undefined) return formatAs(value, format);
  const whole = formatFigure(isInteger === true ? Math.round(value) : Number(value.toPrecision(4)));
  return whole.length > LONGEST_FIGURE ? formatCompact(value) : whole;
}

/** "▲ 12 % ", or by how much where a share says nothing. */
function changed(value: number, other: number | undefined): string {
  if (other === undefined) return "";
  if (value === other) return "no change ";
  const sign = value > other ? "▲" : "▼";
  if (other === 0) return `${sign} from 0, `;
  return `${sign} ${formatAs(Math.abs((value - other) / other), "percent")} `;
}
