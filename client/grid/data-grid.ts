import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { AskAgain } from "../ask-again.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { loadCode } from "../connection.js";
import { TypingPause } from "../elements/typing-pause.js";
import { arrangedSource, type Arrangement } from "./arranged-source.js";
import "./cell-detail.js";
import type { CellDetail } from "./cell-detail.js";
import { HEADER_ROW, type CellPosition } from "./cell-range.js";
import { ColumnWidths } from "./column-widths.js";
import { copyRange } from "./copy-range.js";
import { dataGridStyles } from "./data-grid-styles.js";
import { dragColumn } from "./drag-column.js";
import { DeriveEvent, FilterChangeEvent, SortChangeEvent } from "./grid-events.js";
import { renderRows } from "./grid-body.js";
import { GridFilters } from "./grid-filters.js";
import { renderFilterRow, renderNames } from "./grid-header.js";
import { GridRows } from "./grid-rows.js";
import { GridSelection } from "./grid-selection.js";
import {
  keyOf,
  titleOf,
  noQuery,
  type GridColumn,
  type GridQuery,
  type GridRow,
  type GridSource,
} from "./grid-source.js";
import { renderProblem, renderToolbar } from "./grid-toolbar.js";
import { countPinned, findTracks, type Tracks } from "./grid-tracks.js";
import { GridViewport } from "./grid-viewport.js";
import { keepArrangement, keptArrangement } from "./kept-arrangement.js";
import { createTextMeasure } from "./measure-text.js";
import { PAGE_ROWS, type PageCache } from "./page-cache.js";
import type { ColumnProfile } from "./profile.js";

const NAMES_HEIGHT = 41;
const FILTERS_HEIGHT = 31;
const TYPING_MS = 250;
const NOTE_MS = 2500;
const KEY_RESIZE = 16;
/** Two rows. */
const KEY_HEIGHT = 48;
const MIN_HEIGHT = 120;

/**
 * `<data-grid>`: a whole result of any length, page by page from its source. What is shown changes only when the next
 * rows are there: until then the old ones stay.
 *
 * @fires sort-change - The user sorted.
 * @fires filter-change - The user searched or filtered.
 * @fires derive-cell - A cell of these rows is wanted.
 * @fires show-profile - What the columns are like is wanted.
 */
@customElement("data-grid")
export class DataGrid extends LitElement {
  static override styles = [resetStyles, controlStyles, dataGridStyles];

  /** A new object shows a new result. Sort, filters, widths and place hold where the columns are the same. */
  @property({ attribute: false }) source: GridSource | null = null;
  /** For the small pictures in the header. */
  @property({ attribute: false }) profile: readonly ColumnProfile[] = [];
  /** Why there is no result, or none newer than this one. */
  @property() problem: string | null = null;
  /** Asks for it again. */
  @property({ attribute: false }) retry: (() => void) | null = null;
  /** Columns in which the rows are wrong. */
  @property({ attribute: false }) marked: readonly string[] = [];
  /** How numbers are shown, by the key of their column; the data stay as they are. */
  @property({ attribute: false }) formats: Readonly<Record<string, string>> = {};
  /** What these rows are, for who cannot see what they belong to. */
  @property() label = "Rows";
  /** Under which this browser keeps what is pinned and hidden; empty: it keeps nothing. */
  @property({ attribute: "keep-as" }) keepAs = "";
  /** The rows are those of an older run. */
  @property({ type: Boolean, reflect: true }) stale = false;
  /** Its rows are those of a cell, of which another may be made; there is a profile to go to. */
  @property({ type: Boolean }) derivable = false;
  /** Its rows are filtered from without too. */
  @property({ type: Boolean }) narrowed = false;
  /** Rows that are nowhere else, so that nobody sorts or filters them: without the line of search, filters and counts. */
  @property({ type: Boolean, reflect: true }) plain = false;
  /** Ctrl+C takes the names of the columns along. */
  @property({ type: Boolean, attribute: "copy-header" }) copyHeader = false;

  @state() private hasFilterRow = false;
  @state() private note = "";
  @state() private resizedColumn: number | null = null;

  @query("cell-detail") private detail!: CellDetail;
  @query("#search") private searchField!: HTMLInputElement | null;

  readonly #viewport = new GridViewport(this);
  readonly #widths = new ColumnWidths(createTextMeasure(this));
  readonly #selection = new GridSelection(this, this.#viewport, this.#widths);
  readonly #rows = new GridRows({
    onSwap: (isSamePlace) => this.#onSwap(isSamePlace),
    onChange: () => this.#onRows(),
  });
  readonly #again = new AskAgain(this, () => {
    this.#retryRows();
  });
  readonly #filters = new GridFilters();
  readonly #typing = new TypingPause(this, () => false);
  /** What is shown of the source. */
  #arrangement: Arrangement = keptArrangement("");
  #query: GridQuery = noQuery;
  /** Columns that the user has pinned; those for which there is room stay in sight. */
  #pinned = 0;
  #fieldBefore: HTMLInputElement | null = null;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #noteTimer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("scroll", this.#placeProblem, { capture: true, passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("scroll", this.#placeProblem, { capture: true });
    clearTimeout(this.#typingTimer);
    clearTimeout(this.#noteTimer);
  }

  override focus(): void {
    this.#viewport.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#fieldBefore = this.#focusedField;
    if (changed.has("formats")) {
      this.#widths.formats = this.formats;
      this.#widths.widen(this.#firstPage() ?? []);
      void this.#applyFilter();
    }
    if (changed.has("keepAs")) this.#arrangement = keptArrangement(this.keepAs);
    if (changed.has("source") || changed.has("keepAs")) this.#openSource();
    const viewport = this.#viewport;
    viewport.rowCount = this.#rows.shown?.totalRows ?? 0;
    viewport.headHeight = NAMES_HEIGHT + (this.hasFilterRow ? FILTERS_HEIGHT : 0);
    viewport.gutterWidth = 24 + 7 * String(viewport.rowCount).length;
    const wanted = this.#rows.shown?.source.pinned ?? 0;
    viewport.pinnedCount = countPinned(wanted, this.#widths, viewport.columnsWidth);
    viewport.pinnedWidth = this.#widths.offsets[viewport.pinnedCount] ?? 0;
    viewport.clamp();
    this.#selection.columnCount = this.#columns.length;
    this.#selection.clamp();
    if (viewport.height > 0) this.#rows.want(viewport.firstRow, viewport.lastRow);
  }

  protected override updated(): void {
    // A filter is gone with its column, out of sight: keys go on to the table, not to the page.
    if (this.#fieldBefore?.isConnected === false) this.#viewport.focus();
    this.#placeProblem();
  }

  get #columns(): readonly GridColumn[] {
    return this.#rows.shown?.source.columns ?? [];
  }

  #openSource(): void {
    if (!this.source) {
      this.#rows.close();
      return;
    }
    const { columns } = this.source;
    const keys = new Set(columns.map(keyOf));
    this.#filters.keepOnly(keys);
    const { sort } = this.#query;
    const filter = this.#filters.read(columns, this.formats);
    this.#query = { sort: sort && keys.has(sort.column) ? sort : null, filter };
    const arranged = arrangedSource(this.source, this.#arrangement);
    const isSamePlace = this.#columns.map(keyOf).join("\n") === arranged.columns.map(keyOf).join("\n");
    this.#rows.open(arranged, this.#query, isSamePlace);
  }

  #arrange(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
    keepArrangement(this.keepAs, arrangement);
    this.#openSource();
    this.requestUpdate();
  }

  #onSwap(isSamePlace: boolean): void {
    this.#widths.setColumns(this.#columns);
    this.#onPinned(this.#rows.shown?.source.pinned ?? 0);
    if (isSamePlace) return;
    this.#widths.widen(this.#firstPage() ?? []);
    this.#viewport.scrollTo(0);
    if (this.#selection.cursor?.row !== HEADER_ROW) this.#selection.current = null;
  }

  #onPinned(pinned: number): void {
    const isFull = countPinned(pinned, this.#widths, this.#viewport.columnsWidth) < pinned;
    if (pinned > this.#pinned && isFull) this.#say("Too wide to stay in sight: it scrolls");
    this.#pinned = pinned;
  }

  #firstPage(): readonly GridRow[] | undefined {
    const { shown } = this.#rows;
    return shown?.peek(0, Math.min(PAGE_ROWS, shown.totalRows) - 1) ?? undefined;
  }

  #onRows(): void {
    const { shown } = this.#rows;
    const first = this.#viewport.firstRow;
    const last = Math.min(first + PAGE_ROWS, shown?.totalRows ?? 0) - 1;
    const rows = shown?.peek(first, last) ?? shown?.peek(first, first);
    if (rows && rows.length > 0) this.#widths.fitNew(rows);
    this.#again.note(this.#rows.failure);
    this.#filters.note(this.#rows.failure);
    this.requestUpdate();
  }

  #ask(query: GridQuery): void {
    if (!this.source) return;
    this.#query = query;
    this.#rows.open(arrangedSource(this.source, this.#arrangement), query, false);
    this.requestUpdate();
  }

  /** Ascending, descending, none. */
  #sortBy(index: number): void {
    const found = this.#columns[index];
    if (found === undefined) return;
    const column = keyOf(found);
    const old = this.#query.sort?.column === column ? this.#query.sort.direction : null;
    this.#setSort(column, { asc: "desc", desc: null, none: "asc" }[old ?? "none"] as "asc" | "desc" | null);
  }

  #setSort(column: string, direction: "asc" | "desc" | null): void {
    if (this.plain) return;
    const sort = direction && { column, direction };
    this.#ask({ ...this.#query, sort });
    this.dispatchEvent(new SortChangeEvent(sort));
  }

  /** Without a text its field is only opened. */
  #filterBy(column: GridColumn, text?: string): void {
    this.hasFilterRow = true;
    if (text !== undefined) {
      this.#filters.type(column, text);
      void this.#applyFilter();
    }
    void this.#focusFilter(this.#columns.indexOf(column));
  }

  /** Brings it into sight: only columns there have one. */
  async #focusFilter(index: number): Promise<void> {
    await this.updateComplete;
    this.#selection.reveal({ row: HEADER_ROW, column: index });
    this.#viewport.onScroll();
    await this.updateComplete;
    const field = this.renderRoot.querySelector<HTMLElement>(`.filters [aria-colindex="${index + 2}"] input`);
    field?.focus({ preventScroll: true });
  }

  async #applyFilter(): Promise<void> {
    clearTimeout(this.#typingTimer);
    const loading = this.#filters.loading();
    if (loading !== undefined) await loading;
    const filter = this.#filters.read(this.source?.columns ?? [], this.formats);
    this.requestUpdate();
    if (JSON.stringify(filter) === JSON.stringify(this.#query.filter)) return;
    this.#ask({ ...this.#query, filter });
    this.dispatchEvent(new FilterChangeEvent(filter));
  }

  #onTyping(): void {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => void this.#applyFilter(), TYPING_MS);
  }

  #onSearchInput(event: InputEvent): void {
    this.#filters.search = (event.target as HTMLInputElement).value;
    this.#onTyping();
  }

  #onFilterInput(event: InputEvent, column: GridColumn): void {
    this.#filters.type(column, (event.target as HTMLInputElement).value);
    this.#typing.note();
    this.#onTyping();
  }

  #onFieldKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    this.#typing.end();
    void this.#applyFilter();
    this.#viewport.focus();
  }

  #onFilterKeyDown(event: KeyboardEvent, index: number): void {
    const to = index + (event.shiftKey ? -1 : 1);
    const isTab = event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!isTab || this.#columns[to] === undefined) {
      this.#onFieldKeyDown(event);
      return;
    }
    event.preventDefault();
    void this.#focusFilter(to);
  }

  #toggleFilterRow(): void {
    this.hasFilterRow = !this.hasFilterRow;
    if (this.hasFilterRow) {
      void this.#focusFilter(0);
      return;
    }
    this.#filters.clearColumns();
    void this.#applyFilter();
  }

  #clearFilters(): void {
    this.#filters.clear();
    void this.#applyFilter();
  }

  #onHeaderClick(event: MouseEvent): void {
    const index = columnOf(event);
    if (index === null || isGrip(event)) return;
    const more = (event.target as Element).closest(".more");
    if (more) {
      this.#onContextMenu(event);
      return;
    }
    this.#viewport.focus();
    this.#selection.move({ row: HEADER_ROW, column: index }, false);
    this.#sortBy(index);
  }

  #onHeaderPointerDown(event: PointerEvent): void {
    const index = columnOf(event);
    if (index === null || !isGrip(event)) return;
    this.resizedColumn = index;
    const width = this.#widths.widthOf(index);
    dragColumn(event, {
      onMove: (distance) => this.#resize(index, width + distance),
      onEnd: () => (this.resizedColumn = null),
    });
  }

  #onHeaderDoubleClick(event: MouseEvent): void {
    const index = columnOf(event);
    if (index === null || !isGrip(event)) return;
    const { firstRow, lastRow } = this.#viewport;
    this.#widths.fit(index, this.#rows.shown?.peek(firstRow, lastRow) ?? []);
    this.requestUpdate();
  }

  #resize(index: number, width: number): void {
    this.#widths.resize(index, width);
    this.requestUpdate();
  }

  /** Of the head of a column, or of a value. */
  async #openMenu(cell: Element, { row, column }: CellPosition): Promise<void> {
    const { openGridMenu } = await loadCode(() => import("./open-grid-menu.js"));
    const value = this.#rows.shown?.row(row)?.[column];
    openGridMenu(cell, {
      grid: this,
      columns: this.#columns,
      index: column,
      value: row === HEADER_ROW ? undefined : { value },
      query: this.#query,
      arrangement: this.#arrangement,
      sortBy: (key, direction) => this.#setSort(key, direction),
      filterBy: (found, text) => this.#filterBy(found, text),
      arrange: (arrangement) => this.#arrange(arrangement),
      say: (note) => this.#say(note),
      showWhole: () => void this.#showDetail(),
      close: () => {
        if (this.#focusedField === null) this.#viewport.focus();
      },
    });
  }

  get #focusedField(): HTMLInputElement | null {
    const active = this.shadowRoot?.activeElement;
    return active instanceof HTMLInputElement ? active : null;
  }

  #onContextMenu(event: MouseEvent): void {
    const cell = (event.target as Element).closest('[id^="cell-"]');
    const [, row, column] = /^cell-(-?\d+)-(\d+)$/.exec(cell?.id ?? "") ?? [];
    if (cell === null || row === undefined || event.shiftKey) return;
    event.preventDefault();
    const position = { row: Number(row), column: Number(column) };
    this.#viewport.focus();
    if (!this.#selection.isSelected(position.row, position.column)) this.#selection.move(position, false);
    void this.#openMenu(cell, position);
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.composedPath()[0] instanceof HTMLInputElement) return;
    if (this.#onCommandKey(event) || this.#selection.onKey(event)) event.preventDefault();
  }

  #onCommandKey(event: KeyboardEvent): boolean {
    const { cursor } = this.#selection;
    if (event.key === "/") this.searchField?.focus();
    else if (!cursor) return false;
    else if (event.key === "Escape" && this.#isRangeSelected) this.#selection.collapse();
    else if (event.key === "ContextMenu" || event.key === "m" || (event.shiftKey && event.key === "F10")) {
      const cell = this.renderRoot.querySelector(`#${this.#cursorId ?? "none"}`);
      if (cell) void this.#openMenu(cell, cursor);
    } else if (event.altKey && /^Arrow(Left|Right)$/.test(event.key)) {
      const step = event.key === "ArrowLeft" ? -KEY_RESIZE : KEY_RESIZE;
      this.#resize(cursor.column, this.#widths.widthOf(cursor.column) + step);
    } else if (event.altKey && !event.shiftKey && /^Arrow(Up|Down)$/.test(event.key)) {
      const step = event.key === "ArrowUp" ? -KEY_HEIGHT : KEY_HEIGHT;
      this.style.height = `${String(Math.max(MIN_HEIGHT, this.offsetHeight + step))}px`;
    } else if (event.key !== "Enter" && event.key !== " ") return false;
    else if (cursor.row === HEADER_ROW) this.#sortBy(cursor.column);
    else void this.#showDetail();
    return true;
  }

  async #showDetail(): Promise<void> {
    const { cursor } = this.#selection;
    await this.updateComplete;
    const column = cursor && this.#columns[cursor.column];
    const { shown } = this.#rows;
    const row = cursor && shown?.row(cursor.row);
    const cell = this.renderRoot.querySelector(".window .cursor");
    if (!column || !row || !cell) return;
    const length = shown?.lengthOf(row, cursor.column);
    const url = shown?.source.valueUrl?.(cursor.row, keyOf(column), shown.query);
    const cut = length === undefined ? {} : { cut: { length, url } };
    const title = titleOf(this.#columns, cursor.column).text;
    const content = { title, column, row: cursor.row, value: row[cursor.column], ...cut };
    await this.detail.show(content, cell.getBoundingClientRect(), () => this.#viewport.focus());
  }

  get #isRangeSelected(): boolean {
    const { range } = this.#selection;
    return range !== null && (range.top !== range.bottom || range.left !== range.right);
  }

  #onCopy(event: ClipboardEvent): void {
    if (event.composedPath()[0] instanceof HTMLInputElement || !this.#selection.range) return;
    event.preventDefault();
    void this.#copy(this.copyHeader);
  }

  async #copy(hasHeader: boolean): Promise<void> {
    const { range } = this.#selection;
    if (!range || !this.#rows.shown) return;
    try {
      this.#say(await copyRange(this.#rows.shown, range, hasHeader));
    } catch (error) {
      this.#say(`Not copied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #say(note: string): void {
    this.note = note;
    clearTimeout(this.#noteTimer);
    this.#noteTimer = setTimeout(() => (this.note = ""), NOTE_MS);
  }

  protected override render(): TemplateResult {
    const { shown } = this.#rows;
    return html`
      ${shown && !this.plain ? this.#renderToolbar(shown) : nothing}
      ${shown ? this.#renderViewport(shown) : nothing} ${this.#renderFilterProblem()}${this.#renderProblem()}
      <cell-detail></cell-detail>
    `;
  }

  #renderToolbar(rows: PageCache): TemplateResult {
    return renderToolbar({
      search: this.#filters.search,
      hasFilterRow: this.hasFilterRow,
      range: this.#isRangeSelected ? this.#selection.range : null,
      note: this.note,
      rows,
      unread: this.#unread,
      hiddenCount: this.#hiddenCount,
      onShowHidden: () => this.#arrange({ ...this.#arrangement, hidden: new Set() }),
      onSearch: (event) => this.#onSearchInput(event),
      onFieldKeyDown: (event) => this.#onFieldKeyDown(event),
      onToggleFilters: () => this.#toggleFilterRow(),
      onGroup: this.derivable ? () => this.dispatchEvent(new DeriveEvent(this.#query, [], true)) : undefined,
      onFullScreen: () =>
        void (document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen()),
      onCopy: (hasHeader) => void this.#copy(hasHeader),
    });
  }

  get #hiddenCount(): number {
    const { hidden } = this.#arrangement;
    return this.source?.columns.filter((column) => hidden.has(keyOf(column))).length ?? 0;
  }

  #renderProblem(): TemplateResult | typeof nothing {
    if (this.problem) return renderProblem(this.problem, this.retry);
    const { failure } = this.#rows;
    if (!failure || this.#filters.problems.size > 0) return nothing;
    return renderProblem(`These rows could not be loaded. ${failure.message}`, () => {
      this.#retryRows();
    });
  }

  /** Over which columns something stands by which the rows are not filtered. */
  get #unread(): readonly string[] {
    const { problems } = this.#filters;
    return this.#columns.flatMap((column, index) =>
      problems.has(keyOf(column)) ? [titleOf(this.#columns, index).text] : [],
    );
  }

  /** Below its field, over the rows, which stay where they are. Whoever is still typing is left alone. */
  #renderFilterProblem(): TemplateResult | typeof nothing {
    const { told } = this.#filters;
    if (told === undefined || this.#typing.isTyping) return nothing;
    return html`<p class="filter-problem" id="filter-problem" role="alert" popover="manual">${told[1]}</p>`;
  }

  /** Wherever the page and the table are scrolled; out of sight with its field. */
  readonly #placeProblem = (): void => {
    const note = this.#filters.told && this.renderRoot.querySelector<HTMLElement>("#filter-problem");
    const field = note && this.renderRoot.querySelector('.filters [aria-describedby="filter-problem"]');
    if (!note || !field) return;
    const { left, top, bottom } = field.getBoundingClientRect();
    note.togglePopover(this.shadowRoot?.elementFromPoint(left + 9, (top + bottom) / 2) === field);
    note.style.left = `${String(Math.max(0, Math.min(left, innerWidth - note.offsetWidth - 8)))}px`;
    note.style.top = `${String(bottom + 3)}px`;
  };

  #retryRows(): void {
    this.#rows.retry();
    this.requestUpdate();
  }

  #renderViewport(rows: PageCache): TemplateResult {
    const { rowCount, headHeight, scale } = this.#viewport;
    const tracks = findTracks(this.#columns, this.#widths, this.#viewport);
    const headRows = this.hasFilterRow ? 2 : 1;
    return html`<div
      class="viewport ${this.#filters.problems.size > 0 ? "unread" : ""}"
      role="grid"
      tabindex="0"
      style="--columns:${tracks.template};--head-height:${headHeight}px"
      aria-label=${this.label}
      aria-rowcount=${rowCount + headRows}
      aria-colcount=${this.#columns.length + 1}
      aria-multiselectable="true"
      aria-busy=${this.#rows.isBusy}
      aria-activedescendant=${this.#cursorId ?? nothing}
      @scroll=${() => this.#viewport.onScroll()}
      @wheel=${(event: WheelEvent) => this.#viewport.onWheel(event)}
      @keydown=${(event: KeyboardEvent) => this.#onKeyDown(event)}
      @focus=${() => this.#selection.start()}
      @contextmenu=${(event: MouseEvent) => this.#onContextMenu(event)}
      @copy=${(event: ClipboardEvent) => this.#onCopy(event)}
    >
      ${this.#renderHead(tracks)} ${rowCount === 0 ? this.#renderNothing() : nothing}
      <div class="body" role="rowgroup" style="height:${scale.spacerHeight}px;width:${tracks.width}px">
        <div
          class="window"
          role="presentation"
          @pointerdown=${(event: PointerEvent) => this.#selection.onPointerDown(event)}
          @dblclick=${() => void this.#showDetail()}
        >
          ${renderRows({ rows, viewport: this.#viewport, selection: this.#selection, tracks, headRows, marked: this.marked, formats: this.formats })}
        </div>
      </div>
    </div>`;
  }

  /** Only a cell within sight can be pointed at. */
  get #cursorId(): string | null {
    const { cursor } = this.#selection;
    if (!cursor) return null;
    const { firstRow, lastRow } = this.#viewport;
    const isVisible = cursor.row === HEADER_ROW || (cursor.row >= firstRow && cursor.row <= lastRow);
    return isVisible ? `cell-${cursor.row}-${cursor.column}` : null;
  }

  #renderHead(tracks: Tracks): TemplateResult {
    return html`<div class="head" role="rowgroup" style="width:${tracks.width}px">
      <div
        class="row names"
        role="row"
        aria-rowindex="1"
        @click=${(event: MouseEvent) => this.#onHeaderClick(event)}
        @pointerdown=${(event: PointerEvent) => this.#onHeaderPointerDown(event)}
        @dblclick=${(event: MouseEvent) => this.#onHeaderDoubleClick(event)}
      >
        ${renderNames({
          tracks,
          profiles: this.profile,
          sort: this.#query.sort,
          cursor: this.#selection.cursor,
          resizedColumn: this.resizedColumn,
          isFiltered: this.#query.filter !== null || this.narrowed,
        })}
      </div>
      ${this.hasFilterRow ? this.#renderFilterRow(tracks) : nothing}
    </div>`;
  }

  #renderFilterRow(tracks: Tracks): TemplateResult {
    return renderFilterRow({
      tracks,
      filters: this.#filters,
      told: this.#typing.isTyping ? undefined : this.#filters.told?.[0],
      formats: this.formats,
      onInput: (event, column) => this.#onFilterInput(event, column),
      onChange: this.#typing.end,
      onKeyDown: (event, index) => this.#onFilterKeyDown(event, index),
    });
  }

  #renderNothing(): TemplateResult {
    if (!this.#rows.shown?.query.filter) return html`<div class="nothing">0 rows</div>`;
    return html`<div class="nothing">
      No row matches
      <button class="outlined" @click=${() => this.#clearFilters()}>Clear filters</button>
    </div>`;
  }
}

function columnOf(event: Event): number | null {
  const cell = (event.target as Element).closest<HTMLElement>(".name-cell");
  return cell ? Number(cell.dataset["column"]) : null;
}

function isGrip(event: Event): boolean {
  return (event.target as Element).classList.contains("grip");
}

declare global {
  interface HTMLElementTagNameMap {
    "data-grid": DataGrid;
  }
}
