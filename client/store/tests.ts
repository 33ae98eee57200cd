import type { Api } from "../../server/api/protocol.js";
import type { Block, NotebookDocument } from "./document.js";

type KeptTest = Api["GET /api/notebooks/{name}/tests"]["answer"]["tests"][number];
export type TestResult = KeptTest["result"];

/** What became of a test. */
export interface ShownTest {
  /** Of the last time; undefined: it was never run. */
  readonly result?: TestResult;
  readonly isRunning: boolean;
  /** Of the test and of the cell that it tests, as they were. */
  readonly texts: string;
}

/** What a cell shows of a test. */
export interface CellTest {
  readonly name: string;
  /** Undefined: it is not known yet whether it was run. */
  readonly shown: ShownTest | undefined;
  /** The test or the cell that it tests was changed since. */
  readonly isOld: boolean;
}

/** The tests of a document, looked for once. */
export interface TestsIn {
  /** Names of all of them, in the order of the notebook. */
  readonly names: readonly string[];
  /** Names by the cell that is tested. */
  readonly byCell: ReadonlyMap<string, readonly string[]>;
  /** By name; changes when the outcome of the test may have, as far as the notebook decides it. */
  readonly texts: ReadonlyMap<string, string>;
}

const known = new WeakMap<NotebookDocument, TestsIn>();

export function testsIn(document: NotebookDocument): TestsIn {
  const found = known.get(document) ?? findTests(document);
  known.set(document, found);
  return found;
}

function findTests({ blocks }: NotebookDocument): TestsIn {
  const sources = new Map(blocks.map(({ cell, source }) => [cell?.name, source]));
  const tests = blocks.filter(({ cell }) => cell?.kind === "test");
  const byCell = new Map<string, string[]>();
  const texts = new Map<string, string>();
  for (const block of tests) {
    const name = block.cell?.name ?? "";
    const tested = testedBy(block);
    byCell.set(tested, [...(byCell.get(tested) ?? []), name]);
    texts.set(name, textsOf(block.source, sources.get(tested)));
  }
  return { names: tests.map(({ cell }) => cell?.name ?? ""), byCell, texts };
}

/** Blank lines around a fence are no part of what is tested. */
function textsOf(test: string, cell: string | undefined): string {
  return `${test.trim()}\n${cell?.trim() ?? ""}`;
}

/** The same object where it says nothing new, so that it is not drawn again. */
export function shownOf(kept: KeptTest | undefined, before: ShownTest | undefined): ShownTest | undefined {
  if (kept === undefined) return before;
  const shown = { result: kept.result, isRunning: false, texts: textsOf(kept.texts.test, kept.texts.cell) };
  return JSON.stringify(before?.result) === JSON.stringify(shown.result) && before?.texts === shown.texts
    ? before
    : shown;
}

/** The cell that a test tests; empty for what is none. */
function testedBy({ cell }: Block): string {
  const tested = cell?.kind === "test" ? cell.options["cell"] : undefined;
  return typeof tested === "string" ? tested : "";
}

const none: readonly CellTest[] = [];

/** Of a test that was never run. */
export const notRun: ShownTest = { isRunning: false, texts: "" };

/** What a cell shows of its tests, or a test of itself. */
export function cellTests(
  { cell }: Block,
  document: NotebookDocument | undefined,
  tests: ReadonlyMap<string, ShownTest>,
): readonly CellTest[] {
  if (cell === undefined || document === undefined) return none;
  const { byCell, texts } = testsIn(document);
  const names = cell.kind === "test" ? [cell.name] : (byCell.get(cell.name) ?? []);
  if (names.length === 0) return none;
  return names.map((name) => {
    const shown = tests.get(name);
    return { name, shown, isOld: shown !== undefined && shown !== notRun && shown.texts !== texts.get(name) };
  });
}

/** Whether a cell has to be drawn again for them. */
export function isOtherTests(now: readonly CellTest[], before: readonly CellTest[] | undefined): boolean {
  if (now.length !== before?.length) return true;
  return now.some(({ name, shown, isOld }, at) => {
    const old = before[at];
    return name !== old?.name || shown !== old.shown || isOld !== old.isOld;
  });
}
