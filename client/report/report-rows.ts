import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CellRowsPage } from "../../server/api/protocol.js";
import { formatNumberAs } from "../../server/text/column-format.js";
import { formatNumber, formatValue } from "../../server/text/format.js";
import { familyOf } from "../../server/text/type-kind.js";
import type { ReportWidth } from "../../server/notebook/report-width.js";
import { fitPaper, longestWhole, PRINTED_ROWS } from "../../server/report/paper.js";
import { ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { cellSource, firstRows } from "../elements/cell-source.js";
import { renderRows, renderValue } from "../elements/rows-table.js";
import type { GridSource } from "../grid/grid-source.js";
import { ownValue } from "../own-value.js";
import { PickedRows } from "../store/picked-rows.js";
import "./report-elements.js";

const NAMES = 41;
const ROW = 24;
const BAR = 34;

/** `<report-rows>`: the rows of a cell in a report, filtered by what is picked in charts of them. */
@customElement("report-rows")
export class ReportRows extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  /** Fingerprint of the rows. */
  @property() result = "";
  @property() override title = "";
  /** How many there are, as far as that is known before they are here. */
  @property({ type: Number }) total: number | undefined;
  @property() width: ReportWidth | undefined;
  @property({ attribute: false }) formats: Readonly<Record<string, string>> = {};
  @property({ type: Boolean }) stale = false;
  @state() private source: GridSource | null = null;
  @state() private problem: string | null = null;
  @state() private isPrinted = false;
  #first: CellRowsPage | undefined;
  readonly #again = new AskAgain(this, () => void this.#load());
  #loading = new AbortController();
  readonly #picked = new PickedRows(
    this,
    () => ({ source: this.cell }),
    () => void this.#load(),
  );

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("notebook") || changed.has("cell") || changed.has("result")) void this.#load();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const type of ["beforeprint", "afterprint"]) addEventListener(type, this.#onPrint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const type of ["beforeprint", "afterprint"]) removeEventListener(type, this.#onPrint);
  }

  /** What a grid has out of sight would not be on the paper. */
  readonly #onPrint = ({ type }: Event): void => {
    this.isPrinted = type === "beforeprint";
    // The paper does not wait.
    this.performUpdate();
  };

  readonly #retry = (): void => void this.#load();

  async #load(): Promise<void> {
    const { notebook, cell, result } = this;
    const asked = { notebook, cell, wanted: { result, picked: this.#picked.take() } };
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    const isLate = (): boolean =>
      signal.aborted || this.#picked.isOld || result !== this.result || cell !== this.cell;
    try {
      const first = await firstRows(asked, signal);
      if (isLate()) return;
      this.#again.note();
      this.problem = null;
      this.#first = first;
      this.source = cellSource(asked, first);
    } catch (error) {
      if (isLate()) return;
      if (!(error instanceof ApiError)) throw error;
      if (this.#picked.isRejected(error)) return;
      this.#again.note(error);
      this.problem = error.status === 404 ? "Its rows are no longer kept." : error.message;
    }
  }

  override render(): TemplateResult {
    const { notebook, result, total } = this;
    const rows = Math.min(9.625, Math.max(1, this.source?.totalRows ?? total ?? 9.625));
    return html`${this.#picked.renderLine({ notebook, result, totalRows: total })}<report-grid
        ?hidden=${this.isPrinted}
        .source=${this.source}
        .problem=${this.problem}
        .retry=${this.#retry}
        .formats=${this.formats}
        ?stale=${this.stale}
        label=${this.title}
        style="height:${String(BAR + NAMES + ROW * rows + 2)}px"
      ></report-grid
      >${this.isPrinted && this.source !== null ? this.#renderPrinted() : nothing}`;
  }

  #renderPrinted(): TemplateResult {
    const { columns = [], rows = [], totalRows = 0 } = this.#first ?? {};
    const printed = rows.slice(0, PRINTED_ROWS);
    const looks = columns.map(({ name, kind }, at) => {
      const family = familyOf(kind);
      const isNumber = family === "number";
      const format = isNumber ? ownValue(this.formats, name) : undefined;
      const texts = printed.map(
        (row) =>
          (format === undefined ? undefined : formatNumberAs(row[at], format)) ??
          formatValue(row[at], kind).text,
      );
      const longest = longestWhole(texts, isNumber || family === "temporal");
      const mark = isNumber ? "number" : longest === undefined ? undefined : "whole";
      return { kind, texts, longest, isFormatted: format !== undefined, ...(mark && { mark }) };
    });
    const shown = printed.map((row, index) => ({
      head: html`<th>${index + 1}</th>`,
      values: looks.map(({ kind, texts, isFormatted, mark }, at) => ({
        content: isFormatted ? texts[index] : renderValue(row[at], kind),
        ...(mark && { mark }),
      })),
    }));
    const note =
      totalRows > PRINTED_ROWS ? `The first ${String(PRINTED_ROWS)} of ${formatNumber(totalRows)} rows.` : "";
    const { className, style } = fitPaper(
      looks.map(({ longest }) => longest),
      this.width,
    );
    return html`<div class="report-print ${className}" style=${style}>
      ${renderRows(this.title, columns, shown)}${note === "" ? nothing : html`<p>${note}</p>`}
    </div>`;
  }
}
