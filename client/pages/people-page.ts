import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../people/all-shares.js";
import "../people/audit-list.js";
import "../people/token-list.js";
import "../people/user-list.js";
import { peopleParts, toHash, type PeoplePart } from "../router.js";
import { may, whyNot } from "../session.js";

const labels: Readonly<Record<PeoplePart, string>> = {
  users: "Users",
  tokens: "Tokens",
  shares: "Shares",
  audit: "Audit",
};

/** `<people-page>`: who may do what, and who did what. */
@customElement("people-page")
export class PeoplePage extends LitElement {
  @property() tab: PeoplePart = "users";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    if (!may("people"))
      return html`<main class="page">
        <h1>People</h1>
        <p class="note">${whyNot("people")}</p>
      </main>`;
    return html`<main class="page people">
      <header class="page-head">
        <h1>People</h1>
        <nav class="parts" aria-label="People">
          ${peopleParts.map(
            (part) =>
              html`<a
                href=${toHash({ page: "people", part })}
                aria-current=${part === this.tab ? "page" : "false"}
                >${labels[part]}</a
              >`,
          )}
        </nav>
      </header>
      ${this.#renderPart()}
    </main>`;
  }

  #renderPart(): TemplateResult {
    switch (this.tab) {
      case "users":
        return html`<user-list></user-list>`;
      case "tokens":
        return html`<token-list></token-list>`;
      case "shares":
        return html`<all-shares></all-shares>`;
      case "audit":
        return html`<audit-list></audit-list>`;
    }
  }
}
