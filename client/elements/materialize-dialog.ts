import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Forecast, ForecastCell, RunView } from "../../server/api/protocol.js";
import { isStepKind } from "../../server/notebook/cell-kinds.js";
import { api, ApiError } from "../api-client.js";
import { describeTouched } from "../../server/text/describe-touched.js";
import { formatCount, formatNumber } from "../../server/text/format.js";
import { allTests } from "../store/tests.js";
import type { NotebookStore } from "../store/notebook-store.js";
import { renderIncrement } from "./increment-strip.js";
import { renderReason } from "./reason.js";
import { renderRemoved, renderReshaped } from "./removed-list.js";

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
  /** Names of all tests, once they were run. */
  @state() private tests: readonly string[] | "running" | undefined;
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
      await this.store.save();
      this.forecast = await api.forecast(name, this.#body(date));
      this.phase = "forecast";
      void this.#test();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Whoever publishes should know what the tests say by now. */
  async #test(): Promise<void> {
    const tests = allTests(this.store.state.document);
    this.tests = tests.length === 0 ? undefined : "running";
    await this.store.runTests(tests);
    this.tests = tests.length === 0 ? undefined : tests;
  }

  /** Of cells that run; a broken promise of columns is one too. */
  #renderErrors(): TemplateResult | typeof nothing {
    const { view } = this.store.state;
    const steps = new Set((view?.cells ?? []).flatMap(({ kind, name }) => (isStepKind(kind) ? [name] : [])));
    const wrong = (view?.diagnostics ?? []).flatMap(({ severity, cell }) =>
      severity === "error" && cell !== undefined && steps.has(cell) ? [cell] : [],
    );
    return wrong.length === 0
      ? nothing
      : html`<p class="problem" role="alert">
          ${[...new Set(wrong)].join(", ")} ${new Set(wrong).size === 1 ? "has" : "have"} errors: the run
          fails there, and nothing is published.
        </p>`;
  }

  #renderTests(): TemplateResult | typeof nothing {
    const { tests } = this;
    if (tests === undefined) return nothing;
    if (tests === "running") return html`<p class="note" role="status">Running the tests …</p>`;
    const known = this.store.state.tests;
    const failed = tests.filter((name) => known.get(name)?.result?.outcome !== "passed");
    return failed.length === 0
      ? html`<p class="note" role="status">
          ${formatCount(tests.length, "test")} pass${tests.length === 1 ? "es" : ""}.
        </p>`
      : html`<p class="problem" role="alert">
          ${formatCount(failed.length, "test")} of ${formatNumber(tests.length)}
          ${failed.length === 1 ? "does" : "do"} not pass: ${failed.join(", ")}. Publishing is up to you.
        </p>`;
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
    const isKnown = cells.some(({ publication }) => publication !== undefined);
    if (cells.length === 0 && removed.length === 0)
      return html`<p>
          No cell of this notebook is a dataset yet. Open a cell's settings (⚙) and write
          <code>materialize: parquet</code>.
        </p>
        ${this.#renderClose()}`;
    return html`${this.#renderErrors()} ${this.#renderTests()}
      <p>
        Run date <b>${this.forecast?.run.date}</b>.
        ${
          open.length === 0
            ? cells.length === 0
              ? "No cell of this notebook is a dataset any longer."
              : "Everything is computed. Materialize publishes this:"
            : `Materialize computes ${formatCount(open.length, "cell")} first. Then the checks decide whether anything is published.`
        }
      </p>
      <div
        class="scroller"
        tabindex="0"
        role="region"
        aria-label="What is published"
        ?hidden=${cells.length === 0}
      >
        <table class="plain forecast stacks">
          <thead>
            <tr>
              <th>cell</th>
              <th></th>
              ${
                isKnown
                  ? html`<th class="number">rows before</th>
                      <th class="number">after</th>
                      <th>partitions</th>`
                  : nothing
              }
            </tr>
          </thead>
          <tbody>
            ${cells.map((cell) => this.#renderCell(cell, isKnown))}
          </tbody>
        </table>
      </div>
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

  #renderCell(cell: ForecastCell, isKnown: boolean): TemplateResult {
    const { publication, touched } = cell;
    const words =
      cell.action === "run"
        ? `compute: ${cell.reason}`
        : cell.action === "check"
          ? "check"
          : cell.action === "reuse"
            ? "up to date (reused)"
            : cell.reason;
    return html`<tr>
      <td><code>${cell.name}</code></td>
      <td>
        ${renderReason(words, { notebook: this.store.state.name, cells: [] })}
        ${touched === undefined ? nothing : html`<div class="note">${describeTouched(touched)}</div>`}
      </td>
      ${
        isKnown
          ? html`<td class="number" data-label="rows before">${numberOf(publication?.rowsBefore)}</td>
              <td class="number" data-label="after">${numberOf(publication?.rowsAfter)}</td>
              <td>${publication === undefined ? nothing : partitionWords(publication.partitions)}</td>`
          : nothing
      }
    </tr>`;
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

  override connectedCallback(): void {
    super.connectedCallback();
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
    const failed = own.checks.filter((check) => check.outcome !== "pass");
    const finished = own.cells.filter((cell) => (cells.get(cell.name)?.status ?? "idle") === "idle").length;
    if (own.isRunning)
      return html`<p role="status">Working: ${finished} of ${own.cells.length} cells.</p>
        <progress max=${own.cells.length} .value=${finished}></progress>`;
    return html`<p role="status" class="outcome ${own.outcome}">
        ${own.published.length + own.removed.length > 0 ? `Published for ${own.date}.` : (own.note ?? `Nothing was published: the run ${own.outcome.replaceAll("_", " ")}.`)}
        ${own.error?.message}
      </p>
      ${own.cells.filter((cell) => cell.error !== undefined).map((cell) => html`<p class="problem"><code>${cell.name}</code>: ${cell.error?.message}</p>`)}
      ${
        failed.length === 0
          ? nothing
          : html`<ul class="problems">
              ${failed.map((check) => html`<li class=${check.outcome === "warn" ? "warning" : "error"}><code>${check.name}</code> ${check.message}</li>`)}
            </ul>`
      }
      ${
        own.published.length === 0
          ? nothing
          : html`<div class="scroller" tabindex="0" role="region" aria-label="What was published">
              <table class="plain list stacks">
                <tbody>
                  ${own.published.map(
                    (item) =>
                      html`<tr>
                        <td>
                          <a
                            href="#/lake/${encodeURIComponent(item.dataset)}/${own.date}"
                            @click=${() => this.dialog.close()}
                            >${item.dataset}</a
                          >
                        </td>
                        <td class="number">${formatCount(item.rows, "row")}</td>
                        <td>${item.isChanged ? "published" : "unchanged"}</td>
                        <td><code>${item.path}</code>${this.#renderIncrement(own, item.dataset)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${
        own.removed.length === 0
          ? nothing
          : html`<h3>Gone from ${own.date}</h3>
              ${renderRemoved(own.removed, own.notebook, true)}`
      }
      ${this.#renderClose()}`;
  }

  /** Whoever follows it has seen what was published. */
  #renderIncrement(run: RunView, dataset: string): TemplateResult | typeof nothing {
    const record = run.cells.find(({ name }) => name === dataset);
    if (record === undefined) return nothing;
    const close = (event: Event): void => {
      if (event.target instanceof HTMLAnchorElement) this.dialog.close();
    };
    return html`<div @click=${close}>
      ${renderIncrement(record, run, { notebook: this.store.state.name, cells: [] })}
    </div>`;
  }

  #renderClose(): TemplateResult {
    return html`<footer>
      <span class="spacer"></span><button class="outlined" @click=${() => this.dialog.close()}>Close</button>
    </footer>`;
  }
}

function numberOf(rows: number | undefined): string | typeof nothing {
  return rows === undefined ? nothing : formatNumber(rows);
}

function partitionWords(partitions: readonly { readonly change: string }[]): string {
  const counts = new Map<string, number>();
  for (const { change } of partitions) counts.set(change, (counts.get(change) ?? 0) + 1);
  return ["new", "replaced", "linked", "gone"]
    .flatMap((change) => (counts.has(change) ? [`${String(counts.get(change))} ${change}`] : []))
    .join(", ");
}
