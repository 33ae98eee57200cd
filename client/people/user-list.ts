import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Api } from "../../server/api/protocol.js";
import { roles, type Role } from "../../server/base/roles.js";
import { formatTimestamp } from "../../server/text/format.js";
import { call } from "../api-client.js";
import { session } from "../session.js";
import { renderAvatar } from "./avatar.js";
import { renderFieldProblem, toFieldProblem, type FieldProblem } from "./field-problem.js";
import type { PersonDialog } from "./person-dialog.js";
import "./person-dialog.js";
import { renderRoles } from "./render-roles.js";

type User = Api["GET /api/users"]["answer"]["users"][number];

/** `<user-list>`: who logs in by name, and as what. */
@customElement("user-list")
export class UserList extends LitElement {
  @state() private users: readonly User[] | undefined;
  @state() private problem: FieldProblem | undefined;
  @state() private isBusy = false;
  @query("person-dialog") private dialog!: PersonDialog;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#try("list", () => Promise.resolve());
  }

  /** The list is asked for anew, whatever came of it. */
  async #try(field: string, work: () => Promise<unknown>): Promise<boolean> {
    this.problem = undefined;
    this.isBusy = true;
    try {
      await work();
    } catch (error) {
      this.problem = toFieldProblem(error, field === "name" ? ["name", "password"] : [field]);
    }
    try {
      ({ users: this.users } = await call("GET /api/users", {}));
    } catch (error) {
      this.problem ??= toFieldProblem(error, ["list"]);
    } finally {
      this.isBusy = false;
    }
    return this.problem === undefined;
  }

  readonly #onAdd = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const { name, role, password } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const body = { name: (name ?? "").trim(), role: role as Role, password: password ?? "" };
    if (await this.#try("name", () => call("POST /api/users", { body }))) form.reset();
  };

  #change(user: string, body: Api["PUT /api/users/{user}"]["sent"]["body"]): void {
    void this.#try("list", () => call("PUT /api/users/{user}", { params: { user }, body }));
  }

  override render(): TemplateResult {
    const { users, problem } = this;
    return html`<form class="add-person" @submit=${this.#onAdd} aria-label="New user">
        <label
          >Name
          <input
            name="name"
            required
            maxlength="64"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-invalid=${problem?.field === "name"}
          />${renderFieldProblem(problem, "name")}</label
        >
        <label>Role ${renderRoles("viewer")}</label>
        <label
          >Password
          <input
            name="password"
            type="password"
            required
            minlength="8"
            maxlength="1000"
            autocomplete="new-password"
            aria-invalid=${problem?.field === "password"}
          />${renderFieldProblem(problem, "password")}</label
        >
        <button class="primary" ?disabled=${this.isBusy}>Add user</button>
      </form>
      ${renderFieldProblem(problem, "list")}
      ${users === undefined && problem === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${users?.length === 0 ? html`<p class="note">Nobody logs in by name yet. From the first user on everybody does; a start token that nobody chose opens this machine's commands alone then.</p>` : nothing}
      ${users === undefined || users.length === 0 ? nothing : this.#renderUsers(users)}
      <person-dialog
        @person-done=${() => {
          void this.#try("list", () => Promise.resolve());
        }}
      ></person-dialog>`;
  }

  #renderUsers(users: readonly User[]): TemplateResult {
    return html`<div class="scroller" tabindex="0" role="region" aria-label="Users">
      <table class="plain list stacks people-table">
        <thead>
          <tr>
            <th>name</th>
            <th>role</th>
            <th>may log in</th>
            <th>added</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            users,
            ({ name }) => name,
            (user) => this.#renderUser(user),
          )}
        </tbody>
      </table>
    </div>`;
  }

  #renderUser({ name, role, isDisabled, createdAt }: User): TemplateResult {
    const isSelf = session.me?.kind === "user" && session.me.name === name;
    return html`<tr>
      <td>${renderAvatar(name)} <b>${name}</b> ${isSelf ? html`<span class="meta">you</span>` : nothing}</td>
      <td data-label="role">
        ${
          isSelf
            ? html`<span title="Another admin can change yours">${role}</span>`
            : html`<select
                aria-label="Role of ${name}"
                @change=${(event: Event) => {
                  this.#change(name, { role: (event.target as HTMLSelectElement).value as Role });
                }}
              >
                ${roles.map((other) => html`<option value=${other} .selected=${other === role}>${other}</option>`)}
              </select>`
        }
      </td>
      <td>${isDisabled ? html`<span class="failed">disabled</span>` : "yes"}</td>
      <td data-label="added">${formatTimestamp(createdAt)}</td>
      <td class="row-actions">
        ${
          isSelf
            ? nothing
            : html`<button
                  aria-label="New password for ${name}"
                  @click=${() => this.dialog.show("password", name)}
                >
                  New password…</button
                ><button
                  aria-label="${isDisabled ? "Enable" : "Disable"} ${name}"
                  @click=${() => {
                    this.#change(name, { isDisabled: !isDisabled });
                  }}
                >
                  ${isDisabled ? "Enable" : "Disable"}</button
                ><button aria-label="Remove ${name}" @click=${() => this.dialog.show("remove", name)}>
                  Remove…
                </button>`
        }
      </td>
    </tr>`;
  }
}
