import {
  html,
  LitElement,
  nothing,
  svg,
  type PropertyValues,
  type SVGTemplateResult,
  type TemplateResult,
} from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { showControls } from "../../server/text/format.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { statusMarkStyles } from "../styles/status-mark.js";
import { dependencyGraphStyles } from "./dependency-graph-styles.js";
import { drawNode, engineParts, statusParts } from "./draw-node.js";
import type { ColumnWay, WayStop } from "./column-way.js";
import { noteOf, renderWay } from "./draw-way.js";
import type { Point } from "./edge-path.js";
import type { GraphCell, GraphEdge } from "./graph-cell.js";
import { fitView, isBeyond, moveView, revealBox, zoomView, type GraphView } from "./graph-view.js";
import type { Direction, GraphLayout, LaidOutEdge } from "./graph-layout.js";
import { layOutGraph, structureOf } from "./layout.js";
import { firstCell, isWay, lastCell, stepFrom } from "./navigate.js";
import { findRelatives, type Relatives } from "./relatives.js";
import { renderIcon } from "../styles/icon.js";

const ZOOM_STEP = 1.25;
/** A pointer that moves less is a click. */
const MIN_DRAG = 4;
/** The captions' and tools' lines, which the graph should not lie under. */
const EDGE_SPACE = 26;
const MAX_LAYOUTS = 4;
/** A narrower pane, if it is high, shows a list. */
const LIST_WIDTH = 560;

/** The user picked a cell: the page goes to it. */
export class CellSelectEvent extends Event {
  readonly name: string;

  constructor(name: string) {
    super("cell-select", { bubbles: true, composed: true });
    this.name = name;
  }
}

/** The way of a column is to be shown no longer. */
export class WayEndEvent extends Event {
  constructor() {
    super("way-end", { bubbles: true, composed: true });
  }
}

/**
 * `<dependency-graph>`: the cells of a notebook and what reads what. Its layout depends on the structure alone, so that
 * nothing moves while cells run.
 *
 * @fires cell-select - The user picked the cell `name`.
 * @fires way-end - The user wants to see all cells alike again.
 */
@customElement("dependency-graph")
export class DependencyGraph extends LitElement {
  static override styles = [resetStyles, controlStyles, statusMarkStyles, dependencyGraphStyles];

  @property({ attribute: false }) cells: readonly GraphCell[] = [];
  @property({ attribute: false }) edges: readonly GraphEdge[] = [];
  @property() selected: string | null = null;
  /** Of a column: what it does not touch steps back. */
  @property({ attribute: false }) way: ColumnWay | null = null;
  /** Or whichever can be read best in the space there is. */
  @property() direction: Direction | "auto" = "auto";

  @state() private hovered: string | null = null;
  @state() private cursor: string | null = null;
  @state() private view: GraphView = { scale: 1, left: 0, top: 0 };
  @state() private isDragged = false;
  @query("svg.plane") private plane!: SVGSVGElement | null;

  readonly #observer = new ResizeObserver(() => this.#onResize());
  readonly #layouts = new Map<string, GraphLayout>();
  #layout: GraphLayout | null = null;
  #pane = { width: 0, height: 0 };
  /** The whole graph is kept in sight until the user moves it. */
  #isFitted = true;
  /** A list too: as a rule that is shown from its top, at a size that can be read. */
  #isOverview = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  /** Shows the whole graph, in the direction that suits the space; a list that is shown whole, readably again. */
  fit(): void {
    this.#isOverview = this.#layout?.direction === "list" && !(this.#isFitted && this.#isOverview);
    this.#isFitted = true;
    this.#layOut();
    this.#fitIfWanted();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isStructure = changed.has("cells") || changed.has("edges") || changed.has("direction");
    if (isStructure && this.#pane.width > 0 && this.#layOut()) this.#fitIfWanted();
    if (changed.has("selected") && this.selected !== null) this.#reveal(this.selected);
  }

  /** Returns whether anything has a new place. */
  #layOut(): boolean {
    const old = this.#layout;
    this.#layout =
      this.direction === "auto" ? this.#layOutBest(old?.direction ?? null) : this.#layoutIn(this.direction);
    return this.#layout !== old;
  }

  #layOutBest(old: Direction | null): GraphLayout {
    // Turning what the user has moved would confuse; so would turning because a pane grew a little.
    if (old && !this.#isFitted) return this.#layoutIn(old);
    const { width, height } = this.#pane;
    if (width < (old === "list" ? LIST_WIDTH * 1.1 : LIST_WIDTH) && height > width)
      return this.#layoutIn("list");
    const across = this.#layoutIn("LR");
    const down = this.#layoutIn("TB");
    const gain = fitView(across, this.#room).scale / fitView(down, this.#room).scale;
    // Text runs from left to right, and so do pipelines, unless that costs size.
    const least = old === "TB" ? 1.1 : 0.8;
    return gain >= least ? across : down;
  }

  #layoutIn(direction: Direction): GraphLayout {
    const { width } = this.#pane;
    const key = structureOf(this.cells, this.edges, direction, width);
    const layout = this.#layouts.get(key) ?? layOutGraph(this.cells, this.edges, direction, width);
    this.#layouts.delete(key);
    this.#layouts.set(key, layout);
    for (const oldest of this.#layouts.keys())
      if (this.#layouts.size > MAX_LAYOUTS) this.#layouts.delete(oldest);
    return layout;
  }

  #onResize(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (width === this.#pane.width && height === this.#pane.height) return;
    this.#pane = { width, height };
    if (width === 0) return;
    this.#layOut();
    this.#fitIfWanted();
    this.requestUpdate();
  }

  get #room(): { readonly width: number; readonly height: number } {
    return { width: this.#pane.width, height: Math.max(1, this.#pane.height - 2 * EDGE_SPACE) };
  }

  #fitIfWanted(): void {
    if (!this.#isFitted || !this.#layout) return;
    const { direction, height } = this.#layout;
    const room = this.#room;
    const read = fitView(this.#layout, { ...room, height });
    const isRead = direction === "list" && !(this.#isOverview && height * read.scale > room.height);
    const view = isRead ? read : fitView(this.#layout, room);
    this.view = { ...view, top: isRead ? EDGE_SPACE : view.top + EDGE_SPACE };
    if (isRead && this.selected !== null) this.#reveal(this.selected);
  }

  #reveal(name: string): void {
    const box = this.#layout?.nodes.get(name);
    if (!box || this.#pane.width === 0) return;
    this.view = revealBox(this.view, box, this.#pane);
  }

  #zoom(factor: number, at: Point = { x: this.#pane.width / 2, y: this.#pane.height / 2 }): void {
    this.#isFitted = false;
    this.view = zoomView(this.view, factor, at);
  }

  #move(x: number, y: number): void {
    if (!this.#layout) return;
    this.#isFitted = false;
    this.view = moveView(this.view, x, y, this.#layout, this.#pane);
  }

  #onWheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = this.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.004 : 0.1));
      this.#zoom(factor, { x: event.clientX - box.left, y: event.clientY - box.top });
      return;
    }
    // A graph that is wholly in sight does not hold the page back.
    if (!this.#layout || !isBeyond(this.view, this.#layout, this.#pane)) return;
    event.preventDefault();
    const unit = event.deltaMode === 0 ? 1 : 24;
    if (event.shiftKey) this.#move(-event.deltaY * unit, 0);
    else this.#move(-event.deltaX * unit, -event.deltaY * unit);
  }

  #onPointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const picked = this.#cellAt(event);
    const end = new AbortController();
    let { clientX, clientY } = event;
    const onMove = (move: PointerEvent): void => {
      const distance = Math.hypot(move.clientX - event.clientX, move.clientY - event.clientY);
      if (!this.isDragged && distance < MIN_DRAG) return;
      this.isDragged = true;
      this.#move(move.clientX - clientX, move.clientY - clientY);
      ({ clientX, clientY } = move);
    };
    const onUp = (): void => {
      end.abort();
      if (!this.isDragged && picked !== null) this.#pick(picked);
      this.isDragged = false;
    };
    window.addEventListener("pointermove", onMove, { signal: end.signal });
    window.addEventListener("pointerup", onUp, { signal: end.signal });
    window.addEventListener("pointercancel", onUp, { signal: end.signal });
  }

  #pick(name: string): void {
    this.cursor = name;
    this.dispatchEvent(new CellSelectEvent(name));
  }

  #onPointerOver(event: PointerEvent): void {
    if (event.pointerType !== "touch" && !this.isDragged) this.hovered = this.#cellAt(event);
  }

  #cellAt(event: Event): string | null {
    const node = (event.target as Element).closest<SVGGElement>(".node");
    return node ? (this.cells[Number(node.dataset["index"])]?.name ?? null) : null;
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#layout) return;
    if (this.#onCursorKey(event.key, this.#layout) || this.#onZoomKey(event.key)) event.preventDefault();
  }

  #onCursorKey(key: string, layout: GraphLayout): boolean {
    const from = this.cursor ?? this.selected ?? firstCell(layout) ?? null;
    if (from === null) return false;
    if (key === "Enter" || key === " ") this.#pick(from);
    else if (isWay(key)) this.#moveCursor(this.cursor === null ? from : stepFrom(layout, from, key));
    else if (key === "Home") this.#moveCursor(firstCell(layout) ?? from);
    else if (key === "End") this.#moveCursor(lastCell(layout) ?? from);
    else if (key === "Escape" && this.cursor !== null) this.cursor = null;
    else return false;
    return true;
  }

  #onZoomKey(key: string): boolean {
    if (key === "+" || key === "=") this.#zoom(ZOOM_STEP);
    else if (key === "-") this.#zoom(1 / ZOOM_STEP);
    else if (key === "0") this.fit();
    else return false;
    return true;
  }

  #moveCursor(name: string): void {
    this.cursor = name;
    this.#reveal(name);
  }

  #onFocus(): void {
    if (!this.plane?.matches(":focus-visible")) return;
    this.cursor ??= this.selected ?? (this.#layout && firstCell(this.#layout)) ?? null;
  }

  protected override render(): TemplateResult {
    const layout = this.#layout;
    if (this.cells.length === 0) return html`<p class="nothing">No cells</p>`;
    if (!layout) return html``;
    const isDense = layout.isDense === true;
    const centre = this.hovered ?? this.cursor ?? (isDense ? this.selected : null);
    const edges = isDense
      ? layout.edges.filter(({ parent, child }) => parent === centre || child === centre)
      : layout.edges;
    const relatives = centre === null ? null : findRelatives(this.edges, centre);
    const { scale, left, top } = this.view;
    return html`<svg
        class="plane ${this.hovered === null ? "" : "focussed"} ${this.way === null || this.hovered !== null ? "" : "traced"} ${isDense ? "dense" : ""} ${this.isDragged ? "moved" : ""}"
        role="listbox"
        tabindex="0"
        aria-label="Dependency graph"
        aria-activedescendant=${this.#idOf(this.cursor) ?? nothing}
        @wheel=${(event: WheelEvent) => this.#onWheel(event)}
        @pointerdown=${(event: PointerEvent) => this.#onPointerDown(event)}
        @pointerover=${(event: PointerEvent) => this.#onPointerOver(event)}
        @pointerleave=${() => (this.hovered = null)}
        @keydown=${(event: KeyboardEvent) => this.#onKeyDown(event)}
        @focus=${() => this.#onFocus()}
        @blur=${() => (this.cursor = null)}
      >
        <g transform="translate(${left} ${top}) scale(${scale})">
          <g aria-hidden="true">${edges.map((edge) => this.#drawEdge(edge, relatives, centre))}</g>
          ${this.cells.map((cell, index) => this.#drawCell(cell, index, layout, relatives))}
        </g>
      </svg>
      ${this.#renderTools()}
      ${
        centre !== null && relatives
          ? this.#renderCaption(centre, relatives)
          : this.way === null
            ? nothing
            : renderWay(this.way, () => this.dispatchEvent(new WayEndEvent()))
      }`;
  }

  #drawEdge(
    { parent, child, path }: LaidOutEdge,
    relatives: Relatives | null,
    centre: string | null,
  ): SVGTemplateResult {
    let side = "";
    if (relatives?.downstream.has(child) && (parent === centre || relatives.downstream.has(parent)))
      side = "downstream";
    if (relatives?.upstream.has(parent) && (child === centre || relatives.upstream.has(child)))
      side = "upstream";
    return svg`<path class="edge ${side} ${this.#isOnWay(parent, child) ? "on-way" : ""}" d=${path} />`;
  }

  #isOnWay(parent: string, child: string): boolean {
    const { way } = this;
    if (way === null) return false;
    const isBack = way.back.has(parent) && (child === way.cell || way.back.has(child));
    return isBack || (way.forward.has(child) && (parent === way.cell || way.forward.has(parent)));
  }

  #stopAt(name: string): WayStop | undefined {
    const { way } = this;
    if (way === null) return undefined;
    if (way.cell === name) return { role: "value", columns: [way.column] };
    return way.back.get(name) ?? way.forward.get(name);
  }

  #drawCell(
    cell: GraphCell,
    index: number,
    layout: GraphLayout,
    relatives: Relatives | null,
  ): SVGTemplateResult | typeof nothing {
    const box = layout.nodes.get(cell.name);
    if (!box) return nothing;
    const stop = this.#stopAt(cell.name);
    const classes = [
      stop === undefined ? "" : `on-way by-${stop.role}`,
      cell.name === this.hovered ? "centre" : "",
      cell.name === this.cursor ? "cursor" : "",
      relatives?.upstream.has(cell.name) ? "upstream" : "",
      relatives?.downstream.has(cell.name) ? "downstream" : "",
    ];
    return drawNode({
      cell,
      box,
      index,
      scale: this.view.scale,
      classes: classes.join(" "),
      isSelected: cell.name === this.selected,
      ...(stop !== undefined && { note: noteOf(stop) }),
    });
  }

  #idOf(name: string | null): string | null {
    const index = this.cells.findIndex((cell) => cell.name === name);
    return index < 0 ? null : `cell-${index}`;
  }

  #renderTools(): TemplateResult {
    const button = (
      label: string,
      icon: Parameters<typeof renderIcon>[0],
      onClick: () => void,
    ): TemplateResult =>
      html`<button class="icon" title=${label} aria-label=${label} @click=${onClick}>
        ${renderIcon(icon)}
      </button>`;
    return html`<div class="tools">
      ${button("Zoom out", "less", () => this.#zoom(1 / ZOOM_STEP))}
      ${button("Zoom in", "add", () => this.#zoom(ZOOM_STEP))}
      ${button("Show all", "expand", () => this.fit())}
    </div>`;
  }

  #renderCaption(name: string, { upstream, downstream }: Relatives): TemplateResult | typeof nothing {
    const cell = this.cells.find((other) => other.name === name);
    if (!cell) return nothing;
    return html`<p class="caption" aria-hidden="true">
      <b>${showControls(name)}</b>
      <span>${statusParts(cell).join(" · ")}</span>
      ${engineParts(cell).map((words) => html`<span>${showControls(words)}</span>`)}
      <span>${upstream.size} upstream · ${downstream.size} downstream</span>
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dependency-graph": DependencyGraph;
  }

  interface HTMLElementEventMap {
    "cell-select": CellSelectEvent;
    "way-end": WayEndEvent;
  }
}
