import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Parser } from "yaml";
import { parseNotebook, parseNotebookInSlices } from "../../../server/notebook/parse.js";

afterEach(() => {
  vi.restoreAllMocks();
});

function cells(count: number, from = 0): string {
  return Array.from(
    { length: count },
    (_, index) =>
      `Prose.\n\n\`\`\`sql\n--| cell: c${String(from + index)}\n--| timeout: 5m\nSELECT 1\n\`\`\`\n`,
  ).join("\n");
}

function limitsOf(text: string): { readonly start: number; readonly isRead: boolean } | undefined {
  const { notebook, diagnostics } = parseNotebook("x", "x.md", text);
  const [first] = diagnostics;
  if (first === undefined) return undefined;
  expect(diagnostics).toMatchObject([{ code: "notebook-limit", severity: "error" }]);
  expect(notebook.blocks).toEqual([{ type: "prose", span: { start: 0, end: text.length } }]);
  return { start: first.span.start, isRead: notebook.cells.length > 0 };
}

describe("a notebook beyond the limits", () => {
  test("of 2,000 cells is read, and one cell more is said at its place", () => {
    expect(limitsOf(cells(2000))).toBeUndefined();
    const text = cells(2001);
    expect(limitsOf(text)).toEqual({ start: text.lastIndexOf("```sql"), isRead: false });
    expect(limitsOf("```sql\n--| cell: a\n".repeat(2001))).toMatchObject({ isRead: false });
  });

  test("of a mebibyte is read, and one character more is said at its place", () => {
    const text = "a".repeat(2 ** 20);
    expect(limitsOf(text)).toBeUndefined();
    expect(limitsOf(`${text}b`)).toEqual({ start: text.length, isRead: false });
  });

  test("says a warning a thousand times, not more", () => {
    const { diagnostics } = parseNotebook("x", "x.md", "```sql\n--| cells: a\n```\n".repeat(20_000));
    expect(diagnostics).toHaveLength(1000);
  });
});

describe("a large notebook", () => {
  test("lets the event loop turn after each slice of work", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 6));
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const text = cells(300);
    const parsed = await parseNotebookInSlices("x", "x.md", text);
    isDone = true;
    expect(turns).toBeGreaterThan(100);
    expect(parsed).toEqual(parseNotebook("x", "x.md", text));
  });

  test("that was read before costs what has changed in it", () => {
    const parse = vi.spyOn(Parser.prototype, "parse");
    const text = cells(50, 5000);
    parseNotebook("x", "x.md", text);
    expect(parse).toHaveBeenCalledTimes(50);
    parse.mockClear();
    const changed = text.replace("--| cell: c5020\n", "--| cell: renamed\n--| materialize: parquet\n");
    const { notebook } = parseNotebook("x", "x.md", `More prose.\n\n${changed}`);
    expect(parse).toHaveBeenCalledTimes(1);
    expect(notebook.cells[20]).toMatchObject({ name: "renamed", options: { materialize: ["parquet"] } });
  });
});

/** Every span in it, however deep, with the way there. */
function spansIn(value: unknown, way = ""): { readonly way: string; readonly at: readonly number[] }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    const isSpan = /span$/i.test(key) && typeof part === "object" && part !== null && "start" in part;
    if (!isSpan) return spansIn(part, `${way}/${key}`);
    const { start, end } = part as { start: number; end: number };
    return [{ way: `${way}/${key}`, at: [start, end] }];
  });
}

test.each(["conversations", "every-option", "wrong-values", "bad-yaml", "near-misses", "unicode", "crlf"])(
  "every place in a cell moves with it (%s)",
  (name) => {
    const file = resolve(import.meta.dirname, "../../notebooks", name, "notebook.md");
    const text = readFileSync(file, "utf8");
    // Below the front matter, or a text without one.
    const start = parseNotebook("x", "x.md", text).notebook.blocks[0]?.span.start ?? 0;
    const moved = `${text.slice(0, start)}Prose.\n\n${text.slice(start)}`;
    const by = moved.length - text.length;
    const before = parseNotebook("x", "x.md", text);
    const after = parseNotebook("x", "x.md", moved);
    const within = (parsed: typeof before): unknown => ({
      cells: parsed.notebook.cells,
      diagnostics: parsed.diagnostics.filter(({ span }) => span.start >= start),
    });
    const expected = spansIn(within(before)).map(({ way, at }) => ({ way, at: at.map((each) => each + by) }));
    expect(expected.length).toBeGreaterThan(0);
    expect(spansIn(within(after))).toEqual(expected);
  },
);
