import { expect, test } from "vitest";
import { freeChartName, toChart, toYaml } from "../../../client/chart/chart-choices.js";
import { suggestChoices } from "../../../client/chart/suggest-choices.js";

const columns = [
  { name: "city", type: "VARCHAR", kind: "text" },
  { name: "delay", type: "DOUBLE", kind: "float" },
] as const;

const day = { name: "day", type: "DATE", kind: "date" } as const;
const paid = { name: "paid", type: "VARCHAR", kind: "text" } as const;
const price = { name: "price", type: "DOUBLE", kind: "float" } as const;
const code = (distinct: number) => ({ name: "iata", type: "VARCHAR", kind: "text", distinct }) as const;
const number = (name: string) => ({ name, type: "DOUBLE", kind: "float" }) as const;
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
  [
    "a category of too many names, and a place: dots as on a map",
    [code(3376), number("latitude"), number("lng")],
    { mark: "dot", x: "lng", y: "latitude" },
  ],
  [
    "a place and a measure: no sum of places",
    [code(20), number("lat"), price],
    { mark: "barY", x: "iata", y: "sum(price)", sort: "y desc", limit: 20 },
  ],
  [
    "a category that is one for all, and another",
    [code(1), columns[0], price],
    { mark: "barY", x: "city", y: "sum(price)", sort: "y desc", limit: 20 },
  ],
  [
    "a year that is a number: a line, of the mean of what is a rate",
    [columns[0], number("year"), number("birthRate")],
    { mark: "lineY", x: "year", y: "mean(birthRate)" },
  ],
  [
    "what is counted a year is a measure",
    [columns[0], number("trips_per_year")],
    { mark: "barY", x: "city", y: "sum(trips_per_year)", sort: "y desc", limit: 20 },
  ],
  [
    "one row for each category: its measure as it is called",
    [{ ...columns[0], distinct: 3, isUnique: true }, columns[1]],
    { mark: "barY", x: "city", y: "delay", sort: "y desc", limit: 20 },
  ],
  [
    "one row for each day: a line of the measure as it is called",
    [{ ...day, distinct: 3, isUnique: true }, columns[1]],
    { mark: "lineY", x: "day", y: "delay" },
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
