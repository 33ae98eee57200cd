import type { Api } from "../../server/api/protocol.js";
import type { Block, NotebookDocument } from "./document.js";

export type TestResult = Api["POST /api/notebooks/{name}/tests"]["answer"]["tests"][number];

/** What became of a test, if it was run on this page. */
export interface ShownTest {
  /** Of the last time. */
  readonly result?: TestResult;
  readonly isRunning: boolean;
  /** Of the test and of the cell that it tests, as they were. */
  readonly texts: string;
}

/** The cell that a test tests; empty for what is none. */
export function testedBy({ cell }: Block): string {
  const tested = cell?.kind === "test" ? cell.options["cell"] : undefined;
  return typeof tested === "string" ? tested : "";
}

/** Names of the tests of those cells, in the order of the notebook. */
export function testsOf({ blocks }: NotebookDocument, cells: ReadonlySet<string>): string[] {
  return blocks.flatMap((block) => (cells.has(testedBy(block)) ? [block.cell?.name ?? ""] : []));
}

/** Changes when the outcome of a test may have, as far as the notebook decides it. */
export function textsOf({ blocks }: NotebookDocument, test: string): string {
  const block = blocks.find(({ cell }) => cell?.name === test);
  const tested = block === undefined ? "" : testedBy(block);
  const source = blocks.find(({ cell }) => cell?.name === tested)?.source ?? "";
  return `${block?.source ?? ""}\n${source}`;
}

/** Names of all tests of the notebook. */
export function allTests(document: NotebookDocument | undefined): string[] {
  return (document?.blocks ?? []).flatMap(({ cell }) => (cell?.kind === "test" ? [cell.name] : []));
}
