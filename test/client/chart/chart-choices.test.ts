import { expect, test } from "vitest";
import { freeChartName, suggestChoices, toChart, toYaml } from "../../../client/chart/chart-choices.js";

const columns = [
  { name: "city", type: "VARCHAR", kind: "text" },
  { name: "delay", type: "DOUBLE", kind: "float" },
] as const;

const day = { name: "day", type: "DATE", kind: "date" } as const;
const paid = { name: "paid", type: "VARCHAR", kind: "text" } as const;
const price = { name: "price", type: "DOUBLE", kind: "float" } as const;
const key = { name: "order_id", type: "BIGINT", kind: "integer" } as const;

test.each([
  ["a date and a number: a line", [...columns, day], { mark: "lineY", x: "day", y: "sum(delay)" }],
  ["a date alone: how many", [paid, day], { mark: "barY", x: "day", y: "count(*)" }],
  ["two numbers: dots", [price, columns[1]], { mark: "dot", x: "price", y: "delay" }],
  [
    "a category and a measure: bars of its sum",
    columns,
    { mark: "barY", x: "city", y: "sum(delay)", sort: "y desc", limit: 20 },
  ],
  [
    "two categories: stacked",
    [columns[0], paid, key],
    { mark: "barY", x: "city", y: "count(*)", color: "paid", sort: "y desc", limit: 20 },
  ],
  ["one number: a histogram", [price, key], { mark: "histogram", x: "price", y: "count(*)" }],
  ["nothing but a key: how many rows of each", [key], { mark: "histogram", x: "order_id", y: "count(*)" }],
  ["nothing that is known: how many rows", [], { mark: "number", y: "count(*)" }],
] as const)("a first chart fits its columns; %s", (_, of, chart) => {
  expect(toChart(suggestChoices(of, "c"))).toEqual(chart);
});

test("what YAML would read as something else is quoted", () => {
  const choices = {
    ...suggestChoices(columns, "c"),
    title: "Delays: all",
    x: "yes",
    y: "",
    yAggregate: "count",
    sort: "",
    limit: "0",
  };
  expect(toYaml("trips", choices)).toBe(
    'chart: c\nfrom: trips\ntitle: "Delays: all"\nmark: barY\nx: "yes"\ny: count(*)\n',
  );
});

test("a name is made free", () => {
  expect(freeChartName("lake.Trips", ["trips_chart", "trips_chart_2"])).toBe("trips_chart_3");
});
