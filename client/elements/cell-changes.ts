import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CellDiff, NothingPublished } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { formatCount } from "../../server/text/format.js";
import { renderChanges } from "./row-changes.js";

/** How the draft of a dataset differs from what is published: counts, columns, and examples old and new. */
@customElement("cell-changes")
export class CellChanges extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  /** Changes when there is a new draft. */
  @property() version = "";
  /** Checks that keep the draft from being published. */
  @property({ attribute: false }) failed: readonly string[] = [];
  @state() private diff: CellDiff | NothingPublished | undefined;
  @state() private problem: string | undefined;
  readonly #again = new AskAgain(this, () => void this.#load());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("version") || changed.has("cell")) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.diff = await api.cellDiff(this.notebook, this.cell);
      this.problem = undefined;
      this.#again.note();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
      this.diff = undefined;
      this.problem = error.message;
    }
  }

  override render(): TemplateResult {
    const { failed } = this;
    if (failed.length === 0 || this.diff === undefined) return this.#renderDiff();
    return html`<p class="note failed" role="note">
        Not published while ${failed.length === 1 ? "a check fails" : "checks fail"}:
        <code>${failed.join(", ")}</code>.
      </p>
      ${this.#renderDiff()}`;
  }

  #renderDiff(): TemplateResult {
    if (this.problem !== undefined) return html`<p class="note">${this.problem}</p>`;
    if (this.diff === undefined) return html`<div class="skeleton" aria-busy="true"></div>`;
    const { diff } = this;
    if (diff.against === null)
      return html`<p class="note">
        Nothing is published yet under <code>${diff.dataset}</code>:
        ${this.failed.length > 0 ? "the draft has" : "materializing publishes"}
        ${formatCount(diff.rowsAfter, "row")}.
      </p>`;
    if (diff.isSame)
      return html`<p class="note">
        The draft is what
        ${diff.against === "last run" ? "the run before gave" : `is published for ${diff.against}`}: nothing
        changes.
      </p>`;
    const isFirst = diff.against === "last run";
    return renderChanges(
      diff,
      { before: isFirst ? "last run" : "published", after: "draft" },
      isFirst ? html`against the run before: nothing is published yet` : html`against ${diff.against}`,
    );
  }
}
