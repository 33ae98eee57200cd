import { describe, expect, test } from "vitest";
import type { NotebookView } from "../../../server/api/protocol.js";
import { CellEditions } from "../../../client/store/cell-editions.js";

type Cells = Readonly<Record<string, string>>;

function viewOf(cells: Cells, edges: NotebookView["graph"]["edges"], head = "---\n---\n"): NotebookView {
  let text = head;
  const views = Object.entries(cells).map(([name, source]) => {
    const span = { start: text.length, end: text.length + source.length };
    text += source;
    return { name, span };
  });
  return { text, cells: views, blocks: views, graph: { cells: [], edges } } as unknown as NotebookView;
}

const edges = [
  ["a", "b"],
  ["b", "c"],
] as const;
const cells = { a: "SELECT 1", b: "FROM a", c: "FROM b", d: "SELECT 2" };

/** The cells that the second answer makes anew. */
function renewed(before: NotebookView, now: NotebookView): string[] {
  const editions = new CellEditions();
  const first = editions.take(before);
  return [...editions.take(now)].flatMap(([name, edition]) => (first.get(name) === edition ? [] : [name]));
}

describe("the editions of cells", () => {
  test.each([
    [
      "a cell that was edited, and all below it",
      viewOf({ ...cells, a: "SELECT 11" }, edges),
      ["a", "b", "c"],
    ],
    ["none where nothing changed but the places", viewOf({ e: "", ...cells }, edges), ["e"]],
    ["what read a cell that is gone", viewOf({ a: cells.a, c: cells.c, d: cells.d }, []), ["c"]],
    ["all for other front matter", viewOf(cells, edges, "---\nx: 1\n---\n"), ["a", "b", "c", "d"]],
  ])("%s", (_name, now, expected) => {
    expect(renewed(viewOf(cells, edges), now)).toEqual(expected);
  });

  test("the same answer again changes nothing", () => {
    const view = viewOf(cells, edges);
    expect(renewed(view, view)).toEqual([]);
  });
});
