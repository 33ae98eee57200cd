import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Summary } from "../../server/api/protocol.js";
import { formatCount, formatNumber } from "../../server/text/format.js";
import { api } from "../api-client.js";
import { isFreeName } from "../chart/chart-choices.js";
import "../grid/data-grid.js";
import type { GridColumn, GridSource } from "../grid/grid-source.js";
import { may } from "../session.js";
import "../styles/summary.css";
import { dialogOfPage, PreviewingDialog } from "./previewing-dialog.js";
import { toSource } from "./query-preview.js";
import {
  firstChoices,
  nameOfSummary,
  titleOfKey,
  toSummaryBody,
  type SummaryChoices,
} from "./summary-choices.js";
import type { SummaryChangeEvent } from "./summary-form.js";
import "./summary-form.js";

const ROWS = 100;

type Asked = Omit<Parameters<typeof api.summarize>[2], "groupBy" | "pivot" | "measures" | "limit">;

export interface RowsToSumUp {
  readonly notebook: string;
  readonly cell: string;
  readonly columns: readonly GridColumn[];
  /** Which of its rows. */
  readonly rows: Asked;
  /** Keys of columns that are wanted as groups. */
  readonly groupBy: readonly string[];
  /** Names that the new cell cannot have. */
  readonly takenNames: readonly string[];
}

export interface MadeSummary {
  readonly name: string;
  readonly sql: string;
}

/** `<summary-dialog>`: groups of a cell's rows and their measures by choice, as rows or as a pivot, with what they give. */
@customElement("summary-dialog")
export class SummaryDialog extends PreviewingDialog<Summary, MadeSummary> {
  @state() private of: RowsToSumUp = {
    ...{ notebook: "", cell: "" },
    columns: [],
    rows: {},
    groupBy: [],
    takenNames: [],
  };
  @state() private choices: SummaryChoices = firstChoices([], []);
  /** As it was typed; undefined: as it follows from what is chosen. */
  @state() private typedName: string | undefined;
  #source: GridSource | null = null;

  /** The one of the page. */
  static here(): SummaryDialog {
    return dialogOfPage("summary-dialog");
  }

  /** The cell that is to be made; undefined: none. */
  choose(of: RowsToSumUp): Promise<MadeSummary | undefined> {
    this.of = of;
    this.typedName = undefined;
    this.choices = firstChoices(of.columns, of.groupBy);
    return this.openFor();
  }

  protected override load(signal: AbortSignal): Promise<Summary> {
    const { notebook, cell, rows } = this.of;
    return api.summarize(notebook, cell, { ...rows, ...toSummaryBody(this.choices), limit: ROWS }, signal);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("shown")) this.#source = this.shown === undefined ? null : toSource(this.shown);
  }

  get #name(): string {
    return this.typedName ?? nameOfSummary(this.of.cell, this.choices, this.of.takenNames);
  }

  override render(): TemplateResult {
    const { cell, takenNames, rows } = this.of;
    const isNameFree = isFreeName(this.#name, takenNames);
    const isSome = (rows.filter?.length ?? 0) + (rows.picked?.length ?? 0) > 0;
    return html`<dialog class="summary" aria-label="Group and pivot" @close=${this.leave}>
      <form
        method="dialog"
        @submit=${(event: Event) => {
          if (this.#isReady && isNameFree) this.reply({ name: this.#name, sql: this.shown?.sql ?? "" });
          else event.preventDefault();
        }}
      >
        <h2>Group and pivot <code>${cell}</code></h2>
        <summary-form
          .columns=${this.of.columns}
          .choices=${this.choices}
          ?hasothers=${this.#hasOthers}
          @summary-change=${({ choices }: SummaryChangeEvent) => {
            this.#change(choices);
          }}
        ></summary-form>
        ${this.renderProblem()}
        <p class="note" role="status">
          ${isSome ? "Of the rows that the table is filtered by. " : ""}${this.#words()}
        </p>
        <div class="summary-rows" aria-busy=${this.isOld}>
          ${
            this.#source === null
              ? html`<div class="skeleton"></div>`
              : html`<data-grid
                  .source=${this.#source}
                  label="What it gives"
                  plain
                  ?stale=${this.isOld}
                ></data-grid>`
          }
        </div>
        <details>
          <summary>SQL of the cell</summary>
          <pre class="sql" tabindex="0" aria-label="SQL of the cell">${this.shown?.sql}</pre>
        </details>
        ${may("edit") ? this.#renderName(isNameFree) : nothing}
        ${this.renderFooter(
          may("edit")
            ? html`<button class="primary" ?disabled=${!this.#isReady || !isNameFree}>As a new cell</button>`
            : nothing,
          may("edit") ? "Cancel" : "Close",
          nothing,
        )}
      </form>
    </dialog>`;
  }

  get #isReady(): boolean {
    return this.shown !== undefined && !this.isOld;
  }

  /** More values than have columns. */
  get #hasOthers(): boolean {
    const pivot = this.shown?.pivot;
    return pivot !== undefined && pivot.values > pivot.shown;
  }

  #words(): string {
    const { shown: summary, choices } = this;
    if (summary === undefined) return "";
    const rows = formatCount(summary.rows.length, "row");
    const some = summary.truncated ? `The first ${rows}.` : `${rows}.`;
    const { pivot } = summary;
    if (pivot === undefined || choices.pivot === undefined) return some;
    const { values, shown } = pivot;
    const { grain } = choices.pivot;
    const column = titleOfKey(choices.pivot.column, this.of.columns);
    const each = grain === "" ? "value" : grain;
    if (values > shown)
      return `${some} ${column} has ${formatCount(values, each)}: the ${formatNumber(shown)} of most rows have columns, all others together are “(other)”.`;
    return choices.rest
      ? `${some} Each ${each} of ${column} has a column; those that come later are in “(other)”.`
      : `${some} Each ${each} of ${column} that there is now has a column; one that comes later has none.`;
  }

  #renderName(isFree: boolean): TemplateResult {
    return html`<label class="name"
      >Name of the cell<input
        .value=${this.#name}
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${!isFree}
        @input=${(event: Event) => (this.typedName = (event.target as HTMLInputElement).value)}
      />${
        isFree
          ? nothing
          : html`<span class="problem" role="alert"
              >The name must be free, of a-z, 0-9 and _, and not begin with a digit.</span
            >`
      }</label
    >`;
  }

  #change(choices: SummaryChoices): void {
    this.choices = choices;
    void this.look();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "summary-dialog": SummaryDialog;
  }
}
