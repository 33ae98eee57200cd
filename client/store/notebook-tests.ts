import type { RunView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import type { HeldState } from "./held-state.js";
import type { NotebookFile } from "./notebook-file.js";
import { notRun, shownOf, testsIn, type ShownTest } from "./tests.js";

const NOT_SAVED = "The notebook is not saved yet, and the file is what is tested.";

/** The tests of the notebook: run with their cells and alone. */
export class NotebookTests {
  readonly #held: HeldState;
  readonly #file: NotebookFile;
  /** Counts the times that this page ran some. */
  #begun = 0;

  constructor(held: HeldState, file: NotebookFile) {
    this.#held = held;
    this.#file = file;
  }

  /** How they last came out, whoever ran them: what this page runs meanwhile counts more. */
  async ask(): Promise<void> {
    const { document, name } = this.#held.state;
    if (document === undefined) return;
    const { names } = testsIn(document);
    if (names.length === 0) return;
    const begun = this.#begun;
    try {
      const { tests } = await api.keptTests(name);
      if (begun !== this.#begun) return;
      const kept = new Map(tests.map((test) => [test.result.name, test]));
      this.#show(names, (test, before) => shownOf(kept.get(test), before) ?? notRun);
    } catch (error) {
      // The notebook itself tells where the server is gone.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Runs tests by name, on the notebook as it is saved; what becomes of them is no error. Returns why none could be run. */
  async run(names: readonly string[]): Promise<string | undefined> {
    if (names.length === 0) return undefined;
    if (!(await this.#file.save())) return this.#held.state.error?.message ?? NOT_SAVED;
    const { document, name } = this.#held.state;
    if (document === undefined) return undefined;
    this.#begun++;
    const { texts } = testsIn(document);
    const textOf = (test: string): string => texts.get(test) ?? "";
    this.#show(names, (test, before) => ({ texts: textOf(test), ...before, isRunning: true }));
    try {
      const { tests } = await api.runTests(name, names);
      const results = new Map(tests.map((result) => [result.name, result]));
      this.#show(names, (test) => {
        const result = results.get(test);
        return result && { result, isRunning: false, texts: textOf(test) };
      });
      return undefined;
    } catch (error) {
      this.#show(names, (_test, before) =>
        before?.result === undefined ? notRun : { ...before, isRunning: false },
      );
      this.#held.fail(error);
      return error instanceof ApiError ? error.message : undefined;
    }
  }

  /** The tests of what ran are run with it. */
  runAfter({ cells, outcome }: RunView): void {
    const { document } = this.#held.state;
    if (document === undefined || outcome === "cancelled" || outcome === "interrupted") return;
    const { byCell, names } = testsIn(document);
    const wanted = new Set(cells.flatMap(({ name }) => byCell.get(name) ?? []));
    void this.run(names.filter((name) => wanted.has(name)));
  }

  /** What is shown of each of them from now on; undefined: nothing. */
  #show(
    names: readonly string[],
    shown: (test: string, before: ShownTest | undefined) => ShownTest | undefined,
  ): void {
    const tests = new Map(this.#held.state.tests);
    for (const test of names) {
      const next = shown(test, tests.get(test));
      if (next === undefined) tests.delete(test);
      else tests.set(test, next);
    }
    this.#held.set({ tests });
  }
}
