import { describe, expect, test } from "vitest";
import type { Block, NotebookDocument } from "../../../client/store/document.js";
import { cellTests, isOtherTests, notRun, testsIn, type ShownTest } from "../../../client/store/tests.js";

const cell = (name: string, kind: string, source: string, options: Record<string, unknown> = {}): Block =>
  ({ id: name, type: "cell", source, cell: { name, kind, options } }) as unknown as Block;
const a = (sql: string): Block => cell("a", "sql", sql);
const document = (sql: string): NotebookDocument => ({
  head: "",
  blocks: [
    a(sql),
    cell("a_test", "test", "rows of a", { cell: "a" }),
    cell("b", "sql", "SELECT 2"),
    cell("b_test", "test", "rows of b", { cell: "b" }),
    cell("a_again", "test", "others", { cell: "a" }),
  ],
});
const shown = (of: NotebookDocument, test: string): ShownTest => ({
  isRunning: false,
  texts: testsIn(of).texts.get(test) ?? "",
});

describe("tests of a notebook", () => {
  test("belong to the cells that they test", () => {
    const { names, byCell } = testsIn(document("SELECT 1"));
    expect(byCell.get("a")).toEqual(["a_test", "a_again"]);
    expect(byCell.get("a_test")).toBeUndefined();
    expect(names).toEqual(["a_test", "b_test", "a_again"]);
  });

  test("are of an earlier text when the cell or the test changes, and not when another cell does", () => {
    const [before, after] = [testsIn(document("SELECT 1")).texts, testsIn(document("SELECT 3")).texts];
    expect(after.get("a_test")).not.toBe(before.get("a_test"));
    expect(after.get("b_test")).toBe(before.get("b_test"));
  });

  test("are looked for once in a document", () => {
    const one = document("SELECT 1");
    expect(testsIn(one)).toBe(testsIn(one));
  });
});

describe("what a cell shows of its tests", () => {
  const before = document("SELECT 1");
  const known = new Map([["a_test", shown(before, "a_test")]]);

  test("is all of them, also of which nothing is known yet", () => {
    expect(cellTests(a("SELECT 1"), before, new Map())).toEqual([
      { name: "a_test", shown: undefined, isOld: false },
      { name: "a_again", shown: undefined, isOld: false },
    ]);
    expect(cellTests(a("SELECT 1"), before, new Map([["a_test", notRun]]))).toMatchObject([
      { shown: notRun, isOld: false },
      { shown: undefined },
    ]);
    expect(cellTests(cell("c", "sql", "SELECT 2"), before, known)).toEqual([]);
    expect(cellTests(a("SELECT 1"), before, known)).toEqual([
      { name: "a_test", shown: known.get("a_test"), isOld: false },
      { name: "a_again", shown: undefined, isOld: false },
    ]);
  });

  test("is old once the cell was changed", () => {
    const after = document("SELECT 3");
    expect(cellTests(a("SELECT 3"), after, known)).toMatchObject([{ isOld: true }, { isOld: false }]);
  });

  test("is drawn again where a test was run, or got old, and not with each key elsewhere", () => {
    const now = cellTests(a("SELECT 1"), before, known);
    const typed = { ...before, blocks: [...before.blocks, cell("c", "sql", "SELECT 4")] };
    expect(isOtherTests(cellTests(a("SELECT 1"), typed, known), now)).toBe(false);
    expect(isOtherTests(cellTests(a("SELECT 3"), document("SELECT 3"), known), now)).toBe(true);
    expect(isOtherTests(now, undefined)).toBe(true);
    const again = new Map([["a_test", shown(before, "a_test")]]);
    expect(isOtherTests(cellTests(a("SELECT 1"), before, again), now)).toBe(true);
  });
});
