import { describe, expect, test } from "vitest";
import { renameCell, replaceName } from "../../../server/notebook/rename-cell.js";
import { read, sqlFence, yamlFence } from "./read-notebook.js";

const orders = "```sql\n--| cell: orders\nSELECT 1\n```\n";
const chart = "```yaml\nchart: c\nfrom: orders\nmark: barY\nx: a\n```\n";

function open(text: string) {
  const { notebook } = read(text);
  return { notebook, first: notebook.cells[0]! };
}

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
