import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lakebook, type CliResult } from "../../support/cli.js";
import { createWorkspace, removeWorkspace, type TestWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace({
    "input/orders.csv": "id,city\n1,BCN\n2,MAD\n",
    "notebooks/sales.md": notebook(
      {
        orders: dataset("SELECT id, city FROM read_csv('input/orders.csv')"),
        shown: "SELECT city, count(*) AS n FROM orders GROUP BY city ORDER BY city",
        never_run: "SELECT * FROM shown WHERE city = $place",
      },
      "parameters:\n  place: {type: string, default: BCN}",
    ),
  });
  await lakebook(["materialize", "sales", "--date", "2026-11-01"], { workspace });
});
afterAll(() => removeWorkspace(workspace));

function query(sql: string, ...args: readonly string[]): Promise<CliResult> {
  return lakebook(["query", sql, ...args], { workspace });
}

describe("lakebook query", () => {
  test("finds what was made of a dataset under its old name, until its input changes", async () => {
    const cells = (name: string) => notebook({ [name]: dataset("SELECT id FROM read_csv('input/ids.csv')") });
    const renamed = await createWorkspace({ "input/ids.csv": "id\n7\n", "notebooks/ids.md": cells("old") });
    try {
      await lakebook(["materialize", "ids"], { workspace: renamed });
      await renamed.write("notebooks/ids.md", cells("fresh"));
      const ask = () =>
        lakebook(["query", "FROM fresh", "--notebook", "ids", "--format", "csv"], { workspace: renamed });
      expect(await ask()).toMatchObject({ code: 0, stdout: "id\n7\n" });
      await renamed.write("input/ids.csv", "id\n8\n");
      expect((await ask()).stderr).toContain('Cell "fresh" has not been run.');
    } finally {
      await removeWorkspace(renamed);
    }
  });

  test("prints a table", async () => {
    const { code, stdout } = await query("FROM lake.orders ORDER BY id");
    expect(code).toBe(0);
    expect(stdout).toBe("id  city\n──  ────\n 1  BCN\n 2  MAD\n2 rows\n");
  });

  test("prints CSV that tells NULL from an empty text", async () => {
    const { stdout } = await query("SELECT 1 AS a, NULL AS b, '' AS c, 'x,\"y\"' AS d", "--format", "csv");
    expect(stdout).toBe('a,b,c,d\n1,,"","x,""y"""\n');
  });

  test("prints JSON in which no digit is lost", async () => {
    const result = await query(
      "SELECT 9007199254740993 AS big, 0.10::DECIMAL(9, 2) AS price, 1::SMALLINT AS small, true AS flag, NULL AS nothing",
      "--format",
      "json",
    );
    expect(result.json()).toEqual({
      columns: [
        { name: "big", type: "BIGINT", kind: "integer" },
        { name: "price", type: "DECIMAL(9,2)", kind: "decimal" },
        { name: "small", type: "SMALLINT", kind: "integer" },
        { name: "flag", type: "BOOLEAN", kind: "boolean" },
        { name: "nothing", type: expect.any(String) as string, kind: expect.any(String) as string },
      ],
      rows: [["9007199254740993", "0.10", 1, true, null]],
      truncated: false,
    });
  });

  test("takes --json, as other commands do", async () => {
    const result = await query("SELECT 1 AS n", "--json");
    expect(result.json()).toEqual({
      columns: [{ name: "n", type: "INTEGER", kind: "integer" }],
      rows: [[1]],
      truncated: false,
    });
  });

  test("stops at --limit and says so", async () => {
    const result = await query("FROM range(50)", "--limit", "10", "--format", "json");
    const answer = result.json() as { rows: unknown[]; truncated: boolean };
    expect([answer.rows.length, answer.truncated]).toEqual([10, true]);
    expect(result.stderr).toContain("Only the first 10 rows are shown");
  });

  test.each([
    ["a date's dataset", 'SELECT count(*) AS n FROM "2026-11-01".orders', []],
    ["a file", "SELECT count(*) AS n FROM 'input/orders.csv'", []],
    ["a cell of a notebook", "SELECT count(*) AS n FROM orders", ["--notebook", "sales"]],
    ["a query cell that was never run", "SELECT count(*) + 1 AS n FROM never_run", ["--notebook", "sales"]],
    [
      "a query cell with a parameter",
      "SELECT count(*) + 1 AS n FROM never_run",
      ["--notebook", "sales", "--param", "place=MAD"],
    ],
    ["what the product knows", "SELECT rows AS n FROM lakebook.datasets", []],
  ])("reads %s", async (_name, sql, args) => {
    const result = await query(sql, "--format", "json", ...args);
    expect((result.json() as { rows: unknown }).rows, result.stderr).toEqual([["2"]]);
  });

  test.each([
    ["FROM lake.order", 'Did you mean "lake.orders"?'],
    ["FROM orders", 'Did you mean "lake.orders"?'],
    ["SELECT idd FROM lake.orders", "idd"],
    ["COPY (SELECT 1) TO '/tmp/x.csv'", "1:1"],
    ["SELECT 1; SELECT 2", "1:"],
    ["FROM '/etc/passwd'", "passwd"],
    ["FROM read_text('/etc/passwd')", "lies outside of what SQL may read"],
    ["FROM 'data_lake/latest/orders/*.parquet'", "Read lake.orders"],
    ["FROM 'input/missing.csv'", "missing.csv"],
  ])("refuses %s and says why", async (sql, message) => {
    const { code, stdout, stderr } = await query(sql);
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test("shows control characters instead of obeying them", async () => {
    const { stdout } = await query("SELECT chr(27) || '[31mred' AS text");
    expect(stdout).toContain("\\u001b[31mred");
    expect(stdout).not.toContain("\u001b");
  });
});
