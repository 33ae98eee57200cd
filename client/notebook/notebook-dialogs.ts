import { html, type LitElement, type TemplateResult } from "lit";
import type { PaletteEntry, PaletteList } from "../elements/command-palette.js";
import type {} from "../elements/large-graph.js";
import type { Block } from "../store/document.js";
import type { TestDraft } from "../tests/test-dialog.js";
import type { NotebookStore } from "../store/notebook-store.js";
import { otherNotebooks } from "../page-entries.js";
import { may } from "../session.js";
import { loadCode } from "../connection.js";
import type { FindActions } from "../find/find-dialog.js";
import { typedMeanwhile } from "../typed-meanwhile.js";

/** What a key opens. */
const loadPalette = () => loadCode(() => import("../elements/command-palette.js"));
const loadHelp = () => loadCode(() => import("../elements/help-dialog.js"));
const loadRename = () => loadCode(() => import("../elements/rename-dialog.js"));

/** What opens over the notebook page, and closes again. */
export class NotebookDialogs {
  readonly #page: LitElement;

  constructor(page: LitElement) {
    this.#page = page;
  }

  /** `graph` is shown while it is enlarged. */
  render(store: NotebookStore, graph: TemplateResult, find: FindActions): TemplateResult {
    return html`<large-graph .graph=${graph}></large-graph>
      <materialize-dialog .store=${store}></materialize-dialog>
      <command-palette></command-palette>
      <find-dialog .document=${store.state.document} .actions=${find}></find-dialog>
      <rename-dialog></rename-dialog>
      <help-dialog></help-dialog>
      <share-dialog></share-dialog>
      <schedule-dialog></schedule-dialog>
      <history-dialog></history-dialog>
      <test-dialog></test-dialog>`;
  }

  /** Undefined: all datasets. */
  async materialize(cells?: readonly string[]): Promise<void> {
    await loadCode(() => import("../elements/materialize-dialog.js"));
    await this.#page.querySelector("materialize-dialog")?.show(cells);
  }

  async find(): Promise<void> {
    await loadCode(() => import("../find/find-dialog.js"));
    await this.#page.querySelector("find-dialog")?.show();
  }

  /** Has what a key opens, before it is pressed. */
  async load(): Promise<void> {
    await Promise.all([loadPalette(), loadHelp(), loadRename()]);
  }

  async help(): Promise<void> {
    await typedMeanwhile(loadHelp());
    await this.#page.querySelector("help-dialog")?.show();
  }

  async askName(name: string): Promise<string | undefined> {
    const typed = await typedMeanwhile(loadRename());
    return this.#page.querySelector("rename-dialog")?.ask(name, typed);
  }

  async enlargeGraph(): Promise<void> {
    await Promise.all([
      loadCode(() => import("./notebook-graph.js")),
      loadCode(() => import("../elements/large-graph.js")),
    ]);
    await this.#page.querySelector("large-graph")?.show();
  }

  /** The file is changed, so it has to have what was typed. */
  async schedule(store: NotebookStore): Promise<void> {
    const [, isSaved] = await Promise.all([
      loadCode(() => import("../schedule/schedule-dialog.js")),
      store.file.save(),
    ]);
    if (!isSaved) return;
    await this.#page.updateComplete;
    await this.#page.querySelector("schedule-dialog")?.show(store.state.name);
  }

  /** What is drafted is of what the file says. */
  async test(store: NotebookStore, { cell }: Block, add: (draft: TestDraft) => void): Promise<void> {
    const [, isSaved] = await Promise.all([
      loadCode(() => import("../tests/test-dialog.js")),
      store.file.save(),
    ]);
    if (!isSaved || cell === undefined) return;
    await this.#page.updateComplete;
    await this.#page.querySelector("test-dialog")?.show({ notebook: store.state.name, cell: cell.name }, add);
  }

  /** What is typed is the newest text. */
  async history(store: NotebookStore): Promise<void> {
    await Promise.all([
      loadCode(() => import("../history/history-dialog.js")),
      may("edit") ? store.file.save() : true,
    ]);
    await this.#page.updateComplete;
    await this.#page
      .querySelector("history-dialog")
      ?.show(store.state.name, (entry, what) => store.file.bringBack(entry, what));
  }

  /** What is shared is what the file says. */
  async share(store: NotebookStore): Promise<void> {
    await Promise.all([loadCode(() => import("../share/share-dialog.js")), store.file.save()]);
    await this.#page.updateComplete;
    await this.#page.querySelector("share-dialog")?.show(store.state.name);
  }

  /** `name`: of this notebook, which is not among those that can be gone to. */
  showCommands(entries: readonly PaletteEntry[], name: string): void {
    void this.#showPalette({
      label: "Commands",
      placeholder: "Type a command, or the name of a cell, of a page or of another notebook",
      entries,
      more: otherNotebooks(name),
    });
  }

  showNotebooks(name: string): void {
    void this.#showPalette({
      label: "Notebooks",
      placeholder: "Type a part of a notebook’s title",
      entries: [],
      more: otherNotebooks(name),
    });
  }

  async #showPalette(list: PaletteList): Promise<void> {
    const typed = await typedMeanwhile(loadPalette());
    await this.#page.querySelector("command-palette")?.show(list, typed);
  }
}
