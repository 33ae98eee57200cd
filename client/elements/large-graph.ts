import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

/** The graph over the whole window, for more cells than can be told apart beside the notebook. */
@customElement("large-graph")
export class LargeGraph extends LitElement {
  /** The graph itself, from the page. */
  @property({ attribute: false }) graph: TemplateResult | typeof nothing = nothing;
  @state() private isOpen = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Opens it; a cell that is picked closes it. */
  async show(): Promise<void> {
    this.isOpen = true;
    await this.updateComplete;
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog
      class="large-graph"
      aria-label="Graph"
      @close=${() => (this.isOpen = false)}
      @cell-select=${() => {
        this.dialog.close();
      }}
    >
      <header>
        <h2>Graph</h2>
        <button class="outlined" @click=${() => this.dialog.close()}>Close</button>
      </header>
      ${this.isOpen ? this.graph : nothing}
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "large-graph": LargeGraph;
  }
}
