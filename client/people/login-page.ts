import { html, nothing, type TemplateResult } from "lit";
import type { LoginWay } from "../session.js";
import "./login-form.js";

/** For whoever has no session; the page that the address names comes afterwards. */
export function renderLogin(way: LoginWay): TemplateResult {
  return html`<main class="page login">
    <h1>Lakebook</h1>
    ${
      way === "name"
        ? nothing
        : html`<p class="problem" role="alert">You are not logged in.</p>
            <p>
              Open the address that the server printed when it started. It ends in <code>/?token=…</code> and
              logs this browser in:
            </p>
            <pre>Lakebook is running at ${location.origin}/?token=…</pre>
            <p>If you have only the token, put it in here. Whoever started the server can tell it.</p>`
    }
    <login-form .way=${way}></login-form>
    ${way === "name" ? html`<p class="note">No user yet, or the password forgotten? An admin can help.</p>` : nothing}
  </main>`;
}
