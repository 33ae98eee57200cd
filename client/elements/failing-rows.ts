import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError } from "../api-client.js";
import "../grid/data-grid.js";
import type { GridSource } from "../grid/grid-source.js";
import { cellSource, firstRows } from "./cell-source.js";
import { gridHeight } from "./grid-height.js";

/** `<failing-rows>`: the rows that failed a check, as a run kept them. */
@customElement("failing-rows")
export class FailingRows extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  @property() run = "";
  @property() check = "";
  /** The columns that are to blame. */
  @property({ attribute: false }) marked: readonly string[] = [];
  @state() private source: GridSource | null = null;
  @state() private problem: string | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("run") || changed.has("check")) void this.#load();
  }

  override render(): TemplateResult {
    return html`<data-grid
      .source=${this.source}
      .problem=${this.problem}
      .marked=${this.marked}
      label="Rows that fail ${this.check}"
      style="height:${gridHeight(this.source?.totalRows)}"
    ></data-grid>`;
  }

  async #load(): Promise<void> {
    const { notebook, cell, run, check } = this;
    this.source = null;
    this.problem = null;
    const asked = { notebook, cell, wanted: { run, check } };
    const isAsked = (): boolean => this.run === run && this.check === check;
    try {
      const first = await firstRows(asked);
      if (isAsked()) this.source = cellSource(asked, first);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isAsked()) this.problem = [error.message, error.hint].filter(Boolean).join(" ");
    }
  }
}
