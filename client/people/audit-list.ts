import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { formatTimestamp } from "../../server/text/format.js";
import { ApiError, call } from "../api-client.js";
import { toHash } from "../router.js";
import { detailsOf, wordsOfAudit, type AuditLine } from "./audit-words.js";

const STEP = 100;
/** The most that the server tells at once. */
const MOST = 1000;
/** After the last key. */
const SETTLE_MS = 300;

const acts = ["publish", "save", "run", "materialize", "share", "log in", "wrong credentials", "refused"];

/** `<audit-list>`: who did what, the newest first. */
@customElement("audit-list")
export class AuditList extends LitElement {
  @state() private lines: readonly AuditLine[] | undefined;
  @state() private limit = STEP;
  @state() private problem = "";
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#load());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  readonly #onFilter = (): void => {
    this.limit = STEP;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(), SETTLE_MS);
  };

  async #load(): Promise<void> {
    const number = ++this.#asked;
    const form = this.querySelector("form");
    const chosen = form === null ? [] : [...new FormData(form)];
    const filter = Object.fromEntries(
      chosen.flatMap(([name, value]) =>
        typeof value === "string" && value.trim() !== "" ? [[name, value.trim()]] : [],
      ),
    ) as {
      readonly month?: string;
      readonly who?: string;
      readonly what?: string;
      readonly notebook?: string;
    };
    try {
      const { entries } = await call("GET /api/audit", { query: { ...filter, limit: this.limit } });
      if (number !== this.#asked) return;
      this.lines = entries;
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = [error.message, error.hint ?? ""].join(" ");
    }
  }

  override render(): TemplateResult {
    const { lines } = this;
    return html`<form
        class="add-person audit-filters"
        aria-label="Filters"
        @submit=${(event: Event) => {
          event.preventDefault();
        }}
        @input=${this.#onFilter}
      >
        <label>Month <input name="month" type="month" /></label>
        <label>Who <input name="who" autocomplete="off" autocapitalize="none" spellcheck="false" /></label>
        <label>What <input name="what" list="audit-acts" autocomplete="off" spellcheck="false" /></label>
        <datalist id="audit-acts">${acts.map((act) => html`<option value=${act}></option>`)}</datalist>
        <label>Notebook <input name="notebook" autocomplete="off" spellcheck="false" /></label>
      </form>
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${lines === undefined && this.problem === "" ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${lines?.length === 0 ? html`<p class="note">Nothing was written down that fits.</p>` : nothing}
      ${
        lines === undefined || lines.length === 0
          ? nothing
          : html`<ol class="plain-list audit-lines" aria-label="What was done">
                ${lines.map(renderLine)}
              </ol>
              ${
                lines.length < this.limit || this.limit >= MOST
                  ? nothing
                  : html`<button
                      class="outlined"
                      @click=${() => {
                        this.limit = Math.min(MOST, this.limit * 3);
                        void this.#load();
                      }}
                    >
                      Show more
                    </button>`
              }`
      }`;
  }
}

function renderLine(line: AuditLine): TemplateResult {
  const { at, who, from, run } = line;
  return html`<li>
    <time class="meta" datetime=${at}>${formatTimestamp(at)}</time>
    <details>
      <summary><b>${who}</b> ${wordsOfAudit(line)}</summary>
      <p class="meta">
        from ${from}${detailsOf(line) === "" ? nothing : html` · ${detailsOf(line)}`}
        ${typeof run === "string" ? html` <a href=${toHash({ page: "runs", run })}>the run</a>` : nothing}
      </p>
    </details>
  </li>`;
}
