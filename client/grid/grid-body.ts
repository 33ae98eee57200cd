import { html, type TemplateResult } from "lit";
import { formatNumber, formatValue } from "../format.js";
import type { GridSelection } from "./grid-selection.js";
import type { GridRow } from "./grid-source.js";
import type { Track, Tracks } from "./grid-tracks.js";
import type { GridViewport } from "./grid-viewport.js";
import type { PageCache } from "./page-cache.js";
import { ROW_HEIGHT } from "./scroll-scale.js";

export interface BodyState {
  readonly rows: PageCache;
  readonly viewport: GridViewport;
  readonly selection: GridSelection;
  readonly tracks: Tracks;
  /** Rows of the header, which are counted first. */
  readonly headRows: number;
}

/** Draws the rows within sight, those that have not come yet as bars. */
export function renderRows(state: BodyState): TemplateResult[] {
  const { firstRow, lastRow } = state.viewport;
  const rows: TemplateResult[] = [];
  for (let row = firstRow; row <= lastRow; row++) rows.push(renderRow(row, state));
  return rows;
}

function renderRow(row: number, state: BodyState): TemplateResult {
  const { rows, viewport, selection, tracks, headRows } = state;
  const values = rows.row(row);
  const { range } = selection;
  const isInRange = range !== null && row >= range.top && row <= range.bottom;
  const top = row * ROW_HEIGHT - viewport.position;
  return html`<div
    class="row"
    role="row"
    aria-rowindex=${row + 1 + headRows}
    style="width:${tracks.width}px;transform:translateY(${top}px)"
  >
    <div
      class="gutter ${isInRange ? "selected" : ""}"
      role="rowheader"
      aria-colindex="1"
      .textContent=${formatNumber(row + 1)}
    ></div>
    <div role="presentation"></div>
    ${tracks.columns.map((track) => renderCell(row, track, values, selection))}
  </div>`;
}

function renderCell(
  row: number,
  { column, index, kind }: Track,
  values: GridRow | undefined,
  selection: GridSelection,
): TemplateResult {
  const isCursor = selection.cursor?.row === row && selection.cursor.column === index;
  const value = values ? formatValue(values[index], column.type) : { text: "", kind: "loading" };
  const align = kind === "number" ? "number" : "";
  return html`<div
    role="gridcell"
    id="cell-${row}-${index}"
    class="cell ${align} ${value.kind} ${isCursor ? "cursor" : ""}"
    aria-colindex=${index + 2}
    aria-selected=${selection.isSelected(row, index)}
    .textContent=${value.text}
  ></div>`;
}
