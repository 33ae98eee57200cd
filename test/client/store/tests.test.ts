import { describe, expect, test } from "vitest";
import type { Block, NotebookDocument } from "../../../client/store/document.js";
import { testsOf, textsOf } from "../../../client/store/tests.js";

const cell = (name: string, kind: string, source: string, options: Record<string, unknown> = {}): Block =>
  ({ id: name, type: "cell", source, cell: { name, kind, options } }) as unknown as Block;
const document = (sql: string): NotebookDocument => ({
  head: "",
  blocks: [
    cell("a", "sql", sql),
    cell("a_test", "test", "rows of a", { cell: "a" }),
    cell("b", "sql", "SELECT 2"),
    cell("b_test", "test", "rows of b", { cell: "b" }),
    cell("a_again", "test", "others", { cell: "a" }),
  ],
});

describe("tests of a notebook", () => {
  test("belong to the cells that they test", () => {
    expect(testsOf(document("SELECT 1"), new Set(["a"]))).toEqual(["a_test", "a_again"]);
    expect(testsOf(document("SELECT 1"), new Set())).toEqual([]);
  });

  test("are of an earlier text when the cell or the test changes, and not when another cell does", () => {
    const [before, after] = [document("SELECT 1"), document("SELECT 3")];
    expect(textsOf(after, "a_test")).not.toBe(textsOf(before, "a_test"));
    expect(textsOf(after, "b_test")).toBe(textsOf(before, "b_test"));
  });
});
