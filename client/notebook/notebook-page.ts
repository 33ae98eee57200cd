import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { VocabularyView } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { createLanguageService } from "../editor/language-service.js";
import type { GoToDefinitionEvent } from "../editor/editor-events.js";
import type { CellActionEvent } from "../elements/cell-events.js";
import "../elements/command-palette.js";
import type { CommandPalette, PaletteEntry } from "../elements/command-palette.js";
import "../elements/help-dialog.js";
import type { HelpDialog } from "../elements/help-dialog.js";
import "../elements/large-graph.js";
import type { LargeGraph } from "../elements/large-graph.js";
import "../elements/materialize-dialog.js";
import type { MaterializeDialog } from "../elements/materialize-dialog.js";
import type { NotebookCell } from "../elements/notebook-cell.js";
import { ProseBlock } from "../elements/prose-block.js";
import "../elements/parameter-bar.js";
import type { ParameterChangeEvent } from "../elements/parameter-bar.js";
import type { Preview } from "../elements/query-preview.js";
import "../elements/rename-dialog.js";
import type { RenameDialog } from "../elements/rename-dialog.js";
import "../elements/run-bar.js";
import type { RunBarActionEvent, RunBarGoToEvent, RunDateChangeEvent } from "../elements/run-bar.js";
import {
  blockAt,
  diagnosticsOf,
  firstLines,
  offsetOf,
  visibleBlocks,
  type Block,
  type NotebookDocument,
} from "../store/document.js";
import { whenQuiet } from "../quiet.js";
import { CellEditions } from "../store/cell-editions.js";
import type { InsertAction } from "../store/new-blocks.js";
import { NotebookStore, type NotebookState } from "../store/notebook-store.js";
import type { ScratchCell, ScratchKeepEvent } from "../elements/scratch-cell.js";
import type { ShareDialog } from "../share/share-dialog.js";
import { parseRoute, toHash } from "../router.js";
import { renderBlock } from "./notebook-block.js";
import { NotebookEditing } from "./notebook-editing.js";
import { renderGraph } from "./notebook-graph.js";
import { commandOf, isTextField, type PageCommand } from "./notebook-keys.js";
import { renderMessages, renderToast } from "./notebook-messages.js";
import { renderOutline } from "./notebook-outline.js";
import { notebookEntries, paletteEntries } from "./notebook-palette.js";
import { NotebookRunning } from "./notebook-running.js";

/** The notebook's title is known, or another one now. */
export class NotebookTitleEvent extends Event {
  readonly title: string;

  constructor(title: string) {
    super("notebook-title");
    this.title = title;
  }
}

const noVocabulary: VocabularyView = { files: [], datasets: [], functions: [], keywords: [] };

/** What lies where, by the ids of the blocks. */
interface Places {
  readonly lines: ReturnType<typeof firstLines>;
  readonly diagnostics: ReturnType<typeof diagnosticsOf>;
}

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
  /** What the address chooses. */
  @property() choices = "";
  @state() private selected: string | undefined;
  @state() private hasGraph = matchMedia("(min-width: 1500px)").matches;
  /** On a narrow screen, where it lies over the notebook as the graph does. */
  @state() private hasOutline = false;
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
  /** The reader, not the address. */
  #isChoosing = false;
  readonly #editions = new CellEditions();
  #lastKey = "";
  /** What the store held last. */
  #shown: NotebookDocument | undefined;
  #noteTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #editing = new NotebookEditing({
    store: () => this.#openStore(),
    select: (id) => {
      this.#select(id);
    },
    focus: (id) => {
      this.#focus(id);
    },
    markFresh: (id) => {
      this.fresh = id;
    },
    editProse: (id, starter) => this.#editProse(id, starter),
    askName: async (name) => this.renameDialog?.ask(name),
    say: (note) => {
      this.#say(note);
    },
  });
  readonly #running = new NotebookRunning({
    store: () => this.#openStore(),
    selectNext: (id) => {
      this.#selectNext(id, 1);
    },
    insertBelow: (id) => {
      this.#editing.insert(id, "insert-sql");
    },
    showPreview: (block, result) => {
      this.preview = { block, result };
    },
  });
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
    if (!changed.has("name")) {
      if (changed.has("choices")) this.#store?.setChoices(this.choices);
      return;
    }
    this.#store?.close();
    const store = new NotebookStore(this.name, this.choices);
    this.#store = store;
    this.#title = undefined;
    store.addEventListener("change", () => {
      this.requestUpdate();
      if (store === this.#store) this.#keepSelection(store.state.document);
      this.#followRename(store);
      this.#tellChoices(store);
    });
    void store.open();
    void whenQuiet().then(() => this.#loadVocabulary());
  }

  /** Where the answer has made one block of two, the selected one is that in its place. */
  #keepSelection(doc: NotebookDocument | undefined): void {
    const [before, id] = [this.#shown, this.selected];
    this.#shown = doc;
    if (doc === undefined || id === undefined || doc.blocks.some((block) => block.id === id)) return;
    const block = before?.blocks.find((candidate) => candidate.id === id);
    if (before === undefined || block === undefined) return;
    const lead = block.source.length - block.source.trimStart().length;
    this.selected = blockAt(doc, offsetOf(before, id) + lead)?.id;
  }

  /** The address follows a renamed notebook once nothing waits to be saved. */
  #followRename(store: NotebookStore): void {
    const { name, save } = store.state;
    if (store !== this.#store || name === this.name || save !== "saved") return;
    location.replace(toHash({ page: "notebook", name, choices: store.choices }));
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
    const places: Places = { lines: firstLines(doc), diagnostics: diagnosticsOf(doc, view.diagnostics) };
    const graph = renderGraph(store.state, this.#selectedCell(), (name) => {
      this.#pick(name);
    });
    return html`<run-bar
        .notebook=${store.state}
        .staleCount=${store.staleCells().length}
        ?hasGraph=${this.hasGraph}
        @run-bar-action=${this.#onBar}
        @run-bar-go-to=${(event: RunBarGoToEvent) => {
          this.goTo(event.name);
        }}
        @run-date-change=${(event: RunDateChangeEvent) => {
          this.#choose(() => {
            store.setDate(event.date);
          });
        }}
      ></run-bar>
      ${renderMessages(store.state, {
        dismiss: () => {
          store.clearError();
        },
        dismissChoices: () => {
          store.dismissChoiceProblems();
        },
        resolve: (choice) => void this.#resolve(choice),
      })}
      <div
        class="notebook ${this.hasGraph ? "with-graph" : ""} ${this.hasOutline ? "with-outline" : ""}"
        @keydown=${this.#onNotebookKey}
      >
        <nav class="outline" aria-label="Cells">
          <button class="close" @click=${this.#closeOverlays}>Close</button>
          ${renderOutline(store.state, this.#selectedCell(), (name) => {
            this.#pick(name);
          })}
        </nav>
        <main class="blocks" @prose-change=${this.#onProse}>
          <parameter-bar
            .parameters=${view.parameters}
            .values=${store.state.parameters}
            @parameter-change=${(event: ParameterChangeEvent) => {
              this.#choose(() => {
                store.setParameter(event.name, event.value);
              });
            }}
          ></parameter-bar>
          ${repeat(
            visibleBlocks(doc),
            (block) => block.id,
            (block) => this.#renderBlock(block, places),
          )}
          <div class="add-row">
            ${addButtons.map(
              ([action, label]) =>
                html`<button
                  @click=${() => {
                    this.#editing.insert(doc.blocks.at(-1)?.id, action);
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
                <button class="close" @click=${this.#closeOverlays}>Close</button>
                <button class="enlarge" @click=${() => void this.#enlargeGraph()}>Enlarge</button>
                ${graph}
              </aside>`
            : nothing
        }
      </div>
      <large-graph .graph=${graph}></large-graph>
      <materialize-dialog .store=${store}></materialize-dialog>
      <command-palette></command-palette>
      <rename-dialog></rename-dialog>
      <help-dialog></help-dialog>
      <share-dialog></share-dialog>
      ${renderToast(this.note, () => {
        this.#do("undo");
      })}`;
  }

  async #resolve(choice: "mine" | "theirs" | "copy"): Promise<void> {
    const copy = await this.#store?.resolve(choice);
    if (copy !== undefined) this.#say(`Your version is saved as ${copy}.`);
  }

  #renderBlock(block: Block, places: Places): TemplateResult {
    const state = this.#state();
    const editions = state.view === undefined ? undefined : this.#editions.take(state.view);
    const context = {
      state,
      edition: editions?.get(block.cell?.name ?? ""),
      firstLine: places.lines.get(block.id) ?? 1,
      diagnostics: places.diagnostics.get(block.id) ?? [],
      isSelected: this.selected === block.id,
      isFresh: this.fresh === block.id,
      preview: this.preview?.block === block.id ? this.preview.result : undefined,
      language: this.#language,
    };
    return renderBlock(block, context, {
      editing: this.#editing,
      select: () => {
        this.selected = block.id;
      },
      run: (mode) => void this.#running.runCell(block, mode),
      act: (event) => {
        this.#onAction(block, event);
      },
      addChart: (yaml) => {
        this.#editing.add(block.id, { kind: "cell", language: "yaml", body: yaml.trimEnd() });
        this.#say("The chart is a cell now, below.");
      },
      runSelection: (sql) => void this.#running.runSelection(block, sql),
      closePreview: () => {
        this.preview = undefined;
      },
      goTo: (name) => {
        this.goTo(name);
      },
      setParameter: (name, value) => {
        this.#choose((store) => {
          store.setParameter(name, value);
        });
      },
    });
  }

  /** Scrolls to a cell and selects it. */
  goTo(name: string): void {
    const block = this.#editing.document.blocks.find((candidate) => candidate.cell?.name === name);
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

  /** The address says what is chosen, so that it can be shared, and back goes back. */
  #tellChoices(store: NotebookStore): void {
    if (store !== this.#store || store.state.view === undefined) return;
    const route = parseRoute(location.hash);
    if (route.page !== "notebook" || route.name !== this.name) return;
    const { choices } = store;
    if (choices === (route.choices ?? "")) return;
    const address = toHash({ ...route, choices });
    // What could not be chosen leaves the address without a step to go back to.
    if (this.#isChoosing) location.hash = address;
    else history.replaceState(history.state, "", address);
  }

  #choose(change: (store: NotebookStore) => void): void {
    this.#isChoosing = true;
    try {
      change(this.#openStore());
    } finally {
      this.#isChoosing = false;
    }
  }

  #tellTitle(): void {
    const title = this.#store?.state.view?.title;
    if (title === undefined || title === this.#title) return;
    this.#title = title;
    this.dispatchEvent(new NotebookTitleEvent(title));
  }

  #openStore(): NotebookStore {
    if (this.#store === undefined) throw new Error("unreachable: no store");
    return this.#store;
  }

  #state(): NotebookState {
    return this.#openStore().state;
  }

  #selectedCell(): string | undefined {
    return this.#editing.document.blocks.find((block) => block.id === this.selected)?.cell?.name;
  }

  #block(id: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[data-block="${id}"]`);
  }

  #onAction(block: Block, { action }: CellActionEvent): void {
    switch (action) {
      case "run":
        return void this.#running.runCell(block, "run");
      case "stop":
        return void this.#store?.stop();
      case "materialize":
        return void this.dialog.show(block.cell === undefined ? undefined : [block.cell.name]);
      case "delete": {
        this.#editing.delete(block.id);
        return;
      }
      case "move-up":
      case "move-down": {
        this.#editing.move(block.id, action === "move-up" ? -1 : 1);
        return;
      }
      case "duplicate": {
        this.#editing.duplicate(block);
        return;
      }
      case "rename": {
        void this.#editing.rename(block);
        return;
      }
      case "settings":
        return;
      default:
        this.#editing.insert(block.id, action);
    }
  }

  #onBar(event: RunBarActionEvent): void {
    switch (event.action) {
      case "run-all":
        return void this.#running.run({});
      case "run-stale":
        return void this.#store?.runStale();
      case "stop":
        return void this.#store?.stop();
      case "materialize":
        return void this.dialog.show(undefined);
      case "toggle-graph":
        this.#toggleGraph();
        return;
      case "show-outline":
        void this.#showOutline();
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

  /** Adds cells at the end, each a fence whose first line names it. A name that is taken becomes another one. */
  addCells(fences: readonly string[]): void {
    if (this.#store?.state.document === undefined) return;
    this.#editing.addCells(fences);
    void this.#loadVocabulary();
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
    const { blocks } = this.#editing.document;
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
        this.#editing.insert(blocks[at - 1]?.id, "insert-sql");
        return true;
      case "insert-below":
        this.#editing.insert(selected ?? blocks.at(-1)?.id, "insert-sql");
        return true;
      case "insert-prose":
        this.#editing.insert(selected ?? blocks.at(-1)?.id, "insert-prose");
        return true;
      case "delete":
        if (block !== undefined) this.#editing.delete(block.id);
        return block !== undefined;
      case "help":
        this.help?.show();
        return true;
      case "undo":
        this.#editing.undo();
        return true;
      case "redo":
        this.#editing.redo();
        return true;
      case "rename":
        if (block !== undefined) void this.#editing.rename(block);
        return true;
      case "open":
        if (block !== undefined) this.#open(block.id);
        return block !== undefined;
      case "move-up":
      case "move-down":
        if (block !== undefined) this.#editing.move(block.id, command === "move-up" ? -1 : 1);
        return block !== undefined;
      case "stop":
        void this.#store?.stop();
        return true;
      case "run":
      case "run-and-next":
      case "run-and-insert":
      case "run-with-stale":
        if (block !== undefined) void this.#running.runCell(block, command);
        return block !== undefined;
    }
  }

  #paletteEntries(): PaletteEntry[] {
    const store = this.#store;
    if (store === undefined) return [];
    const after = this.selected;
    return paletteEntries(store.state.view?.cells ?? [], {
      runAll: () => void this.#running.run({}),
      runStale: () => void store.runStale(),
      stop: () => void store.stop(),
      share: () => void this.#share(),
      materialize: () => void this.dialog.show(undefined),
      insert: (action) => {
        this.#editing.insert(after, action);
      },
      scratch: () => void this.#openScratch(),
      undo: () => {
        this.#do("undo");
      },
      redo: () => {
        this.#do("redo");
      },
      move: (by) => {
        if (after !== undefined) this.#editing.move(after, by);
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
        this.#editing.insert(this.#editing.document.blocks.at(-1)?.id, "insert-sql", event.sql);
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

  async #showOutline(): Promise<void> {
    this.hasOutline = true;
    await this.updateComplete;
    this.querySelector<HTMLElement>(".outline a")?.focus();
  }

  readonly #closeOverlays = (): void => {
    this.hasOutline = this.hasGraph = false;
  };

  readonly #onNotebookKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.hasOutline) this.hasOutline = false;
  };

  /** Goes to a cell that was picked from a list, which no longer lies over it. */
  #pick(name: string): void {
    if (matchMedia("(width < 900px)").matches) this.#closeOverlays();
    this.goTo(name);
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

  async #editProse(id: string, starter: string): Promise<void> {
    this.#select(id);
    await this.updateComplete;
    const element = this.#block(id);
    if (element instanceof ProseBlock) await element.editOver(starter);
  }

  #selectNext(id: string | undefined, by: number): void {
    const blocks = visibleBlocks(this.#editing.document);
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
