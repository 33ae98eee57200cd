import { expect, test } from "vitest";
import { controlOf, guessControl } from "../../../client/editor/guess-control.js";

const columns = [
  { name: "at", kind: "timestamp" },
  { name: "Price", kind: "decimal" },
  { name: "is_new", kind: "boolean" },
  { name: "city", kind: "text" },
] as const;

test.each([
  ["since", "SELECT * FROM orders WHERE at >= $since", "date"],
  ["x", "SELECT * FROM orders o WHERE o.at BETWEEN $x AND now()", "date"],
  ["x", 'SELECT * FROM orders WHERE "price" < $x', "number"],
  ["x", "SELECT * FROM orders WHERE $x > price", "number"],
  ["x", "SELECT * FROM orders WHERE is_new = $x", "checkbox"],
  ["since", "SELECT * FROM orders WHERE city = $since", "text"],
  ["x", "SELECT * FROM orders WHERE city = $xy AND id = $x::DATE", "date"],
  ["x", "SELECT CAST($x AS BIGINT)", "number"],
  ["rows", "SELECT * FROM orders LIMIT $rows", "number"],
  ["start_day", "SELECT $start_day", "date"],
  ["city", "SELECT * FROM unknown WHERE c = $city", "text"],
])("a control for $%s of %s is a %s", (name, sql, type) => {
  expect(guessControl(name, sql, columns)).toBe(type);
});

test("a control begins with a value of its type", () => {
  expect(controlOf("since", "date", "2026-11-30")).toBe("input: since\ntype: date\ndefault: 2026-01-01");
  expect(controlOf("until", "date", "2026-11-30")).toContain("default: 2026-11-30");
  expect(controlOf("n", "number", "2026-11-30")).toContain("default: 10");
});
