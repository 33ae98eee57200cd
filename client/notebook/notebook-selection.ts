import type { LitElement } from "lit";
import { loadCode } from "../connection.js";
import type { NotebookCell } from "../elements/notebook-cell.js";
import { ProseBlock } from "../elements/prose-block.js";
import type { Block, NotebookDocument } from "../store/document.js";
import { keptSelection, neighbour } from "../store/selection.js";
import type { OutlineEntry } from "./outline-entries.js";
import { elementOf } from "./reading-place.js";

/** Which block is selected, and brings it into sight or gives it the focus. */
export class NotebookSelection {
  readonly #page: LitElement;
  readonly #document: () => NotebookDocument;
  #id: string | undefined;
  #fresh: string | undefined;
  /** What was shown last. */
  #shown: NotebookDocument | undefined;

  constructor(page: LitElement, document: () => NotebookDocument) {
    this.#page = page;
    this.#document = document;
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** The id of a new block, which wants to be typed into. */
  get fresh(): string | undefined {
    return this.#fresh;
  }

  get block(): Block | undefined {
    return this.#document().blocks.find(({ id }) => id === this.#id);
  }

  /** Selects it where it is, or nothing. */
  mark(id: string | undefined): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#page.requestUpdate();
  }

  markFresh(id: string): void {
    this.#fresh = id;
    this.#page.requestUpdate();
  }

  /** Another document is shown now. */
  keep(now: NotebookDocument | undefined): void {
    this.mark(keptSelection(this.#shown, now, this.#id));
    this.#shown = now;
  }

  select(id: string): void {
    this.mark(id);
    void this.#page.updateComplete.then(() => {
      this.#element(id)?.scrollIntoView({
        block: "nearest",
        behavior: howToScroll(),
      });
    });
  }

  /** Selects it for the keys of command mode. */
  focus(id: string): void {
    this.select(id);
    void this.#page.updateComplete.then(() => {
      this.#element(id)?.focus({ preventScroll: true });
    });
  }

  focusNext(id: string | undefined, by: number): void {
    const next = neighbour(this.#document(), id, by);
    if (next !== undefined) this.focus(next.id);
  }

  goTo(cell: string): void {
    const block = this.#document().blocks.find((candidate) => candidate.cell?.name === cell);
    if (block !== undefined) this.goToBlock(block.id);
  }

  /** Goes to a line of the outline. */
  goToEntry(entry: OutlineEntry): void {
    this.goToBlock(entry.block, () => elementOf(entry));
  }

  /** Selects it for the keys of command mode, and stays there while the page grows. `find`: a part of it. */
  goToBlock(id: string, find = () => this.#element(id)): void {
    this.mark(id);
    void this.#page.updateComplete.then(async () => {
      this.#element(id)?.focus({ preventScroll: true });
      const { goAndStay } = await loadCode(() => import("./stay-there.js"));
      goAndStay(find);
    });
  }

  /** Goes to where two changed the same place: to the one after that which has the focus. */
  showChoice(): void {
    const asked = [...this.#page.querySelectorAll(".conflict")];
    const next = asked[asked.findIndex((item) => item.contains(document.activeElement)) + 1] ?? asked[0];
    next?.scrollIntoView({ block: "center" });
    next?.querySelector("button")?.focus({ preventScroll: true });
  }

  /** Puts the cursor into its text. */
  open(id: string): void {
    const element = this.#element(id);
    if (element instanceof ProseBlock) element.edit();
    else (element as NotebookCell | null)?.focusSource();
  }

  /** Opens prose at once, with a text selected that is there to be typed over. */
  async editProse(id: string, starter: string): Promise<void> {
    this.select(id);
    await this.#page.updateComplete;
    const element = this.#element(id);
    if (element instanceof ProseBlock) await element.editOver(starter);
  }

  #element(id: string): HTMLElement | null {
    return this.#page.querySelector<HTMLElement>(`[data-block="${id}"]`);
  }
}

function howToScroll(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
