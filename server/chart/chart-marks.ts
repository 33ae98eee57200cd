import type * as PlotModule from "@observablehq/plot";
import { floorOf } from "./chart-axes.js";
import { isNames, type Drawn, type Frame, type Marks, type Options } from "./chart-frame.js";
import { singleColor } from "./chart-legend.js";
import { REST } from "./plot-description.js";
import { tipOptions } from "./chart-tips.js";

/* What stands for data. */

const MANY_POINTS = 80;
const WIDEST_BAR = 110;
const WIDEST_OF_GROUP = 64;

export type Markish = PlotModule.Markish;

export function dataMarks(plot: Marks, frame: Frame, height: number): Markish[] {
  const { isVertical } = frame;
  const zero = frame.isLogarithmic ? floorOf(frame) : 0;
  const rule = isVertical
    ? plot.ruleY([zero], { strokeOpacity: 0.35 })
    : plot.ruleX([zero], { strokeOpacity: 0.35 });
  switch (frame.chart.plot.mark) {
    case "bar":
      return [...bars(plot, frame, height), rule];
    case "rect":
      return [rects(plot, frame), rule];
    case "line":
      return lines(plot, frame);
    case "area":
      return [...areas(plot, frame), rule];
    case "dot":
      return [dots(plot, frame)];
    case "cell":
      return [
        plot.cell(frame.data, { ...common(frame), x: "x", y: "y", fill: paint(frame), inset: 0.5, rx: 1.5 }),
      ];
    case "number":
      return [];
  }
}

function paint(frame: Frame): string {
  return frame.channel("color") === undefined ? singleColor(frame.chart.plot, frame.theme) : "color";
}

function common(frame: Frame, data: readonly Drawn[] = frame.data): Options {
  return { ...facets(frame), ...tipOptions(frame, data), ...rowNumbers(frame, data) };
}

type Render = (...given: unknown[]) => { readonly children: Iterable<Numbered> };
interface Numbered {
  /** Of Plot: the index of what it stands for. */
  readonly __data__?: unknown;
  setAttribute(name: string, value: string): void;
}

/** On the page a mark says which row it stands for. */
function rowNumbers(frame: Frame, data: readonly Drawn[]): Options {
  if (frame.options.tips !== "pointer") return {};
  const render = (...given: unknown[]): unknown => {
    const next = given.pop() as Render;
    const group = next(...given);
    for (const mark of group.children) {
      const row = typeof mark.__data__ === "number" ? data[mark.__data__]?.row : undefined;
      if (row !== undefined) mark.setAttribute("data-row", String(row));
    }
    return group;
  };
  return { render };
}

export function facets(frame: Frame): Options {
  return { ...(frame.channel("fx") && { fx: "fx" }), ...(frame.channel("fy") && { fy: "fy" }) };
}

/** From the floor of the axis to the value; what adds up is stacked by Plot. */
function measure(frame: Frame): Options {
  const { value } = frame;
  if (frame.isLogarithmic) return { [`${value}1`]: floorOf(frame), [`${value}2`]: value };
  return { [value]: value };
}

function bars(plot: Marks, frame: Frame, height: number): Markish[] {
  const { base, isVertical } = frame;
  const draw = (data: readonly Drawn[], options: Options): Markish =>
    isVertical ? plot.barY(data, options) : plot.barX(data, options);
  const fill = paint(frame);
  if (!frame.isGrouped)
    return [
      draw(frame.data, {
        ...common(frame),
        [base]: base,
        ...measure(frame),
        ...barInset(frame),
        fill: withOther(frame, fill),
        fillOpacity: 1,
      }),
    ];
  return frame.shownColors.map((name) => {
    const data = frame.data.filter(({ color }) => color === name);
    const inset = groupInset(frame, name, height);
    return draw(data, { ...common(frame, data), [base]: base, ...measure(frame), ...inset, fill });
  });
}

/** What stands for many is no equal of the others. */
function withOther(frame: Frame, fill: string): unknown {
  const { base, theme } = frame;
  if (frame.channel("color") !== undefined || !frame.keys(base).includes(REST)) return fill;
  return { value: (datum: Drawn) => (datum[base] === REST ? theme.other : fill), scale: null };
}

/** A few bars do not have to fill the whole width. */
function barInset(frame: Frame): Options {
  if (!frame.isVertical) return {};
  const band = (frame.innerWidth / Math.max(1, frame.names("x").length)) * 0.9;
  const inset = Math.max(0, (band - WIDEST_BAR) / 2);
  return { insetLeft: inset, insetRight: inset };
}

/** The place of one series among those that stand side by side. */
export function groupInset(frame: Frame, name: string, height: number): Options {
  const { width } = frame.band(frame.base, height);
  const count = Math.max(1, frame.shownColors.length);
  const index = Math.max(0, frame.shownColors.indexOf(name));
  const edge = Math.max(0, (width - count * WIDEST_OF_GROUP) / 2);
  const each = (width - 2 * edge) / count;
  const gap = each > 6 ? 0.5 : 0;
  const [before, after] = [edge + index * each + gap, edge + (count - 1 - index) * each + gap];
  return frame.isVertical
    ? { insetLeft: before, insetRight: after }
    : { insetTop: before, insetBottom: after };
}

function rects(plot: Marks, frame: Frame): Markish {
  const { base, isVertical } = frame;
  const options: Options = {
    ...common(frame),
    [`${base}1`]: base,
    [`${base}2`]: `${base}2`,
    ...measure(frame),
    fill: paint(frame),
    fillOpacity: 1,
    inset: 0,
    ...(isVertical ? { insetLeft: 0.5, insetRight: 0.5 } : { insetTop: 0.5, insetBottom: 0.5 }),
    ...(frame.isGrouped && { z: null }),
  };
  return isVertical ? plot.rectY(frame.data, options) : plot.rectX(frame.data, options);
}

/** With its points where they are few; a marker of Plot would have a number that depends on what was drawn before. */
function lines(plot: Marks, frame: Frame): Markish[] {
  const place = { x: "x", y: "y" };
  const line = plot.lineY(frame.data, {
    ...facets(frame),
    ...tipOptions(frame, frame.data),
    ...place,
    stroke: paint(frame),
    strokeWidth: 1.6,
    ...(frame.channel("color") === undefined ? {} : { z: "color" }),
  });
  if (frame.data.length > MANY_POINTS) return [line];
  return [
    line,
    plot.dot(frame.data, {
      ...facets(frame),
      ...rowNumbers(frame, frame.data),
      ...place,
      r: 2.5,
      fill: paint(frame),
      stroke: "none",
    }),
  ];
}

function areas(plot: Marks, frame: Frame): Markish[] {
  const color = frame.channel("color");
  const isOne = color === undefined || (isNames(color) && frame.chart.plot.isStacked !== true);
  const place: Options = isOne && color !== undefined ? { y1: floorOf(frame), y2: "y" } : measure(frame);
  const layers = plot.areaY(frame.data, {
    ...facets(frame),
    x: "x",
    ...place,
    fill: paint(frame),
    fillOpacity: isOne ? 0.22 : 0.85,
    ...(color !== undefined && { z: "color" }),
    ...(isOne ? {} : tipOptions(frame, frame.data)),
  });
  return isOne ? [layers, ...lines(plot, frame)] : [layers];
}

function dots(plot: Marks, frame: Frame): Markish {
  const count = frame.data.length;
  return plot.dot(frame.data, {
    ...common(frame),
    x: "x",
    y: "y",
    r: frame.channel("r") === undefined ? (count > 1000 ? 2 : 3) : "r",
    fill: paint(frame),
    fillOpacity: count > 1000 ? 0.4 : count > 200 ? 0.6 : 0.85,
    stroke: "none",
  });
}
