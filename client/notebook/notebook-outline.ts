import { html, nothing, type TemplateResult } from "lit";
import { cellKinds, isStepKind } from "../../server/notebook/cell-kinds.js";
import { shapeOfKind } from "../kinds/kinds.js";
import type { CellView } from "../../server/api/protocol.js";
import { describeVerdict, verdictOf } from "../../server/notebook/verdict.js";
import { formatNumber } from "../../server/text/format.js";
import { proposedCells, type NotebookState } from "../store/notebook-state.js";
import { isStale, shownChecks, shownRecord } from "../store/standing.js";
import { plainReason } from "../elements/reason.js";
import { markOf, renderStatusMark, wordOf } from "../styles/status-mark.js";

/** The cells with their standing, beside the notebook. */
export function renderOutline(
  state: NotebookState,
  selected: string | undefined,
  goTo: (name: string) => void,
): TemplateResult[] {
  const { name: notebook, view, runs, forecast } = state;
  const asked = askedCells(state);
  const proposed = new Set(proposedCells(state));
  return (view?.cells ?? []).map((cell) => {
    const record = shownRecord(forecast.get(cell.name), runs.cells.get(cell.name));
    const isShown = isStepKind(cell.kind);
    const checks = shownChecks(state, cell.name);
    const verdict = verdictOf(checks);
    const mark = cell.hasErrors
      ? "failed"
      : markOf({
          kind: cell.kind,
          status: record?.status ?? "idle",
          outcome: record?.outcome ?? "none",
          isStale: isStale(forecast.get(cell.name), record),
          verdict,
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
      <span class="outline-mark"
        >${isShown || cell.hasErrors ? renderStatusMark(mark) : failsTest(state, cell) ? renderStatusMark("failed") : renderKind(cell)}</span
      >
      <span class="outline-name" title=${cell.name}>${cell.name}</span>
      ${
        asked.has(cell.name)
          ? html`<span class="outline-asked" title="Two changed it: choose what stays">choose</span>`
          : proposed.has(cell.name)
            ? html`<span class="outline-asked" title="An edit is proposed: accept or reject it"
                >proposal</span
              >`
            : nothing
      }
      ${
        verdict !== undefined && cellKinds[cell.kind].isRelation
          ? html`<span class="outline-verdict ${verdict}" title=${plainReason(describeVerdict(checks))}
              >${wordOf(`check-${verdict}`)}</span
            >`
          : html`<span class="outline-rows"
              >${record?.rows === undefined ? nothing : formatNumber(record.rows)}</span
            >`
      }
    </a>`;
  });
}

/** It was run, and did not pass then. */
function failsTest({ tests }: NotebookState, { name, kind }: CellView): boolean {
  const result = kind === "test" ? tests.get(name)?.result : undefined;
  return result !== undefined && result.outcome !== "passed";
}

/** Those that two changed, and nobody has decided. */
function askedCells({ conflicts, document }: NotebookState): ReadonlySet<string> {
  const blocks = new Set(conflicts.map(({ block }) => block));
  return new Set(
    (document?.blocks ?? []).flatMap(({ id, cell }) => (blocks.has(id) ? (cell?.name ?? []) : [])),
  );
}

function renderKind({ kind }: CellView): TemplateResult {
  return html`<svg class="kind-mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
    ${shapeOfKind(kind)}
  </svg>`;
}
