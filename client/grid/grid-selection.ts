import type { LitElement } from "lit";
import {
  HEADER_ROW,
  isInRange,
  moveByKey,
  toRange,
  type CellPosition,
  type CellRange,
  type CellSelection,
} from "./cell-range.js";
import type { ColumnWidths } from "./column-widths.js";
import type { GridViewport } from "./grid-viewport.js";
import { ROW_HEIGHT } from "./scroll-scale.js";

/** The cell with the cursor, and the range that is selected by mouse or with Shift. */
export class GridSelection {
  current: CellSelection | null = null;
  columnCount = 0;

  readonly #host: LitElement;
  readonly #viewport: GridViewport;
  readonly #widths: ColumnWidths;

  constructor(host: LitElement, viewport: GridViewport, widths: ColumnWidths) {
    this.#host = host;
    this.#viewport = viewport;
    this.#widths = widths;
  }

  get cursor(): CellPosition | null {
    return this.current?.focus ?? null;
  }

  /** The selected cells; null while the cursor is nowhere or in the header. */
  get range(): CellRange | null {
    return this.current && this.current.focus.row > HEADER_ROW ? toRange(this.current) : null;
  }

  isSelected(row: number, column: number): boolean {
    return this.range !== null && isInRange(this.range, row, column);
  }

  /** Keeps the selection within a result that may have become smaller. */
  clamp(): void {
    if (!this.current) return;
    if (this.columnCount === 0) this.current = null;
    else
      this.current = { anchor: this.#clamped(this.current.anchor), focus: this.#clamped(this.current.focus) };
  }

  /** The first key or focus puts the cursor somewhere. */
  start(): void {
    if (this.current || this.columnCount === 0) return;
    const row = this.#viewport.rowCount === 0 ? HEADER_ROW : this.#viewport.firstRow;
    this.move({ row, column: 0 }, false);
  }

  /** Returns whether the key was one that moves or selects. */
  onKey(event: KeyboardEvent): boolean {
    this.start();
    if (!this.current) return false;
    const isFar = event.ctrlKey || event.metaKey;
    if (isFar && event.key === "a") {
      this.selectAll();
      return true;
    }
    const to = moveByKey(event.key, isFar, this.current.focus, {
      rowCount: this.#viewport.rowCount,
      columnCount: this.columnCount,
      pageRows: Math.max(1, Math.floor(this.#viewport.rowsHeight / ROW_HEIGHT) - 1),
    });
    if (!to) return false;
    this.move(event.shiftKey && to.row === HEADER_ROW ? { ...to, row: 0 } : to, event.shiftKey);
    return true;
  }

  move(to: CellPosition, isExtending: boolean): void {
    const anchor =
      isExtending && this.current && this.current.anchor.row > HEADER_ROW ? this.current.anchor : to;
    this.current = { anchor, focus: to };
    this.reveal(to);
    this.#host.requestUpdate();
  }

  reveal({ row, column }: CellPosition): void {
    const { offsets } = this.#widths;
    this.#viewport.reveal(row, offsets[column] ?? 0, offsets[column + 1] ?? 0);
  }

  /** Only the cursor is left. */
  collapse(): void {
    if (this.current) this.move(this.current.focus, false);
  }

  selectAll(): void {
    if (this.#viewport.rowCount === 0 || this.columnCount === 0) return;
    this.current = {
      anchor: { row: this.#viewport.rowCount - 1, column: this.columnCount - 1 },
      focus: { row: 0, column: 0 },
    };
    this.#host.requestUpdate();
  }

  /** Selects by dragging from a cell; from a row's number, whole rows. */
  onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || this.columnCount === 0) return;
    const point = this.#viewport.locate(event.clientX, event.clientY);
    if (point.row < 0 || point.row >= this.#viewport.rowCount) return;
    const isRow = event.clientX - this.#host.getBoundingClientRect().left < this.#viewport.gutterWidth;
    if (!isRow && point.x >= this.#widths.total) return;
    this.#viewport.focus();
    if (isRow) this.#selectRow(point.row, event.shiftKey);
    else this.move({ row: point.row, column: this.#widths.indexAt(point.x) }, event.shiftKey);
    this.#drag(event, isRow);
  }

  #selectRow(row: number, isExtending: boolean): void {
    const anchorRow = isExtending && this.current ? this.current.anchor.row : row;
    this.current = { anchor: { row: anchorRow, column: this.columnCount - 1 }, focus: { row, column: 0 } };
    this.reveal({ row, column: 0 });
    this.#host.requestUpdate();
  }

  /** Follows the pointer until it is released, and scrolls while it is outside. */
  #drag(start: PointerEvent, isRow: boolean): void {
    const end = new AbortController();
    let { clientX, clientY } = start;
    const follow = (): void => {
      const { row, x } = this.#viewport.locate(clientX, clientY);
      const to = this.#clamped({ row: Math.max(0, row), column: this.#widths.indexAt(x) });
      if (isRow) this.#selectRow(to.row, true);
      else if (to.row !== this.cursor?.row || to.column !== this.cursor.column) this.move(to, true);
    };
    const scroll = (): void => {
      if (end.signal.aborted) return;
      const { x, y } = this.#viewport.overshoot(clientX, clientY);
      if (x !== 0 || y !== 0) {
        this.#viewport.scrollBy(isRow ? 0 : x / 3, y / 3);
        follow();
      }
      requestAnimationFrame(scroll);
    };
    const onMove = (event: PointerEvent): void => {
      ({ clientX, clientY } = event);
      follow();
    };
    const options = { signal: end.signal };
    window.addEventListener("pointermove", onMove, options);
    window.addEventListener("pointerup", () => end.abort(), options);
    window.addEventListener("pointercancel", () => end.abort(), options);
    requestAnimationFrame(scroll);
  }

  #clamped({ row, column }: CellPosition): CellPosition {
    return {
      row: Math.min(row, this.#viewport.rowCount - 1),
      column: Math.min(column, this.columnCount - 1),
    };
  }
}
