import { describe, expect, test } from "vitest";
import {
  columnsOf,
  firstChoices,
  measureBy,
  nameOfSummary,
  nextGroup,
  nextMeasure,
  toSummaryBody,
} from "../../../client/elements/summary-choices.js";
import type { GridColumn } from "../../../client/grid/grid-source.js";

const columns: readonly GridColumn[] = [
  { name: "id", type: "BIGINT", kind: "integer" },
  { name: "city", type: "VARCHAR", kind: "text" },
  { name: "city", key: "city_1", type: "VARCHAR", kind: "text" },
  { name: "day", type: "DATE", kind: "date" },
  { name: "tags", type: "VARCHAR[]", kind: "list" },
];

describe("the form of groups", () => {
  test("begins with the first column of words or time, or with what was asked for", () => {
    expect(firstChoices(columns, []).groupBy).toEqual([{ column: "city", grain: "" }]);
    expect(firstChoices(columns, ["day"]).groupBy).toEqual([{ column: "day", grain: "month" }]);
    expect(firstChoices([], []).groupBy).toEqual([]);
  });

  test("offers to each measure the columns of which there can be one", () => {
    const names = (aggregate: Parameters<typeof columnsOf>[0]): string[] =>
      columnsOf(aggregate, columns).map(({ name, key = name }) => key);
    expect(names("sum")).toEqual(["id"]);
    expect(names("median")).toEqual(["id", "day"]);
    expect(names("max")).toEqual(["id", "city", "city_1", "day"]);
    expect(names("distinct")).toHaveLength(5);
  });

  test("keeps the column of a measure where the other measure has one of it", () => {
    const before = { aggregate: "max", column: "day" } as const;
    expect(measureBy("median", before, columns)).toEqual({ aggregate: "median", column: "day" });
    expect(measureBy("sum", before, columns)).toEqual({ aggregate: "sum", column: "id" });
    expect(measureBy("rows", before, columns)).toEqual({ aggregate: "count", column: "" });
  });

  test("adds what is not there yet", () => {
    const choices = { ...firstChoices(columns, ["city"]), pivot: { column: "city_1", grain: "" } as const };
    expect(nextGroup(choices, columns)).toEqual({ column: "day", grain: "month" });
    expect(nextMeasure(choices, columns)).toEqual({ aggregate: "sum", column: "id" });
  });

  test("asks by keys, and calls the cell by what it groups", () => {
    const pivot = { column: "city_1", grain: "" } as const;
    const choices = { ...firstChoices(columns, ["day"]), pivot, rest: true };
    expect(toSummaryBody(choices)).toEqual({
      groupBy: [{ column: "day", grain: "month" }],
      pivot: { column: "city_1", rest: true },
      measures: [{ aggregate: "count" }],
    });
    expect(nameOfSummary("orders", choices, [])).toBe("orders_by_month_city_1");
    expect(nameOfSummary("orders", firstChoices([], []), ["orders_total"])).toBe("orders_total_2");
  });
});
