import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { CellRecord, CheckRecord, Position, RunBody, RunView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { renderReason, type ReasonContext } from "../elements/reason.js";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatTimestamp,
} from "../../server/text/format.js";
import "../elements/failing-rows.js";
import { renderIncrement } from "../elements/increment-strip.js";
import { followEvents } from "../event-stream.js";
import { renderRemoved } from "../elements/removed-list.js";
import { toHash } from "../router.js";
import { may, shownBy, whyNot } from "../session.js";
import { applyToRuns } from "../store/run-state.js";
import { Snapshots } from "../store/snapshots.js";
import { renderStatusMark } from "../styles/status-mark.js";

/** How often the strips of what runs grow. */
const TICK_MS = 1000;

/** `<runs-page>`: every run and attempt; of one, each cell as a strip over time. */
@customElement("runs-page")
export class RunsPage extends LitElement {
  @property() run: string | undefined;
  /** Of that run: the check whose failing rows are shown. */
  @property() check: string | undefined;
  @state() private runs: readonly RunView[] | undefined;
  /** The run that the address names, where it is older than the list goes back. */
  @state() private older: RunView | undefined;
  @state() private notebook = "";
  @state() private problem = "";
  @state() private isOnline = true;
  /** Of the run with that id: files that a retry would read as they were. */
  @state() private outdated: { readonly run: string; readonly files: readonly string[] } | undefined;
  readonly #snapshots = new Snapshots();
  #stopFollowing: (() => void) | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#open();
    this.#ticker = setInterval(() => {
      if (this.runs?.some((run) => run.isRunning) === true) this.requestUpdate();
    }, TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("run")) return;
    this.problem = "";
    if (this.runs !== undefined)
      void this.#try(async () => {
        await this.#loadOlder(this.runs ?? []);
        await this.#askOutdated();
      });
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("check") && this.check !== undefined)
      this.querySelector(".failing-rows")?.scrollIntoView({ block: "nearest" });
    else if (changed.has("run") && this.run !== undefined)
      this.querySelector(".run-detail")?.scrollIntoView({ block: "nearest" });
  }

  async #open(): Promise<void> {
    let after: Position | undefined;
    await this.#try(async () => {
      after = await this.#load();
    });
    if (!this.isConnected) return;
    this.#stopFollowing = followEvents(
      { after },
      {
        onEvent: (event, position) => {
          this.#snapshots.note(event, position);
          this.runs = applyToRuns(this.runs ?? [], event);
          if (this.older !== undefined) this.older = applyToRuns([this.older], event).at(-1);
        },
        onResync: () => void this.#try(() => this.#load()),
        onConnection: (isOnline) => (this.isOnline = isOnline),
      },
    );
  }

  async #load(): Promise<Position | undefined> {
    const snapshot = await this.#snapshots.take(() => api.runs(undefined, 200));
    if (snapshot === undefined) return undefined;
    const { runs, position } = snapshot.answer;
    this.runs = snapshot.eventsAfter(position).reduce(applyToRuns, runs);
    await this.#loadOlder(runs);
    await this.#askOutdated();
    return position;
  }

  get #selected(): RunView | undefined {
    const { runs = [], older } = this;
    return [...runs, ...(older === undefined ? [] : [older])].find(({ id }) => id === this.run);
  }

  async #askOutdated(): Promise<void> {
    const run = this.#selected;
    if (run === undefined || !canRetry(run)) return;
    const { files } = await api.outdatedInputs(run.id);
    this.outdated = { run: run.id, files };
  }

  async #loadOlder(runs: readonly RunView[]): Promise<void> {
    const { run: id } = this;
    if (id === undefined || runs.some((run) => run.id === id)) return;
    this.older = await api.runView(id);
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      this.problem = "";
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = `${error.message} ${error.hint ?? ""}`;
    }
  }

  override render(): TemplateResult {
    const { runs } = this;
    const selected = this.#selected;
    const notebooks = [...new Set(runs?.map((run) => run.notebook))].sort();
    const shown = (runs ?? []).filter((run) => this.notebook === "" || run.notebook === this.notebook);
    const hasBy = shown.some(({ by }) => shownBy(by) !== undefined);
    return html`<main class="page runs">
      <header class="page-head">
        <h1>Runs</h1>
        <select
          aria-label="Runs of"
          @change=${(event: Event) => (this.notebook = (event.target as HTMLSelectElement).value)}
        >
          <option value="">all notebooks</option>
          ${notebooks.map((name) => html`<option value=${name} ?selected=${name === this.notebook}>${name}</option>`)}
        </select>
        ${may("alerts") ? html`<a href=${toHash({ page: "alerts" })}>Alerts</a>` : nothing}
      </header>
      ${this.isOnline ? nothing : html`<p class="problem" role="alert">The server cannot be reached.</p>`}
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.runs === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${selected === undefined ? nothing : this.#renderRun(selected)}
      ${runs?.length === 0 ? html`<p class="note">Nothing has been run yet.</p>` : nothing}
      <div class="scroller" tabindex="0" role="region" aria-label="All runs" ?hidden=${shown.length === 0}>
        <table class="plain list">
          <thead>
            <tr>
              <th>run</th>
              <th>notebook</th>
              <th class="extra">mode</th>
              <th class="extra">run date</th>
              <th>outcome</th>
              ${hasBy ? html`<th class="extra">by</th>` : nothing}
              <th class="number extra">attempts</th>
              <th class="number">time</th>
              <th class="number extra">reused</th>
            </tr>
          </thead>
          <tbody>
            ${repeat(
              shown,
              (run) => run.id,
              (run) =>
                html`<tr aria-current=${run.id === this.run ? "true" : "false"}>
                  <td>
                    <a href=${toHash({ page: "runs", run: run.id })}>${formatTimestamp(run.createdAt)}</a>
                  </td>
                  <td><a href=${toHash({ page: "notebook", name: run.notebook })}>${run.notebook}</a></td>
                  <td class="extra">${run.mode}</td>
                  <td class="extra">${run.date}</td>
                  <td><span class="outcome ${run.outcome}">${outcomeOf(run)}</span></td>
                  ${hasBy ? html`<td class="extra">${run.by}</td>` : nothing}
                  <td class="number extra">${run.attempts.length}</td>
                  <td class="number">${durationOf(run)}</td>
                  <td class="number extra">
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
    const parameters = Object.entries(run.parameters);
    return html`<section class="run-detail" aria-label="Run ${run.id}">
      <header>
        <h2>${run.mode === "run" ? "Run" : "Materialization"} of ${run.notebook} for ${run.date}</h2>
        <span class="outcome ${run.outcome}">${outcomeOf(run)}</span>
        <span class="spacer"></span>
        ${may("run") ? this.#renderActions(run) : html`<span class="note">${whyNot("run")}</span>`}
      </header>
      ${this.#renderOutdated(run)}
      ${run.error === undefined ? nothing : html`<p class="problem">${run.error.message} ${run.error.hint}</p>`}
      ${run.outcome !== "failed" || run.note === undefined ? nothing : html`<p class="problem">${run.note}</p>`}
      <p class="meta">
        <code>${run.id}</code>
        ${shownBy(run.by) === undefined ? nothing : html` · by ${run.by}`}
        ${run.targets === undefined ? nothing : html` · only ${run.targets.join(", ")}`}
        ${run.force ? html` · forced` : nothing}
        ${parameters.map(([name, value]) => html` · <code>${name} = ${JSON.stringify(value)}</code>`)}
      </p>
      <ol class="attempts">
        ${run.attempts.map(
          ({ attempt, startedAt, finishedAt, outcome }) =>
            html`<li>
              attempt ${attempt}, ${formatTimestamp(startedAt)}:
              <span class="outcome ${outcome}"
                >${finishedAt === undefined && run.isRunning ? "running" : wordsOf(outcome)}</span
              >
              ${finishedAt === undefined ? nothing : html`<span class="meta">${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}</span>`}
            </li>`,
        )}
      </ol>
      ${this.#renderGantt(run)} ${renderIncrements(run)} ${this.#renderLog(run)} ${this.#renderFailing(run)}
      ${
        run.published.length === 0
          ? nothing
          : html`<p>
              Published
              ${run.published.map(
                ({ dataset, rows }, index) =>
                  html`${index === 0 ? "" : ", "}<a href=${toHash({ page: "lake", dataset, date: run.date })}
                      >${dataset}</a
                    >
                    <span class="meta">${formatCount(rows, "row")}</span>`,
              )}
            </p>`
      }
      ${
        run.removed.length === 0
          ? nothing
          : html`<p>Removed from ${run.date}</p>
              ${renderRemoved(run.removed, run.notebook)}`
      }
      <details ?hidden=${run.inputs.length === 0}>
        <summary>${formatCount(run.inputs.length, "input file")}</summary>
        <ul class="plain-list">
          ${run.inputs.map(
            ({ path, bytes, sha256, isPinned }) =>
              html`<li>
                <code>${path}</code>
                <span class="meta" title="SHA-256 ${sha256}"
                  >${formatBytes(bytes)}${isPinned ? "" : ", not copied into the lake"}</span
                >
              </li>`,
          )}
        </ul>
      </details>
    </section>`;
  }

  #renderActions(run: RunView): TemplateResult {
    return html`${run.isRunning ? html`<button class="outlined" @click=${() => this.#act(() => api.cancel(run.id))}>■ Cancel</button>` : nothing}
    ${canRetry(run) ? html`<button class="outlined" title="Another attempt of this run: same input, same SQL" @click=${() => this.#retry(run)}>Retry failed</button>` : nothing}
    ${run.isRunning ? nothing : html`<button class="outlined" title="A new run of the same date, with the notebook as it is now" @click=${() => this.#act(() => api.run(run.notebook, sameAgain(run)))}>Re-run</button>`}
    ${run.isRunning || run.mode === "run" ? nothing : this.#renderAgainFrom(run)}`;
  }

  /** Who replaced a file that was wrong, and retries, would be surprised by the old one. */
  #renderOutdated(run: RunView): TemplateResult | typeof nothing {
    const files = this.outdated?.run === run.id ? this.outdated.files : [];
    if (files.length === 0 || run.isRunning || !may("run")) return nothing;
    const more = files.length > 3 ? ` and ${String(files.length - 3)} more` : "";
    return html`<p class="outdated" role="alert">
      ${files.slice(0, 3).map((path, index) => html`${index === 0 ? "" : ", "}<code>${path}</code>`)}${more}
      ${files.length === 1 ? "was" : "were"} replaced since: another attempt of this run reads what was there
      before.
      <button
        class="outlined"
        @click=${() => {
          this.#act(() => api.run(run.notebook, { ...sameAgain(run), input: "current" }));
        }}
      >
        New run with the new input
      </button>
    </p>`;
  }

  /** What was not said yet is said first. */
  #retry(run: RunView, from?: string): void {
    void this.#try(async () => {
      const { files } = await api.outdatedInputs(run.id);
      const isSaid =
        this.outdated?.run === run.id && files.every((path) => this.outdated?.files.includes(path));
      this.outdated = { run: run.id, files };
      if (isSaid || files.length === 0) this.#act(() => api.retry(run.id, from));
    });
  }

  #renderAgainFrom(run: RunView): TemplateResult {
    const begin = (event: Event): void => {
      const { value } = event.target as HTMLSelectElement;
      if (value !== "") this.#retry(run, value);
      (event.target as HTMLSelectElement).value = "";
    };
    return html`<select
      aria-label="Run again from a cell on"
      title="Another attempt of this run: the cell and all below it are computed anew"
      @change=${begin}
    >
      <option value="">Again from …</option>
      ${run.cells.map(({ name }) => html`<option value=${name}>${name}</option>`)}
    </select>`;
  }

  #renderGantt(run: RunView): TemplateResult {
    const times = run.cells.flatMap((cell) =>
      [cell.startedAt, cell.finishedAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)])),
    );
    const start = Math.min(...times);
    const end = run.isRunning ? Math.max(...times, Date.now()) : Math.max(...times);
    return html`<div class="scroller" tabindex="0" role="region" aria-label="Cells over time">
      <table class="plain gantt stacks">
        <thead>
          <tr>
            <th>cell</th>
            <th>outcome</th>
            <th class="number">rows</th>
            <th class="number">time</th>
            <th class="strip">
              <span class="axis"
                ><span>0</span
                ><span>${times.length === 0 ? nothing : formatDuration(end - start)}</span></span
              >
            </th>
            <th>why</th>
          </tr>
        </thead>
        <tbody>
          ${run.cells.map((cell) => renderCell(run, cell, start, end))}
        </tbody>
      </table>
    </div>`;
  }

  /** All that a reader has to know of what went wrong, or was noticed. */
  #renderLog(run: RunView): TemplateResult | typeof nothing {
    const failed = run.cells.filter((cell) => cell.error !== undefined);
    const noted = run.cells.filter((cell) => (cell.notes?.length ?? 0) > 0);
    const checks = run.checks.filter((check) => check.outcome !== "pass");
    if (failed.length + noted.length + checks.length === 0) return nothing;
    return html`<h3>Log</h3>
      <ul class="problems run-log">
        ${failed.map(
          ({ name, error }) =>
            html`<li class="error">
              ${renderStatusMark("failed")}
              <a href=${toHash({ page: "notebook", name: run.notebook, cell: name })}>${name}</a>
              ${error?.line === undefined ? nothing : html`<span class="meta">line ${error.line}</span>`}
              <pre>${error?.message}</pre>
              ${error?.hint === undefined ? nothing : html`<span class="hint">${error.hint}</span>`}
            </li>`,
        )}
        ${checks.map((check) => renderCheck(run, check))}
        ${noted.flatMap(({ name, notes = [] }) => notes.map((note) => html`<li><code>${name}</code> ${note}</li>`))}
      </ul>`;
  }

  #renderFailing(run: RunView): TemplateResult | typeof nothing {
    const check = run.checks.find(({ name }) => name === this.check);
    if (check === undefined) return nothing;
    return html`<section class="failing-rows" aria-label="Rows that fail ${check.name}">
      <h3>
        Rows that fail <code>${check.name}</code>
        <a class="button" href=${toHash({ page: "runs", run: run.id })}>Close</a>
      </h3>
      <p class="note">As this run kept them: ${check.message}.</p>
      <failing-rows
        .notebook=${run.notebook}
        .cell=${check.cell ?? check.name}
        .run=${run.id}
        .check=${check.name}
        .marked=${check.columns ?? []}
      ></failing-rows>
    </section>`;
  }

  #act(work: () => Promise<{ readonly id: string }>): void {
    void this.#try(async () => {
      const { id } = await work();
      location.hash = toHash({ page: "runs", run: id });
    });
  }
}

function canRetry({ isRunning, outcome }: RunView): boolean {
  return !isRunning && !outcome.startsWith("succeeded");
}

/** Leads to the rows that failed in that run; where it kept none, to the cell. */
function renderCheck(
  run: RunView,
  { name, cell = name, outcome, message, file }: CheckRecord,
): TemplateResult {
  const to =
    file === undefined
      ? toHash({ page: "notebook", name: run.notebook, cell })
      : toHash({ page: "runs", run: run.id, check: name });
  return html`<li class=${outcome === "warn" ? "warning" : "error"}>
    ${renderStatusMark(outcome === "warn" ? "warned" : "failed")}
    <a href=${to}>${name}</a> ${message}
  </li>`;
}

/** What was late, and what it restated. */
function renderIncrements(run: RunView): TemplateResult | typeof nothing {
  const told = run.cells.filter(({ incremental }) => incremental !== undefined);
  if (told.length === 0) return nothing;
  return html`<h3>What changed since the run date before</h3>
    <dl class="increments">
      ${told.map(
        (cell) =>
          html`<dt>
              <a href=${toHash({ page: "notebook", name: run.notebook, cell: cell.name })}>${cell.name}</a>
            </dt>
            <dd>${renderIncrement(cell, run, reasonContext(run))}</dd>`,
      )}
    </dl>`;
}

function renderCell(run: RunView, cell: CellRecord, start: number, end: number): TemplateResult {
  const span = Math.max(1, end - start);
  const from = cell.startedAt === undefined ? undefined : Date.parse(cell.startedAt);
  const to = cell.finishedAt === undefined ? end : Date.parse(cell.finishedAt);
  const isRunning = cell.status === "running";
  const left = from === undefined ? 0 : ((from - start) / span) * 100;
  const width = from === undefined ? 0 : Math.max(0.4, ((to - from) / span) * 100);
  return html`<tr>
    <td>
      <a href=${toHash({ page: "notebook", name: run.notebook, cell: cell.name })}
        ><code>${cell.name}</code></a
      >${cell.engine === "spark" ? html` <span class="muted">on Spark</span>` : nothing}
    </td>
    <td>
      <span class="outcome ${cell.outcome}"
        >${cell.status === "idle" ? wordsOf(cell.outcome) : cell.status}</span
      >
    </td>
    <td class="number" data-label="rows">${cell.rows === undefined ? nothing : formatNumber(cell.rows)}</td>
    <td class="number">${cell.durationMs === undefined ? nothing : formatDuration(cell.durationMs)}</td>
    <td class="strip">
      ${from === undefined || cell.outcome === "reused" ? nothing : html`<span class="bar ${isRunning ? "running" : cell.outcome}" style="left:${String(Math.min(left, 99.6))}%;width:${String(Math.min(width, 100 - Math.min(left, 99.6)))}%"></span>`}
    </td>
    <td class="reason">
      ${cell.error === undefined ? renderReason(cell.reason ?? "", reasonContext(run)) : "see the log"}
    </td>
  </tr>`;
}

function reasonContext({ notebook, cells }: RunView): ReasonContext {
  return { notebook, cells: cells.map(({ name }) => name) };
}

/** A date that was published keeps the input that it was published from. */
function sameAgain({ date, mode, parameters, targets }: RunView): RunBody {
  return {
    date,
    parameters: { ...parameters },
    materialize: mode === "materialize",
    ...(targets === undefined ? {} : { cells: [...targets] }),
    ...(mode === "materialize" ? { input: "pinned" } : {}),
  };
}

function outcomeOf(run: RunView): string {
  return run.isRunning ? "running" : wordsOf(run.outcome);
}

/** `succeeded_with_warnings` as people write it; an attempt that has not ended has none. */
function wordsOf(outcome: string): string {
  return outcome === "none" ? "not run" : outcome.replaceAll("_", " ");
}

function durationOf(run: RunView): string {
  const last = run.attempts.at(-1);
  return last?.finishedAt === undefined
    ? ""
    : formatDuration(Date.parse(last.finishedAt) - Date.parse(last.startedAt));
}
