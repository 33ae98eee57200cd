import { AppError, isSystemError } from "../base/errors.js";
import type { Engine } from "../engine/engine.js";
import { mapConcurrently } from "../lake/concurrency.js";
import { analyzeNotebook, type AnalyzedNotebook } from "./analyzed-notebook.js";
import {
  etagOf,
  listNotebooks,
  readNotebookFile,
  toNotebookFile,
  type NotebookFile,
} from "../workspace/notebook-files.js";
import { NotebookHistory } from "../workspace/history/notebook-history.js";
import type { Workspace } from "../workspace/workspace.js";
import { NotebookDesk } from "./notebook-desk.js";
import { stampOfNotebook } from "./notebook-stamp.js";

const READS_AT_ONCE = 16;

interface Analysis {
  readonly etag: string;
  readonly analyzed: Promise<AnalyzedNotebook>;
}

export interface ListedNotebook {
  readonly file: NotebookFile;
  /** Undefined where its SQL could not be parsed in time. */
  readonly analyzed: AnalyzedNotebook | undefined;
}

/** Notebooks as their files are now. Parsing one, and its SQL, takes a while, so it is done once for each content. */
export class NotebookCache {
  readonly desk = new NotebookDesk();
  readonly history: NotebookHistory;
  readonly #workspace: Workspace;
  readonly #engine: Engine;
  readonly #analyses = new Map<string, Analysis>();
  /** As they were read last. */
  readonly #files = new Map<string, NotebookFile>();
  readonly #stamps = new Map<string, { readonly stamp: string; readonly file: NotebookFile }>();

  constructor(workspace: Workspace, engine: Engine) {
    this.#workspace = workspace;
    this.#engine = engine;
    this.history = new NotebookHistory(workspace);
  }

  /**
   * Sorted. A file that is gone or unreadable by the time it is read is left out. Hundreds of notebooks take seconds
   * to analyze, and nobody waits longer than `waitMs` for that: it goes on meanwhile, for the next list.
   */
  async list(waitMs: number): Promise<ListedNotebook[]> {
    const names = await listNotebooks(this.#workspace);
    for (const known of [this.#files, this.#stamps, this.#analyses])
      for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    const found = await mapConcurrently(names, READS_AT_ONCE, (name) => this.#maybeRead(name));
    const files = found.filter((file) => file !== undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      // Without a wait it is late at once, however long a timer of no time takes on a busy machine.
      if (waitMs === 0) resolve(undefined);
      else
        timer = setTimeout(() => {
          resolve(undefined);
        }, waitMs);
    });
    const analyses = files.map((file) => this.analyze(file).catch(() => undefined));
    const analyzed = await Promise.all(analyses.map((analysis) => Promise.race([analysis, late])));
    clearTimeout(timer);
    return files.map((file, index) => ({ file, analyzed: analyzed[index] }));
  }

  /** Throws `not-found`, with "did you mean". */
  async read(name: string): Promise<NotebookFile> {
    try {
      const file = await readNotebookFile(this.#workspace, name, this.#files.get(name));
      this.#files.set(name, file);
      return file;
    } catch (error) {
      throw this.desk.explain(error, name);
    }
  }

  /** What was just saved, as it was saved: by now the file may be another one, or elsewhere. */
  async saved(name: string, text: string): Promise<NotebookFile> {
    const file = await toNotebookFile(this.#workspace, name, text);
    this.#files.set(name, file);
    return file;
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

  /** What the text would be as that notebook, whatever its file has by now: the text of a run, or one before it is saved. */
  async analyzeText(name: string, text: string): Promise<AnalyzedNotebook> {
    const known = this.#files.get(name);
    if (known?.etag === etagOf(text)) return this.analyze(known);
    return analyzeNotebook(this.#engine, (await toNotebookFile(this.#workspace, name, text)).parsed);
  }

  /** A list reads only what has changed since the list before. */
  async #maybeRead(name: string): Promise<NotebookFile | undefined> {
    try {
      const stamp = await stampOfNotebook(this.#workspace, name);
      const known = this.#stamps.get(name);
      if (known?.stamp === stamp) return known.file;
      const file = await this.read(name);
      this.#stamps.set(name, { stamp, file });
      return file;
    } catch (error) {
      if (error instanceof AppError || isSystemError(error)) return undefined;
      throw error;
    }
  }
}
