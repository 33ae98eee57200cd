import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { queryOutside, readPublished } from "../../support/workspace-parquet.js";
import { cellOf, checkOf, outcomes, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const rows =
  "SELECT * FROM (VALUES (1, 'BCN', 5), (2, 'XXX', -3), (3, 'MAD', NULL), (4, NULL, -1), (5, 'MAD', 7)) AS t(id, city, minutes)";
const atLeast = (min: number): string => `range: {column: minutes, min: ${String(min)}, on_fail: quarantine}`;
const known = "accepted_values: {column: city, values: [BCN, MAD], on_fail: quarantine}";

function sales(checks: readonly string[], sql = rows, ...options: readonly string[]): string {
  const entries = checks.map((check) => `{${check}}`).join(", ");
  return notebook({
    orders: dataset(sql, ...options, `checks: [${entries}]`),
    total: dataset("SELECT count(*) AS n, sum(id) AS ids FROM orders"),
  });
}

function withSales(text: string, use: (runs: Runs) => Promise<void>): Promise<void> {
  return withRuns({ "notebooks/sales.md": text }, use);
}

function rewrite({ workspace }: Runs, text: string): Promise<unknown> {
  return workspace.write("notebooks/sales.md", text);
}

async function idsOf({ workspace }: Runs, name: string): Promise<unknown> {
  return (await readPublished(workspace, `latest/${name}`, "id")).map(({ id }) => id);
}

describe("a check with on_fail: quarantine", () => {
  test("publishes the good rows and puts the others aside, with the names of all checks that they fail", () =>
    withSales(sales([atLeast(0), known, "row_count: {max: 3}", "not_null: id"]), async (runs) => {
      const view = await runs.materialize();
      expect(view.outcome).toBe("succeeded_with_warnings");
      expect(outcomes(view)).toEqual({ orders: "succeeded", total: "succeeded" });
      expect(cellOf(view, "orders")).toMatchObject({
        rows: 3,
        notes: ["2 rows failed a check and are in orders__quarantine"],
      });
      expect(view.checks).toMatchObject([
        {
          ...{ name: "orders.range_minutes", outcome: "warn", failures: 2, rows: 5, quarantined: 2 },
          message: expect.stringContaining("; put into orders__quarantine") as string,
        },
        { name: "orders.accepted_values_city", outcome: "warn", failures: 1, rows: 5, quarantined: 1 },
        { name: "orders.row_count", outcome: "pass" },
        { name: "orders.not_null_id", outcome: "pass", rows: 3 },
      ]);
      expect(await readPublished(runs.workspace, "latest/orders")).toEqual([
        { id: 1, city: "BCN", minutes: 5 },
        { id: 3, city: "MAD", minutes: null },
        { id: 5, city: "MAD", minutes: 7 },
      ]);
      expect(await readPublished(runs.workspace, "latest/total")).toEqual([{ n: "3", ids: "9" }]);
      expect(await readPublished(runs.workspace, "latest/orders__quarantine")).toEqual([
        { id: 2, city: "XXX", minutes: -3, reason: "orders.range_minutes, orders.accepted_values_city" },
        { id: 4, city: null, minutes: -1, reason: "orders.range_minutes" },
      ]);
      const shown = checkOf(view, "orders.range_minutes").file ?? "";
      expect(await queryOutside(`SELECT id FROM '${shown}' ORDER BY id`)).toEqual([{ id: 2 }, { id: 4 }]);

      const again = await runs.materialize();
      expect(outcomes(again)).toEqual({ orders: "reused", total: "reused" });
      expect(again.published).toMatchObject([
        { dataset: "orders", isChanged: false },
        { dataset: "orders__quarantine", isChanged: false, rows: 2 },
        { dataset: "total", isChanged: false },
      ]);
      expect(checkOf(again, "orders.range_minutes")).toMatchObject({
        ...{ outcome: "warn", failures: 2, quarantined: 2, isReused: true },
      });
      expect(cellOf(again, "orders").notes).toEqual(cellOf(view, "orders").notes);
      const forecast = await runs.manager.forecast({ notebook: "sales", mode: "run", date: view.date });
      expect(forecast.cells[0]).toMatchObject({ action: "reuse", checks: [{ outcome: "warn" }, {}, {}, {}] });

      const forced = await runs.materialize({ force: true });
      expect(forced.checks).toMatchObject(view.checks.map(({ name, outcome }) => ({ name, outcome })));
      expect(await idsOf(runs, "orders__quarantine")).toEqual([2, 4]);
    }));

  test("computes the rows again when its condition changes, and is gone with its option", () =>
    withSales(sales([atLeast(0)]), async (runs) => {
      await runs.materialize();
      await rewrite(runs, sales([atLeast(-2)]));
      expect(outcomes(await runs.materialize())).toEqual({ orders: "succeeded", total: "succeeded" });
      expect(await idsOf(runs, "orders")).toEqual([1, 3, 4, 5]);
      await rewrite(runs, sales([atLeast(-9)]));
      const clean = await runs.materialize();
      expect(clean).toMatchObject({ outcome: "succeeded", checks: [{ outcome: "pass", failures: 0 }] });
      expect(await readPublished(runs.workspace, "latest/orders__quarantine")).toEqual([]);
      await rewrite(runs, sales(["range: {column: minutes, min: -9}"]));
      expect((await runs.materialize()).removed).toMatchObject([{ dataset: "orders__quarantine" }]);
      expect(await idsOf(runs, "orders")).toEqual([1, 2, 3, 4, 5]);
    }));

  test("stops as any check, and puts nothing aside, where more rows fail than max says", () =>
    withSales(
      sales([`range: {column: minutes, min: 0}, max: 1, on_fail: quarantine`, known]),
      async (runs) => {
        const view = await runs.run();
        expect(view.checks).toMatchObject([
          { outcome: "fail", failures: 2, message: expect.stringContaining("none is put aside") as string },
          { outcome: "warn", failures: 1, quarantined: 1 },
        ]);
        expect(view.checks[0]).not.toHaveProperty("quarantined");
        expect(cellOf(view, "orders").rows).toBe(4);
        expect(outcomes(view)).toEqual({ orders: "succeeded", total: "blocked" });
        expect(await runs.materialize()).toMatchObject({ outcome: "failed", published: [] });
        await rewrite(
          runs,
          sales([`range: {column: minutes, min: 0}, max: 40%, on_fail: quarantine`, known]),
        );
        expect(await runs.materialize()).toMatchObject({ outcome: "succeeded_with_warnings" });
        expect(await idsOf(runs, "orders")).toEqual([1, 3, 5]);
      },
    ));

  test("puts aside what is not known to be right, of what it looks at, by the run's date, in order and in every format", () =>
    withSales(
      sales(
        [
          `expression: "minutes < 6", where: "city = 'MAD'", on_fail: quarantine`,
          `expression: "id < (SELECT max(id) FROM orders) + 1", on_fail: quarantine`,
          "not_in_future: {column: day, on_fail: quarantine}",
        ],
        `SELECT *, id AS reason, DATE '2026-10-30' + id AS day FROM (${rows}) ORDER BY id DESC`,
        "partition_by: city",
      ).replace("materialize: parquet", "materialize: [parquet, csv]"),
      async (runs) => {
        const view = await runs.materialize({ date: "2026-11-03" });
        expect(view.checks.map(({ quarantined }) => quarantined)).toEqual([2, undefined, 1]);
        expect(await idsOf(runs, "orders")).toEqual([1, 2, 4]);
        const csv = await readFile(runs.workspace.path("data_lake/latest/orders.csv"), "utf8");
        expect(csv.split("\n").map((line) => line[0])).toEqual(["i", "4", "2", "1", undefined]);
        expect(await readPublished(runs.workspace, "latest/orders__quarantine", "id")).toMatchObject([
          { id: 3, reason: 3, reason_2: "orders.expression" },
          { id: 5, reason: 5, reason_2: "orders.expression, orders.not_in_future_day" },
        ]);
        const later = await runs.materialize({ date: "2026-11-04" });
        expect(later.checks.map(({ quarantined }) => quarantined)).toEqual([2, undefined, undefined]);
        await rewrite(runs, sales([`expression: "minutes > 99", on_fail: quarantine`], rows, "key: id"));
        expect(await runs.materialize({ date: "2026-11-05" })).toMatchObject({
          outcome: "succeeded_with_warnings",
        });
        expect(await readPublished(runs.workspace, "latest/orders")).toEqual([]);
        expect(await readPublished(runs.workspace, "latest/total")).toEqual([{ n: "0", ids: null }]);
        expect(await idsOf(runs, "orders__quarantine")).toEqual([1, 2, 3, 4, 5]);
      },
    ));

  test("must not depend on when it is asked, nor have its dataset's name taken", () =>
    withSales(sales([`expression: "random() < 2", on_fail: quarantine`]), async (runs) => {
      const view = await runs.run({ cells: ["orders"], tolerant: true });
      expect(view.checks).toMatchObject([
        { outcome: "error", message: expect.stringContaining("random()") as string },
      ]);
      await rewrite(runs, sales([known]) + notebook({ orders__quarantine: "SELECT 1 AS id" }));
      expect(cellOf(await runs.run({ cells: ["orders"] }), "orders").error).toMatchObject({
        message: expect.stringContaining(`go to "orders__quarantine", which is a cell`) as string,
      });
    }));
});
