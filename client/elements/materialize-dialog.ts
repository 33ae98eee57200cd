import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Forecast } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { formatCount } from "../../server/text/format.js";
import { testsIn } from "../store/tests.js";
import type { NotebookStore } from "../store/notebook-store.js";
import { failingChecks, renderErrors, renderFailing, renderForecastCells } from "./materialize-forecast.js";
import { renderNextSteps, renderOutcome } from "./materialize-outcome.js";
import { renderRemoved, renderReshaped } from "./removed-list.js";
import { renderTestsNote, type TestsAsked } from "./tests-note.js";
import { renderIcon } from "../styles/icon.js";

type Phase = "asking" | "forecast" | "choice" | "running" | "done" | "failed";

/** Shows what publishing would do before it does it: which datasets, which partitions, how many rows, which checks. */
@customElement("materialize-dialog")
export class MaterializeDialog extends LitElement {
  @property({ attribute: false }) store!: NotebookStore;
  /** Undefined: all datasets. */
  @property({ attribute: false }) cells: readonly string[] | undefined;
  @state() private phase: Phase = "asking";
  @state() private forecast: Forecast | undefined;
  @state() private problem: ApiError | undefined;
  @state() private input: "pinned" | "current" | undefined;
  /** That what the forecast removes may go. */
  @state() private isAgreed = false;
  @state() private tests: TestsAsked | undefined;
  @query("dialog") private dialog!: HTMLDialogElement;
  #runId: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async show(cells: readonly string[] | undefined): Promise<void> {
    this.cells = cells;
    this.input = undefined;
    this.problem = undefined;
    this.forecast = undefined;
    this.phase = "asking";
    await this.updateComplete;
    this.dialog.showModal();
    await this.#compute();
  }

  /** Computes the draft first: only then is it known what publishing changes. */
  async #compute(): Promise<void> {
    const { name, date } = this.store.state;
    this.phase = "asking";
    this.isAgreed = false;
    try {
      await this.store.file.save();
      this.forecast = await api.forecast(name, this.#body(date));
      this.phase = "forecast";
      void this.#test();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Whoever publishes should know what the tests say by now. */
  async #test(): Promise<void> {
    const { document } = this.store.state;
    const names = document === undefined ? [] : testsIn(document).names;
    this.tests = names.length === 0 ? undefined : { state: "running" };
    const why = await this.store.tests.run(names);
    if (names.length > 0)
      this.tests = why === undefined ? { state: "done", names } : { state: "unknown", why };
  }

  #body(date: string | undefined) {
    return {
      materialize: true,
      parameters: { ...this.store.state.parameters },
      ...(date === undefined ? {} : { date }),
      ...(this.cells === undefined ? {} : { cells: [...this.cells] }),
      ...(this.input === undefined ? {} : { input: this.input }),
    };
  }

  #onError(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    // More would go now than was shown: it is shown, and asked again.
    if ("removed" in error.details) return void this.#compute();
    this.problem = error;
    this.phase = error.code === "choice-needed" ? "choice" : "failed";
  }

  override render(): TemplateResult {
    return html`<dialog class="materialize" aria-label="Materialize" @close=${() => (this.phase = "asking")}>
      <h2>Materialize ${this.cells === undefined ? this.store.state.view?.title : this.cells.join(", ")}</h2>
      ${this.#renderPhase()}
    </dialog>`;
  }

  #renderPhase(): TemplateResult {
    switch (this.phase) {
      case "asking":
        return html`<div class="skeleton" aria-busy="true"></div>`;
      case "choice":
        return this.#renderChoice();
      case "forecast":
        return this.#renderForecast();
      case "running":
      case "done":
        return this.#renderRun();
      case "failed":
        return html`<p class="problem" role="alert">${this.problem?.message} ${this.problem?.hint}</p>
          <ul class="problems">
            ${this.problem?.diagnostics.map((item) => html`<li class=${item.severity}><b>${item.line}:${item.column}</b> ${item.cell === undefined ? nothing : html`<code>${item.cell}</code>`} ${item.message}</li>`)}
          </ul>
          ${this.#renderClose()}`;
    }
  }

  #renderChoice(): TemplateResult {
    const files = (this.problem?.details["files"] as readonly string[] | undefined) ?? [];
    const choose = (input: "pinned" | "current") => (): void => {
      this.input = input;
      void this.#compute();
    };
    return html`<p>${this.problem?.message}</p>
      ${
        files.length > 1
          ? html`<ul>
              ${files.map((file) => html`<li><code>${file}</code></li>`)}
            </ul>`
          : nothing
      }
      <p>Compute this date again from the same input, or from <code>input/</code> as it is now?</p>
      <footer>
        <button
          class="outlined"
          title="The copy that was kept when this date was published"
          @click=${choose("pinned")}
        >
          Pinned input
        </button>
        <button class="outlined" @click=${choose("current")}>Current input</button>
        <span class="spacer"></span>
        <button @click=${() => this.dialog.close()}>Cancel</button>
      </footer>`;
  }

  #renderForecast(): TemplateResult {
    const cells = this.forecast?.cells ?? [];
    const open = cells.filter((cell) => cell.action === "run");
    const removed = this.forecast?.removed ?? [];
    const reshaped = this.forecast?.reshaped ?? [];
    const isOpen = removed.length > 0 && !this.isAgreed;
    if (cells.length === 0 && removed.length === 0)
      return html`<p>
          No cell of this notebook is a dataset yet. Open a cell's settings ${renderIcon("settings")} and
          choose a format there.
        </p>
        ${this.#renderClose()}`;
    return html`${renderErrors(this.store.state.view)} ${renderFailing(cells)}
      ${renderTestsNote(this.tests, this.store.state.tests)}
      <p>
        Run date <b>${this.forecast?.run.date}</b>.
        ${
          open.length === 0
            ? cells.length === 0
              ? "No cell of this notebook is a dataset any longer."
              : failingChecks(cells).length > 0
                ? "Everything is computed. Without that, this would be published:"
                : "Everything is computed. Materialize publishes this:"
            : `Materialize computes ${formatCount(open.length, "cell")} first. Then the checks decide whether anything is published.`
        }
      </p>
      ${renderForecastCells(cells, this.#place)}
      ${removed.length === 0 ? nothing : this.#renderRemoval(removed)}
      ${
        reshaped.length === 0
          ? nothing
          : html`<section aria-label="Readers">
              <h3>Readers lose columns, or find them with another type</h3>
              ${renderReshaped(reshaped)}
            </section>`
      }
      <footer>
        <button
          class="primary"
          aria-describedby=${isOpen ? "materialize-why" : nothing}
          ?disabled=${isOpen}
          @click=${this.#publish}
        >
          Materialize
        </button>
        ${isOpen ? html`<span class="note" id="materialize-why">Tick the removal above first.</span>` : nothing}
        ${open.length === 0 ? nothing : html`<button class="outlined" title="Compute the draft, then show what publishing would change" @click=${this.#computeFirst}>Compute, then show</button>`}
        <span class="spacer"></span>
        <button @click=${() => this.dialog.close()}>Cancel</button>
      </footer>`;
  }

  get #place(): Parameters<typeof renderForecastCells>[1] {
    const { name, view } = this.store.state;
    const datasets = (view?.cells ?? []).filter((cell) => cell.isDataset).map((cell) => cell.name);
    return { notebook: name, date: this.forecast?.run.date ?? "", datasets: new Set(datasets) };
  }

  #renderRemoval(removed: Forecast["removed"]): TemplateResult {
    return html`<section class="removal">
      <h3>Will be removed from ${this.forecast?.run.date}</h3>
      ${renderRemoved(removed, this.store.state.name)}
      <label>
        <input
          type="checkbox"
          .checked=${this.isAgreed}
          @change=${(event: Event) => (this.isAgreed = (event.target as HTMLInputElement).checked)}
        />
        Remove ${removed.length === 1 ? "it" : "them"} from <code>data_lake/</code>
      </label>
    </section>`;
  }

  async #computeFirst(): Promise<void> {
    const names = (this.forecast?.cells ?? [])
      .filter((cell) => cell.action === "run")
      .map((cell) => cell.name);
    this.phase = "asking";
    const isDone = new Promise<void>((resolve) => {
      const onChange = (): void => {
        const { run } = this.store.state.runs;
        if (run?.id !== this.#runId || run?.isRunning !== false) return;
        this.store.removeEventListener("change", onChange);
        resolve();
      };
      this.store.addEventListener("change", onChange);
    });
    try {
      this.#runId = await this.store.run({ cells: names });
      await isDone;
      await this.#compute();
    } catch (error) {
      this.#onError(error);
    }
  }

  readonly #publish = async (): Promise<void> => {
    try {
      this.phase = "running";
      const { name, date } = this.store.state;
      const removes = (this.forecast?.removed ?? []).map(({ path }) => path);
      const { id } = await api.run(name, { ...this.#body(date), removes });
      this.#runId = id;
      this.requestUpdate();
    } catch (error) {
      this.#onError(error);
    }
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("store")) return;
    changed.get("store")?.removeEventListener("change", this.#onStore);
    this.store.addEventListener("change", this.#onStore);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#onStore);
  }

  readonly #onStore = (): void => {
    if (this.phase !== "running") return;
    const { run } = this.store.state.runs;
    if (run !== undefined && run.id === this.#runId && !run.isRunning) this.phase = "done";
    this.requestUpdate();
  };

  #renderRun(): TemplateResult {
    const { run, cells } = this.store.state.runs;
    const own = run?.id === this.#runId ? run : undefined;
    if (own === undefined) return html`<div class="skeleton" aria-busy="true"></div>`;
    const finished = own.cells.filter((cell) => (cells.get(cell.name)?.status ?? "idle") === "idle").length;
    if (own.isRunning)
      return html`<p role="status">Working: ${finished} of ${own.cells.length} cells.</p>
        <progress max=${own.cells.length} .value=${finished}></progress>
        ${this.#renderClose(html`<button class="outlined" @click=${() => void this.store.stop()}>${renderIcon("stop")} Stop</button>`)}`;
    const leave = (): void => {
      this.dialog.close();
    };
    return html`${renderOutcome(own, leave)} ${this.#renderClose(renderNextSteps(own, leave))}`;
  }

  #renderClose(steps: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<footer>
      ${steps}<span class="spacer"></span
      ><button class="outlined" @click=${() => this.dialog.close()}>Close</button>
    </footer>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "materialize-dialog": MaterializeDialog;
  }
}
