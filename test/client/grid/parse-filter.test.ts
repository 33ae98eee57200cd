import { expect, test } from "vitest";
import { filterText, parseFilter } from "../../../client/grid/parse-filter.js";
import type { TypeKind } from "../../../server/text/type-kind.js";

function read(typed: string, kind: TypeKind, format?: string): unknown {
  const filters = parseFilter(typed, { name: "c", type: "T", kind }, format);
  return typeof filters === "string" ? filters : filters.map(({ operator, value }) => [operator, value]);
}

test.each([
  ["", "text", []],
  ["  ", "text", []],
  [">", "integer", []],
  ["abc", "text", [["contains", "abc"]]],
  ["5", "integer", [["equals", "5"]]],
  ["1 235", "integer", [["equals", "1235"]]],
  ["1e6", "integer", [["equals", "1e6"]]],
  ["nan", "float", [["equals", "nan"]]],
  ["true", "boolean", [["equals", "true"]]],
  ["> 5", "integer", [["greater", "5"]]],
  [">=5", "integer", [["at-least", "5"]]],
  ["< 5", "integer", [["less", "5"]]],
  ["= BCN", "text", [["equals", "BCN"]]],
  ["!= BCN", "text", [["differs", "BCN"]]],
  ["<> BCN", "text", [["differs", "BCN"]]],
  ["null", "text", [["is-null", ""]]],
  ["Is Not Null", "text", [["is-not-null", ""]]],
  ["= null", "text", [["equals", "null"]]],
  ["a .. b", "text", [["contains", "a .. b"]]],
  [
    "5 .. 10",
    "integer",
    [
      ["at-least", "5"],
      ["at-most", "10"],
    ],
  ],
  ["..-1", "integer", [["at-most", "-1"]]],
  ["-2.5..", "decimal", [["at-least", "-2.5"]]],
] as const)("%j over a %s", (typed, kind, expected) => {
  expect(read(typed, kind)).toEqual(expected);
});

test.each([
  ["<= 2026-11-01", "date", [["at-most", "2026-11-01"]]],
  ["2026-11-01", "date", [["equals", "2026-11-01"]]],
  [
    "2026-11",
    "date",
    [
      ["at-least", "2026-11-01"],
      ["less", "2026-12-01"],
    ],
  ],
  [
    "2026-11",
    "timestamp",
    [
      ["at-least", "2026-11-01"],
      ["less", "2026-12-01"],
    ],
  ],
  ["> 2026", "timestamp", [["at-least", "2027-01-01"]]],
  ["<= 2026-02-28", "timestamp", [["less", "2026-03-01"]]],
  [
    "= 2026-02-28 23:59",
    "timestamp",
    [
      ["at-least", "2026-02-28 23:59:00"],
      ["less", "2026-03-01"],
    ],
  ],
  ["= 2026-02-28 23:59:00", "timestamp", [["equals", "2026-02-28 23:59:00"]]],
  ["2026-02-28 23:59:00.5", "timestamp", [["equals", "2026-02-28 23:59:00.5"]]],
  ["= 2026-02-28 23:59:00.123456", "timestamp", [["equals", "2026-02-28 23:59:00.123456"]]],
  ["= 2026-02-28 23:59:00+00", "timestamp", [["equals", "2026-02-28 23:59:00+00"]]],
  ["= infinity", "timestamp", [["equals", "infinity"]]],
  [
    "2020-07-01 .. 2020-09-30",
    "timestamp",
    [
      ["at-least", "2020-07-01"],
      ["less", "2020-10-01"],
    ],
  ],
  ["11-30", "timestamp", [["contains", "11-30"]]],
  ["20", "date", [["contains", "20"]]],
  ["12:30", "time", [["contains", "12:30"]]],
] as const)("%j over a %s, which is a time", (typed, kind, expected) => {
  expect(read(typed, kind)).toEqual(expected);
});

const july = 1_593_561_600;
test.each([
  [">= 2020-07-01", "epoch_seconds", [["at-least", String(july)]]],
  [
    "2020-07-01",
    "epoch_seconds",
    [
      ["at-least", String(july)],
      ["less", String(july + 86_400)],
    ],
  ],
  [
    "2020-07",
    "epoch_seconds",
    [
      ["at-least", String(july)],
      ["less", String(july + 31 * 86_400)],
    ],
  ],
  ["> 2019", "epoch_seconds", [["at-least", "1577836800"]]],
  ["<= 2020-06-30", "epoch_seconds", [["less", String(july)]]],
  ["2020-07-01 00:00:00", "epoch_seconds", [["equals", String(july)]]],
  ["2020-07-01 02:00:00+02:00", "epoch_seconds", [["equals", String(july)]]],
  ["2020-07-01 00:00:00.250", "epoch_seconds", [["equals", `${String(july)}.25`]]],
  [">= 2020-07-01", "epoch_milliseconds", [["at-least", `${String(july)}000`]]],
  ["= 1593561601", "epoch_seconds", [["equals", "1593561601"]]],
  ["1969-12-31 23:59:59", "epoch_seconds", [["equals", "-1"]]],
  [
    "2020-07-01 .. 2020-07-31",
    "epoch_seconds",
    [
      ["at-least", String(july)],
      ["less", "1596240000"],
    ],
  ],
  ["> 50%", "percent", [["greater", "0.5"]]],
  ["> 0.5", "percent", [["greater", "0.5"]]],
  [
    "50.0 %",
    "percent",
    [
      ["at-least", "0.4995"],
      ["less", "0.5005"],
    ],
  ],
  [
    "-50%",
    "percent",
    [
      ["greater", "-0.5005"],
      ["at-most", "-0.4995"],
    ],
  ],
  [
    "0%",
    "percent",
    [
      ["greater", "-0.0005"],
      ["less", "0.0005"],
    ],
  ],
  ["12.345 %", "percent", [["equals", "0.12345"]]],
  ["= 0.12", "0 %", [["equals", "0.12"]]],
  [
    "1 234.50 €",
    "0.00 €",
    [
      ["at-least", "1234.495"],
      ["less", "1234.505"],
    ],
  ],
  [">= eur 12", "EUR 0.00", [["at-least", "12"]]],
  [
    "1.5 MB",
    "bytes",
    [
      ["at-least", "1450000"],
      ["less", "1550000"],
    ],
  ],
  ["> 2 GB", "bytes", [["greater", "2000000000"]]],
  ["> 1 h 30 min", "duration", [["greater", "5400"]]],
  [
    "2 h 05 min",
    "duration",
    [
      ["at-least", "7499.5"],
      ["less", "7559.5"],
    ],
  ],
  [
    "3 min 20 s",
    "duration",
    [
      ["at-least", "199.5"],
      ["less", "200.5"],
    ],
  ],
  [
    "8 ms",
    "duration",
    [
      ["at-least", "0.0075"],
      ["less", "0.0085"],
    ],
  ],
  [
    "10 s .. 1 min",
    "duration",
    [
      ["at-least", "10"],
      ["at-most", "60"],
    ],
  ],
] as const)("%j over numbers that are shown by %s", (typed, format, expected) => {
  expect(read(typed, "float", format)).toEqual(expected);
});

test.each([
  ["> July", "integer", "epoch_seconds", "Write a time as it is shown here, or a part of it: >= 2020-07-01"],
  ["2020-02-30", "integer", "epoch_seconds", "Write a time"],
  ["> half", "float", "percent", "Write it as it is shown here: > 12.5\u202f%."],
  ["> 5 EUR", "float", "bytes", "> 1.5\u202fMB."],
  ["5 km", "float", "duration", "> 1\u202fh 30\u202fmin."],
  ["abc", "integer", undefined, "Write a number: 5, > 5, or 5 .. 10."],
  ["1 .. x", "float", undefined, "Write a number"],
  ["!= 2020-07", "integer", "epoch_seconds", "2020-07 stands for many values here"],
] as const)("%j over a %s shown by %s says what to write", (typed, kind, format, words) => {
  expect(read(typed, kind, format)).toContain(words);
});

test("the text of a value is exactly that value, however it is shown", () => {
  for (const [text, kind, format] of [
    ["1593561600", "integer", "epoch_seconds"],
    ["0.12345", "float", "percent"],
    ["1234.5", "decimal", "0.00 €"],
    ["2020-07-01 00:00:00", "timestamp", undefined],
    ["2020-07-01", "date", undefined],
  ] as const)
    expect(read(filterText(text, text), kind, format)).toEqual([["equals", text]]);
});
