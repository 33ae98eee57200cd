import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CellRecord, RunView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { formatCount, formatDuration, formatTimestamp } from "../format.js";
import { toHash } from "../router.js";

const REFRESH_MS = 1000;

/** `<runs-page>`: every run and attempt; of one, each cell as a strip over time. */
@customElement("runs-page")
export class RunsPage extends LitElement {
  @property() run: string | undefined;
  @state() private runs: readonly RunView[] | undefined;
  @state() private problem = "";
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
    this.#timer = setInterval(() => {
      if (this.runs?.some((run) => run.isRunning) === true) void this.#load();
    }, REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  async #load(): Promise<void> {
    await this.#try(async () => {
      this.runs = (await api.runs(undefined, 100)).runs;
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      this.problem = "";
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = `${error.message} ${error.hint ?? ""}`;
    }
  }

  override render(): TemplateResult {
    const selected = this.runs?.find((run) => run.id === this.run);
    return html`<main class="page runs">
      <header class="page-head"><h1>Runs</h1></header>
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.runs === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${selected === undefined ? nothing : this.#renderRun(selected)}
      <div class="scroller">
        <table class="plain list">
          <thead>
            <tr>
              <th>run</th>
              <th>notebook</th>
              <th></th>
              <th>run date</th>
              <th>outcome</th>
              <th class="number">attempts</th>
              <th class="number">time</th>
              <th class="number">reused</th>
            </tr>
          </thead>
          <tbody>
            ${(this.runs ?? []).map(
              (run) =>
                html`<tr aria-current=${run.id === this.run ? "true" : "false"}>
                  <td>
                    <a href=${toHash({ page: "runs", run: run.id })}>${formatTimestamp(run.createdAt)}</a>
                  </td>
                  <td><a href=${toHash({ page: "notebook", name: run.notebook })}>${run.notebook}</a></td>
                  <td>${run.mode}</td>
                  <td>${run.date}</td>
                  <td>
                    <span class="outcome ${run.outcome}"
                      >${run.isRunning ? "running" : run.outcome.replaceAll("_", " ")}</span
                    >
                  </td>
                  <td class="number">${run.attempts.length}</td>
                  <td class="number">${durationOf(run)}</td>
                  <td class="number">
                    ${run.cells.filter((cell) => cell.outcome === "reused").length} / ${run.cells.length}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </main>`;
  }

  #renderRun(run: RunView): TemplateResult {
    const times = run.cells.flatMap((cell) =>
      [cell.startedAt, cell.finishedAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)])),
    );
    const [start, end] = [Math.min(...times), Math.max(...times)];
    const canRetry = !run.isRunning && !run.outcome.startsWith("succeeded");
    return html`<section class="run-detail" aria-label="Run ${run.id}">
      <header>
        <h2>${run.mode === "run" ? "Run" : "Materialization"} of ${run.notebook} for ${run.date}</h2>
        <span class="outcome ${run.outcome}"
          >${run.isRunning ? "running" : run.outcome.replaceAll("_", " ")}</span
        >
        <code>${run.id}</code>
        <span class="spacer"></span>
        ${run.isRunning ? html`<button class="outlined" @click=${() => this.#act(() => api.cancel(run.id))}>■ Cancel</button>` : nothing}
        ${canRetry ? html`<button class="outlined" title="Same input, same SQL" @click=${() => this.#act(() => api.retry(run.id))}>Retry</button>` : nothing}
        ${run.isRunning ? nothing : html`<button class="outlined" title="Same input, current SQL" @click=${() => this.#act(() => api.run(run.notebook, { date: run.date, materialize: run.mode === "materialize", ...(run.mode === "materialize" ? { input: "pinned" as const } : {}) }))}>Re-run</button>`}
      </header>
      ${run.error === undefined ? nothing : html`<p class="problem">${run.error.message} ${run.error.hint}</p>`}
      <p class="meta">
        ${run.attempts.map((attempt) => html`attempt ${attempt.attempt}: ${attempt.outcome.replaceAll("_", " ")} `)}
        · ${formatCount(run.inputs.length, "input file")}
      </p>
      <table class="plain gantt">
        <tbody>
          ${run.cells.map((cell) => this.#renderCell(cell, start, end))}
        </tbody>
      </table>
      ${
        run.checks.some((check) => check.outcome !== "pass")
          ? html`<ul class="problems">
              ${run.checks.filter((check) => check.outcome !== "pass").map((check) => html`<li class=${check.outcome === "warn" ? "warning" : "error"}><code>${check.name}</code> ${check.message}</li>`)}
            </ul>`
          : nothing
      }
    </section>`;
  }

  #renderCell(cell: CellRecord, start: number, end: number): TemplateResult {
    const span = Math.max(1, end - start);
    const from = cell.startedAt === undefined ? undefined : Date.parse(cell.startedAt);
    const to = cell.finishedAt === undefined ? end : Date.parse(cell.finishedAt);
    return html`<tr>
      <td><code>${cell.name}</code></td>
      <td>
        <span class="outcome ${cell.outcome}">${cell.status === "idle" ? cell.outcome : cell.status}</span>
      </td>
      <td class="number">${cell.rows ?? nothing}</td>
      <td class="number">${cell.durationMs === undefined ? nothing : formatDuration(cell.durationMs)}</td>
      <td class="strip">
        ${from === undefined || cell.outcome === "reused" ? nothing : html`<span class="bar ${cell.outcome}" style="left:${String(((from - start) / span) * 100)}%;width:${String(Math.max(0.4, ((to - from) / span) * 100))}%"></span>`}
      </td>
      <td class="reason">${cell.error?.message ?? cell.reason ?? nothing}</td>
    </tr>`;
  }

  #act(work: () => Promise<{ readonly id: string }>): void {
    void this.#try(async () => {
      const { id } = await work();
      location.hash = toHash({ page: "runs", run: id });
      await this.#load();
    });
  }
}

function durationOf(run: RunView): string {
  const last = run.attempts.at(-1);
  return last?.finishedAt === undefined
    ? ""
    : formatDuration(Date.parse(last.finishedAt) - Date.parse(last.startedAt));
}
