import { describe, expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import { withWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

const orders = { orders: dataset("SELECT 1 AS id, 'BCN' AS city") };

describe("lakebook check", () => {
  test("prints the line with a mark below for people", () =>
    withWorkspace(
      { "notebooks/sales.md": notebook({ ...orders, total: "SELECT citi FROM orders" }) },
      async (workspace) => {
        const { code, stdout } = await lakebook(["check", "sales"], { workspace });
        expect(code).toBe(2);
        expect(stdout).toMatch(/^error\[[a-z-]+\]: .*citi/m);
        expect(stdout).toMatch(/ --> notebooks\/sales\.md:9:8$/m);
        expect(stdout).toMatch(/^9 \| SELECT citi FROM orders$/m);
        expect(stdout).toMatch(/^ {2}\| {8}\^{4}$/m);
        expect(stdout).toMatch(/ 1 errors?, 0 warnings/);
      },
    ));

  test("warns and exits 0 where nothing is wrong", () =>
    withWorkspace(
      { "notebooks/sales.md": notebook({ orders: dataset("SELECT 1 AS id", "ownr: me") }) },
      async (workspace) => {
        const result = await lakebook(["check", "sales", "--json"], { workspace });
        expect(result.code).toBe(0);
        expect(result.json()).toMatchObject({
          diagnostics: [{ code: "unknown-key", severity: "warning", cell: "orders", line: 4, column: 5 }],
        });
      },
    ));

  test("tells whose dataset it is", () =>
    withWorkspace(
      { "notebooks/sales.md": notebook(orders), "notebooks/thief.md": notebook(orders) },
      async (workspace) => {
        await lakebook(["materialize", "sales"], { workspace });
        const result = await lakebook(["check", "thief", "--json"], { workspace });
        expect(result.code).toBe(2);
        expect(result.json()).toMatchObject({
          diagnostics: [{ code: "dataset-taken", cell: "orders", line: 2, column: 11 }],
        });
        const refused = await lakebook(["materialize", "thief"], { workspace });
        expect(refused.code).toBe(2);
        expect(refused.stderr).toContain('belongs to notebook "sales"');
      },
    ));
});

describe("lakebook lineage", () => {
  test("begins at a column of a file too", () =>
    withWorkspace(
      {
        "input/a.b.csv": "id,city\n1,BCN\n",
        "notebooks/sales.md": notebook({
          orders: dataset("SELECT id, city AS code FROM read_csv('input/a.b.csv')"),
        }),
      },
      async (workspace) => {
        const ask = (column: string): ReturnType<typeof lakebook> =>
          lakebook(["lineage", "sales", "--column", column], { workspace });
        const { code, stdout } = await ask("input/a.b.csv.city");
        expect([code, stdout]).toEqual([0, "city of input/a.b.csv\n\ngoes into\n  orders.code\n"]);
        expect((await ask("input/a.b.csv.town")).stderr).toContain(
          '"town" is not a column of "input/a.b.csv"',
        );
        expect((await ask("input/other.csv.city")).stderr).toContain("input/a.b.csv");
        expect((await ask("orders.code")).stdout).toContain("city of input/a.b.csv");
        expect((await ask("orders")).code).toBe(2);
      },
    ));
});

describe("lakebook materialize --dry-run", () => {
  test("says where rows go that a check puts aside", () =>
    withWorkspace(
      {
        "notebooks/sales.md": notebook({
          orders: dataset("SELECT 1 AS id", "checks: [{not_null: id, on_fail: quarantine}]"),
        }),
      },
      async (workspace) => {
        const { stdout } = await lakebook(["materialize", "sales", "--dry-run"], { workspace });
        expect(stdout).toContain("Rows of orders that fail orders.not_null_id go to orders__quarantine.");
      },
    ));
});

describe("lakebook graph", () => {
  const files = {
    "notebooks/sales.md": `${notebook({
      ...orders,
      by_city: "SELECT city, count(*) AS n FROM orders GROUP BY city",
      "check some": "SELECT 1 WHERE NOT EXISTS (FROM by_city)",
      wide: "PIVOT orders ON city USING count(*)",
    })}\n\`\`\`yaml\nchart: bars\nfrom: by_city\nmark: barY\nx: city\ny: n\n\`\`\`\n`,
  };

  test("prints cells and edges", () =>
    withWorkspace(files, async (workspace) => {
      const result = await lakebook(["graph", "sales", "--json"], { workspace });
      expect(result.code).toBe(0);
      const { cells, edges } = result.json() as {
        cells: { name: string; kind: string }[];
        edges: string[][];
      };
      expect(cells.map(({ name, kind }) => [name, kind])).toEqual([
        ["orders", "sql"],
        ["by_city", "sql"],
        ["some", "check"],
        ["wide", "sql"],
        ["bars", "chart"],
      ]);
      expect(edges.sort()).toEqual([
        ["by_city", "bars"],
        ["by_city", "some"],
        ["orders", "by_city"],
        ["orders", "wide"],
      ]);
    }));

  test("prints a Mermaid flowchart, and lines for people", () =>
    withWorkspace(files, async (workspace) => {
      const mermaid = (await lakebook(["graph", "sales", "--mermaid"], { workspace })).stdout;
      expect(mermaid.split("\n")[0]).toBe("flowchart LR");
      expect(mermaid).toContain("  orders --> by_city\n");
      expect((await lakebook(["graph", "sales"], { workspace })).stdout).toMatch(
        /^sql +by_city +← +orders$/m,
      );
    }));
});
