import { describe, expect, test } from "vitest";
import {
  chosenOf,
  formatSlider,
  parseTyped,
  type ControlSettings,
  type ControlType,
  type ParameterType,
} from "../../../client/controls/control-options.js";

function settings(
  inputType: ControlType,
  type: ParameterType,
  bounds: { min?: number; max?: number } = {},
): ControlSettings {
  return { inputType, ...bounds, parameter: { name: "p", type, isList: false, defaultValue: null } };
}

describe("parseTyped", () => {
  test.each([
    ["12", "number", "integer", 12],
    ["1.5", "number", "integer", undefined],
    ["1.5", "number", "number", 1.5],
    ["9007199254740993", "number", "integer", "9007199254740993"],
    ["99999999999999999999", "number", "integer", undefined],
    ["", "number", "integer", null],
    ["x", "text", "number", undefined],
    ["2026-11-01", "date", "date", "2026-11-01"],
    ["", "date", "date", null],
    ["1.11.2026", "text", "date", undefined],
    ["", "text", "string", ""],
    [" x ", "text", "string", " x "],
    ["TRUE", "text", "boolean", true],
    ["maybe", "text", "boolean", undefined],
  ] as const)("reads %j of %s as %s", (text, inputType, type, expected) => {
    expect(parseTyped(text, settings(inputType, type))).toBe(expected);
  });

  test("keeps within the bounds", () => {
    const bounded = settings("number", "integer", { min: 1, max: 31 });
    expect(["0", "1", "31", "32"].map((text) => parseTyped(text, bounded))).toEqual([
      undefined,
      1,
      31,
      undefined,
    ]);
  });
});

describe("chosenOf", () => {
  test("is a list of what is chosen", () => {
    expect([chosenOf(null), chosenOf("a"), chosenOf(["a", "b"])]).toEqual([[], ["a"], ["a", "b"]]);
  });
});

describe("formatSlider", () => {
  test("has the digits of the step", () => {
    expect([formatSlider(2, 1), formatSlider(2, 0.25), formatSlider(2.5, 0.5)]).toEqual(["2", "2.00", "2.5"]);
  });
});
