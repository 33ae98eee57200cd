import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { formatBytes } from "../../server/text/format.js";
import { api } from "../api-client.js";
import { AskingDialog } from "./asking-dialog.js";
import { renderReplacing, type Delivery } from "./replacing.js";

/** Another file lies in the place of this one. */
export class ReplacedEvent extends Event {
  readonly delivery: Delivery;

  constructor(delivery: Delivery) {
    super("replaced");
    this.delivery = delivery;
  }
}

/**
 * `<replace-dialog>`: puts another file in the place of one of `input/`, once it was said what that means.
 * @fires replaced It lies there.
 */
@customElement("replace-dialog")
export class ReplaceDialog extends AskingDialog {
  @state() private delivery: Delivery | undefined;
  @state() private sentBytes = 0;
  @query("input[type=file]") private field!: HTMLInputElement;
  #abort = new AbortController();

  async show(delivery: Delivery): Promise<void> {
    this.delivery = delivery;
    this.sentBytes = 0;
    await this.updateComplete;
    this.field.value = "";
    await this.open();
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { delivery } = this;
    const file = this.field.files?.[0];
    if (delivery === undefined || file === undefined) return;
    this.#abort = new AbortController();
    await this.ask(async () => {
      const watch = {
        signal: this.#abort.signal,
        onProgress: (sentBytes: number) => (this.sentBytes = Math.min(sentBytes, file.size)),
      };
      try {
        await api.replaceInput(delivery.path.replace(/^input\//, ""), file, watch);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        throw error;
      }
      this.close();
      this.dispatchEvent(new ReplacedEvent(delivery));
    });
  };

  override render(): TemplateResult {
    const { delivery, isBusy, sentBytes } = this;
    return html`<dialog
      class="replace"
      aria-label="Replace"
      @close=${() => {
        this.#abort.abort();
      }}
    >
      <form method="dialog" @submit=${this.#submit}>
        <h2>Replace ${delivery?.path}</h2>
        ${renderReplacing(delivery)}
        <p class="note">
          What runs have read stays in the lake. The new file takes the place of the old one at once, if it
          can be read in the same way.
        </p>
        <label>New file <input type="file" name="file" required autofocus ?disabled=${isBusy} /></label>
        ${isBusy ? html`<p class="meta" role="status">${formatBytes(sentBytes)} sent …</p>` : nothing}
        ${this.renderFooter(html`<button class="primary" ?disabled=${isBusy}>Replace</button>`)}
      </form>
    </dialog>`;
  }
}
