import { html, nothing, type TemplateResult } from "lit";
import { formatValue } from "../../server/text/format.js";
import type { TypeKind } from "../../server/text/type-kind.js";

export interface ShownRow {
  /** What stands before its values: a `td` or a `th`. */
  readonly head: TemplateResult;
  readonly values: readonly ShownValue[];
}

export interface ShownValue {
  readonly content: unknown;
  /** A class. */
  readonly mark?: string;
}

/** A few rows that need no grid, by their columns. */
export function renderRows(
  label: string,
  columns: readonly { readonly name: string }[],
  rows: readonly ShownRow[],
): TemplateResult {
  return html`<div class="scroller" tabindex="0" role="region" aria-label=${label}>
    <table class="plain">
      <thead>
        <tr>
          <th></th>
          ${columns.map(({ name }) => html`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ head, values }) =>
            html`<tr>
              ${head} ${values.map(({ content, mark }) => html`<td class=${mark ?? nothing}>${content}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** As in a grid: what is absent or invisible is not taken for a text. */
export function renderValue(value: unknown, typeKind: TypeKind = "other"): TemplateResult | string {
  const { text, kind } = formatValue(value, typeKind);
  return kind === "null" || kind === "empty" ? html`<i class="absent">${text}</i>` : text;
}
