import type { ChartData, GroupedChannel, Picked } from "../../server/api/protocol.js";
import { groupOf, toGroupedBy } from "../../server/chart/picked.js";
import { toData } from "../../server/chart/chart-values.js";
import type { PlotFigure, PlotScale } from "./plot-figure.js";
import { toNumber } from "./pick-rows.js";
import { roundInward } from "./round-inward.js";

interface BrushListener {
  onClick(event: PointerEvent, target: Element | null): void;
  /** Undefined: nothing lies within. */
  onRange(picked: Picked | undefined): void;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

type Axis = "x" | "y";

/** Less is a click. */
const FEWEST_PIXELS = 4;
/** What is filtered can follow so quickly. */
const PACE_MS = 100;

/** Drags a range over a chart: whole marks where they have a width, else the values between. */
export class Brush {
  readonly #canvas: HTMLElement;
  readonly #listener: BrushListener;
  readonly #box = document.createElement("span");
  #figure: PlotFigure | undefined;
  #data: ChartData | undefined;
  #drawnRows: ReturnType<typeof toData> = [];
  #elements: ReadonlyMap<number, SVGElement> = new Map();
  #start: { readonly place: Place; readonly target: Element | null } | undefined;
  #isDragging = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #end: Place = { x: 0, y: 0 };

  constructor(canvas: HTMLElement, listener: BrushListener) {
    this.#canvas = canvas;
    this.#listener = listener;
    this.#box.className = "brush";
    this.#box.hidden = true;
    // Before Plot, which would hold its tip.
    canvas.addEventListener("pointerdown", this.#onDown, { capture: true });
    canvas.addEventListener("pointermove", this.#onMove);
    canvas.addEventListener("pointerup", this.#onUp);
    canvas.addEventListener("pointercancel", this.#onCancel);
  }

  show(figure: PlotFigure, data: ChartData): void {
    [this.#figure, this.#data] = [figure, data];
    this.#drawnRows = toData(data);
    const marks = [...figure.querySelectorAll<SVGElement>("[data-row]")];
    this.#elements = new Map(marks.map((mark) => [Number(mark.dataset["row"]), mark]));
    this.#canvas.append(this.#box);
  }

  /** A line has no marks that could be dimmed: there the range itself is shown. */
  mark(picked: Picked | undefined): void {
    if (this.#isDragging) return;
    const axis = this.#axes[0];
    const scale = axis === undefined ? undefined : this.#figure?.scale(axis);
    const isShown = picked !== undefined && "ranges" in picked && this.#data?.plot.mark !== "rect";
    const places = isShown ? this.#axes.map((each, index) => this.#span(each, picked.ranges[index])) : [];
    this.#box.hidden = places.length === 0 || places.includes(undefined) || scale === undefined;
    if (this.#box.hidden) return;
    const [first = [0, 0], second] = places;
    const [x, y] = axis === "x" ? [first, second] : [second, first];
    this.#place(x, y);
  }

  /** Where a row is drawn, from the corner of the canvas. */
  placeOf(row: number): Place | undefined {
    const element = this.#elements.get(row);
    if (element !== undefined) {
      const [box, own] = [element.getBoundingClientRect(), this.#canvas.getBoundingClientRect()];
      return { x: box.x + box.width / 2 - own.x, y: box.y + box.height / 2 - own.y };
    }
    const [x, y] = (["x", "y"] as const).map((axis) => this.#at(axis, row));
    return x === undefined || y === undefined ? undefined : { x, y };
  }

  get #channels(): readonly GroupedChannel[] {
    return this.#data?.groupedBy ?? [];
  }

  /** Along which a range can be drawn: of dots both, of everything else that on which marks stand. */
  get #axes(): readonly Axis[] {
    const { plot } = this.#data ?? {};
    if (
      plot === undefined ||
      plot.mark === "cell" ||
      plot.channels.fx !== undefined ||
      plot.channels.fy !== undefined
    )
      return [];
    const isRange = (axis: Axis): boolean => {
      const scale = plot.channels[axis]?.scale;
      return scale === "quantitative" || scale === "temporal";
    };
    if (plot.mark === "dot") return (["x", "y"] as const).filter(isRange);
    return [plot.base];
  }

  #at(axis: Axis, row: number): number | undefined {
    const scale = this.#figure?.scale(axis);
    const value = this.#drawnRows[row]?.[axis];
    if (scale === undefined || value === null || value === undefined) return undefined;
    const place = scale.apply(value) + (scale.bandwidth ?? 0) / 2;
    return Number.isFinite(place) ? place : undefined;
  }

  #span(axis: Axis, range: readonly [string, string] | undefined): [number, number] | undefined {
    const scale = this.#figure?.scale(axis);
    if (scale === undefined || range === undefined) return undefined;
    const [from, to] = range.map((value) => scale.apply(this.#toValue(axis, value)));
    return from === undefined || to === undefined ? undefined : [Math.min(from, to), Math.max(from, to)];
  }

  #toValue(axis: Axis, value: string): number | Date {
    const number = toNumber(value);
    return this.#data?.plot.channels[axis]?.scale === "temporal" ? new Date(number) : number;
  }

  #place(x: readonly [number, number] | undefined, y: readonly [number, number] | undefined): void {
    const { style } = this.#box;
    const whole = this.#figure?.getBoundingClientRect();
    const [left, right] = x ?? [0, whole?.width ?? 0];
    const [top, bottom] = y ?? [0, whole?.height ?? 0];
    style.left = `${String(left)}px`;
    style.top = `${String(top)}px`;
    style.width = `${String(Math.max(2, right - left))}px`;
    style.height = `${String(Math.max(2, bottom - top))}px`;
  }

  #placeIn(event: PointerEvent): Place {
    const { x, y } = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - x, y: event.clientY - y };
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || this.#channels.length === 0) return;
    event.stopPropagation();
    const [target] = event.composedPath();
    this.#start = { place: this.#placeIn(event), target: target instanceof Element ? target : null };
  };

  readonly #onMove = (event: PointerEvent): void => {
    // A finger scrolls the page.
    if (this.#start === undefined || event.pointerType === "touch" || this.#axes.length === 0) return;
    this.#end = this.#placeIn(event);
    const { place } = this.#start;
    const far = Math.max(...this.#axes.map((axis) => Math.abs(this.#end[axis] - place[axis])));
    if (!this.#isDragging && far < FEWEST_PIXELS) return;
    if (!this.#isDragging) this.#canvas.setPointerCapture(event.pointerId);
    this.#isDragging = true;
    this.#box.hidden = false;
    this.#place(
      ...((["x", "y"] as const).map((axis) => this.#drawn(axis)) as [[number, number], [number, number]]),
    );
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, PACE_MS);
  };

  readonly #onUp = (event: PointerEvent): void => {
    const start = this.#start;
    const wasDragging = this.#isDragging;
    this.#stop();
    if (start === undefined) return;
    if (!wasDragging) this.#listener.onClick(event, start.target);
    else this.#tell(start.place);
  };

  readonly #onCancel = (): void => {
    this.#stop();
  };

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#start = undefined;
    this.#isDragging = false;
    this.#box.hidden = true;
  }

  #drawn(axis: Axis, from = this.#start?.place): [number, number] | undefined {
    if (!this.#axes.includes(axis) || from === undefined) return undefined;
    return [Math.min(from[axis], this.#end[axis]), Math.max(from[axis], this.#end[axis])];
  }

  #tell(from = this.#start?.place): void {
    this.#listener.onRange(this.#picked(from));
  }

  #picked(from: Place | undefined): Picked | undefined {
    const axes = this.#axes.flatMap((axis) => {
      const channel = this.#channels.find((by) => by.channel === axis);
      const span = this.#drawn(axis, from);
      const scale = this.#figure?.scale(axis);
      return channel === undefined || span === undefined || scale === undefined
        ? []
        : [{ axis, channel, span, scale }];
    });
    const [first] = axes;
    if (first === undefined) return undefined;
    if ("as" in first.channel && first.channel.as === "plain" && first.scale.invert !== undefined) {
      const ranges = axes.flatMap(({ axis, span, scale }) => {
        const range = invertedRange(scale, span, this.#data?.plot.channels[axis]?.isInteger === true);
        return range === undefined ? [] : [range];
      });
      if (ranges.length < axes.length) return undefined;
      return { by: toGroupedBy(axes.map(({ channel }) => channel)), ranges };
    }
    return this.#pickedMarks(first.axis, first.channel, first.span);
  }

  /** Those whose middle lies within. */
  #pickedMarks(
    axis: Axis,
    channel: GroupedChannel,
    [from, to]: readonly [number, number],
  ): Picked | undefined {
    const { columns = [], rows = [] } = this.#data ?? {};
    const within = rows.flatMap((values, row) => {
      const place = this.placeOf(row)?.[axis];
      const [value = null] = groupOf([channel], columns, values);
      return place !== undefined && place >= from && place <= to ? [{ place, value }] : [];
    });
    if (within.length === 0) return undefined;
    const by = toGroupedBy([channel]);
    const values = [...new Set(within.map(({ value }) => value))];
    const known = values.filter((value) => value !== null).sort((a, b) => toNumber(a) - toNumber(b));
    const [first, last] = [known[0], known.at(-1)];
    const isRange = "bins" in channel || "grain" in channel;
    if (!isRange || first === undefined || last === undefined)
      return { by, groups: values.map((value) => [value]) };
    return { by, ranges: [[first, last]] };
  }
}

function invertedRange(
  scale: PlotScale,
  span: readonly [number, number],
  isInteger: boolean,
): [string, string] | undefined {
  const values = span.map((place) => scale.invert?.(place));
  const isTime = values.some((value) => value instanceof Date);
  const [first = NaN, last = NaN] = values.map(Number).sort((a, b) => a - b);
  const ends = roundInward([first, last], isTime ? "time" : isInteger ? "integer" : "number");
  const toText = (end: number): string =>
    isTime ? new Date(end).toISOString().slice(0, 23).replace("T", " ") : String(end);
  return ends && [toText(ends[0]), toText(ends[1])];
}
