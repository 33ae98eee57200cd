import { api, ApiError } from "../api-client.js";
import { doubtful } from "./changed-choices.js";
import type { HeldState } from "./held-state.js";
import { hasResult } from "./run-state.js";
import { withStaleChecks } from "./stale-checks.js";
import { isStale, shownRecord } from "./standing.js";

/** What a run would do: why a cell is out of date, or why it would be reused. */
export class Forecasts {
  readonly #held: HeldState;
  #asked = 0;
  #asking: Promise<void> | undefined;

  constructor(held: HeldState) {
    this.#held = held;
  }

  /** Whoever may begin no run sees what the notebook's query cells give for what was chosen; nobody else does. */
  async explore(): Promise<void> {
    const { name, date, parameters } = this.#held.state;
    if (this.staleCells().length === 0) return;
    try {
      await api.explore(name, { parameters: { ...parameters }, ...(date === undefined ? {} : { date }) });
    } catch (error) {
      this.#held.fail(error);
      return;
    }
    // What was chosen meanwhile is explored by itself.
    if (parameters === this.#held.state.parameters && date === this.#held.state.date) await this.refresh();
  }

  /** Until the server has said what holds, what depends on these parameters is not taken for up to date. */
  doubt(names: ReadonlySet<string>): void {
    const { view, forecast } = this.#held.state;
    if (view === undefined || names.size === 0) return;
    this.#held.set({
      forecast: new Map([...forecast, ...doubtful(view, names).map((cell) => [cell.name, cell] as const)]),
    });
  }

  staleCells(): string[] {
    const { forecast, runs } = this.#held.state;
    return [...forecast.values()]
      .filter((cell) => isStale(cell, shownRecord(cell, runs.cells.get(cell.name))))
      .map((cell) => cell.name);
  }

  /** Asks what a run would do: one question at a time, and only the newest of those that wait. */
  async refresh(): Promise<void> {
    const asked = ++this.#asked;
    await this.#asking;
    if (asked !== this.#asked) return;
    this.#asking = this.#ask(asked);
    await this.#asking;
  }

  async #ask(asked: number): Promise<void> {
    const { name, date, parameters, runs: before } = this.#held.state;
    try {
      const { cells, run } = await api.forecast(name, {
        parameters: { ...parameters },
        ...(date === undefined ? {} : { date }),
      });
      if (asked !== this.#asked) return;
      // What a run has done since is forecast no more.
      const open = withStaleChecks(cells, this.#held.state.view?.graph.edges ?? []).filter((cell) => {
        const record = this.#held.state.runs.cells.get(cell.name);
        return record === before.cells.get(cell.name) || !hasResult(record);
      });
      this.#held.set({ forecast: new Map(open.map((cell) => [cell.name, cell])), forecastDate: run.date });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked !== this.#asked) return;
      // A notebook with errors has no forecast; its diagnostics say why. What was chosen may be what is wrong.
      this.#held.set({ forecast: new Map() });
      this.doubt(new Set(Object.keys(parameters)));
      if (error.code === "usage") this.#held.fail(error);
    }
  }
}
