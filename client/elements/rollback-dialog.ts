import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Rollback } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { api } from "../api-client.js";
import { toHash } from "../router.js";
import { AskingDialog } from "./asking-dialog.js";

interface Wanted {
  /** Which is looked at. */
  readonly dataset: string;
  readonly notebook: string;
  readonly date: string;
  readonly to: number;
}

/**
 * `<rollback-dialog>`: says what showing an earlier publication again would do, and does it.
 * @fires rolled-back It is shown again.
 */
@customElement("rollback-dialog")
export class RollbackDialog extends AskingDialog {
  @state() private wanted: Wanted | undefined;
  @state() private plan: Rollback | undefined;
  @state() private isDone = false;

  async show(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    this.plan = undefined;
    this.isDone = false;
    await this.open();
    await this.#rollBack(wanted, true);
  }

  #rollBack(wanted: Wanted, dryRun: boolean): Promise<void> {
    return this.ask(async () => {
      const { notebook, date, to } = wanted;
      this.plan = await api.rollBack({ notebook, date, to, dryRun });
      if (dryRun) return;
      this.isDone = true;
      this.dispatchEvent(new Event("rolled-back"));
      await this.updateComplete;
      this.querySelector<HTMLElement>("footer .primary")?.focus();
    });
  }

  override render(): TemplateResult {
    const { wanted, plan } = this;
    const action =
      plan === undefined || plan.isNoop || wanted === undefined
        ? nothing
        : html`<button class="primary" ?disabled=${this.isBusy} @click=${() => this.#rollBack(wanted, false)}>
            Roll back
          </button>`;
    return html`<dialog class="rollback" aria-label="Roll back">
      <h2>Roll ${wanted?.date} back to publication ${wanted?.to}</h2>
      ${
        this.isDone && plan !== undefined
          ? this.#renderDone(plan)
          : html`${this.renderAnswer(plan, renderPlan)} ${this.renderFooter(action)}`
      }
    </dialog>`;
  }

  #renderDone({ date, from, to, number }: Rollback): TemplateResult {
    const { dataset, notebook } = this.wanted ?? {};
    return html`<p role="status">
        Publication ${to} of ${date} is shown again, as publication ${number}. The next run of ${notebook} for
        ${date} replaces it: correct the notebook or its input before.
      </p>
      <footer>
        <button type="button" class="primary" @click=${this.close}>Done</button>
        ${
          dataset === undefined || from === null
            ? nothing
            : html`<a
                class="button outlined"
                href=${toHash({ page: "lake", dataset, date, from: `${date}@${String(from)}`, to: date })}
                @click=${this.close}
                >See what changed</a
              >`
        }
      </footer>`;
  }
}

function renderPlan({ notebook, date, from, number, isNoop, published, removed }: Rollback): TemplateResult {
  if (isNoop) return html`<p role="status">It is shown already: nothing would change.</p>`;
  return html`<p class="note" role="status">
      All that <code>${notebook}</code> publishes for ${date} is replaced, at
      once${from === null ? "" : `, and what is shown now stays as publication ${String(from)}`}. No data is
      copied; it becomes publication ${number}.
    </p>
    <table class="plain stacks">
      <thead>
        <tr>
          <th>dataset</th>
          <th class="number">rows now</th>
          <th class="number">then</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${published.map(
          ({ dataset, rows, rowsBefore, isChanged }) =>
            html`<tr>
              <td>${dataset}</td>
              <td class="number" data-label="now">
                ${rowsBefore === null ? "" : formatCount(rowsBefore, "row")}
              </td>
              <td class="number" data-label="then">${formatCount(rows, "row")}</td>
              <td>${isChanged ? (rowsBefore === null ? "comes back" : "replaced") : "stays"}</td>
            </tr>`,
        )}
        ${removed.map(
          ({ dataset, rows }) =>
            html`<tr>
              <td>${dataset}</td>
              <td class="number" data-label="now">${formatCount(rows, "row")}</td>
              <td class="number"></td>
              <td>goes</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
