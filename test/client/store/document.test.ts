import { describe, expect, test } from "vitest";
import type { LocatedDiagnostic } from "../../../server/api/protocol.js";
import {
  blockAt,
  bodyOf,
  diagnosticsOf,
  firstLines,
  namesOf,
  offsetOf,
  optionsOf,
  sqlOf,
  textOf,
  type NotebookDocument,
} from "../../../client/store/document.js";
import {
  insertBlock,
  moveBlock,
  removeBlock,
  replaceBody,
  replaceOptions,
  replaceSql,
} from "../../../client/store/edit-document.js";
import { documentOf } from "./document-of.js";
import { newBlock } from "../../../client/store/new-blocks.js";

const text = [
  "---",
  "title: T",
  "---",
  "",
  "# Prose",
  "",
  "```sql",
  "--| cell: a",
  "--| materialize: parquet",
  "SELECT 1",
  "```",
  "",
  "```yaml",
  "chart: c",
  "from: a",
  "```",
  "",
].join("\n");

function cellBlock(document: NotebookDocument, name: string) {
  const block = document.blocks.find((candidate) => candidate.cell?.name === name);
  if (block === undefined) throw new Error(`no cell ${name}`);
  return block;
}

describe("the notebook's document", () => {
  test("tells on which line of the file each cell's text begins, also after an edit above", () => {
    const document = documentOf(text);
    const [a, c] = [cellBlock(document, "a"), cellBlock(document, "c")];
    expect([firstLines(document).get(a.id), firstLines(document).get(c.id)]).toEqual([10, 14]);
    const edited = replaceSql(document, a.id, "SELECT 1,\n  2");
    expect([firstLines(edited).get(a.id), firstLines(edited).get(c.id)]).toEqual([10, 15]);
  });

  test("has the same block again where only another one changed", () => {
    const document = documentOf(text);
    const edited = replaceSql(document, cellBlock(document, "a").id, "SELECT 1,\n  2");
    const again = documentOf(textOf(edited), edited);
    const isSame = again.blocks.map((block, index) => block === document.blocks[index]);
    expect(again.blocks.map(({ cell }, index) => [cell?.name, isSame[index]])).toEqual([
      [undefined, true],
      ["a", false],
      [undefined, true],
      ["c", true],
    ]);
    expect(documentOf(textOf(again), again).blocks.every((block, at) => block === again.blocks[at])).toBe(
      true,
    );
  });

  test("gives each of two cells of one name the problems of its own block, and the first one the rest", () => {
    const twice = "```sql\n--| cell: a\nSELECT x\n```\n\n```sql\n--| cell: a\nSELECT y\n```\n";
    const document = documentOf(twice);
    const [first, second] = document.blocks.filter(({ type }) => type === "cell");
    const problems = [3, 7, 8, 20].map((line) => ({ line, column: 1, cell: "a" }) as LocatedDiagnostic);
    const found = diagnosticsOf(document, problems);
    const lines = [first, second].map((block) => found.get(block?.id ?? "")?.map(({ line }) => line));
    expect(lines).toEqual([
      [3, 20],
      [7, 8],
    ]);
  });

  test.each([
    ["as it is", text],
    ["with CRLF", text.replaceAll("\n", "\r\n")],
    ["without a last line break", text.trimEnd()],
    ["without front matter", text.slice(text.indexOf("# Prose"))],
  ])("is the file again, byte for byte: %s", (_name, file) => {
    expect(textOf(documentOf(file))).toBe(file);
  });

  test.each([text, text.replaceAll("\n", "\r\n")])("changes only the query that was edited", (file) => {
    const document = documentOf(file);
    const edited = textOf(replaceSql(document, cellBlock(document, "a").id, "SELECT 2\nFROM x"));
    const eol = file.includes("\r\n") ? "\r\n" : "\n";
    expect(edited).toBe(file.replace("SELECT 1", `SELECT 2${eol}FROM x`));
  });

  test("can be edited again and again before the server answers", () => {
    const document = documentOf(text);
    const { id } = cellBlock(document, "a");
    const edited = ["SELECT 22", "", "SELECT 333\nWHERE true", "SELECT 1"].reduce(
      (now, sql) => replaceSql(now, id, sql),
      document,
    );
    expect(textOf(edited)).toBe(text);
    expect(sqlOf(cellBlock(edited, "a"))).toBe("SELECT 1");
  });

  test("makes the fence longer where the new text holds one", () => {
    const document = documentOf(text);
    const edited = replaceSql(document, cellBlock(document, "a").id, "SELECT '\n```\n'");
    const again = documentOf(textOf(edited));
    expect(sqlOf(cellBlock(again, "a"))).toBe("SELECT '\n```\n'");
    expect(textOf(edited)).toContain("````sql\n");
  });

  test("edits options and YAML in place", () => {
    const document = documentOf(text);
    const a = cellBlock(document, "a");
    expect(optionsOf(a)).toBe("cell: a\nmaterialize: parquet");
    const edited = replaceOptions(document, a.id, "cell: a\nmaterialize: csv");
    expect(textOf(edited)).toBe(text.replace("materialize: parquet", "materialize: csv"));
    const c = cellBlock(edited, "c");
    expect(bodyOf(c)).toBe("chart: c\nfrom: a");
    expect(textOf(replaceBody(edited, c.id, "chart: c\nfrom: b"))).toContain("from: b\n```");
  });

  test("puts a new cell between blank lines, and takes it away again", () => {
    const document = documentOf(text);
    const inserted = insertBlock(document, cellBlock(document, "a").id, {
      kind: "cell",
      language: "sql",
      body: "--| cell: b\nSELECT 2",
    });
    const names = documentOf(textOf(inserted.document)).blocks.flatMap((block) => block.cell?.name ?? []);
    expect(names).toEqual(["a", "b", "c"]);
    expect(textOf(removeBlock(inserted.document, inserted.id))).toBe(text);
  });

  test.each([text, `${text}\n# More\n`])(
    "puts one blank line around new prose, and none at the end",
    (file) => {
      const document = documentOf(file);
      const { blocks } = document;
      const last = blocks.at(-1)!;
      expect(textOf(insertBlock(document, last.id, newBlock("insert-prose", new Set())).document)).toBe(
        `${file}\nWrite here.\n`,
      );
      expect(textOf(insertBlock(document, last.id, newBlock("insert-sql", new Set())).document)).toBe(
        `${file}\n\`\`\`sql\n--| cell: cell_1\nSELECT 1 AS one\n\`\`\`\n`,
      );
      for (const { id } of blocks)
        expect(textOf(insertBlock(document, id, newBlock("insert-prose", new Set())).document)).not.toContain(
          "\n\n\n",
        );
    },
  );

  test("a second new cell takes another name, though the server has not read the first", () => {
    let document = documentOf(text);
    for (let added = 0; added < 2; added++)
      document = insertBlock(document, undefined, newBlock("insert-sql", namesOf(document))).document;
    const names = documentOf(textOf(document)).blocks.flatMap((block) => block.cell?.name ?? []);
    expect(names).toEqual(["cell_2", "cell_1", "a", "c"]);
  });

  test("a new cell's fence is longer than any in its text", () => {
    const sql = "SELECT '\n```\n'";
    const inserted = insertBlock(documentOf(text), undefined, {
      kind: "cell",
      language: "sql",
      body: `--| cell: b\n${sql}`,
    });
    expect(sqlOf(cellBlock(documentOf(textOf(inserted.document)), "b"))).toBe(sql);
  });

  test("moves a cell without gluing it to its neighbour", () => {
    const document = documentOf(text);
    const moved = moveBlock(document, cellBlock(document, "c").id, -1);
    const names = documentOf(textOf(moved)).blocks.flatMap((block) => block.cell?.name ?? []);
    expect(names).toEqual(["c", "a"]);
    const back = moveBlock(moved, cellBlock(document, "c").id, 1);
    expect(documentOf(textOf(back)).blocks.flatMap((block) => block.cell?.name ?? [])).toEqual(["a", "c"]);
  });

  test("keeps the ids of cells over an answer of the server", () => {
    const document = documentOf(text);
    const again = documentOf(text.replace("SELECT 1", "SELECT 2"), document);
    expect(again.blocks.map((block) => block.id)).toEqual(document.blocks.map((block) => block.id));
  });

  test("a new cell keeps its id once the server has read it", () => {
    const document = documentOf(text);
    const inserted = insertBlock(document, cellBlock(document, "a").id, {
      kind: "cell",
      language: "yaml",
      body: "chart: b\nfrom: a\nmark: barY\nx: x",
    });
    const again = documentOf(textOf(inserted.document), inserted.document);
    expect(cellBlock(again, "b").id).toBe(inserted.id);
    expect(blockAt(again, offsetOf(again, inserted.id))?.cell?.name).toBe("b");
  });

  test("a new cell can be typed into before the server has read it, fences too", () => {
    const document = documentOf(text);
    const inserted = insertBlock(document, cellBlock(document, "a").id, {
      kind: "cell",
      language: "sql",
      body: "--| check: b\nSELECT 2",
    });
    const typed = replaceSql(inserted.document, inserted.id, "SELECT '\n```\n'\n");
    expect(cellBlock(typed, "b")).toMatchObject({ isUnread: true, cell: { kind: "check" } });
    expect(sqlOf(cellBlock(typed, "b"))).toBe("SELECT '\n```\n'\n");
    const again = documentOf(textOf(typed), typed);
    expect(sqlOf(cellBlock(again, "b"))).toBe("SELECT '\n```\n'\n");
    expect(cellBlock(again, "b")).not.toHaveProperty("isUnread");
    expect(again.blocks.map(({ id }) => id)).toContain(inserted.id);
  });

  test("a cell whose name is edited in its own text keeps its id", () => {
    const document = documentOf(text);
    const { id } = cellBlock(document, "c");
    const edited = replaceBody(document, id, "chart: other\nfrom: a");
    expect(cellBlock(documentOf(textOf(edited), edited), "other").id).toBe(id);
  });

  test("an empty line at the end of a query does not grow with each edit", () => {
    const typed = (now: NotebookDocument, sql: string): NotebookDocument =>
      documentOf(textOf(replaceSql(now, cellBlock(now, "a").id, sql)), now);
    const edited = typed(typed(documentOf(text), "SELECT 2\n"), "SELECT 3\n");
    expect(textOf(edited)).toContain("SELECT 3\n\n```");
    expect(textOf(typed(edited, "SELECT 4"))).toContain("SELECT 4\n```");
  });
});
