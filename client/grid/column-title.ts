import { html, nothing, type TemplateResult } from "lit";
import type { ColumnTitle } from "./grid-source.js";

/** The name of a column, with a small number where it is not the first of that name. */
export function renderTitle({ name, number }: ColumnTitle): TemplateResult {
  return html`<span class="name">${name}</span>${
      number === 1
        ? nothing
        : html`<span class="namesake" aria-hidden="true">${number}</span
            ><span class="visually-hidden">number ${number} of that name</span>`
    }`;
}
