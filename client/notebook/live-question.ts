import { api, ApiError } from "../api-client.js";
import type { LiveResult } from "../elements/live-result.js";
import type { NotebookState } from "../store/notebook-state.js";

/** As long as most people rest between two keys that belong together. */
const ASK_MS = 300;
const TELL_MS = 1200;
const ROWS = 100;

export interface LiveHost {
  readonly state: () => Pick<NotebookState, "name" | "parameters">;
  /** Something else is to be shown. */
  readonly onChange: () => void;
  /** What became of a question; undefined: it was answered. */
  readonly note: (error?: unknown) => void;
}

/** What one block is asked while somebody types in it: the newest question alone. */
export class LiveQuestion {
  result: LiveResult = { isOld: true };
  readonly #host: LiveHost;
  /** The last answer, and to which question. */
  #answered: { readonly question: string; readonly result: LiveResult } | undefined;
  #query: () => string | undefined = () => undefined;
  #basis = "";
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LiveHost) {
    this.#host = host;
  }

  /** The text or the cursor is another one. `basis`: what else the answer depends on. */
  ask(query: () => string | undefined, basis: string): void {
    this.giveUp();
    if (basis !== this.#basis) this.#answered = undefined;
    [this.#query, this.#basis] = [query, basis];
    const { sql, question } = this.#read();
    if (question === this.#answered?.question) this.#show(this.#answered.result);
    else if (sql === "") this.#show({ isOld: true });
    else {
      this.#show({ ...this.result, isOld: true });
      this.#timer = setTimeout(() => void this.#send(), ASK_MS);
    }
  }

  /** Asks anew where the answer depends on something else by now. */
  follow(basis: string): void {
    if (basis !== this.#basis) this.ask(this.#query, basis);
  }

  askAgain(): void {
    this.#answered = undefined;
    this.ask(this.#query, this.#basis);
  }

  giveUp(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  #read(): { readonly sql: string; readonly question: string } {
    const sql = this.#query()?.trim() ?? "";
    return { sql, question: JSON.stringify([sql, this.#host.state().parameters]) };
  }

  async #send(): Promise<void> {
    const { name, parameters } = this.#host.state();
    const { sql, question } = this.#read();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const answer = await api.live(name, { sql, parameters: { ...parameters }, limit: ROWS }, abort.signal);
      this.#host.note();
      if ("problem" in answer) this.#tell(question, answer.problem);
      else this.#settle(question, { answer, isOld: false });
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#host.note(error);
      this.#tell(question, error);
    }
  }

  /** Half of a query is wrong for a moment, and as long as somebody chooses what to go on with. */
  #tell(question: string, error: Pick<ApiError, "message"> & { readonly hint?: string | undefined }): void {
    const { message, hint } = error;
    this.#timer = setTimeout(() => {
      if (document.querySelector(".suggest-widget.visible") !== null) {
        this.#tell(question, error);
        return;
      }
      const { answer } = this.result;
      const problem = [message, hint].filter(Boolean).join(" ");
      this.#settle(question, { ...(answer === undefined ? {} : { answer }), problem, isOld: true });
    }, TELL_MS - ASK_MS);
  }

  #settle(question: string, result: LiveResult): void {
    this.#answered = { question, result };
    this.#show(result);
  }

  #show(result: LiveResult): void {
    this.result = result;
    this.#host.onChange();
  }
}
