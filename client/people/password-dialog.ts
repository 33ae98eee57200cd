import { html, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { api, ApiError } from "../api-client.js";
import { AskingDialog } from "../elements/asking-dialog.js";
import { session } from "../session.js";
import { renderNewPassword, renderRepeated } from "./password-twice.js";

/** `<password-dialog>`: chooses another password for whoever is logged in. */
@customElement("password-dialog")
export class PasswordDialog extends AskingDialog {
  @state() private isDone = false;
  @state() private isWrong = false;
  @query("form") private form!: HTMLFormElement | null;

  async show(): Promise<void> {
    this.isDone = this.isWrong = false;
    await this.updateComplete;
    this.form?.reset();
    await this.open();
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const read = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    this.isWrong = false;
    await this.ask(async () => {
      try {
        await api.changePassword({ current: read("current"), password: read("password") });
        this.isDone = true;
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) throw error;
        this.isWrong = true;
      }
    });
  };

  override render(): TemplateResult {
    return html`<dialog class="small" aria-label="Change password">
      <h2>Change password</h2>
      ${
        this.isDone
          ? html`<p role="status">It counts from now on. Your other sessions have ended.</p>
              ${this.renderFooter(html``, "Close")}`
          : html`<form class="fields" @submit=${this.#submit}>
              <input hidden name="name" autocomplete="username" .value=${session.me?.name ?? ""} />
              <label
                >Password now
                <input
                  name="current"
                  type="password"
                  required
                  autofocus
                  autocomplete="current-password"
                  aria-invalid=${this.isWrong}
                />
                ${this.isWrong ? html`<span class="problem" role="alert">This is not your password.</span>` : html``}
              </label>
              <label
                >New password ${renderNewPassword()}
                <span class="meta">At least 8 characters.</span>
              </label>
              <label>Once more ${renderRepeated()}</label>
              ${this.renderFooter(html`<button class="primary" ?disabled=${this.isBusy}>Change</button>`)}
            </form>`
      }
    </dialog>`;
  }
}
