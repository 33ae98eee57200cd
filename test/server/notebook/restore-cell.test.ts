import { describe, expect, test } from "vitest";
import { compareNotebooks } from "../../../server/notebook/compare-notebooks.js";
import type { Notebook } from "../../../server/notebook/notebook.js";
import { parseNotebook } from "../../../server/notebook/parse.js";
import { restoreCell } from "../../../server/notebook/restore-cell.js";

const read = (text: string): Notebook => parseNotebook("sales", "notebooks/sales.md", text).notebook;
const cell = (name: string, sql: string, eol = "\n"): string =>
  ["```sql", `--| cell: ${name}`, sql, "```", ""].join(eol);

describe("a cell that is restored", () => {
  test("is byte for byte what it was, in its place, and all else stays", () => {
    const then = `${cell("a", "SELECT 1", "\r\n")}\n${cell("b", "SELECT 2")}`;
    const now = `# Title\n\n${cell("b", "SELECT 3")}\n${cell("a", "SELECT 4")}\nprose`;
    expect(restoreCell(read(now), read(then), "a")).toBe(
      now.replace(cell("a", "SELECT 4"), cell("a", "SELECT 1", "\r\n")),
    );
  });

  test("stands behind the cell that it stood behind where it is gone, else first", () => {
    const [a, b, c] = [cell("a", "SELECT 1"), cell("b", "FROM a"), cell("c", "FROM b")];
    expect(restoreCell(read(`${a}\n${c}`), read(`${a}\n${b}\n${c}`), "b")).toBe(`${a}\n${b}\n${c}`);
    expect(restoreCell(read(`---\ntitle: A\n---\n\n${c}`), read(`${a}\n${c}`), "a")).toBe(
      `---\ntitle: A\n---\n\n${a}\n${c}`,
    );
    expect(restoreCell(read(`# Title\n\n${c}`), read(`${a}\n${c}`), "a")).toBe(`# Title\n\n${a}\n${c}`);
    expect(restoreCell(read("prose"), read(a), "a")).toContain(a);
    expect(restoreCell(read(""), read(a), "a")).toContain(a);
  });

  test("takes no line of what follows where its fence ended the file", () => {
    const then = cell("a", "SELECT 1").trimEnd();
    const now = `${cell("a", "SELECT 2")}\n${cell("b", "FROM a")}`;
    expect(restoreCell(read(now), read(then), "a")).toBe(`${cell("a", "SELECT 1")}\n${cell("b", "FROM a")}`);
  });

  test("has to be there", () => {
    expect(restoreCell(read(cell("a", "SELECT 1")), read(""), "a")).toBeUndefined();
  });
});

describe("two texts by cell", () => {
  test("tell what was added, changed and removed, and what stands around the cells", () => {
    const before = `prose\n\n${cell("a", "SELECT 1")}\n${cell("b", "SELECT 2")}`;
    const after = `prose\n\n${cell("a", "SELECT 1")}\n${cell("c", "SELECT 3")}`;
    expect(compareNotebooks(read(before), read(after))).toEqual([
      { cell: null, before: "prose\n\n[a]\n\n[b]\n", after: "prose\n\n[a]\n\n[c]\n" },
      { cell: "c", after: cell("c", "SELECT 3") },
      { cell: "b", before: cell("b", "SELECT 2") },
    ]);
    expect(compareNotebooks(read(before), read(before))).toEqual([]);
    const changed = before.replace("SELECT 1", "SELECT 9");
    expect(compareNotebooks(read(before), read(changed))).toEqual([
      { cell: "a", before: cell("a", "SELECT 1"), after: cell("a", "SELECT 9") },
    ]);
  });
});
