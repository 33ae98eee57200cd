import { colorDomain, namedColors, rampColor } from "./chart-legend.js";
import { isNames, shorten, shortenMore, type Frame, type Options } from "./chart-frame.js";
import type { PlotChannel } from "./plot-description.js";
import type { SecondAxis } from "./second-axis.js";

/* The scales of a chart, as Plot takes them. */

const MOST_ROWS = 400;

export function scaleOptions(frame: Frame, height: number, second: SecondAxis | undefined): Options {
  const { channels } = frame.chart.plot;
  return {
    x: axis(frame, "x", height, second),
    y: axis(frame, "y", height, second),
    ...(channels.fx === undefined ? {} : { fx: facet(frame, "fx") }),
    ...(channels.fy === undefined ? {} : { fy: facet(frame, "fy") }),
    ...(channels.color === undefined ? {} : { color: colorScale(frame, channels.color) }),
    ...(channels.r === undefined ? {} : { r: { range: [1.5, 14], label: channels.r.label } }),
  };
}

function axis(frame: Frame, name: "x" | "y", height: number, second: SecondAxis | undefined): Options {
  const channel = frame.channel(name);
  if (channel === undefined) return {};
  const { label, scale } = channel;
  switch (scale) {
    case "quantitative":
      return {
        ...numberAxis(frame, name, channel),
        ...(second !== undefined && name === "y" && second.left),
      };
    case "temporal":
      return { label, type: "utc", labelArrow: "none", tickSize: 4, ...mondays(frame, name, channel) };
    case "ordinal":
    case "nominal":
      return {
        label,
        labelArrow: "none",
        ...(name === "y" && { labelAnchor: "top" }),
        type: hasBands(frame) ? "band" : "point",
        domain: frame.keys(name),
        tickSize: 0,
        tickFormat: (key: string) => shorten(frame.nameOf(name, key)),
        ...bandPadding(frame, name, height),
        ...(name === "x" && frame.isAslant
          ? { tickRotate: -40, tickFormat: (key: string) => shortenMore(frame.nameOf(name, key)) }
          : {}),
        ...thinning(frame, name),
      };
  }
}

const WEEK = 7 * 86_400_000;

/** Where weeks are shown one by one they begin as they are counted: Plot's begin on Sundays. */
function mondays(frame: Frame, name: "x" | "y", { grain }: PlotChannel): Options {
  if (grain !== "week") return {};
  const times = frame.data.flatMap((datum) => {
    const value = datum[name];
    return value instanceof Date ? [value.getTime()] : [];
  });
  const [first, last] = times.reduce(
    ([min, max], time) => [Math.min(min, time), Math.max(max, time)],
    [Infinity, -Infinity],
  );
  const most = Math.max(2, Math.floor(frame.innerWidth / 60));
  const weeks = Math.round((last - first) / WEEK) + 1;
  // Of a longer time months are told.
  if (!(weeks >= 1) || weeks > 20) return {};
  const every = Math.ceil(weeks / most);
  const count = Math.ceil(weeks / every);
  return { ticks: Array.from({ length: count }, (_, index) => new Date(first + index * every * WEEK)) };
}

function numberAxis(frame: Frame, name: "x" | "y", channel: PlotChannel): Options {
  const { mark, isPercent } = frame.chart.plot;
  const isValue = name === frame.value;
  // Between the largest numbers there are ticks that are the same one.
  let before = "";
  const options: Options = {
    label: channel.label === "" ? null : channel.label,
    labelArrow: "auto",
    tickSize: 0,
    grid: isValue || mark === "dot",
    nice: mark !== "rect" || isValue,
    tickFormat: (value: number, index: number) => {
      const text = frame.formatTick(name, value);
      const isSame = index > 0 && text === before;
      before = text;
      return isSame ? "" : text;
    },
  };
  if (isPercent === true && isValue) {
    const [min] = frame.valueExtent(name);
    return { ...options, domain: [min < 0 ? -1 : 0, 1], ticks: 5 };
  }
  if (channel.transform === "sqrt") return { ...options, type: "sqrt" };
  return channel.transform === "log" ? { ...options, type: "log", ...decades(frame, name) } : options;
}

/** From a power of ten on, with ticks that are not too many. */
function decades(frame: Frame, name: "x" | "y"): Options {
  const [from, to] = logExtent(frame, name);
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const edges = [1, 2, 5, 10].map((factor) => Number((factor * 10 ** (last - 1)).toPrecision(3)));
  const top = Math.max(edges.find((edge) => edge >= to) ?? to, 10 ** first * 2);
  const every = Math.max(1, Math.ceil((last - first) / 7));
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .filter((_, index) => index % every === 0)
    .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(3))))
    .filter((tick) => tick >= 10 ** first * 0.999 && tick <= top);
  return { domain: [10 ** first, top], nice: false, ticks };
}

/** Of the values that a logarithm has. */
function logExtent(frame: Frame, name: "x" | "y"): readonly [number, number] {
  const rules = (frame.chart.plot.rules ?? []).flatMap(({ axis, at }) => (axis === name ? [at] : []));
  const values = [...frame.data.map((datum) => datum[name]), ...rules];
  let [min, max] = [Infinity, 0];
  for (const value of values)
    if (typeof value === "number" && value > 0) [min, max] = [Math.min(min, value), Math.max(max, value)];
  return min <= max ? [min, max] : [1, 10];
}

/** Where bars begin: a logarithm has no zero. */
export function floorOf(frame: Frame): number {
  return frame.isLogarithmic ? 10 ** Math.floor(Math.log10(logExtent(frame, frame.value)[0])) : 0;
}

function bandPadding(frame: Frame, name: "x" | "y", height: number): Options {
  if (frame.chart.plot.mark === "cell") return { padding: 0.04 };
  // Without rounding the width of a band is known here.
  return frame.isGrouped ? { padding: frame.band(name, height).padding, round: false } : {};
}

export function hasBands({ chart }: Frame): boolean {
  const { mark } = chart.plot;
  return mark === "bar" || mark === "cell" || mark === "rect";
}

function thinning(frame: Frame, name: "x" | "y"): Options {
  const keys = frame.keys(name);
  const most = name === "x" ? Math.max(2, Math.floor(frame.innerWidth / 13)) : MOST_ROWS;
  if (keys.length <= most) return {};
  const every = Math.ceil(keys.length / most);
  return { ticks: keys.filter((_, index) => index % every === 0) };
}

function facet(frame: Frame, name: "fx" | "fy"): Options {
  return {
    label: frame.channel(name)?.label,
    labelArrow: "none",
    domain: frame.keys(name),
    tickFormat: (key: string) => shorten(frame.nameOf(name, key)),
  };
}

function colorScale(frame: Frame, channel: PlotChannel): Options {
  const { theme, chart, colors } = frame;
  const label = channel.label === "" ? undefined : channel.label;
  if (isNames(channel)) {
    const named = namedColors(chart, theme);
    const range = colors.map((key) => named.get(key) ?? theme.other);
    return { label, type: "ordinal", domain: colors, range };
  }
  const [min, max] = colorDomain(chart);
  return {
    label,
    type: "linear",
    domain: min === max ? [min - 1, max] : [min, max],
    interpolate: (share: number) => rampColor(chart.plot, theme, min === max ? 1 : share),
  };
}
