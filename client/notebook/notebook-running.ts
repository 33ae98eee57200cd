import { api, ApiError } from "../api-client.js";
import type { RunMode } from "../editor/editor-events.js";
import type { Preview } from "../elements/query-preview.js";
import type { Block } from "../store/document.js";
import type { NotebookStore } from "../store/notebook-store.js";

/** The page as far as the commands that run need it. */
export interface RunningPage {
  store(): NotebookStore;
  selectNext(id: string): void;
  insertBelow(id: string): void;
  showPreview(id: string, preview: Preview): void;
}

/** What a user can run of the notebook. */
export class NotebookRunning {
  readonly #page: RunningPage;

  constructor(page: RunningPage) {
    this.#page = page;
  }

  async run(body: Parameters<NotebookStore["run"]>[0]): Promise<void> {
    try {
      await this.#page.store().run(body);
    } catch (error) {
      // The store shows it already.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Of a chart the cell that it draws; of an input and of prose only what the mode does besides. */
  async runCell({ id, cell }: Block, mode: RunMode): Promise<void> {
    if (mode === "run-and-next") this.#page.selectNext(id);
    if (mode === "run-and-insert") this.#page.insertBelow(id);
    if (cell === undefined || cell.kind === "input") return;
    const name = cell.kind === "chart" ? String(cell.options["from"]) : cell.name;
    const stale = mode === "run-with-stale" ? this.#page.store().staleCells() : [];
    await this.run({ cells: [...new Set([...stale, name])] });
  }

  /** Runs SQL of a cell on its own, and keeps nothing of it. */
  async runSelection({ id }: Block, sql: string): Promise<void> {
    const { name, parameters } = this.#page.store().state;
    try {
      const answer = await api.query(name, { sql, parameters: { ...parameters }, limit: 1000 });
      this.#page.showPreview(id, { answer });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#page.showPreview(id, { problem: `${error.message} ${error.hint ?? ""}` });
    }
  }
}
