import { expect, test } from "vitest";
import { toWay } from "../../../client/graph/column-way.js";
import type { ColumnLineage } from "../../../server/api/protocol.js";

const lineage: ColumnLineage = {
  node: "t",
  column: "total",
  back: {
    columns: [
      { node: "o", column: "id", role: "value" },
      { node: "o", column: "city", role: "rows" },
      { node: "o", column: "amount", role: "value" },
      { node: "f", column: "id", role: "value" },
      { node: "f", column: "amount", role: "value" },
      { node: "g", column: "day", role: "rows" },
    ],
    unknown: [],
  },
  forward: {
    columns: [
      { node: "r", role: "rows" },
      { node: "c", role: "value" },
      { node: "p", role: "unknown" },
      { node: "x", column: "sum", role: "value" },
    ],
    unknown: [{ node: "p", reason: "PIVOT without IN" }],
  },
  nodes: [
    { id: "t", kind: "sql", notebook: "sales", name: "totals" },
    { id: "o", kind: "sql", notebook: "sales", name: "orders" },
    { id: "r", kind: "sql", notebook: "sales", name: "report" },
    { id: "p", kind: "sql", notebook: "sales", name: "pivoted" },
    { id: "c", kind: "check", notebook: "sales", name: "orders.not_null_id", cell: "orders" },
    { id: "f", kind: "file", name: "input/orders.csv" },
    { id: "g", kind: "file", name: "input/days.csv" },
    { id: "x", kind: "sql", notebook: "board", name: "by_year" },
  ],
};

test("the way of a column has the notebook's cells, by what they are most to it", () => {
  const { cell, column, back, forward } = toWay(lineage, "sales");
  expect([cell, column]).toEqual(["totals", "total"]);
  expect([...back]).toEqual([["orders", { role: "value", columns: ["id", "amount"] }]]);
  expect([...forward]).toEqual([
    ["report", { role: "rows", columns: [] }],
    ["pivoted", { role: "unknown", columns: [] }],
  ]);
});

test("what lies outside of the notebook, and what cannot be told, is said in words", () => {
  const { from, into, unknown } = toWay(lineage, "sales");
  expect(from).toEqual(["id, amount of input/orders.csv"]);
  expect(into).toEqual(["board/by_year.sum"]);
  expect(unknown).toEqual(["pivoted: PIVOT without IN"]);
});
