import { expect, test } from "vitest";
import { parseFilter } from "../../../client/grid/parse-filter.js";

test.each([
  ["", "text", null],
  ["  ", "text", null],
  [">", "integer", null],
  ["abc", "text", ["contains", "abc"]],
  ["2026-11", "timestamp", ["contains", "2026-11"]],
  ["5", "integer", ["equals", "5"]],
  ["true", "boolean", ["equals", "true"]],
  ["> 5", "integer", ["greater", "5"]],
  [">=5", "integer", ["at-least", "5"]],
  ["< 5", "integer", ["less", "5"]],
  ["<= 2026-11-01", "date", ["at-most", "2026-11-01"]],
  ["= BCN", "text", ["equals", "BCN"]],
  ["!= BCN", "text", ["differs", "BCN"]],
  ["<> BCN", "text", ["differs", "BCN"]],
  ["null", "text", ["is-null", ""]],
  ["Is Not Null", "text", ["is-not-null", ""]],
  ["= null", "text", ["equals", "null"]],
] as const)("%j over a %s", (typed, kind, expected) => {
  const filter = parseFilter(typed, { name: "c", type: "T", kind });
  expect(filter && [filter.operator, filter.value]).toEqual(expected);
});
