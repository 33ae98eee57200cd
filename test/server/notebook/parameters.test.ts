import { describe, expect, test } from "vitest";
import type { ParameterType } from "../../../server/notebook/notebook.js";
import {
  builtInParameters,
  checkParameterValue,
  parseParameterValue,
} from "../../../server/notebook/parameters.js";

function shape(type: ParameterType, isList = false) {
  return { name: "p", type, isList };
}

describe("parseParameterValue", () => {
  test.each([
    ["string", "BCN", "BCN"],
    ["string", "", ""],
    ["string", "5", "5"],
    ["integer", "-5", -5],
    ["integer", " +08 ", 8],
    ["integer", "9007199254740991", 9007199254740991],
    ["integer", "9007199254740993", "9007199254740993"],
    ["integer", "-9223372036854775808", "-9223372036854775808"],
    ["integer", "+09223372036854775807", "9223372036854775807"],
    ["number", "1e3", 1000],
    ["number", ".5", 0.5],
    ["boolean", "TRUE", true],
    ["date", "2026-11-01", "2026-11-01"],
    ["timestamp", "2026-11-01", "2026-11-01 00:00:00"],
    ["timestamp", "2026-11-01T06:30Z", "2026-11-01 06:30:00"],
    ["timestamp", "2026-11-01 06:00:00.125000", "2026-11-01 06:00:00.125"],
    ["timestamp", "2026-01-01 00:30:00+05:30", "2025-12-31 19:00:00"],
  ] as const)("reads a %s from %j", (type, text, value) => {
    expect(parseParameterValue(shape(type), text)).toEqual({ ok: true, value });
  });

  test.each([
    ["integer", "1.5"],
    ["integer", "0x10"],
    ["integer", ""],
    ["integer", "9223372036854775808"],
    ["integer", "-9223372036854775809"],
    ["integer", "1e19"],
    ["integer", "12three"],
    ["number", "Infinity"],
    ["boolean", "1"],
    ["date", "2026-02-29"],
    ["date", "01.11.2026"],
    ["date", "0000-01-01"],
    ["timestamp", "2026-11-01 25:00"],
    ["timestamp", "2026-11-01T06"],
    ["timestamp", "9999-12-31 23:59:59-01:00"],
  ] as const)("refuses as a %s %j", (type, text) => {
    expect(parseParameterValue(shape(type), text)).toMatchObject({ ok: false });
  });

  test.each([
    ["BCN,MAD", ["BCN", "MAD"]],
    [" BCN , MAD ", ["BCN", "MAD"]],
    ['["a,b", "c"]', ["a,b", "c"]],
    ["", []],
  ])("reads the list %j", (text, value) => {
    expect(parseParameterValue(shape("string", true), text)).toEqual({ ok: true, value });
  });

  test("reads a list of numbers, and refuses broken JSON", () => {
    expect(parseParameterValue(shape("integer", true), "1,2")).toEqual({ ok: true, value: [1, 2] });
    expect(parseParameterValue(shape("integer", true), "[1,")).toMatchObject({ ok: false });
  });

  test("says what to do about an integer of which digits would be lost", () => {
    expect(checkParameterValue(shape("integer"), 2 ** 53)).toMatchObject({
      hint: "Write it as a text: beyond 9007199254740991 digits of a number would be lost.",
    });
    expect(parseParameterValue(shape("integer"), "9223372036854775808")).toMatchObject({
      hint: "It has to fit 64 bits; for a larger one make its type string and write CAST($p AS HUGEINT).",
    });
  });

  test("says what would fit", () => {
    expect(parseParameterValue(shape("date"), "today")).toEqual({
      ok: false,
      message: 'Parameter "p" must be a date',
      hint: "For example: 2026-11-01",
    });
  });
});

describe("checkParameterValue", () => {
  test.each([
    [shape("integer"), 5, 5],
    [shape("integer"), null, null],
    [shape("integer"), "9223372036854775807", "9223372036854775807"],
    [shape("integer", true), ["5", "-9007199254740993", 7], [5, "-9007199254740993", 7]],
    [shape("string"), "Cafe\u0301", "Café"],
    [shape("date"), "2024-02-29", "2024-02-29"],
    [shape("string", true), ["a", null], ["a", null]],
  ])("accepts for %j the value %j", (definition, value, expected) => {
    expect(checkParameterValue(definition, value)).toEqual({ ok: true, value: expected });
  });

  test.each([
    [shape("integer"), "5.5"],
    [shape("integer"), 2 ** 53],
    [shape("number"), NaN],
    [shape("string"), 5],
    [shape("string"), ["a"]],
    [shape("string", true), "a"],
    [shape("boolean"), "true"],
    [shape("date"), {}],
    [shape("string"), undefined],
  ])("refuses for %j the value %j", (definition, value) => {
    expect(checkParameterValue(definition, value).ok).toBe(false);
  });
});

describe("builtInParameters", () => {
  test("are the run date and the interval that a run covers", () => {
    expect(builtInParameters.map(({ name, type }) => [name, type])).toEqual([
      ["run_date", "date"],
      ["interval_start", "timestamp"],
      ["interval_end", "timestamp"],
    ]);
  });
});
