import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { QueryAnswer } from "../../server/api/protocol.js";
import { formatDuration } from "../../server/text/format.js";
import "../grid/data-grid.js";
import type { GridSource } from "../grid/grid-source.js";
import { gridHeight } from "./grid-height.js";

/** What a query gave that is in no file: rows, or why there are none. */
export interface Preview {
  readonly answer?: QueryAnswer;
  readonly problem?: string;
}

/** `<query-preview>`: rows that are kept nowhere. */
@customElement("query-preview")
export class QueryPreview extends LitElement {
  @property({ attribute: false }) preview: Preview = {};
  @state() private source: GridSource | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("preview")) return;
    const { answer } = this.preview;
    this.source = answer === undefined ? null : toSource(answer);
  }

  override render(): TemplateResult {
    const { answer, problem } = this.preview;
    return html`${problem === undefined ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
    ${this.source === null ? nothing : html`<data-grid .source=${this.source} label="Preview" plain style="height:${gridHeight(answer?.rows.length)}"></data-grid>`}
    ${answer?.waitedMs === undefined ? nothing : html`<p class="note">Waited ${formatDuration(answer.waitedMs)} for your other queries.</p>`}
    ${answer?.outdated === undefined ? nothing : html`<p class="note">Read ${renderOutdated(answer.outdated)}.</p>`}
    ${answer?.truncated === true ? html`<p class="note">Only the first ${answer.rows.length} rows.</p>` : nothing}`;
  }
}

/** Of which cells the rows are those of another text or of other values. */
export function renderOutdated(names: readonly string[]): TemplateResult {
  const list = names.map((name, index) => html`${index === 0 ? "" : ", "}<code>${name}</code>`);
  return html`${list} as last run, before what changed since`;
}

/** Rows that are here already, for a grid. */
export function toSource({ columns, rows, cut = [] }: QueryAnswer): GridSource {
  return {
    columns,
    totalRows: rows.length,
    fetchRows: (offset, limit) =>
      Promise.resolve({
        rows: rows.slice(offset, offset + limit),
        totalRows: rows.length,
        cut: cut.map((value) => ({ ...value, row: value.row - offset })),
      }),
  };
}
