import { html, nothing, type TemplateResult } from "lit";
import type { CellRecord, LocatedDiagnostic } from "../../server/api/protocol.js";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { correctionsOf } from "../editor/did-you-mean.js";
import { toMarkers } from "../editor/markers.js";
import { readCreate, type CreatedRelation } from "../editor/read-create.js";
import { may } from "../session.js";
import { sqlOf, type Block } from "../store/document.js";

interface Known {
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly hasErrors: boolean;
  readonly record: CellRecord | undefined;
  /** The line of the file on which the query or body begins. */
  readonly firstLine: number;
}

export interface ProblemActions {
  /** A pasted CREATE becomes the cell. */
  readonly remake: (created: CreatedRelation) => void;
  /** The SQL is to be this. */
  readonly correct: (sql: string) => void;
  /** A parameter that is not there is to have a control. */
  readonly control: (parameter: string) => void;
}

/** What is wrong with a cell, from its text and from its last run. */
export function renderProblems(
  block: Block,
  { diagnostics, hasErrors, record, firstLine }: Known,
  { remake, correct, control }: ProblemActions,
): TemplateResult | typeof nothing {
  const { cell } = block;
  if (cell === undefined) return nothing;
  const error = failureOf(record);
  const isFailed = error !== undefined && !hasErrors;
  if (diagnostics.length === 0 && !isFailed) return nothing;
  return html`<div class="problems" role="alert">
    <ul>
      ${diagnostics.map(
        (item) =>
          html`<li class=${item.severity}>
            ${renderPlace(item, firstLine)} ${item.message.replace(/[^.?!:…]$/, "$&.")}
            ${renderCorrections(block, item, firstLine, correct)}
            ${item.code === "unknown-parameter" ? renderControl(item, control) : nothing}
            ${item.code === "not-a-query" && cellKinds[cell.kind].isRelation ? renderRemake(block, remake) : nothing}
          </li>`,
      )}
      ${isFailed ? html`<li class="error">${error.message} ${renderHint(error.hint)}</li>` : nothing}
    </ul>
  </div>`;
}

/** A check that failed says so elsewhere. */
function failureOf(record: CellRecord | undefined): CellRecord["error"] {
  return record?.outcome === "failed" && record.error?.code !== "check-failed" ? record.error : undefined;
}

function renderHint(hint: string | undefined): TemplateResult | typeof nothing {
  return hint === undefined ? nothing : html`<span class="hint">${hint}</span>`;
}

/** A hint that names what is meant is a button that writes it. */
function renderCorrections(
  block: Block,
  item: LocatedDiagnostic,
  firstLine: number,
  correct: ProblemActions["correct"],
): TemplateResult | typeof nothing {
  const isSql = block.cell !== undefined && cellKinds[block.cell.kind].language === "sql" && may("edit");
  const text = isSql ? sqlOf(block) : "";
  const corrections = toMarkers(isSql ? [item] : [], { firstLine, text }).flatMap((marker) =>
    correctionsOf(text, marker),
  );
  if (corrections.length === 0) return renderHint(item.hint);
  return html`<span class="hint"
    >Did you mean
    ${corrections.map(
      ({ name, text: sql }, index) =>
        html`${index === 0 ? "" : " or "}<button
            class="outlined"
            @click=${() => {
              correct(sql);
            }}
          >
            ${name}
          </button>`,
    )}?</span
  >`;
}

/** Lines as the editor counts them; those of the settings stand above it. */
function renderPlace({ line, column }: LocatedDiagnostic, firstLine: number): TemplateResult {
  const own = line - firstLine + 1;
  return html`<b title="line ${line}, column ${column} of the file"
    >${own > 0 ? `line ${String(own)}` : "settings"}:</b
  >`;
}

function renderControl(
  { message }: LocatedDiagnostic,
  control: ProblemActions["control"],
): TemplateResult | typeof nothing {
  const name = /\$(\w+)/.exec(message)?.[1];
  if (name === undefined || !may("edit")) return nothing;
  return html`<button
    class="outlined"
    @click=${() => {
      control(name);
    }}
  >
    Make a control ${name}
  </button>`;
}

function renderRemake(block: Block, remake: ProblemActions["remake"]): TemplateResult | typeof nothing {
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
