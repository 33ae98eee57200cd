import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CheckSuggestion, CheckSuggestions as Suggestions } from "../../server/api/protocol.js";
import { mergeSuggestions } from "../../server/notebook/merge-checks.js";
import { formatCount } from "../../server/text/format.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { AddChecksEvent } from "./cell-events.js";

/**
 * Checks that the rows of a cell pass, and that it does not have yet; nothing where there is none.
 *
 * @fires add-checks - Some of them are wanted.
 */
@customElement("check-suggestions")
export class CheckSuggestionList extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  /** The fingerprint of the rows. */
  @property() result: string | undefined;
  /** Changes when the cell does. */
  @property() refreshKey = "";
  @state() private found: Suggestions | undefined;
  /** Until the cell that has them is saved. */
  @state() private added: ReadonlySet<string> = new Set();
  #asked = "";
  readonly #again = new AskAgain(this, () => void this.#load(this.#asked));

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const key = [this.notebook, this.cell, this.result, this.refreshKey].join("\n");
    if (key === this.#asked) return;
    this.#asked = key;
    void this.#load(key);
  }

  override render(): TemplateResult | typeof nothing {
    const suggestions = this.found?.suggestions.filter(({ check }) => !this.added.has(check)) ?? [];
    if (this.found === undefined || suggestions.length === 0) return nothing;
    const columns = new Set(suggestions.map(({ column }) => column));
    const all = mergeSuggestions(suggestions).length;
    return html`<details class="suggestions">
      <summary>
        ${formatCount(suggestions.length, "check")} would hold for all ${formatCount(this.found.rows, "row")}
      </summary>
      <ul aria-label="Suggested checks">
        ${[...columns].map((column) =>
          this.#renderColumn(
            column,
            suggestions.filter((other) => other.column === column),
          ),
        )}
      </ul>
      <button class="outlined" @click=${() => this.#add(suggestions)}>
        Add all, as ${formatCount(all, "entry", "entries")}
      </button>
    </details>`;
  }

  #renderColumn(column: string, own: readonly CheckSuggestion[]): TemplateResult {
    const label = own.length === 1 ? "Add this check" : `Add these ${String(own.length)} checks`;
    return html`<li>
      <code>${column}</code>
      <span class="reasons">${own.map(({ reason }) => reason).join(", ")}</span>
      <button
        class="outlined"
        aria-label="${label} of ${column}"
        title=${own.map(({ check }) => check).join("\n")}
        @click=${() => this.#add(own)}
      >
        ${label}
      </button>
    </li>`;
  }

  #add(suggestions: readonly CheckSuggestion[]): void {
    this.added = new Set([...this.added, ...suggestions.map(({ check }) => check)]);
    this.dispatchEvent(new AddChecksEvent(mergeSuggestions(suggestions)));
  }

  /** Who cannot be answered is suggested nothing: the profile stands there all the same. */
  async #load(key: string): Promise<void> {
    try {
      const found = await api.checkSuggestions(this.notebook, this.cell, { result: this.result });
      if (key !== this.#asked) return;
      this.#again.note();
      this.found = found;
      this.added = new Set();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
      if (key === this.#asked) this.found = undefined;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "check-suggestions": CheckSuggestionList;
  }
}
