import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, outcomes, runDate, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const orders = "SELECT id, city, amount FROM read_csv('input/orders.csv')";

function files(cells: Readonly<Record<string, string>>, parent = orders): Record<string, string> {
  return {
    "input/orders.csv": "id,city,amount\n1,BCN,3\n2,BCN,4\n3,MAD,5\n",
    "notebooks/sales.md": notebook({ orders: dataset(parent), ...cells }),
  };
}

/** Edits the parent after a run; what became of the cell below it, as a forecast and as a run say. */
async function afterEdit(runs: Runs, from: string, to: string, cell = "child"): Promise<string[]> {
  await runs.materialize();
  await runs.workspace.replace("notebooks/sales.md", from, to);
  await runs.run({ cells: ["orders"] });
  const { cells } = await runs.manager.forecast({ notebook: "sales", mode: "materialize", date: runDate });
  const forecast = cells.find(({ name }) => name === cell);
  const view = await runs.materialize();
  expect(view.outcome).toBe("succeeded");
  const { outcome, reason } = cellOf(view, cell);
  expect(forecast?.action).toBe(outcome === "reused" ? "reuse" : "run");
  if (outcome === "reused") expect(forecast?.reason).toBe(reason);
  return [outcome, reason ?? ""];
}

const unread = ["reused", "`orders` changed, but not in the columns that it reads"];
const changed = ["succeeded", "`orders` changed"];

describe("a dataset whose parent was computed again", () => {
  test.each([
    ["a column is added", "amount FROM", "amount, id * 2 AS double FROM"],
    ["a column is lost", "id, city, amount FROM", "id, city FROM"],
    ["a column has other values", "amount FROM", "amount + 1 AS amount FROM"],
    ["a column has another type", "amount FROM", "amount::DOUBLE AS amount FROM"],
    ["columns have other places", "id, city, amount FROM", "amount, city, id FROM"],
  ])("is reused where it does not read what changed: %s", (_name, from, to) =>
    withRuns(
      files({ child: dataset("SELECT city, count(id) AS n FROM orders GROUP BY city ORDER BY city") }),
      async (runs) => {
        expect(await afterEdit(runs, from, to)).toEqual(unread);
        expect(await readPublished(runs.workspace, "latest/child")).toEqual([
          { city: "BCN", n: "2" },
          { city: "MAD", n: "1" },
        ]);
        const { version } = runs.lake.resolve("child") ?? { version: "" };
        const { parents } = await runs.lake.manifest("child", version);
        expect(parents).toEqual([{ dataset: "orders", version: runs.lake.resolve("orders")?.version }]);
        expect(cellOf(await runs.materialize(), "child").reason).toMatch(
          /^SQL, the cell that it reads unchanged/,
        );
      },
    ),
  );

  const added = ["amount FROM", "amount, id * 2 AS amount2 FROM"] as const;
  const edited = ["amount FROM", "amount + 1 AS amount FROM"] as const;
  test.each([
    ["a value", "SELECT max(amount) AS n FROM orders", edited],
    ["a filter", "SELECT id FROM orders WHERE amount > 4", edited],
    ["a group", "SELECT count(*) AS n FROM orders GROUP BY amount", edited],
    ["an order", "SELECT id FROM orders ORDER BY amount", edited],
    ["a window", "SELECT id, row_number() OVER (ORDER BY amount) AS n FROM orders", edited],
    ["a join", "SELECT a.id FROM orders a JOIN orders b ON a.id = b.amount", edited],
    ["a subquery", "SELECT id FROM orders a WHERE EXISTS (FROM orders b WHERE b.amount = a.id)", edited],
    ["a star", "SELECT * FROM orders", added],
    ["COLUMNS", "SELECT max(COLUMNS('amount.*')) FROM orders", added],
    ["a NATURAL JOIN", "SELECT a.id FROM orders a NATURAL JOIN orders b", added],
    ["its columns' names", "SELECT count(*) AS n FROM (DESCRIBE orders)", added],
    ["what a name means now", "SELECT amount + 1 AS amount2, amount2 + 1 AS n FROM orders", added],
    ["the whole row", "SELECT orders::VARCHAR AS row FROM orders", added],
    ["its number of rows", "SELECT count(*) AS n FROM orders", ["orders.csv')", "orders.csv') WHERE id < 3"]],
    ["which rows there are", "SELECT id FROM orders", ["id, city", "4 - id AS id, city"]],
    ["their order", "SELECT first(id) AS id FROM orders", ["orders.csv')", "orders.csv') ORDER BY id DESC"]],
  ] as const)("is computed where it reads %s", (_name, sql, [from, to]) =>
    withRuns(files({ child: dataset(sql) }), async (runs) => {
      const [outcome] = await afterEdit(runs, from, to);
      expect(outcome).toBe("succeeded");
    }),
  );

  test("says the same as ever where it is computed", () =>
    withRuns(files({ child: dataset("SELECT max(amount) AS n FROM orders") }), async (runs) => {
      expect(await afterEdit(runs, ...edited)).toEqual(changed);
    }));

  test("is reused where only the number of rows counts", () =>
    withRuns(files({ child: dataset("SELECT count(*) AS n FROM orders") }), async (runs) => {
      expect(await afterEdit(runs, ...edited)).toEqual(unread);
    }));

  test("is reused through query cells, kept ones too", () =>
    withRuns(
      files({
        cities: "SELECT city, count(*) AS n FROM orders GROUP BY city",
        child: dataset("SELECT max(n) AS n FROM cities"),
        other: dataset("SELECT min(n) AS n FROM cities"),
      }),
      async (runs) => {
        expect(await afterEdit(runs, ...edited)).toEqual(unread);
      },
    ));

  test("is computed where it reads files too, of which a forecast knows no columns", () =>
    withRuns(
      files({
        child: dataset("SELECT o.city FROM orders o JOIN read_csv('input/orders.csv') f ON f.id = o.id"),
      }),
      async (runs) => {
        expect(await afterEdit(runs, ...edited)).toEqual(changed);
      },
    ));

  test("is computed where its SQL or an option changed too", () =>
    withRuns(files({ child: dataset("SELECT city FROM orders") }), async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", ...edited);
      await runs.workspace.replace(
        "notebooks/sales.md",
        "SELECT city FROM",
        "SELECT city || '' AS city FROM",
      );
      expect(outcomes(await runs.materialize())).toEqual({ orders: "succeeded", child: "succeeded" });
    }));

  test("is computed where it is forced", () =>
    withRuns(files({ child: dataset("SELECT city FROM orders") }), async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", ...edited);
      const view = await runs.materialize({ force: true });
      expect(cellOf(view, "child")).toMatchObject({ outcome: "succeeded", reason: "forced" });
    }));

  test("is reused where names have quotes, and rows are none", () =>
    withRuns(
      files(
        { child: dataset(`SELECT "a ""b" AS x FROM orders`) },
        `SELECT id AS "a ""b", city AS "c'd" FROM read_csv('input/orders.csv') WHERE id > 9`,
      ),
      async (runs) => {
        expect(await afterEdit(runs, `city AS "c'd"`, `city AS "c'd", 1 AS "e f"`)).toEqual(unread);
      },
    ));
});
