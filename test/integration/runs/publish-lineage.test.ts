import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

interface Origin {
  readonly from: readonly { readonly input: string; readonly column: string }[];
  readonly unknown?: string;
}

function shown({ from, unknown }: Origin): string {
  const all = from.map(({ input, column }) => `${input}.${column}`);
  return [...all, ...(unknown === undefined ? [] : [`? ${unknown}`])].join(" ");
}

/** `column: where it comes from` of a dataset, and under `*` what decides its rows. */
async function lineageOf({ workspace }: Runs, name: string): Promise<Record<string, string> | undefined> {
  const catalog = JSON.parse(await readFile(workspace.path("data_lake/catalog.json"), "utf8")) as {
    datasets: readonly {
      readonly name: string;
      readonly lineage: { readonly columns?: readonly (Origin & { name: string })[]; readonly rows?: Origin };
    }[];
  };
  const { columns, rows } = catalog.datasets.find((each) => each.name === name)?.lineage ?? {};
  if (columns === undefined || rows === undefined) return undefined;
  const told = columns.map((each): [string, string] => [each.name, shown(each)]);
  return Object.fromEntries<string>([...told, ["*", shown(rows)]]);
}

const inputs = {
  "input/orders.csv": "id,city,amount\n1,BCN,3\n2,MAD,4\n",
  "input/cities.csv": "code,name\nBCN,Barcelona\n",
};
const orders = dataset("SELECT id, city AS code, amount * 2 AS twice FROM read_csv('input/orders.csv')");

describe("catalog.json", () => {
  test("tells from which columns of input files each column comes, through cells of all kinds", () =>
    withRuns(
      {
        ...inputs,
        "notebooks/sales.md": notebook({
          orders,
          named: "SELECT o.*, c.name FROM orders o LEFT JOIN 'input/cities.csv' c USING (code)",
          totals: dataset("SELECT name, sum(twice) AS total, 1 AS one FROM named WHERE id > 0 GROUP BY name"),
          counts: dataset("SELECT count(*) AS n FROM named"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        expect(await lineageOf(runs, "orders")).toEqual({
          id: "input/orders.csv.id",
          code: "input/orders.csv.city",
          twice: "input/orders.csv.amount",
          "*": "",
        });
        const rows = "input/cities.csv.code input/orders.csv.city";
        expect(await lineageOf(runs, "totals")).toEqual({
          name: "input/cities.csv.name",
          total: "input/orders.csv.amount",
          one: "",
          "*": `input/cities.csv.code input/cities.csv.name input/orders.csv.city input/orders.csv.id`,
        });
        expect(await lineageOf(runs, "counts")).toEqual({ n: "", "*": rows });
      },
    ));

  test("tells it of incremental datasets, and of rows that were put aside", () =>
    withRuns(
      {
        ...inputs,
        "notebooks/sales.md": notebook({
          orders: dataset(
            "SELECT id, city, amount FROM read_csv('input/orders.csv')",
            "key: id",
            "incremental: by_key",
          ),
          good: dataset(
            "SELECT id, amount FROM orders",
            `checks: [{range: {column: amount, max: 3, where: "id > 0", on_fail: quarantine}}]`,
          ),
          below: dataset("SELECT count(*) AS n FROM good"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        expect(await lineageOf(runs, "orders")).toMatchObject({ id: "input/orders.csv.id" });
        expect(await lineageOf(runs, "good__quarantine")).toMatchObject({
          amount: "input/orders.csv.amount",
          "*": "input/orders.csv.amount input/orders.csv.id",
        });
        for (const name of ["good", "below"])
          expect((await lineageOf(runs, name))?.["*"]).toBe("input/orders.csv.amount input/orders.csv.id");
      },
    ));

  test("says what cannot be told, and why", () =>
    withRuns(
      {
        ...inputs,
        "notebooks/sales.md": notebook({
          orders,
          wide: dataset("PIVOT orders ON code USING sum(twice) GROUP BY id"),
          runs: dataset("SELECT count(*) AS n FROM lakebook.runs"),
          below: dataset("SELECT n FROM runs"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        expect((await lineageOf(runs, "wide"))?.["id"]).toMatch(/^\? ./);
        expect(await lineageOf(runs, "below")).toEqual({ n: "", "*": "? it reads lakebook.runs" });
      },
    ));

  test("goes through datasets of other notebooks, as they were published", () =>
    withRuns(
      {
        ...inputs,
        "notebooks/raw.md": notebook({ orders }),
        "notebooks/sales.md": notebook({
          codes: dataset("SELECT code, id FROM lake.orders WHERE twice > 1"),
        }),
      },
      async (runs) => {
        await runs.materialize({ notebook: "raw" });
        await runs.materialize();
        expect(await lineageOf(runs, "codes")).toEqual({
          code: "input/orders.csv.city",
          id: "input/orders.csv.id",
          "*": "input/orders.csv.amount",
        });
      },
    ));

  test("tells what is there now after an edit of one cell that is published alone, and asks nothing where nothing changed", () =>
    withRuns(
      { ...inputs, "notebooks/sales.md": notebook({ orders, ids: dataset("SELECT id FROM orders") }) },
      async (runs) => {
        await runs.materialize();
        const first = await lineageOf(runs, "ids");
        const { engine } = runs.manager.services;
        const ask = engine.lineage.bind(engine);
        let asked = 0;
        Object.assign(engine, { lineage: (...task: Parameters<typeof ask>) => (asked++, ask(...task)) });
        try {
          await runs.materialize();
          await runs.materialize({ date: "2026-12-01" });
          expect([asked, await lineageOf(runs, "ids")]).toEqual([0, first]);
          await runs.workspace.replace(
            "notebooks/sales.md",
            "SELECT id FROM orders",
            "SELECT twice AS id FROM orders",
          );
          await runs.materialize({ date: "2026-12-01", cells: ["ids"] });
          expect(asked).toBe(1);
          expect(await lineageOf(runs, "ids")).toEqual({ id: "input/orders.csv.amount", "*": "" });
          expect(await lineageOf(runs, "orders")).toMatchObject({ id: "input/orders.csv.id" });
        } finally {
          Object.assign(engine, { lineage: ask });
        }
      },
    ));
});
