import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { NotebookView } from "../../server/api/protocol.js";
import "../elements/run-bar.js";
import type {} from "../data/data-events.js";
import { noteRecent } from "../elements/recent.js";
import type { ColumnWay } from "../graph/column-way.js";
import type { RunBarActionEvent, RunBarGoToEvent, RunDateChangeEvent } from "../elements/run-bar-events.js";
import type { FindActions } from "../find/find-dialog.js";
import { whenQuiet } from "../quiet.js";
import { may } from "../session.js";
import { CellEditions } from "../store/cell-editions.js";
import type { NotebookDocument } from "../store/document.js";
import { MergedEvent } from "../store/answers.js";
import { overallOf } from "../store/overall.js";
import { NotebookStore } from "../store/notebook-store.js";
import { NotebookAddress } from "./notebook-address.js";
import { NotebookCommands } from "./notebook-commands.js";
import { NotebookDialogs } from "./notebook-dialogs.js";
import { NotebookEditing } from "./notebook-editing.js";
import { NotebookKeyboard } from "./notebook-keyboard.js";
import type { PageCommand } from "./notebook-keys.js";
import { NotebookLanguage } from "./notebook-language.js";
import { NotebookLive } from "./notebook-live.js";
import { renderMain } from "./notebook-main.js";
import { renderMessages } from "./notebook-messages.js";
import { NotebookPanels } from "./notebook-panels.js";
import { NotebookPresence, othersOf } from "./notebook-presence.js";
import { NotebookRunning } from "./notebook-running.js";
import { NotebookSelection } from "./notebook-selection.js";
import { NotebookToast } from "./notebook-toast.js";
import { loadCode } from "../connection.js";

/** The notebook's title is known, or another one now. */
export class NotebookTitleEvent extends Event {
  readonly title: string;

  constructor(title: string) {
    super("notebook-title");
    this.title = title;
  }
}

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
  /** For people who do not read SQL. */
  @property() view: "report" | undefined;

  #store: NotebookStore | undefined;
  #presence: NotebookPresence | undefined;
  #title: string | undefined;
  /** The address may name a cell before the notebook is there. */
  #pendingTarget: string | undefined;
  /** Of the column that was picked. */
  #way: ColumnWay | undefined;
  readonly #editions = new CellEditions();
  readonly #address = new NotebookAddress();
  readonly #language = new NotebookLanguage(() => this.#store?.state);
  readonly #dialogs = new NotebookDialogs(this);
  readonly #panels = new NotebookPanels(this);
  readonly #toast = new NotebookToast(this);
  readonly #selection: NotebookSelection = new NotebookSelection(this, () => this.#editing.document);
  readonly #editing: NotebookEditing = new NotebookEditing({
    store: () => this.#openStore(),
    selection: this.#selection,
    dialogs: this.#dialogs,
    toast: this.#toast,
  });
  readonly #running = new NotebookRunning(this, {
    store: () => this.#openStore(),
    selection: this.#selection,
    toast: this.#toast,
    insertBelow: (id) => {
      this.#editing.insert(id, "insert-sql");
    },
    materialize: () => void this.#dialogs.materialize(),
  });
  readonly #live = new NotebookLive(this, () => this.#openStore().state);
  readonly #commands = new NotebookCommands({
    store: () => this.#openStore(),
    editing: this.#editing,
    running: this.#running,
    live: this.#live,
    selection: this.#selection,
    panels: this.#panels,
    dialogs: this.#dialogs,
    address: this.#address,
    toast: this.#toast,
  });

  constructor() {
    super();
    this.addEventListener("column-way", ({ way }) => {
      this.#showWay(way);
    });
    this.addEventListener("next-step", ({ step }) => {
      if (step === "share") this.#commands.actOnAll("share");
      else void this.#panels.openScratch(step.query);
    });
    this.addEventListener("add-cells", ({ fences, below }) => {
      this.addCells(fences, below);
    });
    new NotebookKeyboard(this, {
      do: (command) => this.#store !== undefined && !this.#isReport(command) && this.#commands.do(command),
      showCommands: () => {
        this.#dialogs.showCommands(this.#store === undefined ? [] : this.#commands.entries(), this.name);
      },
    });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("beforeunload", this.#onUnload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#onUnload);
    this.#store?.close();
    this.#presence?.stop();
  }

  #showWay(way: ColumnWay | undefined): void {
    this.#way = way;
    if (way !== undefined) this.#panels.showGraph();
    this.requestUpdate();
  }

  readonly #onUnload = (event: BeforeUnloadEvent): void => {
    const store = this.#store;
    store?.file.keepDraft();
    if (store !== undefined && !store.file.isInFile) event.preventDefault();
  };

  /** A key there would change or run what nobody sees. */
  #isReport(command: PageCommand): boolean {
    return this.view === "report" && command !== "help" && command !== "save" && command !== "stop";
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (this.view === "report") void loadCode(() => import("../report/report-view.js"));
    if (changed.has("name")) this.#open();
    else if (changed.has("choices")) this.#store?.chosen.setQuery(this.choices);
  }

  #open(): void {
    this.#store?.close();
    const store = new NotebookStore(this.name, this.choices);
    this.#store = store;
    this.#title = undefined;
    this.#way = undefined;
    this.#toast.say("");
    this.#live.forget();
    store.addEventListener("change", () => {
      this.requestUpdate();
      if (store !== this.#store) return;
      if (store.state.conflicts.length === 0) this.#toast.settle();
      this.#selection.keep(store.state.document);
      this.#address.follow(store, this.name);
      this.#live.follow();
    });
    store.addEventListener("merged", (event) => {
      if (store === this.#store && event instanceof MergedEvent) this.#toast.say(event.words, event);
    });
    this.#presence?.stop();
    this.#presence = new NotebookPresence(store.page);
    void store.open();
    void whenQuiet()
      .then(() => this.#language.load())
      .then(() => this.#dialogs.load());
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    this.#tellTitle();
    if (this.#store !== undefined) this.#presence?.tell(this.#store.state, this.#selection.block?.cell?.name);
    if (changed.has("target")) this.#pendingTarget = this.target;
    if (this.#pendingTarget === undefined || this.#store?.state.document === undefined) return;
    const name = this.#pendingTarget;
    this.#pendingTarget = undefined;
    this.#selection.goTo(name);
  }

  #tellTitle(): void {
    const title = this.#store?.state.view?.title;
    if (this.#store?.state.view?.schedule !== undefined)
      void loadCode(() => import("../schedule/schedule-line.js"));
    if (title === undefined || title === this.#title) return;
    this.#title = title;
    noteRecent(title);
    this.dispatchEvent(new NotebookTitleEvent(title));
  }

  #openStore(): NotebookStore {
    if (this.#store === undefined) throw new Error("unreachable: no store");
    return this.#store;
  }

  /** True when the file is what the page shows. */
  async save(): Promise<boolean> {
    return (await this.#store?.file.save()) ?? true;
  }

  /** Lets the user go to another notebook. */
  showNotebooks(): void {
    this.#dialogs.showNotebooks(this.name);
  }

  /** Adds cells at the end, each a fence whose first line names it. A name that is taken becomes another one. */
  addCells(fences: readonly string[], below?: string): void {
    if (!may("edit") || this.#store?.state.document === undefined) return;
    this.#editing.addCells(fences, below);
    void this.#language.load();
  }

  override render(): TemplateResult {
    const store = this.#store;
    const { view, document, error } = store?.state ?? {};
    if (store === undefined || view === undefined || document === undefined)
      return error === undefined
        ? html`<div class="page"><div class="skeleton tall" aria-busy="true"></div></div>`
        : html`<main class="page">
            <p class="problem" role="alert">${error.message} ${error.hint}</p>
            <p><a href="#/">All notebooks</a></p>
          </main>`;
    const selected = this.#selection.block?.cell?.name;
    const graph = html`<notebook-graph
      .state=${store.state}
      .selected=${selected}
      .way=${this.#way}
      @way-end=${() => {
        this.#showWay(undefined);
      }}
      @cell-select=${({ name }: Event & { readonly name: string }) => {
        this.#pick(name);
      }}
    ></notebook-graph>`;
    return html`${this.#renderBar(store)}
    ${renderMessages(store.state, {
      dismiss: () => {
        store.clearError();
      },
      dismissChoices: () => {
        store.chosen.dismissProblems();
      },
      dismissAgent: () => {
        store.dismissAgent();
      },
      saveAgain: () => void store.file.saveAgain(),
      decide: (conflict, choice) => void store.file.decide(conflict, choice),
    })}
    ${
      this.view === "report"
        ? this.#renderReport(store)
        : this.#panels.render({
            state: store.state,
            selected: this.#selection.id,
            pick: (entry) => {
              this.#panels.giveWay();
              this.#selection.goToEntry(entry);
            },
            main: this.#renderMain(store, view, document),
            graph,
            enlargeGraph: () => void this.#dialogs.enlargeGraph(),
          })
    }
    ${this.#dialogs.render(store, graph, this.#find)}
    ${this.#toast.render(() => {
      this.#editing.undo();
    })}`;
  }

  #renderReport({ state }: NotebookStore): TemplateResult {
    return html`<report-view
      .notebook=${state}
      .target=${this.target}
      .choices=${this.choices}
      @report-parameter=${(event: Event & { readonly parameter: string; readonly value: unknown }) => {
        this.#commands.setParameter(event.parameter, event.value);
      }}
    ></report-view>`;
  }

  #renderBar(store: NotebookStore): TemplateResult {
    return html`<run-bar
      role="region"
      aria-label="Actions of the notebook"
      .notebook=${store.state}
      .others=${othersOf(store.state.people, store.page)}
      .overall=${overallOf(store.state)}
      ?hasGraph=${this.#panels.hasGraph}
      ?isLive=${this.#live.isOn}
      ?isReport=${this.view === "report"}
      @run-bar-action=${(event: RunBarActionEvent) => {
        this.#commands.actOnAll(event.action);
      }}
      @run-bar-go-to=${(event: RunBarGoToEvent) => {
        this.#selection.goTo(event.name);
      }}
      @run-date-change=${(event: RunDateChangeEvent) => {
        this.#address.choose(() => {
          store.chosen.setDate(event.date);
        });
      }}
    ></run-bar>`;
  }

  #renderMain(store: NotebookStore, view: NotebookView, document: NotebookDocument): TemplateResult {
    return renderMain(
      {
        name: this.name,
        state: store.state,
        others: othersOf(store.state.people, store.page),
        view,
        document,
        editions: this.#editions.take(view),
        selected: this.#selection.id,
        fresh: this.#selection.fresh,
        preview: this.#running.preview,
        live: this.#live,
        hasScratch: this.#panels.hasScratch,
        language: this.#language.service,
      },
      {
        onBlock: (block) => this.#commands.onBlock(block),
        setParameter: (parameter, value) => {
          this.#commands.setParameter(parameter, value);
        },
        insert: (action, sql) => {
          this.#editing.insert(this.#editing.document.blocks.at(-1)?.id, action, sql);
        },
        goTo: (cell) => {
          this.#selection.goTo(cell);
        },
        schedule: () => {
          this.#commands.schedule();
        },
        openScratch: () => void this.#panels.openScratch(),
        closeScratch: () => {
          this.#panels.closeScratch();
        },
        deselect: () => {
          this.#selection.mark(undefined);
        },
      },
    );
  }

  readonly #find: FindActions = {
    replace: (document) => {
      this.#editing.replaceFound(document);
    },
    undo: () => {
      this.#editing.undo();
    },
    goTo: (block) => {
      this.#selection.goToBlock(block);
    },
  };

  /** Goes to a cell that was picked in the graph. */
  readonly #pick = (name: string): void => {
    this.#panels.giveWay();
    this.#selection.goTo(name);
  };
}
