import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { mainPages } from "../page-entries.js";
import { toHash } from "../router.js";
import { may, roleWords, session } from "../session.js";
import { renderAvatar } from "./avatar.js";
import type { PasswordDialog } from "./password-dialog.js";
import { loadCode } from "../connection.js";

/** Without a name, which the start token does not tell. */
const somebody = html`<svg class="somebody" viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="9" r="4" />
  <path d="M4.5 20a7.5 7.5 0 0 1 15 0" />
</svg>`;

/**
 * `<account-menu>`: who is there, what that allows, and the way out. Of whoever has the start token it tells what people are for.
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
    if (me === undefined) return nothing;
    const isOwner = me.kind === "owner";
    return html`<button
        class="account"
        popovertarget="account-menu"
        aria-label="Account of ${me.name}"
        title="${me.name}, ${me.role}"
      >
        ${isOwner ? somebody : renderAvatar(me.name)}
      </button>
      <div class="menu account-menu" id="account-menu" popover @click=${this.#onClick}>
        <p>
          <b>${me.name}</b> <span class="meta">${isOwner ? "by the server's token" : me.role}</span><br />
          <span class="meta"
            >${isOwner ? "You may do everything. Others can log in by name, and do what you allow." : roleWords[me.role]}</span
          >
        </p>
        ${may("people") ? html`<a class="button" href=${toHash({ page: "people" })}>People…</a>` : nothing}
        ${mainPages.map(({ label, to }) => html`<a class="button on-narrow" href=${toHash(to)}>${label}</a>`)}
        <a class="button on-phone" href="/docs">Docs</a>
        <a class="button on-phone" href="/api/docs" target="_blank" rel="noreferrer">API</a>
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
    await loadCode(() => import("./password-dialog.js"));
    await this.querySelector<PasswordDialog>("password-dialog")?.show();
  };
}
