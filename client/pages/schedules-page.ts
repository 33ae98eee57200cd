import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { NotebookEvent, RunView, ScheduleView } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { followEvents } from "../event-stream.js";
import { toHash } from "../router.js";
import { LiveAnswer } from "../schedule/live-answer.js";
import { renderNext, renderStanding, renderToggle } from "../schedule/render-schedule.js";
import { wordsOfSchedule } from "../schedule/schedule-words.js";

interface Listing {
  readonly schedules: readonly ScheduleView[];
  readonly runs: readonly RunView[];
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
  @state() private isOnline = true;
  readonly #listing = new LiveAnswer<Listing>(this, async () => {
    const [{ schedules }, { runs }] = await Promise.all([api.schedules(), api.runs(undefined, RUNS)]);
    return { schedules, runs };
  });
  #stopFollowing: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopFollowing = followEvents(
      {},
      {
        onEvent: ({ type }) => {
          if (!quiet.has(type)) this.#listing.soon();
        },
        onResync: () => void this.#listing.load(),
        onConnection: (isOnline) => (this.isOnline = isOnline),
      },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopFollowing?.();
  }

  override render(): TemplateResult {
    const { value, problem } = this.#listing;
    return html`<main class="page schedules">
      <header class="page-head">
        <h1>Schedules</h1>
      </header>
      ${this.isOnline ? nothing : html`<p class="problem" role="alert">The server cannot be reached.</p>`}
      ${problem === "" ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      ${value === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : this.#renderList(value)}
    </main>`;
  }

  #renderList({ schedules, runs }: Listing): TemplateResult {
    if (schedules.length === 0)
      return html`<p class="note">
        No notebook has a schedule. Open a notebook and press <b>Schedule…</b>, or write it into its front
        matter: <code>schedule: {cron: "0 6 1 * *", timezone: Europe/Madrid}</code>.
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
    return html`<tr>
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
          ?disabled=${view.running !== null}
          @click=${() => this.#listing.act(() => api.runScheduled(notebook))}
        >
          Run now
        </button>
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
