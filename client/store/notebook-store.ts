import type {
  NotebookEvent,
  NotebookView,
  Position,
  ProposalView,
  RunBody,
  RunView,
} from "../../server/api/protocol.js";
import { may, ownName, session } from "../session.js";
import { api, ApiError, isUnreachable } from "../api-client.js";
import { followEvents, isAfter } from "../event-stream.js";
import { changedBlocks, changeWords } from "./changed-blocks.js";
import { bodyOf, replaceBody, textOf, toDocument, withNewName, type NotebookDocument } from "./document.js";
import { dropDraft, dropKept, keepDraft, openPages, readDraft } from "./drafts.js";
import { filed, mergeInto, settle, takeView, type Choice, type Conflict, type Edited } from "./merging.js";
import { readChoices, recordOf, withChoice, writeChoices, type Choices } from "./choices.js";
import { testsOf, textsOf, type ShownTest } from "./tests.js";
import { applyEvent, emptyRunState, fromRuns, hasResult } from "./run-state.js";
import { doubtful, differingNames } from "./changed-choices.js";
import type { Change, NotebookState } from "./notebook-state.js";
import { isStale, shownRecord } from "./standing.js";
import { withStaleChecks } from "./stale-checks.js";
import { takeBack } from "./take-back.js";
import { Snapshots } from "./snapshots.js";

/** A change of structure that can be taken back. */
interface Step {
  readonly before: NotebookDocument;
  readonly done: NotebookDocument;
}

const SAVE_AFTER_MS = 700;
/** Whoever saves at the same time is given way to so often, each time for twice as long, before the user is told. */
const MOST_SAVES = 8;
const FIRST_WAIT_MS = 20;

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

/** The state of an open notebook; fires `change`, and `merged` where somebody else changed it. Elements read it and call its methods, and never fetch themselves. */
export class NotebookStore extends EventTarget {
  #state: NotebookState;
  #stopFollowing: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<boolean> | undefined;
  #undo: Step[] = [];
  #redo: Step[] = [];
  #asked = 0;
  #asking: Promise<void> | undefined;
  readonly #snapshots = new Snapshots();
  /** Counts the server's answers that the document was made of: one that was asked for before the last is older. */
  #edition = 0;
  #position: Position | undefined;
  /** Of the file, as an event told while there was something to save. */
  #toldEtag: string | null | undefined;
  #isClosed = false;
  /** What the browser has kept is here. */
  #isRestored = false;
  /** Somebody is typing in a field that is open: what it holds by now may be no cell, or part of another block. */
  #isDraft = false;
  /** The file was deleted while there was something to save. */
  #isGone = false;
  /** Who the event was about that told of the file last. */
  #toldBy: string | undefined;
  /** What was sent to be saved and of which no answer came: it may be in the file. */
  #sent: readonly string[] = [];

  /** Tells this page from others, to the server too. */
  readonly page: string;

  /** What the address chose before it is known what there is to choose. */
  #query: string;

  constructor(name: string, query = "") {
    super();
    this.#query = query;
    this.page = crypto.getRandomValues(new Uint32Array(4)).join("");
    this.#state = {
      name,
      runs: emptyRunState,
      forecast: new Map(),
      save: "saved",
      isConnected: true,
      parameters: recordOf(),
      choiceProblems: [],
      autoRun: false,
      proposals: [],
      tests: new Map(),
      conflicts: [],
      changed: new Map(),
      people: [],
    };
  }

  get state(): NotebookState {
    return this.#state;
  }

  async open(): Promise<void> {
    session.addEventListener("change", this.#onSession);
    const [open] = await Promise.all([openPages(), this.reload()]);
    if (this.#state.error?.status === 404 || this.#isClosed) return;
    this.#restoreDraft(open);
    const following = { notebook: this.#state.name, after: this.#position, page: this.page };
    this.#stopFollowing = followEvents(following, {
      onEvent: (event, position) => {
        this.#snapshots.note(event, position);
        this.#onEvent(event);
      },
      onResync: () => void this.#resync(),
      onConnection: (isConnected) => {
        this.#set({ isConnected });
        if (!isConnected) return;
        if (isUnreachable(this.#state.error)) this.clearError();
        if (this.#state.save === "failed") void this.save();
      },
    });
  }

  /** Where there was no server when the page was opened, this is the first answer. */
  async #resync(): Promise<void> {
    const [open] = await Promise.all([openPages(), this.reload()]);
    if (!this.#isRestored && !this.#isClosed) this.#restoreDraft(open);
  }

  /** Whoever may edit now goes on with what waited for it. */
  readonly #onSession = (): void => {
    if (!may("edit")) return;
    if (this.#state.error?.code === "forbidden") this.clearError();
    if (this.#state.save === "failed") void this.save();
    else if (!this.#isRestored) void openPages().then((open) => !this.#isClosed && this.#restoreDraft(open));
  };

  close(): void {
    this.keepDraft();
    this.#isClosed = true;
    session.removeEventListener("change", this.#onSession);
    this.#stopFollowing?.();
    clearTimeout(this.#timer);
    if (this.#state.save === "dirty") void this.save();
  }

  /** What was typed before the notebook was left goes on from there. */
  #restoreDraft(open: ReadonlySet<string>): void {
    const { name, view } = this.#state;
    if (view === undefined || !may("edit")) return;
    this.#isRestored = true;
    const draft = readDraft(name, view, open);
    if (draft === undefined) return;
    const { isDirty, ...edited } = mergeInto(draft.base, draft, view);
    this.#set({ ...edited, save: isDirty ? "dirty" : "saved" });
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

  /** Asks for the notebook and its runs; local edits that are not saved yet stay. */
  async reload(): Promise<void> {
    const { name } = this.#state;
    const edition = this.#edition;
    try {
      const snapshot = await this.#snapshots.take(() => Promise.all([api.notebook(name), api.runs(name)]));
      if (snapshot === undefined) return;
      const [view, { runs, position }] = snapshot.answer;
      // What is on its way may be in the answer already; whether it is, is known when it has arrived.
      if (this.#saving !== undefined) this.#toldEtag = view.etag;
      const keep =
        this.#state.save !== "saved" ||
        this.#saving !== undefined ||
        edition !== this.#edition ||
        this.#isDraft;
      this.#position = isAfter(view.position, position) ? position : view.position;
      this.#set({
        runs: snapshot.eventsAfter(position).reduce(applyEvent, fromRuns(runs)),
        ...(keep ? {} : this.#takeTheirs(view)),
      });
      this.#saveRest();
      this.#doubt(differingNames(runs, this.#state));
      void this.refreshForecast().then(() => {
        if (!may("run") && this.choices !== "") void this.#explore();
      });
      void this.#askProposals();
    } catch (error) {
      const moved = error instanceof ApiError && error.status === 404 ? error.details["movedTo"] : undefined;
      if (typeof moved === "string") this.#set({ name: moved });
      else this.#fail(error);
    }
  }

  /** An edit of the document; saved a moment after the last one, and a draft when it is settled or the page closed. */
  edit(document: NotebookDocument, { isUndoable = false, isDraft = false } = {}): void {
    if (isUndoable) this.#remember(this.#state.document, document);
    // What was taken back does not know what is typed since.
    this.#redo = [];
    this.#change(document, isDraft);
  }

  /** The field of the draft is left, or its text saved by a key. */
  settle(): void {
    if (this.#isDraft && this.#state.document !== undefined) this.#change(this.#state.document);
  }

  #remember(before: NotebookDocument | undefined, done: NotebookDocument | undefined): void {
    if (before !== undefined && done !== undefined) this.#undo = [...this.#undo.slice(-49), { before, done }];
    this.#redo = [];
  }

  #change(document: NotebookDocument, isDraft = false): void {
    this.#isDraft = isDraft;
    this.#set({ document, save: this.#state.save === "conflict" ? "conflict" : "dirty" });
    this.#saveLater();
  }

  #saveLater(): void {
    clearTimeout(this.#timer);
    if (!this.#isDraft || this.#isClosed) this.#timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  /** Takes back the last delete, move, insert or rename; what was typed since stays. */
  undo(): boolean {
    return this.#step(this.#undo, this.#redo);
  }

  /** Does again what was taken back last. */
  redo(): boolean {
    return this.#step(this.#redo, this.#undo);
  }

  #step(from: Step[], to: Step[]): boolean {
    const { document } = this.#state;
    const step = from.pop();
    if (step === undefined || document === undefined) return false;
    const result = takeBack(step.before, step.done, document);
    to.push({ before: document, done: result });
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
        void this.reload();
      if (save === "saved") this.#toldEtag = undefined;
    });
    return this.#saving;
  }

  async #saveNow(attempt = 1): Promise<boolean> {
    const { document, view, name, conflicts } = this.#state;
    if (document === undefined || view === undefined) return false;
    this.#set({ save: "saving" });
    try {
      const theirs = await this.#toldOf(view);
      if (theirs !== undefined) return await this.#merge(theirs, attempt);
      const text = textOf(filed({ document, conflicts }));
      this.#sent = [...this.#sent, text];
      const saved = await api.save(name, text, this.#isGone ? null : view.etag);
      this.#sent = [];
      this.#isGone = false;
      // What was typed while the answer was under way is saved next.
      const isCurrent = this.#state.document === document && this.#state.conflicts === conflicts;
      if (!isCurrent) this.#set({ view: saved, save: "dirty" });
      else this.#set({ ...(this.#isDraft ? { view: saved } : this.#take(saved)), save: "saved" });
      if (!isCurrent) this.#saveLater();
      this.keepDraft();
      void this.refreshForecast();
      return isCurrent;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 412 || error.status === 404))
        return this.#giveWay(error, attempt);
      this.#set({ save: "failed" });
      this.keepDraft();
      this.#fail(error);
      return false;
    }
  }

  /** What is typed here goes into what somebody else saved, and is saved with it. */
  async #merge(theirs: NotebookView, attempt: number): Promise<boolean> {
    this.#set(this.#takeTheirs(theirs));
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
      this.#set({ name: moved, save: "dirty" });
      return this.#saveNow(attempt);
    }
    try {
      const theirs = await api.notebook(this.#state.name);
      this.#isGone = false;
      if (attempt < MOST_SAVES) return await this.#merge(theirs, attempt);
      this.#set({ ...this.#takeTheirs(theirs), save: "failed" });
      this.#fail(error);
    } catch (failure) {
      this.#isGone = failure instanceof ApiError && failure.status === 404;
      this.#set({ save: this.#isGone ? "conflict" : "failed" });
      if (!this.#isGone) this.#fail(failure);
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
    this.#set({ save: "dirty" });
    await this.save();
  }

  /** Somebody has decided on a place that two changed. */
  async decide(conflict: Conflict, choice: Choice): Promise<void> {
    const { document, conflicts } = this.#state;
    if (document === undefined) return;
    const settled = settle({ document, conflicts }, conflict, choice);
    this.#set({ conflicts: settled.conflicts });
    this.edit(settled.document, { isUndoable: settled.document !== document });
    await this.save();
  }

  /** Saves, then runs; undefined cells: all. */
  async run(body: Omit<RunBody, "date" | "parameters">): Promise<string | undefined> {
    if (!(await this.save()) && this.#state.save === "conflict") return undefined;
    const { date, parameters, name, view, document } = this.#state;
    try {
      this.#set({ error: undefined });
      const { id } = await api.run(name, {
        ...body,
        parameters: { ...parameters },
        ...(date === undefined ? {} : { date }),
      });
      if (view !== undefined && document !== undefined)
        this.#set({ launched: { run: id, etag: view.etag, document, parameters, date } });
      // What is found at once may have ended before the answer came.
      const { run } = this.#state.runs;
      if (run?.id === id && !run.isRunning) this.#testAfter(run);
      return id;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Runs tests by name, on the notebook as it is saved; what becomes of them is no error. */
  async runTests(names: readonly string[]): Promise<void> {
    if (names.length === 0 || !(await this.save())) return;
    const { document, name } = this.#state;
    if (document === undefined) return;
    const texts = new Map(names.map((test) => [test, textsOf(document, test)]));
    const show = (shown: (test: string) => ShownTest | undefined): void => {
      const tests = new Map(this.#state.tests);
      for (const test of names) {
        const next = shown(test);
        if (next === undefined) tests.delete(test);
        else tests.set(test, next);
      }
      this.#set({ tests });
    };
    show((test) => ({ texts: texts.get(test) ?? "", ...this.#state.tests.get(test), isRunning: true }));
    try {
      const { tests } = await api.runTests(name, names);
      const results = new Map(tests.map((result) => [result.name, result]));
      show((test) => {
        const result = results.get(test);
        return result && { result, isRunning: false, texts: texts.get(test) ?? "" };
      });
    } catch (error) {
      show((test) => {
        const before = this.#state.tests.get(test);
        return before?.result && { ...before, isRunning: false };
      });
      this.#fail(error);
    }
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
        this.#set({ view: saved, save: "dirty" });
        return false;
      }
      this.#set({ ...this.#take(saved, withNewName(document, cell, newName)), save: "saved" });
      this.#remember(document, this.#state.document);
      void this.refreshForecast();
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        this.#set(this.#takeTheirs(await api.notebook(name)));
        return false;
      }
      this.#fail(error);
    }
    return true;
  }

  /** Takes the proposed text into the cell and saves it, as if it had been typed. Does nothing to a cell that has another text by now. */
  async accept({ id, cells }: ProposalView, cell: string): Promise<void> {
    const { document, name } = this.#state;
    const block = document?.blocks.find((item) => item.cell?.name === cell);
    const change = cells.find((item) => item.cell === cell);
    if (document === undefined || block === undefined || change === undefined) return;
    const now = bodyOf(block);
    if (now !== change.after) {
      if (now !== change.before) return;
      this.edit(replaceBody(document, block.id, change.after), { isUndoable: true });
      if (!(await this.save())) return;
    }
    await this.#settle(() => api.settleProposal(name, id, cell, "accepted"));
  }

  async reject({ id }: ProposalView, cell: string): Promise<void> {
    await this.#settle(() => api.settleProposal(this.#state.name, id, cell, "rejected"));
  }

  /** Somebody else may have decided meanwhile. */
  async #settle(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) this.#fail(error);
    }
    await this.#askProposals();
  }

  async #askProposals(): Promise<void> {
    try {
      this.#set({ proposals: (await api.proposals(this.#state.name)).proposals });
    } catch (error) {
      // The notebook itself tells where the server is gone.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  dismissAgent(): void {
    this.#set({ acted: undefined });
  }

  async stop(): Promise<void> {
    const { run } = this.#state.runs;
    if (run?.isRunning === true) await api.cancel(run.id);
  }

  setDate(date: string | undefined): void {
    this.#choose({ parameters: this.#state.parameters, date });
  }

  /** What is chosen, as an address says it. */
  get choices(): string {
    return this.#state.view === undefined ? this.#query : writeChoices(this.#state);
  }

  /** The address says something else now. */
  setChoices(query: string): void {
    const { view } = this.#state;
    if (query === this.choices) return;
    this.#query = query;
    if (view === undefined) return;
    const { parameters, date, problems } = readChoices(query, view);
    this.#set({ choiceProblems: problems });
    this.#choose({ parameters, date });
  }

  dismissChoiceProblems(): void {
    this.#set({ choiceProblems: [] });
  }

  #choose({
    parameters,
    date,
  }: {
    readonly parameters: Choices["parameters"];
    readonly date: string | undefined;
  }): void {
    const before = this.#state;
    this.#set({ parameters, date });
    this.#doubt(differingNames([{ parameters: before.parameters, date: before.date }], this.#state));
    void this.refreshForecast().then(() => {
      if (!may("run")) void this.#explore();
      else if (this.#state.autoRun && before.parameters !== parameters) void this.runStale();
    });
  }

  /** Whoever may begin no run sees what the notebook's query cells give for what was chosen; nobody else does. */
  async #explore(): Promise<void> {
    const { name, date, parameters } = this.#state;
    if (this.staleCells().length === 0) return;
    try {
      await api.explore(name, { parameters: { ...parameters }, ...(date === undefined ? {} : { date }) });
    } catch (error) {
      this.#fail(error);
      return;
    }
    // What was chosen meanwhile is explored by itself.
    if (parameters === this.#state.parameters && date === this.#state.date) await this.refreshForecast();
  }

  /** Until the server has said what holds, what depends on these parameters is not taken for up to date. */
  #doubt(names: ReadonlySet<string>): void {
    const { view, forecast } = this.#state;
    if (view === undefined || names.size === 0) return;
    this.#set({
      forecast: new Map([...forecast, ...doubtful(view, names).map((cell) => [cell.name, cell] as const)]),
    });
  }

  /** A parameter of this page; the file keeps its default. Undefined: the default again. */
  setParameter(name: string, value: unknown): void {
    const { date, view } = this.#state;
    this.#choose({ parameters: withChoice(this.#state, view, name, value), date });
  }

  setAutoRun(autoRun: boolean): void {
    this.#set({ autoRun });
  }

  staleCells(): string[] {
    const { forecast, runs } = this.#state;
    return [...forecast.values()]
      .filter((cell) => isStale(cell, shownRecord(cell, runs.cells.get(cell.name))))
      .map((cell) => cell.name);
  }

  async runStale(): Promise<void> {
    const cells = this.staleCells();
    if (cells.length > 0) await this.run({ cells });
  }

  /** Asks what a run would do: one question at a time, and only the newest of those that wait. */
  async refreshForecast(): Promise<void> {
    const asked = ++this.#asked;
    await this.#asking;
    if (asked !== this.#asked) return;
    this.#asking = this.#askForecast(asked);
    await this.#asking;
  }

  async #askForecast(asked: number): Promise<void> {
    const { name, date, parameters, runs: before } = this.#state;
    try {
      const { cells, run } = await api.forecast(name, {
        parameters: { ...parameters },
        ...(date === undefined ? {} : { date }),
      });
      if (asked !== this.#asked) return;
      // What a run has done since is forecast no more.
      const open = withStaleChecks(cells, this.#state.view?.graph.edges ?? []).filter((cell) => {
        const record = this.#state.runs.cells.get(cell.name);
        return record === before.cells.get(cell.name) || !hasResult(record);
      });
      this.#set({ forecast: new Map(open.map((cell) => [cell.name, cell])), forecastDate: run.date });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked !== this.#asked) return;
      // A notebook with errors has no forecast; its diagnostics say why. What was chosen may be what is wrong.
      this.#set({ forecast: new Map() });
      this.#doubt(new Set(Object.keys(parameters)));
      if (error.code === "usage") this.#fail(error);
    }
  }

  /** The tests of what ran are run with it. */
  #testAfter({ cells, outcome }: RunView): void {
    const { document } = this.#state;
    if (document === undefined || outcome === "cancelled" || outcome === "interrupted") return;
    void this.runTests(testsOf(document, new Set(cells.map(({ name }) => name))));
  }

  clearError(): void {
    this.#set({ error: undefined });
  }

  #onEvent(event: NotebookEvent): void {
    this.#set({ runs: applyEvent(this.#state.runs, event) });
    if (event.type === "schedule-changed" || event.type === "run-finished")
      this.#set({ scheduleRevision: (this.#state.scheduleRevision ?? 0) + 1 });
    if (event.type === "cell-finished" && hasResult(event.cell)) {
      const { launched, view, save, parameters, date } = this.#state;
      const isOwn = event.runId === launched?.run;
      const isAsBegun =
        isOwn &&
        launched.etag === view?.etag &&
        save === "saved" &&
        launched.parameters === parameters &&
        launched.date === date;
      // What somebody else began may be of other choices than those of this page.
      if (isAsBegun) {
        const forecast = new Map(this.#state.forecast);
        forecast.delete(event.cell.name);
        this.#set({ forecast });
      }
      if (!isAsBegun) void this.refreshForecast();
    }
    if (event.type === "run-finished" || event.type === "lake-changed") void this.refreshForecast();
    if (event.type === "run-finished" && event.run.id === this.#state.launched?.run)
      this.#testAfter(event.run);
    if (event.type === "proposals-changed") void this.#askProposals();
    if (event.type === "presence-changed") this.#set({ people: event.people });
    if (event.type === "agent-acted") this.#set({ acted: event });
    if (event.type === "notebook-changed") this.#learnWho(event);
    if (event.type !== "notebook-changed" || event.etag === this.#state.view?.etag) return;
    // Without users everybody is the owner.
    this.#toldBy = event.by === "owner" ? undefined : event.by;
    if (this.#state.save === "saved" && this.#saving === undefined) void this.reload();
    else this.#toldEtag = event.etag;
  }

  /** The answer that was merged may have been here before it was told whose it is. */
  #learnWho({ etag, by }: Extract<NotebookEvent, { readonly type: "notebook-changed" }>): void {
    const { view, conflicts } = this.#state;
    if (etag !== view?.etag || by === undefined || by === "owner" || by === ownName()) return;
    if (conflicts.every((conflict) => conflict.by !== undefined)) return;
    this.#set({ conflicts: conflicts.map((conflict) => ({ by, ...conflict })) });
  }

  /** What somebody else made of the notebook, with what is typed here. Tells it, and marks what has changed. */
  #takeTheirs(view: NotebookView): Change {
    const { document, conflicts, view: base, changed } = this.#state;
    const isClean = this.#state.save === "saved";
    if (document === undefined || base === undefined || (isClean && view.etag === base.etag))
      return this.#take(view);
    const told = { sent: this.#sent, by: this.#toldBy };
    this.#sent = [];
    const edited = { document, conflicts };
    const merged = isClean
      ? { ...takeView(view, edited), isDirty: false }
      : mergeInto(base.text, edited, view, told);
    const taken = this.#take(view, document, merged);
    const fresh = changedBlocks(document, merged.document).map((id) => [id, this.#edition] as const);
    const words = changeWords(toDocument(base), toDocument(view), told.by);
    const isAsked = merged.conflicts.length > conflicts.length;
    if (view.text !== base.text && !told.sent.includes(view.text))
      this.dispatchEvent(
        new MergedEvent(`${words}${isAsked ? ": choose there." : isClean ? "." : "; merged."}`, isAsked),
      );
    return {
      ...taken,
      changed: new Map([...changed, ...fresh]),
      save: merged.isDirty ? "dirty" : "saved",
    };
  }

  /** What a merge has left to be saved, where nothing was to be saved before. */
  #saveRest(): void {
    const { save, document, conflicts, view } = this.#state;
    if (save !== "saved" || this.#saving !== undefined || document === undefined) return;
    if (this.#isDraft || textOf(filed({ document, conflicts })) === view?.text) return;
    this.#set({ save: "dirty" });
    this.#saveLater();
  }

  #take(view: NotebookView, before = this.#state.document, as?: Edited): Change {
    this.#edition++;
    const isFirst = this.#state.view === undefined;
    // A parameter that is there no more, or of another type now, is chosen no more.
    const { parameters, date, problems } = readChoices(
      isFirst ? this.#query : writeChoices(this.#state),
      view,
    );
    const isSame =
      !isFirst && writeChoices({ parameters }) === writeChoices({ parameters: this.#state.parameters });
    const { conflicts } = this.#state;
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

  #fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    this.#set({ error });
  }

  #set(change: Change): void {
    const next = { ...this.#state, ...change };
    for (const key of Object.keys(next) as (keyof NotebookState)[])
      if (next[key] === undefined) Reflect.deleteProperty(next, key);
    this.#state = next as NotebookState;
    this.dispatchEvent(new Event("change"));
  }
}
