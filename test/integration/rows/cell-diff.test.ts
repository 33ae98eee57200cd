import { describe, expect, test } from "vitest";
import type { TaskControl } from "../../../server/engine/engine.js";
import type { DiffTask } from "../../../server/engine/verbs.js";
import { diffPlaces } from "../../../server/rows/diff-places.js";
import { diffCell, type CellDiff } from "../../../server/rows/cell-diff.js";
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

function changes({ lake, manager }: Runs, against?: string) {
  const { engine } = manager.services;
  const runs = new RunIndex(manager.store, manager.events);
  return diffCell({ lake, engine, runs, manager }, "sales", "totals", against, new AbortController().signal);
}

test("before anything is published a draft is compared with the run before", () =>
  withRuns(counted("city, count(*) AS n", "GROUP BY city"), async (runs) => {
    await runs.run();
    await runs.workspace.replace("notebooks/sales.md", "count(*) AS n", "count(*) + 1 AS n");
    await runs.run();
    expect(await changes(runs)).toMatchObject({ against: "last run", changed: 4, keyFrom: "group by" });
    await runs.materialize();
    expect(await changes(runs)).toMatchObject({ against: "2026-11-01", changed: 0, isSame: true });
  }));

test("a draft is compared with what is chosen: the run before, or any other that is still stored", () =>
  withRuns(counted("city, count(*) AS n", "GROUP BY city"), async (runs) => {
    await runs.materialize();
    await runs.workspace.replace("notebooks/sales.md", "count(*) AS n", "count(*) + 1 AS n");
    await runs.run();
    await runs.workspace.replace(
      "notebooks/sales.md",
      "count(*) + 1 AS n",
      "count(*) + if(city = 'A', 1, 0) AS n",
    );
    await runs.run();
    const first = await changes(runs);
    expect(first).toMatchObject({ against: "2026-11-01", published: "2026-11-01", changed: 1 });
    const { earlier } = first as CellDiff;
    expect(earlier.map(({ rows }) => rows)).toEqual([4, 4]);
    expect(await changes(runs, "last run")).toMatchObject({ against: "last run", changed: 3 });
    const oldest = earlier[1]?.version ?? "";
    expect(await changes(runs, oldest)).toMatchObject({ against: oldest, changed: 1, earlier });
    await expect(changes(runs, "yesterday")).rejects.toThrow('"yesterday" is no run date, and no version');
  }));

describe("a dataset at two places", () => {
  const of = (rows: string) => ({
    "notebooks/sales.md": notebook({
      totals: dataset(`SELECT * FROM (VALUES ${rows}) AS t(city, n)`, "key: city", "partition_by: [city]"),
    }),
  });

  test("may be run dates, publications, tags, latest and the draft", () =>
    withRuns(of("('A', 1), ('B', 2)"), async (runs) => {
      const { lake, manager, workspace } = runs;
      const { engine } = manager.services;
      const diff = (from: string, to: string) =>
        diffPlaces({ lake, engine }, { dataset: "totals", from, to }, { label: "totals" });
      await runs.materialize({ date: "2026-10-01" });
      await lake.tag({ notebook: "sales", date: "2026-10-01", name: "first" });
      await workspace.replace("notebooks/sales.md", "('B', 2)", "('B', 5), ('C', 1)");
      await runs.materialize({ date: "2026-10-01" });
      await runs.materialize({ date: "2026-11-01" });
      await workspace.replace("notebooks/sales.md", "('A', 1), ", "");
      await runs.run();
      const later = {
        key: ["city"],
        keyFrom: "key",
        rowsBefore: 2,
        rowsAfter: 3,
        added: 1,
        changed: 1,
        removed: 0,
      };
      const [version = ""] = lake.history().map(({ datasets }) => datasets["totals"]);
      expect(await diff(version, "latest")).toMatchObject({ ...later, from: version });
      for (const from of ["first", "2026-10-01@1"]) {
        expect(await diff(from, "latest")).toMatchObject({
          ...later,
          ...{ dataset: "totals", from, to: "latest", isSame: false },
          fromPlace: { runDate: "2026-10-01", number: 1 },
          toPlace: { runDate: "2026-11-01", number: 1 },
          examples: {
            added: [["C", 1]],
            changed: [{ key: ["B"], values: [{ column: "n", before: 2, after: 5 }] }],
          },
          moves: [{ column: "n", key: ["B"], before: 2, after: 5, change: 3 }],
        });
      }
      expect(await diff("2026-10-01", "2026-10-01@2")).toMatchObject({ isSame: true, added: 0, changed: 0 });
      expect(await diff("latest", "draft")).toMatchObject({ removed: 1, examples: { removed: [["A", 1]] } });
      await expect(diff("2026-10-01@3", "latest")).rejects.toMatchObject({ hint: "There are 1 and 2." });
      await expect(diff("frist", "latest")).rejects.toMatchObject({
        code: "usage",
        hint: 'Did you mean "first"?',
      });
      await expect(diff("2026-12-01", "latest")).rejects.toMatchObject({ code: "not-found" });
    }));

  test("is matched by the columns that are named, which have to be there and to be unique", () =>
    withRuns(of("('A', 1), ('B', 2)"), async (runs) => {
      const { lake, manager, workspace } = runs;
      const { engine } = manager.services;
      const by = (...key: string[]) =>
        diffPlaces(
          { lake, engine },
          { dataset: "totals", from: "2026-10-01", to: "2026-11-01", key },
          { label: "totals" },
        );
      await runs.materialize({ date: "2026-10-01" });
      await workspace.replace("notebooks/sales.md", "('B', 2)", "('C', 2), ('D', 3)");
      await runs.materialize({ date: "2026-11-01" });
      expect(await by()).toMatchObject({ key: ["city"], added: 2, changed: 0, removed: 1 });
      expect(await by("N")).toMatchObject({ key: ["n"], keyFrom: "key", added: 1, changed: 1, removed: 0 });
      await expect(by("cit")).rejects.toMatchObject({ code: "usage", hint: 'Did you mean "city"?' });
      await workspace.replace("notebooks/sales.md", "('D', 3)", "('D', 2)");
      await runs.materialize({ date: "2026-11-01" });
      await expect(by("n")).rejects.toMatchObject({
        code: "usage",
        message: '"n" is no key: several rows of one side have the same.',
      });
    }));

  test("reads none of the files that both have", () =>
    withRuns(of("('A', 1), ('B', 2), ('C', 3)"), async (runs) => {
      const { lake, manager, workspace } = runs;
      await runs.materialize({ date: "2026-10-01" });
      await workspace.replace("notebooks/sales.md", "('B', 2)", "('B', 5)");
      await runs.materialize({ date: "2026-11-01" });
      const asked: DiffTask[] = [];
      const engine = {
        ...manager.services.engine,
        diff: (task: DiffTask, control: TaskControl) => {
          asked.push(task);
          return manager.services.engine.diff(task, control);
        },
      };
      const request = { dataset: "totals", from: "2026-10-01", to: "2026-11-01" };
      expect(await diffPlaces({ lake, engine }, request, { label: "totals" })).toMatchObject({
        ...{ rowsBefore: 3, rowsAfter: 3, changed: 1, added: 0 },
      });
      expect(asked.map(({ before, after }) => [before.files.length, after.files.length])).toEqual([[1, 1]]);
      await diffPlaces({ lake, engine }, { ...request, to: "2026-10-01" }, { label: "totals" });
      expect(asked[1]?.before.files).toHaveLength(1);
    }));
});

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
