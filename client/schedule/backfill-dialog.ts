import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Backfill } from "../../server/api/protocol.js";
import { formatCount, formatNumber } from "../../server/text/format.js";
import { api } from "../api-client.js";
import { AskingDialog } from "../elements/asking-dialog.js";
import { toHash } from "../router.js";
import { renderIcon } from "../styles/icon.js";
import { may } from "../session.js";

interface Wanted {
  readonly notebook: string;
  readonly from: string;
  readonly to: string;
}
type Mode = Backfill["mode"];
type BackfillDate = Backfill["dates"][number];

const modes: readonly (readonly [mode: Mode, words: string])[] = [
  ["missing", "never run"],
  ["failed", "never run, or did not succeed"],
  ["all", "all"],
];

/** `<backfill-dialog>`: lists what would be run, runs it, and shows how far it is. */
@customElement("backfill-dialog")
export class BackfillDialog extends AskingDialog {
  /** Another number: something changed. */
  @property({ type: Number }) revision = 0;
  /** Undefined while a date is being typed. */
  @state() private wanted: Wanted | undefined;
  /** What it opened with: what is typed since stays in the fields alone, or half a date would be wiped out. */
  @state() private opened: Wanted | undefined;
  @state() private mode: Mode = "missing";
  @state() private plan: readonly BackfillDate[] | undefined;
  @state() private backfill: Backfill | undefined;
  @query("form") private form!: HTMLFormElement;

  async show(wanted: Wanted): Promise<void> {
    this.opened = undefined;
    await this.updateComplete;
    this.wanted = this.opened = wanted;
    this.mode = "missing";
    this.plan = undefined;
    this.backfill = undefined;
    await this.open();
    await this.#ask(true);
    if (!this.#runsNothing()) return;
    // Every date was run: who asks all the same means those that did not succeed.
    this.mode = "failed";
    await this.#ask(true);
  }

  #runsNothing(): boolean {
    return this.mode === "missing" && this.plan?.every(({ state }) => state !== "waiting") === true;
  }

  /** One that was begun before. */
  async follow(backfill: Backfill): Promise<void> {
    this.wanted = this.opened = backfill;
    this.backfill = backfill;
    await this.open();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const { backfill } = this;
    if (!changed.has("revision") || backfill?.state !== "running") return;
    void this.ask(async () => {
      const now = await api.backfillView(backfill.id);
      if (this.backfill?.id === now.id) this.backfill = now;
    });
  }

  readonly #change = (): void => {
    const { notebook } = this.opened ?? {};
    if (notebook === undefined) return;
    const fields = new FormData(this.form);
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    const [from, to] = [text("from"), text("to")];
    this.mode = modes.find(([mode]) => mode === text("mode"))?.[0] ?? "missing";
    this.plan = undefined;
    this.wanted = [from, to].every(isTyped) ? { notebook, from, to } : undefined;
    void this.#ask(true);
  };

  #ask(dryRun: boolean): Promise<void> {
    return this.ask(async () => {
      const { wanted, mode } = this;
      if (wanted === undefined) return;
      const { notebook, from, to } = wanted;
      const answer = await api.backfill(notebook, { from, to, mode, dryRun });
      if (wanted !== this.wanted || mode !== this.mode) return;
      if (dryRun) this.plan = answer.dates;
      else if (answer.id !== undefined) this.backfill = await api.backfillView(answer.id);
    });
  }

  #cancel(id: string): Promise<void> {
    return this.ask(async () => {
      this.backfill = await api.cancelBackfill(id);
    });
  }

  override render(): TemplateResult {
    return html`<dialog class="backfill" aria-label="Backfill">
      <h2>Backfill of ${this.opened?.notebook}</h2>
      ${this.backfill === undefined ? this.#renderPlan() : this.#renderProgress(this.backfill)}
    </dialog>`;
  }

  #renderPlan(): TemplateResult {
    const { wanted, opened, plan } = this;
    const meant = plan?.filter(({ state }) => state === "waiting").length ?? 0;
    const action = html`<button
      type="button"
      class="primary"
      ?disabled=${this.isBusy || meant === 0}
      @click=${() => this.#ask(false)}
    >
      ${plan === undefined ? "Run" : `Run ${formatCount(meant, "date")}`}
    </button>`;
    return html`<form
        @change=${this.#change}
        @submit=${(event: Event) => {
          event.preventDefault();
        }}
      >
        <label>From <input type="date" name="from" required .value=${opened?.from ?? ""} /></label>
        <label>To <input type="date" name="to" required .value=${opened?.to ?? ""} /></label>
        <label
          >Which
          <select name="mode">
            ${modes.map(([mode, words]) => html`<option value=${mode} .selected=${mode === this.mode}>${words}</option>`)}
          </select></label
        >
      </form>
      ${wanted === undefined ? html`<p class="note">Choose both dates.</p>` : this.renderAnswer(plan, (dates) => renderDates(dates, true))}
      ${this.renderFooter(action)}`;
  }

  #renderProgress(backfill: Backfill): TemplateResult {
    const { dates, state, id } = backfill;
    const meant = dates.filter(({ state: of }) => of !== "skipped");
    const warned = dates.filter((date) => date.warned).length;
    const done = meant.filter(({ state: of }) => of !== "waiting" && of !== "running").length;
    const isRunning = state === "running";
    const action = isRunning
      ? html`<button
          type="button"
          class="outlined"
          ?hidden=${!may("run")}
          ?disabled=${this.isBusy}
          @click=${() => this.#cancel(id)}
        >
          ${renderIcon("stop")} Cancel the backfill
        </button>`
      : nothing;
    return html`<p role="status">
        ${
          isRunning
            ? html`<progress max=${meant.length} .value=${done} aria-label="Dates done"></progress> ${done} of
                ${formatCount(meant.length, "date")}`
            : html`The backfill
                <span class="outcome ${state}">${state === "cancelled" ? "was cancelled" : state}</span>:
                ${dates.filter(({ state: of }) => of === "succeeded").length} of
                ${formatCount(meant.length, "date")}
                succeeded${warned === 0 ? "" : `, ${formatNumber(warned)} with warnings`}.`
        }
      </p>
      ${renderDates(dates, false)} ${this.renderFooter(action, "Close")}`;
  }
}

/** While a year is typed it passes by those of two thousand years ago. */
function isTyped(date: string): boolean {
  return /^[1-9]/.test(date);
}

function renderDates(dates: readonly BackfillDate[], isPlan: boolean): TemplateResult {
  return html`<div
    class="scroller backfill-dates"
    tabindex="0"
    role="region"
    aria-label="Run dates of the backfill"
  >
    <table class="plain stacks">
      <thead>
        <tr>
          <th>run date</th>
          <th>${isPlan ? "would" : "state"}</th>
          <th>why</th>
        </tr>
      </thead>
      <tbody>
        ${dates.map(({ date, state, run, reason, warned }) => {
          const words = isPlan
            ? state === "waiting"
              ? "run"
              : "be left out"
            : state === "skipped"
              ? "left out"
              : warned
                ? "succeeded with warnings"
                : state;
          return html`<tr>
            <td>${run === undefined ? date : html`<a href=${toHash({ page: "runs", run })}>${date}</a>`}</td>
            <td><span class="outcome ${warned ? "succeeded_with_warnings" : state}">${words}</span></td>
            <td>${reason}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
