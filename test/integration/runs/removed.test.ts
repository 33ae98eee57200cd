import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { runDate, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();
const earlier = "2026-10-01";

const files = {
  "notebooks/sales.md": notebook({
    orders: dataset("SELECT range AS id FROM range(8)"),
    totals: dataset("SELECT count(*) AS n FROM orders"),
    latest_orders: "FROM lake.orders",
  }),
  "notebooks/report.md": notebook({
    newest: "SELECT count(*) FROM lake.Orders",
    october: `SELECT count(*) FROM "${earlier}".orders`,
    november: `SELECT count(*) FROM "${runDate}".orders`,
    other: "SELECT 'lake.orders' AS text",
  }),
};

/** The same answer three times: planned, of the run as it begins, and of the run as it ended. */
async function removals(runs: Runs, request: Parameters<Runs["materialize"]>[0] = {}) {
  const planned = await runs.manager.forecast({
    notebook: "sales",
    mode: "materialize",
    date: runDate,
    ...request,
  });
  const handle = await runs.start(request);
  const begun = await runs.manager.view(handle.id);
  const ended = await handle.finished;
  expect(ended.outcome).toBe("succeeded");
  expect(planned.removed).toEqual(ended.removed);
  expect(planned.run.removed).toEqual(ended.removed);
  expect(begun.removing).toEqual(ended.removed);
  return ended.removed;
}

const gone = {
  dataset: "orders",
  path: `data_lake/${runDate}/orders`,
  rows: 8,
  reason: "no cell of that name",
};

describe("what a materialization takes from its run date", () => {
  test("is named with rows and readers, for a cell that has another name now", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", "cell: orders\n", "cell: all_orders\n");
      await runs.workspace.replace("notebooks/sales.md", "FROM orders", "FROM all_orders");
      expect(await removals(runs)).toEqual([
        {
          ...gone,
          latestThen: null,
          readers: [
            { notebook: "report", cell: "newest", as: "lake.orders" },
            { notebook: "report", cell: "november", as: `"${runDate}".orders` },
            { notebook: "sales", cell: "latest_orders", as: "lake.orders" },
          ],
        },
      ]);
      expect(await runs.workspace.files(`data_lake/${runDate}/orders`)).toEqual([]);
      expect(await removals(runs)).toEqual([]);
    }));

  test("names the date that latest/ shows then, and only readers of what goes", () =>
    withRuns(files, async (runs) => {
      await runs.materialize({ date: earlier });
      await runs.materialize();
      await runs.workspace.write("notebooks/sales.md", notebook({ totals: dataset("SELECT 8 AS n") }));
      const [first, ...others] = await removals(runs, { date: earlier });
      expect(others).toEqual([]);
      expect(first).toEqual({
        ...gone,
        path: `data_lake/${earlier}/orders`,
        readers: [{ notebook: "report", cell: "october", as: `"${earlier}".orders` }],
      });
      await runs.workspace.write("notebooks/sales.md", files["notebooks/sales.md"]);
      await runs.materialize({ date: earlier });
      await runs.workspace.write("notebooks/sales.md", notebook({ totals: dataset("SELECT 8 AS n") }));
      expect(await removals(runs)).toMatchObject([
        { latestThen: earlier, readers: [{ cell: "newest" }, { cell: "november" }] },
      ]);
    }));

  test.each([
    [
      "is no longer materialized",
      "--| materialize: parquet\nSELECT range",
      "SELECT range",
      "not materialized any longer",
    ],
    ["is disabled", "SELECT range", "--| disabled: true\nSELECT range", "disabled"],
  ])("is named where the cell %s", (_what, from, to, reason) =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", from, to);
      const removed = await removals(runs);
      expect(removed[0]).toMatchObject({ dataset: "orders", rows: 8, reason });
      expect(removed.slice(1)).toMatchObject(
        reason === "disabled" ? [{ dataset: "totals", rows: 1, reason: "`orders` is disabled" }] : [],
      );
    }),
  );

  test("is named where the last dataset goes", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("notebooks/sales.md", notebook({ orders: "SELECT 1 AS id" }));
      expect((await removals(runs)).map((item) => item.dataset)).toEqual(["orders", "totals"]);
      expect(await runs.workspace.files("data_lake/latest")).toEqual([]);
    }));

  test("is a format of a dataset that stays, too", () =>
    withRuns(
      { "notebooks/sales.md": notebook({ orders: "--| materialize: [parquet, csv]\nSELECT 1 AS id" }) },
      async (runs) => {
        await runs.materialize();
        await runs.workspace.replace("notebooks/sales.md", "[parquet, csv]", "parquet");
        expect(await removals(runs)).toMatchObject([
          { dataset: "orders", path: `data_lake/${runDate}/orders.csv`, rows: 1, readers: [] },
        ]);
      },
    ));

  test("is nothing where only some datasets are published, or where a run publishes nothing", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", "cell: orders\n", "cell: all_orders\n");
      await runs.workspace.replace("notebooks/sales.md", "FROM orders", "FROM all_orders");
      expect(await removals(runs, { cells: ["totals"] })).toEqual([]);
      await runs.workspace.replace("notebooks/sales.md", "count(*) AS n", "CAST('x' AS INTEGER) AS n");
      expect(await runs.materialize()).toMatchObject({
        outcome: "failed",
        removed: [],
        removing: [{ dataset: "orders" }],
      });
      expect((await runs.run({ cells: ["all_orders"] })).removing).toEqual([]);
    }));

  test("is nothing where another notebook has taken the name over, and its rows before are told", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("notebooks/sales.md", notebook({ totals: dataset("SELECT 8 AS n") }));
      await runs.workspace.write(
        "notebooks/second.md",
        notebook({ orders: dataset("SELECT range AS id FROM range(5)") }),
      );
      await runs.run({ notebook: "second" });
      const { cells } = await runs.manager.forecast({
        notebook: "second",
        mode: "materialize",
        date: runDate,
      });
      expect(cells).toMatchObject([{ publication: { rowsBefore: 8, rowsAfter: 5, against: runDate } }]);
      expect(await removals(runs, { notebook: "second" })).toEqual([]);
      expect(await removals(runs)).toEqual([]);
      expect(await runs.workspace.files(`data_lake/${runDate}/orders`)).toHaveLength(1);
    }));

  test("says where the name is now, before that notebook was published", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("notebooks/sales.md", notebook({ totals: dataset("SELECT 8 AS n") }));
      await runs.workspace.write("notebooks/second.md", notebook({ orders: dataset("SELECT 1 AS id") }));
      expect(await removals(runs)).toMatchObject([
        { dataset: "orders", reason: "now a cell of notebook `second`" },
      ]);
    }));

  test("must have been agreed to, where the request says what was", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("notebooks/sales.md", notebook({ totals: dataset("SELECT 8 AS n") }));
      await expect(runs.materialize({ removes: [] })).rejects.toMatchObject({
        code: "choice-needed",
        details: { removed: [{ dataset: "orders" }] },
      });
      expect((await runs.materialize({ removes: [gone.path] })).removed).toHaveLength(1);
    }));
});
