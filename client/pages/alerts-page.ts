import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Api } from "../../server/api/protocol.js";
import { formatCount, formatTimestamp } from "../../server/text/format.js";
import { api } from "../api-client.js";
import { LiveAnswer } from "../live-answer.js";
import { toHash } from "../router.js";
import { may, whyNot } from "../session.js";

type Listing = Api["GET /api/alerts"]["answer"];
type Message = Listing["messages"][number];
type Tried = Api["POST /api/alerts/test"]["answer"]["results"][number];

/** What is waited for changes by itself. */
const REFRESH_MS = 10_000;

/** `<alerts-page>`: who is told of what, and what became of each message. */
@customElement("alerts-page")
export class AlertsPage extends LitElement {
  readonly #listing = new LiveAnswer<Listing | undefined>(
    this,
    async () => (may("alerts") ? api.alerts() : undefined),
    { changes: ({ type }) => type === "run-finished", again: () => REFRESH_MS },
  );
  @state() private results: readonly Tried[] | undefined;
  @state() private isTesting = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async #test(): Promise<void> {
    this.isTesting = true;
    await this.#listing.act(async () => {
      this.results = (await api.testAlerts()).results;
    });
    this.isTesting = false;
  }

  override render(): TemplateResult {
    const { value: listing, problem } = this.#listing;
    if (!may("alerts"))
      return html`<main class="page">
        <h1>Alerts</h1>
        <p class="note">${whyNot("alerts")}</p>
      </main>`;
    return html`<main class="page alerts">
      <header class="page-head">
        <h1>Alerts</h1>
        <a href=${toHash({ page: "runs" })}>Runs</a>
        ${listing === undefined || listing.named.length === 0 ? nothing : html`<button class="outlined" ?disabled=${this.isTesting} @click=${() => this.#test()}>Send a test</button>`}
      </header>
      ${problem === "" ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      ${listing === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : renderNamed(listing)}
      <div role="status">${this.results === undefined ? nothing : renderResults(this.results)}</div>
      ${listing === undefined ? nothing : renderMessages(listing.messages)}
    </main>`;
  }
}

function renderNamed({ named }: Listing): TemplateResult {
  if (named.length === 0)
    return html`<p class="note">
      Nobody is told when a run fails. Name somebody in <code>lakebook.yaml</code> or in a notebook's front
      matter: <code>alerts: {to: [data@example.com]}</code>.
      <a href="/docs/reference#alerts">How</a>
    </p>`;
  return html`<div class="scroller" tabindex="0" role="region" aria-label="Who is told">
    <table class="plain">
      <thead>
        <tr>
          <th>told</th>
          <th>of</th>
          <th>when</th>
        </tr>
      </thead>
      <tbody>
        ${named.map(
          ({ notebook, recipients, on }) =>
            html`<tr>
              <td>${recipients.join(", ")}</td>
              <td>
                ${notebook === undefined ? "all notebooks" : html`<a href=${toHash({ page: "notebook", name: notebook })}>${notebook}</a>`}
              </td>
              <td>${on.map((kind) => kind.replaceAll("_", " ")).join(", ")}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function renderResults(results: readonly Tried[]): TemplateResult {
  return html`<ul class="plain-list">
    ${results.map(
      ({ recipient, isSent, problem }) =>
        html`<li>
          <span class="outcome ${isSent ? "succeeded" : "failed"}">${isSent ? "sent" : "failed"}</span>
          ${recipient} ${problem === undefined ? nothing : html`<span class="meta">${problem}</span>`}
        </li>`,
    )}
  </ul>`;
}

function renderMessages(messages: readonly Message[]): TemplateResult {
  if (messages.length === 0) return html`<p class="note">Nothing was sent yet.</p>`;
  return html`<h2>Messages</h2>
    <div class="scroller" tabindex="0" role="region" aria-label="Messages">
      <table class="plain list stacks">
        <thead>
          <tr>
            <th>when</th>
            <th>what</th>
            <th>to</th>
            <th>state</th>
            <th>problem</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(messages, ({ id }) => id, renderMessage)}
        </tbody>
      </table>
    </div>`;
}

function renderMessage(message: Message): TemplateResult {
  const { queuedAt, headline, run, notebook, recipient, status, problem, tries, nextAt } = message;
  const to = run === undefined ? toHash({ page: "notebook", name: notebook }) : toHash({ page: "runs", run });
  const outcome = status === "sent" ? "succeeded" : status === "failed" ? "failed" : "";
  return html`<tr>
    <td>${formatTimestamp(queuedAt)}</td>
    <td><a href=${to}>${headline}</a></td>
    <td data-label="to">${recipient}</td>
    <td><span class="outcome ${outcome}">${status}</span></td>
    ${
      problem === undefined
        ? html`<td></td>`
        : html`<td>
            ${problem}
            ${nextAt === undefined ? nothing : html`<span class="meta">${formatCount(tries, "try", "tries")}, again at ${formatTimestamp(nextAt)}</span>`}
          </td>`
    }
  </tr>`;
}
