import { describe, expect, test } from "vitest";
import {
  insertCell,
  insertProse,
  moveCell,
  removeCell,
  replaceProse,
} from "../../../server/notebook/edit-blocks.js";
import { replaceBody, replaceSql } from "../../../server/notebook/edit-body.js";
import type { ProseBlock } from "../../../server/notebook/notebook.js";
import { renameCell, replaceName } from "../../../server/notebook/rename-cell.js";
import { cellOf, read, sqlFence, yamlFence } from "./read-notebook.js";

const orders = "```sql\n--| cell: orders\nSELECT 1\n```\n";
const chart = "```yaml\nchart: c\nfrom: orders\nmark: barY\nx: a\n```\n";

function open(text: string) {
  const { notebook } = read(text);
  return { notebook, first: notebook.cells[0]!, sql: () => cellOf(notebook, "sql"), blocks: notebook.blocks };
}

describe("replaceSql", () => {
  function replace(text: string, sql: string): string {
    const { notebook, sql: cell } = open(text);
    return replaceSql(notebook, cell(), sql);
  }

  test("changes only the query", () => {
    expect(replace(`A\n\n${orders}\nB`, "SELECT 2\nFROM t")).toBe(
      `A\n\n${orders.replace("SELECT 1", "SELECT 2\nFROM t")}\nB`,
    );
  });

  test("takes the line breaks of the file", () => {
    const windows = orders.replaceAll("\n", "\r\n");
    expect(replace(windows, "SELECT 2\nFROM t")).toBe(windows.replace("SELECT 1", "SELECT 2\r\nFROM t"));
  });

  test("writes a query where there was none, and none where there was one", () => {
    const empty = orders.replace("SELECT 1\n", "");
    expect(replace(empty, "SELECT 1")).toBe(orders);
    expect(replace(orders, "")).toBe(orders.replace("SELECT 1\n", "\n"));
  });

  test("keeps a missing final line break", () => {
    expect(replace(orders.trimEnd(), "SELECT 2")).toBe(orders.trimEnd().replace("1", "2"));
  });

  test("lengthens the fence where the query holds one", () => {
    const edited = replace(orders, "SELECT '\n```\n'");
    expect(edited).toBe("````sql\n--| cell: orders\nSELECT '\n```\n'\n````\n");
    expect(open(edited).sql().sql).toBe("SELECT '\n```\n'");
  });

  test("keeps the query of an unclosed fence unclosed", () => {
    expect(replace("```sql\n--| cell: a\nSELECT 1", "SELECT 2")).toBe("```sql\n--| cell: a\nSELECT 2");
  });
});

describe("replaceBody", () => {
  test("replaces the options too", () => {
    const { notebook, first } = open(`A\n${orders}B`);
    expect(replaceBody(notebook, first, "--| cell: b\nSELECT 2")).toBe(
      "A\n```sql\n--| cell: b\nSELECT 2\n```\nB",
    );
  });

  test("replaces the YAML of a chart", () => {
    const { notebook, first } = open(chart);
    expect(replaceBody(notebook, first, "chart: d\nfrom: a")).toBe("```yaml\nchart: d\nfrom: a\n```\n");
  });
});

describe("insertCell", () => {
  test.each([
    ["", orders],
    ["A\n", `${orders}\nA\n`],
    ["\nA\n", `${orders}\nA\n`],
    ["---\ntitle: T\n---\nA", `---\ntitle: T\n---\n\n${orders}\nA`],
    ["\uFEFFA\n", `\uFEFF${orders}\nA\n`],
  ])("puts a cell at the top of %j", (text, expected) => {
    expect(insertCell(open(text).notebook, undefined, "sql", "--| cell: orders\nSELECT 1\n")).toBe(expected);
  });

  test.each([
    ["A", `A\n\n${orders.trimEnd()}`],
    ["A\n", `A\n\n${orders}`],
    ["A\n\n", `A\n\n${orders}`],
  ])("puts a cell at the end of %j", (text, expected) => {
    const { notebook, blocks } = open(text);
    expect(insertCell(notebook, blocks[0], "sql", "--| cell: orders\nSELECT 1")).toBe(expected);
  });

  test("parts cells by blank lines", () => {
    const { notebook, blocks } = open(chart + chart.replace("c\n", "d\n"));
    expect(insertCell(notebook, blocks[0], "sql", "--| cell: orders\nSELECT 1")).toBe(
      `${chart}\n${orders}\n${chart.replace("c\n", "d\n")}`,
    );
  });

  test("writes a chart as YAML, with the line breaks of the file", () => {
    const { notebook, blocks } = open("A\r\n");
    expect(insertCell(notebook, blocks[0], "chart", "chart: c\nfrom: a")).toBe(
      "A\r\n\r\n```yaml\r\nchart: c\r\nfrom: a\r\n```\r\n",
    );
  });

  test("closes an unclosed cell first, which would swallow the new one", () => {
    const { notebook, blocks } = open("~~~sql\n--| cell: a\nSELECT 1");
    const text = insertCell(notebook, blocks[0], "sql", "--| cell: b\nSELECT 2");
    expect(read(text).notebook.cells).toMatchObject([{ name: "a", sql: "SELECT 1" }, { name: "b" }]);
  });
});

describe("insertProse", () => {
  test("parts prose from cells", () => {
    const { notebook, blocks } = open(orders + chart);
    expect(insertProse(notebook, blocks[0], "\nNew.\n\n")).toBe(`${orders}\nNew.\n\n${chart}`);
  });

  test("does nothing for nothing", () => {
    expect(insertProse(open(orders).notebook, undefined, " \n")).toBe(orders);
  });
});

describe("removeCell", () => {
  test.each([
    [`A\n\n${orders}\nB\n`, "A\n\nB\n"],
    [`A\n${orders}B\n`, "A\nB\n"],
    [`${orders}\nB\n`, "B\n"],
    [`A\n\n${orders}`, "A\n"],
    [orders, ""],
    [`A\r\n\r\n${orders.replaceAll("\n", "\r\n")}\r\nB`, "A\r\n\r\nB"],
  ])("leaves no gap in %j", (text, expected) => {
    const { notebook, first } = open(text);
    expect(removeCell(notebook, first)).toBe(expected);
  });
});

describe("moveCell", () => {
  const text = `A\n\n${orders}\nB\n\n${chart}\nC\n`;

  test("moves down, up, and to the top", () => {
    const { notebook, blocks } = open(text);
    const [first, second] = [notebook.cells[0]!, notebook.cells[1]!];
    expect(moveCell(notebook, first, blocks[3])).toBe(`A\n\nB\n\n${chart}\n${orders}\nC\n`);
    expect(moveCell(notebook, second, blocks[0])).toBe(`A\n\n${chart}\n${orders}\nB\n\nC\n`);
    expect(moveCell(notebook, second, undefined)).toBe(`${chart}\nA\n\n${orders}\nB\n\nC\n`);
  });

  test("stays where it is", () => {
    const { notebook, blocks, first } = open(text);
    expect(moveCell(notebook, first, blocks[0])).toBe(text);
    expect(moveCell(notebook, first, blocks[1])).toBe(text);
  });

  test("closes an unclosed cell", () => {
    const { notebook } = open(`A\n\n${chart}\n\`\`\`sql\n--| cell: z\nSELECT 1`);
    const moved = moveCell(notebook, notebook.cells[1]!, undefined);
    expect(read(moved).notebook.cells.map((cell) => cell.name)).toEqual(["z", "c"]);
  });
});

describe("replaceProse", () => {
  test("keeps the blank lines around it", () => {
    const { notebook, blocks } = open(`${orders}\n\nOld\ntext.\n\n\n${chart}`);
    expect(replaceProse(notebook, blocks[1] as ProseBlock, "\nNew.\n")).toBe(
      `${orders}\n\nNew.\n\n\n${chart}`,
    );
  });

  test("fills a gap between two cells", () => {
    const { notebook, blocks } = open(`${orders}\n${chart}`);
    expect(replaceProse(notebook, blocks[1] as ProseBlock, "New.")).toBe(`${orders}\nNew.\n\n${chart}`);
  });

  test("may hold a new cell", () => {
    const { notebook, blocks } = open("Old.\n");
    expect(read(replaceProse(notebook, blocks[0] as ProseBlock, orders)).notebook.cells).toHaveLength(1);
  });
});

describe("renameCell", () => {
  test("renames the definition, options, charts and the given references", () => {
    const b = sqlFence(
      "depends_on: [orders]\nchecks:\n  - relationships: {column: x, to: orders.id}",
      'SELECT * FROM ORDERS, "orders"',
    );
    const text = orders + b + chart;
    const references = ["ORDERS", '"orders"'].map((name) => ({
      start: text.indexOf(name),
      end: text.indexOf(name) + name.length,
    }));
    const { notebook, first } = open(text);
    const edits = references.flatMap((span) => replaceName(text, span, "orders", "purchases"));
    const renamed = renameCell(notebook, first, "purchases", edits);
    expect(renamed).toBe(text.replaceAll(/orders/gi, "purchases"));
  });

  test("keeps the $ of a parameter, and text that only looks like the name", () => {
    const input = yamlFence("input: city\ntype: text");
    const text = input + sqlFence("", "SELECT $city, 'city'");
    const { notebook, first } = open(text);
    const start = text.indexOf("$city");
    const edits = replaceName(text, { start, end: start + 5 }, "city", "town");
    const renamed = renameCell(notebook, first, "town", edits);
    expect(renamed).toBe(text.replace("input: city", "input: town").replace("$city", "$town"));
  });

  test.each(["Orders", "c", "latest", ""])("refuses the name %j", (name) => {
    const { notebook, first } = open(orders + chart);
    expect(() => renameCell(notebook, first, name, [])).toThrow(
      expect.objectContaining({ code: "usage" }) as Error,
    );
  });
});
