import { html, nothing, type TemplateResult } from "lit";
import type { RunView } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { quoteName } from "../../server/text/sql-keywords.js";
import { toHash } from "../router.js";
import { may } from "../session.js";
import { renderIncrement } from "./increment-strip.js";
import { renderRemoved } from "./removed-list.js";

/** Something is to follow: the notebook is shared, or a query is begun in a scratch cell. */
export class NextStepEvent extends Event {
  readonly step: "share" | { readonly query: string };

  constructor(step: NextStepEvent["step"]) {
    super("next-step", { bubbles: true, composed: true });
    this.step = step;
  }
}

/** What came of a run that publishes. `leave`: a link within it was followed. */
export function renderOutcome(run: RunView, leave: () => void): TemplateResult {
  const failed = run.checks.filter((check) => check.outcome !== "pass");
  const isPublished = run.published.length + run.removed.length > 0;
  const nothingWords = run.note ?? `Nothing was published: the run ${run.outcome.replaceAll("_", " ")}.`;
  return html`<p role="status" class="outcome ${run.outcome}">
      ${isPublished ? `Published for ${run.date}.` : nothingWords} ${run.error?.message}
    </p>
    ${run.cells.filter((cell) => cell.error !== undefined).map((cell) => html`<p class="problem"><code>${cell.name}</code>: ${cell.error?.message}</p>`)}
    ${
      failed.length === 0
        ? nothing
        : html`<ul class="problems">
            ${failed.map((check) => html`<li class=${check.outcome === "warn" ? "warning" : "error"}><code>${check.name}</code> ${check.message}</li>`)}
          </ul>`
    }
    ${run.published.length === 0 ? nothing : renderPublished(run, leave)}
    ${
      run.removed.length === 0
        ? nothing
        : html`<h3>Gone from ${run.date}</h3>
            ${renderRemoved(run.removed, run.notebook, true)}`
    }`;
}

/** What somebody wants who has published. */
export function renderNextSteps(
  { published, date }: RunView,
  leave: () => void,
): TemplateResult | typeof nothing {
  const last = published.at(-1);
  if (last === undefined) return nothing;
  const go = (event: Event, step: NextStepEvent): void => {
    leave();
    event.target?.dispatchEvent(step);
  };
  const { dataset } = last;
  return html`<a
      class="button outlined"
      href=${toHash({ page: "lake", dataset, date })}
      @click=${leave}
      title="Its rows, its versions and what changed from one to the next"
      >Open in the lake</a
    >
    <button
      class="outlined"
      ?hidden=${!may("query")}
      title="Ask what was published in a scratch cell"
      @click=${(event: Event) => {
        go(event, new NextStepEvent({ query: `FROM lake.${quoteName(dataset)}` }));
      }}
    >
      Query it
    </button>
    <button
      class="outlined"
      @click=${(event: Event) => {
        go(event, new NextStepEvent("share"));
      }}
    >
      ${may("share") ? "Share…" : "Download…"}
    </button>`;
}

function renderPublished(run: RunView, leave: () => void): TemplateResult {
  const { published, date } = run;
  return html`<div class="scroller" tabindex="0" role="region" aria-label="What was published">
    <table class="plain list stacks">
      <tbody>
        ${published.map(
          (item) =>
            html`<tr>
              <td>
                <a href="#/lake/${encodeURIComponent(item.dataset)}/${date}" @click=${leave}
                  >${item.dataset}</a
                >
              </td>
              <td class="number">${formatCount(item.rows, "row")}</td>
              <td>${item.isChanged ? "published" : "unchanged"}</td>
              <td><code>${item.path}</code>${renderIncrementOf(run, item.dataset, leave)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Whoever follows it has seen what was published. */
function renderIncrementOf(
  run: RunView,
  dataset: string,
  leave: () => void,
): TemplateResult | typeof nothing {
  const record = run.cells.find(({ name }) => name === dataset);
  if (record === undefined) return nothing;
  const onClick = (event: Event): void => {
    if (event.target instanceof HTMLAnchorElement) leave();
  };
  return html`<div @click=${onClick}>
    ${renderIncrement(record, run, { notebook: run.notebook, cells: [] })}
  </div>`;
}

declare global {
  interface HTMLElementEventMap {
    "next-step": NextStepEvent;
  }
}
