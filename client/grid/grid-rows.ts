import type { GridQuery, GridSource } from "./grid-source.js";
import { PAGE_ROWS, PageCache } from "./page-cache.js";

interface RowsListener {
  /** Other rows are shown from now on; at the same place, if they are the same rows computed again. */
  onSwap(isSamePlace: boolean): void;
  /** A page came, or failed. */
  onChange(): void;
}

/** What the grid shows, and what it will show as soon as the first rows of that are there. */
export class GridRows {
  shown: PageCache | null = null;
  #next: PageCache | null = null;
  #isSamePlace = false;
  #wanted = { first: 0, last: 0 };
  readonly #listener: RowsListener;

  constructor(listener: RowsListener) {
    this.#listener = listener;
  }

  /** Whether the rows on the screen are about to be replaced. */
  get isBusy(): boolean {
    return this.#next !== null && this.#next.failure === null;
  }

  get failure(): Error | null {
    return this.#next?.failure ?? this.shown?.failure ?? null;
  }

  open(source: GridSource, query: GridQuery, isSamePlace: boolean): void {
    this.#next?.close();
    const next = new PageCache(source, query, () => {
      if (next === this.#next && next.isReady) this.#swap();
      this.#listener.onChange();
    });
    this.#next = next;
    this.#isSamePlace = isSamePlace;
    if (!this.shown?.isReady || next.isReady) this.#swap();
    else this.#wantNext();
  }

  close(): void {
    this.#next?.close();
    this.shown?.close();
    this.#next = this.shown = null;
  }

  want(first: number, last: number): void {
    this.#wanted = { first, last };
    this.shown?.want(first, last);
    this.#wantNext();
  }

  retry(): void {
    (this.#next ?? this.shown)?.retry();
  }

  #wantNext(): void {
    if (!this.#next) return;
    const end = Math.max(0, this.#next.totalRows - 1);
    const { first, last } = this.#isSamePlace ? this.#wanted : { first: 0, last: PAGE_ROWS - 1 };
    this.#next.want(Math.min(first, end), Math.min(last, end));
  }

  #swap(): void {
    this.shown?.close();
    this.shown = this.#next;
    this.#next = null;
    this.#listener.onSwap(this.#isSamePlace);
  }
}
