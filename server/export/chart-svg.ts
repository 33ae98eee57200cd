import type { SnapshotChart } from "../share/snapshot.js";
import {
  bandNames,
  createAxis,
  formatNumber,
  isBand,
  toValue,
  type Axis,
  type Channel,
  type Value,
} from "./chart-axis.js";
import { isCssColor } from "../chart/css-color.js";
import { escapeHtml } from "../text/escape-html.js";

const WIDTH = 720;
const HEIGHT = 280;
const SERIES = 8;

interface Point {
  readonly x: Value;
  readonly y: Value;
  readonly color: string;
  /** Of a heat map, from 0 to 1. */
  readonly heat: number;
  /** Where a stacked bar begins and ends. */
  low: number;
  high: number;
}

interface Frame {
  readonly x: Axis;
  readonly y: Axis;
  readonly left: number;
  readonly bottom: number;
}

/**
 * A chart as SVG without a script, drawn where there is no browser. Undefined for what it cannot draw: facets, and a
 * chart with one axis only.
 */
export function chartToSvg(chart: SnapshotChart): string | undefined {
  const { plot } = chart;
  const { x, y, fx, fy } = plot.channels;
  if (x === undefined || y === undefined || fx !== undefined || fy !== undefined || chart.rows.length === 0)
    return undefined;
  const colors = colorNames(chart);
  const points = toPoints(chart, x, y);
  if (isBarLike(plot.mark)) stack(points, plot.base, plot.isStacked === true);
  const height = plot.mark === "cell" || isBand(y) ? Math.max(120, bandCount(y, points) * 26 + 60) : HEIGHT;
  const frame = createFrame(chart, points, x, y, height);
  const marks = drawMarks(chart, points, frame, colors);
  const label = [plot.title, plot.description ?? `${y.label} by ${x.label}`].filter(Boolean).join(": ");
  const total = height + (isSlanted(frame.x) ? 60 : 0);
  return (
    `<svg class="plot" role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${String(WIDTH)} ${String(total)}" ` +
    `width="${String(WIDTH)}" height="${String(total)}">${drawAxes(frame, x, y)}${marks}</svg>${drawLegend(chart, colors)}`
  );
}

function toPoints({ plot, columns, rows }: SnapshotChart, x: Channel, y: Channel): Point[] {
  const index = (name: string): number => columns.findIndex((column) => column.name === name);
  const [ix, iy, ic] = [index("x"), index("y"), index("color")];
  const { color } = plot.channels;
  const isHeat = color !== undefined && !isBand(color);
  const heats = isHeat ? rows.map((row) => Number(toValue(row[ic], color))) : [];
  const [min, max] = [Math.min(...heats), Math.max(...heats)];
  return rows.flatMap((row, position): Point[] => {
    const point = { x: toValue(row[ix], x), y: toValue(row[iy], y), low: 0, high: 0 };
    if (point.x === null || point.y === null) return [];
    const heat = isHeat ? ((heats[position] ?? min) - min) / (max - min || 1) : 0;
    return [{ ...point, heat, color: color === undefined || isHeat ? "" : String(toValue(row[ic], color)) }];
  });
}

function colorNames({ plot, columns, rows }: SnapshotChart): string[] {
  const { color } = plot.channels;
  if (color === undefined || !isBand(color)) return [];
  const index = columns.findIndex((column) => column.name === "color");
  return bandNames(
    color,
    rows.map((row) => toValue(row[index], color)),
  );
}

function isBarLike(mark: string): boolean {
  return mark === "bar" || mark === "rect" || mark === "area";
}

/** Positive parts grow upwards, negative ones downwards. */
function stack(points: readonly Point[], base: "x" | "y", isStacked: boolean): void {
  const ends = new Map<string, number>();
  for (const point of points) {
    const value = Number(base === "x" ? point.y : point.x);
    const key = `${String(base === "x" ? point.x : point.y)} ${value < 0 ? "-" : "+"}`;
    point.low = isStacked ? (ends.get(key) ?? 0) : 0;
    point.high = point.low + value;
    ends.set(key, point.high);
  }
}

function bandCount(channel: Channel, points: readonly Point[]): number {
  return bandNames(
    channel,
    points.map((point) => point.y),
  ).length;
}

function createFrame(
  { plot }: SnapshotChart,
  points: readonly Point[],
  x: Channel,
  y: Channel,
  height: number,
): Frame {
  const ends = isBarLike(plot.mark) ? points.flatMap(({ low, high }) => [0, low, high]) : [];
  const xs = ends.length > 0 && plot.base === "y" ? ends : points.map((point) => point.x);
  const ys = ends.length > 0 && plot.base === "x" ? ends : points.map((point) => point.y);
  const bottom = height - 40;
  const draft = isBand(y) ? createAxis(y, ys, 18, bottom) : createAxis(y, ys, bottom, 18);
  const left = 16 + Math.max(3, ...draft.ticks.map(({ label }) => label.length)) * 6.8;
  return { x: createAxis(x, xs, left, WIDTH - 12), y: draft, left, bottom };
}

function drawMarks(
  chart: SnapshotChart,
  points: readonly Point[],
  frame: Frame,
  colors: readonly string[],
): string {
  const { plot } = chart;
  switch (plot.mark) {
    case "bar":
    case "rect":
      return points.map((point) => drawBar(chart, point, frame, colors)).join("");
    case "line":
    case "area":
      return (colors.length === 0 ? [""] : colors)
        .map((color) =>
          drawPath(
            chart,
            points.filter((point) => point.color === color),
            frame,
            paint(chart, color, colors),
          ),
        )
        .join("");
    case "dot":
      return points
        .map(
          (point) =>
            `<circle cx="${px(frame.x.at(point.x))}" cy="${px(frame.y.at(point.y))}" r="2.5" ${paint(chart, point.color, colors)}/>`,
        )
        .join("");
    case "cell":
      return points.map((point) => drawCell(point, frame)).join("");
  }
}

function drawBar(chart: SnapshotChart, point: Point, { x, y }: Frame, colors: readonly string[]): string {
  const { plot } = chart;
  const isUpright = plot.base === "x";
  const [base, measure] = isUpright ? [x, y] : [y, x];
  const place = isUpright ? point.x : point.y;
  const isGrouped = plot.isStacked !== true && colors.length > 1 && base.isBand;
  const whole = base.width(place);
  const size = isGrouped ? whole / colors.length : whole;
  const middle = base.at(place);
  const edge = base.isBand ? middle - whole / 2 : isUpright ? middle : middle - whole;
  const start = edge + (isGrouped ? size * colors.indexOf(point.color) : 0);
  const [a, b] = [measure.at(point.low), measure.at(point.high)];
  const gap = base.isBand ? 0 : Math.min(1, size / 4);
  const along = [start + gap / 2, Math.max(0.5, size - gap)] as const;
  const across = [Math.min(a, b), Math.abs(a - b)] as const;
  const [left, width] = isUpright ? along : across;
  const [top, height] = isUpright ? across : along;
  return rect(left, top, width, height, paint(chart, point.color, colors), describe(chart, point));
}

function drawCell(point: Point, { x, y }: Frame): string {
  const [width, height] = [x.width(point.x) / 0.86, y.width(point.y) / 0.86];
  const style = `class="heat" fill-opacity="${(0.08 + 0.92 * point.heat).toFixed(3)}"`;
  return rect(x.at(point.x) - width / 2, y.at(point.y) - height / 2, width - 1, height - 1, style);
}

function drawPath(chart: SnapshotChart, points: readonly Point[], { x, y }: Frame, style: string): string {
  const isArea = chart.plot.mark === "area";
  const sorted = x.isBand ? points : [...points].sort((a, b) => Number(a.x) - Number(b.x));
  const top = sorted.map((point) => `${px(x.at(point.x))} ${px(y.at(isArea ? point.high : point.y))}`);
  if (top.length === 0) return "";
  if (!isArea)
    return `<path d="M${top.join("L")}" ${style.replace('class="f', 'class="line').replace("fill=", "stroke=")}/>`;
  const bottom = sorted.map((point) => `${px(x.at(point.x))} ${px(y.at(point.low))}`).reverse();
  return `<path d="M${[...top, ...bottom].join("L")}Z" ${style}/>`;
}

function rect(x: number, y: number, width: number, height: number, style: string, title = ""): string {
  const tip = title === "" ? "" : `<title>${escapeHtml(title)}</title>`;
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" ${style}>${tip}</rect>`;
}

function describe({ plot }: SnapshotChart, point: Point): string {
  const value = formatNumber(point.high - point.low);
  return [plot.base === "x" ? point.x : point.y, point.color, value].filter((part) => part !== "").join(", ");
}

/** A class of the style sheet, so that the colour follows light and dark; or the one that the chart asks for. */
function paint({ plot }: SnapshotChart, color: string, colors: readonly string[]): string {
  // Checked where it was written; a snapshot is a file that lay about since.
  if (colors.length === 0 && plot.color !== undefined && isCssColor(plot.color))
    return `class="f" fill="${escapeHtml(plot.color)}"`;
  return `class="f s${String(Math.max(0, colors.indexOf(color)) % SERIES)}"`;
}

function isSlanted({ isBand: hasNames, ticks }: Axis): boolean {
  const room = (WIDTH - 80) / Math.max(1, ticks.length);
  return hasNames && ticks.some(({ label }) => label.length * 6.8 > room);
}

function drawAxes({ x, y, left, bottom }: Frame, xChannel: Channel, yChannel: Channel): string {
  const slant = isSlanted(x);
  const xs = x.ticks.map(({ at, label }) =>
    slant
      ? `<text transform="translate(${px(at + 4)} ${px(bottom + 12)}) rotate(-40)" text-anchor="end">${escapeHtml(label)}</text>`
      : `<text x="${px(at)}" y="${px(bottom + 15)}" text-anchor="middle">${escapeHtml(label)}</text>`,
  );
  const ys = y.ticks.map(
    ({ at, label }) =>
      (y.isBand
        ? ""
        : `<line class="grid" x1="${px(left)}" x2="${px(WIDTH - 12)}" y1="${px(at)}" y2="${px(at)}"/>`) +
      `<text x="${px(left - 6)}" y="${px(at + 4)}" text-anchor="end">${escapeHtml(label)}</text>`,
  );
  const labels =
    `<text class="label" x="2" y="10">↑ ${escapeHtml(yChannel.label)}</text>` +
    `<text class="label" x="${px(WIDTH - 12)}" y="${px(bottom + (slant ? 92 : 34))}" text-anchor="end">${escapeHtml(xChannel.label)} →</text>`;
  return `${ys.join("")}${xs.join("")}${labels}`;
}

function drawLegend({ plot }: SnapshotChart, colors: readonly string[]): string {
  if (colors.length === 0) return "";
  const items = colors.map(
    (name, index) => `<span><i class="s${String(index % SERIES)}"></i>${escapeHtml(name)}</span>`,
  );
  return `<p class="legend">${escapeHtml(plot.channels.color?.label ?? "")}: ${items.join(" ")}</p>`;
}

function px(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : "0";
}
