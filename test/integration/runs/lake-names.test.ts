import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, outcomes, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const files = {
  "notebooks/sales.md": notebook({ orders: dataset("SELECT $run_date AS day, 1 AS n") }),
  "notebooks/report.md": notebook({
    newest: dataset("SELECT day FROM lake.orders"),
    october: dataset('SELECT day FROM "2026-10-01".orders'),
  }),
};

async function publishBoth(runs: Runs): Promise<void> {
  await runs.materialize({ date: "2026-11-01" });
  await runs.materialize({ date: "2026-10-01" });
}

describe("lake.X", () => {
  test("is the dataset of its greatest run date, whatever was published last", () =>
    withRuns(files, async (runs) => {
      await publishBoth(runs);
      await runs.materialize({ notebook: "report" });
      expect(await readPublished(runs.workspace, "latest/newest")).toEqual([{ day: "2026-11-01" }]);
      expect(await readPublished(runs.workspace, "latest/october")).toEqual([{ day: "2026-10-01" }]);
    }));

  test("makes what reads it stale once another version is published", () =>
    withRuns(files, async (runs) => {
      await publishBoth(runs);
      await runs.materialize({ notebook: "report" });
      await runs.materialize({ date: "2026-12-01" });
      const view = await runs.materialize({ notebook: "report" });
      expect(outcomes(view)).toEqual({ newest: "succeeded", october: "reused" });
      expect(cellOf(view, "newest").reason).toBe("`orders` changed");
    }));

  test("is no edge to the notebook's own cell", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write(
        "notebooks/sales.md",
        notebook({ orders: dataset("SELECT $run_date AS day, n + 1 AS n FROM lake.orders") }),
      );
      await runs.materialize({ date: "2026-12-01" });
      expect(await readPublished(runs.workspace, "latest/orders")).toEqual([{ day: "2026-12-01", n: 2 }]);
    }));

  test("is pinned when the run is created, for a retry too", () =>
    withRuns(files, async (runs) => {
      await publishBoth(runs);
      await runs.workspace.write(
        "notebooks/report.md",
        notebook({ newest: dataset("SELECT day, CAST('x' || n AS INTEGER) AS n FROM lake.orders") }),
      );
      const { id } = await runs.materialize({ notebook: "report" });
      await runs.workspace.write("notebooks/sales.md", notebook({ orders: dataset("SELECT 'y' AS n") }));
      await runs.materialize({ date: "2026-12-01" });
      expect(cellOf(await runs.retry(id), "newest").error?.message).toContain("x1");
    }));

  test("of a run date is each of its publications by number, whatever is shown now", () =>
    withRuns(files, async (runs) => {
      for (const n of [1, 2, 3]) {
        await runs.workspace.write("notebooks/sales.md", notebook({ orders: dataset(`SELECT ${n} AS n`) }));
        await runs.materialize({ date: "2026-10-01" });
      }
      await runs.manager.rollBack({ notebook: "sales", date: "2026-10-01", to: 2 });
      await runs.workspace.write(
        "notebooks/report.md",
        notebook({
          all: dataset(
            'SELECT a.n AS a, b.n AS b, c.n AS c, d.n AS d FROM "2026-10-01@1".orders AS a, "2026-10-01@2".orders AS b, "2026-10-01@3".orders AS c, "2026-10-01".orders AS d',
          ),
          versions: dataset(
            "SELECT n, rows, is_current, is_kept, restores, run_date FROM lakebook.versions WHERE dataset = 'orders' ORDER BY n",
          ),
        }),
      );
      const view = await runs.materialize({ notebook: "report" });
      expect(view.outcome).toBe("succeeded");
      expect(await readPublished(runs.workspace, "latest/all")).toEqual([{ a: 1, b: 2, c: 3, d: 2 }]);
      const version = (n: string, isCurrent = false, restores: string | null = null) => ({
        ...{ n, rows: "1", is_current: isCurrent, is_kept: true, restores, run_date: "2026-10-01" },
      });
      expect(await readPublished(runs.workspace, "latest/versions")).toEqual([
        ...["1", "2", "3"].map((n) => version(n)),
        version("4", true, "2"),
      ]);
    }));

  test("cannot be rolled back while a run is about to publish there", () =>
    withRuns(files, async (runs) => {
      await publishBoth(runs);
      const run = await runs.start({ date: "2026-11-01", force: true });
      await expect(runs.manager.rollBack({ notebook: "sales", date: "2026-11-01" })).rejects.toMatchObject({
        code: "conflict",
        message: `Run "${run.id}" is about to publish "sales" for 2026-11-01.`,
      });
      await run.finished;
    }));

  test.each([
    ['"2026-11-01@2".orders', 'Publication 2 of "orders" for 2026-11-01 does not exist.'],
    ["lake.nothing", 'Dataset "nothing" has not been published.'],
    ['"2026-01-01".orders', 'Dataset "orders" has not been published for 2026-01-01.'],
  ])("fails the cell that reads %s, by name", (name, message) =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("notebooks/report.md", notebook({ newest: dataset(`FROM ${name}`) }));
      const view = await runs.materialize({ notebook: "report" });
      expect(cellOf(view, "newest").error?.message).toBe(message);
    }),
  );
});

describe("lakebook.*", () => {
  const relations = ["datasets", "columns", "files", "versions", "runs", "increments", "checks"];

  test("can be read, before anything is published too", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook(
          Object.fromEntries(relations.map((name) => [`all_${name}`, `FROM lakebook.${name}`])),
        ),
      },
      async (runs) => {
        expect(Object.values(outcomes(await runs.run()))).toEqual(relations.map(() => "succeeded"));
      },
    ));

  test("tells what is in the lake", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          orders: dataset(
            "SELECT 1 AS id, 'BCN' AS city",
            "partition_by: [city]",
            "checks: [{unique: [id]}]",
          ),
        }),
        "notebooks/report.md": notebook({
          d: dataset(
            "SELECT dataset, run_date, rows, notebook FROM lakebook.datasets WHERE dataset = 'orders'",
          ),
          c: dataset("SELECT * FROM lakebook.columns WHERE dataset = 'orders'"),
          f: dataset("SELECT * FROM lakebook.files WHERE dataset = 'orders'"),
          r: dataset("SELECT notebook, outcome FROM lakebook.runs WHERE notebook = 'sales'"),
          k: dataset('SELECT "check", outcome, failures FROM lakebook.checks'),
        }),
      },
      async (runs) => {
        await runs.materialize();
        const view = await runs.materialize({ notebook: "report" });
        expect(view.outcome).toBe("succeeded");
        expect(await readPublished(runs.workspace, "latest/d")).toEqual([
          { dataset: "orders", run_date: "2026-11-01", rows: "1", notebook: "sales" },
        ]);
        expect(await readPublished(runs.workspace, "latest/c")).toHaveLength(2);
        expect(await readPublished(runs.workspace, "latest/f")).toHaveLength(1);
        expect(await readPublished(runs.workspace, "latest/r")).toEqual([
          { notebook: "sales", outcome: "succeeded" },
        ]);
        expect(await readPublished(runs.workspace, "latest/k")).toEqual([
          { check: "orders.unique_id", outcome: "pass", failures: "0" },
        ]);
      },
    ));
});
