import { describe, expect, test } from "vitest";
import { notebookOfCells, starterNotebook } from "../../../server/notebook/template.js";
import { read } from "./read-notebook.js";

describe("starterNotebook", () => {
  test("is a notebook without a diagnostic", () => {
    const { notebook, codes } = read(starterNotebook('Orders: "all" # of them'));
    expect(codes).toEqual([]);
    expect(notebook.title).toBe('Orders: "all" # of them');
    expect(notebook.cells.map((cell) => [cell.kind, cell.name])).toEqual([
      ["sql", "numbers"],
      ["check", "numbers_has_rows"],
    ]);
  });

  test("says what was found out about a file in words that are no Markdown", () => {
    const cell = { name: "a", text: "```sql\n--| cell: a\nSELECT 1\n```\n" };
    const notes = ['Column "<b>\n```sql\n--| cell: x" is text.'];
    const { notebook, codes } = read(notebookOfCells("T", [{ ...cell, notes }]));
    expect([codes, notebook.cells.map(({ name }) => name)]).toEqual([[], ["a", "a_has_rows"]]);
    expect(notebook.source.text).toContain("\\<b\\> \\`\\`\\`sql");
  });
});
