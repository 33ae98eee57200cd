import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { RunView } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { api, ApiError } from "../api-client.js";
import { followEvents } from "../event-stream.js";
import { toHash } from "../router.js";
import { may } from "../session.js";
import { renderIcon } from "../styles/icon.js";

/** A run date, and earlier ones that delivered something else since it was computed. */
export interface RestatedDate {
  readonly runDate: string;
  readonly upstream: readonly string[];
}

/**
 * `<restated-dates>`: run dates that are restated upstream, what that means, and a button that runs them again.
 *
 * @fires restated-run - One of them was run again, or failed.
 */
@customElement("restated-dates")
export class RestatedDates extends LitElement {
  @property() notebook = "";
  @property({ attribute: false }) dates: readonly RestatedDate[] = [];
  /** The run date that is run now. */
  @state() private running: string | undefined;
  @state() private failed: RunView | undefined;
  @state() private problem: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** In their order, each with its own delivery; one that fails ends it, as later ones would stand on it. */
  async #run(): Promise<void> {
    this.failed = undefined;
    this.problem = undefined;
    try {
      for (const date of this.dates.map(({ runDate }) => runDate).sort()) {
        this.running = date;
        const { id } = await api.run(this.notebook, { date, materialize: true, input: "pinned" });
        const run = await finished(this.notebook, id);
        this.dispatchEvent(new Event("restated-run"));
        if (run.outcome.startsWith("succeeded")) continue;
        this.failed = run;
        break;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = [error.message, error.hint].join(" ");
    } finally {
      this.running = undefined;
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { dates, running, failed, problem } = this;
    if (dates.length === 0 && failed === undefined && problem === undefined) return nothing;
    const [only] = dates.length === 1 ? dates : [];
    return html`<section class="restated" aria-label="Restated upstream">
      ${
        dates.length === 0
          ? nothing
          : html`<p>
                ${renderIcon("anew")} <b>Restated upstream.</b>
                ${dates.map(({ runDate, upstream }, index) => html`${index === 0 ? "" : " "}${runDate} stands on what ${upstream.join(", ")} had delivered before; that was delivered anew since.`)}
                ${dates.length === 1 ? "It stays" : "They stay"} as published until run again.
              </p>
              <button
                class="outlined"
                ?hidden=${!may("run")}
                title="The whole notebook, each run date with its own delivery, in their order"
                ?disabled=${running !== undefined}
                @click=${this.#run}
              >
                Run ${only?.runDate ?? formatCount(dates.length, "run date")} again
              </button>`
      }
      ${running === undefined ? nothing : html`<span class="note" role="status">Running ${running} …</span>`}
      ${
        failed === undefined
          ? nothing
          : html`<p class="problem" role="alert">
              The run of ${failed.date} ${failed.outcome.replaceAll("_", " ")}:
              <a href=${toHash({ page: "runs", run: failed.id })}>see why</a>
            </p>`
      }
      ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
    </section>`;
  }
}

function finished(notebook: string, id: string): Promise<RunView> {
  return new Promise((resolve, reject) => {
    const stop = followEvents(
      { notebook },
      {
        onEvent: (event) => {
          if (event.type === "run-finished" && event.run.id === id) end(event.run);
        },
        // It may have ended before anybody listened.
        onResync: () => {
          api.runView(id).then(
            (run) => {
              if (!run.isRunning) end(run);
            },
            (error: unknown) => {
              stop();
              reject(error instanceof Error ? error : new Error(String(error)));
            },
          );
        },
      },
    );
    function end(run: RunView): void {
      stop();
      resolve(run);
    }
  });
}
