import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { VacuumReport } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { formatBytes, formatCount } from "../../server/text/format.js";

/** More than this many versions nobody reads. */
const MAX_LISTED = 100;

/**
 * `<vacuum-dialog>`: shows what nothing names any longer before it removes it.
 * @fires vacuumed It was removed.
 */
@customElement("vacuum-dialog")
export class VacuumDialog extends LitElement {
  @state() private report: VacuumReport | undefined;
  @state() private problem: ApiError | undefined;
  @state() private isBusy = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async show(): Promise<void> {
    this.report = undefined;
    await this.updateComplete;
    this.dialog.showModal();
    await this.#ask(true);
  }

  async #ask(dryRun: boolean): Promise<void> {
    this.problem = undefined;
    this.isBusy = true;
    try {
      this.report = await api.vacuum({ dryRun });
      if (!dryRun) this.dispatchEvent(new Event("vacuumed"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  override render(): TemplateResult {
    const { report, problem } = this;
    return html`<dialog class="vacuum" aria-label="Vacuum">
      <h2>Vacuum the lake</h2>
      <p class="note">
        Kept are the last 12 run dates of each notebook, drafts within 10 GiB, and what runs need that are at
        work or can be resumed.
      </p>
      ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem.message} ${problem.hint}</p>`}
      ${
        report === undefined
          ? problem === undefined
            ? html`<div class="skeleton" aria-busy="true"></div>`
            : nothing
          : renderReport(report)
      }
      <footer>
        ${
          report === undefined || report.isDone || isEmpty(report)
            ? nothing
            : html`<button class="primary" ?disabled=${this.isBusy} @click=${() => this.#ask(false)}>
                Remove
              </button>`
        }
        <span class="spacer"></span>
        <button
          @click=${() => {
            this.dialog.close();
          }}
        >
          ${report === undefined || report.isDone || isEmpty(report) ? "Close" : "Cancel"}
        </button>
      </footer>
    </dialog>`;
  }
}

function isEmpty({ publications, versions, inputs }: VacuumReport): boolean {
  return publications.length + versions.length + inputs.length === 0;
}

function renderReport(report: VacuumReport): TemplateResult {
  if (isEmpty(report)) return html`<p role="status">There is nothing to remove.</p>`;
  const { publications, versions, inputs, bytes, isDone, problems } = report;
  const rest = versions.length - MAX_LISTED;
  return html`<p role="status">
      ${isDone ? "Removed" : "Would remove"} ${formatCount(publications.length, "publication")},
      ${formatCount(versions.length, "version")} and ${formatCount(inputs.length, "input file")}, at most
      ${formatBytes(bytes)}.
    </p>
    ${problems.map((text) => html`<p class="problem" role="alert">${text}</p>`)}
    <ul>
      ${publications.map(({ notebook, runDate }) => html`<li><code>${notebook}</code> of ${runDate}</li>`)}
      ${versions.slice(0, MAX_LISTED).map(
        ({ dataset, bytes: size, reason }) =>
          html`<li>
            <code>${dataset}</code>
            <span class="meta"
              >${reason === "draft" ? "a draft" : "of an old run date"}, ${formatBytes(size)}</span
            >
          </li>`,
      )}
      ${rest > 0 ? html`<li>and ${formatCount(rest, "more version")}</li>` : nothing}
    </ul>`;
}
