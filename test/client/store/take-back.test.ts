import { describe, expect, test } from "vitest";
import {
  sqlOf,
  textOf,
  visibleBlocks,
  type Block,
  type NotebookDocument,
} from "../../../client/store/document.js";
import {
  insertBlock,
  moveBlock,
  removeBlock,
  replaceProse,
  replaceSql,
  withNewName,
} from "../../../client/store/edit-document.js";
import { takeBack } from "../../../client/store/take-back.js";
import { seededRandom } from "../../support/seed.js";
import { documentOf } from "./document-of.js";

const cell = (name: string, sql: string): string => `\`\`\`sql\n--| cell: ${name}\n${sql}\n\`\`\`\n`;
const text = [
  "---\ntitle: T\n---\n\n# First prose\n",
  cell("a", "SELECT 'in a' AS n"),
  "Second prose.\n",
  cell("b", "SELECT n, 'in b' AS b FROM a"),
  cell("c", "SELECT 'in c' AS c FROM b"),
  "* third prose\n",
].join("\n");

function blockWith(document: NotebookDocument, part: string): Block {
  const block = document.blocks.find(({ source }) => source.includes(part));
  if (block === undefined) throw new Error(`no block with ${part}`);
  return block;
}

/** Typed into the block that holds this part of the text. */
function typed(document: NotebookDocument, part: string, written: string): NotebookDocument {
  const { id, type, source } = blockWith(document, part);
  if (type === "prose") return replaceProse(document, id, source.replace(part, written));
  return replaceSql(document, id, sqlOf(blockWith(document, part)).replace(part, written));
}

const answered = (document: NotebookDocument): NotebookDocument => documentOf(textOf(document), document);
const remove = (document: NotebookDocument, part: string): NotebookDocument =>
  removeBlock(document, blockWith(document, part).id);
const move = (document: NotebookDocument, part: string, by: number): NotebookDocument =>
  moveBlock(document, blockWith(document, part).id, by);
const insert = (document: NotebookDocument, after: string): NotebookDocument =>
  insertBlock(document, blockWith(document, after).id, {
    kind: "cell",
    language: "sql",
    body: "--| cell: fresh\nSELECT 1",
  }).document;

/** As the page takes the server's answer to a rename. */
function rename(document: NotebookDocument, from: string, to: string): NotebookDocument {
  const renamed = textOf(document)
    .replace(`cell: ${from}\n`, `cell: ${to}\n`)
    .replace(`FROM ${from}\n`, `FROM ${to}\n`);
  return documentOf(renamed, withNewName(document, from, to));
}

describe("taking back", () => {
  test.each<[string, (document: NotebookDocument) => NotebookDocument]>([
    ["a delete", (document) => remove(document, "in b")],
    ["a delete between two pieces of prose", (document) => remove(document, "in a")],
    ["a move", (document) => move(document, "in c", -2)],
    ["an insert", (document) => insert(document, "in a")],
  ])("%s keeps what was typed into cells and prose since, and before the server's answer", (_step, step) => {
    const goal = documentOf(text);
    for (const settle of [answered, (document: NotebookDocument) => document]) {
      const done = step(goal);
      const now = ["in c", "Second"].reduce(
        (document, part) => settle(typed(document, part, "was longer")),
        settle(done),
      );
      const expected = text.replace("in c", "was longer").replace("Second", "was longer");
      expect(textOf(takeBack(goal, done, now))).toBe(expected);
    }
  });

  test("a rename gives the old name back to the cell and to what reads it, around what was typed", () => {
    const goal = documentOf(text);
    const done = rename(goal, "a", "renamed");
    const now = typed(typed(done, "in a", "typed in a"), "in b", "typed in b");
    const result = takeBack(goal, done, now);
    expect(textOf(result)).toBe(text.replace("in a", "typed in a").replace("in b", "typed in b"));
    expect(blockWith(result, "typed in a").cell?.name).toBe("a");
    expect(sqlOf(blockWith(result, "typed in a"))).toBe("SELECT 'typed in a' AS n");
    expect(sqlOf(blockWith(result, "typed in b"))).toBe("SELECT n, 'typed in b' AS b FROM a");
  });

  test("what was typed where the step changed the text stays", () => {
    const goal = documentOf(text);
    const done = rename(goal, "a", "renamed");
    const result = takeBack(goal, done, typed(done, "FROM renamed", "FROM other"));
    expect(sqlOf(blockWith(result, "in b"))).toBe("SELECT n, 'in b' AS b FROM other");
    expect(blockWith(result, "in a").cell?.name).toBe("a");
  });

  test("what was written into an inserted cell comes back when that is done again", () => {
    const goal = documentOf(text);
    const done = insert(goal, "in a");
    const now = typed(done, "SELECT 1", "SELECT 2");
    const back = takeBack(goal, done, now);
    expect(textOf(back)).toBe(text);
    expect(textOf(takeBack(now, back, back))).toBe(textOf(now));
  });

  test("a cell that came since stays behind the one before it", () => {
    const goal = documentOf(text);
    const done = remove(goal, "in a");
    const names = takeBack(goal, done, insert(done, "in b")).blocks.flatMap(
      (block) => block.cell?.name ?? [],
    );
    expect(names).toEqual(["a", "b", "fresh", "c"]);
  });

  test("random steps are taken back and random typing stays", () => {
    const random = seededRandom("taking back");
    const cells = ["in a", "in b", "in c"];
    for (let round = 0; round < 300; round++) {
      const pick = <T>(from: readonly T[]): T => from[random.integer(0, from.length - 1)] as T;
      const settled = (document: NotebookDocument): NotebookDocument =>
        random.chance(0.5) ? answered(document) : document;
      const chosen = pick(cells);
      const goal = settled(typed(documentOf(text), chosen, `${chosen}, before`));
      const done = pick([
        () => remove(goal, chosen),
        () => move(goal, chosen, random.integer(-visibleBlocks(goal).length, visibleBlocks(goal).length)),
        () => insert(goal, chosen),
      ])();
      let [now, expected] = [settled(done), textOf(goal)];
      // Into one piece of prose: two that the server has joined and that are both edited stay one.
      const others = [pick(["First", "Second", "third"]), ...cells.filter((part) => part !== chosen)];
      for (const part of others.filter(() => random.chance(0.6))) {
        const written = `${part}${pick([" and more", "\n\nof two", " 😀", ""])} ${String(round)}`;
        now = settled(typed(now, part, written));
        expected = expected.replace(part, written);
      }
      expect(textOf(takeBack(goal, done, now)), `round ${String(round)}`).toBe(expected);
    }
  });
});
