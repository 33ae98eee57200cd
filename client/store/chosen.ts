import { may } from "../session.js";
import { differingNames } from "./changed-choices.js";
import { readChoices, withChoice, writeChoices } from "./choices.js";
import type { Forecasts } from "./forecasts.js";
import type { HeldState } from "./held-state.js";
import type { Change, NotebookState } from "./notebook-state.js";

/** The values and the run date that a reader chose on this page. */
export class Chosen {
  readonly #held: HeldState;
  readonly #forecasts: Forecasts;
  readonly #runStale: () => Promise<unknown>;
  /** What the address chose before it is known what there is to choose. */
  #query: string;

  constructor(held: HeldState, query: string, forecasts: Forecasts, runStale: () => Promise<unknown>) {
    this.#held = held;
    this.#query = query;
    this.#forecasts = forecasts;
    this.#runStale = runStale;
  }

  setDate(date: string | undefined): void {
    this.#choose({ parameters: this.#held.state.parameters, date });
  }

  /** What is chosen, as an address says it. */
  get query(): string {
    return this.#held.state.view === undefined ? this.#query : writeChoices(this.#held.state);
  }

  /** The address says something else now. */
  setQuery(query: string): void {
    const { view } = this.#held.state;
    if (query === this.query) return;
    this.#query = query;
    if (view === undefined) return;
    const { parameters, date, problems } = readChoices(query, view);
    this.#held.set({ choiceProblems: problems });
    this.#choose({ parameters, date });
  }

  dismissProblems(): void {
    this.#held.set({ choiceProblems: [] });
  }

  #choose({ parameters, date }: Pick<NotebookState, "parameters"> & Pick<Change, "date">): void {
    const before = this.#held.state;
    this.#held.set({ parameters, date });
    const changed = differingNames([{ parameters: before.parameters, date: before.date }], this.#held.state);
    this.#forecasts.doubt(changed);
    void this.#forecasts.refresh().then(() => {
      if (!may("run")) void this.#forecasts.explore();
      else if (before.parameters === parameters) return;
      else if (this.#held.state.autoRun) void this.#runStale();
      else void this.#forecasts.explore(changed);
    });
  }

  /** A parameter of this page; the file keeps its default. Undefined: the default again. */
  setParameter(name: string, value: unknown): void {
    const { date, view } = this.#held.state;
    this.#choose({ parameters: withChoice(this.#held.state, view, name, value), date });
  }
}
