import { expect, test } from "vitest";
import { parseFilter } from "../../../client/grid/parse-filter.js";

test.each([
  ["", "VARCHAR", null],
  ["  ", "VARCHAR", null],
  [">", "BIGINT", null],
  ["abc", "VARCHAR", ["contains", "abc"]],
  ["2026-11", "TIMESTAMP", ["contains", "2026-11"]],
  ["5", "BIGINT", ["equals", "5"]],
  ["true", "BOOLEAN", ["equals", "true"]],
  ["> 5", "BIGINT", ["greater", "5"]],
  [">=5", "BIGINT", ["at-least", "5"]],
  ["< 5", "BIGINT", ["less", "5"]],
  ["<= 2026-11-01", "DATE", ["at-most", "2026-11-01"]],
  ["= BCN", "VARCHAR", ["equals", "BCN"]],
  ["!= BCN", "VARCHAR", ["differs", "BCN"]],
  ["<> BCN", "VARCHAR", ["differs", "BCN"]],
  ["null", "VARCHAR", ["is-null", ""]],
  ["Is Not Null", "VARCHAR", ["is-not-null", ""]],
  ["= null", "VARCHAR", ["equals", "null"]],
] as const)("%j over a %s", (typed, type, expected) => {
  const filter = parseFilter(typed, { name: "c", type });
  expect(filter && [filter.operator, filter.value]).toEqual(expected);
});
