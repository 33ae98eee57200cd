import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { RunView } from "../../server/api/protocol.js";
import { formatCount, formatDuration, formatTimestamp } from "../../server/text/format.js";
import { toHash } from "../router.js";
import { may, whyNot } from "../session.js";
import { renderOthers } from "../people/others.js";
import type { Overall } from "../store/overall.js";
import { proposedCells, type NotebookState, type Present } from "../store/notebook-state.js";
import { renderIcon } from "../styles/icon.js";
import {
  RunBarActionEvent,
  RunBarGoToEvent,
  RunDateChangeEvent,
  type RunBarAction,
} from "./run-bar-events.js";
import { isPartOfDate } from "../typed-date.js";

const modeWords: Readonly<Record<RunView["mode"], string>> = { run: "run", materialize: "materialization" };

const saveWords: Readonly<Record<NotebookState["save"], string>> = {
  saved: "saved",
  dirty: "editing …",
  saving: "saving …",
  conflict: "deleted meanwhile",
  failed: "not saved",
};

/**
 * The notebook's actions and how the run is going.
 *
 * @fires run-bar-action - A button was pressed.
 * @fires run-bar-go-to - The cell is wanted that decided how the run ended.
 * @fires run-date-change - Another run date was chosen.
 */
@customElement("run-bar")
export class RunBar extends LitElement {
  @property({ attribute: false }) notebook!: NotebookState;
  @property({ attribute: false }) overall: Overall = { stale: 0, words: "", title: "" };
  @property({ type: Boolean }) hasGraph = false;
  /** Answers while somebody types. */
  @property({ type: Boolean }) isLive = false;
  /** The notebook is shown as people read it who do not read SQL. */
  @property({ type: Boolean }) isReport = false;
  /** Who else has it open. */
  @property({ attribute: false }) others: readonly Present[] = [];
  @state() private now = Date.now();
  @query("[popover]") private more!: HTMLElement;
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  override render(): TemplateResult {
    const { runs, isConnected } = this.notebook;
    const { stale, words, title } = this.overall;
    const isRunning = runs.run?.isRunning === true;
    this.#tick(isRunning);
    return html`<div
      class="run-bar"
      role="toolbar"
      aria-label="Run"
      data-run=${runs.run?.id ?? ""}
      data-running=${isRunning}
    >
      ${isConnected ? nothing : html`<span class="offline" role="status">no connection: trying again</span>`}
      ${may("edit") ? this.#renderSaving() : nothing} ${this.#renderProposals()} ${renderOthers(this.others)}
      ${isRunning ? this.#renderRunning() : this.#renderOutcome()}
      <span class="spacer"></span>
      ${
        !may("run")
          ? nothing
          : isRunning
            ? html`<button class="outlined" @click=${() => this.#act("stop")}>
                ${renderIcon("stop")} Stop
              </button>`
            : html`<button class="outlined" title="Run every cell" @click=${() => this.#act("run-all")}>
                  ${renderIcon("run")} Run all
                </button>
                <button
                  class="outlined run-stale"
                  ?disabled=${stale === 0}
                  title=${title}
                  @click=${() => this.#act("run-stale")}
                >
                  ${stale === 0 ? words : html`Run ${stale}<span class="wide"> out of date</span>`}
                </button>`
      }
      <button
        class="primary"
        title="Compute what is out of date, check it, and publish the datasets to the lake"
        ?hidden=${!may("run")}
        ?disabled=${isRunning}
        @click=${() => this.#act("materialize")}
      >
        Materialize…
      </button>
      <button class="icon more-toggle" aria-label="More" popovertarget="more-of-notebook">
        ${renderIcon("more")}
      </button>
      ${this.#renderMore()}
      <button class="outline-toggle" @click=${() => this.#act("show-outline")}>Outline</button>
      <button class="graph-toggle" aria-pressed=${this.hasGraph} @click=${() => this.#act("toggle-graph")}>
        Graph
      </button>
    </div>`;
  }

  /** What is used less: in the bar, or on a phone behind its last button. */
  #renderMore(): TemplateResult {
    const { date, forecastDate, view, autoRun } = this.notebook;
    const culprit = this.#culprit();
    return html`<div class="more" id="more-of-notebook" popover aria-label="More">
      ${culprit === undefined ? nothing : html`<button class="go-to" @click=${() => this.#goTo(culprit)}>Go to ${culprit}</button>`}
      <label
        class="run-date"
        title="The day that a run stands for: what it publishes lies in a folder of that name"
        >run date <input type="date" .value=${date ?? forecastDate ?? ""} @change=${this.#onDate}
      /></label>
      ${
        may("run") && view?.cells.some((cell) => cellKinds[cell.kind].isParameter) === true
          ? html`<button
              aria-pressed=${autoRun}
              title="Run, for everybody, what depends on a control as soon as it changes"
              @click=${() => this.#act("toggle-auto-run")}
            >
              Auto-run
            </button>`
          : nothing
      }
      <button
        ?hidden=${!may("query") || !may("edit")}
        aria-pressed=${this.isLive}
        title="Show what a cell gives while you type, of a sample"
        @click=${() => this.#act("toggle-live")}
      >
        Live
      </button>
      ${
        view?.schedule === undefined && may("edit")
          ? html`<button title="Have it materialized by itself" @click=${() => this.#act("schedule")}>
              Schedule…
            </button>`
          : nothing
      }
      <button
        title=${may("share") ? "Links and downloads" : whyNot("share")}
        @click=${() => this.#act("share")}
      >
        ${may("share") ? "Share…" : "Download…"}
      </button>
      <button title="Every text that was saved or run, and the way back" @click=${() => this.#act("history")}>
        History…
      </button>
      <button
        title="Without SQL: prose, charts, tables and controls"
        aria-pressed=${this.isReport}
        @click=${() => this.#act("toggle-report")}
      >
        Report
      </button>
    </div>`;
  }

  /** What is saved but for a choice is not all that the page shows. */
  #renderSaving(): TemplateResult {
    const { save, conflicts } = this.notebook;
    const isOpen = conflicts.length > 0;
    return html`<span
        class="save-state"
        role="status"
        data-save=${save === "saved" && isOpen ? "open" : save}
        ?hidden=${save === "saved" && isOpen}
        >${saveWords[save]}</span
      >
      <button
        class="open-choices"
        title="Two changed the same place: choose what stays"
        ?hidden=${!isOpen}
        @click=${() => this.#act("show-choice")}
      >
        ${formatCount(conflicts.length, "choice")} open
      </button>`;
  }

  /** What is on the screen may be of another date than a run would be of now. */
  #renderOtherDate(shown: string): TemplateResult | typeof nothing {
    const { date, forecastDate } = this.notebook;
    const chosen = date ?? forecastDate;
    if (chosen === undefined || shown === chosen) return nothing;
    return html`<button
      class="other-date"
      title="The last run was of ${shown}; a run would be of ${chosen} now. Press to choose ${shown} again."
      @click=${() => this.dispatchEvent(new RunDateChangeEvent(shown))}
    >
      <span class="wide">for </span>${shown}
    </button>`;
  }

  #renderProposals(): TemplateResult | typeof nothing {
    const cells = proposedCells(this.notebook);
    const [first] = cells;
    if (first === undefined) return nothing;
    return html`<button
      class="open-choices"
      title="Edits that are proposed, and that nobody has accepted or rejected"
      @click=${() => this.dispatchEvent(new RunBarGoToEvent(first))}
    >
      ${formatCount(cells.length, "proposal")} waiting
    </button>`;
  }

  #renderRunning(): TemplateResult {
    const { run } = this.notebook.runs;
    const cells = run?.cells ?? [];
    const done = cells.filter(
      (cell) => (this.notebook.runs.cells.get(cell.name)?.status ?? "idle") === "idle",
    ).length;
    const started = Date.parse(run?.attempts.at(-1)?.startedAt ?? run?.createdAt ?? "");
    return html`<span class="run-progress" role="status">
      <progress max=${Math.max(1, cells.length)} .value=${done} aria-label="Cells done"></progress>
      ${done} of ${cells.length} cells, ${formatDuration(Math.max(0, this.now - started))}
    </span>`;
  }

  /** How the last run ended, and where to look. */
  #renderOutcome(): TemplateResult | typeof nothing {
    const { run } = this.notebook.runs;
    if (run === undefined) return nothing;
    const last = run.attempts.at(-1);
    const time =
      last?.finishedAt === undefined
        ? ""
        : formatDuration(Date.parse(last.finishedAt) - Date.parse(last.startedAt));
    const culprit = this.#culprit();
    return html`<span class="last-run" role="status">
      <a
        class="outcome ${run.outcome}"
        href=${toHash({ page: "runs", run: run.id })}
        title="The ${modeWords[run.mode]} of ${formatTimestamp(run.createdAt)}${time === "" ? "" : `, ${time}`}"
        ><span class="wide">${modeWords[run.mode]} </span>${run.outcome.replaceAll("_", " ")}</a
      >
      ${this.#renderOtherDate(run.date)} <span class="wide">${time}</span>
      ${culprit === undefined ? nothing : html`<button class="wide" title="Go to ${culprit}" @click=${() => this.#goTo(culprit)}>Go to ${culprit}</button>`}
    </span>`;
  }

  #tick(isRunning: boolean): void {
    if (isRunning && this.#timer === undefined) {
      this.#timer = setInterval(() => {
        this.now = Date.now();
      }, 500);
    } else if (!isRunning && this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  /** The cell that decided how the last run ended. */
  #culprit(): string | undefined {
    const { run } = this.notebook.runs;
    return run === undefined || run.isRunning ? undefined : culpritOf(run);
  }

  #goTo(cell: string): void {
    this.#closeMore();
    this.dispatchEvent(new RunBarGoToEvent(cell));
  }

  #closeMore(): void {
    if (this.more.matches(":popover-open")) this.more.hidePopover();
  }

  #act(action: RunBarAction): void {
    this.#closeMore();
    this.dispatchEvent(new RunBarActionEvent(action));
  }

  #onDate(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (isPartOfDate(field)) return;
    const { value } = field;
    this.dispatchEvent(new RunDateChangeEvent(value === "" ? undefined : value));
  }
}

/** The first cell that failed, or else the first one whose checks found something. */
function culpritOf({ cells, checks }: RunView): string | undefined {
  const failed = cells.find((cell) => cell.outcome === "failed");
  const check = checks.find((candidate) => candidate.outcome !== "pass");
  return failed?.name ?? check?.cell ?? check?.name;
}
