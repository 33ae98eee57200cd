import type { NotebookDocument } from "./document.js";
import { takeBack } from "./take-back.js";

/** A change of structure that can be taken back. */
interface Step {
  readonly before: NotebookDocument;
  readonly done: NotebookDocument;
}

const MOST_STEPS = 50;

/** What was deleted, moved, inserted or renamed, for taking it back and doing it again; what was typed since stays. */
export class UndoSteps {
  #undo: Step[] = [];
  #redo: Step[] = [];

  remember(before: NotebookDocument | undefined, done: NotebookDocument | undefined): void {
    if (before !== undefined && done !== undefined)
      this.#undo = [...this.#undo.slice(1 - MOST_STEPS), { before, done }];
    this.forgetUndone();
  }

  /** What was taken back does not know what is typed since. */
  forgetUndone(): void {
    this.#redo = [];
  }

  /** Undefined: there is nothing to take back. */
  undo(now: NotebookDocument): NotebookDocument | undefined {
    return step(this.#undo, this.#redo, now);
  }

  /** Does again what was taken back last. */
  redo(now: NotebookDocument): NotebookDocument | undefined {
    return step(this.#redo, this.#undo, now);
  }
}

function step(from: Step[], to: Step[], now: NotebookDocument): NotebookDocument | undefined {
  const last = from.pop();
  if (last === undefined) return undefined;
  const result = takeBack(last.before, last.done, now);
  to.push({ before: now, done: result });
  return result;
}
