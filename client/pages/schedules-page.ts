import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type {
  Backfill,
  NotebookEvent,
  NotebookSummary,
  RunView,
  ScheduleView,
} from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { toHash } from "../router.js";
import { may, whyNot } from "../session.js";
import "../schedule/backfill-dialog.js";
import type { BackfillDialog } from "../schedule/backfill-dialog.js";
import { shiftMonth } from "../schedule/calendar-months.js";
import { LiveAnswer } from "../live-answer.js";
import "../schedule/run-calendar.js";
import "../schedule/schedule-dialog.js";
import type { ScheduleDialog } from "../schedule/schedule-dialog.js";
import type { BackfillWantedEvent } from "../schedule/run-calendar.js";
import { renderNext, renderStanding, renderToggle } from "../schedule/render-schedule.js";
import { formatIn, wordsOfSchedule } from "../schedule/schedule-words.js";

interface Listing {
  readonly schedules: readonly ScheduleView[];
  readonly runs: readonly RunView[];
  readonly backfills: readonly Backfill[];
  readonly notebooks: readonly NotebookSummary[];
}

/** So far back the outcomes of last runs are looked up. */
const RUNS = 500;

const quiet: ReadonlySet<NotebookEvent["type"]> = new Set([
  "cell-queued",
  "cell-started",
  "cell-progress",
  "cell-finished",
]);

/** `<schedules-page>`: every schedule, when it comes next, what waits and what was; of one notebook its run dates. */
@customElement("schedules-page")
export class SchedulesPage extends LitElement {
  /** Whose run dates are shown. */
  @property() notebook: string | undefined;
  @query("backfill-dialog") private dialog!: BackfillDialog;
  @query("schedule-dialog") private form!: ScheduleDialog;
  readonly #listing = new LiveAnswer<Listing>(
    this,
    async () => {
      const [{ schedules }, { runs }, { backfills }, notebooks] = await Promise.all([
        api.schedules(),
        api.runs(undefined, RUNS),
        api.backfills(),
        api.notebooks(),
      ]);
      return { schedules, runs, backfills, notebooks };
    },
    { changes: ({ type }) => !quiet.has(type) },
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const { value, problem, isOnline, revision } = this.#listing;
    return html`<main class="page schedules">
      <header class="page-head">
        <h1>Schedules</h1>
        ${value === undefined ? nothing : this.#renderAdd(value)}
      </header>
      ${isOnline ? nothing : html`<p class="problem" role="alert">The server cannot be reached.</p>`}
      ${problem === "" ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      ${value === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : html`${this.#renderChosen(value)} ${this.#renderList(value)}`}
      <backfill-dialog .revision=${revision}></backfill-dialog>
      <schedule-dialog @schedule-saved=${() => void this.#listing.load()}></schedule-dialog>
    </main>`;
  }

  #renderAdd({ schedules, notebooks }: Listing): TemplateResult | typeof nothing {
    const taken = new Set(schedules.map(({ notebook }) => notebook));
    const free = notebooks.filter(({ name }) => !taken.has(name));
    if (!may("edit")) return html`<span class="note">${whyNot("edit")}</span>`;
    if (free.length === 0) return nothing;
    return html`<select
      aria-label="Schedule a notebook"
      @change=${(event: Event) => {
        const field = event.target as HTMLSelectElement;
        void this.form.show(field.value);
        field.value = "";
      }}
    >
      <option value="">Schedule a notebook …</option>
      ${free.map(({ name, title }) => html`<option value=${name}>${title}</option>`)}
    </select>`;
  }

  /** The run dates of one notebook; one without a schedule has them too. */
  #renderChosen({ schedules, backfills }: Listing): TemplateResult | typeof nothing {
    const { notebook } = this;
    if (notebook === undefined) return nothing;
    const view = schedules.find((candidate) => candidate.notebook === notebook);
    const running = backfills.find(
      (backfill) => backfill.notebook === notebook && backfill.state === "running",
    );
    return html`<section class="schedule-detail" aria-label="Schedule of ${notebook}">
      <h2><a href=${toHash({ page: "notebook", name: notebook })}>${view?.title ?? notebook}</a></h2>
      ${
        view === undefined
          ? html`<p class="note">
              This notebook has no schedule.
              ${may("edit") ? html`<button class="outlined" @click=${() => this.form.show(notebook)}>Schedule…</button>` : nothing}
            </p>`
          : html`<p>
              ${wordsOfSchedule(view.schedule)} <span class="meta">${view.schedule.timezone}</span> · next
              ${renderNext(view, this.#listing.now)} ${renderStanding(view)}
            </p>`
      }
      ${
        running === undefined
          ? nothing
          : html`<p role="status">
              A backfill runs, from ${running.from} to ${running.to}.
              <button class="outlined" @click=${() => this.dialog.follow(running)}>Show it</button>
            </p>`
      }
      <run-calendar
        .notebook=${notebook}
        .schedule=${view}
        .revision=${this.#listing.revision}
        @backfill-wanted=${({ from, to }: BackfillWantedEvent) => this.dialog.show({ notebook, from, to })}
      ></run-calendar>
    </section>`;
  }

  /** Of the last year, which may be changed. */
  #backfill({ notebook, schedule }: ScheduleView): Promise<void> {
    const to = formatIn(new Date().toISOString(), schedule.timezone).slice(0, 10);
    return this.dialog.show({ notebook, from: `${shiftMonth(to.slice(0, 7), -12)}-01`, to });
  }

  #renderList({ schedules, runs }: Listing): TemplateResult {
    if (schedules.length === 0)
      return html`<p class="note">
        No notebook has a schedule. Choose one above, or write into its front matter:
        <code>schedule: {cron: "0 6 1 * *", timezone: Europe/Madrid}</code>.
        <a href="/docs/reference#schedules">How</a>
      </p>`;
    const materializations = runs.filter(({ mode }) => mode === "materialize").reverse();
    const newest = new Map(materializations.map((run) => [run.notebook, run]));
    return html`<div class="scroller" tabindex="0" role="region" aria-label="All schedules">
      <table class="plain list stacks">
        <thead>
          <tr>
            <th>notebook</th>
            <th>schedule</th>
            <th>next</th>
            <th>last</th>
            <th class="number">missed</th>
            <th></th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            schedules,
            ({ notebook }) => notebook,
            (view) => this.#renderRow(view, newest.get(view.notebook)),
          )}
        </tbody>
      </table>
    </div>`;
  }

  #renderRow(view: ScheduleView, newest: RunView | undefined): TemplateResult {
    const { notebook, title, schedule, missed, isPaused } = view;
    return html`<tr aria-current=${notebook === this.notebook ? "true" : "false"}>
      <td>
        <a href=${toHash({ page: "notebook", name: notebook })} title="${notebook}.md"
          >${title ?? notebook}</a
        >
      </td>
      <td title=${schedule.cron ?? nothing}>
        ${wordsOfSchedule(schedule)} <span class="meta">${schedule.timezone}</span>
      </td>
      <td>${renderNext(view, this.#listing.now)} ${renderStanding(view)}</td>
      <td data-label="last">${renderLast(view, newest)}</td>
      ${missed.length === 0 ? html`<td></td>` : html`<td class="number" data-label="missed" title=${missed.map(({ date }) => date).join(", ")}><span class="warned">${missed.length}</span></td>`}
      <td>${renderToggle(view, () => void this.#listing.act(() => api.setPaused(notebook, !isPaused)))}</td>
      <td class="row-actions">
        <button
          class="outlined"
          title="Begin the date that waits, or today's, at once"
          ?hidden=${!may("run")}
          ?disabled=${view.running !== null}
          @click=${() => this.#listing.act(() => api.runScheduled(notebook))}
        >
          Run now
        </button>
        <a class="button" href=${toHash({ page: "schedules", notebook })}>Calendar</a>
        <button
          aria-label="Change the schedule of ${notebook}"
          ?hidden=${!may("edit")}
          @click=${() => this.form.show(notebook)}
        >
          Change…
        </button>
        ${schedule.cron === undefined || !may("run") ? nothing : html`<button @click=${() => this.#backfill(view)}>Backfill…</button>`}
      </td>
    </tr>`;
  }
}

/** How the newest materialization ended, whoever began it; or why a later date could not begin. */
function renderLast({ last }: ScheduleView, run: RunView | undefined): TemplateResult {
  if (last?.run === undefined && last !== null && last.at > (run?.createdAt ?? ""))
    return html`${last.date} <span class="outcome ${last.outcome}">${last.outcome}</span>
      <span class="meta">${last.reason}</span>`;
  if (run === undefined) return html`<span class="meta">none yet</span>`;
  return html`<a href=${toHash({ page: "runs", run: run.id })}>${run.date}</a>
    <span class="outcome ${run.outcome}"
      >${run.isRunning ? "running" : run.outcome.replaceAll("_", " ")}</span
    >`;
}
