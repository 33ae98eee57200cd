import { html, nothing, type TemplateResult } from "lit";
import type { CellRecord, LocatedDiagnostic } from "../../server/api/protocol.js";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { readCreate, type CreatedRelation } from "../editor/read-create.js";
import { may } from "../session.js";
import { sqlOf, type Block } from "../store/document.js";

interface Known {
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly record: CellRecord | undefined;
  /** The line of the file on which the query or body begins. */
  readonly firstLine: number;
}

/** What is wrong with a cell, from its text and from its last run. `remake`: a pasted CREATE becomes the cell. */
export function renderProblems(
  block: Block,
  { diagnostics, record, firstLine }: Known,
  remake: (created: CreatedRelation) => void,
): TemplateResult | typeof nothing {
  const { cell } = block;
  if (cell === undefined) return nothing;
  const error = failureOf(record);
  const isFailed = error !== undefined && !cell.hasErrors;
  if (diagnostics.length === 0 && !isFailed) return nothing;
  return html`<ul class="problems" role="alert">
    ${diagnostics.map(
      (item) =>
        html`<li class=${item.severity}>
          ${renderPlace(item, firstLine)} ${item.message} ${renderHint(item.hint)}
          ${item.code === "not-a-query" && cellKinds[cell.kind].isRelation ? renderRemake(block, remake) : nothing}
        </li>`,
    )}
    ${isFailed ? html`<li class="error">${error.message} ${renderHint(error.hint)}</li>` : nothing}
  </ul>`;
}

/** A check that failed says so elsewhere. */
function failureOf(record: CellRecord | undefined): CellRecord["error"] {
  return record?.outcome === "failed" && record.error?.code !== "check-failed" ? record.error : undefined;
}

function renderHint(hint: string | undefined): TemplateResult | typeof nothing {
  return hint === undefined ? nothing : html`<span class="hint">${hint}</span>`;
}

/** Lines as the editor counts them; those of the settings stand above it. */
function renderPlace({ line, column }: LocatedDiagnostic, firstLine: number): TemplateResult {
  const own = line - firstLine + 1;
  return html`<b title="line ${line}, column ${column} of the file"
    >${own > 0 ? `line ${String(own)}` : "settings"}:</b
  >`;
}

function renderRemake(
  block: Block,
  remake: (created: CreatedRelation) => void,
): TemplateResult | typeof nothing {
  const created = readCreate(sqlOf(block));
  if (created === undefined || !may("edit")) return nothing;
  return html`<button
    class="outlined"
    @click=${() => {
      remake(created);
    }}
  >
    Make this cell ${created.name}
  </button>`;
}
