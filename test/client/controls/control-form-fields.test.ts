import { describe, expect, test } from "vitest";
import {
  choicesOf,
  fieldsOf,
  keyOf,
  readField,
  writeField,
  type ControlField,
} from "../../../client/controls/control-form-fields.js";

function field(yaml: string, key: string): ControlField {
  const found = fieldsOf(yaml).find((each) => each.key === key);
  if (found === undefined) throw new Error(`No field ${key} of: ${yaml}`);
  return found;
}

function write(yaml: string, key: string, value: string): string {
  return writeField(yaml, field(yaml, key), value);
}

test.each([
  ["text", "type label description default value_type"],
  ["checkbox", "type label description default"],
  ["date", "type label description default"],
  ["number", "type label description min max step default value_type"],
  ["slider", "type label description min max step default value_type"],
  ["select", "type label description source options multiple default value_type"],
])("a %s has the fields that have an effect on it", (type, keys) => {
  expect(
    fieldsOf(`input: a\ntype: ${type}`)
      .map(({ key }) => key)
      .join(" "),
  ).toBe(keys);
});

describe("what is chosen is written, and all else stays", () => {
  const commented = "input: city # who\ntype: select\noptions: [BCN, MAD] # where\nfuture: {a: 1}\n";

  test.each([
    [
      "label",
      "The city",
      'input: city # who\ntype: select\noptions: [BCN, MAD] # where\nfuture: {a: 1}\nlabel: "The city"',
    ],
    [
      "options",
      "MAD\nVLC\n",
      "input: city # who\ntype: select\noptions: [MAD, VLC] # where\nfuture: {a: 1}\n",
    ],
    [
      "default",
      "MAD",
      "input: city # who\ntype: select\noptions: [BCN, MAD] # where\nfuture: {a: 1}\ndefault: MAD",
    ],
    [
      "multiple",
      "true",
      "input: city # who\ntype: select\noptions: [BCN, MAD] # where\nfuture: {a: 1}\nmultiple: true",
    ],
  ])("%s", (key, value, expected) => {
    expect(write(commented, key, value)).toBe(expected);
  });

  test("an empty field takes the key out", () => {
    expect(write("input: a\ntype: text\nlabel: A\ndefault: x\n", "label", "")).toBe(
      "input: a\ntype: text\ndefault: x\n",
    );
  });
});

test.each([
  ['options: [08001, "08002"]', "08001\n08002\n08003", 'options: [08001, "08002", "08003"]'],
  ["options: [1, 2]", "1\n2\n3.5", "options: [1, 2, 3.5]"],
  ["options: [1, 2]", "1\n2\nmany", "options: [1, 2, many]"],
  ["options: [yes, 'no']", "yes\nno\non", `options: [yes, 'no', "on"]`],
  ["options:\n  - BCN\n  - MAD", "BCN", "options:\n  - BCN"],
])("choices of %j stay as they are written", (before, lines, after) => {
  const yaml = `input: a\ntype: select\n${before}\nlabel: A`;
  expect(write(yaml, "options", lines)).toBe(`input: a\ntype: select\n${after}\nlabel: A`);
});

test("choices come from a list or from a query, on one line or several", () => {
  const list = "input: a\ntype: select\noptions: [BCN]\nlabel: A";
  expect(readField(list, field(list, "source"))).toBe("list");
  const query = write(list, "source", "query");
  expect(readField(query, field(query, "source"))).toBe("query");
  expect(field(query, "options").type).toBe("sql");
  const one = write(query, "options", "SELECT DISTINCT city FROM orders");
  expect(one).toBe("input: a\ntype: select\noptions: SELECT DISTINCT city FROM orders\nlabel: A");
  const lines = "SELECT city\n\nFROM orders -- all: of them";
  const several = write(one, "options", lines);
  expect(readField(several, field(several, "options"))).toBe(lines);
  expect(several).toContain("\nlabel: A");
  const odd = write(several, "options", "SELECT 'a: b' # c");
  expect(readField(odd, field(odd, "options"))).toBe("SELECT 'a: b' # c");
  expect(odd).toContain("\nlabel: A");
});

describe("another type", () => {
  test("has what it needs, and nothing that has no effect on it", () => {
    const text = 'input: a\ntype: text\nlabel: A\ndefault: ""';
    const select = write(text, "type", "select");
    expect(select).toBe("input: a\ntype: select\nlabel: A\noptions: [A, B]");
    expect(write(select, "type", "slider")).toBe("input: a\ntype: slider\nlabel: A\nmin: 0\nmax: 100");
  });

  test("keeps a default that fits", () => {
    const slider = "input: a\ntype: slider\nmin: 0\nmax: 10\ndefault: 5";
    expect(write(slider, "type", "number")).toBe(slider.replace("slider", "number"));
    expect(write(slider, "type", "date")).toBe("input: a\ntype: date");
  });
});

test("the default of a select is one of its choices", () => {
  const yaml = "input: a\ntype: select\noptions: [1, 2]";
  expect(choicesOf(yaml, field(yaml, "default")).map(({ value }) => value)).toEqual(["1", "2"]);
  expect(write(yaml, "default", "2")).toBe(`${yaml}\ndefault: 2`);
});

test("what is no text is left to the YAML", () => {
  const yaml = "input: a\ntype: text\nlabel: [a, b]";
  expect(readField(yaml, field(yaml, "label"))).toBeUndefined();
});

test.each([
  [{ line: 11, message: 'Input "a" needs key "options"' }, "options"],
  [{ line: 13, message: "An option must be of type integer, as the others" }, "options"],
  [{ line: 14, message: "…" }, "min"],
  [{ line: 11, message: "…" }, "input"],
])("a problem %j belongs to %s", (problem, key) => {
  expect(keyOf(problem, "input: a\noptions:\n  - 1\nmin: x", 11)).toBe(key);
});

test.each([
  "[a, null]",
  "[a, ~]",
  '[a, ""]',
  '[" lead", b]',
  '["a\\nb", c]',
  "\n  - a\n  -\n",
  "[[a, b], c]",
])("choices that are no lines are left to the YAML: %j", (options) => {
  const yaml = `input: a\ntype: select\noptions: ${options}`;
  expect(readField(yaml, field(yaml, "options"))).toBeUndefined();
});

test("choices of a block keep their comments and their order", () => {
  const before =
    'input: a\ntype: select\noptions:\n  - a # first\n  # of all\n  - "08001"\n  - c # third\nlabel: A';
  expect(write(before, "options", "c\na\nnew one")).toBe(
    'input: a\ntype: select\noptions:\n  - c # third\n  - a # first\n  - "new one"\nlabel: A',
  );
  const several = `${before}\nmultiple: true\ndefault:\n  - a # why\n  - c`;
  expect(write(several, "default", "a")).toBe(`${before}\nmultiple: true\ndefault:\n  - a # why`);
});
