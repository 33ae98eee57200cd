import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Share } from "../../server/api/protocol.js";
import { formatTimestamp } from "../../server/text/format.js";
import { addressOf, ApiError, call } from "../api-client.js";
import { writeClipboard } from "../grid/write-clipboard.js";
import { may, shownBy, whyNot } from "../session.js";

const lifetimes = [
  { value: "1d", label: "for a day" },
  { value: "7d", label: "for a week" },
  { value: "30d", label: "for 30 days" },
  { value: "365d", label: "for a year" },
  { value: "never", label: "until it is ended" },
] as const;

const files = [
  { format: "html", label: "HTML", title: "One page with text, tables and graph; opens from a disk" },
  { format: "md", label: "Markdown", title: "The notebook's file" },
  { format: "sql", label: "SQL", title: "A script for a plain DuckDB shell" },
] as const;

/** Makes and ends links that show a notebook as it is now, and downloads it as a file. */
@customElement("share-dialog")
export class ShareDialog extends LitElement {
  @state() private notebook = "";
  @state() private shares: readonly Share[] = [];
  @state() private created: string | undefined;
  @state() private notes: readonly string[] = [];
  @state() private isCopied = false;
  @state() private isWorking = false;
  @state() private problem = "";
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("select") private expires!: HTMLSelectElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Opens the dialog for a notebook, by its name. */
  async show(notebookName: string): Promise<void> {
    this.notebook = notebookName;
    this.shares = [];
    this.created = undefined;
    this.problem = "";
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    if (may("share")) await this.#try(() => this.#load());
  }

  override render(): TemplateResult {
    return html`<dialog class="share" aria-label=${may("share") ? "Share" : "Download"}>
      <h2>${may("share") ? "Share" : "Download"} <code>${this.notebook}</code></h2>
      ${may("share") ? this.#renderLinks() : html`<p class="note">${whyNot("share")}</p>`}
      ${may("share") ? html`<h3>Download</h3>` : nothing}
      <p class="downloads">
        ${files.map(
          ({ format, label, title }) =>
            html`<a
              class="button outlined"
              title=${title}
              download
              href=${addressOf("GET /api/notebooks/{name}/export", { params: this.#params, query: { format } })}
              >${label}</a
            > `,
        )}
      </p>
      <footer>
        <span class="said"
          >${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}</span
        >
        <button class="outlined" @click=${() => this.dialog.close()}>Done</button>
      </footer>
    </dialog>`;
  }

  #renderLinks(): TemplateResult {
    return html`<p>
        A link shows the notebook to whoever has it, with the results of its last run, not what you alone
        chose on this page. Selects and checkboxes switch there as far as all their results can be stored. It
        is a copy: it never runs SQL, and it opens nothing else.
      </p>
      <form @submit=${this.#onCreate}>
        <label>
          Stays open
          <select name="expires">
            ${lifetimes.map(({ value, label }) => html`<option value=${value} ?selected=${value === "30d"}>${label}</option>`)}
          </select>
        </label>
        <button class=${this.created === undefined ? "primary" : "outlined"} ?disabled=${this.isWorking}>
          ${this.created === undefined ? "Create link" : "Create another"}
        </button>
      </form>
      ${this.#renderCreated()} ${this.#renderShares()}`;
  }

  #renderCreated(): TemplateResult | typeof nothing {
    if (this.created === undefined) return nothing;
    return html`<p class="created" role="status">
      <input readonly aria-label="Link" .value=${this.created} @focus=${selectAll} />
      <button class="primary copy" @click=${this.#onCopy}>${this.isCopied ? "Copied" : "Copy"}</button>
      <a class="button" href=${this.created} target="_blank" rel="noopener">Open</a>
      <small>Copy it now: it is not shown again. ${this.notes.join(" ")}</small>
    </p>`;
  }

  #renderShares(): TemplateResult | typeof nothing {
    if (this.shares.length === 0) return nothing;
    const hasBy = this.shares.some(({ by }) => shownBy(by) !== undefined);
    return html`<h3>Open links</h3>
      <table class="plain shares">
        <thead>
          <tr>
            <th>made</th>
            ${hasBy ? html`<th>by</th>` : nothing}
            <th>ends</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${this.shares.map(
            (share) =>
              html`<tr>
                <td>${formatTimestamp(share.createdAt)}</td>
                ${hasBy ? html`<td>${share.by}</td>` : nothing}
                <td>${share.expiresAt === null ? "never" : formatTimestamp(share.expiresAt)}</td>
                <td>
                  <button
                    class="outlined"
                    aria-label="End the link of ${formatTimestamp(share.createdAt)}"
                    @click=${() => this.#revoke(share.id)}
                  >
                    End link
                  </button>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>`;
  }

  readonly #onCreate = (event: Event): void => {
    event.preventDefault();
    const { value } = this.expires;
    void this.#try(async () => {
      const body = { expires: value === "never" ? null : value };
      const { url, notes = [] } = await call("POST /api/notebooks/{name}/shares", {
        params: this.#params,
        body,
      });
      this.created = new URL(url, location.href).href;
      this.notes = notes;
      this.isCopied = false;
      await this.#load();
      await this.updateComplete;
      this.querySelector<HTMLElement>(".copy")?.focus();
    });
  };

  readonly #onCopy = (): void => {
    void writeClipboard(this.created ?? "").then(() => (this.isCopied = true));
  };

  async #revoke(id: string): Promise<void> {
    await this.#try(async () => {
      await call("DELETE /api/shares/{id}", { params: { id } });
      await this.#load();
      this.created = undefined;
    });
  }

  async #load(): Promise<void> {
    this.shares = (await call("GET /api/notebooks/{name}/shares", { params: this.#params })).shares;
  }

  async #try(action: () => Promise<void>): Promise<void> {
    this.problem = "";
    this.isWorking = true;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = [error.message, error.hint ?? ""].join(" ");
    } finally {
      this.isWorking = false;
    }
  }

  get #params(): { readonly name: string } {
    return { name: this.notebook };
  }
}

function selectAll(event: Event): void {
  (event.currentTarget as HTMLInputElement).select();
}

declare global {
  interface HTMLElementTagNameMap {
    "share-dialog": ShareDialog;
  }
}
