import { expect, test } from "vitest";
import { titleOf } from "../../client/page-title.js";
import { parseRoute } from "../../client/router.js";

test.each([
  ["", undefined, "Notebooks · Lakebook"],
  ["#/notebooks/sales", undefined, "sales · Lakebook"],
  ["#/notebooks/team%2Fsales/orders", "Sales of a day", "Sales of a day · Lakebook"],
  ["#/lake", undefined, "Lake · Lakebook"],
  ["#/lake/orders/2026-11-01", undefined, "orders 2026-11-01 · Lake · Lakebook"],
  ["#/runs", undefined, "Runs · Lakebook"],
  ["#/schedules", undefined, "Schedules · Lakebook"],
  ["#/schedules/team%2Fsales", undefined, "team/sales · Schedules · Lakebook"],
  ["#/alerts", undefined, "Alerts · Lakebook"],
  [
    "#/runs/20261101-000000-abcdef/orders.unique",
    undefined,
    "orders.unique · 20261101-000000-abcdef · Runs · Lakebook",
  ],
])("the window at %s tells what it shows", (hash, notebook, title) => {
  expect(titleOf(parseRoute(hash), notebook)).toBe(title);
});
