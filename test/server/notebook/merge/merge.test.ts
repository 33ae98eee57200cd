import { describe, expect, test } from "vitest";
import { mergeNotebooks, type MergedNotebook } from "../../../../server/notebook/merge/merge.js";
import { read } from "../read-notebook.js";

function cell(name: string, sql: string): string {
  return `\`\`\`sql\n--| cell: ${name}\n${sql}\n\`\`\`\n`;
}

const orders = cell("orders", "SELECT 1 AS id");
const daily = cell("daily", "SELECT * FROM orders");
const base = `---\ntitle: Sales\nparameters:\n  city: Riga\n---\n\n# Sales\n\nWhat was sold.\n\n${orders}\n${daily}\nThe end.\n`;

function merge(mine: string, theirs: string, from = base): MergedNotebook {
  return mergeNotebooks({ base: from, mine, theirs });
}

type Edit = readonly [from: string, to: string];

function edited(text: string, ...changes: readonly Edit[]): string {
  return changes.reduce((now, [from, to]) => {
    expect(now).toContain(from);
    return now.replace(from, () => to);
  }, text);
}

describe("a notebook that two people changed", () => {
  test("has the edits of different cells, of prose and of the front matter", () => {
    const mine = edited(base, ["SELECT 1 AS id", "SELECT 2 AS id"], ["title: Sales", "title: Our sales"]);
    const theirs = edited(
      base,
      ["FROM orders", "FROM orders LIMIT 3"],
      ["city: Riga", "city: Vilnius"],
      ["The end.", "The last word."],
    );
    const both = edited(
      mine,
      ["FROM orders", "FROM orders LIMIT 3"],
      ["city: Riga", "city: Vilnius"],
      ["The end.", "The last word."],
    );
    expect(merge(mine, theirs)).toEqual({ text: both, conflicts: [], renamed: [] });
    expect(merge(theirs, mine).text).toBe(both);
  });

  test("has theirs where both changed one cell, and tells both texts and where they belong", () => {
    const mine = edited(base, ["SELECT 1 AS id", "SELECT 2 AS id"], ["The end.", "My end."]);
    const theirs = edited(base, ["SELECT 1 AS id", "SELECT 3 AS id"]);
    const { text, conflicts } = merge(mine, theirs);
    expect(text).toBe(edited(theirs, ["The end.", "My end."]));
    expect(conflicts).toMatchObject([{ kind: "edited", type: "cell", name: "orders" }]);
    const [{ mine: own, theirs: other, span }] = conflicts as [MergedNotebook["conflicts"][number]];
    expect(own).toBe(edited(orders, ["SELECT 1", "SELECT 2"]).trimEnd());
    expect(text.slice(span.start, span.end)).toBe(other);
  });

  test("has an edit once that both made", () => {
    const mine = edited(base, ["SELECT 1 AS id", "SELECT 2 AS id"]);
    const theirs = edited(mine, ["The end.", "Their end."]);
    expect(merge(mine, theirs)).toEqual({ text: theirs, conflicts: [], renamed: [] });
    const added = edited(base, ["The end.", `New.\n\n${cell("fresh", "SELECT 9")}\nThe end.`]);
    const more = edited(added, ["title: Sales", "title: More"]);
    expect(merge(added, more)).toEqual({ text: more, conflicts: [], renamed: [] });
  });

  test.each(["mine", "theirs"] as const)(
    "keeps a cell that %s deleted where the other changed it",
    (side) => {
      const deleted = edited(base, [`${orders}\n`, ""]);
      const changed = edited(base, ["SELECT 1 AS id", "SELECT 2 AS id"]);
      const { text, conflicts } = side === "mine" ? merge(deleted, changed) : merge(changed, deleted);
      expect(text).toBe(changed);
      expect(conflicts).toMatchObject([
        { kind: side === "mine" ? "deleted-by-me" : "deleted-by-them", name: "orders" },
      ]);
    },
  );

  test("lacks a cell that one deleted and the other left alone", () => {
    const deleted = edited(base, [`${orders}\n`, ""]);
    const changed = edited(base, ["FROM orders", "FROM orders LIMIT 3"]);
    expect(merge(deleted, changed)).toEqual({
      text: edited(changed, [`${orders}\n`, ""]),
      conflicts: [],
      renamed: [],
    });
  });

  test("has a cell where it was moved to, with what the other wrote into it", () => {
    const moved = edited(base, [`${orders}\n`, ""], ["The end.\n", `The end.\n\n${orders}`]);
    const changed = edited(base, ["SELECT 1 AS id", "SELECT 2 AS id"]);
    const both = edited(moved, ["SELECT 1 AS id", "SELECT 2 AS id"]);
    expect(merge(moved, changed)).toMatchObject({ text: both, conflicts: [] });
    expect(merge(changed, moved)).toMatchObject({ text: both, conflicts: [] });
  });

  test("has a cell by its new name, also where the other changed what it or its readers say", () => {
    const renamed = base.replaceAll("orders", "sales");
    const changed = edited(
      base,
      ["SELECT 1 AS id", "SELECT 2 AS id"],
      ["SELECT * FROM", "SELECT count(*) FROM"],
    );
    const both = changed.replaceAll("orders", "sales");
    expect(merge(renamed, changed)).toMatchObject({ text: both, conflicts: [] });
    expect(merge(changed, renamed)).toMatchObject({ text: both, conflicts: [] });
  });

  test("asks where both gave a cell another name", () => {
    const { text, conflicts } = merge(base.replaceAll("orders", "sales"), base.replaceAll("orders", "sold"));
    expect(text).toBe(base.replaceAll("orders", "sold"));
    expect(conflicts).toMatchObject([{ kind: "edited", name: "sold" }]);
  });

  test("has two new cells of one name, mine by a free one", () => {
    const mine = `${base}\n${cell("query", "SELECT 'mine'")}`;
    const theirs = `${base}\n${cell("query", "SELECT 'theirs'")}`;
    const { text, conflicts, renamed } = merge(mine, theirs);
    expect(conflicts).toEqual([]);
    expect(renamed).toEqual([{ from: "query", to: "query_2" }]);
    expect(text).toBe(`${base}\n${cell("query_2", "SELECT 'mine'")}\n${cell("query", "SELECT 'theirs'")}`);
  });

  test("asks where other cells of mine read a new one whose name is taken", () => {
    const mine = `${base}\n${cell("query", "SELECT 'mine'")}\n${cell("reader", "FROM query")}`;
    const theirs = `${base}\n${cell("query", "SELECT 'theirs'")}`;
    const { conflicts, renamed } = merge(mine, theirs);
    expect(conflicts).toMatchObject([{ kind: "edited", name: "query" }]);
    expect(renamed).toEqual([]);
  });

  test("has the lines of a paragraph from both, and both paragraphs where they changed one line", () => {
    const list = "# List\n\n- a\n- b\n- c\n- d\n";
    const mine = edited(list, ["- a", "- A"]);
    expect(merge(mine, edited(list, ["- d", "- D"]), list)).toMatchObject({
      text: "# List\n\n- A\n- b\n- c\n- D\n",
      conflicts: [],
    });
    const { text, conflicts } = merge(mine, edited(list, ["- a", "- aa"]), list);
    expect(text).toBe("# List\n\n- aa\n- b\n- c\n- d\n\n- A\n- b\n- c\n- d\n");
    expect(conflicts).toMatchObject([{ kind: "edited", type: "prose" }]);
  });

  test("takes a paragraph for rewritten, and not for deleted, where a cell beside it was deleted in the same save", () => {
    const text = `# List\n\n${cell("a", "SELECT 1")}\nOld words.\n\n${cell("b", "SELECT 2")}\n${cell("c", "SELECT 3")}`;
    const rewritten = edited(text, ["Old words.", "Quite another sentence."]).replace(
      `${cell("b", "SELECT 2")}\n`,
      "",
    );
    const other = edited(text, ["Old words.", "Old words, corrected."]);
    for (const [mine, theirs] of [
      [rewritten, other],
      [other, rewritten],
    ] as const) {
      const { conflicts } = merge(mine, theirs, text);
      expect(conflicts).toMatchObject([{ kind: "edited", type: "prose" }]);
    }
  });

  test("has theirs where both changed one key of the front matter", () => {
    const theirs = edited(base, ["title: Sales", "title: Theirs"]);
    const { text, conflicts } = merge(edited(base, ["title: Sales", "title: Mine"]), theirs);
    expect(text).toBe(theirs);
    expect(conflicts).toMatchObject([
      { type: "key", name: "title", mine: "title: Mine", theirs: "title: Theirs" },
    ]);
  });

  const scheduled = `---\ntitle: Sales\nschedule:\n  # Madrid wakes up\n  cron: "0 6 * * *"\n  timezone: Europe/Madrid\nalerts: {on: [failure], to: [ops@x.example]}\n---\n\n${orders}`;

  test.each<readonly [string, readonly Edit[], readonly Edit[]]>([
    [
      "keys that stand one below the other",
      [["0 6 * * *", "0 7 * * *"]],
      [["Europe/Madrid", "Europe/Lisbon"]],
    ],
    [
      "keys of one line, one of them new",
      [["{on: [failure]", "{on: [failure, mended]"]],
      [["example]}", "example], quiet: true}"]],
    ],
    ["one goes, another one is changed", [["  timezone: Europe/Madrid\n", ""]], [["0 6 * * *", "0 7 * * *"]]],
    [
      "both add another one",
      [["  timezone", "  deadline: 2h\n  timezone"]],
      [["Europe/Madrid\n", "Europe/Madrid\n  overlap: wait\n"]],
    ],
    [
      "both add at the end, comments stay",
      [["Europe/Madrid\n", "Europe/Madrid\n  deadline: 2h # at eight\n"]],
      [["cron:", "catch_up: last\n  cron:"]],
    ],
  ])("merges a map of the front matter key by key: %s", (_, my, their) => {
    const [mine, theirs] = [edited(scheduled, ...my), edited(scheduled, ...their)];
    const both = edited(mine, ...their);
    expect(merge(mine, theirs, scheduled)).toEqual({ text: both, conflicts: [], renamed: [] });
    expect(merge(theirs, mine, scheduled).text).toBe(both);
  });

  test.each<readonly [string, readonly Edit[], readonly Edit[]]>([
    ["one key, other values", [["0 6 * * *", "0 7 * * *"]], [["0 6 * * *", "0 8 * * *"]]],
    [
      "one key added twice, where lines alone would be merged",
      [["  # Madrid", "  overlap: skip\n  # Madrid"]],
      [["Europe/Madrid\n", "Europe/Madrid\n  overlap: wait\n"]],
    ],
    [
      "a key that goes and is changed",
      [["  timezone: Europe/Madrid\n", ""]],
      [["Europe/Madrid", "Europe/Lisbon"]],
    ],
    [
      "another way of writing it",
      [["alerts: {on: [failure], to: [ops@x.example]}", "alerts:\n  on: [failure]\n  to: [ops@x.example]"]],
      [["ops@x", "dev@x"]],
    ],
  ])("asks about a map of the front matter where %s", (_, my, their) => {
    const theirs = edited(scheduled, ...their);
    const { text, conflicts } = merge(edited(scheduled, ...my), theirs, scheduled);
    expect(text).toBe(theirs);
    expect(conflicts).toMatchObject([{ kind: "edited", type: "key" }]);
  });

  test("keeps the line breaks of whoever changed them, and a byte order mark", () => {
    const windows = `\uFEFF${base.replaceAll("\n", "\r\n")}`;
    const changed = edited(base, ["SELECT 1 AS id", "SELECT 2 AS id\nLIMIT 1"]);
    const both = `\uFEFF${changed.replaceAll("\n", "\r\n")}`;
    expect(merge(changed, windows)).toMatchObject({ text: both, conflicts: [] });
    expect(merge(windows, changed)).toMatchObject({ text: both, conflicts: [] });
  });

  test("goes on from a text that was sent and of which no answer came", () => {
    const sent = edited(base, ["SELECT 1 AS id", "SELECT 2 AS id"]);
    const theirs = edited(sent, ["The end.", "Their end."]);
    const mine = edited(base, ["SELECT 1 AS id", "SELECT 22 AS id"]);
    expect(mergeNotebooks({ base, mine, theirs, sent: [sent] })).toMatchObject({
      text: edited(theirs, ["SELECT 2 AS id", "SELECT 22 AS id"]),
      conflicts: [],
    });
  });

  test("has what both put at the end of a file without a last line break", () => {
    const bare = base.trimEnd();
    const { text } = merge(
      `${bare}\n\n${cell("one", "SELECT 1")}`,
      `${bare}\n\n${cell("two", "SELECT 2")}`,
      bare,
    );
    expect(read(text).notebook.cells.map(({ name }) => name)).toEqual(["orders", "daily", "one", "two"]);
    expect(text).toContain("The end.\n\n```sql");
  });
});
