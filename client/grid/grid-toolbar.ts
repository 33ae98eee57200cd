import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatNumber } from "../../server/text/format.js";
import type { CellRange } from "./cell-range.js";
import type { PageCache } from "./page-cache.js";

export interface ToolbarState {
  readonly search: string;
  readonly hasFilterRow: boolean;
  /** More than one cell. */
  readonly range: CellRange | null;
  /** For a moment in the place of the count: what was just done. */
  readonly note: string;
  readonly rows: PageCache;
  readonly onSearch: (event: InputEvent) => void;
  readonly onFieldKeyDown: (event: KeyboardEvent) => void;
  readonly onToggleFilters: () => void;
  /** Undefined: there is nothing to make of the rows. */
  readonly onGroup: (() => void) | undefined;
  readonly onFullScreen: () => void;
  readonly onCopy: (hasHeader: boolean) => void;
}

export function renderToolbar(state: ToolbarState): TemplateResult {
  return html`<div class="toolbar">
    <div class="search">
      <svg
        width="12"
        height="12"
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        aria-hidden="true"
      >
        <circle cx="5" cy="5" r="3.6" />
        <path d="m7.8 7.8 3 3" />
      </svg>
      <input
        id="search"
        aria-label="Search in all columns"
        placeholder="Search"
        autocomplete="off"
        spellcheck="false"
        .value=${state.search}
        @input=${state.onSearch}
        @keydown=${state.onFieldKeyDown}
      />
    </div>
    <button
      class="icon"
      title=${state.hasFilterRow ? "Close and clear the filters" : "Filter columns"}
      aria-label="Filter columns"
      aria-pressed=${state.hasFilterRow}
      @click=${state.onToggleFilters}
    >
      <svg
        width="13"
        height="12"
        viewBox="0 0 13 12"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        aria-hidden="true"
      >
        <path d="M1 2h11M3 6h7M5 10h3" />
      </svg>
    </button>
    ${
      state.onGroup === undefined
        ? nothing
        : html`<button
            class="icon"
            title="Group and pivot"
            aria-label="Group and pivot"
            aria-haspopup="dialog"
            @click=${state.onGroup}
          >
            Σ
          </button>`
    }
    ${state.range ? renderCopyActions(state) : nothing}
    <button
      class="icon full"
      title="Full screen; Escape leaves it"
      aria-label="Full screen"
      @click=${state.onFullScreen}
    >
      <svg
        width="12"
        height="12"
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        aria-hidden="true"
      >
        <path d="M1 4V1h3M8 1h3v3M11 8v3H8M4 11H1V8" />
      </svg>
    </button>
    <span class="summary" role="status">${state.note || describe(state)}</span>
  </div>`;
}

function renderCopyActions({ onCopy }: ToolbarState): TemplateResult {
  return html`<div class="actions">
    <button @click=${() => onCopy(false)}>Copy</button>
    <button @click=${() => onCopy(true)}>Copy with header</button>
  </div>`;
}

function describe({ range, rows }: ToolbarState): string {
  if (range) {
    return `${formatNumber(range.bottom - range.top + 1)} × ${formatNumber(range.right - range.left + 1)} selected`;
  }
  const total = rows.source.totalRows;
  if (!rows.query.filter) return formatCount(rows.totalRows, "row");
  return `${formatNumber(rows.totalRows)} of ${formatCount(total, "row")}`;
}

export function renderProblem(message: string, onRetry: (() => void) | null): TemplateResult {
  return html`<div class="problem" role="alert">
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      aria-hidden="true"
    >
      <path d="m3 3 8 8M11 3l-8 8" />
    </svg>
    <p>${message}</p>
    ${onRetry ? html`<button class="outlined" @click=${onRetry}>Try again</button>` : nothing}
  </div>`;
}
