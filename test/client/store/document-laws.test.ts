import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { textOf, visibleBlocks, type Block, type NotebookDocument } from "../../../client/store/document.js";
import {
  insertBlock,
  moveBlock,
  removeBlock,
  replaceBody,
  replaceProse,
  replaceSql,
} from "../../../client/store/edit-document.js";
import { Random } from "../../server/notebook/random.js";
import { read } from "../../server/notebook/read-notebook.js";
import { documentOf } from "./document-of.js";

const names = [
  "conversations",
  "every-option",
  "crlf",
  "byte-order-mark",
  "byte-order-mark-first-cell",
  "fences",
  "unclosed-at-the-end",
];
const texts = names.map((name) =>
  readFileSync(resolve(import.meta.dirname, "../../notebooks", name, "notebook.md"), "utf8"),
);

const queries = [
  "SELECT 1",
  "",
  "SELECT\n\n2\n",
  "```",
  "SELECT '\n````\n'",
  "~~~~",
  "```sql\n--| cell: inner\n```",
  "SELECT '😀'",
  "x\r\ny",
  " ",
];

interface Place {
  readonly document: NotebookDocument;
  readonly block: Block;
  /** Of the file, before and behind the block. */
  readonly before: string;
  readonly behind: string;
  readonly random: Random;
}

/** Each law for every block of every notebook, with something random to write. */
function forEachBlock(type: Block["type"], check: (place: Place) => void): void {
  const random = new Random(7);
  for (const document of texts.map((text) => documentOf(text))) {
    const { blocks, head } = document;
    blocks.forEach((block, index) => {
      if (block.type !== type) return;
      const before = textOf({ head, blocks: blocks.slice(0, index) });
      const behind = textOf({ head: "", blocks: blocks.slice(index + 1) });
      for (let round = 0; round < 3; round++) check({ document, block, before, behind, random });
    });
  }
}

function expectConfined(edited: string, { before, behind }: Place): void {
  expect(edited.startsWith(before)).toBe(true);
  expect(edited.endsWith(behind)).toBe(true);
}

function normalize(text: string, file: string): string {
  return text.replace(/\r\n|\n/g, file.includes("\r\n") ? "\r\n" : "\n");
}

function cellsOf(text: string, except?: string): string[] {
  return read(text)
    .notebook.cells.filter((cell) => cell.name !== except)
    .map((cell) =>
      JSON.stringify([cell.name, cell.kind, text.slice(cell.bodySpan.start, cell.bodySpan.end)]),
    );
}

describe("edits of a notebook", { timeout: 60_000 }, () => {
  test("of a query give that query and change nothing else", () => {
    forEachBlock("cell", (place) => {
      const { document, block, random } = place;
      const name = block.cell?.name ?? "";
      if (block.sql === undefined) return;
      const sql = random.pick(queries);
      const edited = textOf(replaceSql(document, block.id, sql));
      expectConfined(edited, place);
      const wanted = normalize(sql, textOf(document));
      expect(read(edited).notebook.cells.find((cell) => cell.name === name)).toMatchObject({ sql: wanted });
      expect(cellsOf(edited, name)).toEqual(cellsOf(textOf(document), name));
    });
  });

  test("of a body leave the other cells as they are", () => {
    forEachBlock("cell", (place) => {
      const { document, block, random } = place;
      const kind = block.cell?.kind;
      const header = kind === "chart" || kind === "input" ? `${kind}: z` : "--| cell: z";
      const edited = textOf(replaceBody(document, block.id, `${header}\n${random.pick(queries)}`));
      expectConfined(edited, place);
      expect(cellsOf(edited, "z")).toEqual(cellsOf(textOf(document), block.cell?.name));
    });
  });

  test("that remove take one cell away, and nothing with it", () => {
    forEachBlock("cell", ({ document, block, before, behind }) => {
      const edited = textOf(removeBlock(document, block.id));
      expect(edited).toBe(before + behind);
      expect(cellsOf(edited)).toEqual(cellsOf(textOf(document), block.cell?.name));
    });
  });

  test("that insert add one cell behind a block, and only white space besides", () => {
    const random = new Random(9);
    for (const text of texts) {
      const document = documentOf(text);
      for (const after of [undefined, ...document.blocks]) {
        const body = `--| cell: fresh\n${random.pick(queries.filter((query) => query.trim() !== ""))}`;
        const edited = insertBlock(document, after?.id, { kind: "cell", language: "sql", body });
        const at = after === undefined ? 0 : document.blocks.indexOf(after) + 1;
        const cells = document.blocks.slice(0, at).filter(({ type }) => type === "cell").length;
        const expected = read(text)
          .notebook.cells.map(({ name }) => name)
          .toSpliced(cells, 0, "fresh");
        expect(read(textOf(edited.document)).notebook.cells.map(({ name }) => name)).toEqual(expected);
      }
    }
  });

  test("that move keep every cell", () => {
    forEachBlock("cell", ({ document, block, random }) => {
      const count = visibleBlocks(document).length;
      const by = random.pick([-count, -2, -1, 1, 2, count]);
      const edited = textOf(moveBlock(document, block.id, by));
      expect(cellsOf(edited).sort()).toEqual(cellsOf(textOf(document)).sort());
    });
  });

  test("of prose change only that prose", () => {
    forEachBlock("prose", (place) => {
      const { document, block } = place;
      const edited = textOf(replaceProse(document, block.id, "New *prose*.\n\nOf two paragraphs."));
      expectConfined(edited, place);
      expect(cellsOf(edited)).toEqual(cellsOf(textOf(document)));
    });
  });
});
