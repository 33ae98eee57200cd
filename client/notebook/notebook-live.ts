import type { ReactiveControllerHost } from "lit";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { AskAgain } from "../ask-again.js";
import { loadCode } from "../connection.js";
import { keep, kept } from "../kept.js";
import type { LiveResult } from "../elements/live-result.js";
import type { NotebookState } from "../store/notebook-state.js";
import { LiveQuestion, type LiveHost } from "./live-question.js";

type LiveState = Pick<NotebookState, "name" | "parameters" | "runs" | "view" | "forecast">;

const KEY = "lakebook-live";

/** Answers while somebody types, where they are switched on: of a bounded sample. */
export class NotebookLive {
  readonly #host: ReactiveControllerHost;
  readonly #state: () => LiveState;
  readonly #again: AskAgain;
  readonly #questions = new Map<string, LiveQuestion>();
  #isOn = kept(KEY) === "on";

  constructor(host: ReactiveControllerHost, state: () => LiveState) {
    this.#host = host;
    this.#state = state;
    this.#again = new AskAgain(host, () => {
      for (const question of this.#questions.values()) question.askAgain();
    });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  toggle(): void {
    this.#isOn = !this.#isOn;
    keep(KEY, this.#isOn ? "on" : "off");
    this.forget();
  }

  /** Another notebook is open, or nobody wants to know any more. */
  forget(): void {
    for (const question of this.#questions.values()) question.giveUp();
    this.#questions.clear();
    this.#host.requestUpdate();
  }

  /** Stays where it was shown: what vanished would move what somebody goes to. */
  of(block: string): LiveResult | undefined {
    return this.#isOn ? this.#questions.get(block)?.result : undefined;
  }

  /** The text or the cursor is another one. */
  note(block: string, query: () => string | undefined): void {
    if (!this.#isOn) return;
    void loadCode(() => import("../elements/live-result.js"));
    const question = this.#questions.get(block) ?? new LiveQuestion(this.#deeds);
    this.#questions.set(block, question);
    question.ask(query, this.#basis);
    this.#host.requestUpdate();
  }

  /** Other values are chosen or defined, or there are other rows: the answer that somebody looks at is of the ones before. */
  follow(): void {
    if (this.#questions.size === 0) return;
    const basis = this.#basis;
    for (const question of this.#questions.values()) question.follow(basis);
  }

  readonly #deeds: LiveHost = {
    state: () => this.#state(),
    onChange: () => {
      this.#host.requestUpdate();
    },
    note: (error) => {
      this.#again.note(error);
    },
  };

  /** The server answers from the notebook as it is saved, and from what there is of each cell. */
  get #basis(): string {
    const { parameters, runs, view, forecast } = this.#state();
    const run = runs.run?.isRunning === false ? runs.run.id : "";
    const cells = view?.cells.map(({ name, kind, options }) =>
      cellKinds[kind].isParameter ? [name, options] : name,
    );
    const made = [...forecast].flatMap(([name, { action, fingerprint }]) =>
      action === "reuse" ? [name, fingerprint] : [],
    );
    return JSON.stringify([parameters, run, view?.parameters, cells, made]);
  }
}
