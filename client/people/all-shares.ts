import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Share } from "../../server/api/protocol.js";
import { formatTimestamp } from "../../server/text/format.js";
import { call } from "../api-client.js";
import { toHash } from "../router.js";
import { AskedList } from "./asked-list.js";

/** `<all-shares>`: every link that opens a notebook without a login. */
@customElement("all-shares")
export class AllShares extends AskedList<Share> {
  protected override async ask(): Promise<readonly Share[]> {
    return (await call("GET /api/shares", {})).shares;
  }

  override render(): TemplateResult {
    return this.renderList(html`No link is open. <b>Share…</b> above a notebook makes one.`, (shares) =>
      this.renderTable(
        "Shares",
        ["notebook", "made", "by", "ends"],
        repeat(
          shares,
          ({ id }) => id,
          (share) => this.#renderShare(share),
        ),
      ),
    );
  }

  #renderShare({ id, notebook, title, createdAt, by, expiresAt }: Share): TemplateResult {
    return html`<tr>
      <td><a href=${toHash({ page: "notebook", name: notebook })} title="${notebook}.md">${title}</a></td>
      <td data-label="made">${formatTimestamp(createdAt)}</td>
      ${by === undefined ? html`<td></td>` : html`<td data-label="by">${by}</td>`}
      <td data-label="ends">${expiresAt === null ? "never" : formatTimestamp(expiresAt)}</td>
      <td class="row-actions">
        <button
          aria-label="End the link to ${title} of ${formatTimestamp(createdAt)}"
          @click=${() => {
            void this.change(() => call("DELETE /api/shares/{id}", { params: { id } }), {
              said: `That link to ${title} opens nothing any more.`,
            });
          }}
        >
          End link
        </button>
      </td>
    </tr>`;
  }
}
