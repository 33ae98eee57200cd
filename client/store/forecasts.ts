import { api, ApiError } from "../api-client.js";
import { doubtful } from "./changed-choices.js";
import type { HeldState } from "./held-state.js";
import type { Expected, NotebookState } from "./notebook-state.js";
import { hasResult } from "./run-state.js";
import { withStaleChecks } from "./stale-checks.js";
import { staleCells } from "./standing.js";

type Choice = Pick<NotebookState, "parameters"> & { readonly date: string | undefined };
type Failure = NonNullable<Expected["failure"]>;

/** What a run would do: why a cell is out of date, or why it would be reused. */
export class Forecasts {
  readonly #held: HeldState;
  #asked = 0;
  #asking: Promise<void> | undefined;
  #exploring: AbortController | undefined;
  #computing: ReadonlySet<string> = new Set();
  /** Cells that cannot be computed for what is chosen. */
  #failures: { readonly for: Choice; readonly cells: ReadonlyMap<string, Failure> } | undefined;

  constructor(held: HeldState) {
    this.#held = held;
  }

  /**
   * Computes the query cells that depend on these parameters for what is chosen here; undefined: all that are out of date.
   * No run begins, and nobody else sees it. What is asked for another choice is given up.
   */
  async explore(names?: ReadonlySet<string>): Promise<void> {
    this.#exploring?.abort();
    this.#computing = new Set();
    const { name, date, parameters, view } = this.#held.state;
    const stale = this.staleCells();
    const isMeant = new Set(
      names === undefined || view === undefined ? stale : doubtful(view, names).map((cell) => cell.name),
    );
    const cells = stale.filter((cell) => isMeant.has(cell));
    if (cells.length === 0) return;
    const abort = new AbortController();
    this.#exploring = abort;
    this.#tellComputing(new Set(cells));
    const body = { parameters: { ...parameters }, ...(date === undefined ? {} : { date }) };
    try {
      const explored = await api.explore(name, names === undefined ? body : { ...body, cells }, abort.signal);
      const failed = explored.cells.flatMap(({ name: cell, error }) =>
        error === undefined ? [] : [[cell, error] as const],
      );
      this.#failures = { for: { parameters, date }, cells: new Map(failed) };
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#tellComputing(new Set());
      this.#held.fail(error);
      return;
    }
    if (this.#exploring === abort) this.#computing = new Set();
    // What was chosen meanwhile is explored by itself.
    if (this.#isStill({ parameters, date })) await this.refresh();
  }

  #tellComputing(names: ReadonlySet<string>): void {
    this.#computing = names;
    const forecast = [...this.#held.state.forecast].map(
      ([name, { isComputing: _, ...cell }]) => [name, this.#marked(cell)] as const,
    );
    this.#held.set({ forecast: new Map(forecast) });
  }

  #marked(cell: Expected): Expected {
    return cell.action === "run" && this.#computing.has(cell.name) ? { ...cell, isComputing: true } : cell;
  }

  #isStill({ parameters, date }: Choice): boolean {
    return parameters === this.#held.state.parameters && date === this.#held.state.date;
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
    return staleCells(this.#held.state);
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
    const { parameters } = this.#held.state;
    try {
      await this.#expect(asked, parameters);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked !== this.#asked) return;
      // A notebook with errors has no forecast; its diagnostics say why. What was chosen may be what is wrong.
      const names = Object.keys(parameters);
      const isChoice = error.code === "usage" && names.length > 0;
      if (!isChoice || !(await this.#expectWithout(asked)))
        this.#held.set({ forecast: new Map(), forecastProblem: error.message });
      if (asked !== this.#asked) return;
      this.doubt(new Set(names));
      if (error.code === "usage") this.#held.fail(error);
    }
  }

  /** What does not depend on a choice holds without it. */
  async #expectWithout(asked: number): Promise<boolean> {
    try {
      await this.#expect(asked, {});
      return true;
    } catch (error) {
      if (error instanceof ApiError) return false;
      throw error;
    }
  }

  async #expect(asked: number, parameters: NotebookState["parameters"]): Promise<void> {
    const { name, date, runs: before } = this.#held.state;
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
    const failures =
      this.#failures !== undefined && this.#isStill(this.#failures.for) ? this.#failures.cells : undefined;
    const expected = open.map((cell): [string, Expected] => {
      const failure = cell.action === "run" ? failures?.get(cell.name) : undefined;
      return [cell.name, this.#marked(failure === undefined ? cell : { ...cell, failure })];
    });
    this.#held.set({ forecast: new Map(expected), forecastDate: run.date, forecastProblem: undefined });
  }
}
