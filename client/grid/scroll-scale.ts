export const ROW_HEIGHT = 24;

/** Browsers cap the height of an element, Chromium near 33 million px and others lower. */
const MAX_SPACER = 8_000_000;

/**
 * Maps the scroll bar to rows. `position` is what lies above the first visible pixel if every row had its height,
 * `scrollTop` what the browser knows. They differ once the rows are higher than the spacer may be:
 *
 *   scrollTop  0 ─────────────────── spacer - view
 *   position   0 ─────────────────── rows * ROW_HEIGHT - view
 */
export class ScrollScale {
  readonly spacerHeight: number;
  readonly maxPosition: number;
  readonly #maxScrollTop: number;

  constructor(rowCount: number, viewHeight: number) {
    const height = rowCount * ROW_HEIGHT;
    this.spacerHeight = Math.min(height, MAX_SPACER);
    this.maxPosition = Math.max(0, height - viewHeight);
    this.#maxScrollTop = Math.max(0, this.spacerHeight - viewHeight);
  }

  /** Whether a pixel of the scroll bar is more than a pixel of rows. */
  get isScaled(): boolean {
    return this.maxPosition > this.#maxScrollTop;
  }

  positionAt(scrollTop: number): number {
    if (!this.isScaled) return this.clamp(scrollTop);
    return this.clamp((scrollTop / this.#maxScrollTop) * this.maxPosition);
  }

  scrollTopAt(position: number): number {
    if (!this.isScaled) return position;
    return (position / this.maxPosition) * this.#maxScrollTop;
  }

  clamp(position: number): number {
    return Math.min(Math.max(0, position), this.maxPosition);
  }

  /** Returns the position, moved as little as possible, that shows the whole of a row. */
  positionShowing(row: number, position: number, viewHeight: number): number {
    const top = row * ROW_HEIGHT;
    if (top < position) return this.clamp(top);
    return this.clamp(Math.max(position, top + ROW_HEIGHT - viewHeight));
  }
}
