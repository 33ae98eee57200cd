import type { NotebookEvent, NotebookView } from "../../server/api/protocol.js";
import { ownName } from "../session.js";
import { changedBlocks, changeWords } from "./changed-blocks.js";
import { readChoices, writeChoices } from "./choices.js";
import { toDocument } from "./document.js";
import type { HeldState } from "./held-state.js";
import { mergeInto, takeView, type Edited } from "./merging.js";
import type { Change } from "./notebook-state.js";

/** Somebody else changed the notebook, and what they did is shown here now. */
export class MergedEvent extends Event {
  readonly words: string;
  /** There is a choice to be made now. */
  readonly isAsking: boolean;

  constructor(words: string, isAsking: boolean) {
    super("merged");
    this.words = words;
    this.isAsking = isAsking;
  }
}

/** Makes of the server's answers what the page shows, with what is typed here. */
export class Answers {
  readonly #held: HeldState;
  /** What is chosen, as an address says it. */
  readonly #query: () => string;
  readonly #onMerged: (event: MergedEvent) => void;
  #edition = 0;
  /** Who the event was about that told of the file last. */
  toldBy: string | undefined;
  /** What was sent to be saved and of which no answer came: it may be in the file. */
  sent: readonly string[] = [];

  constructor(held: HeldState, query: () => string, onMerged: (event: MergedEvent) => void) {
    this.#held = held;
    this.#query = query;
    this.#onMerged = onMerged;
  }

  /** Counts those that the document was made of: one that was asked for before the last is older. */
  get edition(): number {
    return this.#edition;
  }

  take(view: NotebookView, before = this.#held.state.document, as?: Edited): Change {
    this.#edition++;
    const isFirst = this.#held.state.view === undefined;
    // A parameter that is there no more, or of another type now, is chosen no more.
    const { parameters, date, problems } = readChoices(this.#query(), view);
    const isSame =
      !isFirst && writeChoices({ parameters }) === writeChoices({ parameters: this.#held.state.parameters });
    const { conflicts } = this.#held.state;
    const taken =
      as ??
      (before === undefined
        ? { document: toDocument(view), conflicts }
        : takeView(view, { document: before, conflicts }));
    return {
      view,
      document: taken.document,
      conflicts: taken.conflicts.length === 0 && conflicts.length === 0 ? conflicts : taken.conflicts,
      error: undefined,
      ...(isSame ? {} : { parameters, date }),
      ...(isFirst ? { choiceProblems: problems } : {}),
    };
  }

  /** What somebody else made of the notebook, with what is typed here. Tells it, and marks what has changed. */
  takeTheirs(view: NotebookView): Change {
    const { document, conflicts, view: base, changed } = this.#held.state;
    const isClean = this.#held.state.save === "saved";
    if (document === undefined || base === undefined || (isClean && view.etag === base.etag))
      return this.take(view);
    const told = { sent: this.sent, by: this.toldBy };
    this.sent = [];
    const edited = { document, conflicts };
    const merged = isClean
      ? { ...takeView(view, edited), isDirty: false }
      : mergeInto(base.text, edited, view, told);
    const taken = this.take(view, document, merged);
    const fresh = changedBlocks(document, merged.document).map((id) => [id, this.#edition] as const);
    const words = changeWords(toDocument(base), toDocument(view), told.by);
    const isAsked = merged.conflicts.length > conflicts.length;
    if (view.text !== base.text && !told.sent.includes(view.text))
      this.#onMerged(
        new MergedEvent(`${words}${isAsked ? ": choose there." : isClean ? "." : "; merged."}`, isAsked),
      );
    return {
      ...taken,
      changed: new Map([...changed, ...fresh]),
      save: merged.isDirty ? "dirty" : "saved",
    };
  }

  /** The answer that was merged may have been here before it was told whose it is. */
  learnWho({ etag, by }: Extract<NotebookEvent, { readonly type: "notebook-changed" }>): void {
    const { view, conflicts } = this.#held.state;
    if (etag !== view?.etag || by === undefined || by === "owner" || by === ownName()) return;
    if (conflicts.every((conflict) => conflict.by !== undefined)) return;
    this.#held.set({ conflicts: conflicts.map((conflict) => ({ by, ...conflict })) });
  }
}
