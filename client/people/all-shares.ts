import { html, LitElement, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Share } from "../../server/api/protocol.js";
import { formatTimestamp } from "../../server/text/format.js";
import { ApiError, call } from "../api-client.js";
import { toHash } from "../router.js";

/** `<all-shares>`: every link that opens a notebook without a login. */
@customElement("all-shares")
export class AllShares extends LitElement {
  @state() private shares: readonly Share[] | undefined;
  @state() private problem = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#try(() => Promise.resolve());
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    this.problem = "";
    try {
      await work();
      ({ shares: this.shares } = await call("GET /api/shares", {}));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = [error.message, error.hint ?? ""].join(" ");
    }
  }

  override render(): TemplateResult {
    const { shares } = this;
    if (this.problem !== "") return html`<p class="problem" role="alert">${this.problem}</p>`;
    if (shares === undefined) return html`<div class="skeleton tall" aria-busy="true"></div>`;
    if (shares.length === 0)
      return html`<p class="note">No link is open. <b>Share…</b> above a notebook makes one.</p>`;
    return html`<div class="scroller" tabindex="0" role="region" aria-label="Shares">
      <table class="plain list stacks people-table">
        <thead>
          <tr>
            <th>notebook</th>
            <th>made</th>
            <th>by</th>
            <th>ends</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            shares,
            ({ id }) => id,
            ({ id, notebook, title, createdAt, by, expiresAt }) =>
              html`<tr>
                <td>
                  <a href=${toHash({ page: "notebook", name: notebook })} title="${notebook}.md">${title}</a>
                </td>
                <td data-label="made">${formatTimestamp(createdAt)}</td>
                ${by === undefined ? html`<td></td>` : html`<td data-label="by">${by}</td>`}
                <td data-label="ends">${expiresAt === null ? "never" : formatTimestamp(expiresAt)}</td>
                <td class="row-actions">
                  <button
                    aria-label="Close the link to ${title} of ${formatTimestamp(createdAt)}"
                    @click=${() => this.#try(() => call("DELETE /api/shares/{id}", { params: { id } }))}
                  >
                    Close
                  </button>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
