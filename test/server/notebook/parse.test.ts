import { describe, expect, test } from "vitest";
import { decodeNotebook } from "../../../server/notebook/parse.js";
import { markSource } from "../../support/mark-source.js";
import { cellOf, marked, read, readCell, sqlFence, yamlFence } from "./read-notebook.js";

describe("parseNotebook", () => {
  test("reads a SQL cell with exact places", () => {
    const { text, spans } = markSource`Text.\n\n${"```sql\n--| cell: orders\nSELECT 1\n```\n"}More.\n`;
    const cell = readCell(text, "sql");
    expect(cell).toMatchObject({ name: "orders", sql: "SELECT 1", span: spans[0], hasErrors: false });
    const { source } = read(text).notebook;
    expect(source.slice(cell.nameSpan)).toBe("orders");
    expect(source.slice(cell.bodySpan)).toBe("--| cell: orders\nSELECT 1\n");
    expect(source.slice(cell.optionsSpan)).toBe("--| cell: orders\n");
    expect(source.slice(cell.sqlSpan)).toBe("SELECT 1");
  });

  test("covers the file from the front matter to its end with blocks", () => {
    const { blocks, source } = read(
      `---\ntitle: T\n---\nA\n${sqlFence("")}B\n${yamlFence("chart: c")}`,
    ).notebook;
    expect(blocks.map((block) => block.type)).toEqual(["prose", "cell", "prose", "cell"]);
    expect(blocks.map((block) => source.slice(block.span)).join("")).toBe(source.text.slice(17));
  });

  test.each(["sql", "SQL", "sql {.wide}", "Sql numbers"])("takes a fence with info string %s", (info) => {
    expect(readCell(`\`\`\`${info}\n--| cell: a\nSELECT 1\n\`\`\``, "sql").name).toBe("a");
  });

  test.each(["yaml", "yml", "YAML"])("takes a chart in a %s fence", (info) => {
    expect(readCell(`\`\`\`${info}\nchart: c\nfrom: a\n\`\`\``, "chart").from).toBe("a");
  });

  test.each(["--| cell: a", "--|cell: a", "  --|   cell:   a  # the first", '--| cell: "a"'])(
    "takes the header %s",
    (header) => {
      const { notebook, codes } = read(`\`\`\`sql\n${header}\nSELECT 1\n\`\`\``);
      expect(notebook.cells.map((cell) => cell.name)).toEqual(["a"]);
      expect(codes).toEqual([]);
    },
  );

  test("takes tildes and longer fences, and shorter ones within as text", () => {
    expect(readCell("~~~sql\n--| cell: a\nSELECT 1\n~~~", "sql").sql).toBe("SELECT 1");
    expect(readCell("````sql\n--| cell: a\nSELECT '\n```\n'\n````", "sql").sql).toBe("SELECT '\n```\n'");
  });

  test("lets the options of a chart begin with blank lines and comments", () => {
    expect(readCell(yamlFence("# a comment\n\nchart: c\nfrom: a\nmark: barY\nx: b"), "chart").name).toBe("c");
  });

  test.each([
    ["a plain sql fence", "```sql\nSELECT 1\n```"],
    ["another language", "```python\nprint(1)\n```"],
    ["a list", "- item\n  ```sql\n  SELECT 1\n  ```"],
    ["an HTML comment", "<!--\n```sql\n--| cell: a\nSELECT 1\n```\n-->"],
    ["an indented block", "    ```sql\n    --| cell: a\n    ```"],
    ["a longer fence around it", "````markdown\n```sql\n--| cell: a\nSELECT 1\n```\n````"],
    ["YAML of another program", "```yaml\nname: build\non: push\n```"],
  ])("takes %s as prose, silently", (_, text) => {
    const { notebook, codes } = read(text);
    expect(notebook.cells).toEqual([]);
    expect(codes).toEqual([]);
  });

  test.each([
    "- item\n\n  ```sql\n  --| cell: a\n  SELECT 1\n  ```",
    "> ```sql\n> --| cell: a\n> SELECT 1\n> ```",
  ])("tells that a cell in a list or a quotation is prose", (text) => {
    expect(read(text).notebook.cells).toEqual([]);
    expect(read(text).codes).toEqual(["nested-cell"]);
  });

  test("keeps a second cell of the same name, marked, and names the line of the first", () => {
    const { notebook, diagnostics } = read(sqlFence("") + sqlFence("", "SELECT 2"));
    expect(notebook.cells.map((cell) => cell.hasErrors)).toEqual([false, true]);
    expect(diagnostics).toMatchObject([
      { code: "duplicate-cell", message: 'Cell "a" is already on line 2', cell: "a" },
    ]);
  });

  test.each([
    ["My Orders", "my_orders"],
    ["2020", "_2020"],
    ["Città", "citta"],
    ["orders-all", "orders_all"],
    ["日本", "cell_1"],
  ])("suggests a name for %s", (name, better) => {
    const { diagnostics } = read(`\`\`\`sql\n--| cell: ${name}\nSELECT 1\n\`\`\``);
    expect(diagnostics).toMatchObject([{ code: "invalid-name", hint: `Write "${better}".` }]);
    expect(marked(`\`\`\`sql\n--| cell: ${name}\nSELECT 1\n\`\`\``)).toEqual([name]);
  });

  test.each(["initial_datasets", "latest", "lake", "lakebook", "_runs"])("reserves the name %s", (name) => {
    expect(read(`\`\`\`sql\n--| cell: ${name}\nSELECT 1\n\`\`\``).codes).toEqual(["reserved-name"]);
  });

  test("refuses a name that no file system takes", () => {
    expect(read(`\`\`\`sql\n--| cell: ${"a".repeat(200)}\nSELECT 1\n\`\`\``).codes).toEqual(["invalid-name"]);
  });

  test("reports a cell without a query", () => {
    expect(read(sqlFence("", "  ")).codes).toEqual(["empty-cell"]);
  });

  test("lets an unclosed fence reach to the end of the file", () => {
    const { notebook, codes } = read("```sql\n--| cell: a\nSELECT 1\n\nMore.");
    expect(cellOf(notebook, "sql")).toMatchObject({ sql: "SELECT 1\n\nMore.", hasErrors: true });
    expect(codes).toEqual(["unclosed-fence"]);
  });

  test("still finds the cells below a forgotten closing line", () => {
    const forgotten = "```sql\n--| cell: a\nSELECT 1\n\nProse.\n\n";
    const { notebook, diagnostics } = read(
      forgotten + sqlFence("").replace("cell: a", "cell: b") + yamlFence("chart: c"),
    );
    expect(notebook.cells.map((cell) => [cell.name, cell.hasErrors])).toEqual([
      ["a", true],
      ["b", false],
      ["c", true],
    ]);
    expect(diagnostics[0]).toMatchObject({ code: "unclosed-fence", cell: "a" });
  });

  test("warns where a fence of prose holds a cell", () => {
    expect(read("```python\nprint(1)\n\n" + sqlFence("")).codes).toEqual(["unclosed-fence"]);
  });

  test("takes the title from the front matter, else the first heading, else the name", () => {
    expect(read("---\ntitle: T\n---\n# H\n").notebook.title).toBe("T");
    expect(read("Text\n\n# The *first* `heading`\n\n# Second").notebook.title).toBe("The first heading");
    expect(read("Text").notebook.title).toBe("test");
  });

  test("keeps carriage returns and a byte order mark in the text, and out of values", () => {
    const text = `\uFEFF${sqlFence("description: x\nmaterialize: parquet", "SELECT 1\nFROM t")}`.replaceAll(
      "\n",
      "\r\n",
    );
    const cell = readCell(text, "sql");
    expect(cell.sql).toBe("SELECT 1\r\nFROM t");
    expect(cell.options).toMatchObject({ description: "x", materialize: ["parquet"] });
    expect(cell.span.start).toBe(1);
  });

  test("reads an empty file", () => {
    expect(read("").notebook).toMatchObject({ cells: [], blocks: [], title: "test" });
  });
});

describe("near misses", () => {
  test.each([
    ["-- | cell: orders", "Write --| cell: orders"],
    ["--| Cell: Orders", "Write --| cell: orders"],
    ["--| CHECK: orders", "Write --| check: orders"],
    ["--| name: orders", "Write --| cell: orders"],
    ["--|cell:orders", "Write --| cell: orders"],
    ["--| cell = orders", "Write --| cell: orders"],
    ["-- cell: orders", "Write --| cell: orders"],
    ["#| cell: orders", "Write --| cell: orders"],
    ["--| cell", "Give it a name: --| cell: orders"],
    ["--| cell:", "Give it a name: --| cell: orders"],
    ["--| check: # later", "Give it a name: --| check: orders"],
    ["--| materialize: parquet", "Write --| cell: name above it."],
    ["SELECT 1\n--| cell: orders", "Move this line to the top."],
    ["\n--| cell: orders", "Move this line to the top."],
  ])("warns about %s", (header, hint) => {
    const { notebook, diagnostics } = read(`\`\`\`sql\n${header}\nSELECT 1\n\`\`\``);
    expect(notebook.cells).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: "not-a-cell", severity: "warning", hint }]);
  });

  test.each([
    ["Chart: c", "Write chart: c"],
    ["charts: c", "Write chart: c"],
    ["{chart: c, from: a}", "Write chart: c"],
    ["chart:", "Write chart: my_chart"],
    ["--| input: city", "Write input: city"],
    ["input: # later", "Write input: my_input"],
    ["input: [a]", "Write input: my_input"],
  ])("warns about %s in a yaml fence", (header, hint) => {
    expect(read(yamlFence(header)).diagnostics).toMatchObject([{ code: "not-a-cell", hint }]);
  });

  test.each(["", "postgresql", "duckdb"])("warns about a header in a fence of language '%s'", (language) => {
    const { diagnostics } = read(`\`\`\`${language}\n--| cell: a\nSELECT 1\n\`\`\``);
    expect(diagnostics).toMatchObject([{ code: "not-a-cell", hint: "Open it with ```sql." }]);
  });

  test.each(["chart", "input", "Input"])("warns about a fence whose language is '%s'", (language) => {
    const { diagnostics } = read(`\`\`\`${language}\n${language.toLowerCase()}: a\n\`\`\``);
    expect(diagnostics).toMatchObject([{ code: "not-a-cell", hint: "Open it with ```yaml." }]);
    expect(read(`\`\`\`${language}\nanything else\n\`\`\``).diagnostics).toEqual([]);
  });

  test("warns about an option below the first line of SQL", () => {
    const text = sqlFence("", "SELECT 1\n--| materialize: parquet");
    expect(read(text).codes).toEqual(["late-option"]);
    expect(marked(text)).toEqual(["--| materialize: parquet"]);
  });
});

describe("decodeNotebook", () => {
  test("keeps a byte order mark, and U+FFFD that is in the file", () => {
    const text = "\uFEFF# A \uFFFD\r\n";
    expect(decodeNotebook(new TextEncoder().encode(text))).toEqual({
      text,
      diagnostics: [],
      isReadOnly: false,
    });
  });

  test("names the first byte that is not UTF-8 and makes the notebook read-only", () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode("é\uFFFD"), 0x41, 0xff, 0x42]);
    const { text, diagnostics, isReadOnly } = decodeNotebook(bytes);
    expect(text).toBe("é\uFFFDA\uFFFDB");
    expect(isReadOnly).toBe(true);
    expect(diagnostics).toMatchObject([
      { code: "invalid-utf8", message: "Byte 6 of the file is not UTF-8", span: { start: 3, end: 4 } },
    ]);
  });
});
