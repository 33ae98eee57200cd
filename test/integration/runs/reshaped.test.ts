import { expect, test } from "vitest";
import { createLiveView } from "../../../server/runs/run-inputs.js";
import { forecastWithReaders } from "../../../server/workbench/foresee-reshaped.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { runDate, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const files = {
  "notebooks/sales.md": notebook({
    orders: dataset("SELECT 1 AS id, 'BCN' AS city, 5 AS minutes"),
    totals: dataset("SELECT sum(minutes) AS minutes FROM orders"),
    places: "SELECT count(*) AS n FROM (SELECT id FROM orders)",
  }),
  "notebooks/report.md": notebook({
    slow: "SELECT max(minutes) FROM lake.orders",
    all_of_them: "FROM lake.orders",
    cities: "SELECT city FROM lake.orders",
  }),
  "notebooks/other.md": notebook({ text: "SELECT 'minutes of lake.orders' AS t" }),
};

/** What is told before anything runs is what the run tells. */
async function reshaped(runs: Runs, date = runDate) {
  const { workspace, engine, notebooks, lake } = runs.manager.services;
  const view = await createLiveView(workspace, runs.workspace.path("view"));
  const services = { workspace, engine, notebooks, lake, manager: runs.manager, view };
  const request = { notebook: "sales", mode: "materialize", date } as const;
  const planned = await forecastWithReaders(services, request);
  const ended = await runs.materialize({ date });
  expect(ended.outcome).toBe("succeeded");
  expect(planned.reshaped).toEqual(ended.reshaped);
  return ended.reshaped;
}

const readers = [
  { notebook: "report", cell: "slow", as: "lake.orders" },
  { notebook: "report", cell: "all_of_them", as: "lake.orders" },
];

test("a column that changes its type or is lost is named with its readers in every notebook, before and after", () =>
  withRuns(files, async (runs) => {
    expect(await reshaped(runs)).toBeUndefined();
    await runs.workspace.replace("notebooks/sales.md", "5 AS minutes", "5.0::DOUBLE AS minutes, 1 AS more");
    expect(await reshaped(runs)).toEqual([
      {
        dataset: "orders",
        column: "minutes",
        before: "INTEGER",
        after: "DOUBLE",
        readers: [{ notebook: "sales", cell: "totals", as: "orders" }, ...readers],
      },
      { dataset: "totals", column: "minutes", before: "DECIMAL(38,0)", after: "DOUBLE", readers: [] },
    ]);
    await runs.workspace.replace("notebooks/sales.md", ", 5.0::DOUBLE AS minutes, 1 AS more", "");
    await runs.workspace.replace("notebooks/sales.md", "sum(minutes) AS minutes", "count(*) AS n");
    expect(await reshaped(runs)).toEqual([
      { dataset: "orders", column: "minutes", before: "DOUBLE", after: null, readers },
      { dataset: "orders", column: "more", before: "INTEGER", after: null, readers: [readers[1]] },
      { dataset: "totals", column: "minutes", before: "DOUBLE", after: null, readers: [] },
    ]);
    // Who reads the latest reads nothing of a date before it.
    expect(await reshaped(runs, "2026-10-01")).toBeUndefined();
  }));
