import { facets, groupInset, type Markish } from "./chart-marks.js";
import {
  isNames,
  longest,
  LONGEST_RULE,
  placeOf,
  shorten,
  type Drawn,
  type Frame,
  type Marks,
  type Options,
} from "./chart-frame.js";
import { colorDomain, LINE_KEY, lineColor, namedColors, rampColor, singleColor } from "./chart-legend.js";
import { formatTickOf, toDate } from "./chart-values.js";
import type { PlotRule } from "./plot-description.js";
import type { SecondAxis } from "./second-axis.js";
import { formatCompact, formatNumber } from "../text/format.js";

/* What is drawn upon the data: a line over bars, values at their marks, reference lines. */

const MANY_LABELS = 24;
const MANY_POINTS = 40;
const LINE_HEIGHT = 13;

export function overlayMarks(
  plot: Marks,
  frame: Frame,
  height: number,
  second: SecondAxis | undefined,
): Markish[] {
  return [
    ...lineOverBars(plot, frame, second),
    ...(frame.chart.plot.rules ?? []).flatMap((rule) => ruleMarks(plot, frame, rule)),
    ...(frame.chart.plot.hasLabels === true ? labels(plot, frame, height) : []),
  ];
}

/** One point for each place, in its middle. */
function lineOverBars(plot: Marks, frame: Frame, second: SecondAxis | undefined): Markish[] {
  const channel = frame.channel("line");
  if (channel === undefined) return [];
  const axis = second?.marks(plot) ?? [];
  if (frame.options.hidden?.has(LINE_KEY) === true) return axis;
  const seen = new Set<string>();
  const points = frame.all.flatMap((datum) => {
    const key = placeOf(datum.x, datum);
    if (seen.has(key) || typeof datum.line !== "number") return [];
    seen.add(key);
    return [{ ...datum, x: middle(frame, datum), over: second?.place(datum.line) ?? datum.line }];
  });
  const stroke = lineColor(frame.chart, frame.theme);
  const halo = { ...facets(frame), x: "x", y: "over" };
  return [
    ...axis,
    plot.lineY(points, { ...halo, stroke: frame.theme.raised, strokeWidth: 4, strokeOpacity: 0.7 }),
    plot.lineY(points, { ...halo, stroke, strokeWidth: 2 }),
    ...(points.length > MANY_POINTS
      ? []
      : [plot.dot(points, { ...halo, fill: stroke, stroke: "none", r: 3 })]),
  ];
}

function middle(frame: Frame, datum: Drawn): Drawn["x"] {
  const ranged = frame.data.find(({ start }) => start !== undefined && Number(start) === Number(datum.x));
  if (frame.chart.plot.mark !== "rect" || ranged === undefined) return datum.x;
  const { step, grain } = frame.channel("x") ?? {};
  if (typeof datum.x === "number") return datum.x + (step ?? 0) / 2;
  if (!(datum.x instanceof Date) || grain === undefined) return datum.x;
  return new Date((datum.x.getTime() + frame.endOf(datum.x).getTime()) / 2);
}

/** Short, as beside a tick, but with the digits of small numbers. */
function labelOf(frame: Frame, value: number): string {
  const name = frame.chart.plot.mark === "cell" ? "color" : frame.value;
  const channel = frame.channel(name);
  if (frame.chart.plot.isPercent === true)
    return formatTickOf({ scale: "quantitative", label: "", format: "0%" }, value);
  if (channel?.format !== undefined) return formatTickOf(channel, value);
  if (Math.abs(value) >= 10_000) return formatCompact(value);
  return formatNumber(channel?.isInteger === true ? Math.round(value) : Number(value.toPrecision(3)));
}

function labels(plot: Marks, frame: Frame, height: number): Markish[] {
  const { mark, isStacked } = frame.chart.plot;
  switch (mark) {
    case "bar":
    case "rect": {
      const isParted = isStacked === true && frame.channel("color") !== undefined;
      return isParted ? partLabels(plot, frame, height) : barLabels(plot, frame, height);
    }
    case "line":
    case "area":
      return isStacked === true && frame.channel("color") !== undefined
        ? []
        : lineLabels(plot, frame, height);
    case "dot":
      return frame.data.length > MANY_LABELS * 2
        ? []
        : [plot.text(frame.data, { ...halo(frame), x: "x", y: "y", dy: -9, text: textOf(frame, "y") })];
    case "cell":
      return cellLabels(plot, frame, height);
    case "number":
      return [];
  }
}

function textOf(frame: Frame, name: "x" | "y" | "color"): (datum: Drawn) => string {
  return (datum) => (typeof datum[name] === "number" ? labelOf(frame, datum[name]) : "");
}

/** Text that is read upon everything. */
function halo(frame: Frame): Options {
  const { text, raised } = frame.theme;
  return { ...facets(frame), fill: text, stroke: raised, strokeWidth: 3, strokeLinejoin: "round" };
}

/** At the ends of bars, where they are wide enough. */
function barLabels(plot: Marks, frame: Frame, height: number): Markish[] {
  const { base, value, isVertical } = frame;
  const count = frame.isGrouped ? Math.max(1, frame.shownColors.length) : 1;
  const isRect = frame.chart.plot.mark === "rect";
  const band = isRect
    ? frame.innerWidth / Math.max(1, new Set(frame.data.map(({ start }) => Number(start))).size)
    : frame.band(base, height).width;
  const texts = frame.data.map(textOf(frame, value));
  const isTooNarrow = isVertical ? longest(texts) > band / count + 4 : band / count < LINE_HEIGHT - 2;
  if (isTooNarrow) return [];
  const draw = (data: readonly Drawn[], isBelow: boolean, name: string | undefined): Markish => {
    const options: Options = {
      ...halo(frame),
      [base]: isRect ? (datum: Drawn) => centre(datum, base) : base,
      [value]: value,
      text: textOf(frame, value),
      ...(isVertical
        ? { lineAnchor: isBelow ? "top" : "bottom", dy: isBelow ? 4 : -4 }
        : { textAnchor: isBelow ? "end" : "start", dx: isBelow ? -4 : 4 }),
      ...(name === undefined ? {} : shift(frame, name, height)),
    };
    return plot.text(data, options);
  };
  const names = frame.isGrouped && !isRect ? frame.shownColors : [undefined];
  return names.flatMap((name) => {
    const own = name === undefined ? frame.data : frame.data.filter(({ color }) => color === name);
    const isBelow = (datum: Drawn): boolean => Number(datum[value]) < 0;
    return [own.filter((datum) => !isBelow(datum)), own.filter(isBelow)].flatMap((data, index) =>
      data.length === 0 ? [] : [draw(data, index === 1, name)],
    );
  });
}

function centre(datum: Drawn, base: "x" | "y"): number | Date {
  const [from, to] = [datum[base], datum[`${base}2`]];
  const between = (Number(from) + Number(to)) / 2;
  return from instanceof Date ? new Date(between) : between;
}

/** From the middle of the band to that of one bar of its group. */
function shift(frame: Frame, name: string, height: number): Options {
  const inset = groupInset(frame, name, height) as Record<string, number>;
  const [before, after] = frame.isVertical
    ? [inset["insetLeft"], inset["insetRight"]]
    : [inset["insetTop"], inset["insetBottom"]];
  const by = ((before ?? 0) - (after ?? 0)) / 2;
  return frame.isVertical ? { dx: by } : { dy: by };
}

/** Within the parts of bars, where they are large enough. */
function partLabels(plot: Marks, frame: Frame, height: number): Markish[] {
  const { base, value, isVertical, theme } = frame;
  const [low, high] = frame.valueExtent(value);
  const { marginTop, marginBottom } = frame.margins() as Record<string, number>;
  const facetCount = isVertical ? Math.max(1, frame.names("fy").length) : 1;
  const room = isVertical ? (height - (marginTop ?? 0) - (marginBottom ?? 0)) / facetCount : frame.innerWidth;
  const perUnit = room / (Math.max(0, high) - Math.min(0, low) || 1) / 1.1;
  const band = frame.chart.plot.mark === "rect" ? Infinity : frame.band(base, height).width;
  const colors = namedColors(frame.chart, theme);
  const text = (datum: Drawn): string => {
    const label = textOf(frame, value)(datum);
    const size = Math.abs(Number(datum[value] ?? 0)) * perUnit;
    const [long, thick] = isVertical ? [band, size] : [size, band];
    return longest([label]) <= long && thick >= LINE_HEIGHT ? label : "";
  };
  const options: Options = {
    ...facets(frame),
    [base]: frame.chart.plot.mark === "rect" ? (datum: Drawn) => centre(datum, base) : base,
    [value]: value,
    z: "color",
    text,
    fill: (datum: Drawn) => theme.ink(colors.get(String(datum.color)) ?? theme.other),
  };
  // Colours of text are colours, not names of a scale.
  const named = { ...options, fill: { value: options["fill"], scale: null } };
  return [
    isVertical
      ? plot.text(frame.data, plot.stackY(named as PlotStack))
      : plot.text(frame.data, plot.stackX(named as PlotStack)),
  ];
}

type PlotStack = Parameters<Marks["stackY"]>[0];

/** At each point of a short line, else at the last one. */
function lineLabels(plot: Marks, frame: Frame, height: number): Markish[] {
  const isSingle = frame.channel("color") === undefined;
  const isShort = isSingle && frame.data.length <= Math.min(MANY_LABELS, frame.innerWidth / 40);
  if (isShort)
    return [plot.text(frame.data, { ...halo(frame), x: "x", y: "y", dy: -9, text: textOf(frame, "y") })];
  const colors = namedColors(frame.chart, frame.theme);
  const last = new Map(frame.data.map((datum) => [placeOf(datum.color, datum), datum]));
  return dodge([...last.values()], frame, height).map(({ datum, by }) =>
    plot.text([datum], {
      ...halo(frame),
      x: "x",
      y: "y",
      dx: 6,
      dy: by,
      textAnchor: "start",
      text: textOf(frame, "y"),
      fill: isSingle
        ? singleColor(frame.chart.plot, frame.theme)
        : (colors.get(String(datum.color)) ?? frame.theme.text),
    }),
  );
}

/** Labels that would stand upon one another are moved apart, as far as the axis can be told here. */
function dodge(
  ends: readonly Drawn[],
  frame: Frame,
  height: number,
): { readonly datum: Drawn; readonly by: number }[] {
  const [low, high] = frame.valueExtent("y");
  const isLinear = frame.channel("y")?.transform === undefined && frame.channel("fy") === undefined;
  const perUnit = isLinear ? (height - 90) / (high - low || 1) : 0;
  let floor = -Infinity;
  return [...ends]
    .sort((a, b) => Number(b.y) - Number(a.y))
    .map((datum) => {
      const at = (high - Number(datum.y)) * perUnit;
      const moved = isLinear ? Math.max(at, floor + LINE_HEIGHT) : at;
      floor = moved;
      return { datum, by: moved - at };
    });
}

function cellLabels(plot: Marks, frame: Frame, height: number): Markish[] {
  const color = frame.channel("color");
  if (isNames(color)) return [];
  const texts = frame.data.map(textOf(frame, "color"));
  const [wide, high] = [frame.band("x", height).width, frame.band("y", height).width];
  if (longest(texts) > wide || high < LINE_HEIGHT) return [];
  const [min, max] = colorDomain(frame.chart);
  const ink = ({ color: value }: Drawn): string =>
    frame.theme.ink(
      rampColor(frame.chart.plot, frame.theme, max === min ? 1 : (Number(value) - min) / (max - min)),
    );
  const fill = { value: ink, scale: null };
  return [
    plot.text(frame.data, {
      ...facets(frame),
      x: "x",
      y: "y",
      text: textOf(frame, "color"),
      fill,
    }),
  ];
}

/** Named beside the frame, where there is room for it. */
function ruleMarks(plot: Marks, frame: Frame, rule: PlotRule): Markish[] {
  const { axis, at } = rule;
  const channel = frame.channel(axis);
  const place = channel?.scale === "temporal" ? toDate(at) : Number(at);
  if (channel === undefined || isNames(channel) || place === null) return [];
  const { text, raised } = frame.theme;
  const line = { stroke: text, strokeOpacity: 0.75, strokeDasharray: "4 3", strokeWidth: 1.2 };
  const label = shorten(frame.ruleLabel(rule), LONGEST_RULE);
  const named: Options = {
    fill: text,
    stroke: raised,
    strokeWidth: 4,
    strokeLinejoin: "round",
    text: () => label,
  };
  const across = (value: unknown): unknown => value;
  if (axis === "x") {
    const above: Options = { frameAnchor: "top", lineAnchor: "bottom", dy: -4 };
    return [plot.ruleX([place], line), plot.text([place], { ...named, ...above, x: across })];
  }
  const beside: Options = frame.hasRuleRoom
    ? { frameAnchor: "right", textAnchor: "start", dx: 6 }
    : { frameAnchor: "right", textAnchor: "end", lineAnchor: "bottom", dy: -3 };
  return [plot.ruleY([place], line), plot.text([place], { ...named, ...beside, y: across })];
}
