import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { PublishedListing } from "../../server/api/protocol.js";
import { reservedNames, toName } from "../../server/notebook/names.js";
import { sqlFence } from "../../server/notebook/template.js";
import { api, ApiError } from "../api-client.js";
import { insertAtCursor, type SqlCellEditor } from "../editor/sql-cell-editor.js";
import { LiveAnswer } from "../live-answer.js";
import { may } from "../session.js";
import type { NotebookState } from "../store/notebook-state.js";
import { shownRecord } from "../store/standing.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";
import { loadCode } from "../connection.js";
import { keep, keptTexts } from "../kept.js";
import { AddCellsEvent, AddFileEvent, DRAGGED_NAME } from "./data-events.js";
import { DataFacts } from "./data-facts.js";
import { dataPanelStyles } from "./data-panel-styles.js";
import { dataTree, type DataNode } from "./data-tree.js";
import { literalPath } from "./glob.js";
import type { FileToRead } from "./read-dialog.js";
import { renderAbout, renderRow } from "./data-row.js";
import { countFound, rowByKey, rowByText, rowsOf, type TreeRow } from "./tree-rows.js";

const OPEN_KEY = "lakebook-data-open";
const MAX_KEPT = 200;
const TYPED_MS = 700;
const LOOK_MS = 5000;
/** Rows that are drawn beyond what is in sight. */
const MARGIN_ROWS = 6;

interface Listed {
  readonly files: readonly string[];
  readonly datasets: readonly PublishedListing[];
}

/**
 * `<data-panel>`: what data there is: files of input, datasets of the lake and cells, with their columns.
 *
 * @fires add-file - Somebody wants to add one.
 * @fires data-used - Something was put into the notebook.
 */
@customElement("data-panel")
export class DataPanel extends LitElement {
  static override styles = [resetStyles, controlStyles, dataPanelStyles];

  @property({ attribute: false }) notebook!: NotebookState;
  @state() private search = "";
  @state() private active = "";
  @state() private problem = "";
  @state() private top = 0;
  @state() private height = 600;
  @query(".scroller") private scroller!: HTMLElement;
  readonly #open = new Set(keptTexts(OPEN_KEY) ?? ["group Files", "group Lake", "group Cells"]);
  readonly #facts = new DataFacts({
    notebook: () => this.notebook.name,
    cellColumns: (name) => this.notebook.view?.cells.find((cell) => cell.name === name)?.columns,
    datasetColumns: (name) => this.#listing.value?.datasets.find(({ dataset }) => dataset === name)?.columns,
    resultOf: (cell) => this.#record(cell)?.fingerprint,
    changed: () => {
      this.requestUpdate();
    },
  });
  readonly #listing: LiveAnswer<Listed> = new LiveAnswer<Listed>(
    this,
    async () => {
      const { revision } = this.#listing;
      const [{ files }, { datasets }] = await Promise.all([api.vocabulary(), api.lake()]);
      const listed = { files, datasets };
      const isSame = JSON.stringify(listed) === JSON.stringify(this.#listing.value);
      if (!isSame || revision !== this.#revision) this.#facts.forget();
      this.#revision = revision;
      return isSame ? (this.#listing.value ?? listed) : listed;
    },
    {
      changes: ({ type }) => /^(lake-changed|run-finished)$/.test(type),
      // No event tells of files that another program puts there.
      again: () => LOOK_MS,
    },
  );
  /** Of the listing when facts were forgotten last: events may tell that what is in a file is another. */
  #revision = -1;
  readonly #observer = new ResizeObserver(() => {
    this.height = this.scroller.clientHeight;
  });
  #rows: readonly TreeRow[] = [];
  #typed = "";
  #typedAt = -Infinity;

  /** Asks again what there is. */
  look(): void {
    this.#revision = -1;
    void this.#listing.load();
  }

  /** The search takes it. */
  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector("input")?.focus());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.look();
  }

  protected override firstUpdated(): void {
    this.#observer.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  get #rowHeight(): number {
    return matchMedia("(width < 900px)").matches ? 36 : 28;
  }

  #record(cell: string): ReturnType<typeof shownRecord> {
    const { forecast, runs } = this.notebook;
    return shownRecord(forecast.get(cell), runs.cells.get(cell));
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const nodes = dataTree({
      files: this.#listing.value?.files ?? [],
      datasets: this.#listing.value?.datasets ?? [],
      cells: this.notebook.view?.cells ?? [],
      rowsOf: (cell) => this.#record(cell)?.rows,
      known: (source) => this.#facts.of(source),
      canRead: may("edit"),
    });
    this.#rows = rowsOf(nodes, ({ id }) => this.#open.has(id), this.search);
    if (!this.#rows.some(({ node }) => node.id === this.active)) this.active = this.#rows[0]?.node.id ?? "";
  }

  protected override updated(): void {
    for (const { node, isOpen } of this.#drawn())
      if (node.source !== undefined && (isOpen || node.kind === "column"))
        this.#facts.want(node.source, node.index ?? -1);
  }

  #drawn(): readonly TreeRow[] {
    const first = Math.max(0, Math.floor(this.top / this.#rowHeight) - MARGIN_ROWS);
    return this.#rows.slice(first, Math.ceil((this.top + this.height) / this.#rowHeight) + MARGIN_ROWS);
  }

  protected override render(): TemplateResult {
    const height = this.#rowHeight;
    const at = this.#rows.findIndex(({ node }) => node.id === this.active);
    return html`<div class="tools">
        <input
          type="search"
          placeholder="Search data"
          aria-label="Search files, datasets, cells and columns"
          autocomplete="off"
          spellcheck="false"
          .value=${this.search}
          @input=${this.#onSearch}
          @keydown=${this.#onSearchKey}
        />
        ${
          may("upload")
            ? html`<button
                class="outlined"
                title="Add a file to input/, and choose how it is read"
                @click=${this.#onAdd}
              >
                Add…
              </button>`
            : nothing
        }
      </div>
      ${this.problem === "" ? nothing : html`<p class="note" role="alert">${this.problem}</p>`}
      ${this.#listing.problem === "" ? nothing : html`<p class="problem" role="alert">${this.#listing.problem}</p>`}
      <span class="visually-hidden" role="status">${this.search === "" ? "" : countFound(this.#rows)}</span>
      <div
        class="scroller"
        role="tree"
        aria-label="Data"
        tabindex="0"
        aria-busy=${this.#listing.value === undefined}
        aria-activedescendant=${at === -1 ? nothing : `row-${String(at)}`}
        @scroll=${() => (this.top = this.scroller.scrollTop)}
        @keydown=${this.#onKey}
      >
        <div role="presentation" style="height:${String(this.#rows.length * height)}px"></div>
        ${repeat(
          this.#drawnWith(at),
          ({ node }) => node.id,
          (row) =>
            renderRow(row, {
              index: this.#rows.indexOf(row),
              height,
              isActive: row.node.id === this.active,
              profile: this.#profileOf(row.node),
              onDrag: this.#onDrag,
              onClick: this.#onClick,
            }),
        )}
      </div>
      <p class="about">${renderAbout(this.#rows[at]?.node, this.#facts)}</p>`;
  }

  /** The active row is there even where it is out of sight: it can be pointed at. */
  #drawnWith(at: number): readonly TreeRow[] {
    const drawn = this.#drawn();
    const active = this.#rows[at];
    return active === undefined || drawn.includes(active) ? drawn : [...drawn, active];
  }

  #profileOf({ source, index }: DataNode): ReturnType<DataFacts["profileOf"]> {
    return source === undefined || index === undefined ? undefined : this.#facts.profileOf(source, index);
  }

  readonly #onSearch = (event: InputEvent): void => {
    this.search = (event.target as HTMLInputElement).value;
    this.scroller.scrollTop = this.top = 0;
    this.active = "";
  };

  readonly #onSearchKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    this.scroller.focus();
    const found = this.#rows.findIndex(({ node }) => node.kind !== "group");
    this.#goTo(Math.max(0, found));
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const at = Math.max(
      0,
      this.#rows.findIndex(({ node }) => node.id === this.active),
    );
    const row = this.#rows[at];
    if (row === undefined) return;
    const { node, isOpen } = row;
    const to = rowByKey(key, at, this.#rows, Math.max(1, Math.floor(this.height / this.#rowHeight) - 1));
    if (to !== undefined) {
      if (key === "ArrowRight" && !isOpen) this.#toggle(node, true);
      else if (key === "ArrowLeft" && isOpen) this.#toggle(node, false);
      else this.#goTo(to);
    } else if (key === "Enter") void this.#act(node);
    else if (key === " " && !this.#isTyping) this.#toggle(node);
    else if (key === "/") this.renderRoot.querySelector("input")?.focus();
    else if (key.length === 1) this.#onTyped(key, at);
    else return;
    event.preventDefault();
  };

  get #isTyping(): boolean {
    return performance.now() - this.#typedAt < TYPED_MS;
  }

  #onTyped(key: string, at: number): void {
    this.#typed = this.#isTyping && this.#typed !== key ? this.#typed + key : key;
    this.#typedAt = performance.now();
    const found = rowByText(this.#typed, at, this.#rows);
    if (found !== undefined) this.#goTo(found);
  }

  #goTo(index: number): void {
    this.active = this.#rows[index]?.node.id ?? "";
    const top = index * this.#rowHeight;
    const { scroller } = this;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + this.#rowHeight > scroller.scrollTop + this.height)
      scroller.scrollTop = top + this.#rowHeight - this.height;
  }

  #toggle({ id, children }: DataNode, isOpen = !this.#open.has(id)): void {
    if (children === undefined) return;
    if (isOpen) this.#open.add(id);
    else this.#open.delete(id);
    keep(OPEN_KEY, JSON.stringify([...this.#open].slice(-MAX_KEPT)));
    this.requestUpdate();
  }

  readonly #onClick = (event: MouseEvent, node: DataNode): void => {
    this.active = node.id;
    const isTwisty = (event.target as Element).closest(".twisty") !== null;
    if (isTwisty || (node.insert === undefined && node.action === undefined) || !may("edit"))
      this.#toggle(node);
    else void this.#act(node);
  };

  async #act(node: DataNode): Promise<void> {
    this.problem = "";
    const { action, insert } = node;
    if (action?.type === "choose") await this.#choose({ path: action.path });
    else if (action?.type === "read") await this.#read(action.path);
    else if (insert !== undefined && may("edit")) await this.#insert(insert);
    else this.#toggle(node);
  }

  async #read(path: string): Promise<void> {
    try {
      this.#addCell(path, await this.#facts.sqlOf(path));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
  }

  /** A cell is made once somebody has seen the first rows. */
  async #choose(file: Omit<FileToRead, "notebook">): Promise<void> {
    const { ReadDialog } = await loadCode(() => import("./read-dialog.js"));
    const sql = await ReadDialog.here().choose({ ...file, notebook: this.notebook.name });
    if (sql !== undefined) this.#addCell(file.path, sql);
  }

  /** At the end of the notebook. */
  #addCell(path: string, sql: string): void {
    const wanted = toName(path.replace(/\/\*[^/]*$/, "").replace(/^.*\/|\.[^/]*$/g, ""));
    const name = reservedNames.includes(wanted) ? `my_${wanted}` : wanted;
    this.dispatchEvent(new AddCellsEvent([sqlFence(sql, `--| cell: ${name}\n`)]));
    this.dispatchEvent(new Event("data-used"));
  }

  /** Where the cursor is or was last, or at the beginning of the cell that is selected. */
  async #insert(text: string): Promise<void> {
    const selected = document.querySelector<SqlCellEditor>("notebook-cell[selected] sql-cell-editor");
    if (await insertAtCursor(text, selected)) this.dispatchEvent(new Event("data-used"));
    else this.problem = "Put the cursor into a cell of SQL first: the name goes there.";
  }

  readonly #onAdd = (): void => {
    this.dispatchEvent(
      new AddFileEvent((files) => {
        this.look();
        void this.#offer(files);
      }),
    );
  };

  /** One after the other. */
  async #offer(files: Parameters<AddFileEvent["take"]>[0]): Promise<void> {
    for (const { path, cell } of files)
      await this.#choose({ path: literalPath(path), sql: sqlOfFence(cell) });
  }

  readonly #onDrag = ({ dataTransfer }: DragEvent, { insert = "" }: DataNode): void => {
    dataTransfer?.setData("text/plain", insert);
    dataTransfer?.setData(DRAGGED_NAME, insert);
  };
}

/** Without the line that names the cell. */
function sqlOfFence(fence: string): string {
  return fence.replace(/^`+sql\n--\|[^\n]*\n/, "").replace(/\n`+\s*$/, "");
}

declare global {
  interface HTMLElementTagNameMap {
    "data-panel": DataPanel;
  }
}
