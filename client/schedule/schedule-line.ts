import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ScheduleView } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { toHash } from "../router.js";
import { may } from "../session.js";
import { LiveAnswer } from "../live-answer.js";
import { renderNext, renderStanding, renderToggle } from "./render-schedule.js";

/**
 * `<schedule-line>`: when a notebook runs by itself next, and what can be done about it.
 * @fires schedule-wanted - Another one is wanted.
 */
@customElement("schedule-line")
export class ScheduleLine extends LitElement {
  @property() notebook = "";
  /** Another number: something changed. */
  @property({ type: Number }) revision = 0;
  readonly #view = new LiveAnswer<ScheduleView>(this, () => api.schedule(this.notebook));

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("notebook")) void this.#view.load();
    else if (changed.has("revision")) this.#view.soon();
  }

  override render(): TemplateResult | typeof nothing {
    const { value: view, problem } = this.#view;
    if (view === undefined) return nothing;
    const { notebook, isPaused, running } = view;
    return html`<div class="schedule-line" role="group" aria-label="Schedule">
      <span>Schedule: ${renderNext(view, this.#view.now)}</span>
      ${renderStanding(view)}
      ${renderToggle(view, () => void this.#view.act(() => api.setPaused(notebook, !isPaused)))}
      <button
        title="Begin the date that waits, or today's, at once"
        ?hidden=${!may("run")}
        ?disabled=${running !== null}
        @click=${() => this.#view.act(() => api.runScheduled(notebook))}
      >
        Run now
      </button>
      <button
        ?hidden=${!may("edit")}
        @click=${() => {
          this.dispatchEvent(new Event("schedule-wanted"));
        }}
      >
        Change…
      </button>
      <a href=${toHash({ page: "schedules", notebook })}>Calendar</a>
      ${problem === "" ? nothing : html`<span class="problem" role="alert">${problem}</span>`}
    </div>`;
  }
}
