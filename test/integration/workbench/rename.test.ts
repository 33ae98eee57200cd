import { lstatSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import type { Engine } from "../../../server/engine/engine.js";
import { analyzeNotebook, type AnalyzedNotebook } from "../../../server/analysis/analyzed-notebook.js";
import { withoutOwnSchemas } from "../../../server/runs/query-scope.js";
import { renameEverywhere } from "../../../server/workbench/rename-references.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { parseNotebookText } from "../../../server/workspace/notebook-files.js";
import { useEngine } from "../../support/with-engine.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, outcomes, runDate, useRuns } from "../../support/workspace-runs.js";
import { query } from "../engine/scope.js";

const shared = useEngine();
const withRuns = useRuns();

async function rename(engine: Engine, text: string, cell: string, newName: string): Promise<string> {
  const analyzeText = async (name: string, read: string): Promise<AnalyzedNotebook> =>
    analyzeNotebook(engine, await parseNotebookText(name, read));
  const services = { engine, notebooks: { analyzeText } };
  return renameEverywhere(services, await analyzeText("sales", text), cell, newName);
}

describe("renaming a cell", () => {
  /** Each reads `orders`, and what it is then. */
  const readers: [before: string, after: string][] = [
    ["SELECT orders.id FROM orders", "SELECT purchases.id FROM purchases"],
    ['SELECT "orders".id, ORDERS.city FROM Orders', 'SELECT "purchases".id, purchases.city FROM purchases'],
    [
      "SELECT orders.* EXCLUDE (city) FROM main.orders",
      "SELECT purchases.* EXCLUDE (city) FROM main.purchases",
    ],
    ["SELECT main.orders.id FROM orders", "SELECT main.purchases.id FROM purchases"],
    ["SELECT o.id FROM orders o", "SELECT o.id FROM purchases o"],
    [
      "SELECT orders.id FROM zones AS orders, orders AS o",
      "SELECT orders.id FROM zones AS orders, purchases AS o",
    ],
    [
      "SELECT zones.id, orders.city FROM zones JOIN orders ON orders.id = zones.id ORDER BY orders.id",
      "SELECT zones.id, purchases.city FROM zones JOIN purchases ON purchases.id = zones.id ORDER BY purchases.id",
    ],
    [
      "SELECT * FROM orders WHERE id IN (SELECT orders.id FROM orders)",
      "SELECT * FROM purchases WHERE id IN (SELECT purchases.id FROM purchases)",
    ],
    ["SELECT orders FROM orders", "SELECT orders FROM purchases AS orders"],
    ["SELECT count(orders.id) FROM orders", "SELECT count(orders.id) FROM purchases AS orders"],
    ["SELECT count(orders.id) AS n FROM orders", "SELECT count(purchases.id) AS n FROM purchases"],
    [
      "SELECT id, (SELECT count(*) FROM zones WHERE zones.id = orders.id) AS n FROM orders",
      "SELECT id, (SELECT count(*) FROM zones WHERE zones.id = orders.id) AS n FROM purchases AS orders",
    ],
    [
      "WITH orders AS (SELECT id + 1 AS id FROM orders) SELECT orders.id FROM orders",
      "WITH orders AS (SELECT id + 1 AS id FROM purchases) SELECT orders.id FROM orders",
    ],
    [
      "WITH orders AS (SELECT main.orders.id + 1 AS id FROM main.orders) SELECT main.orders.id FROM orders",
      "WITH orders AS (SELECT orders.id + 1 AS id FROM main.purchases AS orders) SELECT orders.id FROM orders",
    ],
    [
      'SELECT count("main".orders.id), orders FROM main."orders" GROUP BY ALL',
      'SELECT count(orders.id), orders FROM main."purchases" AS orders GROUP BY ALL',
    ],
    [
      "SELECT purchases.zone, main.orders.city FROM main.orders JOIN zones AS purchases USING (id)",
      "SELECT purchases.zone, orders.city FROM main.purchases AS orders JOIN zones AS purchases USING (id)",
    ],
    [
      "SELECT id, (SELECT max(zones.id + main.orders.id) FROM zones) AS n FROM main.orders",
      "SELECT id, (SELECT max(zones.id + orders.id) FROM zones) AS n FROM main.purchases AS orders",
    ],
    [
      "SELECT orders.id FROM orders UNION ALL SELECT (SELECT count(orders.id)) FROM orders",
      "SELECT purchases.id FROM purchases UNION ALL SELECT (SELECT count(orders.id)) FROM purchases AS orders",
    ],
    [
      "WITH o AS (SELECT orders FROM orders) SELECT orders.id, o FROM o, orders",
      "WITH o AS (SELECT orders FROM purchases AS orders) SELECT orders.id, o FROM o, purchases AS orders",
    ],
    [
      "WITH o AS (SELECT count(orders.id) FROM orders) SELECT * FROM o, orders",
      "WITH o AS (SELECT count(orders.id) FROM purchases AS orders) SELECT * FROM o, purchases",
    ],
    [
      "SELECT orders.id, n FROM orders, LATERAL (SELECT orders.id + 1 AS n)",
      "SELECT orders.id, n FROM purchases AS orders, LATERAL (SELECT orders.id + 1 AS n)",
    ],
    [
      "SELECT orders.id FROM orders UNION SELECT id FROM zones ORDER BY orders.id",
      "SELECT orders.id FROM purchases AS orders UNION SELECT id FROM zones ORDER BY orders.id",
    ],
    [
      "SELECT orders.id, o.city FROM orders JOIN orders AS o USING (id) WHERE orders.city = o.city",
      "SELECT purchases.id, o.city FROM purchases JOIN purchases AS o USING (id) WHERE purchases.city = o.city",
    ],
    [
      "SELECT orders.id FROM orders AS orders, (SELECT id AS z FROM orders)",
      "SELECT orders.id FROM purchases AS orders, (SELECT id AS z FROM purchases)",
    ],
    [
      "SELECT * EXCLUDE (orders.city), COLUMNS(orders.*) FROM orders",
      "SELECT * EXCLUDE (orders.city), COLUMNS(orders.*) FROM purchases AS orders",
    ],
    [
      "SELECT orders.* REPLACE (orders.id + 1 AS id), COLUMNS(orders.*) FROM orders",
      "SELECT orders.* REPLACE (orders.id + 1 AS id), COLUMNS(orders.*) FROM purchases AS orders",
    ],
    [
      "SELECT orders.v.x, main.orders.v.x AS y, orders.v['x'] AS z FROM orders",
      "SELECT purchases.v.x, main.purchases.v.x AS y, purchases.v['x'] AS z FROM purchases",
    ],
    [
      "SELECT orders.* REPLACE (orders.id + 1 AS id) FROM orders",
      "SELECT purchases.* REPLACE (purchases.id + 1 AS id) FROM purchases",
    ],
    [
      "SELECT orders.city.lower() AS l FROM orders",
      "SELECT orders.city.lower() AS l FROM purchases AS orders",
    ],
    [
      "SELECT rank() OVER (PARTITION BY orders.city ORDER BY orders.id) AS r FROM orders QUALIFY r = 1",
      "SELECT rank() OVER (PARTITION BY purchases.city ORDER BY purchases.id) AS r FROM purchases QUALIFY r = 1",
    ],
    [
      "SELECT id FROM zones SEMI JOIN orders ON zones.id = orders.id WHERE EXISTS (FROM orders o WHERE o.id = zones.id)",
      "SELECT id FROM zones SEMI JOIN purchases ON zones.id = purchases.id WHERE EXISTS (FROM purchases o WHERE o.id = zones.id)",
    ],
    [
      "SELECT purchases.id FROM orders JOIN zones AS purchases USING (id)",
      "SELECT purchases.id FROM purchases AS orders JOIN zones AS purchases USING (id)",
    ],
    [
      "SELECT list_transform([id], orders -> orders + 1) AS l FROM orders",
      "SELECT list_transform([id], orders -> orders + 1) AS l FROM purchases AS orders",
    ],
    ["PIVOT orders ON city IN ('BCN') USING count(*)", "PIVOT purchases ON city IN ('BCN') USING count(*)"],
    ["FROM orders SELECT 'orders.id' AS orders", "FROM purchases SELECT 'orders.id' AS orders"],
    ["SUMMARIZE orders", "SUMMARIZE purchases"],
  ];

  test.each(readers)("in %s", async (before, after) => {
    const { engine, root } = shared;
    const zones = "SELECT 1 AS id, 'north' AS zone";
    const orders = "SELECT range AS id, ['BCN', 'MAD'][range] AS city, {'x': range} AS v FROM range(1, 3)";
    const text = notebook({ orders, zones, reader: before });
    expect(await rename(engine, text, "orders", "purchases")).toBe(
      notebook({ purchases: orders, zones, reader: after }),
    );
    const rows = async (name: string, sql: string) => {
      const relations = [
        { type: "query", name, sql: orders },
        { type: "query", name: "zones", sql: zones },
      ] as const;
      const [analysis] = await engine.analyze([sql]);
      if (analysis?.ok !== true) throw new Error(`not admitted: ${sql}`);
      return query(engine, root, withoutOwnSchemas(sql, analysis.facts), { relations });
    };
    const [old, renamed] = [await rows("orders", before), await rows("purchases", after)];
    expect(new Set(renamed.rows)).toEqual(new Set(old.rows));
    expect(renamed.columns).toEqual(old.columns);
  });

  test("reaches charts, inputs, checks and what a query may say of a word of SQL", async () => {
    const text = [
      notebook({
        orders: dataset("SELECT 1 AS id", "checks:", "  - expression: orders.id > 0 AND 'orders.x' <> ''"),
        lines: dataset(
          "SELECT 1 AS id",
          "depends_on: [orders]",
          "checks:",
          "  - relationships: {column: id, to: orders.id}",
          "  - row_count_matches: orders",
        ),
        reader: "SELECT orders.id FROM orders",
        "check none": "SELECT orders.id FROM orders WHERE orders.id IS NULL",
      }),
      "```yaml\nchart: shown\nfrom: orders\ntype: bar\nx: id\ny: id\n```\n",
      "```yaml\ninput: which\ntype: select\noptions: SELECT orders.id FROM orders\n```\n",
    ].join("\n");
    const renamed = await rename(shared.engine, text, "orders", "left");
    const expected = text
      .replaceAll("'orders.x'", "'KEPT'")
      .replaceAll("FROM orders", 'FROM "left"')
      .replaceAll("SELECT orders.", 'SELECT "left".')
      .replaceAll("WHERE orders.", 'WHERE "left".')
      .replace("expression: orders.", 'expression: "left".')
      .replaceAll("orders", "left")
      .replaceAll("'KEPT'", "'orders.x'");
    expect(renamed).toBe(expected);
  });

  test("is refused where a query calls something else so", async () => {
    const text = notebook({
      orders: "SELECT 1 AS id",
      reader: "WITH p AS (SELECT 2 AS id) SELECT * FROM orders, p",
    });
    await expect(rename(shared.engine, text, "orders", "p")).rejects.toMatchObject({
      code: "usage",
      message: 'Cell "reader" would not read the cell under the name "p".',
    });
  });
});

describe("a dataset and a query cell that were renamed", () => {
  const cells = {
    orders: dataset("SELECT id, city FROM read_csv('input/orders.csv')", "checks: [{not_null: id}]").replace(
      "parquet",
      "[parquet, csv]",
    ),
    by_city: dataset(
      "SELECT orders.city, count(*) AS n FROM orders GROUP BY orders.city",
      "partition_by: [city]",
    ),
    shown: "SELECT * FROM by_city ORDER BY city",
    top: "SELECT max(n) AS n FROM shown",
    "check few": "SELECT * FROM orders WHERE id > 100",
  };
  const files = {
    "input/orders.csv": "id,city\n1,BCN\n2,BCN\n3,MAD\n",
    "notebooks/sales.md": notebook(cells),
  };

  test("have the same results under their new names, and so have their readers", () =>
    withRuns(files, async (runs) => {
      const edit = async (cell: string, newName: string) => {
        const text = await runs.workspace.read("notebooks/sales.md");
        await runs.workspace.write("notebooks/sales.md", await rename(shared.engine, text, cell, newName));
      };
      const before = await runs.materialize();
      const shown = await runs.run();
      await edit("orders", "purchases");
      await edit("shown", "listed");
      const reused = {
        purchases: "reused",
        by_city: "reused",
        listed: "reused",
        top: "reused",
        few: "reused",
      };
      const plan = await runs.manager.forecast({ notebook: "sales", mode: "run", date: runDate });
      expect(Object.fromEntries(plan.cells.map(({ name, action }) => [name, action]))).toEqual({
        purchases: "reuse",
        by_city: "reuse",
        listed: "reuse",
        top: "reuse",
        few: "check",
      });
      expect(plan.cells[0]).toMatchObject({ reason: "same SQL and data as `orders`", rows: 3 });
      const again = await runs.run();
      expect(outcomes(again)).toEqual(reused);
      expect(cellOf(again, "purchases").reason).toBe("same SQL and data as `orders`");
      expect(cellOf(again, "listed").fingerprint).toBe(cellOf(shown, "shown").fingerprint);
      expect(again.checks.map(({ outcome, isReused }) => [outcome, isReused])).toEqual([
        ["pass", true],
        ["pass", true],
      ]);
      const after = await runs.materialize();
      expect(outcomes(after)).toMatchObject({ purchases: "reused", by_city: "reused", few: "reused" });
      expect(after.removed).toMatchObject([{ dataset: "orders", rows: 3, reason: "no cell of that name" }]);
      expect(await readPublished(runs.workspace, `${runDate}/purchases`)).toHaveLength(3);
      expect(await runs.workspace.read(`data_lake/${runDate}/purchases.csv`)).toContain("3,MAD");
      const version = (name: string, view: typeof after) =>
        view.published.find(({ dataset }) => dataset === name)?.version ?? "";
      expect(version("by_city", after)).toBe(version("by_city", before));
      const [old, linked] = [
        runs.lake.versionFolder("orders", version("orders", before)),
        runs.lake.versionFolder("purchases", version("purchases", after)),
      ];
      expect(lstatSync(`${linked}/purchases.csv`).ino).toBe(lstatSync(`${old}/orders.csv`).ino);
      expect(await verifyLake(runs.lake, { deep: true })).toEqual([]);
    }));

  test("say why they are computed by what they were computed from under their old names", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.run();
      let text = files["notebooks/sales.md"];
      for (const [cell, newName] of Object.entries({
        orders: "purchases",
        by_city: "cities",
        shown: "listed",
      }))
        text = await rename(shared.engine, text, cell, newName);
      await runs.workspace.write("notebooks/sales.md", text);
      await runs.workspace.write("input/orders.csv", "id,city\n1,BCN\n2,MAD\n3,MAD\n");
      const plan = await runs.manager.forecast({ notebook: "sales", mode: "run", date: runDate });
      const reasons = (cells: readonly { readonly name: string; readonly reason?: string | undefined }[]) =>
        Object.fromEntries(cells.map(({ name, reason }) => [name, reason]));
      expect(reasons(plan.cells)).toMatchObject({
        purchases: "input/orders.csv changed",
        cities: "`purchases` runs",
        listed: "`cities` runs",
        top: "`listed` runs",
      });
      expect(reasons((await runs.run()).cells)).toMatchObject({
        purchases: "input/orders.csv changed",
        cities: "`purchases` changed",
        listed: "`cities` changed",
        top: "`cities` changed",
      });
    }));

  test("are looked for among all that are gone by analyzing each of their texts once", () => {
    const cells = (prefix: string, first: number): string =>
      notebook(Object.fromEntries([0, 1, 2, 3].map((n) => [`${prefix}${n}`, `SELECT ${first + n} AS n`])));
    return withRuns({ "notebooks/sales.md": cells("a", 0) }, async (runs) => {
      await runs.run();
      await runs.workspace.write("notebooks/sales.md", cells("b", 10));
      const analyze = vi.spyOn(runs.manager.services.engine, "analyze");
      const { cells: planned } = await runs.manager.forecast({
        notebook: "sales",
        mode: "run",
        date: runDate,
      });
      expect(planned.map(({ reason }) => reason)).toEqual(Array(4).fill("never run"));
      const texts = analyze.mock.calls
        .flatMap(([queries]) => queries)
        .filter((sql) => /SELECT \d /.test(sql));
      analyze.mockRestore();
      expect(texts.toSorted()).toEqual([0, 1, 2, 3].map((n) => `SELECT ${n} AS n`));
    });
  });

  test("are judged by the checks they have now, and computed where the run trusts nothing stored", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      const text = await rename(shared.engine, files["notebooks/sales.md"], "orders", "purchases");
      await runs.workspace.write("notebooks/sales.md", text.replace("not_null: id", "unique: city"));
      const linked = await runs.run({ cells: ["purchases"] });
      expect(outcomes(linked)).toEqual({ purchases: "reused" });
      expect(linked.checks).toMatchObject([{ outcome: "fail", isReused: false }]);
      expect(outcomes(await runs.run({ cells: ["purchases"], force: true }))).toEqual({
        purchases: "succeeded",
      });
    }));
});
