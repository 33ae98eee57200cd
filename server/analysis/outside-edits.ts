import { isSystemError } from "../base/errors.js";
import type { Logger } from "../base/logger.js";
import type { NotebookCache } from "./notebook-cache.js";
import { listNotebooks, readNotebookTimes } from "../workspace/notebook-files.js";
import type { Workspace } from "../workspace/workspace.js";

/** Has the history know what other programs write, and what they are about to write over. */
export class OutsideEdits {
  readonly #workspace: Workspace;
  readonly #notebooks: NotebookCache;
  readonly #logger: Logger;
  readonly #noting = new Set<Promise<void>>();
  #isClosed = false;

  constructor(workspace: Workspace, notebooks: NotebookCache, logger: Logger) {
    this.#workspace = workspace;
    this.#notebooks = notebooks;
    this.#logger = logger;
  }

  /** Whoever saved through this server has noted it before: that adds nothing. */
  note(name: string, etag: string): Promise<void> {
    return this.#follow(() =>
      this.#notebooks.desk.inTurn(() => this.#notebooks.history.noteFile(name, etag)),
    );
  }

  /** Notes what lies there by now, of notebooks that changed since they were last seen. */
  noteAll(): Promise<void> {
    return this.#follow(async () => {
      for (const name of await listNotebooks(this.#workspace)) {
        if (this.#isClosed) return;
        await this.#maybeNote(name);
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#noting);
  }

  async #maybeNote(name: string): Promise<void> {
    const { history, desk } = this.#notebooks;
    const changedMs = await readNotebookTimes(this.#workspace, name).catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      return undefined;
    });
    if (changedMs === undefined || (await history.isNewer(name, changedMs))) return;
    await desk.inTurn(() => history.noteFile(name));
  }

  /** Never fails: the log tells of what could not be written. */
  #follow(action: () => Promise<void>): Promise<void> {
    const noted = action()
      .catch((error: unknown) => {
        this.#logger.warn("a notebook's history cannot be written", { error });
      })
      .finally(() => this.#noting.delete(noted));
    this.#noting.add(noted);
    return noted;
  }
}
