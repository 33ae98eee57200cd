import { chmod, readFile, utimes, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, checkOf, outcomes, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

/** orders -> by_city -> busiest, and orders -> total beside them. */
const files = {
  "input/orders.csv": "id,city\n1,BCN\n2,BCN\n3,MAD\n",
  "notebooks/sales.md": notebook(
    {
      orders: dataset("SELECT id, city FROM read_csv('input/orders.csv')"),
      by_city: dataset("SELECT city, count(*) AS orders FROM orders GROUP BY city"),
      total: dataset("SELECT count(*) AS orders FROM orders WHERE id >= $first_id"),
      busiest: dataset("SELECT max(orders) AS orders FROM by_city"),
    },
    "parameters:\n  first_id: {type: integer, default: 1}",
  ),
};

const reused = { orders: "reused", by_city: "reused", total: "reused", busiest: "reused" };

async function edit({ workspace }: Runs, from: string, to: string): Promise<void> {
  await workspace.replace("notebooks/sales.md", from, to);
}

describe("a second materialization", () => {
  test("reuses everything and says why", () =>
    withRuns(files, async (runs) => {
      const first = await runs.materialize();
      expect(outcomes(first)).toEqual({
        orders: "succeeded",
        by_city: "succeeded",
        total: "succeeded",
        busiest: "succeeded",
      });
      const second = await runs.materialize();
      expect(outcomes(second)).toEqual(reused);
      expect(cellOf(second, "orders").reason).toMatch(/^SQL and 1 input file unchanged since 20/);
      expect(cellOf(second, "by_city").reason).toMatch(/^SQL, the cell that it reads unchanged since 20/);
      expect(second.published.map((item) => item.isChanged)).toEqual([false, false, false, false]);
      expect(second.published.map((item) => item.version)).toEqual(
        first.published.map((item) => item.version),
      );
    }));

  test("reuses across a restart and for another run date", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.restart();
      expect(outcomes(await runs.materialize({ date: "2026-12-01" }))).toEqual(reused);
    }));

  test.each([
    ["a comment", "SELECT city, count(*)", "SELECT /* by place */ city, count(*) -- all\n"],
    ["white space", "SELECT city, count(*)", "\n\n  SELECT  city ,\n\tcount( * )"],
    ["the case of keywords", "SELECT city, count(*) AS orders FROM", "select city, COUNT(*) as orders from"],
    ["prose", "```sql\n--| cell: by_city", "How many there are.\n\n```sql\n--| cell: by_city"],
    ["a description", "--| cell: by_city", "--| cell: by_city\n--| description: Orders of a city"],
  ])("takes %s for no change", (_name, from, to) =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await edit(runs, from, to);
      expect(outcomes(await runs.materialize())).toEqual(reused);
    }),
  );

  test("computes an edited cell and what reads it, and says why", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await edit(runs, "count(*) AS orders FROM orders GROUP", "2 * count(*) AS orders FROM orders GROUP");
      const view = await runs.materialize();
      expect(outcomes(view)).toEqual({ ...reused, by_city: "succeeded", busiest: "succeeded" });
      expect(cellOf(view, "by_city").reason).toBe("SQL changed");
      expect(cellOf(view, "busiest").reason).toBe("`by_city` changed");
      expect(await readPublished(runs.workspace, "latest/busiest")).toEqual([{ orders: "4" }]);
    }));

  test("goes back to a version that it has computed before", () =>
    withRuns(files, async (runs) => {
      const first = await runs.materialize();
      await edit(runs, "max(orders)", "min(orders)");
      await runs.materialize();
      expect(await readPublished(runs.workspace, "latest/busiest")).toEqual([{ orders: "1" }]);
      await edit(runs, "min(orders)", "max(orders)");
      const third = await runs.materialize();
      expect(outcomes(third)).toEqual(reused);
      expect(third.published).toEqual(
        first.published.map((item) => ({ ...item, isChanged: item.dataset === "busiest" })),
      );
      expect(await readPublished(runs.workspace, "latest/busiest")).toEqual([{ orders: "2" }]);
    }));

  test("reuses what reads a parent that was computed again with equal rows", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await edit(runs, "SELECT id, city FROM", "SELECT id, city || '' AS city FROM");
      expect(outcomes(await runs.materialize())).toEqual({ ...reused, orders: "succeeded" });
    }));

  const numbers = "FROM read_csv('input/numbers.csv')";
  test.each<[string, readonly [string, string?], string?]>([
    ["an ORDER BY", ["SELECT unnest([1, 2]) AS n ORDER BY n", "SELECT unnest([1, 2]) AS n ORDER BY n DESC"]],
    ["VALUES", ["FROM (VALUES (1), (2)) t(n)", "FROM (VALUES (2), (1)) t(n)"]],
    ["unnest", ["SELECT unnest([1, 2]) AS n", "SELECT unnest([2, 1]) AS n"]],
    ["UNION ALL", ["SELECT 1 AS n UNION ALL SELECT 2", "SELECT 2 AS n UNION ALL SELECT 1"]],
    ["a table function", ["SELECT i AS n FROM range(1, 3) t(i)", "SELECT 3 - i AS n FROM range(1, 3) t(i)"]],
    ["a file", [`SELECT n ${numbers}`]],
    ["a file below a LIMIT", [`SELECT n ${numbers} LIMIT 10`]],
    ["a file in a subquery", [`SELECT n FROM (${numbers} WHERE n > 0)`]],
    ["a file in a CTE", [`WITH rows_of AS (${numbers}) SELECT n FROM rows_of`]],
    ["a file beside other rows", [`SELECT n ${numbers} UNION ALL SELECT 9`]],
    ["a file that is unpivoted", [`SELECT n FROM (UNPIVOT (${numbers}) ON n INTO NAME of VALUE n)`]],
    ["a file, under a name of DuckDB's own", [`SELECT n, 1 AS file_row_number ${numbers}`]],
    ["a file, in partitions of one row", [`SELECT n, n AS part ${numbers}`], "partition_by: [part]"],
    [
      "a file, in partitions that only change places",
      [`SELECT n, n > 1 AS part ${numbers}`],
      "partition_by: [part]",
    ],
  ])(
    "computes again what reads rows that only their order tells apart: that of %s",
    (_name, [before, after], option) =>
      withRuns(
        {
          "input/numbers.csv": "n\n1\n2\n",
          "notebooks/sales.md": notebook({
            numbers: dataset(before, ...(option === undefined ? [] : [option])),
            first: dataset("SELECT n::VARCHAR AS n FROM numbers LIMIT 1"),
          }),
        },
        async (runs) => {
          await runs.materialize();
          if (after === undefined) await runs.workspace.write("input/numbers.csv", "n\n2\n1\n");
          else await edit(runs, before, after);
          const view = await runs.materialize({ input: "current" });
          expect(outcomes(view)).toEqual({ numbers: "succeeded", first: "succeeded" });
          expect(await readPublished(runs.workspace, "latest/first")).toEqual([{ n: "2" }]);
        },
      ),
  );

  test("reuses what reads rows whose order nothing tells, whatever order they come in", () =>
    withRuns(
      {
        "input/numbers.csv": "n\n1\n2\n3\n",
        "notebooks/sales.md": notebook({
          kinds: `SELECT n, count(*) AS rows ${numbers} GROUP BY n`,
          numbers: dataset("SELECT n FROM kinds"),
          first: dataset("SELECT max(n) AS n FROM numbers"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        await runs.workspace.write("input/numbers.csv", "n\n3\n2\n1\n");
        const view = await runs.materialize({ input: "current" });
        expect(outcomes(view)).toMatchObject({ numbers: "succeeded", first: "reused" });
      },
    ));
});

describe("what makes a dataset stale", () => {
  test("is another content of a file", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("input/orders.csv", "id,city\n1,BCN\n2,MAD\n3,MAD\n");
      const view = await runs.materialize({ input: "current" });
      // The same orders are there, in other cities.
      const computed = { orders: "succeeded", by_city: "succeeded", busiest: "reused" };
      expect(outcomes(view)).toEqual({ ...computed, total: "reused" });
      expect(cellOf(view, "orders").reason).toBe("input/orders.csv changed");
    }));

  test("is not another time of a file", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await utimes(runs.workspace.path("input/orders.csv"), 1, 1);
      expect(outcomes(await runs.materialize())).toEqual(reused);
    }));

  test("is another value of a parameter, for those that use it", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      const view = await runs.materialize({ parameters: { first_id: "3" } });
      expect(outcomes(view)).toEqual({ ...reused, total: "succeeded" });
      expect(cellOf(view, "total").reason).toBe("parameter `first_id` changed");
      expect(await readPublished(runs.workspace, "latest/total")).toEqual([{ orders: "1" }]);
    }));

  test("is another run date, for those that use it", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          day: dataset("SELECT $run_date AS day, $interval_start AS since, $interval_end AS until"),
          other: dataset("SELECT 1 AS n"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        const view = await runs.materialize({ date: "2026-12-01" });
        expect(outcomes(view)).toEqual({ day: "succeeded", other: "reused" });
        expect(await readPublished(runs.workspace, "2026-12-01/day")).toEqual([
          { day: "2026-12-01", since: "2026-11-01 00:00:00", until: "2026-12-01 00:00:00" },
        ]);
        expect(await readPublished(runs.workspace, "2026-11-01/day")).toEqual([
          { day: "2026-11-01", since: "1970-01-01 00:00:00", until: "2026-11-01 00:00:00" },
        ]);
      },
    ));

  test("is an option that changes what is written", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await edit(runs, "--| cell: by_city\n", "--| cell: by_city\n--| partition_by: [city]\n");
      const view = await runs.materialize();
      expect(outcomes(view)).toEqual({ ...reused, by_city: "succeeded" });
      expect(cellOf(view, "by_city").reason).toBe("options changed");
    }));

  const withQueryCell = {
    ...files,
    "notebooks/sales.md": notebook(
      {
        orders: dataset("SELECT id, city FROM read_csv('input/orders.csv')"),
        chosen:
          "SELECT city, count(*) AS n FROM orders SEMI JOIN 'input/orders.csv' USING (id) WHERE id > $above GROUP BY city",
        total: dataset("SELECT sum(n) AS n FROM chosen"),
        most: dataset("SELECT max(n) AS n FROM chosen"),
      },
      "parameters:\n  above: {type: integer, default: 0}",
    ),
  };

  test("is another query in a query cell, or another parameter of it", () =>
    withRuns(withQueryCell, async (runs) => {
      await runs.materialize();
      await edit(runs, "id > $above", "id >= $above");
      expect(cellOf(await runs.materialize(), "total").reason).toBe("`chosen` changed");
      const view = await runs.materialize({ parameters: { above: 2 } });
      expect(cellOf(view, "total").reason).toBe("parameter `above` changed");
    }));

  test("leaves lineage through query cells", () =>
    withRuns(withQueryCell, async (runs) => {
      await runs.materialize();
      const version = runs.lake.resolve("total")?.version ?? "";
      const manifest = await runs.lake.manifest("total", version);
      expect(manifest.parents.map((parent) => parent.dataset)).toEqual(["orders"]);
      expect(manifest.inputs.map((input) => input.path)).toEqual(["input/orders.csv"]);
    }));

  test("is --force", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      const view = await runs.materialize({ force: true });
      expect(Object.values(outcomes(view))).toEqual(["succeeded", "succeeded", "succeeded", "succeeded"]);
      expect(cellOf(view, "orders").reason).toBe("forced");
    }));

  test.each([
    ["random()", "volatile: random"],
    ["now()", "volatile: now"],
    ["(SELECT count(*) FROM lakebook.runs)", "volatile: reads lakebook"],
  ])("is reading %s, every time", (expression, reason) =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          moment: dataset(`SELECT ${expression} AS value`),
          twice: dataset("SELECT a.value = b.value AS is_same FROM moment AS a, moment AS b"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        const view = await runs.materialize();
        expect(cellOf(view, "moment")).toMatchObject({ outcome: "succeeded", reason });
        expect(await readPublished(runs.workspace, "latest/twice")).toEqual([{ is_same: true }]);
      },
    ),
  );
});

describe("a damaged version", () => {
  const parted = {
    "notebooks/sales.md": notebook({
      orders: dataset("SELECT range AS id, range % 2 AS part FROM range(6)", "partition_by: [part]"),
    }),
  };

  test.each([
    [
      "a file that was edited in place",
      /part=1.*parquet$/,
      (text: string) => text.replace(/(?<=^PAR1.{9}).{9}/s, "XXXXXXXXX"),
    ],
    ["a file that was cut short", /part=1.*parquet$/, (text: string) => text.slice(0, 40)],
    ["a manifest", /manifest\.json$/, () => "{}"],
  ])("is made good by --force: %s", (_name, pattern, damage) =>
    withRuns(parted, async (runs) => {
      await runs.materialize();
      const folder = "data_lake/.lake/versions/orders";
      const file = (await runs.workspace.files(folder)).find((path) => pattern.test(path)) ?? "";
      const path = runs.workspace.path(`${folder}/${file}`);
      const text = await readFile(path, "latin1");
      await chmod(path, 0o644);
      await writeFile(path, damage(text), "latin1");
      await runs.restart();
      expect(await runs.materialize({ force: true })).toMatchObject({ outcome: "succeeded" });
      expect(await readPublished(runs.workspace, "latest/orders", "id")).toHaveLength(6);
    }),
  );
});

describe("a check of a reused dataset", () => {
  test("runs if it is new", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await edit(
        runs,
        "--| cell: orders\n",
        "--| cell: orders\n--| checks: [{unique: [city], severity: warn}]\n",
      );
      const view = await runs.materialize();
      expect(outcomes(view)).toEqual(reused);
      expect(checkOf(view, "orders.unique_city")).toMatchObject({
        outcome: "warn",
        failures: 1,
        isReused: false,
      });
    }));

  test("keeps its finding if it is not", () =>
    withRuns(files, async (runs) => {
      await edit(runs, "--| cell: orders\n", "--| cell: orders\n--| checks: [{not_null: [city]}]\n");
      expect(checkOf(await runs.materialize(), "orders.not_null_city").isReused).toBe(false);
      expect(checkOf(await runs.materialize(), "orders.not_null_city")).toMatchObject({
        outcome: "pass",
        isReused: true,
      });
    }));
});

describe("a query cell", () => {
  const queries = {
    "notebooks/sales.md": notebook({
      orders: dataset("SELECT range AS id FROM range(10)"),
      even: "SELECT id FROM orders WHERE id % 2 = 0",
      pairs: "SELECT a.id, count(*) AS n FROM orders AS a JOIN orders AS b ON a.id < b.id GROUP BY a.id",
    }),
  };

  test("is kept by a run and reused by the next", () =>
    withRuns(queries, async (runs) => {
      expect(outcomes(await runs.run())).toEqual({
        orders: "succeeded",
        even: "succeeded",
        pairs: "succeeded",
      });
      expect(outcomes(await runs.run())).toEqual({ orders: "reused", even: "reused", pairs: "reused" });
    }));

  test("is not run by a materialization that does not need it", () =>
    withRuns(queries, async (runs) => {
      expect(outcomes(await runs.materialize())).toEqual({ orders: "succeeded" });
    }));

  test("publishes nothing", () =>
    withRuns(queries, async (runs) => {
      const view = await runs.run();
      expect(view.published).toEqual([]);
      const shown = (await runs.workspace.files("data_lake")).filter((file) => !file.startsWith(".lake/"));
      expect(shown).toEqual([]);
    }));
});

describe("a plan", () => {
  const planned = {
    "input/orders.csv": "id,city\n1,BCN\n2,BCN\n3,MAD\n",
    "notebooks/sales.md": notebook(
      {
        orders: dataset("SELECT id, city FROM read_csv('input/orders.csv')"),
        cities: "SELECT city, count(*) AS n FROM orders WHERE id >= $first_id GROUP BY city",
        most: dataset("SELECT max(n) AS n FROM cities"),
        other: "SELECT 1 AS one",
      },
      "parameters:\n  first_id: {type: integer, default: 1}",
    ),
  };

  async function reasons({ manager }: Runs, request = {}): Promise<Record<string, string>> {
    const { cells } = await manager.forecast({ notebook: "sales", mode: "run", ...request });
    const open = cells.filter(({ action }) => action === "run");
    return Object.fromEntries(open.map(({ name, reason }) => [name, reason]));
  }

  test("says what is different since each cell was computed, as a run then does", () =>
    withRuns(planned, async (runs) => {
      const never = { orders: "never run", cities: "never run", most: "never run", other: "never run" };
      expect(await reasons(runs)).toEqual(never);
      await runs.run();
      expect(await reasons(runs)).toEqual({});
      expect(await reasons(runs, { parameters: { first_id: 2 } })).toEqual({
        cities: "parameter `first_id` changed",
        most: "parameter `first_id` changed",
      });

      await edit(runs, "SELECT 1 AS one", "SELECT 2 AS one");
      await edit(runs, "max(n)", "min(n)");
      expect(await reasons(runs)).toEqual({ most: "SQL changed", other: "SQL changed" });
      const view = await runs.run();
      expect(cellOf(view, "other")).toMatchObject({ outcome: "succeeded", reason: "SQL changed" });

      await runs.workspace.write("input/orders.csv", "id,city\n1,BCN\n");
      const changed = { orders: "input/orders.csv changed", cities: "`orders` runs", most: "`cities` runs" };
      expect(await reasons(runs)).toEqual(changed);
      await runs.run({ cells: ["orders"] });
      expect(await reasons(runs)).toMatchObject({ cities: "`orders` changed" });

      await edit(runs, "count(*) AS n", "2 * count(*) AS n");
      expect(await reasons(runs)).toMatchObject({ cities: "SQL changed, `orders` changed" });
      await runs.restart();
      expect(await reasons(runs, { force: true })).toMatchObject({ cities: "forced" });
    }));

  test("says which cells would be blocked by a check that is known to fail, as a run then does", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          orders: dataset("SELECT 1 AS id", "checks: [{unique: id}]"),
          by_id: dataset("SELECT id, count(*) AS n FROM orders GROUP BY id"),
          total: "SELECT sum(n) AS n FROM by_id",
          "check none_big": "FROM by_id WHERE n > 5",
          cities: dataset("SELECT 1 AS id", "checks: [{relationships: {column: id, to: orders.id}}]"),
          near: "SELECT * FROM cities",
          people: dataset("SELECT 1 AS id", "checks: [{not_null: id, severity: warn}]"),
          old: "SELECT * FROM people",
          rides: "SELECT 1 AS id",
          "check no_rides": "FROM rides WHERE id > 1",
          long: "SELECT * FROM rides",
        }),
      },
      async (runs) => {
        const blocked = async (): Promise<Record<string, string>> => {
          const { cells } = await runs.manager.forecast({ notebook: "sales", mode: "run" });
          const open = cells.filter(({ action }) => action === "block");
          return Object.fromEntries(open.map(({ name, reason }) => [name, reason]));
        };
        await runs.run();
        expect(await blocked()).toEqual({});
        await edit(
          runs,
          "cell: orders\n--| materialize: parquet\n--| checks: [{unique: id}]\nSELECT 1 AS id",
          "cell: orders\n--| materialize: parquet\n--| checks: [{unique: id}]\nSELECT 2 AS id FROM range(2)",
        );
        await edit(
          runs,
          "cell: people\n--| materialize: parquet\n--| checks: [{not_null: id, severity: warn}]\nSELECT 1 AS id",
          "cell: people\n--| materialize: parquet\n--| checks: [{not_null: id, severity: warn}]\nSELECT NULL AS id",
        );
        await edit(runs, "cell: rides\nSELECT 1 AS id", "cell: rides\nSELECT 2 AS id");
        expect(await blocked()).toEqual({});
        const view = await runs.run();
        const known = Object.fromEntries(
          view.cells.flatMap(({ name, outcome, reason = "" }) =>
            outcome === "blocked" ? [[name, reason]] : [],
          ),
        );
        expect(Object.keys(known).sort()).toEqual(["by_id", "long", "near", "none_big", "total"]);
        expect(await blocked()).toEqual(known);
      },
    ));
});
