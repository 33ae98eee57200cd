import { describe, expect, test } from "vitest";
import { verifyLake } from "../../../server/lake/verify.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { outcomes, runDate, useRuns } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const files = {
  "input/orders.csv": "id,city\n1,BCN\n2,MAD\n",
  "input/zones.csv": "city\nBCN\n",
  "notebooks/sales.md": notebook({
    orders: dataset("FROM read_csv('input/orders.csv')"),
    zones: dataset("FROM read_csv('input/zones.csv')"),
    by_city: dataset("SELECT city, count(*) AS n FROM orders GROUP BY city"),
    shown: "SELECT * FROM by_city ORDER BY city",
    "check known_city": "SELECT * FROM by_city ANTI JOIN zones USING (city)",
    "check no_empty_city": "--| severity: warn\nSELECT * FROM orders WHERE city = ''",
  }),
};

describe("--cell of a run", () => {
  test("runs the cell and what it reads", () =>
    withRuns(files, async (runs) => {
      expect(outcomes(await runs.run({ cells: ["shown"] }))).toEqual({
        orders: "succeeded",
        by_city: "succeeded",
        shown: "succeeded",
      });
    }));

  test("runs a check cell alone", () =>
    withRuns(files, async (runs) => {
      const view = await runs.run({ cells: ["no_empty_city"] });
      expect(outcomes(view)).toEqual({ orders: "succeeded", no_empty_city: "succeeded" });
    }));

  test("does not mind an error elsewhere", () =>
    withRuns(files, async (runs) => {
      await runs.workspace.replace("notebooks/sales.md", "SELECT city, count(*) AS n", "SELEKT city");
      expect((await runs.run({ cells: ["zones"] })).outcome).toBe("succeeded");
      await expect(runs.run()).rejects.toMatchObject({ code: "invalid-notebook" });
      await expect(runs.run({ cells: ["shown"] })).rejects.toMatchObject({ code: "invalid-notebook" });
    }));

  test("must name a cell", () =>
    withRuns(files, async (runs) => {
      await expect(runs.run({ cells: ["by_citi"] })).rejects.toMatchObject({
        code: "usage",
        hint: 'Did you mean "by_city"?',
      });
    }));
});

describe("--cell of a materialization", () => {
  test("publishes only that dataset, with the checks that can judge it", () =>
    withRuns(files, async (runs) => {
      const view = await runs.materialize({ cells: ["orders"] });
      expect(outcomes(view)).toEqual({ orders: "succeeded", no_empty_city: "succeeded" });
      expect(view.published.map((item) => item.dataset)).toEqual(["orders"]);
      expect(await runs.workspace.files("data_lake/latest/by_city")).toEqual([]);
    }));

  test("leaves the others of that date as they are", () =>
    withRuns(files, async (runs) => {
      await runs.workspace.replace("input/zones.csv", "BCN", "BCN\nMAD");
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", "count(*) AS n", "-count(*) AS n");
      await runs.workspace.replace(
        "notebooks/sales.md",
        "FROM read_csv('input/zones.csv')",
        "SELECT city || '!' AS city FROM read_csv('input/zones.csv')",
      );
      const view = await runs.materialize({ cells: ["by_city"] });
      expect(view.published.map((item) => item.dataset)).toEqual(["by_city"]);
      expect(await readPublished(runs.workspace, "latest/by_city")).toEqual([
        { city: "BCN", n: "-1" },
        { city: "MAD", n: "-1" },
      ]);
      expect(await readPublished(runs.workspace, "latest/zones")).toEqual([{ city: "BCN" }, { city: "MAD" }]);
    }));

  test("keeps what is told of the others", () =>
    withRuns(files, async (runs) => {
      await runs.workspace.replace("input/zones.csv", "BCN", "BCN\nMAD");
      await runs.workspace.replace(
        "notebooks/sales.md",
        "SELECT city, count",
        "--| checks: [not_null: [city]]\nSELECT city, count",
      );
      await runs.materialize();
      await runs.workspace.replace(
        "notebooks/sales.md",
        "FROM read_csv('input/zones",
        "SELECT * FROM read_csv('input/zones",
      );
      await runs.materialize({ cells: ["zones"], force: true });
      const record = (await runs.workspace.readJson(`data_lake/${runDate}/_runs/sales.json`)) as Record<
        "attempts" | "cells" | "checks",
        { name: string; outcome: string }[]
      >;
      const names = ["by_city", "known_city", "no_empty_city", "orders", "zones"];
      expect(record.cells.map(({ name }) => name).sort()).toEqual(names);
      expect(record.checks.map(({ name }) => name)).toContain("by_city.not_null_city");
      expect(record.attempts).toMatchObject([{ outcome: "succeeded" }]);
      const catalog = JSON.stringify(await runs.workspace.readJson("data_lake/catalog.json"));
      expect(catalog).toContain("by_city.not_null_city");
    }));

  test("is refused where the others stand on other input", () =>
    withRuns(files, async (runs) => {
      await runs.workspace.replace("input/zones.csv", "BCN", "BCN\nMAD");
      await runs.materialize();
      await runs.workspace.replace("input/orders.csv", "1,BCN", "1,MAD");
      const view = await runs.materialize({ cells: ["orders"], input: "current" });
      expect(view).toMatchObject({ outcome: "failed", published: [], error: { code: "conflict" } });
      expect(view.error?.message).toContain("input/orders.csv");
      expect(await readPublished(runs.workspace, `${runDate}/orders`, "id")).toMatchObject([
        { city: "BCN" },
        { city: "MAD" },
      ]);
    }));

  test("refuses a cell that is not materialized", () =>
    withRuns(files, async (runs) => {
      await expect(runs.materialize({ cells: ["shown"] })).rejects.toMatchObject({ code: "usage" });
    }));
});

describe("a whole materialization", () => {
  test("takes away what the notebook no longer makes", () =>
    withRuns(files, async (runs) => {
      await runs.workspace.replace("input/zones.csv", "BCN", "BCN\nMAD");
      await runs.materialize();
      const text = await runs.workspace.read("notebooks/sales.md");
      await runs.workspace.write("notebooks/sales.md", text.replaceAll("by_city", "cities"));
      await runs.materialize();
      const datasets = new Set(
        (await runs.workspace.files("data_lake/latest")).map((path) => path.split("/")[0]),
      );
      expect([...datasets].sort()).toEqual(["cities", "orders", "zones"]);
    }));

  test("refuses the dataset of another notebook", () =>
    withRuns(files, async (runs) => {
      await runs.workspace.write("input/zones.csv", "city\nBCN\nMAD\n");
      await runs.materialize();
      await runs.workspace.write("notebooks/thief.md", notebook({ orders: dataset("SELECT 0 AS id") }));
      await expect(runs.materialize({ notebook: "thief" })).rejects.toMatchObject({
        code: "invalid-notebook",
        message: 'Dataset "orders" belongs to notebook "sales": a name is unique in the workspace.',
      });
    }));

  test("takes over what a renamed notebook published, and what a removed cell did", () =>
    withRuns(files, async (runs) => {
      await runs.workspace.write("input/zones.csv", "city\nBCN\nMAD\n");
      await runs.materialize();
      const text = await runs.workspace.read("notebooks/sales.md");
      await runs.workspace.write("notebooks/renamed.md", text);
      await runs.workspace.remove("notebooks/sales.md");
      await expect(runs.materialize({ notebook: "renamed" })).resolves.toMatchObject({
        outcome: "succeeded",
      });
      await runs.workspace.write("notebooks/sales.md", text);
      await expect(runs.materialize({ notebook: "sales" })).rejects.toThrow('belongs to notebook "renamed"');
      await runs.workspace.write("notebooks/renamed.md", "# Nothing any more\n");
      await expect(runs.materialize({ notebook: "sales" })).resolves.toMatchObject({ outcome: "succeeded" });
      expect(runs.lake.resolve("orders")?.notebook).toBe("sales");
      expect(await verifyLake(runs.lake, { deep: true })).toEqual([]);
    }));
});
