import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CellDiff, NothingPublished } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { formatCount, toText } from "../../server/text/format.js";

/** How the draft of a dataset differs from what is published: counts, columns, and examples old and new. */
@customElement("cell-changes")
export class CellChanges extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  /** Changes when there is a new draft. */
  @property() version = "";
  @state() private diff: CellDiff | NothingPublished | undefined;
  @state() private problem: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("version") || changed.has("cell")) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.diff = await api.cellDiff(this.notebook, this.cell);
      this.problem = undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.diff = undefined;
      this.problem = error.message;
    }
  }

  override render(): TemplateResult {
    if (this.problem !== undefined) return html`<p class="note">${this.problem}</p>`;
    if (this.diff === undefined) return html`<div class="skeleton" aria-busy="true"></div>`;
    const { diff } = this;
    if (diff.against === null)
      return html`<p class="note">
        Nothing is published yet under <code>${diff.dataset}</code>: materializing publishes
        ${formatCount(diff.rowsAfter, "row")}.
      </p>`;
    if (diff.isSame)
      return html`<p class="note">The draft is what is published for ${diff.against}: nothing changes.</p>`;
    const total = Math.max(diff.rowsBefore, diff.rowsAfter);
    return html`<div class="changes">
      <p class="headline">
        ${
          diff.key.length === 0
            ? html`<b>${formatCount(diff.added, "row")}</b> added,
                <b>${formatCount(diff.removed, "row")}</b> removed`
            : html`<b>${diff.changed}</b> of ${formatCount(total, "row")}
                change${diff.changed === 1 ? "s" : ""}, ${diff.added} added, ${diff.removed} removed`
        }
        <span class="muted"
          >against
          ${diff.against}${diff.keyFrom === "group by" ? html`, matched by <code>${diff.key.join(", ")}</code>, which the query groups by` : nothing}</span
        >
      </p>
      ${this.#renderColumns(diff)} ${this.#renderChanged(diff)}
      ${this.#renderRows("Added", diff.examples.added, diff)}
      ${this.#renderRows("Removed", diff.examples.removed, diff)}
    </div>`;
  }

  #renderColumns(diff: CellDiff): TemplateResult | typeof nothing {
    const columns = diff.columns.filter(
      (column) => column.changed > 0 || column.before !== undefined || column.after !== undefined,
    );
    if (columns.length === 0) return nothing;
    return html`<ul class="column-changes">
      ${columns.map(
        (column) =>
          html`<li>
            <code>${column.name}</code>
            ${column.changed > 0 ? html`${formatCount(column.changed, "row")}` : nothing}
            ${typeChange(column.before, column.after)}
          </li>`,
      )}
    </ul>`;
  }

  #renderChanged(diff: CellDiff): TemplateResult | typeof nothing {
    const { changed } = diff.examples;
    if (changed.length === 0) return nothing;
    const kinds = new Map(diff.examples.columns.map((column) => [column.name, column.kind]));
    const text = (value: unknown, column: string): string =>
      value === null ? "NULL" : toText(value, kinds.get(column) ?? "other");
    return html`<div class="scroller" tabindex="0" role="region" aria-label="Changed rows">
      <table class="plain">
        <thead>
          <tr>
            <th>${diff.key.join(", ")}</th>
            <th>column</th>
            <th class="before">published</th>
            <th class="after">draft</th>
          </tr>
        </thead>
        <tbody>
          ${changed.flatMap((row) =>
            row.values.map(
              ({ column, before, after }) =>
                html`<tr>
                  <td>${row.key.map((value, index) => text(value, diff.key[index] ?? "")).join(", ")}</td>
                  <td><code>${column}</code></td>
                  <td class="before">${text(before, column)}</td>
                  <td class="after">${text(after, column)}</td>
                </tr>`,
            ),
          )}
        </tbody>
      </table>
    </div>`;
  }

  #renderRows(
    label: string,
    rows: readonly (readonly unknown[])[],
    diff: CellDiff,
  ): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    const { columns } = diff.examples;
    return html`<h4>${label}</h4>
      <div class="scroller" tabindex="0" role="region" aria-label="${label} rows">
        <table class="plain">
          <thead>
            <tr>
              ${columns.map((column) => html`<th>${column.name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  ${columns.map((column, index) => html`<td>${row[index] === null ? "NULL" : toText(row[index], column.kind)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }
}

function typeChange(before: string | undefined, after: string | undefined): TemplateResult | typeof nothing {
  if (before === undefined && after === undefined) return nothing;
  if (before === undefined) return html`<span class="after">new, ${after}</span>`;
  return after === undefined
    ? html`<span class="before">gone, was ${before}</span>`
    : html`${before} → ${after}`;
}
