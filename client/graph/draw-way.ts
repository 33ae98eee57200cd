import { html, nothing, type TemplateResult } from "lit";
import { showControls } from "../../server/text/format.js";
import type { ColumnWay, WayStop } from "./column-way.js";

const MOST_NAMES = 8;

/** What a cell on the way says in the place of its figures. */
export function noteOf({ role, columns }: WayStop): string {
  const [first, ...others] = columns;
  if (first === undefined)
    return role === "unknown" ? "cannot be told" : role === "rows" ? "which rows" : "looks at it";
  return others.length === 0 ? first : `${first} +${String(others.length)}`;
}

/** Below the graph: what the way has outside of the notebook, and what cannot be told. */
export function renderWay(way: ColumnWay, forget: () => void): TemplateResult {
  const line = (label: string, names: readonly string[], kind = ""): TemplateResult | typeof nothing =>
    names.length === 0 ? nothing : html`<p class=${kind}>${label} ${showControls(shortList(names))}</p>`;
  return html`<div class="way" role="status">
    <button @click=${forget}>Show all</button>
    <p><b>${showControls(`${way.cell}.${way.column}`)}</b></p>
    ${line("from", way.from)} ${line("into", way.into)} ${line("Cannot be told:", way.unknown, "doubt")}
    <p>solid: values · dashed: only which rows · dotted: cannot be told</p>
  </div>`;
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${String(names.length - MOST_NAMES)} more` : shown;
}
