import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CalendarDate, ScheduleView } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { toHash } from "../router.js";
import { may } from "../session.js";
import { renderStatusMark, type Mark } from "../styles/status-mark.js";
import { lookOf, monthsFrom, shiftDate, shiftMonth, type Month } from "./calendar-months.js";
import { LiveAnswer } from "../live-answer.js";
import { formatIn } from "./schedule-words.js";
import { renderIcon } from "../styles/icon.js";

const MONTHS = 6;

/** A range of run dates that a backfill is wanted of. */
export class BackfillWantedEvent extends Event {
  readonly from: string;
  readonly to: string;

  constructor(from: string, to: string) {
    super("backfill-wanted", { bubbles: true });
    this.from = from;
    this.to = to;
  }
}

const legend: readonly (readonly [mark: Mark, words: string])[] = [
  ["succeeded", "succeeded"],
  ["check-warned", "with warnings"],
  ["failed", "failed"],
  ["broken", "interrupted"],
  ["cancelled", "cancelled"],
  ["running", "running"],
  ["queued", "waits"],
  ["skipped", "missed, skipped"],
  ["never", "never run"],
];

const steps: Readonly<Record<string, (date: string) => string>> = {
  ArrowLeft: (date) => shiftDate(date, -1),
  ArrowRight: (date) => shiftDate(date, 1),
  ArrowUp: (date) => shiftDate(date, -7),
  ArrowDown: (date) => shiftDate(date, 7),
  PageUp: (date) => shiftDate(date, -28),
  PageDown: (date) => shiftDate(date, 28),
};

/**
 * `<run-calendar>`: run dates by outcome, six months at a time. A date that is chosen says what became of it; Shift takes
 * a range.
 * @fires backfill-wanted - Of the dates that are chosen.
 */
@customElement("run-calendar")
export class RunCalendar extends LitElement {
  @property() notebook = "";
  @property({ attribute: false }) schedule: ScheduleView | undefined;
  /** Another number: something changed. */
  @property({ type: Number }) revision = 0;
  /** `YYYY-MM`; undefined: so that the next month is the last one. */
  @state() private first: string | undefined;
  @state() private chosen: { readonly anchor: string; readonly head: string } | undefined;
  readonly #dates = new LiveAnswer<ReadonlyMap<string, CalendarDate>>(this, async () => {
    const first = this.#first();
    const query = { from: `${first}-01`, to: shiftDate(`${shiftMonth(first, MONTHS)}-01`, -1) };
    const { dates } = await api.calendar(this.notebook, query);
    return new Map(dates.map((entry) => [entry.date, entry]));
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("notebook")) this.chosen = undefined;
    if (changed.has("notebook") || changed.has("first")) void this.#dates.load();
    else if (changed.has("revision")) this.#dates.soon();
  }

  #today(): string {
    return formatIn(new Date(this.#dates.now).toISOString(), this.schedule?.schedule.timezone ?? "UTC").slice(
      0,
      10,
    );
  }

  #first(): string {
    return this.first ?? shiftMonth(this.#today().slice(0, 7), 2 - MONTHS);
  }

  override render(): TemplateResult {
    const first = this.#first();
    const go = (by: number) => (): void => {
      this.first = shiftMonth(first, by);
    };
    return html`<section class="run-calendar" aria-label="Run dates">
      <header>
        <h3>Run dates</h3>
        <button class="outlined" aria-label="Earlier months" @click=${go(-MONTHS)}>
          ${renderIcon("left")}
        </button>
        <span class="meta">${first} to ${shiftMonth(first, MONTHS - 1)}</span>
        <button class="outlined" aria-label="Later months" @click=${go(MONTHS)}>
          ${renderIcon("right")}
        </button>
      </header>
      ${this.#dates.problem === "" ? nothing : html`<p class="problem" role="alert">${this.#dates.problem}</p>`}
      <div class="months" @keydown=${this.#onKey}>
        ${monthsFrom(first, MONTHS).map((month) => this.#renderMonth(month))}
      </div>
      <div class="chosen-dates" role="status">${this.#renderChosen()}</div>
      <ul class="legend" aria-label="Signs">
        ${legend.map(([mark, words]) => html`<li>${renderStatusMark(mark)} ${words}</li>`)}
        <li><span class="ahead-sign" aria-hidden="true"></span> scheduled</li>
      </ul>
    </section>`;
  }

  #renderMonth({ name, weeks }: Month): TemplateResult {
    return html`<table class="month">
      <caption>
        ${name}
      </caption>
      <thead>
        <tr>
          ${["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].map((day) => html`<th scope="col">${day}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${weeks.map(
          (week) =>
            html`<tr>
              ${week.map((date) => (date === null ? html`<td></td>` : html`<td>${this.#renderDay(date)}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #renderDay(date: string): TemplateResult {
    const today = this.#today();
    const entry = this.#dates.value?.get(date);
    const look = lookOf(entry, today);
    const words = [
      look?.words,
      entry?.outcome === undefined || entry.note === undefined ? undefined : entry.note,
    ]
      .filter((part) => part !== undefined)
      .join("; ");
    const { from, to } = this.#range() ?? {};
    const isChosen = from !== undefined && to !== undefined && date >= from && date <= to;
    const reached = this.chosen?.head ?? (today >= `${this.#first()}-01` ? today : `${this.#first()}-01`);
    return html`<button
      class="day ${look === undefined ? "" : "known"} ${look?.isAhead === true ? "ahead" : ""} ${look?.mark ?? ""}"
      data-date=${date}
      tabindex=${date === this.#visible(reached) ? 0 : -1}
      aria-pressed=${isChosen}
      aria-current=${date === today ? "date" : nothing}
      title="${date}${words === "" ? "" : `: ${words}`}"
      @click=${({ shiftKey }: MouseEvent) => {
        this.#choose(date, shiftKey);
      }}
    >
      <span aria-hidden="true">${Number(date.slice(8))}</span>
      <span class="visually-hidden">${date}${words === "" ? "" : `: ${words}`}</span>
      ${look?.mark === undefined ? nothing : renderStatusMark(look.mark)}
    </button>`;
  }

  /** The date itself, or the first one that is shown. */
  #visible(date: string): string {
    const first = this.#first();
    return date >= `${first}-01` && date < `${shiftMonth(first, MONTHS)}-01` ? date : `${first}-01`;
  }

  #range(): { readonly from: string; readonly to: string } | undefined {
    if (this.chosen === undefined) return undefined;
    const { anchor, head } = this.chosen;
    return anchor < head ? { from: anchor, to: head } : { from: head, to: anchor };
  }

  #choose(date: string, isRange: boolean): void {
    this.chosen = { anchor: isRange ? (this.chosen?.anchor ?? date) : date, head: date };
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { date } = (event.target as HTMLElement).dataset;
    const step = steps[event.key];
    if (date === undefined || step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const to = step(date);
    const first = this.#first();
    if (to < `${first}-01`) this.first = shiftMonth(first, -1);
    if (to >= `${shiftMonth(first, MONTHS)}-01`) this.first = shiftMonth(first, 1);
    this.#choose(to, event.shiftKey);
    void this.updateComplete.then(() => {
      this.querySelector<HTMLElement>(`[data-date="${to}"]`)?.focus();
    });
  };

  #renderChosen(): TemplateResult {
    const range = this.#range();
    if (range === undefined) return html`<span class="meta">Choose a date; with Shift, a range.</span>`;
    const { from, to } = range;
    const backfill = html`<button
      class="outlined"
      @click=${() => this.dispatchEvent(new BackfillWantedEvent(from, to))}
    >
      Backfill…
    </button>`;
    // Nothing of it can be begun otherwise.
    const isPast = may("run") && from <= this.#today();
    const hasCron = this.schedule?.schedule.cron !== undefined;
    if (from !== to) return html`<b>${from} to ${to}</b> ${isPast && hasCron ? backfill : nothing}`;
    const entry = this.#dates.value?.get(from);
    const look = lookOf(entry, this.#today());
    return html`<b>${from}</b>
      <span>${look?.words ?? "no run date"}</span>
      ${entry?.note === undefined || entry.note === look?.words ? nothing : html`<span class="meta">${entry.note}</span>`}
      ${entry?.run === undefined ? nothing : html`<a href=${toHash({ page: "runs", run: entry.run })}>Open the run</a>`}
      ${
        isPast && entry?.isRunning !== true
          ? html`<button class="outlined" @click=${() => this.#dates.act(() => this.#run(from, entry))}>
              Run this date
            </button>`
          : nothing
      }
      ${isPast && hasCron && entry?.isScheduled === true ? backfill : nothing}`;
  }

  /** A date that was published keeps what was delivered for it. */
  #run(date: string, entry: CalendarDate | undefined): Promise<unknown> {
    const input = entry?.isPublished === true ? "pinned" : "current";
    return api.run(this.notebook, { materialize: true, date, input });
  }
}

declare global {
  interface HTMLElementEventMap {
    "backfill-wanted": BackfillWantedEvent;
  }
}
