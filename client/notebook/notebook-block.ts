import { html, nothing, type TemplateResult } from "lit";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { ownValue } from "../own-value.js";
import type { LocatedDiagnostic } from "../../server/api/protocol.js";
import type { ChartSaveEvent } from "../chart/chart-events.js";
import type { ControlRunEvent } from "../controls/control-events.js";
import type {
  CellCursorEvent,
  CellRunEvent,
  GoToDefinitionEvent,
  RunMode,
  RunSelectionEvent,
} from "../editor/editor-events.js";
import type { SqlLanguageService } from "../editor/language-service.js";
import type {
  CellActionEvent,
  CellBodyChangeEvent,
  AddChecksEvent,
  CellOptionsChangeEvent,
  CellRemakeEvent,
  MakeControlEvent,
} from "../elements/cell-events.js";
import "../elements/notebook-cell.js";
import type { LiveResult } from "../elements/live-result.js";
import type { ProseChangeEvent } from "../elements/prose-block.js";
import { renderConflicts, type ConflictActions } from "../elements/conflict-strip.js";
import { renderProposals, type ProposalActions } from "../elements/proposal-strip.js";
import "../elements/query-preview.js";
import type { Preview } from "../elements/query-preview.js";
import { may } from "../session.js";
import { sourceOf, type Block } from "../store/document.js";
import type { NotebookState } from "../store/notebook-state.js";
import { isEditedMeanwhile, isOwnChoice, shownChecks, shownRecord } from "../store/standing.js";
import { cellTests } from "../store/tests.js";
import type { NotebookEditing } from "./notebook-editing.js";

export interface BlockContext {
  readonly state: NotebookState;
  /** Names of others who are in it. */
  readonly here: readonly string[];
  /** The line of the file on which the query or body begins. */
  readonly firstLine: number;
  /** Of the cell. */
  readonly diagnostics: readonly LocatedDiagnostic[];
  /** Changes when the cell or what it reads does. */
  readonly edition: number | undefined;
  readonly isSelected: boolean;
  readonly isFresh: boolean;
  readonly preview: Preview | undefined;
  readonly live: LiveResult | undefined;
  readonly language: SqlLanguageService;
}

export interface BlockActions extends ProposalActions, ConflictActions {
  readonly editing: NotebookEditing;
  select(): void;
  run(mode: RunMode): void;
  /** Another one, by its name. */
  runCell(cell: string): void;
  act(event: CellActionEvent): void;
  runSelection(sql: string): void;
  readonly closePreview: () => void;
  live(query: () => string | undefined): void;
  goTo(cell: string): void;
  setParameter(name: string, value: unknown): void;
}

/** A piece of the notebook: prose, or a cell. */
export function renderBlock(block: Block, context: BlockContext, actions: BlockActions): TemplateResult {
  return block.type === "prose" ? renderProse(block, context, actions) : renderCell(block, context, actions);
}

/** Another word with each change, so that it is shown anew. */
function changedAt({ changed }: NotebookState, block: Block): unknown {
  const edition = changed.get(block.id);
  return edition === undefined ? nothing : edition % 2 === 0 ? "even" : "odd";
}

function renderProse(
  block: Block,
  { isSelected, state }: BlockContext,
  actions: BlockActions,
): TemplateResult {
  return html`<prose-block
      data-block=${block.id}
      data-changed=${changedAt(state, block)}
      .source=${block.source}
      ?readOnly=${!may("edit")}
      class=${isSelected ? "selected" : ""}
      @focusin=${() => {
        actions.select();
      }}
      @prose-change=${(event: ProseChangeEvent) => {
        actions.editing.replaceProse(block.id, event.text, event.isDraft);
      }}
    ></prose-block>
    ${renderConflicts(block, state.conflicts, actions.decide)}`;
}

function renderCell(block: Block, context: BlockContext, actions: BlockActions): TemplateResult {
  const { state } = context;
  const { editing } = actions;
  const { runs, forecast, view, parameters } = state;
  const name = block.cell?.name ?? "";
  const record = shownRecord(forecast.get(name), runs.cells.get(name));
  const from = sourceOf(block.cell);
  const source = shownRecord(forecast.get(from), runs.cells.get(from));
  // Lines above it move often, and count only where a place is shown.
  const { diagnostics } = context;
  return html`<notebook-cell
    data-block=${block.id}
    data-changed=${changedAt(state, block)}
    data-kind=${block.cell?.kind ?? nothing}
    .notebook=${state.name}
    .block=${block}
    .firstLine=${diagnostics.length === 0 ? 1 : context.firstLine}
    .record=${record}
    .run=${runs.run === undefined ? undefined : { date: runs.run.date, published: runs.run.published }}
    .progress=${runs.progress.get(name)}
    .forecast=${forecast.get(name)}
    .isEditedMeanwhile=${isEditedMeanwhile(state, block)}
    .isOwnChoice=${isOwnChoice(state, name)}
    .checks=${shownChecks(state, name)}
    .diagnostics=${diagnostics}
    .languageService=${context.language}
    .sourceRecord=${source}
    .sourceForecast=${forecast.get(from)}
    .sourceColumns=${from === "" ? undefined : state.document?.blocks.find((other) => other.cell?.name === from)?.cell?.columns}
    .optionsKey=${block.cell !== undefined && cellKinds[block.cell.kind].isParameter ? (runs.run?.isRunning === false ? runs.run.id : "") : ""}
    .parameterValue=${ownValue(parameters, name)}
    .parameters=${parameters}
    .takenNames=${(view?.cells ?? []).map((cell) => cell.name)}
    .refreshKey=${`${String(context.edition)} ${runs.run?.isRunning === false ? runs.run.id : ""}`}
    .here=${context.here}
    .tests=${cellTests(block, state.document, state.tests)}
    .extra=${renderExtra(block, context, actions)}
    ?selected=${context.isSelected}
    ?fresh=${context.isFresh}
    @focusin=${() => {
      actions.select();
    }}
    @cell-source-change=${(event: Event & { readonly value: string }) => {
      editing.replaceSql(block.id, event.value);
    }}
    @cell-body-change=${(event: CellBodyChangeEvent) => {
      editing.replaceBody(block.id, event.body, event.isDraft);
    }}
    @cell-options-change=${(event: CellOptionsChangeEvent) => {
      editing.replaceOptions(block.id, event.yaml, event.isDraft);
    }}
    @add-checks=${(event: AddChecksEvent) => {
      editing.addChecks(block, event.checks);
    }}
    @cell-remake=${(event: CellRemakeEvent) => void editing.remake(block, event)}
    @make-control=${(event: MakeControlEvent) => void editing.makeControl(block, event.parameter)}
    @chart-save=${(event: ChartSaveEvent) => {
      editing.addChart(block.id, event.yaml);
    }}
    @cell-cursor=${({ query }: CellCursorEvent) => {
      actions.live(query);
    }}
    @cell-run=${(event: CellRunEvent) => {
      actions.run(event.mode);
    }}
    @cell-action=${(event: CellActionEvent) => {
      actions.act(event);
    }}
    @run-selection=${(event: RunSelectionEvent) => {
      actions.runSelection(event.sql);
    }}
    @go-to-definition=${(event: GoToDefinitionEvent) => {
      actions.goTo(event.name);
    }}
    @control-run=${(event: ControlRunEvent) => {
      actions.runCell(event.cell);
    }}
    @control-change=${(event: Event & { readonly name: string; readonly value: unknown }) => {
      actions.setParameter(event.name, event.value);
    }}
  ></notebook-cell>`;
}

const noFormats = {};

/** Nothing where there is nothing: a cell is drawn again whenever this is another template. */
function renderExtra(
  block: Block,
  { state, preview, live }: BlockContext,
  actions: BlockActions,
): TemplateResult | typeof nothing {
  const proposals = renderProposals(block, state.proposals, actions);
  const conflicts = renderConflicts(block, state.conflicts, actions.decide);
  const shown = preview === undefined ? nothing : renderPreview(preview, actions);
  const answers =
    live === undefined
      ? nothing
      : html`<live-result
          .result=${live}
          .formats=${block.cell?.options["format"] ?? noFormats}
        ></live-result>`;
  const isEmpty = [proposals, conflicts, shown, answers].every((part) => part === nothing);
  return isEmpty ? nothing : html`${answers} ${conflicts} ${proposals} ${shown}`;
}

function renderPreview(preview: Preview, { closePreview }: BlockActions): TemplateResult {
  return html`<div class="preview">
    <p class="note">Preview, kept nowhere <button @click=${closePreview}>Close</button></p>
    <query-preview .preview=${preview}></query-preview>
  </div>`;
}
