import { html, nothing, type TemplateResult } from "lit";
import type { CellView } from "../../server/api/protocol.js";
import { isStale, type NotebookState } from "../store/notebook-store.js";
import { markOf, renderStatusMark } from "../styles/status-mark.js";

/** The cells with their standing, beside the notebook. */
export function renderOutline(
  { name: notebook, view, runs, plan }: NotebookState,
  selected: string | undefined,
  goTo: (name: string) => void,
): TemplateResult[] {
  return (view?.cells ?? []).map((cell) => {
    const record = runs.cells.get(cell.name);
    const isShown = cell.kind === "sql" || cell.kind === "check";
    const mark = cell.hasErrors
      ? "failed"
      : markOf({
          kind: cell.kind,
          status: record?.status ?? "idle",
          outcome: record?.outcome ?? "none",
          isStale: isStale(plan.get(cell.name), record),
        });
    return html`<a
      href="#/notebooks/${encodeURIComponent(notebook)}/${cell.name}"
      class=${cell.kind}
      aria-current=${selected === cell.name ? "true" : "false"}
      @click=${(event: Event) => {
        event.preventDefault();
        goTo(cell.name);
      }}
    >
      <span class="outline-mark">${isShown ? renderStatusMark(mark) : renderGlyph(cell)}</span>
      <span class="outline-name">${cell.name}</span
      ><span class="outline-rows">${record?.rows ?? nothing}</span>
    </a>`;
  });
}

function renderGlyph({ kind }: CellView): TemplateResult {
  return html`<span class="glyph">${kind === "chart" ? "◔" : "◇"}</span>`;
}
