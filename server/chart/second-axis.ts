import type * as PlotModule from "@observablehq/plot";
import { lineColor } from "./chart-legend.js";
import { longest, type Frame, type Marks, type Options } from "./chart-frame.js";
import { formatTickOf } from "./chart-values.js";

/* A line over bars may have values of another size: then it has an axis of its own, whose ticks meet the same grid. */

export interface SecondAxis {
  /** For the scale of the bars. */
  readonly left: Options;
  /** Where a value of the line stands among those of the bars. */
  readonly place: (value: number) => number;
  readonly marks: (plot: Marks) => PlotModule.Markish[];
}

const INTERVALS = 5;
/** From here on a line would lie flat among the bars, or they beside it. */
const OTHER_SIZE = 4;

/** Undefined: the line stands among the bars as it is. */
export function secondAxis(frame: Frame): SecondAxis | undefined {
  const line = frame.channel("line");
  if (line === undefined || line.side === "left" || frame.isLogarithmic) return undefined;
  const [low, high] = frame.valueExtent("y");
  const values = frame.all.flatMap((datum) => (typeof datum.line === "number" ? [datum.line] : []));
  const [from, to] = values.reduce(
    ([min, max], value) => [Math.min(min, value), Math.max(max, value)],
    [Infinity, -Infinity],
  );
  if (from > to) return undefined;
  const ratio = Math.max(Math.abs(low), Math.abs(high)) / (Math.max(Math.abs(from), Math.abs(to)) || 1);
  const isOtherSize = ratio > OTHER_SIZE || ratio < 1 / OTHER_SIZE || frame.chart.plot.isPercent === true;
  if (line.side === undefined && !isOtherSize) return undefined;
  const bars = niceSteps(Math.min(0, low), Math.max(0, high), INTERVALS);
  const own = niceSteps(Math.min(0, from), Math.max(0, to), bars.count);
  // Both have as many steps above zero, and below.
  const below = Math.max(bars.below, own.below);
  const above = Math.max(bars.count - bars.below, own.count - own.below);
  const steps = Array.from({ length: below + above + 1 }, (_, index) => index - below);
  const place = (value: number): number => (value / own.step) * bars.step;
  const label = (tick: number): string =>
    formatTickOf(line, Number(((tick / bars.step) * own.step).toPrecision(12)));
  const ticks = steps.map((step) => step * bars.step);
  return {
    left: { domain: [-below * bars.step, above * bars.step], ticks, nice: false },
    place,
    // An axis that is drawn by hand takes the place of the other one too.
    marks: (plot) => [
      plot.axisY({
        anchor: "left",
        ticks,
        tickSize: 0,
        tickFormat: (value: number) => frame.formatTick("y", value),
      }),
      plot.axisY(ticks, {
        anchor: "right",
        tickFormat: label,
        tickSize: 0,
        label: line.label,
        labelArrow: "none",
        color: lineColor(frame.chart, frame.theme),
        marginRight: longest(ticks.map(label)) + 24,
      }),
    ],
  };
}

interface Steps {
  readonly step: number;
  readonly count: number;
  /** So many of them lie below zero. */
  readonly below: number;
}

/** At most so many steps of 1, 2 or 5 times a power of ten, one of whose edges is zero. */
function niceSteps(min: number, max: number, most: number): Steps {
  const raw = (max - min || 1) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const factor of [1, 2, 2.5, 5, 10, 20]) {
    const step = Number((factor * power).toPrecision(6));
    const [below, above] = [Math.ceil(-min / step - 1e-9), Math.ceil(max / step - 1e-9)];
    if (step >= raw * 0.999 && below + above <= most + (min < 0 ? 1 : 0))
      return { step, count: below + above, below };
  }
  const step = power * 20;
  return { step, count: Math.ceil((max - min) / step), below: Math.ceil(-min / step) };
}
