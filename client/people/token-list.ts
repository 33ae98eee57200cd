import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Api } from "../../server/api/protocol.js";
import type { Role } from "../../server/base/roles.js";
import { formatTimestamp } from "../../server/text/format.js";
import { call } from "../api-client.js";
import { writeClipboard } from "../grid/write-clipboard.js";
import { AskedList } from "./asked-list.js";
import { renderRoles } from "./render-roles.js";

type Token = Api["GET /api/tokens"]["answer"]["tokens"][number];

const lifetimes = [
  ["30d", "30 days"],
  ["90d", "90 days"],
  ["365d", "a year"],
  ["never", "until it is revoked"],
] as const;

/** `<token-list>`: what programs have in the place of a password. */
@customElement("token-list")
export class TokenList extends AskedList<Token> {
  @state() private made: { readonly name: string; readonly token: string } | undefined;
  @state() private isCopied = false;

  protected override async ask(): Promise<readonly Token[]> {
    return (await call("GET /api/tokens", {})).tokens;
  }

  #make({ name = "", role, expires = "90d" }: Readonly<Record<string, string>>): Promise<boolean> {
    const body = { name: name.trim(), role: role as Role, expires };
    return this.change(
      async () => {
        const { token } = await call("POST /api/tokens", { body });
        this.made = { name: body.name, token };
        this.isCopied = false;
      },
      { fields: ["name"] },
    );
  }

  #revoke({ id, name }: Token): void {
    if (this.made?.name === name) this.made = undefined;
    void this.change(() => call("DELETE /api/tokens/{id}", { params: { id } }), {
      said: `${name} opens nothing any more.`,
    });
  }

  override render(): TemplateResult {
    return html`${this.renderForm({
      label: "New token",
      submit: "Make a token",
      onSubmit: (filled) => this.#make(filled),
      fields: html`${this.renderNameField("ci")} ${this.renderField("Role", "role", renderRoles("runner"))}
      ${this.renderField(
        "Lasts",
        "expires",
        html`<select name="expires">
          ${lifetimes.map(([value, label]) => html`<option value=${value} ?selected=${value === "90d"}>${label}</option>`)}
        </select>`,
      )}`,
    })}
    ${this.#renderMade()}
    ${this.renderList(
      html`There is no token yet. A program sends one as <code>Authorization: Bearer …</code>`,
      (tokens) =>
        this.renderTable(
          "Tokens",
          ["name", "role", "made", "ends"],
          repeat(
            tokens,
            ({ id }) => id,
            (token) => this.#renderToken(token),
          ),
        ),
    )}`;
  }

  #renderMade(): TemplateResult | typeof nothing {
    if (this.made === undefined) return nothing;
    return html`<p class="made-token" role="status">
      <label
        >Token ${this.made.name}
        <input
          readonly
          .value=${this.made.token}
          @focus=${(event: Event) => {
            (event.currentTarget as HTMLInputElement).select();
          }}
      /></label>
      <button class="outlined" @click=${this.#onCopy}>${this.isCopied ? "Copied" : "Copy"}</button>
      <small
        >Copy it now: it is not shown again. A program sends it as <code>Authorization: Bearer …</code></small
      >
    </p>`;
  }

  readonly #onCopy = (): void => {
    void writeClipboard(this.made?.token ?? "").then(() => (this.isCopied = true));
  };

  #renderToken(token: Token): TemplateResult {
    const { name, role, createdAt, createdBy, expiresAt } = token;
    const isOver = expiresAt !== null && Date.parse(expiresAt) < Date.now();
    return html`<tr>
      <td><b>${name}</b></td>
      <td>${role}</td>
      <td data-label="made">${formatTimestamp(createdAt)} <span class="meta">by ${createdBy}</span></td>
      <td data-label=${isOver ? "ended" : "ends"} class=${isOver ? "failed" : ""}>
        ${expiresAt === null ? "never" : formatTimestamp(expiresAt)}
      </td>
      <td class="row-actions">
        <button
          aria-label="Revoke ${name}"
          @click=${() => {
            this.#revoke(token);
          }}
        >
          Revoke
        </button>
      </td>
    </tr>`;
  }
}
