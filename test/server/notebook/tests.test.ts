import { describe, expect, test } from "vitest";
import { renameCell } from "../../../server/notebook/rename-cell.js";
import { cellOf, marked, read, readCell } from "./read-notebook.js";

const fence = (body: string): string => `\`\`\`yaml\n${body}\n\`\`\`\n`;

describe("A test", () => {
  test("has rows as maps, where columns that are left out are NULL and numbers keep their digits", () => {
    const cell = readCell(
      fence("test: t\ncell: orders\ngiven:\n  raw:\n    - {id: 1.10, city: BCN}\n    - {ID: 2}\nexpect: []"),
      "test",
    );
    expect(cell.given).toMatchObject([
      {
        name: "raw",
        rows: {
          type: "rows",
          columns: [{ name: "id" }, { name: "city" }],
          rows: [{ values: [{ text: "1.10" }, { text: "BCN" }] }, { values: [{ text: "2" }, null] }],
        },
      },
    ]);
    expect(cell.expected).toMatchObject({ type: "rows", isOrdered: false });
  });

  test("has rows as CSV, where an empty field is NULL and one in quotes a text", () => {
    const cell = readCell(
      fence(
        'test: t\ncell: orders\ngiven:\n  raw: |\n    id,city\n    1,\n    2,""\n    3,"a ""b"", c"\nexpect: []',
      ),
      "test",
    );
    const rows = cell.given[0]?.rows;
    const cities = rows?.type === "rows" ? rows.rows.map(({ values }) => values[1]) : undefined;
    expect(cities).toMatchObject([null, { text: "" }, { text: 'a "b", c' }]);
  });

  test("needs a cell and exactly one expectation", () => {
    expect(read(fence("test: t")).codes).toEqual(["missing-option", "missing-option"]);
    expect(marked(fence("test: t\ncell: orders\nexpect: []\nexpect_error: true"))).toEqual(["expect_error"]);
    expect(marked(fence("test: t\ncell: orders\nexpect: 5"))).toEqual(["5"]);
    expect(marked(fence("test: t\ncell: orders\nexpect_check: maybe"))).toEqual(["maybe"]);
  });

  test.each([
    ["given:\n  raw: |\n    id\n    1\n    2,3\nexpect: []", 'Row 2 of "raw" has 2 values for 1 column'],
    ["run_date: 1.11.2026\nexpect: []", 'Test option "run_date" must be a date, written as YYYY-MM-DD'],
    ["run_date: 2026-13-01\nexpect: []", 'Test option "run_date" must be a date, written as YYYY-MM-DD'],
  ])("says what is wrong with %s", (body, message) => {
    const { diagnostics } = read(fence(`test: t\ncell: orders\n${body}`));
    expect(diagnostics.map((each) => each.message)).toEqual([message]);
  });

  test("that is misspelled is told what was meant", () => {
    const { diagnostics } = read(fence("test: t\ncell: orders\nexpct: []"));
    expect(diagnostics.map(({ hint }) => hint)).toContain('Did you mean "expect"?');
  });

  test("follows a cell that is renamed, as what is tested and as what is given", () => {
    const text = `${fence("chart: orders\nfrom: x\nmark: barY\nx: a")}${fence(
      "test: t\ncell: orders\ngiven:\n  orders: []\nexpect: []",
    )}`;
    const { notebook } = read(text);
    const renamed = renameCell(notebook, cellOf(notebook, "chart"), "sales", []);
    expect(renamed).toContain("cell: sales\ngiven:\n  sales: []");
  });
});
