import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CellDiff, NothingPublished } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { formatCount, formatTimestamp } from "../../server/text/format.js";
import { renderChanges } from "./row-changes.js";

/** How the draft of a dataset differs from what is published: counts, columns, and examples old and new. */
@customElement("cell-changes")
export class CellChanges extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  /** Changes when there is a new draft. */
  @property() version = "";
  /** Checks that keep the draft from being published. */
  @property({ attribute: false }) failed: readonly string[] = [];
  @state() private diff: CellDiff | NothingPublished | undefined;
  @state() private problem: string | undefined;
  /** What it is compared with; empty: what is published, else the run before. */
  @state() private against = "";
  #asked = 0;
  readonly #again = new AskAgain(this, () => void this.#load());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("version") && !changed.has("cell")) return;
    if (changed.has("cell")) this.diff = undefined;
    // The draft may be that version now.
    if (this.against !== LAST_RUN) this.against = "";
    void this.#load();
  }

  async #load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const diff = await api.cellDiff(
        this.notebook,
        this.cell,
        this.against === "" ? undefined : this.against,
      );
      if (asked !== this.#asked) return;
      this.diff = diff;
      this.problem = undefined;
      this.#again.note();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked !== this.#asked) return;
      this.#again.note(error);
      this.problem = error.message;
    }
  }

  #onAgainst({ target }: Event): void {
    this.against = (target as HTMLSelectElement).value;
    void this.#load();
  }

  override render(): TemplateResult {
    const { failed } = this;
    if (failed.length === 0 || this.diff === undefined)
      return html`${this.#renderChoice()} ${this.#renderDiff()}`;
    return html`<p class="note failed" role="note">
        Not published while ${failed.length === 1 ? "a check fails" : "checks fail"}:
        <code>${failed.join(", ")}</code>.
      </p>
      ${this.#renderChoice()} ${this.#renderDiff()}`;
  }

  /** Where there is more than one thing to compare with. */
  #renderChoice(): TemplateResult | typeof nothing {
    const { diff } = this;
    if (diff === undefined || diff.against === null) return nothing;
    const [before, ...older] = diff.earlier;
    const options = [
      ...(diff.published === undefined ? [] : [["", `what is published for ${diff.published}`]]),
      ...(before === undefined ? [] : [[LAST_RUN, `the run before: ${describe(before)}`]]),
      ...older.map((version) => [version.version, `a run of ${describe(version)}`]),
    ] as const;
    if (options.length < 2) return nothing;
    const chosen = this.against === "" && diff.published === undefined ? LAST_RUN : this.against;
    return html`<label class="against"
      >Compare with
      <select @change=${this.#onAgainst}>
        ${options.map(([value, words]) => html`<option value=${value ?? ""} .selected=${value === chosen}>${words}</option>`)}
      </select></label
    >`;
  }

  #renderDiff(): TemplateResult {
    if (this.problem !== undefined) return html`<p class="note">${this.problem}</p>`;
    if (this.diff === undefined) return html`<div class="skeleton" aria-busy="true"></div>`;
    const { diff } = this;
    if (diff.against === null)
      return html`<p class="note">
        Nothing is published yet under <code>${diff.dataset}</code>:
        ${this.failed.length > 0 ? "the draft has" : "materializing publishes"}
        ${formatCount(diff.rowsAfter, "row")}.
      </p>`;
    if (diff.isSame) return html`<p class="note">The draft is what ${sameWords(diff)}: nothing changes.</p>`;
    const { against, earlier } = diff;
    const run = earlier.find(({ version }) => version === against);
    if (run !== undefined)
      return renderChanges(
        diff,
        { before: "earlier", after: "draft" },
        html`against a run of ${describe(run)}`,
      );
    const isRun = against === LAST_RUN;
    const why = diff.published === undefined ? ": nothing is published yet" : "";
    return renderChanges(
      diff,
      { before: isRun ? "last run" : "published", after: "draft" },
      isRun ? html`against the run before${why}` : html`against ${against}`,
    );
  }
}

/** As the server calls it. */
const LAST_RUN = "last run";

function sameWords({ against, earlier }: CellDiff): string {
  if (against === LAST_RUN) return "the run before gave";
  const run = earlier.find(({ version }) => version === against);
  return run === undefined ? `is published for ${against}` : `a run of ${describe(run)} gave`;
}

function describe({ at, rows }: CellDiff["earlier"][number]): string {
  return `${formatTimestamp(at)}, ${formatCount(rows, "row")}`;
}
