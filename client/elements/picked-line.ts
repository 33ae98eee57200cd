import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatCount, formatNumber } from "../../server/text/format.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { pickedTexts, picks, type ChartPick } from "../store/picks.js";
import { controlStyles, resetStyles } from "../styles/shared-styles.js";

interface Counted {
  readonly key: string;
  readonly rows: Promise<number>;
  readonly stop: AbortController;
}

/** Counted once for all that show the same rows, by these. */
const counts = new Map<string, Counted>();

/** `<picked-line>`: by what the rows beside it are filtered, how many that leaves, and how to undo it. */
@customElement("picked-line")
export class PickedLine extends LitElement {
  static override styles = [
    resetStyles,
    controlStyles,
    css`
      :host {
        display: block;
      }

      p {
        display: flex;
        flex-wrap: var(--line-wrap, wrap);
        align-items: center;
        gap: 0 var(--space-2);
        min-height: var(--line-height, auto);
        margin: 0;
        padding: var(--line-padding, var(--space-1)) 0;
        color: var(--text-muted);
        font-size: var(--size-sm);
        overflow-wrap: anywhere;
      }

      span {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      button {
        flex: none;
      }

      strong {
        color: var(--text);
        font-weight: 550;
      }
    `,
  ];

  @property() notebook = "";
  @property() source = "";
  @property({ attribute: false }) result: string | undefined;
  @property({ attribute: false }) totalRows: number | undefined;
  @property({ attribute: false }) picks: readonly ChartPick[] = [];
  @property({ attribute: false }) notice: string | undefined;
  /** The last count, and what it is of. */
  @state() private shown: { readonly key: string; readonly rows: number | undefined } | undefined;

  readonly #again = new AskAgain(this, () => {
    counts.delete(this.#source);
    this.shown = undefined;
    void this.#count();
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("picks") || changed.has("result")) void this.#count();
  }

  get #source(): string {
    return JSON.stringify([this.notebook, this.source, this.result]);
  }

  get #key(): string {
    return JSON.stringify([this.notebook, this.source, this.result, pickedTexts(this.picks)]);
  }

  async #count(): Promise<void> {
    const key = this.#key;
    if (this.picks.length === 0 || this.shown?.key === key) return;
    const counted = this.#counted(key);
    let rows: number | undefined;
    try {
      rows = await counted.rows;
      this.#again.note();
    } catch (error) {
      if (counted.stop.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
    }
    if (key === this.#key) this.shown = { key, rows };
  }

  #counted(key: string): Counted {
    const known = counts.get(this.#source);
    if (known?.key === key) return known;
    known?.stop.abort();
    const stop = new AbortController();
    const counted = { key, rows: this.#ask(stop.signal), stop };
    counts.set(this.#source, counted);
    return counted;
  }

  async #ask(signal: AbortSignal): Promise<number> {
    const page = { offset: 0, limit: 0, picked: pickedTexts(this.picks), result: this.result };
    return (await api.cellRows(this.notebook, this.source, page, signal)).totalRows;
  }

  protected override render(): TemplateResult | typeof nothing {
    const notice = this.notice === undefined ? nothing : html`<p role="status">${this.notice}</p>`;
    if (this.picks.length === 0) return notice;
    const { shown, totalRows } = this;
    const words = this.picks.map((pick) => pick.words).join(" and ");
    const rows = shown?.key === this.#key ? shown.rows : undefined;
    const total = totalRows === undefined ? "" : ` of ${formatCount(totalRows, "row")}`;
    return html`${notice}
      <p>
        <span role="status" title=${words}
          ><strong>${words}</strong>${rows === undefined ? "" : ` · ${formatNumber(rows)}${total}`}</span
        >
        <button
          type="button"
          @click=${() => {
            picks.clear(this.source);
          }}
        >
          Clear
        </button>
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "picked-line": PickedLine;
  }
}
