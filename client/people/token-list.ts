import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Api } from "../../server/api/protocol.js";
import type { Role } from "../../server/base/roles.js";
import { formatTimestamp } from "../../server/text/format.js";
import { call } from "../api-client.js";
import { writeClipboard } from "../grid/write-clipboard.js";
import { renderFieldProblem, toFieldProblem, type FieldProblem } from "./field-problem.js";
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
export class TokenList extends LitElement {
  @state() private tokens: readonly Token[] | undefined;
  @state() private made: { readonly name: string; readonly token: string } | undefined;
  @state() private isCopied = false;
  @state() private problem: FieldProblem | undefined;
  @state() private isBusy = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#try("list", () => Promise.resolve());
  }

  async #try(field: string, work: () => Promise<unknown>): Promise<boolean> {
    this.problem = undefined;
    this.isBusy = true;
    try {
      await work();
      ({ tokens: this.tokens } = await call("GET /api/tokens", {}));
    } catch (error) {
      this.problem = toFieldProblem(error, [field]);
    } finally {
      this.isBusy = false;
    }
    return this.problem === undefined;
  }

  readonly #onAdd = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const { name, role, expires } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const body = { name: (name ?? "").trim(), role: role as Role, expires: expires ?? "90d" };
    const isMade = await this.#try("name", async () => {
      const { token } = await call("POST /api/tokens", { body });
      this.made = { name: body.name, token };
      this.isCopied = false;
    });
    if (isMade) form.reset();
  };

  #revoke({ id, name }: Token): void {
    if (this.made?.name === name) this.made = undefined;
    void this.#try("list", () => call("DELETE /api/tokens/{id}", { params: { id } }));
  }

  override render(): TemplateResult {
    const { tokens, problem } = this;
    return html`<form class="add-person" @submit=${this.#onAdd} aria-label="New token">
        <label
          >Name
          <input
            name="name"
            required
            maxlength="64"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder="ci"
            aria-invalid=${problem?.field === "name"}
          />${renderFieldProblem(problem, "name")}</label
        >
        <label>Role ${renderRoles("runner")}</label>
        <label
          >Lasts
          <select name="expires">
            ${lifetimes.map(([value, label]) => html`<option value=${value} ?selected=${value === "90d"}>${label}</option>`)}
          </select></label
        >
        <button class="primary" ?disabled=${this.isBusy}>Make a token</button>
      </form>
      ${renderFieldProblem(problem, "list")} ${this.#renderMade()}
      ${tokens === undefined && problem === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${tokens?.length === 0 ? html`<p class="note">There is no token yet. A program sends one as <code>Authorization: Bearer …</code></p>` : nothing}
      ${
        tokens === undefined || tokens.length === 0
          ? nothing
          : html`<div class="scroller" tabindex="0" role="region" aria-label="Tokens">
              <table class="plain list stacks people-table">
                <thead>
                  <tr>
                    <th>name</th>
                    <th>role</th>
                    <th>made</th>
                    <th>ends</th>
                    <th></th>
                  </tr>
                </thead>
                <tbody>
                  ${repeat(
                    tokens,
                    ({ id }) => id,
                    (token) => this.#renderToken(token),
                  )}
                </tbody>
              </table>
            </div>`
      }`;
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
      <small>Copy it now: it is not shown again.</small>
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
