import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Span } from "../../../server/base/source.js";
import { insertCell, moveCell, removeCell, replaceProse } from "../../../server/notebook/edit-blocks.js";
import { replaceBody, replaceSql } from "../../../server/notebook/edit-body.js";
import { setFrontMatter, setOption } from "../../../server/notebook/edit-options.js";
import type { Cell, Notebook } from "../../../server/notebook/notebook.js";
import { renameCell } from "../../../server/notebook/rename-cell.js";
import { read } from "./read-notebook.js";
import { Random } from "./random.js";

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
const values = [
  1,
  "a: b",
  true,
  null,
  ["x", "y"],
  [{ not_null: ["a"] }],
  "two\nlines",
  { min: 1 },
  "# c",
  "2026-01-01",
  Array.from({ length: 30 }, (_, n) => `column_${n}`),
  undefined,
];

/** Each law for every cell of every notebook, with something random to write. */
function forEachCell(check: (notebook: Notebook, cell: Cell, random: Random) => void): void {
  const random = new Random(7);
  for (const text of texts) {
    const { notebook } = read(text);
    for (const cell of notebook.cells) for (let round = 0; round < 3; round++) check(notebook, cell, random);
  }
}

function expectConfined(before: string, after: string, span: Span): void {
  expect(after.startsWith(before.slice(0, span.start))).toBe(true);
  expect(after.endsWith(before.slice(span.end))).toBe(true);
}

function normalize(notebook: Notebook, text: string): string {
  return text.replace(/\r\n|\n/g, notebook.source.text.includes("\r\n") ? "\r\n" : "\n");
}

function describeCells(text: string, except?: string): unknown[] {
  return read(text)
    .notebook.cells.filter((cell) => cell.name !== except)
    .map((cell) => [cell.name, cell.kind, text.slice(cell.bodySpan.start, cell.bodySpan.end)]);
}

describe("edits", { timeout: 60_000 }, () => {
  test("of a query give that query and change nothing else", () => {
    forEachCell((notebook, cell, random) => {
      if (cell.kind !== "sql" && cell.kind !== "check") return;
      const sql = random.pick(queries);
      const { text } = notebook.source;
      const edited = replaceSql(notebook, cell, sql);
      expectConfined(text, edited, cell.span);
      expect(read(edited).notebook.cells.find((each) => each.name === cell.name)).toMatchObject({
        sql: normalize(notebook, sql),
      });
      expect(describeCells(edited, cell.name)).toEqual(describeCells(text, cell.name));
    });
  });

  test("of a body give that body", () => {
    forEachCell((notebook, cell, random) => {
      const header = cell.kind === "chart" || cell.kind === "input" ? `${cell.kind}: z` : "--| cell: z";
      const body = `${header}\n${random.pick(queries)}`;
      const edited = replaceBody(notebook, cell, body);
      expectConfined(notebook.source.text, edited, cell.span);
      expect(describeCells(edited, "z")).toEqual(describeCells(notebook.source.text, cell.name));
    });
  });

  test("of an option give that option, keep the others, and change no byte elsewhere", () => {
    forEachCell((notebook, cell, random) => {
      const key = random.pick([
        "retries",
        "owner",
        "description",
        "checks",
        "partition_by",
        "from",
        "title",
        "default",
        "colour",
      ]);
      const value = random.pick(values);
      const { text } = notebook.source;
      const edited = setOption(notebook, cell, key, value);
      const isSql = cell.kind === "sql" || cell.kind === "check";
      expectConfined(text, edited, isSql ? cell.optionsSpan : cell.bodySpan);
      const { notebook: result, codes } = read(edited);
      const changed = result.cells.find((each) => each.name === cell.name);
      expect(setOption(result, changed!, key, value)).toBe(edited);
      if (value !== undefined) expect(setOption(result, changed!, key, undefined)).not.toBe(edited);
      expect(codes).not.toContain("invalid-yaml");
      expect(codes).not.toContain("duplicate-key");
      expect(describeCells(edited, cell.name)).toEqual(describeCells(text, cell.name));
    });
  });

  test("of the front matter leave all blocks as they are", () => {
    const random = new Random(8);
    for (const text of texts) {
      for (const key of ["title", "retries", "parameters", "colour"]) {
        const edited = setFrontMatter(read(text).notebook, key, random.pick(values));
        expect(describeCells(edited)).toEqual(describeCells(text));
        expect(read(edited).codes).not.toContain("invalid-yaml");
      }
    }
  });

  test("that rename give the new name", () => {
    forEachCell((notebook, cell) => {
      const edited = renameCell(notebook, cell, "renamed", []);
      expect(read(edited).notebook.cells.map((each) => each.name)).toEqual(
        notebook.cells.map((each) => (each === cell || each.name === cell.name ? "renamed" : each.name)),
      );
    });
  });

  test("that remove take one cell away, and only white space with it", () => {
    forEachCell((notebook, cell) => {
      const { text } = notebook.source;
      const edited = removeCell(notebook, cell);
      expect(describeCells(edited)).toEqual(describeCells(text, cell.name));
      const rest = text.slice(0, cell.span.start) + text.slice(cell.span.end);
      expect(edited.replaceAll(/\s/g, "")).toBe(rest.replaceAll(/\s/g, ""));
    });
  });

  test("that insert add one cell behind a block, and only white space besides", () => {
    const random = new Random(9);
    for (const text of texts) {
      const { notebook } = read(text);
      for (const block of [undefined, ...notebook.blocks]) {
        const body = `--| cell: fresh\n${random.pick(queries.filter((query) => query.trim() !== ""))}`;
        const edited = insertCell(notebook, block, "sql", body);
        const { cells, blocks } = read(edited).notebook;
        const index = block === undefined ? 0 : notebook.blocks.indexOf(block) + 1;
        const before = notebook.blocks.slice(0, index).filter((each) => each.type === "cell").length;
        expect(cells.map((cell) => cell.name)).toEqual(
          notebook.cells.map((cell) => cell.name).toSpliced(before, 0, "fresh"),
        );
        expect(blocks.filter((each) => each.type === "prose").length).toBeGreaterThan(0);
      }
    }
  });

  test("that move keep every cell", () => {
    forEachCell((notebook, cell, random) => {
      const target = random.pick([undefined, ...notebook.blocks]);
      const edited = moveCell(notebook, cell, target);
      expect(
        read(edited)
          .notebook.cells.map((each) => each.name)
          .sort(),
      ).toEqual(notebook.cells.map((each) => each.name).sort());
    });
  });

  test("of prose change only that prose", () => {
    for (const text of texts) {
      const { notebook } = read(text);
      for (const block of notebook.blocks) {
        if (block.type !== "prose") continue;
        const edited = replaceProse(notebook, block, "New *prose*.\n\nOf two paragraphs.");
        expectConfined(text, edited, block.span);
        expect(describeCells(edited)).toEqual(describeCells(text));
      }
    }
  });
});
