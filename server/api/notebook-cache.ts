import { AppError, isSystemError } from "../base/errors.js";
import type { Engine } from "../engine/engine.js";
import { analyzeNotebook, type AnalyzedNotebook } from "../runs/analyzed-notebook.js";
import { listNotebooks, readNotebookFile, type NotebookFile } from "../workspace/notebook-files.js";
import type { Workspace } from "../workspace/workspace.js";

interface Analysis {
  readonly etag: string;
  readonly analyzed: Promise<AnalyzedNotebook>;
}

/** Notebooks as their files are now. Parsing a notebook's SQL takes a while, so it is done once for each content. */
export class NotebookCache {
  readonly #workspace: Workspace;
  readonly #engine: Engine;
  readonly #analyses = new Map<string, Analysis>();

  constructor(workspace: Workspace, engine: Engine) {
    this.#workspace = workspace;
    this.#engine = engine;
  }

  /** Sorted. A file that is gone or unreadable by the time it is read is left out. */
  async list(): Promise<{ readonly file: NotebookFile; readonly analyzed: AnalyzedNotebook }[]> {
    const names = await listNotebooks(this.#workspace);
    for (const name of this.#analyses.keys()) if (!names.includes(name)) this.#analyses.delete(name);
    const found = await Promise.all(names.map((name) => this.#maybeAnalyzed(name)));
    return found.filter((notebook) => notebook !== undefined);
  }

  /** Throws `not-found`, with "did you mean". */
  async read(name: string): Promise<NotebookFile> {
    try {
      return await readNotebookFile(this.#workspace, name);
    } catch (error) {
      if (!isSystemError(error, "ELOOP", "EISDIR", "ENAMETOOLONG")) throw error;
      throw new AppError("not-found", `Notebook "${name}" is no plain file in notebooks/.`, { cause: error });
    }
  }

  analyze(file: NotebookFile): Promise<AnalyzedNotebook> {
    const known = this.#analyses.get(file.name);
    if (known?.etag === file.etag) return known.analyzed;
    const analyzed = analyzeNotebook(this.#engine, file.parsed);
    const analysis = { etag: file.etag, analyzed };
    this.#analyses.set(file.name, analysis);
    // A failure is told to whoever waits, and the next one tries again.
    analyzed.catch(() => {
      if (this.#analyses.get(file.name) === analysis) this.#analyses.delete(file.name);
    });
    return analyzed;
  }

  async #maybeAnalyzed(
    name: string,
  ): Promise<{ readonly file: NotebookFile; readonly analyzed: AnalyzedNotebook } | undefined> {
    const file = await this.#maybeRead(name);
    return file === undefined ? undefined : { file, analyzed: await this.analyze(file) };
  }

  async #maybeRead(name: string): Promise<NotebookFile | undefined> {
    try {
      return await this.read(name);
    } catch (error) {
      if (error instanceof AppError || isSystemError(error)) return undefined;
      throw error;
    }
  }
}
