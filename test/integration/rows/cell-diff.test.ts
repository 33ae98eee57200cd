import { describe, expect, test } from "vitest";
import { diffCell } from "../../../server/rows/cell-diff.js";
import { RunIndex } from "../../../server/runs/run-index.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const counted = (select: string, rest: string, ...options: string[]) => ({
  "notebooks/sales.md": notebook({
    cities: "SELECT ['A', 'B', 'C', 'D'][1 + range % 4] AS city, range AS id FROM range(8)",
    totals: dataset(`SELECT ${select} FROM cities ${rest}`, ...options),
  }),
});

function changes({ lake, manager }: Runs) {
  const { engine } = manager.services;
  const runs = new RunIndex(manager.store, manager.events);
  return diffCell(
    { lake, engine, runs, manager },
    "sales",
    "totals",
    undefined,
    new AbortController().signal,
  );
}

describe("what changes of a dataset without a key", () => {
  test("is nothing to compare before anything is published", () =>
    withRuns(counted("city, count(*) AS n", "GROUP BY city"), async (runs) => {
      await runs.run();
      expect(await changes(runs)).toEqual({ dataset: "totals", against: null, rowsAfter: 4 });
    }));

  test.each([
    ["city, count(*) AS n", "GROUP BY city", ["city"]],
    ["cities.city, count(*) AS n", "GROUP BY cities.city ORDER BY n", ["city"]],
    ["count(*) AS n, upper(city) AS town", "GROUP BY ALL", ["town"]],
    ["count(*) AS n, upper(city) AS town", "GROUP BY 2", ["town"]],
    ["lower(city) AS town, count(*) AS n", "GROUP BY lower(city)", ["town"]],
    ["lower(city) AS town, count(*) AS n", "GROUP BY town", ["town"]],
  ])("is matched by what it groups by: SELECT %s %s", (select, rest, key) =>
    withRuns(counted(select, rest), async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", "count(*) AS n", "count(*) + 1 AS n");
      await runs.run();
      expect(await changes(runs)).toMatchObject({
        key,
        keyFrom: "group by",
        changed: 4,
        added: 0,
        removed: 0,
      });
    }),
  );

  test.each([
    ["count(*) AS n", "GROUP BY city"],
    ["unnest([1, 1]) AS copy, city, count(*) AS n", "GROUP BY city"],
    ["city, count(*) AS n", "GROUP BY ROLLUP (city, id % 2)"],
    ["city, id AS n", ""],
  ])("compares whole rows where that is no key: SELECT %s %s", (select, rest) =>
    withRuns(counted(select, rest), async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", " AS n", " + 100 AS n");
      await runs.run();
      const diff = await changes(runs);
      expect(diff).toMatchObject({ key: [], changed: 0 });
      expect(diff).not.toHaveProperty("keyFrom");
    }),
  );
});
