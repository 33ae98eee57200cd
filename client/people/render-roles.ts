import { html, type TemplateResult } from "lit";
import { roles, type Role } from "../../server/base/roles.js";

const may: Readonly<Record<Role, string>> = {
  viewer: "looks",
  runner: "and runs",
  editor: "and edits, adds files, shares",
  admin: "everything",
};

export function renderRoles(chosen: Role): TemplateResult {
  return html`<select name="role">
    ${roles.map((role) => html`<option value=${role} ?selected=${role === chosen}>${role}: ${may[role]}</option>`)}
  </select>`;
}
