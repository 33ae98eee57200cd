import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Rollback } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { api, ApiError } from "../api-client.js";

interface Wanted {
  readonly notebook: string;
  readonly date: string;
  readonly to: number;
}

/**
 * `<rollback-dialog>`: says what showing an earlier publication again would do, and does it.
 * @fires rolled-back It is shown again.
 */
@customElement("rollback-dialog")
export class RollbackDialog extends LitElement {
  @state() private wanted: Wanted | undefined;
  @state() private plan: Rollback | undefined;
  @state() private problem: ApiError | undefined;
  @state() private isBusy = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async show(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    this.plan = undefined;
    await this.updateComplete;
    this.dialog.showModal();
    await this.#ask(wanted, true);
  }

  async #ask(wanted: Wanted, dryRun: boolean): Promise<void> {
    this.problem = undefined;
    this.isBusy = true;
    try {
      this.plan = await api.rollBack({ ...wanted, dryRun });
      if (dryRun) return;
      this.dialog.close();
      this.dispatchEvent(new Event("rolled-back"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }

  override render(): TemplateResult {
    const { wanted, plan, problem } = this;
    return html`<dialog class="rollback" aria-label="Roll back">
      <h2>Roll ${wanted?.date} back to publication ${wanted?.to}</h2>
      ${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem.message} ${problem.hint}</p>`}
      ${
        plan === undefined
          ? problem === undefined
            ? html`<div class="skeleton" aria-busy="true"></div>`
            : nothing
          : renderPlan(plan)
      }
      <footer>
        ${
          plan === undefined || plan.isNoop || wanted === undefined
            ? nothing
            : html`<button class="primary" ?disabled=${this.isBusy} @click=${() => this.#ask(wanted, false)}>
                Roll back
              </button>`
        }
        <span class="spacer"></span>
        <button
          @click=${() => {
            this.dialog.close();
          }}
        >
          Cancel
        </button>
      </footer>
    </dialog>`;
  }
}

function renderPlan({ notebook, date, from, number, isNoop, published, removed }: Rollback): TemplateResult {
  if (isNoop) return html`<p role="status">It is shown already: nothing would change.</p>`;
  return html`<p class="note" role="status">
      All that <code>${notebook}</code> publishes for ${date} is replaced, at
      once${from === null ? "" : `, and what is shown now stays as publication ${String(from)}`}. No data is
      copied; it becomes publication ${number}.
    </p>
    <table class="plain">
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
              <td class="number">${rowsBefore === null ? "" : formatCount(rowsBefore, "row")}</td>
              <td class="number">${formatCount(rows, "row")}</td>
              <td>${isChanged ? (rowsBefore === null ? "comes back" : "replaced") : "stays"}</td>
            </tr>`,
        )}
        ${removed.map(
          ({ dataset, rows }) =>
            html`<tr>
              <td>${dataset}</td>
              <td class="number">${formatCount(rows, "row")}</td>
              <td class="number"></td>
              <td>goes</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
