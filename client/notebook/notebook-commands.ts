import type { CellActionEvent } from "../elements/cell-events.js";
import type { PaletteEntry } from "../elements/command-palette.js";
import type { RunBarAction } from "../elements/run-bar-events.js";
import type { Block } from "../store/document.js";
import type { NotebookStore } from "../store/notebook-store.js";
import { toggleReport, type NotebookAddress } from "./notebook-address.js";
import type { BlockActions } from "./notebook-block.js";
import type { NotebookDialogs } from "./notebook-dialogs.js";
import type { NotebookEditing } from "./notebook-editing.js";
import type { PageCommand } from "./notebook-keys.js";
import { may, whyNot } from "../session.js";
import type { NotebookLive } from "./notebook-live.js";
import { neededFor } from "./notebook-needs.js";
import { paletteEntries } from "./notebook-palette.js";
import type { NotebookPanels } from "./notebook-panels.js";
import type { NotebookRunning } from "./notebook-running.js";
import type { NotebookSelection } from "./notebook-selection.js";
import type { NotebookToast } from "./notebook-toast.js";

/** The parts of the page that commands work on. */
export interface CommandedPage {
  store(): NotebookStore;
  readonly editing: NotebookEditing;
  readonly running: NotebookRunning;
  readonly live: Pick<NotebookLive, "note" | "toggle">;
  readonly selection: NotebookSelection;
  readonly panels: NotebookPanels;
  readonly dialogs: NotebookDialogs;
  readonly address: NotebookAddress;
  readonly toast: Pick<NotebookToast, "say">;
}

/** What a key, the run bar, a cell's buttons and the palette have done. */
export class NotebookCommands {
  readonly #page: CommandedPage;

  constructor(page: CommandedPage) {
    this.#page = page;
  }

  /** Of a key, to the block that is selected. False where there is nothing to do it to. */
  do(command: PageCommand): boolean {
    if (this.#isRefused(command)) return true;
    const { editing, running, selection, dialogs } = this.#page;
    const { blocks } = editing.document;
    const at = blocks.findIndex(({ id }) => id === selection.id);
    const block = blocks[at];
    switch (command) {
      case "save":
        void this.#page.store().file.save();
        return true;
      case "find":
        void dialogs.find();
        return true;
      case "next":
      case "previous":
        selection.focusNext(selection.id, command === "next" ? 1 : -1);
        return true;
      case "insert-above":
        editing.insert(blocks[at - 1]?.id, "insert-sql");
        return true;
      case "insert-below":
        editing.insert(selection.id ?? blocks.at(-1)?.id, "insert-sql");
        return true;
      case "insert-prose":
        editing.insert(selection.id ?? blocks.at(-1)?.id, "insert-prose");
        return true;
      case "delete":
        if (block !== undefined) editing.delete(block.id);
        return block !== undefined;
      case "help":
        void dialogs.help();
        return true;
      case "undo":
        editing.undo();
        return true;
      case "redo":
        editing.redo();
        return true;
      case "rename":
        if (block !== undefined) void editing.rename(block);
        return true;
      case "open":
        if (block !== undefined) selection.open(block.id);
        return block !== undefined;
      case "move-up":
      case "move-down":
        if (block !== undefined) editing.move(block.id, command === "move-up" ? -1 : 1);
        return block !== undefined;
      case "type":
        return false;
      case "stop":
        void this.#page.store().stop();
        return true;
      case "run":
      case "run-and-next":
      case "run-and-insert":
      case "run-with-stale":
        if (block !== undefined) void running.runCell(block, command);
        return block !== undefined;
    }
  }

  /** There is a key for it, but it would be refused: says so. */
  #isRefused(command: Parameters<typeof neededFor>[0]): boolean {
    const permission = neededFor(command);
    if (!may(permission)) this.#page.toast.say(whyNot(permission));
    return !may(permission);
  }

  /** Of a cell's buttons and its menu. */
  act(block: Block, { action }: Pick<CellActionEvent, "action">): void {
    if (this.#isRefused(action)) return;
    const { editing, running, dialogs } = this.#page;
    switch (action) {
      case "run":
        return void running.runCell(block, "run");
      case "stop":
        return void this.#page.store().stop();
      case "materialize":
        return void dialogs.materialize(block.cell === undefined ? undefined : [block.cell.name]);
      case "delete":
        editing.delete(block.id);
        return;
      case "move-up":
      case "move-down":
        editing.move(block.id, action === "move-up" ? -1 : 1);
        return;
      case "duplicate":
        editing.duplicate(block);
        return;
      case "rename":
        return void editing.rename(block);
      case "make-test":
        return void dialogs.test(this.#page.store(), block, (draft) => {
          editing.addTest(block.id, draft);
        });
      case "settings":
        return;
      default:
        editing.insert(block.id, action);
    }
  }

  /** Of a block and of what is drawn in it. */
  onBlock(block: Block): BlockActions {
    const { editing, running, selection } = this.#page;
    return {
      editing,
      select: () => {
        selection.mark(block.id);
      },
      run: (mode) => {
        if (!this.#isRefused(mode)) void running.runCell(block, mode);
      },
      runCell: (cell) => {
        if (!this.#isRefused("run")) void running.run({ cells: [cell] });
      },
      act: (event) => {
        this.act(block, event);
      },
      runSelection: (sql) => {
        if (may("query")) void running.runSelection(block, sql);
        else this.#page.toast.say(whyNot("query"));
      },
      closePreview: () => {
        running.closePreview();
      },
      live: (query) => {
        this.#page.live.note(block.id, query);
      },
      goTo: (name) => {
        selection.goTo(name);
      },
      accept: (proposal, cell) => void this.#page.store().proposals.accept(proposal, cell),
      reject: (proposal, cell) => void this.#page.store().proposals.reject(proposal, cell),
      decide: (conflict, choice) => void this.#page.store().file.decide(conflict, choice),
      setParameter: (name, value) => {
        this.setParameter(name, value);
      },
    };
  }

  setParameter(name: string, value: unknown): void {
    this.#page.address.choose(() => {
      this.#page.store().chosen.setParameter(name, value);
    });
  }

  schedule(): void {
    void this.#page.dialogs.schedule(this.#page.store());
  }

  /** Of the run bar. */
  actOnAll(action: RunBarAction): void {
    if (this.#isRefused(action)) return;
    const { running, dialogs, panels } = this.#page;
    const store = this.#page.store();
    switch (action) {
      case "run-all":
        return void running.tellNext(running.run({}));
      case "run-stale":
        return void running.tellNext(store.runStale());
      case "stop":
        return void store.stop();
      case "show-choice":
        this.#page.selection.showChoice();
        return;
      case "materialize":
        return void dialogs.materialize();
      case "toggle-graph":
        panels.toggleGraph();
        return;
      case "show-outline":
        return void panels.showOutline();
      case "toggle-auto-run":
        store.setAutoRun(!store.state.autoRun);
        return;
      case "toggle-live":
        this.#page.live.toggle();
        return;
      case "share":
        return void dialogs.share(store);
      case "toggle-report":
        toggleReport();
        return;
      case "schedule":
        this.schedule();
        return;
      case "history":
        return void dialogs.history(store);
      default:
        return void store.file.save();
    }
  }

  /** Everything that can be done now, by name. */
  entries(): PaletteEntry[] {
    const { editing, running, selection, panels, dialogs } = this.#page;
    const store = this.#page.store();
    const after = selection.id;
    const selected = selection.block;
    return paletteEntries(store.state.view?.cells ?? [], {
      runAll: () => void running.run({}),
      runStale: () => void store.runStale(),
      stop: () => void store.stop(),
      share: () => void dialogs.share(store),
      report: toggleReport,
      history: () => void dialogs.history(store),
      materialize: () => {
        void dialogs.materialize();
      },
      schedule: () => void dialogs.schedule(store),
      insert: (action) => {
        editing.insert(after, action);
      },
      scratch: () => void panels.openScratch(),
      toggleLive: () => {
        this.#page.live.toggle();
      },
      find: () => void dialogs.find(),
      save: () => void store.file.save(),
      showData: (isData) => void panels.showOutline(isData),
      toggleAutoRun: () => {
        store.setAutoRun(!store.state.autoRun);
      },
      cell:
        selected?.cell === undefined
          ? undefined
          : {
              name: selected.cell.name,
              act: (action) => {
                this.act(selected, { action });
              },
            },
      undo: () => {
        editing.undo();
      },
      redo: () => {
        editing.redo();
      },
      move: (by) => {
        if (after !== undefined) editing.move(after, by);
      },
      toggleGraph: () => {
        panels.toggleGraph();
      },
      enlargeGraph: () => void dialogs.enlargeGraph(),
      help: () => void dialogs.help(),
      goTo: (name) => {
        selection.goTo(name);
      },
    });
  }
}
