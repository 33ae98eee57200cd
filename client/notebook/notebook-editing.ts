import { loadCode } from "../connection.js";
import type { CellRemakeEvent } from "../elements/cell-events.js";
import type { TestDraft } from "../tests/test-dialog.js";
import { STARTER_PROSE, type InsertAction } from "../kinds/kinds.js";
import { copyOfCell, newBlock } from "../store/new-blocks.js";
import {
  namesOf,
  optionsOf,
  sqlOf,
  textOf,
  visibleBlocks,
  type Block,
  type NotebookDocument,
} from "../store/document.js";
import {
  insertBlock,
  moveBlock,
  removeBlock,
  replaceBody,
  replaceOptions,
  replaceProse,
  replaceSql,
  type NewBlock,
} from "../store/edit-document.js";
import { addCheck, isEditable } from "../../server/notebook/edit-options.js";
import { withFreeNames } from "../store/free-names.js";
import type { NotebookStore } from "../store/notebook-store.js";
import { nearestRelation } from "../store/nearest-relation.js";
import type { NotebookDialogs } from "./notebook-dialogs.js";
import type { NotebookSelection } from "./notebook-selection.js";
import type { NotebookToast } from "./notebook-toast.js";

/** The page as far as the commands that edit need it. */
export interface EditedPage {
  store(): NotebookStore;
  readonly selection: Pick<NotebookSelection, "select" | "focus" | "editProse" | "markFresh">;
  readonly dialogs: Pick<NotebookDialogs, "askName">;
  readonly toast: Pick<NotebookToast, "say">;
}

/** What a user can do to the text of the notebook. */
export class NotebookEditing {
  readonly #page: EditedPage;

  constructor(page: EditedPage) {
    this.#page = page;
  }

  get document(): NotebookDocument {
    return this.#page.store().state.document ?? { head: "", blocks: [] };
  }

  replaceProse(id: string, text: string, isDraft: boolean): void {
    // A block without text is not drawn, and could not be typed into.
    if (isDraft && text.trim() === "") this.#draft(this.document);
    else this.#replace(replaceProse(this.document, id, text), isDraft);
  }

  replaceSql(id: string, sql: string): void {
    this.#edit(replaceSql(this.document, id, sql));
  }

  replaceBody(id: string, body: string, isDraft: boolean): void {
    this.#replace(replaceBody(this.document, id, body), isDraft);
  }

  replaceOptions(id: string, yaml: string, isDraft: boolean): void {
    this.#replace(replaceOptions(this.document, id, yaml), isDraft);
  }

  /** Behind those that are there; the rest of the text stays as it is. */
  addChecks(block: Block, checks: readonly string[]): void {
    const yaml = optionsOf(block);
    if (!isEditable(yaml)) {
      this.#page.toast.say("There is a fault in the settings of the cell: correct it first.");
      return;
    }
    this.#edit(replaceOptions(this.document, block.id, checks.reduce(addCheck, yaml)), true);
    void this.#page.store().file.save();
  }

  insert(after: string | undefined, action: InsertAction, sql?: string): void {
    const relation = nearestRelation(this.document, after);
    if (action === "insert-chart" && relation === undefined) {
      this.#page.toast.say("A chart draws the rows of a SQL cell: add one first.");
      return;
    }
    const above = this.document.blocks.find((block) => block.id === after);
    const block = newBlock(action, this.#takenNames(), { above, relation, sql });
    if (block.kind === "cell") this.#page.selection.markFresh(this.#add(after, block));
    else this.#insertProse(after, block);
  }

  /** Returns the id of the new block. */
  #add(after: string | undefined, block: NewBlock): string {
    const { document, id } = insertBlock(this.document, after, block);
    this.#edit(document, true);
    this.#page.selection.select(id);
    void this.#page.store().file.save();
    return id;
  }

  /** Saved once it is written: beside other prose, the server's answer makes one block of the two. */
  #insertProse(after: string | undefined, block: NewBlock): void {
    const { document, id } = insertBlock(this.document, after, block);
    this.#page.store().file.edit(document, { isUndoable: true, isDraft: true });
    void this.#page.selection.editProse(id, STARTER_PROSE);
  }

  /**
   * Adds cells below the one that is named, or else at the end, each a fence whose first line names it. A name of a SQL cell that is
   * taken becomes another one.
   */
  addCells(fences: readonly string[], below?: string): void {
    let doc = this.document;
    const above = below === undefined ? undefined : doc.blocks.find(({ cell }) => cell?.name === below);
    let at = (above ?? doc.blocks.at(-1))?.id;
    for (const fence of withFreeNames(fences, this.#takenNames())) {
      const [head = "", language] = /^`{3,}(sql|yaml)\n/.exec(fence) ?? [];
      const body = fence.slice(head.length).replace(/\n`{3,}\s*$/, "");
      const made = insertBlock(doc, at, {
        kind: "cell",
        language: language === "yaml" ? "yaml" : "sql",
        body,
      });
      [doc, at] = [made.document, made.id];
    }
    this.#edit(doc, true);
    void this.#page
      .store()
      .file.save()
      .then(() => {
        if (at !== undefined) this.#page.selection.select(at);
      });
  }

  /** Makes a cell of a chart that was built from the columns of another one, below that. */
  addChart(from: string, yaml: string): void {
    this.#add(from, { kind: "cell", language: "yaml", body: yaml.trimEnd() });
    this.#page.toast.say("The chart is a cell now, below.");
  }

  /** Below the cell that it tests; it is run at once. */
  addTest(from: string, { name, yaml, isTraced }: TestDraft): void {
    const id = this.#add(from, { kind: "cell", language: "yaml", body: yaml.trimEnd() });
    const store = this.#page.store();
    this.#page.toast.say(
      isTraced
        ? "The test is a cell now, below. Its expected rows are those that come out today: correct them to what should."
        : "The test is a cell now, below. Which rows of the cells that it reads belong to a row cannot be told here, or they are too many: it has the first of each.",
    );
    void store.file.save().then(() => store.tests.run([name]));
    this.#page.selection.select(id);
  }

  /** What was found is written otherwise, in one step that can be taken back. */
  replaceFound(document: NotebookDocument): void {
    this.#edit(document, true);
    void this.#page.store().file.save();
  }

  duplicate(block: Block): void {
    const copy = copyOfCell(block, this.#takenNames());
    if (copy === undefined) return;
    this.#add(block.id, copy);
  }

  move(id: string, by: number): void {
    this.#edit(moveBlock(this.document, id, by), true);
    this.#page.selection.focus(id);
  }

  delete(id: string): void {
    const blocks = visibleBlocks(this.document);
    const at = blocks.findIndex((block) => block.id === id);
    const next = blocks[at + 1] ?? blocks[at - 1];
    this.#edit(removeBlock(this.document, id), true);
    if (next !== undefined) this.#page.selection.focus(next.id);
    this.#page.toast.say("Deleted. Press z to undo.", { canUndo: true });
  }

  undo(): void {
    if (this.#page.store().file.undo()) this.#page.toast.say("Undone.");
  }

  redo(): void {
    if (this.#page.store().file.redo()) this.#page.toast.say("Done again.");
  }

  async remake(block: Block, { created: { name, query, isStored } }: CellRemakeEvent): Promise<void> {
    const { id, cell } = block;
    const taken = this.#takenNames();
    let doc = replaceSql(this.document, id, query);
    if (isStored && cell?.isDataset === false)
      doc = replaceOptions(doc, id, `${optionsOf(block)}\nmaterialize: parquet`);
    this.#edit(doc, true);
    if (cell === undefined || cell.name === name) return;
    if (taken.has(name)) this.#page.toast.say(`There is a cell ${name} already: this one keeps its name.`);
    else await this.#page.store().file.rename(cell.name, name);
  }

  /** Above the cell that reads it. */
  async makeControl(block: Block, parameter: string): Promise<void> {
    const { madeControl } = await loadCode(() => import("./make-control.js"));
    const { state } = this.#page.store();
    const { date = new Date().toISOString().slice(0, 10) } = state;
    if (this.#takenNames().has(parameter)) {
      this.#page.toast.say(`There is a cell ${parameter} already: give it or the parameter another name.`);
      return;
    }
    const before = sqlOf(block);
    const { yaml, sql } = await madeControl(state, before, parameter, date);
    const at = this.document.blocks.findIndex(({ id }) => id === block.id);
    const made = insertBlock(this.document, this.document.blocks[at - 1]?.id, {
      kind: "cell",
      language: "yaml",
      body: yaml,
    });
    const isSame = this.document.blocks[at] !== undefined && sqlOf(this.document.blocks[at]) === before;
    this.#edit(isSame && sql !== before ? replaceSql(made.document, block.id, sql) : made.document, true);
    this.#page.selection.select(made.id);
    void this.#page.store().file.save();
  }

  async rename({ cell }: Block): Promise<void> {
    if (cell === undefined) return;
    const name = await this.#page.dialogs.askName(cell.name);
    if (name === undefined) return;
    await this.#page.store().file.rename(cell.name, name);
  }

  #edit(doc: NotebookDocument, isUndoable = false): void {
    this.#page.store().file.edit(doc, { isUndoable });
  }

  #replace(doc: NotebookDocument, isDraft: boolean): void {
    if (isDraft) this.#draft(doc);
    else if (textOf(doc) === textOf(this.document)) this.#page.store().file.settle();
    else this.#edit(doc);
  }

  #draft(doc: NotebookDocument): void {
    this.#page.store().file.edit(doc, { isDraft: true });
  }

  #takenNames(): ReadonlySet<string> {
    return namesOf(this.document);
  }
}
