import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { call } from "../api-client.js";
import { AskingDialog } from "../elements/asking-dialog.js";
import { renderNewPassword, renderRepeated } from "./password-twice.js";

type What = "password" | "remove";

/** It is done; what may follow is said. */
export class PersonDoneEvent extends Event {
  readonly said: string;

  constructor(said: string) {
    super("person-done");
    this.said = said;
  }
}

/**
 * `<person-dialog>`: gives a user another password, or removes one.
 * @fires person-done
 */
@customElement("person-dialog")
export class PersonDialog extends AskingDialog {
  @state() private what: What = "password";
  @state() private user = "";

  async show(what: What, user: string): Promise<void> {
    this.what = what;
    this.user = user;
    await this.updateComplete;
    this.querySelector("form")?.reset();
    await this.open();
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const password = this.querySelector<HTMLInputElement>("[name=password]")?.value ?? "";
    const params = { user: this.user };
    await this.ask(async () => {
      if (this.what === "remove") await call("DELETE /api/users/{user}", { params });
      else await call("PUT /api/users/{user}", { params, body: { password } });
      this.close();
      this.dispatchEvent(
        new PersonDoneEvent(
          this.what === "remove"
            ? `${this.user} is removed.`
            : `${this.user} has another password. Send it: it is not shown again.`,
        ),
      );
    });
  };

  override render(): TemplateResult {
    const isRemoval = this.what === "remove";
    return html`<dialog class="small" aria-label=${isRemoval ? "Remove user" : "New password"}>
      <form class="fields" @submit=${this.#submit}>
        <h2>${isRemoval ? "Remove" : "New password for"} ${this.user}${isRemoval ? "?" : ""}</h2>
        ${
          isRemoval
            ? html`<p>
                ${this.user} is logged out at once and cannot log in again. What ${this.user} ran, published
                and saved stays, and keeps the name.
              </p>`
            : html`<label
                  >Password ${renderNewPassword({ isFirst: true })}
                  <span class="meta"
                    >At least 8 characters. ${this.user} is logged out everywhere.</span
                  ></label
                ><label>Once more ${renderRepeated()}</label>`
        }
        ${this.renderFooter(html`<button class="primary" ?disabled=${this.isBusy}>${isRemoval ? "Remove" : "Change"}</button>`)}
      </form>
    </dialog>`;
  }
}
