import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { api, ApiError } from "../api-client.js";

interface Tagged {
  readonly notebook: string;
  readonly date: string;
  /** Of the publication that is shown now. */
  readonly number: number;
}

/**
 * `<tag-dialog>`: names what is published for a date now.
 * @fires tagged It has the name.
 */
@customElement("tag-dialog")
export class TagDialog extends LitElement {
  @state() private tagged: Tagged | undefined;
  @state() private problem: ApiError | undefined;
  @state() private isBusy = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("input") private field!: HTMLInputElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async show(tagged: Tagged): Promise<void> {
    this.tagged = tagged;
    this.problem = undefined;
    await this.updateComplete;
    this.field.value = "";
    this.dialog.showModal();
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { tagged } = this;
    if (tagged === undefined) return;
    this.problem = undefined;
    this.isBusy = true;
    try {
      await api.tag({ notebook: tagged.notebook, date: tagged.date, name: this.field.value.trim() });
      this.dialog.close();
      this.dispatchEvent(new Event("tagged"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  };

  override render(): TemplateResult {
    const { tagged, problem } = this;
    return html`<dialog class="small" aria-label="Tag">
      <form method="dialog" @submit=${this.#submit}>
        <h2>Tag publication ${tagged?.number} of ${tagged?.date}</h2>
        <label
          >Name <input name="tag" required maxlength="64" autocomplete="off" spellcheck="false" autofocus
        /></label>
        <p class="note">
          It names all that <code>${tagged?.notebook}</code> has published for that date now. Vacuum keeps it
          as long as it has a name, whatever is published later.
        </p>
        ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem.message} ${problem.hint}</p>`}
        <footer>
          <button class="primary" ?disabled=${this.isBusy}>Tag</button><span class="spacer"></span
          ><button
            type="button"
            @click=${() => {
              this.dialog.close();
            }}
          >
            Cancel
          </button>
        </footer>
      </form>
    </dialog>`;
  }
}
