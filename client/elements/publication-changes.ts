import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { DatasetDiff, ForecastCell } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { changeWords } from "./change-words.js";

/** What is compared without being asked for. */
const MAX_ROWS = 1_000_000;

/** One after the other: the list may be long, and what is computed comes first. */
let turn: Promise<unknown> = Promise.resolve();

/** `<publication-changes>`: how many rows change where a dataset is published as it is computed now. */
@customElement("publication-changes")
export class PublicationChanges extends LitElement {
  @property({ attribute: false }) cell!: ForecastCell;
  /** The run date that is published. */
  @property() date = "";
  @state() private diff: DatasetDiff | undefined;
  @state() private problem: string | undefined;
  /** Many rows, and nobody has asked. */
  @state() private isWaiting = false;
  #stop = new AbortController();
  #shown = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
    this.#shown = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { version, publication } = this.cell;
    const shown = `${version ?? ""} ${publication?.against ?? ""}`;
    if (!changed.has("cell") || shown === this.#shown) return;
    this.#shown = shown;
    this.#stop.abort();
    this.diff = this.problem = undefined;
    this.isWaiting = Math.max(publication?.rowsBefore ?? 0, publication?.rowsAfter ?? 0) > MAX_ROWS;
    if (!this.isWaiting) this.#ask();
  }

  #ask(): void {
    const { name, version, publication } = this.cell;
    if (version === undefined || publication?.against === undefined) return;
    const { against } = publication;
    const { signal } = (this.#stop = new AbortController());
    this.isWaiting = false;
    turn = turn.then(() => (signal.aborted ? undefined : this.#load(name, against, version, signal)));
  }

  async #load(dataset: string, from: string, to: string, signal: AbortSignal): Promise<void> {
    try {
      const diff = await api.diff({ dataset, from, to }, signal);
      if (!signal.aborted) this.diff = diff;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof ApiError ? error.message : String(error);
    }
  }

  override render(): TemplateResult | string | typeof nothing {
    const { version, publication, action } = this.cell;
    if (action === "run") return "not known before it is computed";
    if (publication === undefined) return nothing;
    if (publication.against === undefined) return "all rows are new";
    if (version === undefined) return "not known";
    const against = publication.against === this.date ? "" : ` against ${publication.against}`;
    if (this.problem !== undefined) return html`<span class="note">${this.problem}</span>`;
    if (this.diff !== undefined) return changeWords(this.diff) + against;
    return this.isWaiting
      ? html`<button
          class="outlined"
          title="Compares all rows${against}"
          @click=${() => {
            this.#ask();
          }}
        >
          Compare
        </button>`
      : html`<span class="note" role="status">comparing …</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "publication-changes": PublicationChanges;
  }
}
