import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { formatTimestamp } from "../../server/text/format.js";
import { call } from "../api-client.js";
import { toHash } from "../router.js";
import { AskedList } from "./asked-list.js";
import { detailsOf, wordsOfAudit, type AuditLine } from "./audit-words.js";

const STEP = 100;
/** The most that the server tells at once. */
const MOST = 1000;
/** After the last key. */
const SETTLE_MS = 300;

const acts = ["publish", "save", "run", "materialize", "share", "log in", "wrong credentials", "refused"];

/** `<audit-list>`: who did what, the newest first. */
@customElement("audit-list")
export class AuditList extends AskedList<AuditLine> {
  @state() private limit = STEP;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  readonly #onFilter = (): void => {
    this.limit = STEP;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), SETTLE_MS);
  };

  protected override async ask(): Promise<readonly AuditLine[]> {
    const form = this.querySelector("form");
    const chosen = form === null ? [] : [...new FormData(form)];
    const filter = Object.fromEntries(
      chosen.flatMap(([name, value]) =>
        typeof value === "string" && value.trim() !== "" ? [[name, value.trim()]] : [],
      ),
    );
    return (await call("GET /api/audit", { query: { ...filter, limit: this.limit } })).entries;
  }

  override render(): TemplateResult {
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
      ${this.renderList(html`Nothing was written down that fits.`, (lines) => this.#renderLines(lines))}`;
  }

  #renderLines(lines: readonly AuditLine[]): TemplateResult {
    const isAll = lines.length < this.limit || this.limit >= MOST;
    return html`<ol class="plain-list audit-lines" aria-label="What was done">
        ${lines.map(renderLine)}
      </ol>
      ${isAll ? nothing : html`<button class="outlined" @click=${this.#onMore}>Show more</button>`}`;
  }

  readonly #onMore = (): void => {
    this.limit = Math.min(MOST, this.limit * 3);
    void this.load();
  };
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
