import { describe, expect, test } from "vitest";
import type { NotebookView } from "../../../server/api/protocol.js";
import { readChoices, recordOf, withChoice, writeChoices } from "../../../client/store/choices.js";

type Type = NotebookView["parameters"][number]["type"];

function viewOf(
  ...parameters: (readonly [name: string, type: Type, isList?: boolean, more?: object])[]
): Pick<NotebookView, "parameters" | "cells"> {
  const cells = parameters.map(([name, type, isList = false, more = {}]) => ({
    name,
    kind: "input" as const,
    options: { inputType: "text", parameter: { name, type, isList, defaultValue: null }, ...more },
  }));
  return { parameters: [], cells: cells as unknown as NotebookView["cells"] };
}

const parametersOf = (query: string, view: Parameters<typeof readChoices>[1]): Record<string, unknown> => ({
  ...readChoices(query, view).parameters,
});

describe("choices in an address", () => {
  const values: readonly (readonly [Type, boolean, unknown])[] = [
    ["string", false, "a=b&c?d#e/f%20g + ü\n\"'"],
    ["string", false, ""],
    ["string", false, "null"],
    ["string", true, ["BCN", "", "a,b", "[x]"]],
    ["string", true, ["only"]],
    ["integer", false, -5],
    ["integer", false, "9007199254740993"],
    ["integer", true, [1, 2]],
    ["number", false, 1.5e-7],
    ["boolean", false, false],
    ["date", false, "2024-02-29"],
    ["timestamp", false, "2026-11-01 06:00:00"],
  ];

  test.each(["city", "constructor", "__proto__", "hasownproperty", "run_date"])(
    "of a parameter %s come back as they were",
    (name) => {
      for (const [type, isList, value] of values) {
        const query = writeChoices({ parameters: recordOf([[name, value]]) });
        const read = readChoices(query, viewOf([name, type, isList]));
        expect(Object.entries(read.parameters)).toEqual([[name, value]]);
        expect(read.problems).toEqual([]);
      }
    },
  );

  test("tell no value from the empty text", () => {
    const view = { ...viewOf(["city", "string"]) };
    (view.cells[0]?.options["parameter"] as { defaultValue: unknown }).defaultValue = "BCN";
    expect(parametersOf(writeChoices({ parameters: recordOf([["city", null]]) }), view)).toEqual({
      city: null,
    });
    expect(parametersOf("city=BCN", view)).toEqual({});
    expect({ ...withChoice({ parameters: recordOf([["city", "VLC"]]) }, view, "city", "BCN") }).toEqual({});
  });

  test.each([
    ["integer", "1.5"],
    ["integer", "x"],
    ["number", "Infinity"],
    ["number", ""],
    ["number", "11"],
    ["boolean", "yes"],
    ["date", "2026-02-30"],
    ["timestamp", "soon"],
  ] as const)("are told and left out where they do not fit %s: %s", (type, text) => {
    const view = viewOf(["n", type, false, { max: 10 }], ["city", "string"]);
    const read = readChoices(`n=${text}&city=VLC`, view);
    expect({ ...read.parameters }).toEqual({ city: "VLC" });
    expect(read.problems).toEqual([`"${text}" is no value of n.`]);
  });

  test("of lists must be lists of what fits, and unknown names and dates are told", () => {
    const view = viewOf(["ids", "integer", true]);
    for (const text of ["1", "{}", '["x"]', "[[1]]"])
      expect(readChoices(new URLSearchParams({ ids: text }).toString(), view).problems).toHaveLength(1);
    expect(readChoices("town=VLC&constructor=1&run-date=2026-13-01", view)).toMatchObject({
      problems: [
        "There is no parameter town.",
        "There is no parameter constructor.",
        '"2026-13-01" is no run date.',
      ],
    });
    expect(readChoices("run-date=2026-11-01", view).date).toBe("2026-11-01");
  });
});
