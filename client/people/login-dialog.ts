import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { LoginWay } from "../session.js";
import "./login-form.js";

/** `<login-dialog>`: over a page whose session has ended, until somebody is logged in. What was typed stays where it is. */
@customElement("login-dialog")
export class LoginDialog extends LitElement {
  @property() way: LoginWay | undefined;
  @property() user = "";
  @query("dialog") private dialog!: HTMLDialogElement | null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    if (this.dialog?.open === false) this.dialog.showModal();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.way === undefined) return nothing;
    return html`<dialog
      class="small login-again"
      aria-label="Log in again"
      @cancel=${(event: Event) => {
        event.preventDefault();
      }}
      @close=${() => {
        this.requestUpdate();
      }}
    >
      <h2>Log in again</h2>
      <p>
        ${this.way === "name" ? "Your session has ended." : "The server asks for its token again."} What you
        typed is still here, and goes on once you are logged in.
      </p>
      ${
        this.way === "name"
          ? nothing
          : html`<p class="note">
              Whoever started the server has it: they chose it, or it stands in the address that the server
              printed then, behind <code>/?token=</code>.
            </p>`
      }
      <login-form .way=${this.way} .user=${this.user}></login-form>
    </dialog>`;
  }
}
