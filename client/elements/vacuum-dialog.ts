import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { VacuumReport } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { AskingDialog } from "./asking-dialog.js";
import { formatBytes, formatCount } from "../../server/text/format.js";

/** More than this many versions nobody reads. */
const MAX_LISTED = 100;

/**
 * `<vacuum-dialog>`: shows what nothing names any longer before it removes it.
 * @fires vacuumed It was removed.
 */
@customElement("vacuum-dialog")
export class VacuumDialog extends AskingDialog {
  @state() private report: VacuumReport | undefined;

  async show(): Promise<void> {
    this.report = undefined;
    await this.open();
    await this.#vacuum(true);
  }

  #vacuum(dryRun: boolean): Promise<void> {
    return this.ask(async () => {
      this.report = await api.vacuum({ dryRun });
      if (!dryRun) this.dispatchEvent(new Event("vacuumed"));
    });
  }

  override render(): TemplateResult {
    const { report } = this;
    const isOver = report === undefined || report.isDone || isEmpty(report);
    const action = isOver
      ? nothing
      : html`<button class="primary" ?disabled=${this.isBusy} @click=${() => this.#vacuum(false)}>
          Remove
        </button>`;
    return html`<dialog class="vacuum" aria-label="Vacuum">
      <h2>Vacuum the lake</h2>
      <p class="note">
        Frees disk space by removing what nothing needs any longer; nothing goes before you press Remove. Kept
        are the last 12 run dates of each notebook, drafts within 10 GiB, and what runs need that are at work
        or can be resumed.
      </p>
      ${this.renderAnswer(report, renderReport)} ${this.renderFooter(action, isOver ? "Close" : "Cancel")}
    </dialog>`;
  }
}

const reasons: Readonly<Record<VacuumReport["versions"][number]["reason"], string>> = {
  draft: "a draft",
  "old-date": "of an old run date",
  damaged: "damaged, and published no longer",
};

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
            <span class="meta">${reasons[reason]}, ${formatBytes(size)}</span>
          </li>`,
      )}
      ${rest > 0 ? html`<li>and ${formatCount(rest, "more version")}</li>` : nothing}
    </ul>`;
}
