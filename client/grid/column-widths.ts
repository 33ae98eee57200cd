import { formatCell } from "./format-cell.js";
import { formatType, formatValue, type ValueKind } from "../../server/text/format.js";
import { familyOf } from "../../server/text/type-kind.js";
import { keyOf, type GridColumn, type GridRow } from "./grid-source.js";

const MIN_WIDTH = 48;
const MAX_FITTED_WIDTH = 300;
/** A cell's padding, and beside a name the room for its arrow. */
const CELL_PADDING = 22;
const ARROW_WIDTH = 16;

/** What a column's small picture keeps in its header, beside the type. */
const SPARK_WIDTH = 30;

const usualWidths = { number: 90, boolean: 60, temporal: 140, nested: 220, text: 140 };

/** Measures text as the grid sets it. */
export type MeasureText = (text: string, kind: ValueKind) => number;

/** The widths of a grid's columns. What was fitted or dragged holds for a column of that name and type in later results. */
export class ColumnWidths {
  readonly #known = new Map<string, number>();
  /** Those that the user has chosen. */
  readonly #chosen = new Set<string>();
  readonly #defaults = new Map<string, number>();
  readonly #measure: MeasureText;
  /** How numbers are shown, by the key of their column. */
  formats: Readonly<Record<string, string>> = {};
  #columns: readonly GridColumn[] = [];
  /** Left edges, and at the end the whole width. */
  offsets: readonly number[] = [0];

  constructor(measure: MeasureText) {
    this.#measure = measure;
  }

  get total(): number {
    return this.offsets.at(-1) ?? 0;
  }

  setColumns(columns: readonly GridColumn[]): void {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#layOut();
  }

  widthOf(index: number): number {
    return (this.offsets[index + 1] ?? 0) - (this.offsets[index] ?? 0);
  }

  resize(index: number, width: number): void {
    const column = this.#columns[index];
    if (!column) return;
    this.#known.set(widthKeyOf(column), Math.max(MIN_WIDTH, Math.round(width)));
    this.#chosen.add(widthKeyOf(column));
    this.#layOut();
  }

  /** Gives a column the width of its longest text. */
  fit(index: number, rows: readonly GridRow[]): void {
    const column = this.#columns[index];
    if (column) this.resize(index, this.#fittedWidth(column, index, rows, Number.POSITIVE_INFINITY));
  }

  /** Fits the columns that have no width of their own yet. */
  fitNew(rows: readonly GridRow[]): void {
    for (const [index, column] of this.#columns.entries()) {
      if (this.#known.has(widthKeyOf(column))) continue;
      this.#known.set(widthKeyOf(column), this.#fittedWidth(column, index, rows, MAX_FITTED_WIDTH));
    }
    this.#layOut();
  }

  /** Widens what other rows need more room for, but no column that the user has given its width. */
  widen(rows: readonly GridRow[]): void {
    for (const [index, column] of this.#columns.entries()) {
      const known = this.#known.get(widthKeyOf(column));
      if (known === undefined || this.#chosen.has(widthKeyOf(column))) continue;
      const needed = this.#fittedWidth(column, index, rows, MAX_FITTED_WIDTH);
      this.#known.set(widthKeyOf(column), Math.max(known, needed));
    }
    this.#layOut();
  }

  /** Returns the columns that can be seen between two distances from the left edge of the first. */
  visible(left: number, right: number): { readonly first: number; readonly last: number } {
    const first = this.indexAt(left);
    let last = first;
    while (last < this.#columns.length - 1 && (this.offsets[last + 1] ?? 0) < right) last++;
    return { first, last };
  }

  /** Returns the column at a distance from the left edge; the nearest if there is none. */
  indexAt(x: number): number {
    let low = 0;
    let high = Math.max(0, this.#columns.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.offsets[middle] ?? 0) <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #layOut(): void {
    const offsets = [0];
    for (const column of this.#columns) {
      offsets.push(
        (offsets.at(-1) ?? 0) + (this.#known.get(widthKeyOf(column)) ?? this.#defaultWidth(column)),
      );
    }
    this.offsets = offsets;
  }

  /** Until a page is there: the width of the header, or what values of that type usually need. */
  #defaultWidth(column: GridColumn): number {
    const key = widthKeyOf(column);
    const known = this.#defaults.get(key);
    if (known !== undefined) return known;
    const width = Math.max(this.#headerWidth(column), usualWidths[familyOf(column.kind)]);
    this.#defaults.set(key, width);
    return width;
  }

  #headerWidth({ name, type, key }: GridColumn): number {
    const width = Math.max(
      this.#measure(key === undefined ? name : `${name} 2`, "text") * 1.08 + ARROW_WIDTH,
      this.#measure(formatType(type), "text") + SPARK_WIDTH,
    );
    return Math.min(MAX_FITTED_WIDTH, Math.ceil(width + CELL_PADDING));
  }

  #fittedWidth(column: GridColumn, index: number, rows: readonly GridRow[], cap: number): number {
    // Counting characters picks the candidate; measuring every text would take a frame in a wide table.
    let longest = formatValue("", column.kind);
    for (const row of rows) {
      const value = formatCell(row[index], column, this.formats);
      if (value.text.length > longest.text.length) longest = value;
    }
    const width = Math.ceil(this.#measure(longest.text, longest.kind) + CELL_PADDING);
    return Math.max(MIN_WIDTH, this.#headerWidth(column), Math.min(cap, width));
  }
}

function widthKeyOf(column: GridColumn): string {
  return `${column.type} ${keyOf(column)}`;
}
