import { html, nothing, type TemplateResult } from "lit";
import type { LoginWay } from "../session.js";
import type {} from "./login-form.js";

/** For whoever has no session; the page that the address names comes afterwards. */
export function renderLogin(way: LoginWay): TemplateResult {
  return html`<main class="page login">
    <h1>Lakebook</h1>
    ${
      way === "name"
        ? nothing
        : html`<p class="problem" role="alert">You are not logged in.</p>
            <p>
              Log in with the server's token. Whoever started the server has it: they chose it, or it stands
              in the address that the server printed then, which ends in <code>/?token=…</code> and logs a
              browser in by itself.
            </p>`
    }
    <login-form .way=${way}></login-form>
    ${way === "name" ? html`<p class="note">No user yet, or the password forgotten? An admin can help.</p>` : nothing}
  </main>`;
}
