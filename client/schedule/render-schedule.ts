import { html, nothing, type TemplateResult } from "lit";
import type { ScheduleView } from "../../server/api/protocol.js";
import { toHash } from "../router.js";
import { may, whyNot } from "../session.js";
import { formatDistance, formatIn, standingOf } from "./schedule-words.js";

/** `role=switch`, as it is on or off at once; its word says which. */
export function renderToggle({ notebook, isPaused }: ScheduleView, toggle: () => void): TemplateResult {
  if (!may("run"))
    return html`<span class="meta" title=${whyNot("run")}>${isPaused ? "Paused" : "On"}</span>`;
  return html`<button
    class="schedule-toggle"
    role="switch"
    aria-checked=${!isPaused}
    aria-label="Schedule of ${notebook}"
    title=${isPaused ? "Resume: begin runs again when they are due" : "Pause: begin nothing until it is resumed"}
    @click=${toggle}
  >
    <span class="knob" aria-hidden="true"></span>${isPaused ? "Paused" : "On"}
  </button>`;
}

/** In how long, and when by the clocks of the schedule's time zone. */
export function renderNext({ next, schedule, isPaused }: ScheduleView, now: number): TemplateResult {
  const [first] = next;
  if (first === undefined) return html`<span class="meta">no fixed time</span>`;
  return html`<span class=${isPaused ? "muted" : ""}
    >${isPaused ? "if resumed, " : nothing}${formatDistance(first.at, now)}
    <time class="meta" datetime=${first.at}
      >${formatIn(first.at, schedule.timezone)} ${schedule.timezone}</time
    ></span
  >`;
}

export function renderStanding(view: ScheduleView): TemplateResult | typeof nothing {
  const standing = standingOf(view);
  if (standing === undefined) return nothing;
  if (standing.run === undefined) return html`<span class="standing-words">${standing.words}</span>`;
  return html`<a class="standing-words" href=${toHash({ page: "runs", run: standing.run })}
    >${standing.words}</a
  >`;
}
