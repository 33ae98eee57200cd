import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CellRecord, DatasetDiff, RunView } from "../../server/api/protocol.js";
import { formatCount, formatNumber } from "../../server/text/format.js";
import { api, ApiError, call } from "../api-client.js";
import { renderChanges } from "../elements/row-changes.js";

interface Pair {
  readonly name: string;
  readonly before: CellRecord;
  readonly after: CellRecord;
}

/** `<run-results>`: the datasets of two runs side by side, by their ids; rows that differ on demand. */
@customElement("run-results")
export class RunResults extends LitElement {
  @property() earlier = "";
  @property() later = "";
  @state() private pairs: readonly Pair[] | undefined;
  @state() private problem = "";
  @state() private diffs: ReadonlyMap<string, DatasetDiff | "running"> = new Map();
  #asking = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("earlier") && !changed.has("later")) return;
    this.#asking.abort();
    this.#asking = new AbortController();
    this.pairs = undefined;
    this.diffs = new Map();
    void this.#try(async ({ aborted }) => {
      const get = (id: string): Promise<RunView> => call("GET /api/runs/{id}", { params: { id } });
      const [before, after] = await Promise.all([get(this.earlier), get(this.later)]);
      if (!aborted()) this.pairs = pairsOf(before, after);
    });
  }

  override render(): TemplateResult {
    return html`<article class="history-change">
      <h3>Results, beside the run before</h3>
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${
        this.pairs === undefined
          ? nothing
          : this.pairs.length === 0
            ? html`<p class="note">The two runs have no dataset in common.</p>`
            : html`<ul class="run-results">
                ${this.pairs.map((pair) => html`<li>${this.#renderPair(pair)}</li>`)}
              </ul>`
      }
    </article>`;
  }

  #renderPair(pair: Pair): TemplateResult {
    const { name, before, after } = pair;
    const diff = this.diffs.get(name);
    if (before.version === after.version) return html`<code>${name}</code> <span>the same rows</span>`;
    const rows =
      before.rows === after.rows
        ? formatCount(after.rows ?? 0, "row")
        : `${formatNumber(before.rows ?? 0)} → ${formatCount(after.rows ?? 0, "row")}`;
    return html`<code>${name}</code> <span>computed anew, ${rows}</span> ${
        diff === undefined
          ? html`<button class="outlined" aria-label="Compare ${name}" @click=${() => this.#compare(pair)}>
              Compare
            </button>`
          : diff === "running"
            ? html`<div class="skeleton" aria-busy="true"></div>`
            : diff.isSame
              ? html`<p class="note" role="status">Both are the same, row for row.</p>`
              : renderChanges(diff, { before: "before", after: "now" }, html`between the two runs`)
      }`;
  }

  async #compare({ name: dataset, before, after }: Pair): Promise<void> {
    const show = (diff: DatasetDiff | "running" | undefined): void => {
      const diffs = new Map(this.diffs);
      if (diff === undefined) diffs.delete(dataset);
      else diffs.set(dataset, diff);
      this.diffs = diffs;
    };
    show("running");
    const isDone = await this.#try(async ({ signal, aborted }) => {
      const diff = await api.diff({ dataset, from: before.version ?? "", to: after.version ?? "" }, signal);
      if (!aborted()) show(diff);
    });
    if (!isDone) show(undefined);
  }

  /** False where the server refused it. */
  async #try(
    action: (asking: { readonly signal: AbortSignal; readonly aborted: () => boolean }) => Promise<void>,
  ): Promise<boolean> {
    const { signal } = this.#asking;
    this.problem = "";
    try {
      await action({ signal, aborted: () => signal.aborted });
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      if (!(error instanceof ApiError)) throw error;
      this.problem = [error.message, error.hint ?? ""].join(" ");
      return false;
    }
  }
}

/** Datasets that both have rows of, in the order of the later run. */
function pairsOf(before: RunView, after: RunView): Pair[] {
  const known = new Map(before.cells.map((cell) => [cell.name, cell]));
  return after.cells.flatMap((cell) => {
    const old = known.get(cell.name);
    return old?.version === undefined || cell.version === undefined
      ? []
      : [{ name: cell.name, before: old, after: cell }];
  });
}
