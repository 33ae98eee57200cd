import type { ReactiveControllerHost } from "lit";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { loadCode } from "../connection.js";
import type { LiveResult } from "../elements/live-result.js";
import type { NotebookState } from "../store/notebook-state.js";

type LiveState = Pick<NotebookState, "name" | "parameters" | "runs" | "view">;

const KEY = "lakebook-live";
/** As long as most people rest between two keys that belong together. */
const ASK_MS = 300;
const TELL_MS = 1200;
const ROWS = 100;

/** Answers while somebody types, where they are switched on: of a bounded sample, one question at a time. */
export class NotebookLive {
  readonly #host: ReactiveControllerHost;
  readonly #state: () => LiveState;
  readonly #again: AskAgain;
  readonly #results = new Map<string, LiveResult>();
  #isOn = localStorage.getItem(KEY) === "on";
  #asked = "";
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What was asked last, and what it was asked of. */
  #last:
    { readonly block: string; readonly query: () => string | undefined; readonly of: string } | undefined;

  constructor(host: ReactiveControllerHost, state: () => LiveState) {
    this.#host = host;
    this.#state = state;
    this.#again = new AskAgain(host, () => this.#askLast());
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  toggle(): void {
    this.#isOn = !this.#isOn;
    localStorage.setItem(KEY, this.#isOn ? "on" : "off");
    this.forget();
  }

  /** Another notebook is open, or nobody wants to know any more. */
  forget(): void {
    this.#giveUp();
    this.#asked = "";
    this.#last = undefined;
    this.#results.clear();
    this.#host.requestUpdate();
  }

  /** Stays where it was shown: what vanished would move what somebody goes to. */
  of(block: string): LiveResult | undefined {
    return this.#isOn ? this.#results.get(block) : undefined;
  }

  /** The text or the cursor is another one. */
  note(block: string, query: () => string | undefined): void {
    if (!this.#isOn) return;
    void loadCode(() => import("../elements/live-result.js"));
    if (!this.#results.has(block)) this.#show(block, { isOld: true });
    this.#giveUp();
    this.#last = { block, query, of: this.#basis };
    this.#timer = setTimeout(() => void this.#ask(block, query()?.trim() ?? ""), ASK_MS);
  }

  /** Other values are chosen or defined, or there are other rows: the answer that somebody looks at is of the ones before. */
  follow(): void {
    if (this.#last === undefined || this.#last.of === this.#basis) return;
    for (const [other, result] of this.#results) this.#results.set(other, { ...result, isOld: true });
    this.#askLast();
  }

  #askLast(): void {
    if (this.#last === undefined) return;
    this.#asked = "";
    this.note(this.#last.block, this.#last.query);
  }

  /** The server answers from the notebook as it is saved. */
  get #basis(): string {
    const { parameters, runs, view } = this.#state();
    const run = runs.run?.isRunning === false ? runs.run.id : "";
    const cells = view?.cells.map(({ name, kind, options }) =>
      cellKinds[kind].isParameter ? [name, options] : name,
    );
    return JSON.stringify([parameters, run, view?.parameters, cells]);
  }

  #giveUp(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #ask(block: string, sql: string): Promise<void> {
    const { name, parameters } = this.#state();
    const question = JSON.stringify([block, sql, parameters]);
    if (sql === "" || question === this.#asked) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#show(block, { ...this.#results.get(block), isOld: true });
    try {
      const answer = await api.live(name, { sql, parameters: { ...parameters }, limit: ROWS }, abort.signal);
      this.#again.note();
      if ("problem" in answer) this.#tell(block, question, answer.problem);
      else {
        this.#asked = question;
        this.#show(block, { answer, isOld: false });
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
      this.#tell(block, question, error);
    }
  }

  /** Half of a query is wrong for a moment. */
  #tell(
    block: string,
    question: string,
    { message, hint }: Pick<ApiError, "message"> & { readonly hint?: string | undefined },
  ): void {
    this.#timer = setTimeout(() => {
      this.#asked = question;
      const { answer } = this.#results.get(block) ?? {};
      const problem = [message, hint].filter(Boolean).join(" ");
      this.#show(block, { ...(answer === undefined ? {} : { answer }), problem, isOld: true });
    }, TELL_MS - ASK_MS);
  }

  #show(block: string, result: LiveResult): void {
    this.#results.set(block, result);
    this.#host.requestUpdate();
  }
}
