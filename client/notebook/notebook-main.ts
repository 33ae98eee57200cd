import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { NotebookView } from "../../server/api/protocol.js";
import type { GoToDefinitionEvent } from "../editor/editor-events.js";
import type { SqlLanguageService } from "../editor/language-service.js";
import "../elements/parameter-bar.js";
import type { ParameterChangeEvent } from "../elements/parameter-bar.js";
import type { ScratchKeepEvent } from "../elements/scratch-cell.js";
import {
  diagnosticsOf,
  firstLines,
  visibleBlocks,
  type Block,
  type NotebookDocument,
} from "../store/document.js";
import { may, whyNot } from "../session.js";
import { renderIcon } from "../styles/icon.js";
import { insertions, type InsertAction } from "../kinds/kinds.js";
import type { NotebookState, Present } from "../store/notebook-state.js";
import { renderBlock, type BlockActions } from "./notebook-block.js";
import type { NotebookLive } from "./notebook-live.js";
import type { BlockPreview } from "./notebook-running.js";

export interface MainContext {
  /** As the page was opened. */
  readonly name: string;
  readonly state: NotebookState;
  /** Who else has the notebook open. */
  readonly others: readonly Present[];
  readonly view: NotebookView;
  readonly document: NotebookDocument;
  /** Of each cell, by its name: changes when the cell or what it reads does. */
  readonly editions: ReadonlyMap<string, number>;
  /** The id of a block. */
  readonly selected: string | undefined;
  /** The id of a new block, which wants to be typed into. */
  readonly fresh: string | undefined;
  readonly preview: BlockPreview | undefined;
  readonly live: Pick<NotebookLive, "of">;
  readonly hasScratch: boolean;
  readonly language: SqlLanguageService;
}

export interface MainActions {
  onBlock(block: Block): BlockActions;
  setParameter(name: string, value: unknown): void;
  /** At the end. */
  insert(action: InsertAction, sql?: string): void;
  goTo(cell: string): void;
  /** Opens its form. */
  readonly schedule: () => void;
  openScratch(): void;
  closeScratch(): void;
  /** The scratch cell has the focus, and no block. */
  deselect(): void;
}

/** The notebook itself, from its parameters to the buttons that add to it. */
export function renderMain(context: MainContext, actions: MainActions): TemplateResult {
  const { view, state } = context;
  return html`<main class="blocks" @prose-change=${stop}>
    ${view.schedule === undefined ? nothing : html`<schedule-line .notebook=${state.name} .revision=${state.scheduleRevision ?? 0} @schedule-wanted=${actions.schedule}></schedule-line>`}
    <parameter-bar
      .parameters=${view.parameters}
      .values=${state.parameters}
      @parameter-change=${(event: ParameterChangeEvent) => {
        actions.setParameter(event.name, event.value);
      }}
    ></parameter-bar>
    ${renderLimits()} ${renderBlocks(context, actions)}
    <div class="add-row" ?hidden=${!may("query")}>
      ${(may("edit") ? insertions : []).map(
        ({ action, label }) =>
          html`<button
            @click=${() => {
              actions.insert(action);
            }}
          >
            + ${label}
          </button>`,
      )}<button
        title="For a query that is kept nowhere"
        @click=${() => {
          actions.openScratch();
        }}
      >
        + Scratch
      </button>
    </div>
    ${context.hasScratch ? renderScratch(context, actions) : nothing}
  </main>`;
}

/** Why there are no buttons where somebody looks for them. */
function renderLimits(): TemplateResult | typeof nothing {
  if (may("edit")) return nothing;
  return html`<p class="note limits">
    ${may("run") ? "You can look and run." : `You can look. ${whyNot("run")}`} ${whyNot("edit")}
  </p>`;
}

function stop(event: Event): void {
  event.stopPropagation();
}

function renderBlocks(context: MainContext, actions: MainActions): unknown {
  const { view, document, state, editions, selected, fresh, preview, live, language } = context;
  const [lines, diagnostics] = [firstLines(document), diagnosticsOf(document, view.diagnostics)];
  const blocks = visibleBlocks(document);
  return repeat(
    blocks,
    ({ id }) => id,
    (block, at) =>
      html`${renderBlock(
        block,
        {
          state,
          here: context.others
            .filter(({ cell }) => cell !== undefined && cell === block.cell?.name)
            .map(({ name }) => name),
          edition: editions.get(block.cell?.name ?? ""),
          firstLine: lines.get(block.id) ?? 1,
          diagnostics: diagnostics.get(block.id) ?? [],
          isSelected: selected === block.id,
          isFresh: fresh === block.id,
          preview: preview?.block === block.id ? preview.result : undefined,
          live: live.of(block.id),
          language,
        },
        actions.onBlock(block),
      )}${renderBetween(block, blocks[at + 1], actions)}`,
  );
}

/** Behind the last one are the buttons for all kinds; controls that follow each other stand in one row. */
function renderBetween(
  block: Block,
  next: Block | undefined,
  actions: MainActions,
): TemplateResult | typeof nothing {
  const isRow = block.cell?.kind === "input" && next?.cell?.kind === "input";
  if (next === undefined || isRow || !may("edit")) return nothing;
  return html`<div class="between">
    <button
      title="Add a SQL cell here"
      aria-label="Add a SQL cell below ${block.cell?.name ?? "this text"}"
      @click=${() => {
        actions.onBlock(block).editing.insert(block.id, "insert-sql");
      }}
    >
      ${renderIcon("add")}
    </button>
  </div>`;
}

function renderScratch({ name, state, language }: MainContext, actions: MainActions): TemplateResult {
  return html`<scratch-cell
    .notebook=${name}
    .parameters=${state.parameters}
    .languageService=${language}
    @focusin=${() => {
      actions.deselect();
    }}
    @go-to-definition=${(event: GoToDefinitionEvent) => {
      actions.goTo(event.name);
    }}
    @scratch-keep=${(event: ScratchKeepEvent) => {
      actions.closeScratch();
      actions.insert("insert-sql", event.sql);
    }}
    @scratch-close=${() => {
      actions.closeScratch();
    }}
  ></scratch-cell>`;
}
