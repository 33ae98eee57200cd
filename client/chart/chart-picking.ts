import type { ChartData, GroupedChannel } from "../../server/api/protocol.js";
import { groupOf, toGroupedBy } from "../../server/chart/picked.js";
import { formatterOf, toData, toKey } from "../../server/chart/chart-values.js";
import { picks, type ChartPick } from "../store/picks.js";
import { Brush } from "./chart-brush.js";
import { isWithin } from "./pick-rows.js";
import type { PlotFigure } from "./plot-figure.js";
import { adoptPickStyles } from "./pick-styles.js";
import { wordsOfGroups, wordsOfRange } from "./pick-words.js";

type Group = readonly (string | null)[];

/** Longer ones have no room in an address. */
const LONGEST = 10_000;
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Picks marks of a chart by pointer and keys, by which the page is filtered, and shows which ones are. */
export class ChartPicking {
  readonly canvas: HTMLElement;
  readonly #chart: string;
  readonly #source: string;
  readonly #status = document.createElement("span");
  readonly #ring = document.createElement("span");
  readonly #brush: Brush;
  #data: ChartData | undefined;
  #figure: PlotFigure | undefined;
  #at: number | undefined;

  constructor(canvas: HTMLElement, { chart, source }: Pick<ChartPick, "chart" | "source">) {
    this.canvas = canvas;
    this.#chart = chart;
    this.#source = source;
    adoptPickStyles(canvas);
    this.#status.className = "visually-hidden";
    this.#status.setAttribute("role", "status");
    this.#ring.className = "ring";
    this.#ring.hidden = true;
    canvas.setAttribute("role", "group");
    canvas.setAttribute(
      "aria-label",
      `Marks of ${chart}: arrow keys go through them, Enter filters the page by one`,
    );
    canvas.tabIndex = 0;
    canvas.addEventListener("keydown", this.#onKey);
    canvas.addEventListener("blur", () => {
      this.#ring.hidden = true;
    });
    this.#brush = new Brush(canvas, {
      onClick: (event, target) => {
        const row = this.#rowOf(target);
        if (row !== undefined) this.pick(row, event.shiftKey);
      },
      onRange: (range) => {
        this.#set(range, range === undefined ? "" : this.#rangeWords(range));
      },
    });
  }

  /** The chart was drawn anew. */
  show(figure: PlotFigure, data: ChartData): void {
    [this.#figure, this.#data] = [figure, data];
    this.#brush.show(figure, data);
    this.canvas.append(this.#status, this.#ring);
    this.#ring.hidden = true;
    this.mark();
  }

  /** What is not picked is dimmed. */
  mark(): void {
    const { picked } = picks.in(this.#chart) ?? {};
    for (const element of this.canvas.querySelectorAll<SVGElement>("[data-row]")) {
      const isOn = picked === undefined || this.isPicked(Number(element.dataset["row"]));
      element.style.opacity = isOn ? "" : "0.25";
    }
    this.#brush.mark(picked);
  }

  isPicked(row: number): boolean {
    const { picked } = picks.in(this.#chart) ?? {};
    const values = this.#data?.rows[row];
    return (
      picked !== undefined && values !== undefined && isWithin(picked, this.#channels, this.#groupOf(values))
    );
  }

  isNamePicked(key: string): boolean {
    const { picked } = picks.in(this.#chart) ?? {};
    const color = this.#color;
    const value = this.#valueOfKey(key);
    return (
      picked?.by.length === 1 &&
      color !== undefined &&
      value !== undefined &&
      isWithin(picked, [color], [value])
    );
  }

  /** The mark alone, or with those that are picked already; picked again it is let go. */
  pick(row: number, isAdded: boolean): void {
    const values = this.#data?.rows[row];
    if (values !== undefined) this.#toggle(this.#channels, this.#groupOf(values), isAdded);
  }

  /** All marks of a colour. */
  pickName(key: string, isAdded: boolean): void {
    const color = this.#color;
    const value = this.#valueOfKey(key);
    if (color !== undefined && value !== undefined) this.#toggle([color], [value], isAdded);
  }

  get hasColors(): boolean {
    return this.#color !== undefined;
  }

  get #channels(): readonly GroupedChannel[] {
    return this.#data?.groupedBy ?? [];
  }

  get #color(): GroupedChannel | undefined {
    return this.#channels.find(({ channel }) => channel === "color");
  }

  #groupOf(values: readonly unknown[]): Group {
    return groupOf(this.#channels, this.#data?.columns ?? [], values);
  }

  /** Undefined where no row has it. */
  #valueOfKey(key: string): string | null | undefined {
    const index = this.#data?.columns.findIndex(({ name }) => name === "color") ?? -1;
    if (index < 0) return undefined;
    const color = this.#color;
    const row = this.#data?.rows.find((values) => toKey(values[index]) === key);
    return row === undefined || color === undefined
      ? undefined
      : this.#groupOf(row)[this.#channels.indexOf(color)];
  }

  #toggle(channels: readonly GroupedChannel[], group: Group, isAdded: boolean): void {
    const by = toGroupedBy(channels);
    const { picked: old } = picks.in(this.#chart) ?? {};
    const isSame = old !== undefined && "groups" in old && JSON.stringify(old.by) === JSON.stringify(by);
    const known = isSame ? old.groups : [];
    const text = JSON.stringify(group);
    const others = known.filter((other) => JSON.stringify(other) !== text);
    const wasPicked = others.length < known.length;
    const groups = wasPicked
      ? isAdded
        ? others
        : known.length === 1
          ? []
          : [group]
      : isAdded
        ? [...known, group]
        : [group];
    const data = this.#data;
    if (data === undefined) return;
    if (groups.length === 0) picks.drop(this.#chart);
    else this.#set({ by, groups }, wordsOfGroups(data, channels, groups));
  }

  #rangeWords(picked: ChartPick["picked"]): string {
    const data = this.#data;
    if (data === undefined) return "";
    const channelOf = (index: number): GroupedChannel | undefined => {
      const text = JSON.stringify(picked.by[index]);
      return this.#channels.find((channel) => JSON.stringify(toGroupedBy([channel])[0]) === text);
    };
    const channels = picked.by.flatMap((_, index) => channelOf(index) ?? []);
    if ("groups" in picked) return wordsOfGroups(data, channels, picked.groups);
    return picked.ranges
      .flatMap((range, index) =>
        channels[index] === undefined ? [] : wordsOfRange(data, channels[index], range),
      )
      .join(" and ");
  }

  #set(picked: ChartPick["picked"] | undefined, words: string): void {
    if (picked === undefined) picks.drop(this.#chart);
    else if (encodeURIComponent(JSON.stringify(picked)).length > LONGEST)
      this.#say("These are too many or too long to filter by.");
    else picks.set({ chart: this.#chart, source: this.#source, picked, words });
  }

  /** The mark itself, or the one that the tip under the pointer is of. */
  #rowOf(target: Element | null): number | undefined {
    const own = target?.closest<SVGElement>("[data-row]")?.dataset["row"];
    return own === undefined ? this.#figure?.value?.row : Number(own);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.#isHandled(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #isHandled({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey) return false;
    const last = (this.#data?.rows.length ?? 0) - 1;
    const at = this.#at;
    const step = STEPS[key];
    if (key === "Escape") {
      if (picks.in(this.#chart) === undefined) return false;
      picks.drop(this.#chart);
    } else if (step !== undefined) this.#go(at === undefined ? 0 : Math.min(last, Math.max(0, at + step)));
    else if (key === "Home" || key === "End") this.#go(key === "Home" ? 0 : last);
    else if ((key === "Enter" || key === " ") && at !== undefined) {
      this.pick(at, shiftKey);
      this.#go(at);
    } else return false;
    return true;
  }

  #go(row: number): void {
    const data = this.#data;
    const values = data?.rows[row];
    const place = this.#brush.placeOf(row);
    if (data === undefined || values === undefined) return;
    this.#at = row;
    this.#ring.hidden = place === undefined;
    if (place !== undefined) this.#ring.style.translate = `${String(place.x)}px ${String(place.y)}px`;
    const name = data.plot.base === "x" ? "y" : "x";
    const channel = data.plot.channels[name];
    const value = toData(data)[row]?.[name];
    const measured = channel === undefined ? "" : `: ${channel.label} ${formatterOf(channel)(value)}`;
    const picked = this.isPicked(row) ? ", picked" : "";
    this.#say(`${wordsOfGroups(data, this.#channels, [this.#groupOf(values)])}${measured}${picked}`);
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }
}
