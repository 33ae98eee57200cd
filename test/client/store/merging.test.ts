import { describe, expect, test } from "vitest";
import type { NotebookView } from "../../../server/api/protocol.js";
import { textOf, type NotebookDocument } from "../../../client/store/document.js";
import { replaceProse, replaceSql, removeBlock } from "../../../client/store/edit-document.js";
import {
  filed,
  mergeInto,
  settle,
  takeView,
  type Edited,
  type Merged,
} from "../../../client/store/merging.js";
import { readView } from "../../../client/store/read-view.js";
import { documentOf } from "./document-of.js";

function cell(name: string, sql: string): string {
  return `\`\`\`sql\n--| cell: ${name}\n${sql}\n\`\`\`\n`;
}

const base = `# Title\n\n${cell("a", "SELECT 1")}\nBetween.\n\n${cell("b", "SELECT 2")}`;

function viewOf(text: string): NotebookView {
  return readView(text, {
    cells: [] as NotebookView["cells"],
    parameters: [] as NotebookView["parameters"],
  } as NotebookView);
}

function idOf(document: NotebookDocument, name: string): string {
  return document.blocks.find((block) => block.cell?.name === name)?.id ?? "";
}

function typed(sql: string, name = "a"): Edited {
  const document = documentOf(base);
  return { document: replaceSql(document, idOf(document, name), sql), conflicts: [] };
}

function bothChanged(): Merged {
  return mergeInto(base, typed("SELECT 'mine'"), viewOf(base.replace("SELECT 1", "SELECT 'theirs'")), {
    by: "ben",
  });
}

describe("what is typed here and what somebody else saved", () => {
  test("a page reads a text as the server does", () => {
    const blocks = ({ blocks: all }: NotebookDocument): unknown =>
      all.map(({ id: _id, ...block }) => ({ ...block, cell: block.cell?.name }));
    const known = viewOf(base);
    for (const text of [
      base,
      base.replaceAll("\n", "\r\n"),
      `\uFEFF---\ntitle: t\n---\n${base}\n\`\`\`yaml\n# c\nchart: c\nfrom: a\n\`\`\``,
    ])
      expect(blocks(documentOf(readView(text, known).text))).toEqual(blocks(documentOf(text)));
  });

  test("are one document in which the cells are the ones that were here", () => {
    const edited = typed("SELECT 'mine'");
    const theirs = base.replace("SELECT 2", "SELECT 'theirs'").replace("# Title", "# Their title");
    const merged = mergeInto(base, edited, viewOf(theirs));
    expect(textOf(merged.document)).toBe(theirs.replace("SELECT 1", "SELECT 'mine'"));
    expect(merged).toMatchObject({ conflicts: [], isDirty: true });
    for (const name of ["a", "b"]) expect(idOf(merged.document, name)).toBe(idOf(edited.document, name));
  });

  test("mine stays in the cell that both changed, and the file has theirs, with the rest of mine", () => {
    const { document, conflicts, isDirty } = bothChanged();
    expect(isDirty).toBe(false);
    expect(textOf(document)).toContain("SELECT 'mine'");
    expect(conflicts).toMatchObject([
      { kind: "edited", type: "cell", name: "a", by: "ben", block: idOf(document, "a") },
    ]);
    const more = { document: replaceSql(document, idOf(document, "b"), "SELECT 3"), conflicts };
    expect(textOf(filed(more))).toBe(
      base.replace("SELECT 1", "SELECT 'theirs'").replace("SELECT 2", "SELECT 3"),
    );
  });

  test("what waits for a decision stays through answers of the server and through what they save next", () => {
    const before = bothChanged();
    const text = base.replace("SELECT 1", "SELECT 'theirs'");
    const again = takeView(viewOf(text), before);
    expect(textOf(again.document)).toBe(textOf(before.document));
    expect(again.conflicts).toEqual(before.conflicts);
    const later = mergeInto(text, before, viewOf(text.replace("'theirs'", "'later'")));
    expect(textOf(later.document)).toContain("SELECT 'mine'");
    expect(later.conflicts).toHaveLength(1);
    expect(later.conflicts[0]!.theirs).toContain("'later'");
    const gone = mergeInto(text, before, viewOf(text.replace(cell("a", "SELECT 'theirs'"), "")));
    expect(textOf(gone.document)).toContain("SELECT 'mine'");
    expect(gone).toMatchObject({ isDirty: true, conflicts: [{ kind: "deleted-by-them" }] });
  });

  test.each([
    ["mine", ["'mine'"], ["'theirs'"]],
    ["theirs", ["'theirs'"], ["'mine'"]],
    ["both", ["cell: a\nSELECT 'theirs'", "cell: a_2\nSELECT 'mine'"], []],
  ] as const)("a decision for %s", (choice, has, lacks) => {
    const before = bothChanged();
    const after = settle(before, before.conflicts[0]!, choice);
    expect(after.conflicts).toEqual([]);
    const text = textOf(filed(after));
    for (const part of has) expect(text).toContain(part);
    for (const part of lacks) expect(text).not.toContain(part);
  });

  test("a cell that one deleted and the other changed stays until somebody decides", () => {
    const document = documentOf(base);
    const deleted = { document: removeBlock(document, idOf(document, "a")), conflicts: [] };
    const changed = base.replace("SELECT 1", "SELECT 'theirs'");
    const merged = mergeInto(base, deleted, viewOf(changed));
    expect(merged).toMatchObject({ isDirty: false, conflicts: [{ kind: "deleted-by-me", name: "a" }] });
    expect(textOf(settle(merged, merged.conflicts[0]!, "mine").document)).not.toContain("cell: a");
    expect(textOf(settle(merged, merged.conflicts[0]!, "theirs").document)).toBe(changed);
    const other = mergeInto(
      base,
      typed("SELECT 'mine'"),
      viewOf(base.replace(`${cell("a", "SELECT 1")}\n`, "")),
    );
    expect(other).toMatchObject({ isDirty: true, conflicts: [{ kind: "deleted-by-them", name: "a" }] });
    expect(textOf(settle(other, other.conflicts[0]!, "theirs").document)).not.toContain("cell: a");
    expect(textOf(settle(other, other.conflicts[0]!, "mine").document)).toContain("SELECT 'mine'");
  });

  test("a paragraph that both changed stands there twice until somebody decides", () => {
    const document = documentOf(base);
    const between = document.blocks.find(({ source }) => source.includes("Between"))!;
    const mine = { document: replaceProse(document, between.id, "\nMine.\n\n"), conflicts: [] };
    const merged = mergeInto(base, mine, viewOf(base.replace("Between.", "Theirs.")));
    expect(textOf(merged.document)).toBe(base.replace("Between.", "Theirs.\n\nMine."));
    const [conflict] = merged.conflicts;
    expect(textOf(settle(merged, conflict!, "mine").document)).toBe(base.replace("Between.", "Mine."));
    expect(textOf(settle(merged, conflict!, "theirs").document)).toBe(base.replace("Between.", "Theirs."));
  });

  test("a new cell of mine whose name is taken is still the same cell, by another name", () => {
    const mine = documentOf(`${base}\n${cell("c", "SELECT 'mine'")}`);
    const merged = mergeInto(
      base,
      { document: mine, conflicts: [] },
      viewOf(`${base}\n${cell("c", "SELECT 'theirs'")}`),
    );
    expect(idOf(merged.document, "c_2")).toBe(idOf(mine, "c"));
    expect(merged.conflicts).toEqual([]);
  });
});
