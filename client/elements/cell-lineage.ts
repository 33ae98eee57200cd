import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ColumnLineage, LineageNodeView, LineageView } from "../../server/api/protocol.js";
import { showControls } from "../../server/text/format.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { groupByNode, nameOf, toWay, type ColumnWay, type WayRole } from "../graph/column-way.js";
import { wayOfFile } from "../graph/file-way.js";
import { toHash } from "../router.js";

/** The way of a column is to be shown in the graph, or none any more. */
export class ColumnWayEvent extends Event {
  readonly way: ColumnWay | undefined;

  constructor(way: ColumnWay | undefined) {
    super("column-way", { bubbles: true, composed: true });
    this.way = way;
  }
}

type Trace = ColumnLineage["back"];

/**
 * `<cell-lineage>`: from which columns those of a cell are computed, and the whole way of the one that is picked.
 *
 * @fires column-way - A column was picked, or is no longer.
 */
@customElement("cell-lineage")
export class CellLineage extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  /** Changes when the text or what it reads may have changed. */
  @property() refreshKey = "";
  @state() private view: LineageView | undefined;
  @state() private problem: string | undefined;
  readonly #again = new AskAgain(this, () => void this.#load());
  @state() private picked: string | undefined;
  /** Of a file, where that is what was picked. */
  @state() private pickedFrom: string | undefined;
  @state() private lineage: ColumnLineage | undefined;
  #asked = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("cell") || changed.has("notebook")) {
      this.view = this.lineage = undefined;
      this.picked = this.pickedFrom = undefined;
    }
    if ((["notebook", "cell", "refreshKey"] as const).some((name) => changed.has(name))) void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.picked !== undefined) this.#forget();
  }

  /** The answer to an older question is dropped. */
  async #load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await api.lineage(this.notebook);
      const lineage = await this.#wayOf(view);
      if (asked !== this.#asked) return;
      this.#again.note();
      this.view = view;
      this.problem = undefined;
      this.#show(lineage);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
      if (asked !== this.#asked) return;
      this.problem = error.message;
      if (this.picked !== undefined) this.#forget();
    }
  }

  /** Of what is picked. */
  async #wayOf(view: LineageView): Promise<ColumnLineage | undefined> {
    const { picked, pickedFrom } = this;
    if (picked === undefined) return undefined;
    return pickedFrom === undefined
      ? api.columnLineage(this.notebook, this.cell, picked)
      : wayOfFile(view, { node: pickedFrom, column: picked });
  }

  /** `from`: a file; undefined: the cell. */
  #pick(column: string, from?: string): void {
    if (this.picked === column && this.pickedFrom === from) {
      this.#forget();
      return;
    }
    this.picked = column;
    this.pickedFrom = from;
    this.lineage = undefined;
    void this.#load();
  }

  #show(lineage: ColumnLineage | undefined): void {
    this.lineage = lineage;
    if (lineage !== undefined) this.dispatchEvent(new ColumnWayEvent(toWay(lineage, this.notebook)));
  }

  #forget(): void {
    this.picked = this.pickedFrom = undefined;
    this.lineage = undefined;
    this.dispatchEvent(new ColumnWayEvent(undefined));
  }

  override render(): TemplateResult {
    const { view } = this;
    if (this.problem !== undefined) return html`<p class="note" role="status">${this.problem}</p>`;
    if (view === undefined) return html`<div class="skeleton" aria-busy="true"></div>`;
    const nodes = new Map(view.nodes.map((node) => [node.id, node]));
    const node = view.nodes.find(
      (each) => each.notebook === this.notebook && each.kind === "sql" && each.name === this.cell,
    );
    const own = view.cells.find((each) => each.node === node?.id);
    if (own === undefined) return html`<p class="note">Nothing is known of this cell.</p>`;
    if (own.unknown !== undefined)
      return html`<p class="note">Its columns cannot be traced: ${own.unknown}.</p>`;
    const list = ({ columns, unknown }: (typeof own)["rows"]): TemplateResult =>
      html`${columns.map(
        (column, index) =>
          html`${index === 0 ? nothing : ", "}${this.#renderSource(nodes.get(column.node), column)}`,
      )}${columns.length === 0 && unknown === undefined ? html`<span class="none">no column</span>` : nothing}
      ${unknown === undefined ? nothing : html`<span class="doubt">unknown: ${unknown}</span>`}`;
    return html`<table class="plain columns">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Computed from</th>
          </tr>
        </thead>
        <tbody>
          ${own.columns.map(
            (column) =>
              html`<tr aria-current=${this.#isPicked(column.name)}>
                <th scope="row">
                  <button
                    aria-pressed=${this.#isPicked(column.name)}
                    title="Its way back and forward"
                    @click=${() => this.#pick(column.name)}
                  >
                    ${showControls(column.name)}
                  </button>
                </th>
                <td>${list(column)}</td>
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Which rows</th>
            <td>${list(own.rows)}</td>
          </tr>
        </tfoot>
      </table>
      ${this.#renderWay()}`;
  }

  #isPicked(column: string, from?: string): boolean {
    return this.picked === column && this.pickedFrom === from;
  }

  /** A column that another one is computed from; of a file it begins a way of its own. */
  #renderSource(
    node: LineageNodeView | undefined,
    { node: id, column }: { readonly node: string; readonly column: string },
  ): TemplateResult {
    const name = this.#name(node, id, [column]);
    if (node?.kind !== "file") return html`<code>${name}</code>`;
    return html`<button
      class="source"
      aria-pressed=${this.#isPicked(column, id)}
      title="Where this column of the file goes"
      @click=${() => {
        this.#pick(column, id);
      }}
    >
      ${name}
    </button>`;
  }

  #name(node: LineageNodeView | undefined, id: string, columns?: readonly string[]): string {
    return showControls(node === undefined ? id : nameOf(node, this.notebook, columns));
  }

  #renderWay(): TemplateResult | typeof nothing {
    const { lineage, picked } = this;
    if (picked === undefined)
      return html`<p class="note">Pick a column to see its whole way, here and in the graph.</p>`;
    if (lineage === undefined) return html`<div class="skeleton" aria-busy="true"></div>`;
    const nodes = new Map(lineage.nodes.map((node) => [node.id, node]));
    const part = (
      label: string,
      trace: Trace,
      role: WayRole,
      none?: string,
    ): TemplateResult | typeof nothing => {
      const items = groupByNode(trace.columns.filter((each) => each.role === role));
      if (items.length === 0 && none === undefined) return nothing;
      return html`<dt>${label}</dt>
        <dd>
          ${items.length === 0 ? html`<span class="none">${none}</span>` : nothing}
          <ul>
            ${items.map(({ node, columns }) => html`<li>${this.#link(nodes.get(node), node, columns)}</li>`)}
          </ul>
        </dd>`;
    };
    const { back, forward } = lineage;
    const doubts = [...back.unknown, ...forward.unknown];
    return html`<dl class="way" aria-label="The way of ${picked}">
      ${this.pickedFrom === undefined ? part("Computed from", back, "value", "no column") : nothing}
      ${part("Rows decided by", back, "rows")} ${part("May come from", back, "unknown")}
      ${part("Goes into", forward, "value", "nothing")} ${part("Decides rows of", forward, "rows")}
      ${part("May go into", forward, "unknown")}
      ${
        doubts.length === 0
          ? nothing
          : html`<dt>Cannot be told</dt>
              <dd>
                <ul>
                  ${doubts.map(
                    ({ node, column, reason }) =>
                      html`<li class="doubt">
                        ${this.#name(nodes.get(node), node, column === undefined ? [] : [column])}: ${reason}
                      </li>`,
                  )}
                </ul>
              </dd>`
      }
    </dl>`;
  }

  #link(node: LineageNodeView | undefined, id: string, columns: readonly string[]): TemplateResult {
    const text = html`<code>${this.#name(node, id, columns)}</code>`;
    if (node?.notebook === undefined) return text;
    const cell = node.cell ?? node.name;
    return html`<a href=${toHash({ page: "notebook", name: node.notebook, cell })}>${text}</a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cell-lineage": CellLineage;
  }

  interface HTMLElementEventMap {
    "column-way": ColumnWayEvent;
  }
}
