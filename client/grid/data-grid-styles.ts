import { css } from "lit";

export const dataGridStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-width: 0;
    max-height: var(--grid-max-height, 27rem);
    color: var(--text);
    font: var(--size-sm) / 1.25 var(--font-text);
    font-variant-numeric: tabular-nums;
    -webkit-font-smoothing: antialiased;
  }

  .toolbar {
    flex: none;
    display: flex;
    align-items: center;
    gap: var(--space-1);
    min-height: 2.125rem;
    padding-inline: var(--space-1) var(--space-2);
    color: var(--text-muted);
  }

  .search {
    position: relative;
    /* Before what stands at the right is cut. */
    flex: 0 1000 13rem;
    min-width: 5rem;
  }

  .search svg {
    position: absolute;
    left: 0.5rem;
    top: 0.4375rem;
    pointer-events: none;
  }

  .search input {
    width: 100%;
    padding-left: 1.625rem;
    border-color: transparent;
    background: none;
  }

  .search input:hover {
    border-color: var(--line-strong);
  }

  .search input:focus,
  .search input:not(:placeholder-shown) {
    border-color: var(--line-control);
    background: var(--surface);
  }

  .summary {
    min-width: 0;
    margin-left: auto;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .actions {
    display: flex;
    margin-left: auto;
  }

  .actions + .summary {
    margin-left: var(--space-2);
  }

  .viewport {
    position: relative;
    flex: 1 1 auto;
    min-height: 0;
    overflow: auto;
    overscroll-behavior-x: contain;
    border-block: 1px solid var(--line);
    background: var(--surface);
    scrollbar-color: var(--line-strong) transparent;
    outline: none;
  }

  .head {
    position: sticky;
    top: 0;
    z-index: 3;
    min-width: 100%;
    background: var(--surface);
  }

  .row {
    min-width: 100%;
    display: grid;
    grid-template-columns: var(--columns);
  }

  .head .row {
    border-bottom: 1px solid var(--line-strong);
  }

  .gutter {
    position: sticky;
    left: 0;
    z-index: 1;
    padding-right: 0.625rem;
    border-right: 1px solid var(--line);
    background: var(--surface);
    color: var(--text-faint);
    font-size: var(--size-xs);
    text-align: right;
  }

  .names {
    height: 41px;
  }

  .name-cell {
    position: relative;
    padding: 5px 10px 0;
    cursor: pointer;
    user-select: none;
    overflow: hidden;
  }

  .name-cell:hover {
    background: var(--hover);
  }

  .title,
  .about {
    display: flex;
    align-items: center;
    gap: 0.375rem;
  }

  .number > .title,
  .number > .about {
    flex-direction: row-reverse;
  }

  .name,
  .type {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: pre;
  }

  .name {
    font-weight: 600;
  }

  /* What does not fit goes into a second line, which is out of sight. */
  .about {
    flex-wrap: wrap;
    align-content: flex-start;
    justify-content: space-between;
    height: 15px;
    overflow: hidden;
    color: var(--text-faint);
    font-size: var(--size-xs);
  }

  .arrow {
    flex: none;
    color: var(--accent);
    opacity: 0;
  }

  :host([plain]) .name-cell {
    cursor: default;
  }

  :host([plain]) .arrow {
    display: none;
  }

  .name-cell:hover .arrow {
    opacity: 0.45;
  }

  .name-cell[aria-sort="ascending"] .arrow,
  .name-cell[aria-sort="descending"] .arrow {
    opacity: 1;
  }

  .name-cell[aria-sort="descending"] .arrow {
    transform: scaleY(-1);
  }

  .type {
    flex: none;
    max-width: 100%;
  }

  :host(:fullscreen) {
    height: 100% !important;
    max-height: none;
    background: var(--page);
  }

  .counts {
    flex: none;
    white-space: nowrap;
  }

  .missing {
    color: var(--status-stale);
  }

  .spark {
    flex: 1 1 16px;
    min-width: 0;
    max-width: 52px;
    fill: var(--mark);
  }

  .of-all .spark {
    opacity: 0.45;
  }

  .of-all .counts {
    font-style: italic;
  }

  .spark .nulls {
    fill: var(--status-stale);
  }

  .more {
    position: absolute;
    top: 6px;
    right: 10px;
    border-radius: var(--radius-sm);
    background: var(--hover);
    color: var(--text-muted);
    opacity: 0;
  }

  .number > .more {
    right: auto;
    left: 4px;
  }

  .name-cell:is(:hover, .cursor) .more {
    opacity: 1;
  }

  .grip {
    position: absolute;
    inset: 0 0 0 auto;
    width: 9px;
    cursor: col-resize;
    touch-action: none;
  }

  .grip::after {
    content: "";
    position: absolute;
    inset: 9px 0 9px auto;
    width: 1px;
    background: var(--line);
  }

  .grip:hover::after,
  .resized .grip::after {
    inset-block: 0;
    width: 2px;
    background: var(--accent);
  }

  .filters {
    height: 31px;
  }

  .filters input {
    width: calc(100% - 6px);
    height: 1.5rem;
    margin: 3px;
    padding: 0 0.375rem;
    border-color: transparent;
    background: var(--sunken);
  }

  .filters input:is(:hover, :focus, :not(:placeholder-shown)) {
    border-color: var(--line-control);
    background: var(--surface);
  }

  .filters input[aria-invalid="true"] {
    border-color: var(--status-failed);
  }

  .filter-problem {
    inset: auto;
    max-width: min(24rem, calc(100vw - 16px));
    margin: 0;
    padding: 0.25rem 0.5rem;
    border: 1px solid var(--status-failed);
    border-radius: var(--radius);
    background: var(--raised);
    box-shadow: var(--shadow-raised);
    color: var(--text);
    font: inherit;
    overflow-wrap: anywhere;
  }

  .filters .gutter {
    display: grid;
    place-items: center;
  }

  .pinned {
    position: sticky;
    z-index: 1;
    background: var(--surface);
  }

  .pinned.edge {
    border-right: 2px solid var(--line-strong);
  }

  .body {
    position: relative;
    min-width: 100%;
  }

  .window {
    position: sticky;
    top: var(--head-height);
    height: 0;
  }

  .sheet {
    position: relative;
    min-width: 100%;
    will-change: transform;
  }

  .window .row {
    position: absolute;
    inset: 0 0 auto;
    height: 24px;
    border-bottom: 1px solid var(--line);
    contain: layout paint;
    background: var(--surface);
  }

  /* The lower edge has a line of its own. */
  .window .row:last-child {
    border-color: transparent;
  }

  .cell {
    padding: 0 10px;
    line-height: 23px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: pre;
    cursor: default;
    user-select: none;
    unicode-bidi: isolate;
  }

  .window .gutter {
    line-height: 23px;
    user-select: none;
  }

  .window .row:hover,
  .window .row:hover > :is(.gutter, .pinned) {
    background: var(--hover);
  }

  .cell.number {
    text-align: right;
  }

  .cell.nested {
    color: var(--text-muted);
    font-family: var(--font-mono);
    font-size: var(--size-xs);
    font-variant-ligatures: none;
  }

  .cell.null,
  .cell.empty {
    color: var(--text-faint);
    font-style: italic;
  }

  .cell.null {
    font-size: 0.625rem;
    letter-spacing: 0.04em;
  }

  .window .row .cell.wrong {
    background: var(--status-failed-soft);
    color: var(--status-failed);
  }

  .window .row .cell[aria-selected="true"] {
    background: var(--selection);
    color: var(--text);
  }

  .window .row .gutter.selected {
    color: var(--text);
    background: var(--selection);
  }

  .viewport:focus-visible .cursor,
  .viewport:focus .cursor {
    box-shadow: inset 0 0 0 2px var(--focus);
  }

  .cursor {
    box-shadow: inset 0 0 0 1px var(--line-control);
  }

  /* Stands where a value will be. */
  .cell.loading::before {
    content: "";
    display: inline-block;
    width: 60%;
    height: 8px;
    border-radius: 4px;
    background: var(--line);
    vertical-align: middle;
  }

  .row:nth-child(3n) .cell.loading::before {
    width: 45%;
  }

  .row:nth-child(4n) .cell.loading::before {
    width: 75%;
  }

  .window .row,
  .head .row {
    transition: opacity 0.2s;
  }

  /* Old rows while new ones come: quieter, but still there and readable. */
  .unread .window :is(.row, .gutter, .pinned),
  :host([stale]) .viewport,
  :host([stale]) .viewport :is(.gutter, .head, .window .row) {
    background: var(--sunken);
  }

  :host([stale]) .pinned {
    background: var(--sunken);
  }

  .unread .window .cell,
  :host([stale]) .window .cell,
  :host([stale]) .name {
    color: var(--text-muted);
  }

  .viewport[aria-busy="true"] .window .cell {
    color: var(--text-muted);
    transition: color 0.2s 0.15s;
  }

  .nothing {
    position: sticky;
    left: 0;
    display: flex;
    align-items: center;
    gap: var(--space-2);
    width: max-content;
    min-height: 2.5rem;
    padding: 0 var(--space-3);
    color: var(--text-muted);
  }

  .problem {
    flex: none;
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: 0.375rem var(--space-3);
    background: var(--status-failed-soft);
    color: var(--text);
  }

  .problem p {
    margin: 0;
    max-height: 5rem;
    overflow: auto;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .problem svg {
    flex: none;
    color: var(--status-failed);
  }

  .problem button {
    margin-left: auto;
  }
`;
