import { expect, test } from "vitest";
import { freeChartName, suggestChoices, toChart, toYaml } from "../../../client/chart/chart-choices.js";

const columns = [
  { name: "city", type: "VARCHAR", kind: "text" },
  { name: "delay", type: "DOUBLE", kind: "float" },
] as const;

test("the first suggestion counts the rows of each word, most first", () => {
  expect(toChart(suggestChoices(columns, "c"))).toEqual({
    mark: "barY",
    x: "city",
    y: "count(*)",
    sort: "y desc",
    limit: 20,
  });
  expect(toChart(suggestChoices(columns.slice(1), "c"))).toMatchObject({ mark: "histogram", x: "delay" });
});

test("what YAML would read as something else is quoted", () => {
  const choices = { ...suggestChoices(columns, "c"), title: "Delays: all", x: "yes", sort: "", limit: "0" };
  expect(toYaml("trips", choices)).toBe(
    'chart: c\nfrom: trips\ntitle: "Delays: all"\nmark: barY\nx: "yes"\ny: count(*)\n',
  );
});

test("a name is made free", () => {
  expect(freeChartName("lake.Trips", ["trips_chart", "trips_chart_2"])).toBe("trips_chart_3");
});
