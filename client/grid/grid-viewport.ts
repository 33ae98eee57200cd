import type { LitElement, ReactiveController } from "lit";
import { ROW_HEIGHT, ScrollScale } from "./scroll-scale.js";

const LINE_DELTA = 1;

/** Which part of the rows is seen: keeps the scroll position in rows exact where the scroll bar is too coarse for it. */
export class GridViewport implements ReactiveController {
  /** Pixels of rows above the first visible one. */
  position = 0;
  left = 0;
  width = 0;
  height = 0;
  rowCount = 0;
  headHeight = 0;
  gutterWidth = 0;
  /** Columns at the left that do not scroll, and how wide they are together. */
  pinnedCount = 0;
  pinnedWidth = 0;

  readonly #host: LitElement;
  readonly #observer = new ResizeObserver(() => this.#measure());
  #element: HTMLElement | null = null;
  /** What the scroll bar shows because of `position`: an event with this value is our own echo. */
  #ownScrollTop = 0;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  get scale(): ScrollScale {
    return new ScrollScale(this.rowCount, this.rowsHeight);
  }

  get rowsHeight(): number {
    return Math.max(0, this.height - this.headHeight);
  }

  get columnsWidth(): number {
    return Math.max(0, this.width - this.gutterWidth);
  }

  get firstRow(): number {
    return Math.floor(this.position / ROW_HEIGHT);
  }

  get lastRow(): number {
    return Math.min(this.rowCount, Math.ceil((this.position + this.rowsHeight) / ROW_HEIGHT)) - 1;
  }

  /** How many rows are drawn: those in sight, however the first and the last are cut. */
  get drawnRows(): number {
    return Math.min(this.rowCount - this.firstRow, Math.ceil(this.rowsHeight / ROW_HEIGHT) + 1);
  }

  hostUpdated(): void {
    const element = this.#host.renderRoot.querySelector<HTMLElement>(".viewport");
    if (element === this.#element) return;
    this.#observer.disconnect();
    this.#element = element;
    if (element) this.#observer.observe(element);
  }

  /** After a move within the page nothing else would ask for an update. */
  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#element = null;
  }

  /** Keeps the position among the rows, whose number may have changed. */
  clamp(): void {
    this.position = this.scale.clamp(this.position);
  }

  onScroll(): void {
    if (!this.#element) return;
    const { scrollTop, scrollLeft } = this.#element;
    if (Math.abs(scrollTop - this.#ownScrollTop) >= 1) {
      this.#ownScrollTop = scrollTop;
      this.position = this.scale.positionAt(scrollTop);
    }
    this.left = scrollLeft;
    this.#host.requestUpdate();
  }

  /** A step of the wheel passes the same few rows, however many there are. */
  onWheel(event: WheelEvent): void {
    if (!this.scale.isScaled || event.ctrlKey || event.shiftKey) return;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    const pixels = event.deltaMode === LINE_DELTA ? event.deltaY * ROW_HEIGHT : event.deltaY;
    const position = this.scale.clamp(this.position + pixels);
    if (position === this.position) return;
    event.preventDefault();
    this.scrollTo(position);
  }

  scrollTo(position: number): void {
    this.position = this.scale.clamp(position);
    if (this.#element) {
      this.#element.scrollTop = this.scale.scrollTopAt(this.position);
      this.#ownScrollTop = this.#element.scrollTop;
    }
    this.#host.requestUpdate();
  }

  /** Scrolls as little as needed to show the whole of a row, and of a column between two edges: none below those pinned. */
  reveal(row: number, columnLeft: number, columnRight: number): void {
    if (row >= 0) this.scrollTo(this.scale.positionShowing(row, this.position, this.rowsHeight));
    if (!this.#element || columnLeft < this.pinnedWidth) return;
    const start = columnLeft - this.pinnedWidth;
    if (start < this.left) this.#element.scrollLeft = start;
    else if (columnRight > this.left + this.columnsWidth) {
      this.#element.scrollLeft = Math.min(start, columnRight - this.columnsWidth);
    }
  }

  /** Returns where a point of the window lies among rows and columns, also outside of what is visible. */
  locate(clientX: number, clientY: number): { readonly x: number; readonly row: number } {
    const box = this.#element?.getBoundingClientRect();
    if (!box) return { x: 0, row: 0 };
    const x = clientX - box.left - this.gutterWidth;
    return {
      x: x >= 0 && x < this.pinnedWidth ? x : x + this.left,
      row: Math.floor((clientY - box.top - this.headHeight + this.position) / ROW_HEIGHT),
    };
  }

  /** Returns how far a point is outside of the rows: below or above, right or left. */
  overshoot(clientX: number, clientY: number): { readonly x: number; readonly y: number } {
    const box = this.#element?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return {
      x: outside(clientX, box.left + this.gutterWidth, box.left + this.width),
      y: outside(clientY, box.top + this.headHeight, box.top + this.height),
    };
  }

  scrollBy(x: number, y: number): void {
    if (y !== 0) this.scrollTo(this.position + y);
    if (x !== 0 && this.#element) this.#element.scrollLeft += x;
  }

  focus(): void {
    this.#element?.focus({ preventScroll: true });
  }

  #measure(): void {
    if (!this.#element) return;
    this.width = this.#element.clientWidth;
    this.height = this.#element.clientHeight;
    this.clamp();
    // A browser forgets the place of what was hidden, or moved within the page.
    const isForgotten = Math.abs(this.#element.scrollTop - this.#ownScrollTop) >= 1;
    if (this.height > 0 && isForgotten) {
      this.#element.scrollLeft = this.left;
      this.scrollTo(this.position);
    }
    this.#host.requestUpdate();
  }
}

function outside(value: number, low: number, high: number): number {
  if (value < low) return value - low;
  return value > high ? value - high : 0;
}
