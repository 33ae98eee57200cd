import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { formatCount, formatNumber, showControls } from "../../server/text/format.js";
import { may, whyNot } from "../session.js";
import type { NotebookDocument } from "../store/document.js";
import { findAll, lineOf, replaceMatches, type Match } from "./find-text.js";

/** More are counted, and not listed. */
const MOST_LISTED = 200;
/** Of the line, on each side of a match. */
const CONTEXT = 60;

/** The dialog works on the notebook as it is now. */
export interface FindActions {
  replace(document: NotebookDocument): void;
  undo(): void;
  goTo(block: string): void;
}

/** `<find-dialog>`: searches all texts of the notebook, and replaces what is listed. */
@customElement("find-dialog")
export class FindDialog extends LitElement {
  @property({ attribute: false }) document: NotebookDocument = { head: "", blocks: [] };
  @property({ attribute: false }) actions!: FindActions;
  @state() private sought = { text: "", isRegExp: false, isCaseSensitive: false };
  @state() private by = "";
  /** What is found is to be replaced too. */
  @state() private isReplacing = false;
  @state() private isOpen = false;
  /** What was done last; empty: nothing since something else is sought. */
  @state() private done = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async show(): Promise<void> {
    this.isOpen = true;
    this.done = "";
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    this.querySelector<HTMLInputElement>("input[name=find]")?.select();
  }

  override render(): TemplateResult {
    const found = this.isOpen ? this.#find() : [];
    const matches = typeof found === "string" ? [] : found;
    return html`<dialog class="find" aria-label="Search" @close=${() => (this.isOpen = false)}>
      <form method="dialog" @submit=${this.#onSubmit}>
        <h2>Search this notebook</h2>
        ${this.#renderFields()}
        <p role="status">
          ${typeof found === "string" ? html`<span class="problem">${found}</span>` : this.#renderCount(matches)}
        </p>
        ${matches.length === 0 ? nothing : this.#renderMatches(matches)}
        <footer>
          ${may("edit") ? this.#renderAll(matches) : html`<span class="note">${whyNot("edit")}</span>`}
          <span class="spacer"></span>
          <button type="button" @click=${() => this.dialog.close()}>Close</button>
        </footer>
      </form>
    </dialog>`;
  }

  #renderAll(matches: readonly Match[]): TemplateResult | typeof nothing {
    if (!this.isReplacing) return nothing;
    return html`<button
      class="primary"
      type="button"
      ?disabled=${matches.length === 0}
      @click=${() => {
        this.#replace(matches);
      }}
    >
      ${this.#verb} ${matches.length < 2 ? "" : `all ${String(matches.length)}`}
    </button>`;
  }

  get #verb(): "Delete" | "Replace" {
    return this.by === "" ? "Delete" : "Replace";
  }

  /** Or why there can be none. */
  #find(): readonly Match[] | string {
    try {
      return findAll(this.document, this.sought, this.by);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return `That is no regular expression: ${error.message.replace(/^Invalid regular expression: /, "")}.`;
    }
  }

  #renderFields(): TemplateResult {
    const { text, isRegExp, isCaseSensitive } = this.sought;
    const seek = (change: Partial<typeof this.sought>): void => {
      this.sought = { ...this.sought, ...change };
      this.done = "";
    };
    const tick = (label: string, isOn: boolean, set: (isOn: boolean) => void): TemplateResult =>
      html`<label
        ><input
          type="checkbox"
          .checked=${isOn}
          @change=${({ target }: Event) => {
            set((target as HTMLInputElement).checked);
          }}
        />
        ${label}</label
      >`;
    return html`<label
        >Find
        <input
          name="find"
          autocomplete="off"
          spellcheck="false"
          autofocus
          .value=${text}
          @input=${({ target }: Event) => {
            seek({ text: (target as HTMLInputElement).value });
          }}
      /></label>
      ${
        this.isReplacing
          ? html`<label
              >Replace with
              <input
                name="by"
                autocomplete="off"
                spellcheck="false"
                placeholder="nothing: what matches is deleted"
                .value=${this.by}
                @input=${({ target }: Event) => (this.by = (target as HTMLInputElement).value)}
            /></label>`
          : nothing
      }
      ${tick("Match case", isCaseSensitive, (isOn) => {
        seek({ isCaseSensitive: isOn });
      })}
      ${tick("Regular expression", isRegExp, (isOn) => {
        seek({ isRegExp: isOn });
      })}
      ${may("edit") ? tick("Replace", this.isReplacing, (isOn) => (this.isReplacing = isOn)) : nothing}`;
  }

  #renderCount(matches: readonly Match[]): TemplateResult {
    const undo = html`<button
      type="button"
      @click=${() => {
        this.actions.undo();
        this.done = "";
      }}
    >
      Undo
    </button>`;
    const done = this.done === "" ? nothing : html`${this.done}. ${undo}`;
    if (this.sought.text === "")
      return html`${done} Prose, SQL, settings, YAML and front matter are searched, not the results.`;
    const count =
      matches.length === 0 ? "Nothing matches." : `${formatCount(matches.length, "match", "matches")}.`;
    return html`${done} ${count}`;
  }

  #renderMatches(matches: readonly Match[]): TemplateResult {
    const rest = matches.length - MOST_LISTED;
    return html`<ul class="matches" aria-label="Matches">
      ${matches.slice(0, MOST_LISTED).map((match) => this.#renderMatch(match))}
      ${rest > 0 ? html`<li>and ${formatCount(rest, "more match", "more matches")}${this.isReplacing ? `, which “${this.#verb} all” includes` : ""}</li>` : nothing}
    </ul>`;
  }

  #renderMatch(match: Match): TemplateResult {
    const { part, start, end, replacement } = match;
    const { block } = part;
    const [before, after] = lineOf(match);
    const where = [part.place, part.cell].filter((word) => word !== undefined).join(" · ");
    const own = showControls(part.text.slice(start, end));
    const line = html`${before.length > CONTEXT ? "…" : ""}${showControls(before.slice(-CONTEXT).trimStart())}${
      this.isReplacing
        ? html`<del>${own}</del
            >${replacement === "" ? nothing : html`<ins>${showControls(replacement)}</ins>`}`
        : html`<mark>${own}</mark>`
    }${showControls(after.slice(0, CONTEXT))}`;
    return html`<li>
      ${
        block === undefined
          ? html`<span class="match-place">${where}</span>`
          : html`<button
              type="button"
              class="match-place"
              title="Go to ${where}"
              @click=${() => {
                this.dialog.close();
                this.actions.goTo(block);
              }}
            >
              ${where}
            </button>`
      }
      <code>${line}</code>
      ${
        this.isReplacing
          ? html`<button
              type="button"
              aria-label="${this.#verb} this one"
              @click=${() => {
                this.#replace([match]);
              }}
            >
              ${this.#verb}
            </button>`
          : nothing
      }
    </li>`;
  }

  #replace(matches: readonly Match[]): void {
    this.actions.replace(replaceMatches(this.document, matches));
    this.done = `${formatNumber(matches.length)} ${this.by === "" ? "deleted" : "replaced"}`;
  }

  /** Enter searches, which is done with each key: it must not replace. */
  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "find-dialog": FindDialog;
  }
}
