import { ApiError } from "../api-client.js";
import type { Change, NotebookState } from "./notebook-state.js";

/** The state of an open notebook, as the parts of its store share it. */
export class HeldState {
  #state: NotebookState;
  readonly #onChange: () => void;

  constructor(state: NotebookState, onChange: () => void) {
    this.#state = state;
    this.#onChange = onChange;
  }

  get state(): NotebookState {
    return this.#state;
  }

  set(change: Change): void {
    const next = { ...this.#state, ...change };
    for (const key of Object.keys(next) as (keyof NotebookState)[])
      if (next[key] === undefined) Reflect.deleteProperty(next, key);
    this.#state = next as NotebookState;
    this.#onChange();
  }

  /** Shows what the server refused; anything else is a fault of the page. */
  fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    this.set({ error });
  }
}
