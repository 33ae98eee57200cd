import { html, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { api } from "../api-client.js";
import { AskingDialog } from "./asking-dialog.js";

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
export class TagDialog extends AskingDialog {
  @state() private tagged: Tagged | undefined;
  @query("input") private field!: HTMLInputElement;

  async show(tagged: Tagged): Promise<void> {
    this.tagged = tagged;
    await this.updateComplete;
    this.field.value = "";
    await this.open();
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { tagged } = this;
    if (tagged === undefined) return;
    await this.ask(async () => {
      await api.tag({ notebook: tagged.notebook, date: tagged.date, name: this.field.value.trim() });
      this.close();
      this.dispatchEvent(new Event("tagged"));
    });
  };

  override render(): TemplateResult {
    const { tagged } = this;
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
        ${this.renderFooter(html`<button class="primary" ?disabled=${this.isBusy}>Tag</button>`)}
      </form>
    </dialog>`;
  }
}
