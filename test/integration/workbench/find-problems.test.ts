import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { AppError } from "../../../server/base/errors.js";
import { locate, type LocatedDiagnostic } from "../../../server/base/diagnostic.js";
import { NotebookCache } from "../../../server/analysis/notebook-cache.js";
import { findProblems } from "../../../server/workbench/find-problems.js";
import { createLiveView } from "../../../server/runs/run-inputs.js";
import { openWorkspace } from "../../../server/workspace/workspace.js";
import { distFolder } from "../../support/cli.js";
import { useEngine } from "../../support/with-engine.js";
import { withWorkspace, type Files } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

const shared = useEngine({ workerScript: join(distFolder, "server/worker.js") });

/** Everything that is found wrong with `notebooks/sales.md`, without a lake. */
function check(text: string, files: Files = {}): Promise<LocatedDiagnostic[]> {
  return withWorkspace(
    { ...files, "notebooks/sales.md": text.replace(/[«»]/g, "") },
    async ({ root, temp }) => {
      const workspace = await openWorkspace(root);
      const { engine } = shared;
      const view = await createLiveView(workspace, join(temp, "view"));
      const notebooks = new NotebookCache(workspace, engine);
      const analyzed = await notebooks.analyze(await notebooks.read("sales"));
      const services = { workspace, notebooks, lake: undefined, engine, view };
      const { diagnostics } = await findProblems(services, analyzed);
      return diagnostics.map((item) => locate(item, analyzed.notebook.source));
    },
  );
}

test("binds a notebook once, and again when a file that it reads has changed", async () => {
  const files = {
    "notebooks/sales.md": notebook({ orders: "SELECT city FROM 'input/orders.csv'" }),
    "input/orders.csv": "city\nBCN\n",
  };
  await withWorkspace(files, async (folder) => {
    const workspace = await openWorkspace(folder.root);
    const bind = vi.spyOn(shared.engine, "bind");
    const view = await createLiveView(workspace, join(folder.temp, "view"));
    const notebooks = new NotebookCache(workspace, shared.engine);
    const services = { workspace, notebooks, lake: undefined, engine: shared.engine, view };
    const analyzed = await notebooks.analyze(await notebooks.read("sales"));
    expect((await findProblems(services, analyzed)).diagnostics).toEqual([]);
    expect((await findProblems(services, analyzed)).diagnostics).toEqual([]);
    expect(bind).toHaveBeenCalledTimes(1);
    await folder.write("input/orders.csv", "town\nBCN\n");
    expect((await findProblems(services, analyzed)).diagnostics).toMatchObject([{ code: "query-error" }]);
    expect(bind).toHaveBeenCalledTimes(2);
    bind.mockRestore();
  });
});

test("binds again only what changed, what reads that and what these read", async () => {
  const cells = {
    orders: dataset("SELECT 1 AS id"),
    cities: dataset("SELECT 1 AS id, 'BCN' AS city"),
    lone: "SELECT 1 AS x",
    joined: "FROM orders JOIN cities USING (id)",
    counted: "SELECT count(*) AS n, any_value(city) AS city FROM joined",
    wrong: "SELECT nothing FROM lone",
  };
  await withWorkspace({ "notebooks/sales.md": notebook(cells) }, async (folder) => {
    const workspace = await openWorkspace(folder.root);
    const view = await createLiveView(workspace, join(folder.temp, "view"));
    const notebooks = new NotebookCache(workspace, shared.engine);
    const services = { workspace, notebooks, lake: undefined, engine: shared.engine, view };
    const bind = vi.spyOn(shared.engine, "bind");
    const find = async (more: Partial<typeof cells>) => {
      await folder.write("notebooks/sales.md", notebook({ ...cells, ...more }));
      bind.mockClear();
      const found = await findProblems(services, await notebooks.analyze(await notebooks.read("sales")));
      return {
        ...found,
        bound: bind.mock.calls.flatMap(([, items]) => items.map(({ name }) => name)).sort(),
      };
    };
    expect((await find({})).bound).toEqual(Object.keys(cells).sort());
    const edited = await find({ cities: dataset("SELECT 1 AS id, 2 AS city") });
    // What is wrong may have been so for a moment only.
    expect(edited.bound).toEqual(["cities", "counted", "joined", "lone", "orders", "wrong"]);
    expect(edited.columns.get("counted")).toMatchObject([{ name: "n" }, { name: "city", type: "INTEGER" }]);
    expect(edited.diagnostics).toMatchObject([{ cell: "wrong" }]);
    const mended = await find({ wrong: "SELECT x FROM lone" });
    expect(mended.bound).toEqual(["lone", "wrong"]);
    expect(mended.diagnostics).toEqual([]);
    expect(mended.columns.get("counted")).toMatchObject([{ name: "n" }, { name: "city", type: "VARCHAR" }]);
    expect(mended.columns.size).toBe(6);
    bind.mockRestore();
  });
});

test("binds cells one by one for a while, and says what is left", async () => {
  const names = ["one", "two", "three", "four", "five", "six"];
  const files = {
    "notebooks/sales.md": notebook(Object.fromEntries(names.map((n) => [n, "SELECT 1 AS n"]))),
  };
  await withWorkspace(files, async (folder) => {
    const workspace = await openWorkspace(folder.root);
    const view = await createLiveView(workspace, join(folder.temp, "view"));
    const notebooks = new NotebookCache(workspace, shared.engine);
    const services = { workspace, notebooks, lake: undefined, engine: shared.engine, view };
    const analyzed = await notebooks.analyze(await notebooks.read("sales"));
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const bind = vi.spyOn(shared.engine, "bind").mockImplementation(() => {
      now += 14_000;
      return Promise.reject(new AppError("query", "The query takes too long"));
    });
    const { diagnostics } = await findProblems(services, analyzed);
    bind.mockRestore();
    clock.mockRestore();
    expect(diagnostics.map(({ cell }) => cell)).toEqual(["one", "two", "three", "four"]);
    expect(diagnostics[3]?.message).toContain("3 cells are not checked");
  });
});

interface Case {
  readonly name: string;
  /** The notebook; a place marked «so» is where the diagnostic has to be. */
  readonly text: string;
  readonly files?: Files;
  readonly expected: Partial<Record<keyof LocatedDiagnostic, unknown>>;
}

const orders = { orders: dataset("SELECT 1 AS id, 'BCN' AS city") };

const cases: readonly Case[] = [
  {
    name: "an unknown table",
    text: notebook({ ...orders, total: "SELECT count(*)\nFROM «ordres»" }),
    expected: { cell: "total", severity: "error", hint: 'Did you mean "orders"?' },
  },
  {
    name: "an unknown column",
    text: notebook({ ...orders, total: "SELECT\n  «citi»\nFROM orders" }),
    expected: { cell: "total", severity: "error", hint: expect.stringContaining('Did you mean "city"') },
  },
  {
    name: "an unknown column behind letters of several bytes",
    text: notebook({ ...orders, total: "-- ñ 日本 🚲\nSELECT '🚲 Málaga' AS a, «citi» FROM orders" }),
    expected: { cell: "total", hint: expect.stringContaining('Did you mean "city"') },
  },
  {
    name: "a syntax error",
    text: notebook({ ...orders, total: "SELECT count(*)\nFROM orders\nGROUP «BUY» city" }),
    expected: { cell: "total", code: "syntax-error", severity: "error" },
  },
  {
    name: "a cycle",
    text: notebook({ "«a»": "SELECT * FROM b", b: "SELECT * FROM c", c: "SELECT * FROM a" }),
    expected: { code: "cycle", severity: "error", cell: "a" },
  },
  {
    name: "a reserved name",
    text: "```sql\n--| cell: «latest»\nSELECT 1\n```\n",
    expected: { code: "reserved-name", severity: "error" },
  },
  {
    name: "two cells of one name",
    text: "```sql\n--| cell: a\nSELECT 1\n```\n\n```sql\n--| cell: «a»\nSELECT 2\n```\n",
    expected: { code: "duplicate-cell", severity: "error" },
  },
  {
    name: "a statement that is no query",
    text: notebook({ total: "«CREATE» TABLE total AS SELECT 1" }),
    expected: { code: "not-a-query", cell: "total" },
  },
  {
    name: "a file that is not there",
    text: notebook({ total: "FROM «'input/missing.csv'»" }),
    expected: { code: "input-file", message: '"input/missing.csv" does not exist', cell: "total" },
  },
  ...["csv", "json"].map((kind) => ({
    name: `a ${kind} file of 0 bytes`,
    text: notebook({ total: `FROM «'input/empty.${kind}'»` }),
    files: { [`input/empty.${kind}`]: "" },
    expected: {
      code: "input-file",
      message: `"input/empty.${kind}" is empty: it has 0 bytes.`,
      hint: "Deliver it again, or remove it.",
      cell: "total",
    },
  })),
  {
    name: "a file whose header holds a NUL byte",
    text: notebook({ total: "FROM «'input/nul.csv'»" }),
    files: { "input/nul.csv": "i\0d\n1\n" },
    expected: {
      code: "input",
      message: '"input/nul.csv" has a column with a NUL byte in its name: "i\\0d"',
      cell: "total",
    },
  },
  {
    name: "a BLOB as partition column",
    text: notebook({ orders: dataset("SELECT 1 AS id, 'a'::BLOB AS raw", "partition_by: [id, «raw»]") }),
    expected: {
      code: "invalid-option",
      severity: "error",
      message: '"raw" of partition_by is a BLOB, which no folder can be named after.',
    },
  },
  {
    name: "a dataset that is not published",
    text: notebook({ total: "FROM «lake.orders»" }),
    expected: { code: "unknown-dataset", cell: "total" },
  },
  {
    name: "a partition column that is none",
    text: notebook({ orders: dataset("SELECT 'BCN' AS city", "partition_by: [«citi»]") }),
    expected: { code: "unknown-column", hint: 'Did you mean "city"?', cell: "orders" },
  },
  {
    name: "a column that is formatted and is none",
    text: notebook({ orders: dataset("SELECT 1 AS price", "format: {«prise»: '0.00'}") }),
    expected: {
      code: "unknown-column",
      severity: "warning",
      message: 'Column "prise" is not a column of "orders".',
      hint: 'Did you mean "price"?',
      cell: "orders",
    },
  },
  {
    name: "a key that is none",
    text: notebook({ orders: dataset("SELECT 'BCN' AS city, 1 AS id", "key: [city, «di»]") }),
    expected: { code: "unknown-column", hint: 'Did you mean "id"?', cell: "orders" },
  },
  ...[
    "not_null: [city, «citi»]",
    "unique: '«citi»'",
    "not_in_future: «citi»",
    "range: {column: «citi», min: 1}",
  ].map((entry) => ({
    name: `an unknown column in ${entry}`,
    text: notebook({
      orders: dataset("SELECT 'BCN' AS city", `checks: [{row_count: {min: 1}}, {${entry}}]`),
    }),
    expected: { code: "unknown-column", hint: 'Did you mean "city"?', cell: "orders" },
  })),
  ...["relationships: {column: city, to: orders.«citi»}", "row_count_matches: {distinct: orders.«citi»}"].map(
    (entry) => ({
      name: `an unknown column in ${entry}`,
      text: notebook({ ...orders, towns: dataset("SELECT 'BCN' AS city", `checks: [{${entry}}]`) }),
      expected: { code: "unknown-column", hint: 'Did you mean "city"?', cell: "towns" },
    }),
  ),
  ...["depends_on: [«ordres»]", "checks: [{relationships: {column: id, to: «ordres».id}}]"].map((entry) => ({
    name: `an unknown cell in ${entry}`,
    text: notebook({ ...orders, total: dataset("SELECT 1 AS id", entry) }),
    expected: { code: "unknown-table", hint: 'Did you mean "orders"?', cell: "total" },
  })),
  {
    name: "a count of rows of a file that the query does not read",
    text: notebook({
      orders: dataset("FROM 'input/a.csv'", "checks: [«{row_count_matches: {input: input/b.csv}}»]"),
    }),
    files: { "input/a.csv": "id\n1\n", "input/b.csv": "id\n1\n" },
    expected: {
      code: "unread-input",
      severity: "error",
      message: 'Check "orders.row_count_matches_input": the query does not read "input/b.csv".',
      hint: "It reads input/a.csv.",
      cell: "orders",
    },
  },
  {
    name: "a contract that is broken",
    text: notebook({ orders: dataset("SELECT 1 AS id", "columns: {id: VARCHAR}") }),
    expected: { code: "contract", cell: "orders" },
  },
  {
    name: "a type of a contract that is none",
    text: notebook({
      orders: dataset("SELECT 1 AS id, 'BCN' AS city", "columns: {id: INTEGR, city: VARCHAR}"),
    }),
    expected: { code: "contract", message: "A type in `columns:` is not known: INTEGR.", cell: "orders" },
  },
  {
    name: "an unknown column in an expression",
    text: notebook({ orders: dataset("SELECT 1 AS id", 'checks: [{expression: "«idd» > 0"}]') }),
    expected: { code: "query-error", hint: 'Did you mean "id"?', cell: "orders" },
  },
  {
    name: "an unknown column in what a check looks at",
    text: notebook({
      orders: dataset("SELECT 1 AS id", "checks: [{row_count: {min: 1, where: «idd» > 0}}]"),
    }),
    expected: { code: "query-error", message: expect.stringContaining("idd"), cell: "orders" },
  },
  ...(
    [
      ["pattern: {column: city, regex: '('}", "query-error", "missing )"],
      ["freshness: {column: id, max_age: 1d}", "query-error", "DATE"],
      ["not_in_future: id", "query-error", "DATE"],
      ["schema: {columns: {id: INTEGR}, match: subset}", "contract", "INTEGR"],
      ["accepted_values: {column: id, values: [1, a]}", "query-error", '"a" is no value that "id" can have'],
      ["range: {column: id, max: many}", "query-error", '"many" is no value that "id" can have'],
    ] as const
  ).map(([entry, code, message]) => ({
    name: `a rule that does not fit its column, ${entry}`,
    text: notebook({ orders: dataset("SELECT 1 AS id, 'BCN' AS city", `checks: [«{${entry}}»]`) }),
    expected: { code, cell: "orders", message: expect.stringContaining(message) as string },
  })),
  {
    name: "a relationship of types that cannot be compared, with a cell below",
    text: notebook({
      orders: dataset("SELECT 1 AS id", "checks: [«{relationships: {column: id, to: days.day}}]"),
      days: dataset("SELECT DATE '2026-01-01' AS day"),
    }),
    expected: {
      code: "query-error",
      cell: "orders",
      message:
        'Check "orders.relationships_id": "id" is INTEGER and cannot be compared with days.day, which is DATE',
    },
  },
  {
    name: "a condition that is no truth",
    text: notebook({
      orders: dataset("SELECT 1 AS id, 'BCN' AS city", 'checks: [{expression: «"city || id"}]'),
    }),
    expected: {
      code: "query-error",
      cell: "orders",
      message: expect.stringContaining("The condition is VARCHAR, neither true nor false") as string,
    },
  },
  {
    name: "a condition that leaves its brackets",
    text: notebook({ orders: dataset("SELECT 1 AS id", 'checks: [{expression: "«id > 1) OR (true"}]') }),
    expected: { code: "not-a-condition", message: expect.stringContaining("one expression"), cell: "orders" },
  },
  {
    name: "a condition that stands for several columns",
    text: notebook({
      orders: dataset("SELECT 1 AS id", "checks:", "  - unique: id", '  - expression: "«COLUMNS(*) > 0"'),
    }),
    expected: {
      code: "not-a-condition",
      message:
        'Check "orders.expression": A condition has one value for each row, and this stands for several columns.',
      hint: "Name each column: a IS NOT NULL AND b IS NOT NULL.",
      cell: "orders",
    },
  },
  {
    name: "a list of values as a condition",
    text: notebook({ orders: dataset("SELECT 1 AS id", 'checks: [{expression: "«1, 2"}]') }),
    expected: { code: "not-a-condition", hint: "Join several by AND: a > 0 AND b > 0.", cell: "orders" },
  },
  {
    name: "an aggregate on the second line of what a check looks at",
    text: notebook({
      orders: dataset(
        "SELECT 1 AS id",
        "checks:",
        "  - not_null: id",
        "    where: |",
        "      id > 0",
        "      AND «sum(id) > 1",
      ),
    }),
    expected: { code: "not-a-condition", message: expect.stringContaining('"sum" is one of many rows') },
  },
  {
    name: "another cell in a condition",
    text: notebook({
      ...orders,
      towns: dataset("SELECT 1 AS id", 'checks: [{expression: "id IN (FROM «orders»)"}]'),
    }),
    expected: { code: "check-reads-table", hint: expect.stringContaining("check cell"), cell: "towns" },
  },
  {
    name: "a parameter in a condition",
    text: notebook(
      { orders: dataset("SELECT 1 AS id", 'checks: [{expression: "id > «$least»"}]') },
      "parameters: {least: 1}",
    ),
    expected: { code: "check-reads-parameter", message: expect.stringContaining('"$least"') },
  },
  {
    name: "what only a table has in a condition",
    text: notebook({ orders: dataset("SELECT 1 AS id", 'checks: [{expression: "«rowid» > 0"}]') }),
    expected: { code: "query-error", message: expect.stringContaining("rowid"), cell: "orders" },
  },
  {
    name: "a type of a contract that leaves its brackets",
    text: notebook({
      orders: dataset(
        "SELECT 1 AS id, 'x' AS name",
        'columns: {id: "VARCHAR) AS c0, CAST(NULL AS INTEGER", name: "VARCHAR"}',
      ),
    }),
    expected: { code: "contract", message: expect.stringContaining("is not known: VARCHAR) AS c0") },
  },
  {
    name: "a slider behind a dataset",
    text: `\`\`\`yaml\ninput: top\ntype: number\ndefault: 5\n\`\`\`\n\n${notebook({ orders: dataset("SELECT $top AS n") }).replace("orders", "«orders»")}`,
    expected: { code: "input-in-dataset", cell: "orders" },
  },
];

describe("findProblems", () => {
  test.each(cases)("finds $name at its place", async ({ text, files, expected }) => {
    const diagnostics = await check(text, files);
    const found = diagnostics.find((item) => expected.code === undefined || item.code === expected.code);
    expect(found, JSON.stringify(diagnostics)).toMatchObject({ ...expected, ...placeOf(text) });
  });

  test("finds nothing in a good notebook", async () => {
    expect(await check(notebook({ ...orders, total: "SELECT count(*) AS n FROM orders" }))).toEqual([]);
    const counted = notebook({
      lines: "SELECT * FROM 'input/a.csv'",
      orders: dataset("FROM lines", "checks: [{row_count_matches: {input: input/a.csv}}]"),
    });
    expect(await check(counted, { "input/a.csv": "id\n1\n" })).toEqual([]);
  });

  test("names the whole way round a cycle, and marks every cell of it", async () => {
    const text = notebook({
      a: "SELECT * FROM b",
      b: "SELECT * FROM c",
      c: "SELECT * FROM a",
      d: "SELECT * FROM a",
    });
    const cycles = (await check(text)).filter((item) => item.code === "cycle");
    expect(cycles.map((item) => item.cell)).toEqual(["a", "b", "c"]);
    for (const { message } of cycles)
      for (const name of ["a", "b", "c"]) expect(message).toContain(`"${name}"`);
  });

  test("lets one bad cell hide no other", async () => {
    const text = notebook({
      ...orders,
      bad: "SELEKT",
      worse: "SELECT nothing FROM orders",
      after: "SELECT * FROM bad",
      other: "SELECT nothing FROM orders",
    });
    expect((await check(text)).map((item) => item.cell)).toEqual(["bad", "worse", "other"]);
  });
});

/** Where the mark stands, counted from 1; nothing where there is none. */
function placeOf(text: string): { line?: number; column?: number } {
  const at = text.indexOf("«");
  if (at < 0) return {};
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

test("names the column that only single files have in a cell that adds deliveries up, and what to write", async () => {
  const files = { "input/x.csv": "k\n1\n", "input/y.csv": "k,filename\n1,a\n" };
  const found = await check(
    notebook({
      listed: "SELECT 1 AS k",
      one: dataset(
        "SELECT k, filename AS f FROM read_csv('input/x*.csv') JOIN listed USING (k)",
        "key: k",
        "incremental: by_key",
      ),
      named: dataset(
        "SELECT k, filename AS f FROM read_csv('input/x.csv', filename = true)",
        "key: k",
        "incremental: by_key",
      ),
      own: dataset("SELECT k, filename FROM read_csv('input/y.csv')", "key: k", "incremental: by_key"),
      whole: dataset("SELECT k, filename AS f FROM read_csv('input/x.csv')"),
    }),
    files,
  );
  expect(found.map(({ code, cell, message, hint }) => [code, cell, message, hint])).toEqual([
    [
      "virtual-column",
      "one",
      '"one" adds deliveries up, whose files together have no column filename.',
      "Name it where the file is read: read_csv('input/x*.csv', filename = true).",
    ],
  ]);
});
