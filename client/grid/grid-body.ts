import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { formatNumber } from "../../server/text/format.js";
import { formatCell } from "./format-cell.js";
import { describeLength } from "./describe-length.js";
import type { GridSelection } from "./grid-selection.js";
import { keyOf, type GridRow } from "./grid-source.js";
import type { Track, Tracks } from "./grid-tracks.js";
import type { GridViewport } from "./grid-viewport.js";
import type { PageCache } from "./page-cache.js";
import { ROW_HEIGHT } from "./scroll-scale.js";

export interface BodyState {
  readonly rows: PageCache;
  readonly viewport: GridViewport;
  readonly selection: GridSelection;
  readonly tracks: Tracks;
  /** Columns in which the rows are wrong. */
  readonly marked: readonly string[];
  /** How numbers are shown, by the key of their column. */
  readonly formats: Readonly<Record<string, string>>;
  /** Rows of the header, which are counted first. */
  readonly headRows: number;
}

/** Rows stand at multiples of their height from a row that seldom changes, so that scrolling leaves most of them alone. */
const ROWS_PER_BLOCK = 5_000;

/** Draws the rows within sight, those that have not come yet as bars. */
export function renderRows(state: BodyState): TemplateResult {
  const { firstRow, drawnRows, rowsHeight, position } = state.viewport;
  const base = Math.floor(firstRow / ROWS_PER_BLOCK) * ROWS_PER_BLOCK;
  const rows = Array.from({ length: Math.max(0, drawnRows) }, (_, index) => firstRow + index);
  // A row that leaves at one end comes in again at the other, so that elements are moved, not made.
  const cycle = Math.ceil(rowsHeight / ROW_HEIGHT) + 1;
  return html`<div
    class="sheet"
    role="presentation"
    style="transform:translateY(${base * ROW_HEIGHT - position}px);width:${state.tracks.width}px"
  >
    ${repeat(
      rows,
      (row) => row % cycle,
      (row) => guard(whatShows(row, base, state), () => renderRow(row, (row - base) * ROW_HEIGHT, state)),
    )}
  </div>`;
}

/** Returns all that a row's look depends on: while these are the same, it is not drawn again. */
function whatShows(
  row: number,
  base: number,
  { rows, selection, tracks, headRows, marked, formats }: BodyState,
): unknown[] {
  const { cursor, range } = selection;
  const isInRange = range !== null && row >= range.top && row <= range.bottom;
  return [
    row,
    base,
    rows.row(row),
    rows.source,
    headRows,
    marked.join("\n"),
    formats,
    tracks.template,
    tracks.pinned.length,
    tracks.scrolled[0]?.index,
    cursor?.row === row ? cursor.column : null,
    isInRange ? range.left : null,
    isInRange ? range.right : null,
  ];
}

function renderRow(row: number, top: number, state: BodyState): TemplateResult {
  const { rows, tracks, selection, headRows } = state;
  const values = rows.row(row);
  const { range } = selection;
  const isInRange = range !== null && row >= range.top && row <= range.bottom;
  const wrong = wrongColumns(values, state);
  const render = (track: Track): TemplateResult =>
    renderCell(row, track, values, state, wrong.has(track.index));
  return html`<div class="row" role="row" aria-rowindex=${row + 1 + headRows} style="top:${top}px">
    <div
      class="gutter ${isInRange ? "selected" : ""}"
      role="rowheader"
      aria-colindex="1"
      .textContent=${formatNumber(row + 1)}
    ></div>
    ${tracks.pinned.map(render)}
    <div role="presentation"></div>
    ${tracks.scrolled.map(render)}
  </div>`;
}

/** Of several columns in which a value may be missing, those in which it is. */
function wrongColumns(values: GridRow | undefined, { tracks, marked }: BodyState): ReadonlySet<number> {
  if (values === undefined || marked.length === 0) return new Set();
  const names = new Set(marked.map((name) => name.toLowerCase()));
  const found = [...tracks.pinned, ...tracks.scrolled]
    .filter(({ column }) => names.has(keyOf(column).toLowerCase()))
    .map(({ index }) => index);
  const missing = found.filter((index) => values[index] === null);
  return new Set(missing.length === 0 ? found : missing);
}

function renderCell(
  row: number,
  { column, index, family, pin }: Track,
  values: GridRow | undefined,
  { rows, selection, formats }: BodyState,
  isWrong: boolean,
): TemplateResult {
  const isCursor = selection.cursor?.row === row && selection.cursor.column === index;
  const value = values ? formatCell(values[index], column, formats) : { text: "", kind: "loading" };
  const length = values && rows.lengthOf(values, index);
  const align = family === "number" ? "number" : "";
  return html`<div
    role="gridcell"
    id="cell-${row}-${index}"
    class="cell ${pin?.classes ?? ""} ${align} ${value.kind} ${isCursor ? "cursor" : ""} ${isWrong ? "wrong" : ""}"
    style=${pin?.style ?? nothing}
    aria-colindex=${index + 2}
    aria-selected=${selection.isSelected(row, index)}
    title=${length === undefined ? (isWrong ? "The check fails here" : nothing) : `Only the beginning of ${describeLength(length, column)}`}
    .textContent=${value.text}
  ></div>`;
}
