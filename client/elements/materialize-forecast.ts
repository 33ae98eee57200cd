import { html, nothing, type TemplateResult } from "lit";
import type { ForecastCell, LocatedDiagnostic, NotebookView } from "../../server/api/protocol.js";
import { isStepKind } from "../../server/notebook/cell-kinds.js";
import { describeTouched } from "../../server/text/describe-touched.js";
import { formatNumber } from "../../server/text/format.js";
import "./publication-changes.js";
import { renderReason } from "./reason.js";

/** Of cells that run; a broken contract is one too. */
export function renderErrors(view: NotebookView | undefined): TemplateResult | typeof nothing {
  const steps = new Set((view?.cells ?? []).flatMap(({ kind, name }) => (isStepKind(kind) ? [name] : [])));
  const isOfStep = ({ severity, cell }: LocatedDiagnostic): boolean =>
    severity === "error" && cell !== undefined && steps.has(cell);
  const wrong = new Set((view?.diagnostics ?? []).filter(isOfStep).map(({ cell }) => cell));
  return wrong.size === 0
    ? nothing
    : html`<p class="problem" role="alert">
        ${[...wrong].join(", ")} ${wrong.size === 1 ? "has" : "have"} errors: the run fails there, and nothing
        is published.
      </p>`;
}

/** Checks that are known to fail for what is there already. */
export function renderFailing(cells: readonly ForecastCell[]): TemplateResult | typeof nothing {
  const failing = failingChecks(cells);
  return failing.length === 0
    ? nothing
    : html`<p class="problem" role="alert">
        Nothing is published while ${failing.length === 1 ? "this check fails" : "these checks fail"}:
        ${failing.join(", ")}.
      </p>`;
}

export function failingChecks(cells: readonly ForecastCell[]): readonly string[] {
  return cells.flatMap(({ checks = [] }) =>
    checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name),
  );
}

interface Place {
  readonly notebook: string;
  /** The run date. */
  readonly date: string;
  readonly datasets: ReadonlySet<string>;
}

/** What a run would do to each cell, and to what is published of it. */
export function renderForecastCells(cells: readonly ForecastCell[], place: Place): TemplateResult {
  const isKnown = cells.some(({ publication }) => publication !== undefined);
  return html`<div
    class="scroller"
    tabindex="0"
    role="region"
    aria-label="What is published"
    ?hidden=${cells.length === 0}
  >
    <table class="plain forecast stacks">
      <thead>
        <tr>
          <th>cell</th>
          <th></th>
          ${
            isKnown
              ? html`<th class="number">rows before</th>
                  <th class="number">after</th>
                  <th>what changes</th>
                  <th>partitions</th>`
              : nothing
          }
        </tr>
      </thead>
      <tbody>
        ${cells.map((cell) => renderCell(cell, place, isKnown))}
      </tbody>
    </table>
  </div>`;
}

function renderCell(
  cell: ForecastCell,
  { notebook, date, datasets }: Place,
  isKnown: boolean,
): TemplateResult {
  const { name, publication, touched } = cell;
  return html`<tr>
    <td><code>${name}</code></td>
    <td>
      ${renderReason(actionWords(cell), { notebook, cells: [] })}
      ${touched === undefined ? nothing : html`<div class="note">${describeTouched(touched)}</div>`}
    </td>
    ${
      isKnown
        ? html`<td class="number" data-label="rows before">${numberOf(publication?.rowsBefore)}</td>
            <td class="number" data-label="after">${numberOf(publication?.rowsAfter)}</td>
            <td data-label="what changes">
              ${datasets.has(name) ? html`<publication-changes .cell=${cell} .date=${date}></publication-changes>` : nothing}
            </td>
            <td>${publication === undefined ? nothing : partitionWords(publication.partitions)}</td>`
        : nothing
    }
  </tr>`;
}

function actionWords({ action, reason }: ForecastCell): string {
  switch (action) {
    case "run":
      return `compute: ${reason}`;
    case "check":
      return "check";
    case "reuse":
      return "reused";
    default:
      return reason;
  }
}

function numberOf(rows: number | undefined): string | typeof nothing {
  return rows === undefined ? nothing : formatNumber(rows);
}

function partitionWords(partitions: readonly { readonly change: string }[]): string {
  const counts = new Map<string, number>();
  const [only] = partitions.length === 1 ? partitions : [];
  if (only !== undefined) return wordOf(only.change);
  for (const { change } of partitions) counts.set(change, (counts.get(change) ?? 0) + 1);
  return ["new", "replaced", "linked", "gone"]
    .flatMap((change) => (counts.has(change) ? [`${String(counts.get(change))} ${wordOf(change)}`] : []))
    .join(", ");
}

/** What stays as it is has no other word for people. */
function wordOf(change: string): string {
  return change === "linked" ? "kept" : change;
}
