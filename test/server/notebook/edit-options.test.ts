import { describe, expect, test } from "vitest";
import { setFrontMatter, setOption } from "../../../server/notebook/edit-options.js";
import { cellOf, read, sqlFence, yamlFence } from "./read-notebook.js";

function set(text: string, key: string, value: unknown): string {
  const { notebook } = read(text);
  return setOption(notebook, notebook.cells[0]!, key, value);
}

describe("setOption", () => {
  test.each([
    ["retries: 2  # flaky", 3, "retries: 3  # flaky"],
    ["retries: 2", undefined, ""],
    ["retries: # later", 3, "retries: 3"],
    ["retries: &n 2", 3, "retries: &n 3"],
    ["retries: !!str 2", 3, "retries: 3"],
    ["retries:\n  2", 3, "retries: 3"],
    ["retries: [1,\n  2] # list", 3, "retries: 3"],
    ["", 3, "retries: 3"],
    ["# above\nowner: me # who", 3, "# above\nowner: me # who\nretries: 3"],
    ["retries: 2\n# about the owner\nowner: me", undefined, "# about the owner\nowner: me"],
    ["owner: me\nretries:\n  - 1\n  - 2 # two\n\n# end", 3, "owner: me\nretries: 3\n\n# end"],
    ["retries: 2", [1, 2], "retries: [1, 2]"],
    ["retries: 2", { a: "x: y" }, 'retries: {a: "x: y"}'],
    ["retries: 2", "two\nlines", "retries: |-\n  two\n  lines"],
    ["retries: 2", "# no comment", 'retries: "# no comment"'],
    ["retries: 2", null, "retries: null"],
  ])("turns %j with %j into %j", (before, value, after) => {
    expect(set(sqlFence(before), "retries", value)).toBe(sqlFence(after).replaceAll(/--\| $/gm, "--|"));
  });

  test("writes a long list on several lines", () => {
    const columns = Array.from({ length: 20 }, (_, index) => `column_${index}`);
    const text = set(sqlFence(""), "partition_by", columns);
    expect(text).toContain("--| partition_by:\n--|   - column_0\n--|   - column_1\n");
    expect(cellOf(read(text).notebook, "sql").options.partitionBy).toEqual(columns);
  });

  test("keeps how the option lines are written", () => {
    const text = "  ```sql\r\n  --|   cell: a\r\n  --|   retries: 2\r\n  SELECT 1\r\n  ```";
    expect(set(text, "owner", "me")).toBe(
      text.replace("retries: 2\r\n", "retries: 2\r\n  --|   owner: me\r\n"),
    );
  });

  test("removes nothing where there is nothing", () => {
    expect(set(sqlFence(""), "retries", undefined)).toBe(sqlFence(""));
  });

  test("adds below the options of an unclosed cell without a query", () => {
    expect(set("```sql\n--| cell: a", "retries", 1)).toBe("```sql\n--| cell: a\n--| retries: 1");
  });

  test("sets a key of a chart", () => {
    const text = yamlFence("chart: c\nfrom: a # which\nlimit: 20");
    expect(set(text, "from", "b")).toBe(text.replace("from: a", "from: b"));
    expect(set(text, "limit", undefined)).toBe(text.replace("limit: 20\n", ""));
    expect(set(text, "x_label", "City")).toBe(text.replace("limit: 20\n", "limit: 20\nx_label: City\n"));
  });

  test("refuses the name of the cell", () => {
    expect(() => set(sqlFence(""), "cell", "b")).toThrow(expect.objectContaining({ code: "usage" }) as Error);
  });

  test.each(["tags: [a", "owner: @me"])("refuses to edit the broken options %s", (yaml) => {
    expect(() => set(sqlFence(yaml), "retries", 1)).toThrow(
      expect.objectContaining({ code: "invalid-notebook" }) as Error,
    );
  });
});

describe("setFrontMatter", () => {
  test.each([
    ["---\ntitle: T # title\nretries: 1\n---\nA", "---\ntitle: New # title\nretries: 1\n---\nA"],
    ["---\nretries: 1\n---\nA", "---\nretries: 1\ntitle: New\n---\nA"],
    ["---\n---\nA", "---\ntitle: New\n---\nA"],
    ["A\r\n", "---\r\ntitle: New\r\n---\r\n\r\nA\r\n"],
    ["\uFEFFA", "\uFEFF---\ntitle: New\n---\n\nA"],
    ["", "---\ntitle: New\n---\n\n"],
  ])("sets a key in %j", (before, after) => {
    expect(setFrontMatter(read(before).notebook, "title", "New")).toBe(after);
  });

  test("removes a key", () => {
    const { notebook } = read("---\ntitle: T\nretries: 1\n---\n");
    expect(setFrontMatter(notebook, "title", undefined)).toBe("---\nretries: 1\n---\n");
  });

  test("does not rewrite keys that stand on one line", () => {
    const { notebook } = read("---\n{title: T, retries: 1}\n---\n");
    expect(() => setFrontMatter(notebook, "title", "New")).toThrow(
      expect.objectContaining({ code: "invalid-notebook" }) as Error,
    );
  });
});
