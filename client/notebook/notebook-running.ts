import type { ReactiveControllerHost } from "lit";
import { isStepKind } from "../../server/notebook/cell-kinds.js";
import { api, ApiError } from "../api-client.js";
import type { RunMode } from "../editor/editor-events.js";
import type { Preview } from "../elements/query-preview.js";
import { sourceOf, type Block } from "../store/document.js";
import { may } from "../session.js";
import type { NotebookStore } from "../store/notebook-store.js";
import type { NotebookSelection } from "./notebook-selection.js";
import type { NotebookToast } from "./notebook-toast.js";
import { loadCode } from "../connection.js";

/** The page as far as the commands that run need it. */
export interface RunningPage {
  store(): NotebookStore;
  readonly selection: Pick<NotebookSelection, "focusNext">;
  readonly toast: Pick<NotebookToast, "say">;
  insertBelow(id: string): void;
  /** Says what a materialization would do. */
  materialize(): void;
}

/** What a selection within a block gave. */
export interface BlockPreview {
  readonly block: string;
  readonly result: Preview;
}

/** What a user can run of the notebook. */
export class NotebookRunning {
  readonly #host: ReactiveControllerHost;
  readonly #page: RunningPage;
  #preview: BlockPreview | undefined;

  constructor(host: ReactiveControllerHost, page: RunningPage) {
    this.#host = host;
    this.#page = page;
  }

  /** Of the selection that was run last, until it is closed. */
  get preview(): BlockPreview | undefined {
    return this.#preview;
  }

  closePreview(): void {
    this.#show(undefined);
  }

  async run(body: Parameters<NotebookStore["run"]>[0]): Promise<string | undefined> {
    try {
      return await this.#page.store().run(body);
    } catch (error) {
      // The store shows it already.
      if (!(error instanceof ApiError)) throw error;
      return undefined;
    }
  }

  /** Of a run of the whole notebook; what may follow is said at its end. */
  async tellNext(started: Promise<string | undefined>): Promise<void> {
    const store = this.#page.store();
    const run = await started;
    if (run === undefined) return;
    const { tellNext } = await loadCode(() => import("./after-run.js"));
    tellNext(store, run, this.#page);
  }

  /** Of a chart the cell that it draws; of a control and of prose only what the mode does besides. */
  async runCell({ id, cell }: Block, mode: RunMode): Promise<void> {
    if (mode === "run-and-next") this.#page.selection.focusNext(id, 1);
    if (!may("run")) return;
    if (mode === "run-and-insert") this.#page.insertBelow(id);
    if (cell?.kind === "test") {
      await this.#page.store().tests.run([cell.name]);
      return;
    }
    const name = cell !== undefined && isStepKind(cell.kind) ? cell.name : sourceOf(cell);
    if (name === "") return;
    const stale = mode === "run-with-stale" ? this.#page.store().forecasts.staleCells() : [];
    await this.run({ cells: [...new Set([...stale, name])] });
  }

  /** Runs SQL of a cell on its own, and keeps nothing of it. */
  async runSelection({ id }: Block, sql: string): Promise<void> {
    const { name, parameters } = this.#page.store().state;
    try {
      const answer = await api.query(name, { sql, parameters: { ...parameters }, limit: 1000 });
      this.#show({ block: id, result: { answer } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#show({ block: id, result: { problem: `${error.message} ${error.hint ?? ""}` } });
    }
  }

  #show(preview: BlockPreview | undefined): void {
    this.#preview = preview;
    this.#host.requestUpdate();
  }
}
