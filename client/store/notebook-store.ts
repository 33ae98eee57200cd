import type { NotebookEvent, Position, RunBody } from "../../server/api/protocol.js";
import { may, session } from "../session.js";
import { api, ApiError, isUnreachable } from "../api-client.js";
import { followEvents, isAfter } from "../event-stream.js";
import { Answers } from "./answers.js";
import { differingNames } from "./changed-choices.js";
import { recordOf } from "./choices.js";
import { Chosen } from "./chosen.js";
import { openPages } from "./drafts.js";
import { Forecasts } from "./forecasts.js";
import { HeldState } from "./held-state.js";
import { NotebookFile } from "./notebook-file.js";
import type { NotebookState } from "./notebook-state.js";
import { NotebookTests } from "./notebook-tests.js";
import { Proposals } from "./proposals.js";
import { applyEvent, emptyRunState, fromRuns, hasResult } from "./run-state.js";
import { Snapshots } from "./snapshots.js";

/**
 * The state of an open notebook; fires `change`, and `merged` where somebody else changed it. It asks, follows and
 * runs; each of its parts has one job. Elements read the state and call methods, and never fetch themselves.
 */
export class NotebookStore extends EventTarget {
  readonly #held: HeldState;
  readonly #answers: Answers;
  readonly #snapshots = new Snapshots();
  #stopFollowing: (() => void) | undefined;
  #position: Position | undefined;
  #isClosed = false;

  readonly file: NotebookFile;
  readonly chosen: Chosen;
  readonly forecasts: Forecasts;
  readonly tests: NotebookTests;
  readonly proposals: Proposals;

  /** Tells this page from others, to the server too. */
  readonly page: string;

  constructor(name: string, query = "") {
    super();
    this.page = crypto.getRandomValues(new Uint32Array(4)).join("");
    const held = new HeldState(emptyState(name), () => this.dispatchEvent(new Event("change")));
    this.#held = held;
    this.forecasts = new Forecasts(held);
    this.chosen = new Chosen(held, query, this.forecasts, () => this.runStale());
    this.#answers = new Answers(
      held,
      () => this.chosen.query,
      (event) => this.dispatchEvent(event),
    );
    this.file = new NotebookFile(held, this.#answers, {
      saved: () => void this.forecasts.refresh(),
      outdated: () => void this.reload(),
    });
    this.tests = new NotebookTests(held, this.file);
    this.proposals = new Proposals(held, this.file);
  }

  get state(): NotebookState {
    return this.#held.state;
  }

  async open(): Promise<void> {
    session.addEventListener("change", this.#onSession);
    const [open] = await Promise.all([openPages(), this.reload()]);
    if (this.state.error?.status === 404 || this.#isClosed) return;
    this.file.restore(open);
    const following = { notebook: this.state.name, after: this.#position, page: this.page };
    this.#stopFollowing = followEvents(following, {
      onEvent: (event, position) => {
        this.#snapshots.note(event, position);
        this.#onEvent(event);
      },
      onResync: () => void this.#resync(),
      onConnection: (isConnected) => {
        this.#held.set({ isConnected });
        if (!isConnected) return;
        if (isUnreachable(this.state.error)) this.clearError();
        if (this.state.save === "failed") void this.file.save();
      },
    });
  }

  /** Where there was no server when the page was opened, this is the first answer. */
  async #resync(): Promise<void> {
    const [open] = await Promise.all([openPages(), this.reload()]);
    this.file.restore(open);
  }

  /** Whoever may edit now goes on with what waited for it. */
  readonly #onSession = (): void => {
    if (!may("edit")) return;
    if (this.state.error?.code === "forbidden") this.clearError();
    if (this.state.save === "failed") void this.file.save();
    else if (!this.file.isRestored)
      void openPages().then((open) => {
        this.file.restore(open);
      });
  };

  close(): void {
    this.#isClosed = true;
    session.removeEventListener("change", this.#onSession);
    this.#stopFollowing?.();
    this.file.close();
  }

  /** Asks for the notebook and its runs; local edits that are not saved yet stay. */
  async reload(): Promise<void> {
    const { name } = this.state;
    const { edition } = this.#answers;
    try {
      const snapshot = await this.#snapshots.take(() => Promise.all([api.notebook(name), api.runs(name)]));
      if (snapshot === undefined) return;
      const [view, { runs, position }] = snapshot.answer;
      this.#position = isAfter(view.position, position) ? position : view.position;
      this.#held.set({
        runs: snapshot.eventsAfter(position).reduce(applyEvent, fromRuns(runs)),
        ...this.file.received(view, edition),
      });
      this.file.saveRest();
      this.forecasts.doubt(differingNames(runs, this.state));
      void this.forecasts.refresh().then(() => {
        if (this.chosen.query === "") return;
        // A run date alone is computed by a run.
        void this.forecasts.explore(may("run") ? new Set(Object.keys(this.state.parameters)) : undefined);
      });
      void this.proposals.ask();
      void this.tests.ask();
    } catch (error) {
      const moved = error instanceof ApiError && error.status === 404 ? error.details["movedTo"] : undefined;
      if (typeof moved === "string") this.#held.set({ name: moved });
      else this.#held.fail(error);
    }
  }

  /** Saves, then runs; undefined cells: all. */
  async run(body: Omit<RunBody, "date" | "parameters">): Promise<string | undefined> {
    if (!(await this.file.save()) && this.state.save === "conflict") return undefined;
    const { date, parameters, name, view, document } = this.state;
    try {
      this.#held.set({ error: undefined });
      const { id } = await api.run(name, {
        ...body,
        parameters: { ...parameters },
        ...(date === undefined ? {} : { date }),
      });
      if (view !== undefined && document !== undefined)
        this.#held.set({ launched: { run: id, etag: view.etag, document, parameters, date } });
      // What is found at once may have ended before the answer came.
      const { run } = this.state.runs;
      if (run?.id === id && !run.isRunning) this.tests.runAfter(run);
      return id;
    } catch (error) {
      this.#held.fail(error);
      throw error;
    }
  }

  async runStale(): Promise<string | undefined> {
    const cells = this.forecasts.staleCells();
    return cells.length === 0 ? undefined : this.run({ cells });
  }

  async stop(): Promise<void> {
    const { run } = this.state.runs;
    if (run?.isRunning === true) await api.cancel(run.id);
  }

  setAutoRun(autoRun: boolean): void {
    this.#held.set({ autoRun });
  }

  dismissAgent(): void {
    this.#held.set({ acted: undefined });
  }

  clearError(): void {
    this.#held.set({ error: undefined });
  }

  #onEvent(event: NotebookEvent): void {
    this.#held.set({ runs: applyEvent(this.state.runs, event) });
    switch (event.type) {
      case "cell-finished":
        this.#onCellFinished(event);
        return;
      case "run-finished":
        this.#noteSchedule();
        void this.forecasts.refresh();
        if (event.run.id === this.state.launched?.run) this.tests.runAfter(event.run);
        return;
      case "schedule-changed":
        this.#noteSchedule();
        return;
      case "lake-changed":
        void this.forecasts.refresh();
        return;
      case "proposals-changed":
        void this.proposals.ask();
        return;
      case "presence-changed":
        this.#held.set({ people: event.people });
        return;
      case "agent-acted":
        this.#held.set({ acted: event });
        return;
      case "notebook-changed":
        this.#answers.learnWho(event);
        if (event.etag !== this.state.view?.etag) this.file.told(event);
        return;
      case "run-started":
      case "cell-queued":
      case "cell-started":
      case "cell-progress":
        return;
    }
  }

  #noteSchedule(): void {
    this.#held.set({ scheduleRevision: (this.state.scheduleRevision ?? 0) + 1 });
  }

  #onCellFinished({ cell, runId }: Extract<NotebookEvent, { readonly type: "cell-finished" }>): void {
    if (!hasResult(cell)) return;
    const { launched, view, save, parameters, date } = this.state;
    const isAsBegun =
      runId === launched?.run &&
      launched.etag === view?.etag &&
      save === "saved" &&
      launched.parameters === parameters &&
      launched.date === date;
    // What somebody else began may be of other choices than those of this page.
    if (!isAsBegun) return void this.forecasts.refresh();
    const forecast = new Map(this.state.forecast);
    forecast.delete(cell.name);
    this.#held.set({ forecast });
  }
}

function emptyState(name: string): NotebookState {
  return {
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
