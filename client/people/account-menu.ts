import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { toHash } from "../router.js";
import { may, roleWords, session } from "../session.js";
import { renderAvatar } from "./avatar.js";
import type { PasswordDialog } from "./password-dialog.js";

/**
 * `<account-menu>`: who is logged in, what that allows, and the way out. Nothing for whoever has the start token alone.
 * @fires log-out - Is wanted.
 */
@customElement("account-menu")
export class AccountMenu extends LitElement {
  @query("[popover]") private menu!: HTMLElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult | typeof nothing {
    const { me } = session;
    if (me === undefined || me.kind === "owner") return nothing;
    return html`<button
        class="account"
        popovertarget="account-menu"
        aria-label="Account of ${me.name}"
        title="${me.name}, ${me.role}"
      >
        ${renderAvatar(me.name)}
      </button>
      <div class="menu account-menu" id="account-menu" popover @click=${this.#onClick}>
        <p>
          <b>${me.name}</b> <span class="meta">${me.role}</span><br />
          <span class="meta">${roleWords[me.role]}</span>
        </p>
        ${may("people") ? html`<a class="button" href=${toHash({ page: "people" })}>People…</a>` : nothing}
        ${
          me.kind === "user"
            ? html`<button @click=${this.#onPassword}>Change password…</button>
                <button @click=${() => this.dispatchEvent(new Event("log-out"))}>Log out</button>`
            : nothing
        }
      </div>
      <password-dialog></password-dialog>`;
  }

  #onClick(event: Event): void {
    if ((event.target as HTMLElement).closest("a, button") !== null) this.menu.hidePopover();
  }

  readonly #onPassword = async (): Promise<void> => {
    await import("./password-dialog.js");
    await this.querySelector<PasswordDialog>("password-dialog")?.show();
  };
}
