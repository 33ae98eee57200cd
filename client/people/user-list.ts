import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { Api } from "../../server/api/protocol.js";
import { roles, type Role } from "../../server/base/roles.js";
import { formatTimestamp } from "../../server/text/format.js";
import { call } from "../api-client.js";
import { session } from "../session.js";
import { AskedList } from "./asked-list.js";
import { renderAvatar } from "./avatar.js";
import type { PersonDialog, PersonDoneEvent } from "./person-dialog.js";
import "./person-dialog.js";
import { renderNewPassword, renderRepeated } from "./password-twice.js";
import { renderRoles } from "./render-roles.js";

type User = Api["GET /api/users"]["answer"]["users"][number];

/** `<user-list>`: who logs in by name, and as what. */
@customElement("user-list")
export class UserList extends AskedList<User> {
  @query("person-dialog") private dialog!: PersonDialog;

  protected override async ask(): Promise<readonly User[]> {
    return (await call("GET /api/users", {})).users;
  }

  #add({ name = "", role, password = "" }: Readonly<Record<string, string>>): Promise<boolean> {
    const body = { name: name.trim(), role: role as Role, password };
    return this.change(() => call("POST /api/users", { body }), {
      fields: ["name", "password"],
      said: `${body.name} can log in now. Send the address ${location.origin} and the password, which is not shown again.`,
    });
  }

  #change(user: string, body: Api["PUT /api/users/{user}"]["sent"]["body"], said: string): void {
    void this.change(() => call("PUT /api/users/{user}", { params: { user }, body }), { said });
  }

  override render(): TemplateResult {
    return html`${this.renderForm({
        label: "New user",
        submit: "Add user",
        onSubmit: (filled) => this.#add(filled),
        fields: html`${this.renderNameField()} ${this.renderField("Role", "role", renderRoles("viewer"))}
        ${this.renderField("Password", "password", renderNewPassword({ isWrong: this.isWrong("password") }))}
        ${this.renderField("Once more", "repeated", renderRepeated())}`,
      })}
      ${this.renderList(
        html`Nobody logs in by name yet. Once there is a user, everybody does; the address with a token that
        the server printed then serves commands on its own machine only, unless somebody chose that token.`,
        (users) =>
          this.renderTable(
            "Users",
            ["name", "role", "may log in", "added"],
            repeat(
              users,
              ({ name }) => name,
              (user) => this.#renderUser(user),
            ),
          ),
      )}
      <person-dialog
        @person-done=${(event: PersonDoneEvent) => {
          void this.change(() => Promise.resolve(), event);
        }}
      ></person-dialog>`;
  }

  #renderUser({ name, role, isDisabled, createdAt }: User): TemplateResult {
    const isSelf = session.me?.kind === "user" && session.me.name === name;
    return html`<tr>
      <td>${renderAvatar(name)} <b>${name}</b> ${isSelf ? html`<span class="meta">you</span>` : nothing}</td>
      <td data-label="role">
        ${isSelf ? html`<span title="Another admin can change yours">${role}</span>` : this.#renderRole(name, role)}
      </td>
      <td data-label=${isDisabled ? nothing : "may log in"}>
        ${isDisabled ? html`<span class="failed">disabled</span>` : "yes"}
      </td>
      <td data-label="added">${formatTimestamp(createdAt)}</td>
      <td class="row-actions">${isSelf ? nothing : this.#renderActions(name, isDisabled)}</td>
    </tr>`;
  }

  /** Shows what the server has, also after it refused another one. */
  #renderRole(name: string, role: Role): TemplateResult {
    return html`<select
      aria-label="Role of ${name}"
      @change=${(event: Event) => {
        const chosen = (event.target as HTMLSelectElement).value as Role;
        this.#change(name, { role: chosen }, `${name} is ${chosen} from now on.`);
      }}
    >
      ${roles.map((other) => html`<option value=${other} .selected=${live(other === role)}>${other}</option>`)}
    </select>`;
  }

  #renderActions(name: string, isDisabled: boolean): TemplateResult {
    const button = (label: string, words: string, act: () => void): TemplateResult =>
      html`<button aria-label=${words} @click=${act}>${label}</button>`;
    return html`${button("New password…", `New password for ${name}`, () => void this.dialog.show("password", name))}
    ${
      isDisabled
        ? nothing
        : button("Log out", `Log ${name} out everywhere`, () => {
            this.#change(name, { endSessions: true }, `${name} is logged out everywhere.`);
          })
    }
    ${button(isDisabled ? "Enable" : "Disable", `${isDisabled ? "Enable" : "Disable"} ${name}`, () => {
      this.#change(
        name,
        { isDisabled: !isDisabled },
        isDisabled ? `${name} can log in again.` : `${name} is logged out and cannot log in.`,
      );
    })}
    ${button("Remove…", `Remove ${name}`, () => void this.dialog.show("remove", name))}`;
  }
}
