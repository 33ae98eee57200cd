import { isAppError, AppError } from "../base/errors.js";
import { SerialQueue } from "../lake/concurrency.js";

const MAX_MOVES = 1000;

/**
 * Whoever saves, moves, deletes, copies or makes a notebook through this server takes its turn here: between the look
 * at a file and its replacement nobody else may come. Knows where notebooks went, as long as the server runs.
 */
export class NotebookDesk {
  readonly #queue = new SerialQueue();
  readonly #moves = new Map<string, string>();

  inTurn<T>(action: () => Promise<T>): Promise<T> {
    return this.#queue.run(action);
  }

  noteMove(from: string, to: string): void {
    this.noteName(to);
    this.#moves.delete(from);
    this.#moves.set(from, to);
    const [oldest] = this.#moves.keys();
    if (oldest !== undefined && this.#moves.size > MAX_MOVES) this.#moves.delete(oldest);
  }

  /** There is a notebook of that name now, or it was deleted: whoever had it under this name finds no other. */
  noteName(name: string): void {
    this.#moves.delete(name);
  }

  movedTo(name: string): string | undefined {
    let found = this.#moves.get(name);
    for (let next = found; next !== undefined; next = this.#moves.get(next)) found = next;
    return found;
  }

  /** Adds to an error about a notebook that is not there where it is now. */
  explain(error: unknown, name: string): unknown {
    const movedTo = this.movedTo(name);
    if (movedTo === undefined || !isAppError(error)) return error;
    const isGone =
      error.code === "not-found" || (error.code === "conflict" && error.details?.["etag"] === null);
    if (!isGone) return error;
    return new AppError(error.code, `Notebook "${name}" is "${movedTo}" now.`, {
      hint: "It was renamed.",
      details: { ...error.details, movedTo },
      cause: error,
    });
  }
}
