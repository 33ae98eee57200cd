import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { LocatedDiagnostic, VocabularyView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import type { ChartSaveEvent } from "../chart/chart-events.js";
import { createLanguageService } from "../editor/language-service.js";
import type {
  CellRunEvent,
  GoToDefinitionEvent,
  RunMode,
  RunSelectionEvent,
} from "../editor/editor-events.js";
import type {
  CellActionEvent,
  CellBodyChangeEvent,
  CellOptionsChangeEvent,
  CellRemakeEvent,
} from "../elements/cell-events.js";
import "../elements/command-palette.js";
import type { CommandPalette, PaletteEntry } from "../elements/command-palette.js";
import "../elements/help-dialog.js";
import type { HelpDialog } from "../elements/help-dialog.js";
import "../elements/large-graph.js";
import type { LargeGraph } from "../elements/large-graph.js";
import "../elements/materialize-dialog.js";
import type { MaterializeDialog } from "../elements/materialize-dialog.js";
import "../elements/notebook-cell.js";
import type { NotebookCell } from "../elements/notebook-cell.js";
import { ProseBlock, type ProseChangeEvent } from "../elements/prose-block.js";
import "../elements/parameter-bar.js";
import type { ParameterChangeEvent } from "../elements/parameter-bar.js";
import "../elements/query-preview.js";
import type { Preview } from "../elements/query-preview.js";
import "../elements/rename-dialog.js";
import type { RenameDialog } from "../elements/rename-dialog.js";
import "../elements/run-bar.js";
import type { RunBarActionEvent, RunBarGoToEvent, RunDateChangeEvent } from "../elements/run-bar.js";
import {
  blockAt,
  firstLines,
  insertBlock,
  moveBlock,
  offsetOf,
  optionsOf,
  removeBlock,
  replaceBody,
  replaceOptions,
  replaceProse,
  replaceSql,
  visibleBlocks,
  type Block,
  type NewBlock,
  type NotebookDocument,
} from "../store/document.js";
import { whenQuiet } from "../quiet.js";
import { withFreeNames } from "../store/free-names.js";
import { copyOfCell, newBlock, STARTER_PROSE, type InsertAction } from "../store/new-blocks.js";
import { isEditedMeanwhile, isStale, NotebookStore, type NotebookState } from "../store/notebook-store.js";
import { warningsOf } from "../store/run-state.js";
import type { ScratchCell, ScratchKeepEvent } from "../elements/scratch-cell.js";
import type { ShareDialog } from "../share/share-dialog.js";
import { commandOf, isTextField, type PageCommand } from "./notebook-keys.js";
import { renderMessages } from "./notebook-messages.js";
import { renderOutline } from "./notebook-outline.js";
import { notebookEntries, paletteEntries } from "./notebook-palette.js";

/** The notebook's title is known, or another one now. */
export class NotebookTitleEvent extends Event {
  readonly title: string;

  constructor(title: string) {
    super("notebook-title");
    this.title = title;
  }
}

const noVocabulary: VocabularyView = { files: [], datasets: [], functions: [], keywords: [] };

const DELETED = "Deleted. Press z to undo.";

const addButtons: readonly (readonly [action: InsertAction, label: string])[] = [
  ["insert-sql", "SQL"],
  ["insert-prose", "Prose"],
  ["insert-chart", "Chart"],
  ["insert-check", "Check"],
  ["insert-input", "Input"],
];

/**
 * `<notebook-page>`: a notebook, open. Command mode when no field has the focus: j k move, a b add, d d deletes.
 *
 * @fires notebook-title - The title is known, or another one now.
 */
@customElement("notebook-page")
export class NotebookPage extends LitElement {
  @property() name = "";
  /** The cell that the address names. */
  @property() target: string | undefined;
  @state() private selected: string | undefined;
  @state() private hasGraph = matchMedia("(min-width: 1500px)").matches;
  @state() private fresh: string | undefined;
  @state() private preview: { readonly block: string; readonly result: Preview } | undefined;
  @state() private note = "";
  @state() private hasScratch = false;
  @query("materialize-dialog") private dialog!: MaterializeDialog;
  @query("command-palette") private palette!: CommandPalette | null;
  @query("rename-dialog") private renameDialog!: RenameDialog | null;
  @query("large-graph") private largeGraph!: LargeGraph | null;
  @query("help-dialog") private help!: HelpDialog | null;

  #store: NotebookStore | undefined;
  #vocabulary: VocabularyView = noVocabulary;
  #title: string | undefined;
  #lastKey = "";
  #noteTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #language = createLanguageService(() => ({
    cells: (this.#store?.state.view?.cells ?? []).map(({ name, kind, columns, options }) => ({
      name,
      kind,
      ...(columns === undefined ? {} : { columns }),
      ...(typeof options["description"] === "string" ? { description: options["description"] } : {}),
    })),
    lake: this.#vocabulary.datasets,
    files: this.#vocabulary.files,
    functions: this.#vocabulary.functions,
    parameters: (this.#store?.state.view?.parameters ?? []).map(({ name, type }) => ({ name, type })),
    keywords: this.#vocabulary.keywords,
  }));

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("name")) return;
    this.#store?.close();
    const store = new NotebookStore(this.name);
    this.#store = store;
    this.#title = undefined;
    store.addEventListener("change", () => {
      this.requestUpdate();
    });
    void store.open();
    void whenQuiet().then(() => this.#loadVocabulary());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#onKey);
    document.addEventListener("keydown", this.#onPaletteKey, { capture: true });
    window.addEventListener("beforeunload", this.#onUnload);
    if (this.hasGraph) void import("../graph/dependency-graph.js");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#onKey);
    document.removeEventListener("keydown", this.#onPaletteKey, { capture: true });
    window.removeEventListener("beforeunload", this.#onUnload);
    this.#store?.close();
  }

  readonly #onUnload = (event: BeforeUnloadEvent): void => {
    if (this.#store?.state.save !== "saved") event.preventDefault();
  };

  async #loadVocabulary(): Promise<void> {
    this.#vocabulary = await api.vocabulary().catch(() => noVocabulary);
  }

  override render(): TemplateResult {
    const store = this.#store;
    const { view, document: doc, error } = store?.state ?? {};
    if (store === undefined || view === undefined || doc === undefined) {
      return error === undefined
        ? html`<div class="page"><div class="skeleton tall" aria-busy="true"></div></div>`
        : html`<main class="page">
            <p class="problem" role="alert">${error.message} ${error.hint}</p>
            <p><a href="#/">All notebooks</a></p>
          </main>`;
    }
    const lines = firstLines(doc);
    return html`<run-bar
        .notebook=${store.state}
        .staleCount=${store.staleCells().length}
        ?hasGraph=${this.hasGraph}
        @run-bar-action=${this.#onBar}
        @run-bar-go-to=${(event: RunBarGoToEvent) => {
          this.goTo(event.name);
        }}
        @run-date-change=${(event: RunDateChangeEvent) => {
          store.setDate(event.date);
        }}
      ></run-bar>
      ${renderMessages(store.state, {
        dismiss: () => {
          store.clearError();
        },
        resolve: (choice) => void this.#resolve(choice),
      })}
      <div class="notebook ${this.hasGraph ? "with-graph" : ""}">
        <nav class="outline" aria-label="Cells">
          ${renderOutline(store.state, this.#selectedCell(), (name) => {
            this.goTo(name);
          })}
        </nav>
        <main class="blocks" @prose-change=${this.#onProse}>
          <parameter-bar
            .parameters=${view.parameters}
            .values=${store.state.parameters}
            @parameter-change=${(event: ParameterChangeEvent) => {
              store.setParameter(event.name, event.value);
            }}
          ></parameter-bar>
          ${repeat(
            visibleBlocks(doc),
            (block) => block.id,
            (block) => this.#renderBlock(block, lines),
          )}
          <div class="add-row">
            ${addButtons.map(
              ([action, label]) =>
                html`<button
                  @click=${() => {
                    this.#insert(doc.blocks.at(-1)?.id, action);
                  }}
                >
                  + ${label}
                </button>`,
            )}<button @click=${() => void this.#openScratch()}>+ Scratch</button>
          </div>
          ${this.hasScratch ? this.#renderScratch(store.state) : nothing}
        </main>
        ${
          this.hasGraph
            ? html`<aside class="graph-pane" aria-label="Graph">
                <button class="enlarge" @click=${() => void this.#enlargeGraph()}>Enlarge</button>
                ${this.#renderGraph()}
              </aside>`
            : nothing
        }
      </div>
      <large-graph .graph=${this.#renderGraph()}></large-graph>
      <materialize-dialog .store=${store}></materialize-dialog>
      <command-palette></command-palette>
      <rename-dialog></rename-dialog>
      <help-dialog></help-dialog>
      <share-dialog></share-dialog>
      <p class="toast" role="status" ?hidden=${this.note === ""}>
        ${this.note}
        ${
          this.note === DELETED
            ? html`<button
                class="undo"
                @click=${() => {
                  this.#do("undo");
                }}
              >
                Undo
              </button>`
            : nothing
        }
      </p>`;
  }

  async #resolve(choice: "mine" | "theirs" | "copy"): Promise<void> {
    const copy = await this.#store?.resolve(choice);
    if (copy !== undefined) this.#say(`Your version is saved as ${copy}.`);
  }

  #renderGraph(): TemplateResult {
    const { view, runs, plan } = this.#state();
    const cells = (view?.graph.cells ?? []).map(({ name, kind }) => {
      const record = runs.cells.get(name);
      return {
        name,
        kind,
        status: record?.status ?? "idle",
        outcome: record?.outcome ?? "none",
        isStale: isStale(plan.get(name), record),
        hasWarning: warningsOf(runs, name).length > 0,
        ...(record?.rows === undefined ? {} : { rows: record.rows }),
        ...(record?.durationMs === undefined ? {} : { durationMs: record.durationMs }),
      };
    });
    return html`<dependency-graph
      .cells=${cells}
      .edges=${view?.graph.edges ?? []}
      .selected=${this.#selectedCell() ?? null}
      @cell-select=${(event: Event & { readonly name: string }) => {
        this.goTo(event.name);
      }}
    ></dependency-graph>`;
  }

  #renderBlock(block: Block, lines: ReadonlyMap<string, number>): TemplateResult {
    const isSelected = this.selected === block.id;
    const onFocus = (): void => {
      this.selected = block.id;
    };
    if (block.type === "prose") {
      return html`<prose-block
        data-block=${block.id}
        .source=${block.source}
        class=${isSelected ? "selected" : ""}
        @focusin=${onFocus}
        @prose-draft=${() => {
          this.#store?.touch();
        }}
        @prose-change=${(event: ProseChangeEvent) => {
          this.#edit(replaceProse(this.#doc(), block.id, event.text));
        }}
      ></prose-block>`;
    }
    const { runs, plan, view, parameters } = this.#state();
    const name = block.cell?.name ?? "";
    const record = runs.cells.get(name);
    const from =
      block.cell?.kind === "chart" ? ((block.cell.options["from"] as string | undefined) ?? "") : "";
    const source = runs.cells.get(from);
    return html`<notebook-cell
      data-block=${block.id}
      .notebook=${this.name}
      .block=${block}
      .firstLine=${lines.get(block.id) ?? 1}
      .record=${record}
      .progress=${runs.progress.get(name)}
      .plan=${plan.get(name)}
      .isEditedMeanwhile=${isEditedMeanwhile(this.#state(), block)}
      .checks=${[...runs.checks.values()].filter((check) => check.cell === name || check.name === name)}
      .diagnostics=${(view?.diagnostics ?? []).filter((item: LocatedDiagnostic) => item.cell === name)}
      .languageService=${this.#language}
      .sourceRecord=${source}
      .sourcePlan=${plan.get(from)}
      .optionsKey=${block.cell?.kind === "input" ? (runs.run?.isRunning === false ? runs.run.id : "") : ""}
      .parameterValue=${parameters[name]}
      .parameters=${parameters}
      .takenNames=${(view?.cells ?? []).map((cell) => cell.name)}
      .refreshKey=${`${view?.etag ?? ""} ${runs.run?.isRunning === false ? runs.run.id : ""}`}
      .extra=${this.#renderPreview(block)}
      ?selected=${isSelected}
      ?fresh=${this.fresh === block.id}
      @focusin=${onFocus}
      @cell-source-change=${(event: Event & { readonly value: string }) => {
        this.#edit(replaceSql(this.#doc(), block.id, event.value));
      }}
      @cell-body-change=${(event: CellBodyChangeEvent) => {
        this.#edit(replaceBody(this.#doc(), block.id, event.body));
      }}
      @cell-options-change=${(event: CellOptionsChangeEvent) => {
        this.#edit(replaceOptions(this.#doc(), block.id, event.yaml));
      }}
      @cell-remake=${(event: CellRemakeEvent) => void this.#remake(block, event)}
      @chart-save=${(event: ChartSaveEvent) => {
        this.#add(block.id, { kind: "cell", language: "yaml", body: event.yaml.trimEnd() });
        this.#say("The chart is a cell now, below.");
      }}
      @cell-run=${(event: CellRunEvent) => void this.#runCell(block, event.mode)}
      @cell-action=${(event: CellActionEvent) => {
        this.#onAction(block, event);
      }}
      @run-selection=${(event: RunSelectionEvent) => void this.#runSelection(block, event.sql)}
      @go-to-definition=${(event: GoToDefinitionEvent) => {
        this.goTo(event.name);
      }}
      @input-value-change=${(event: Event & { readonly name: string; readonly value: unknown }) => {
        this.#store?.setParameter(event.name, event.value);
      }}
    ></notebook-cell>`;
  }

  #renderPreview(block: Block): TemplateResult | typeof nothing {
    if (this.preview?.block !== block.id) return nothing;
    return html`<div class="preview">
      <p class="note">
        Preview, kept nowhere <button @click=${() => (this.preview = undefined)}>Close</button>
      </p>
      <query-preview .preview=${this.preview.result}></query-preview>
    </div>`;
  }

  /** Scrolls to a cell and selects it. */
  goTo(name: string): void {
    const block = this.#doc().blocks.find((candidate) => candidate.cell?.name === name);
    if (block === undefined) return;
    this.#focus(block.id);
  }

  /** The address may name a cell before the notebook is there. */
  #pendingTarget: string | undefined;

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    this.#tellTitle();
    if (changed.has("target")) this.#pendingTarget = this.target;
    if (this.#pendingTarget === undefined || this.#store?.state.document === undefined) return;
    const name = this.#pendingTarget;
    this.#pendingTarget = undefined;
    this.goTo(name);
  }

  #tellTitle(): void {
    const title = this.#store?.state.view?.title;
    if (title === undefined || title === this.#title) return;
    this.#title = title;
    this.dispatchEvent(new NotebookTitleEvent(title));
  }

  #state(): NotebookStore["state"] {
    if (this.#store === undefined) throw new Error("unreachable: no store");
    return this.#store.state;
  }

  #doc(): NotebookDocument {
    return this.#state().document ?? { head: "", blocks: [] };
  }

  #edit(doc: NotebookDocument, isUndoable = false): void {
    this.#store?.edit(doc, { isUndoable });
  }

  #selectedCell(): string | undefined {
    return this.#doc().blocks.find((block) => block.id === this.selected)?.cell?.name;
  }

  #block(id: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[data-block="${id}"]`);
  }

  async #runCell(block: Block, mode: RunMode): Promise<void> {
    const { cell } = block;
    if (cell === undefined || cell.kind === "input") {
      if (mode === "run-and-next") this.#selectNext(block.id, 1);
      if (mode === "run-and-insert") this.#insert(block.id, "insert-sql");
      return;
    }
    const name = cell.kind === "chart" ? String(cell.options["from"]) : cell.name;
    const cells =
      mode === "run-with-stale" ? [...new Set([...(this.#store?.staleCells() ?? []), name])] : [name];
    if (mode === "run-and-insert") this.#insert(block.id, "insert-sql");
    if (mode === "run-and-next") this.#selectNext(block.id, 1);
    await this.#run({ cells });
  }

  async #run(body: Parameters<NotebookStore["run"]>[0]): Promise<void> {
    try {
      await this.#store?.run(body);
    } catch (error) {
      // The store shows it already.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #runSelection(block: Block, sql: string): Promise<void> {
    try {
      const answer = await api.query(this.name, {
        sql,
        parameters: { ...this.#state().parameters },
        limit: 1000,
      });
      this.preview = { block: block.id, result: { answer } };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.preview = {
        block: block.id,
        result: { problem: `${error.message} ${error.hint ?? ""}` },
      };
    }
  }

  #onAction(block: Block, { action }: CellActionEvent): void {
    switch (action) {
      case "run":
        return void this.#runCell(block, "run");
      case "stop":
        return void this.#store?.stop();
      case "materialize":
        return void this.dialog.show(block.cell === undefined ? undefined : [block.cell.name]);
      case "delete": {
        this.#delete(block.id);
        return;
      }
      case "move-up":
      case "move-down": {
        this.#move(block.id, action === "move-up" ? -1 : 1);
        return;
      }
      case "duplicate": {
        this.#duplicate(block);
        return;
      }
      case "rename": {
        void this.#rename(block);
        return;
      }
      case "settings":
        return;
      default:
        this.#insert(block.id, action);
    }
  }

  #onBar(event: RunBarActionEvent): void {
    switch (event.action) {
      case "run-all":
        return void this.#run({});
      case "run-stale":
        return void this.#store?.runStale();
      case "stop":
        return void this.#store?.stop();
      case "materialize":
        return void this.dialog.show(undefined);
      case "toggle-graph":
        this.#toggleGraph();
        return;
      case "toggle-auto-run":
        this.#store?.setAutoRun(!this.#state().autoRun);
        return;
      case "share":
        return void this.#share();
      default:
        return void this.#store?.save();
    }
  }

  #onProse(event: Event): void {
    event.stopPropagation();
  }

  #insert(after: string | undefined, action: InsertAction, sql?: string): void {
    const above = this.#doc().blocks.find((block) => block.id === after);
    const block = newBlock(action, this.#takenNames(), { above, sql });
    const { inserted, saved } = this.#add(after, block);
    this.fresh = inserted.id;
    if (block.kind === "prose") void saved?.then(() => this.#editNewProse(inserted));
  }

  #add(after: string | undefined, block: NewBlock) {
    const inserted = insertBlock(this.#doc(), after, block);
    this.#edit(inserted.document, true);
    this.#select(inserted.id);
    return { inserted, saved: this.#store?.save() };
  }

  /** Beside other prose, the server's answer has made one block of the two. */
  async #editNewProse(inserted: ReturnType<typeof insertBlock>): Promise<void> {
    const { source } = inserted.document.blocks.find(({ id }) => id === inserted.id) ?? { source: "" };
    const lead = source.length - source.trimStart().length;
    const made = blockAt(this.#doc(), offsetOf(inserted.document, inserted.id) + lead);
    if (made === undefined) return;
    this.#select(made.id);
    await this.updateComplete;
    const element = this.#block(made.id);
    if (element instanceof ProseBlock) await element.editOver(STARTER_PROSE);
  }

  #takenNames(): ReadonlySet<string> {
    return new Set(this.#state().view?.cells.map((cell) => cell.name));
  }

  /** Adds cells at the end, each a fence whose first line names it. A name that is taken becomes another one. */
  addCells(fences: readonly string[]): void {
    if (this.#store?.state.document === undefined) return;
    let doc = this.#doc();
    for (const fence of withFreeNames(fences, this.#takenNames())) {
      const body = fence.replace(/^`{3,}sql\n/, "").replace(/\n`{3,}\s*$/, "");
      doc = insertBlock(doc, doc.blocks.at(-1)?.id, { kind: "cell", language: "sql", body }).document;
    }
    this.#edit(doc, true);
    void this.#loadVocabulary();
    void this.#store.save().then(() => {
      const last = visibleBlocks(this.#doc()).at(-1);
      if (last !== undefined) this.#select(last.id);
    });
  }

  #duplicate(block: Block): void {
    const copy = copyOfCell(block, this.#takenNames());
    if (copy === undefined) return;
    this.#add(block.id, copy);
  }

  #move(id: string, by: number): void {
    this.#edit(moveBlock(this.#doc(), id, by), true);
    this.#focus(id);
  }

  #delete(id: string): void {
    const blocks = visibleBlocks(this.#doc());
    const at = blocks.findIndex((block) => block.id === id);
    const next = blocks[at + 1] ?? blocks[at - 1];
    this.#edit(removeBlock(this.#doc(), id), true);
    if (next !== undefined) this.#focus(next.id);
    this.#say(DELETED);
  }

  async #remake(block: Block, { created: { name, query, isStored } }: CellRemakeEvent): Promise<void> {
    const { id, cell } = block;
    const taken = this.#takenNames();
    let doc = replaceSql(this.#doc(), id, query);
    if (isStored && cell?.isDataset === false)
      doc = replaceOptions(doc, id, `${optionsOf(block)}\nmaterialize: parquet`);
    this.#edit(doc, true);
    if (cell === undefined || cell.name === name) return;
    if (taken.has(name)) this.#say(`There is a cell ${name} already: this one keeps its name.`);
    else await this.#store?.rename(cell.name, name);
  }

  async #rename(block: Block): Promise<void> {
    const { cell } = block;
    if (cell === undefined) return;
    const name = await this.renameDialog?.ask(cell.name);
    if (name === undefined) return;
    await this.#store?.rename(cell.name, name);
    this.goTo(name);
  }

  /** Before the editor takes Ctrl+K for the first half of a chord. */
  readonly #onPaletteKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (event.key !== "k" || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    event.stopPropagation();
    void this.palette?.show({
      label: "Commands",
      placeholder: "Type a command, or the name of a cell or of another notebook",
      entries: this.#paletteEntries(),
      more: this.#notebookEntries(),
    });
  };

  /** Lets the user go to another notebook. */
  showNotebooks(): void {
    void this.palette?.show({
      label: "Notebooks",
      placeholder: "Type a part of a notebook’s title",
      entries: [],
      more: this.#notebookEntries(),
    });
  }

  async #notebookEntries(): Promise<PaletteEntry[]> {
    return notebookEntries(await api.notebooks().catch(() => []), this.name);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.#store === undefined || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const isTyping = isTextField(target);
    const command = commandOf({
      key,
      ctrlKey,
      metaKey,
      altKey,
      shiftKey,
      before: this.#lastKey,
      isTyping,
      isOnControl: target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement,
      hasDialog: document.querySelector("dialog[open]") !== null,
    });
    this.#lastKey = isTyping || command !== undefined ? "" : key;
    if (command !== undefined && this.#do(command)) event.preventDefault();
  };

  /** False where there is nothing to do it to. */
  #do(command: PageCommand): boolean {
    const { selected } = this;
    const { blocks } = this.#doc();
    const at = blocks.findIndex((candidate) => candidate.id === selected);
    const block = blocks[at];
    switch (command) {
      case "save":
        void this.#store?.save();
        return true;
      case "next":
      case "previous":
        this.#selectNext(selected, command === "next" ? 1 : -1);
        return true;
      case "insert-above":
        this.#insert(blocks[at - 1]?.id, "insert-sql");
        return true;
      case "insert-below":
        this.#insert(selected, "insert-sql");
        return true;
      case "insert-prose":
        this.#insert(selected, "insert-prose");
        return true;
      case "delete":
        if (block !== undefined) this.#delete(block.id);
        return block !== undefined;
      case "help":
        this.help?.show();
        return true;
      case "undo":
        if (this.#store?.undo() === true) this.#say("Undone.");
        return true;
      case "rename":
        if (block !== undefined) void this.#rename(block);
        return true;
      case "open":
        if (block !== undefined) this.#open(block.id);
        return block !== undefined;
      case "move-up":
      case "move-down":
        if (block !== undefined) this.#move(block.id, command === "move-up" ? -1 : 1);
        return block !== undefined;
      case "stop":
        void this.#store?.stop();
        return true;
      case "run":
      case "run-and-next":
      case "run-and-insert":
      case "run-with-stale":
        if (block !== undefined) void this.#runCell(block, command);
        return block !== undefined;
    }
  }

  #paletteEntries(): PaletteEntry[] {
    const store = this.#store;
    if (store === undefined) return [];
    const after = this.selected;
    return paletteEntries(store.state.view?.cells ?? [], {
      runAll: () => void this.#run({}),
      runStale: () => void store.runStale(),
      stop: () => void store.stop(),
      share: () => void this.#share(),
      materialize: () => void this.dialog.show(undefined),
      insert: (action) => {
        this.#insert(after, action);
      },
      scratch: () => void this.#openScratch(),
      undo: () => {
        this.#do("undo");
      },
      move: (by) => {
        if (after !== undefined) this.#move(after, by);
      },
      toggleGraph: () => {
        this.#toggleGraph();
      },
      enlargeGraph: () => void this.#enlargeGraph(),
      help: () => {
        this.#do("help");
      },
      goTo: (name) => {
        this.goTo(name);
      },
    });
  }

  #renderScratch({ parameters }: NotebookState): TemplateResult {
    return html`<scratch-cell
      .notebook=${this.name}
      .parameters=${parameters}
      .languageService=${this.#language}
      @focusin=${() => (this.selected = undefined)}
      @go-to-definition=${(event: GoToDefinitionEvent) => {
        this.goTo(event.name);
      }}
      @scratch-keep=${(event: ScratchKeepEvent) => {
        this.hasScratch = false;
        this.#insert(this.#doc().blocks.at(-1)?.id, "insert-sql", event.sql);
      }}
      @scratch-close=${() => (this.hasScratch = false)}
    ></scratch-cell>`;
  }

  async #openScratch(): Promise<void> {
    await import("../elements/scratch-cell.js");
    this.hasScratch = true;
    await this.updateComplete;
    const scratch = this.querySelector<ScratchCell>("scratch-cell");
    scratch?.scrollIntoView({ block: "nearest" });
    scratch?.focus();
  }

  /** What is shared is what the file says. */
  async #share(): Promise<void> {
    await Promise.all([import("../share/share-dialog.js"), this.#store?.save()]);
    await this.updateComplete;
    await this.querySelector<ShareDialog>("share-dialog")?.show(this.name);
  }

  #toggleGraph(): void {
    this.hasGraph = !this.hasGraph;
    if (this.hasGraph) void import("../graph/dependency-graph.js");
  }

  async #enlargeGraph(): Promise<void> {
    await import("../graph/dependency-graph.js");
    await this.largeGraph?.show();
  }

  #open(id: string): void {
    const element = this.#block(id);
    if (element instanceof ProseBlock) element.edit();
    else (element as NotebookCell | null)?.focusSource();
  }

  #selectNext(id: string | undefined, by: number): void {
    const blocks = visibleBlocks(this.#doc());
    const next =
      blocks[Math.max(0, Math.min(blocks.length - 1, blocks.findIndex((block) => block.id === id) + by))];
    if (next !== undefined) this.#focus(next.id);
  }

  /** Selects it for the keys of command mode. */
  #focus(id: string): void {
    this.#select(id);
    void this.updateComplete.then(() => {
      this.#block(id)?.focus({ preventScroll: true });
    });
  }

  #select(id: string): void {
    this.selected = id;
    void this.updateComplete.then(() => {
      this.#block(id)?.scrollIntoView({
        block: "nearest",
        behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
      });
    });
  }

  #say(note: string): void {
    this.note = note;
    clearTimeout(this.#noteTimer);
    this.#noteTimer = setTimeout(() => (this.note = ""), 6000);
  }
}
