import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Api, HistoryEntry } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { call } from "../api-client.js";
import { AskingDialog } from "../elements/asking-dialog.js";
import { renderSides } from "../elements/sides.js";
import { toHash } from "../router.js";
import { may, shownBy, whyNot } from "../session.js";
import "./run-results.js";
import { ChangeSummaries } from "./change-summaries.js";
import { byDay, entryWords, timesOf } from "./entry-words.js";

type Changes = Api["GET /api/notebooks/{name}/history/{entry}/diff"]["answer"]["changes"];
type Change = Changes[number];
/** What a text is compared with: the one before it, or the notebook as it is. */
type Beside = "before" | "now";

/** Saves a text of an entry, or one cell of it. */
type BringBack = (entry: string, what: { readonly etag: string; readonly cell?: string }) => Promise<void>;

const SHOWN_AT_ONCE = 100;

/** `<history-dialog>`: every text that a notebook had, what each changed, and the way back. */
@customElement("history-dialog")
export class HistoryDialog extends AskingDialog {
  @state() private notebook = "";
  @state() private entries: readonly HistoryEntry[] | undefined;
  @state() private total = 0;
  @state() private chosen: HistoryEntry | undefined;
  @state() private beside: Beside = "before";
  @state() private changes: Changes | undefined;
  @state() private done = "";
  /** Of the file when the list was read. */
  #etag = "";
  #asked = 0;
  #bringBack: BringBack = () => Promise.resolve();
  #summaries: ChangeSummaries | undefined;

  async show(notebook: string, bringBack: BringBack): Promise<void> {
    this.notebook = notebook;
    this.#bringBack = bringBack;
    this.#summaries?.stop();
    this.#summaries = new ChangeSummaries(notebook, this);
    this.entries = undefined;
    this.chosen = undefined;
    this.done = "";
    await this.open();
    await this.ask(() => this.#load(SHOWN_AT_ONCE));
    this.#chooseNewest();
  }

  override render(): TemplateResult {
    return html`<dialog class="history" aria-label="History">
      <h2>History of <code>${this.notebook}</code></h2>
      ${this.renderAnswer(this.entries, (entries) =>
        entries.length === 0
          ? html`<p>Nothing was saved or run yet.</p>`
          : html`<div class="history-parts">${this.#renderList(entries)} ${this.#renderChosen()}</div>`,
      )}
      ${this.renderFooter(nothing, "Close", this.done === "" ? this.renderProblem() : html`<p class="done" role="status">${this.done}</p>`)}
    </dialog>`;
  }

  #renderList(entries: readonly HistoryEntry[]): TemplateResult {
    const times = timesOf(entries);
    return html`<nav class="history-entries" aria-label="Texts">
      ${byDay(entries).map(
        (day) =>
          html`<h3>${day.day}</h3>
            <ol>
              ${day.entries.map((entry) => this.#renderEntry(entry, times.get(entry.id)))}
            </ol>`,
      )}
      ${
        entries.length < this.total
          ? html`<button
              class="outlined"
              ?disabled=${this.isBusy}
              @click=${() => this.ask(() => this.#load(entries.length + SHOWN_AT_ONCE))}
            >
              Show older ones (${formatCount(this.total - entries.length, "more")})
            </button>`
          : nothing
      }
    </nav>`;
  }

  #renderEntry(entry: HistoryEntry, time = ""): TemplateResult {
    const isNow = entry.etag === this.#etag && this.entries?.[0] === entry;
    return html`<li>
      <button
        aria-current=${this.chosen?.id === entry.id ? "true" : "false"}
        @click=${() => {
          this.#choose(entry);
        }}
      >
        <time datetime=${entry.at}>${time}</time>
        <span
          >${entryWords(entry, shownBy)}${isNow ? html` <em>now</em>` : nothing}
          ${this.#summaries?.render(entry, this.entries ?? [])}</span
        >
      </button>
    </li>`;
  }

  #renderChosen(): TemplateResult {
    const { chosen, beside } = this;
    if (chosen === undefined) return html`<div></div>`;
    const before = this.#before(chosen);
    const choice = (value: Beside, label: string): TemplateResult =>
      html`<label
        ><input
          type="radio"
          name="beside"
          value=${value}
          .checked=${beside === value}
          @change=${() => {
            this.beside = value;
            this.#compare();
          }}
        />
        ${label}</label
      >`;
    return html`<section class="history-text" aria-label="The text of ${timesOf([chosen]).get(chosen.id)}">
      <form
        class="history-choice"
        @submit=${(event: Event) => {
          event.preventDefault();
        }}
      >
        <fieldset>
          <legend>Show</legend>
          ${choice("before", chosen.run !== undefined && before?.run !== undefined ? "what changed since the run before" : "what it changed")}
          ${choice("now", "what is different now")}
        </fieldset>
        ${
          chosen.run === undefined
            ? nothing
            : html`<a href=${toHash({ page: "runs", run: chosen.run })} @click=${this.close}
                >The run and its results</a
              >`
        }
        ${
          may("edit")
            ? html`<button
                class="outlined"
                ?disabled=${this.isBusy || chosen.etag === this.#etag}
                @click=${() => this.#restore(chosen)}
              >
                Restore all of it
              </button>`
            : html`<small>${whyNot("edit")}</small>`
        }
      </form>
      ${this.renderAnswer(this.changes, (changes) => this.#renderChanges(chosen, changes))}
      ${
        beside === "before" && chosen.run !== undefined && before?.run !== undefined
          ? html`<run-results .earlier=${before.run} .later=${chosen.run}></run-results>`
          : nothing
      }
    </section>`;
  }

  #renderChanges(chosen: HistoryEntry, changes: Changes): TemplateResult {
    if (changes.length === 0)
      return html`<p class="note">
        ${this.beside === "now" ? "The notebook has this text." : "The text is that of before."}
      </p>`;
    const cells = changes.filter(({ cell }) => cell !== null);
    const rest = changes.filter(({ cell }) => cell === null);
    return html`${[...cells, ...rest].map((change) => this.#renderChange(chosen, change))}`;
  }

  #renderChange(chosen: HistoryEntry, { cell, before, after }: Change): TemplateResult {
    const [one, other] = this.beside === "before" ? ["before", "this text"] : ["this text", "now"];
    const own = this.beside === "before" ? after : before;
    return html`<article class="history-change">
      <h3>
        ${cell === null ? "Title, settings and prose" : html`<code>${cell}</code>`}
        ${before === undefined ? html`<small>is new</small>` : nothing}
        ${after === undefined ? html`<small>is gone</small>` : nothing}
        ${
          cell !== null && own !== undefined && may("edit")
            ? html`<button
                class="outlined"
                aria-label="Restore ${cell}"
                ?disabled=${this.isBusy}
                @click=${() => this.#restore(chosen, cell)}
              >
                Restore this cell
              </button>`
            : nothing
        }
      </h3>
      ${
        before === undefined || after === undefined
          ? html`<pre tabindex="0">${before ?? after}</pre>`
          : renderSides({ name: one, text: before }, { name: other, text: after })
      }
    </article>`;
  }

  async #load(limit: number): Promise<void> {
    const { etag, total, entries } = await call("GET /api/notebooks/{name}/history", {
      params: { name: this.notebook },
      query: { limit, offset: 0 },
    });
    this.#etag = etag;
    this.total = total;
    this.entries = entries;
  }

  #chooseNewest(): void {
    const [newest] = this.entries ?? [];
    if (newest !== undefined) this.#choose(newest);
  }

  #choose(entry: HistoryEntry): void {
    this.chosen = entry;
    this.done = "";
    this.#compare();
  }

  #compare(): void {
    const { chosen, beside } = this;
    if (chosen === undefined) return;
    const asked = ++this.#asked;
    const before = this.#before(chosen);
    this.changes = undefined;
    void this.ask(async () => {
      const changes = await (beside === "now"
        ? this.#diff(chosen.id, "now")
        : before === undefined
          ? this.#all(chosen.id)
          : this.#diff(before.id, chosen.id));
      if (asked === this.#asked) this.changes = changes;
    });
  }

  /** What it is compared with: of a run the one before, of what was saved the text before. */
  #before(chosen: HistoryEntry): HistoryEntry | undefined {
    const { entries = [] } = this;
    const older = entries.slice(entries.findIndex(({ id }) => id === chosen.id) + 1);
    return (chosen.run === undefined ? undefined : older.find(({ run }) => run !== undefined)) ?? older[0];
  }

  async #diff(entry: string, to: string): Promise<Changes> {
    const params = { name: this.notebook, entry };
    return (await call("GET /api/notebooks/{name}/history/{entry}/diff", { params, query: { to } })).changes;
  }

  /** There is none before it. */
  async #all(entry: string): Promise<Changes> {
    const { text } = await call("GET /api/notebooks/{name}/history/{entry}", {
      params: { name: this.notebook, entry },
    });
    return [{ cell: null, after: text }];
  }

  async #restore({ id: entry, at }: HistoryEntry, cell?: string): Promise<void> {
    await this.ask(async () => {
      await this.#bringBack(entry, { etag: this.#etag, ...(cell === undefined ? {} : { cell }) });
      await this.#load(Math.max(SHOWN_AT_ONCE, this.entries?.length ?? 0));
      const when = new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
      this.done = `${cell ?? "The notebook"} is as it was on ${when}. What was there stays in this list.`;
      this.#compare();
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "history-dialog": HistoryDialog;
  }
}
