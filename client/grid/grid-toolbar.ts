import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatNumber } from "../../server/text/format.js";
import type { CellRange } from "./cell-range.js";
import type { PageCache } from "./page-cache.js";
import { renderIcon } from "../styles/icon.js";

export interface ToolbarState {
  readonly search: string;
  readonly hasFilterRow: boolean;
  /** More than one cell. */
  readonly range: CellRange | null;
  /** For a moment in the place of the count: what was just done. */
  readonly note: string;
  readonly rows: PageCache;
  /** Columns over which something stands that is no filter. */
  readonly unread: readonly string[];
  readonly hiddenCount: number;
  readonly onShowHidden: () => void;
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
      ${renderIcon("search")}
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
      ${renderIcon("filter")}
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
            ${renderIcon("sum")}
          </button>`
    }
    <slot name="bar"></slot>
    ${state.range ? renderCopyActions(state) : nothing}
    <button
      class="icon full"
      title="Full screen; Escape leaves it"
      aria-label="Full screen"
      @click=${state.onFullScreen}
    >
      ${renderIcon("expand")}
    </button>
    ${
      state.hiddenCount === 0
        ? nothing
        : html`<button title="Show the hidden columns" @click=${state.onShowHidden}>
            ${formatCount(state.hiddenCount, "column")} hidden
          </button>`
    }
    <span class="summary" role="status">${state.note || describe(state)}</span>
  </div>`;
}

function renderCopyActions({ onCopy }: ToolbarState): TemplateResult {
  return html`<div class="actions">
    <button @click=${() => onCopy(false)}>Copy</button>
    <button @click=${() => onCopy(true)}>Copy with header</button>
  </div>`;
}

function describe({ range, rows, unread }: ToolbarState): string {
  if (range) {
    return `${formatNumber(range.bottom - range.top + 1)} × ${formatNumber(range.right - range.left + 1)} selected`;
  }
  const total = formatCount(rows.source.totalRows, "row");
  const shown = rows.query.filter
    ? `${formatNumber(rows.totalRows)} of ${total}`
    : formatCount(rows.totalRows, "row");
  return unread.length === 0 ? shown : `${shown}, not filtered by ${unread.join(", ")}`;
}

export function renderProblem(message: string, onRetry: (() => void) | null): TemplateResult {
  return html`<div class="problem" role="alert">
    ${renderIcon("close")}
    <p>${message}</p>
    ${onRetry ? html`<button class="outlined" @click=${onRetry}>Try again</button>` : nothing}
  </div>`;
}
