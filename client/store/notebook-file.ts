import type { Api, NotebookEvent, NotebookView } from "../../server/api/protocol.js";
import { api, ApiError, call } from "../api-client.js";
import { may } from "../session.js";
import type { Answers } from "./answers.js";
import { textOf, type NotebookDocument } from "./document.js";
import { withNewName } from "./edit-document.js";
import { dropDraft, dropKept, keepDraft, readDraft } from "./drafts.js";
import type { HeldState } from "./held-state.js";
import { filed, mergeInto, settle, type Choice, type Conflict } from "./merging.js";
import type { Change, NotebookState } from "./notebook-state.js";
import { UndoSteps } from "./undo-steps.js";

const SAVE_AFTER_MS = 700;
/** Whoever saves at the same time is given way to so often, each time for twice as long, before the user is told. */
const MOST_SAVES = 8;
const FIRST_WAIT_MS = 20;

type NotebookChanged = Extract<NotebookEvent, { readonly type: "notebook-changed" }>;

type RestoreBody = Api["POST /api/notebooks/{name}/history/{entry}/restore"]["sent"]["body"];

/** What others have to hear of. */
export interface FileEvents {
  /** What is typed here is in the file. */
  saved(): void;
  /** The file is not what the page shows. */
  outdated(): void;
}

/** The text of the notebook: edited here, kept by the browser, saved to its file beside others who save there. */
export class NotebookFile {
  readonly #held: HeldState;
  readonly #answers: Answers;
  readonly #on: FileEvents;
  readonly #steps = new UndoSteps();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<boolean> | undefined;
  /** Of the file, as an event told while there was something to save. */
  #toldEtag: string | null | undefined;
  #isClosed = false;
  #isRestored = false;
  /** Somebody is typing in a field that is open: what it holds by now may be no cell, or part of another block. */
  #isDraft = false;
  /** The file was deleted while there was something to save. */
  #isGone = false;

  constructor(held: HeldState, answers: Answers, on: FileEvents) {
    this.#held = held;
    this.#answers = answers;
    this.#on = on;
  }

  get #state(): NotebookState {
    return this.#held.state;
  }

  /** What an answer changes that was asked for at that edition; what is not saved yet stays. */
  received(view: NotebookView, edition: number): Change {
    // What is on its way may be in the answer already; whether it is, is known when it has arrived.
    if (this.#saving !== undefined) this.#toldEtag = view.etag;
    const keep =
      this.#state.save !== "saved" ||
      this.#saving !== undefined ||
      edition !== this.#answers.edition ||
      this.#isDraft;
    return keep ? {} : this.#answers.takeTheirs(view);
  }

  /** The file is another one now. */
  told({ etag, by }: NotebookChanged): void {
    // Without users everybody is the owner.
    this.#answers.toldBy = by === "owner" ? undefined : by;
    if (this.#state.save === "saved" && this.#saving === undefined) this.#on.outdated();
    else this.#toldEtag = etag;
  }

  close(): void {
    this.keepDraft();
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (this.#state.save === "dirty") void this.save();
  }

  /** What the browser has kept is here. */
  get isRestored(): boolean {
    return this.#isRestored;
  }

  /** What was typed before the notebook was left goes on from there; once. `open`: pages whose drafts are their own. */
  restore(open: ReadonlySet<string>): void {
    const { name, view } = this.#state;
    if (this.#isRestored || this.#isClosed || view === undefined || !may("edit")) return;
    this.#isRestored = true;
    const draft = readDraft(name, view, open);
    if (draft === undefined) return;
    const { isDirty, ...edited } = mergeInto(draft.base, draft, view);
    this.#held.set({ ...edited, save: isDirty ? "dirty" : "saved" });
    dropKept(draft);
    this.keepDraft();
    if (isDirty) this.#saveLater();
  }

  /** False where something that was typed is not in the file, or waits for a decision. */
  get isInFile(): boolean {
    return this.#state.save === "saved" && this.#state.conflicts.length === 0;
  }

  /** Lets the browser keep what is not in the file, for when the notebook is opened again. */
  keepDraft(): void {
    const { name, view, document, conflicts } = this.#state;
    if (view === undefined || document === undefined || !this.#isRestored) return;
    if (this.isInFile) dropDraft(name);
    else keepDraft(name, view.text, { document, conflicts });
  }

  /** An edit of the document; saved a moment after the last one, and a draft when it is settled or the page closed. */
  edit(document: NotebookDocument, { isUndoable = false, isDraft = false } = {}): void {
    if (isUndoable) this.#steps.remember(this.#state.document, document);
    this.#steps.forgetUndone();
    this.#change(document, isDraft);
  }

  /** The field of the draft is left, or its text saved by a key. */
  settle(): void {
    if (this.#isDraft && this.#state.document !== undefined) this.#change(this.#state.document);
  }

  #change(document: NotebookDocument, isDraft = false): void {
    this.#isDraft = isDraft;
    this.#held.set({ document, save: this.#state.save === "conflict" ? "conflict" : "dirty" });
    this.#saveLater();
  }

  #saveLater(): void {
    clearTimeout(this.#timer);
    if (!this.#isDraft || this.#isClosed) this.#timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  /** Takes back the last delete, move, insert or rename; what was typed since stays. */
  undo(): boolean {
    return this.#step((now) => this.#steps.undo(now));
  }

  /** Does again what was taken back last. */
  redo(): boolean {
    return this.#step((now) => this.#steps.redo(now));
  }

  #step(take: (now: NotebookDocument) => NotebookDocument | undefined): boolean {
    const { document } = this.#state;
    const result = document && take(document);
    if (result === undefined) return false;
    this.#change(result);
    return true;
  }

  /** True when the file is what the page shows. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    // Two that wait may not both go on: the second would be told that the first is somebody else.
    while (this.#saving !== undefined) await this.#saving;
    if (this.#state.save === "saved") return true;
    if (this.#state.save === "conflict") return false;
    return this.#write(this.#saveNow());
  }

  /** One write at a time. What was told of the file meanwhile may have been the write itself, or somebody else's. */
  #write(work: Promise<boolean>): Promise<boolean> {
    this.#saving = work.finally(() => {
      this.#saving = undefined;
      const { save, view } = this.#state;
      if (save === "saved" && this.#toldEtag !== undefined && this.#toldEtag !== view?.etag)
        this.#on.outdated();
      if (save === "saved") this.#toldEtag = undefined;
    });
    return this.#saving;
  }

  async #saveNow(attempt = 1): Promise<boolean> {
    const { document, view, name, conflicts } = this.#state;
    if (document === undefined || view === undefined) return false;
    this.#held.set({ save: "saving" });
    try {
      const theirs = await this.#toldOf(view);
      if (theirs !== undefined) return await this.#merge(theirs, attempt);
      const text = textOf(filed({ document, conflicts }));
      this.#answers.sent = [...this.#answers.sent, text];
      const saved = await api.save(name, text, this.#isGone ? null : view.etag);
      this.#answers.sent = [];
      this.#isGone = false;
      // What was typed while the answer was under way is saved next.
      const isCurrent = this.#state.document === document && this.#state.conflicts === conflicts;
      if (!isCurrent) this.#held.set({ view: saved, save: "dirty" });
      else
        this.#held.set({ ...(this.#isDraft ? { view: saved } : this.#answers.take(saved)), save: "saved" });
      if (!isCurrent) this.#saveLater();
      this.keepDraft();
      this.#on.saved();
      return isCurrent;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 412 || error.status === 404))
        return this.#giveWay(error, attempt);
      this.#held.set({ save: "failed" });
      this.keepDraft();
      this.#held.fail(error);
      return false;
    }
  }

  /** What is typed here goes into what somebody else saved, and is saved with it. */
  async #merge(theirs: NotebookView, attempt: number): Promise<boolean> {
    this.#held.set(this.#answers.takeTheirs(theirs));
    this.keepDraft();
    if (this.#state.save === "saved") return true;
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt));
    return this.#saveNow(attempt + 1);
  }

  /** The file is another one, has another name, or is gone. What was typed stays here until the user decides. */
  async #giveWay(error: ApiError, attempt: number): Promise<boolean> {
    const moved = error.details["movedTo"];
    if (typeof moved === "string") {
      dropDraft(this.#state.name);
      this.#held.set({ name: moved, save: "dirty" });
      return this.#saveNow(attempt);
    }
    try {
      const theirs = await api.notebook(this.#state.name);
      this.#isGone = false;
      if (attempt < MOST_SAVES) return await this.#merge(theirs, attempt);
      this.#held.set({ ...this.#answers.takeTheirs(theirs), save: "failed" });
      this.#held.fail(error);
    } catch (failure) {
      this.#isGone = failure instanceof ApiError && failure.status === 404;
      this.#held.set({ save: this.#isGone ? "conflict" : "failed" });
      if (!this.#isGone) this.#held.fail(failure);
    }
    this.keepDraft();
    return false;
  }

  /** What somebody else saved meanwhile, as far as was told. A save that is known to be lost is not tried. */
  async #toldOf(view: NotebookView): Promise<NotebookView | undefined> {
    const told = this.#toldEtag;
    this.#toldEtag = undefined;
    // Of a file that is gone a save is told by itself, and where to it has gone.
    if (told === undefined || told === null || told === view.etag) return undefined;
    // The page's own saves are told of too, and maybe late.
    const now = await api.notebook(this.#state.name);
    return now.etag === view.etag ? undefined : now;
  }

  /** The notebook was deleted: it is made again. */
  async saveAgain(): Promise<void> {
    this.#held.set({ save: "dirty" });
    await this.save();
  }

  /** Somebody has decided on a place that two changed. */
  async decide(conflict: Conflict, choice: Choice): Promise<void> {
    const { document, conflicts } = this.#state;
    if (document === undefined) return;
    const settled = settle({ document, conflicts }, conflict, choice);
    this.#held.set({ conflicts: settled.conflicts });
    this.edit(settled.document, { isUndoable: settled.document !== document });
    await this.save();
  }

  /**
   * Saves a text of the history, or one cell of it, as this page's own doing, which can be taken back. `etag`: of the
   * file as it was looked at. Fails as the server does.
   */
  async bringBack(
    entry: string,
    { etag, cell }: { readonly etag: string; readonly cell?: string },
  ): Promise<void> {
    const isSaved = await this.save();
    const done = this.#bringBackNow(entry, cell === undefined ? { etag } : { etag: "*", cell }, isSaved);
    await this.#write(done.catch(() => false));
    await done;
  }

  async #bringBackNow(entry: string, body: RestoreBody, isUndoable: boolean): Promise<boolean> {
    const { name, document } = this.#state;
    const params = { name, entry };
    const view = await call("POST /api/notebooks/{name}/history/{entry}/restore", { params, body });
    this.#answers.sent = [...this.#answers.sent, view.text];
    this.#held.set(this.#answers.takeTheirs(view));
    if (isUndoable) this.#steps.remember(document, this.#state.document);
    this.#on.saved();
    return true;
  }

  /** Renames a cell; what reads it follows. Where something is typed meanwhile, it is saved and all done anew. */
  async rename(cell: string, newName: string): Promise<void> {
    for (let isDone = false; !isDone;) {
      await this.save();
      if (this.#saving !== undefined || this.#state.save === "dirty") continue;
      if (this.#state.save !== "saved") return;
      isDone = await this.#write(this.#renameNow(cell, newName));
    }
  }

  /** False where it is to be done again. */
  async #renameNow(cell: string, newName: string): Promise<boolean> {
    const { name, view, document } = this.#state;
    if (view === undefined || document === undefined) return true;
    try {
      const { text } = await api.rename(name, cell, newName);
      if (this.#state.document !== document) return false;
      const saved = await api.save(name, text, view.etag);
      if (this.#state.document !== document) {
        this.#held.set({ view: saved, save: "dirty" });
        return false;
      }
      this.#held.set({ ...this.#answers.take(saved, withNewName(document, cell, newName)), save: "saved" });
      this.#steps.remember(document, this.#state.document);
      this.#on.saved();
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        this.#held.set(this.#answers.takeTheirs(await api.notebook(name)));
        return false;
      }
      this.#held.fail(error);
    }
    return true;
  }

  /** What a merge has left to be saved, where nothing was to be saved before. */
  saveRest(): void {
    const { save, document, conflicts, view } = this.#state;
    if (save !== "saved" || this.#saving !== undefined || document === undefined) return;
    if (this.#isDraft || textOf(filed({ document, conflicts })) === view?.text) return;
    this.#held.set({ save: "dirty" });
    this.#saveLater();
  }
}
