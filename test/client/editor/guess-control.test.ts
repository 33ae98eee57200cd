import { expect, test } from "vitest";
import { comparedWith } from "../../../client/editor/cursor-context.js";
import {
  controlFor,
  kindInText,
  kindOfName,
  type ControlColumn,
} from "../../../client/editor/guess-control.js";

const today = "2026-11-30";

function yamlOf(column: Omit<ControlColumn, "name">, isEqual = true, name = "x"): string {
  return controlFor(name, { name: "c", ...column }, isEqual, today).yaml.replaceAll("\n", ", ");
}

test.each([
  ["SELECT * FROM orders WHERE at >= $x", ["at"], false],
  ["SELECT * FROM orders o WHERE o.at BETWEEN $x AND now()", ["o", "at"], false],
  ["SELECT * FROM orders o WHERE o.at BETWEEN DATE '2020-01-01' AND $x", ["o", "at"], false],
  ['SELECT * FROM orders WHERE "price" < $x', ["price"], false],
  ["SELECT * FROM orders WHERE $x > price", ["price"], false],
  ["SELECT * FROM orders o WHERE $x = o.city AND true", ["o", "city"], true],
  ["SELECT * FROM orders WHERE city = $xy AND town = $x", ["town"], true],
  ["SELECT * FROM orders WHERE city NOT IN ('A', $x)", ["city"], true],
  ["SELECT * FROM orders WHERE a >= 1 AND $x", undefined, undefined],
  ["SELECT * FROM orders WHERE $x > abs(price)", undefined, undefined],
  ["SELECT '= $x' -- city = $x", undefined, undefined],
])("%s compares $x with %j", (sql, path, isEqual) => {
  const found = comparedWith(sql, "x");
  expect(found?.path).toEqual(path);
  expect(found?.isEqual).toBe(isEqual);
});

test.each([
  ["x", "SELECT * FROM orders WHERE id = $x::DATE", "date"],
  ["x", "SELECT CAST($x AS BIGINT)", "integer"],
  ["rows", "SELECT * FROM orders LIMIT $rows", "integer"],
  ["x", "SELECT $x", undefined],
])("$%s of %s is by itself %s", (name, sql, kind) => {
  expect(kindInText(name, sql)).toBe(kind);
});

test("a name tells what is known of nothing else", () => {
  expect(["start_day", "top", "is_new", "city"].map(kindOfName)).toEqual([
    "date",
    "integer",
    "boolean",
    "text",
  ]);
});

test.each([
  [
    { kind: "text", relation: "shops", distinct: 3, min: "BCN", top: "MAD" },
    "input: x, type: select, options: SELECT DISTINCT c FROM shops ORDER BY c, default: MAD",
  ],
  [
    { kind: "text", relation: "shops" },
    "input: x, type: select, options: SELECT DISTINCT c FROM shops ORDER BY c",
  ],
  [{ kind: "text", relation: "shops", distinct: 9000 }, 'input: x, type: text, default: ""'],
  [{ kind: "text" }, 'input: x, type: text, default: ""'],
  [{ kind: "boolean" }, "input: x, type: checkbox, default: true"],
  [
    { kind: "integer", relation: "shops", distinct: 2, top: "2020" },
    "input: x, type: select, options: SELECT DISTINCT c FROM shops ORDER BY c, default: 2020",
  ],
  [{ kind: "integer", distinct: 900, min: "7", max: "9" }, "input: x, type: number, default: 7"],
] as const)("a value of %j is chosen by %s", (column, yaml) => {
  expect(yamlOf(column)).toBe(yaml);
});

test.each([
  [{ kind: "integer", min: "3", max: "40" }, "input: x, type: slider, min: 3, max: 40, step: 1, default: 3"],
  [
    { kind: "integer", min: "0", max: "73210" },
    "input: x, type: slider, min: 0, max: 73500, step: 500, default: 0",
  ],
  [
    { kind: "float", min: "-0.213", max: "1.4" },
    "input: x, type: slider, min: -0.22, max: 1.4, step: 0.01, default: -0.22",
  ],
  [{ kind: "float", min: "1", max: "1" }, "input: x, type: number, default: 10"],
  [{ kind: "float", min: "1", max: "inf" }, "input: x, type: number, default: 10"],
  [{ kind: "timestamp", min: "2020-03-04 10:00:00" }, "input: x, type: date, default: 2020-03-04"],
  [{ kind: "date", min: "0044-03-15 (BC)" }, "input: x, type: date, default: 0044-03-15"],
  [{ kind: "date", min: "12020-03-15" }, "input: x, type: date, default: 2026-01-01"],
  [{ kind: "date", begin: "2020-07-01", min: "2019-01-01" }, "input: x, type: date, default: 2020-07-01"],
] as const)("a bound of %j is chosen by %s", (column, yaml) => {
  expect(yamlOf(column, false)).toBe(yaml);
});

test("a number that is shown as a time is a date, of which the query has to make a number", () => {
  const column = {
    name: "at",
    kind: "integer",
    format: "epoch_seconds",
    min: "1593561600",
    max: "1600000000",
  } as const;
  expect(controlFor("since", column, false, today)).toMatchObject({
    yaml: "input: since\ntype: date\ndefault: 2020-07-01",
    since1970: "epoch",
  });
  expect(controlFor("until", column, false, today).yaml).toContain("default: 2020-09-13");
});
