import { html, nothing, type TemplateResult } from "lit";

/** Of whoever is in a cell; `leaving`: another Escape would end editing. */
export type CellMode = "editing" | "leaving" | "command";

const words: Readonly<Record<CellMode, readonly [mode: string, keys: string]>> = {
  editing: ["Editing", "Esc Esc: command mode"],
  leaving: ["Editing", "Esc again: command mode, Tab: go on"],
  command: ["Command mode", "Enter: edit, ?: keys"],
};

/** A word on which mode somebody is in, and what leaves it. */
export function renderMode(mode: CellMode | undefined): TemplateResult {
  const [word, keys] = mode === undefined ? [] : words[mode];
  return html`<div class="mode" role="status">
    ${mode === undefined ? nothing : html`<span class=${mode}><b>${word}</b> · ${keys}</span>`}
  </div>`;
}
