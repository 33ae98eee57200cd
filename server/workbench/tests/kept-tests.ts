import { join } from "node:path";
import { z } from "zod";
import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import { makePrivateFolder, maybeJson, maybeReadText, replaceFile } from "../../base/durable.js";
import { oneAtATime } from "../../base/one-at-a-time.js";
import type { Cell } from "../../notebook/notebook.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { TestResult } from "./run-tests.js";

/** What became of a test when it was last run, and on what. */
export interface KeptTest {
  readonly result: TestResult;
  readonly at: string;
  /** The fences of the test and of the cell that it tests, as they were. */
  readonly texts: { readonly test: string; readonly cell?: string };
}

/** Of one test: larger differences are left out, and the sentence stays. */
const LARGEST_RESULT = 2 ** 18;

const keptSchema = z.array(
  z.object({
    result: z.custom<TestResult>((value) => typeof value === "object" && value !== null && "name" in value),
    at: z.string(),
    texts: z.object({ test: z.string(), cell: z.string().exactOptional() }),
  }),
);

/** How the tests of each notebook last came out, in `.lakebook/tests/`: a page that is loaded again shows it. */
export class KeptTests {
  readonly #folder: string;

  constructor(workspace: Workspace) {
    this.#folder = join(workspace.state, "tests");
  }

  /** Those of tests that the notebook has, in its order. What cannot be read is as if it was not run. */
  async of({ notebook }: AnalyzedNotebook): Promise<readonly KeptTest[]> {
    const kept = new Map((await this.#read(notebook.name)).map((test) => [test.result.name, test]));
    return notebook.cells.flatMap((cell) => (cell.kind === "test" ? (kept.get(cell.name) ?? []) : []));
  }

  /** Results of others stay; those of tests that the notebook has no more go. */
  async keep(analyzed: AnalyzedNotebook, results: readonly TestResult[], at = new Date()): Promise<void> {
    if (results.length === 0) return;
    const { name } = analyzed.notebook;
    await oneAtATime(`tests ${this.#fileOf(name)}`, async () => {
      const fresh = new Set(results.map((result) => result.name));
      const others = (await this.of(analyzed)).filter(({ result }) => !fresh.has(result.name));
      const kept = results.map((result): KeptTest => ({
        result: bounded(result),
        at: at.toISOString(),
        texts: textsOf(analyzed, result),
      }));
      await makePrivateFolder(this.#folder);
      await replaceFile(this.#fileOf(name), JSON.stringify([...others, ...kept]), { isLasting: false });
    });
  }

  async #read(name: string): Promise<readonly KeptTest[]> {
    const text = await maybeReadText(this.#fileOf(name));
    return text === undefined ? [] : (keptSchema.safeParse(maybeJson(text)).data ?? []);
  }

  #fileOf(name: string): string {
    return join(this.#folder, `${name.replace("/", ".")}.json`);
  }
}

function textsOf({ notebook }: AnalyzedNotebook, { name, cell }: TestResult): KeptTest["texts"] {
  const textOf = (found: Cell | undefined): string | undefined =>
    found && notebook.source.text.slice(found.span.start, found.span.end);
  const tested = textOf(notebook.cells.find((each) => each.name === cell));
  const test = textOf(notebook.cells.find((each) => each.name === name)) ?? "";
  return { test, ...(tested !== undefined && { cell: tested }) };
}

function bounded(result: TestResult): TestResult {
  const { differences, ...rest } = result;
  return differences === undefined || JSON.stringify(differences).length <= LARGEST_RESULT ? result : rest;
}
