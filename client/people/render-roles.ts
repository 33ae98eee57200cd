import { html, type TemplateResult } from "lit";
import { roles, type Role } from "../../server/base/roles.js";

const may: Readonly<Record<Role, string>> = {
  viewer: "looks at everything, changes nothing",
  runner: "looks, runs and publishes",
  editor: "looks, runs, publishes, edits, adds files, shares",
  admin: "may do everything, and says who else may",
};

export function renderRoles(chosen: Role): TemplateResult {
  return html`<select name="role">
    ${roles.map((role) => html`<option value=${role} ?selected=${role === chosen}>${role}: ${may[role]}</option>`)}
  </select>`;
}
