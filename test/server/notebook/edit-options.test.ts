import { describe, expect, test } from "vitest";
import {
  addOption,
  contractOf,
  hasOption,
  addCheck,
  isEditable,
  listChecks,
  listOption,
  replaceCheck,
  setListOption,
  setMapOption,
  setOption,
  writeText,
} from "../../../server/notebook/edit-options.js";
import { read, readCell, sqlFence } from "./read-notebook.js";

const head = "cell: orders # the first";
const options = (...lines: readonly string[]): string => [head, ...lines].join("\n");

describe("listOption", () => {
  test.each<[string, readonly string[] | undefined]>([
    ["owner: me", []],
    ["key:", []],
    ["key: order_id # why", ["order_id"]],
    ['key: [year, "a b"]', ["year", "a b"]],
    ["key:\n- year # first\n- month", ["year", "month"]],
    ["key: {a: 1}", undefined],
  ])("reads %j as %j", (line, expected) => expect(listOption(options(line), "key")).toEqual(expected));
});

describe("setOption", () => {
  test.each([
    ["count()", "owner: me", "owner: me\nkey: count()"],
    ["20", "key: 10  # why\nwho: x", "key: 20  # why\nwho: x"],
    ["sum(a)", "key: [a, b] # why", "key: sum(a) # why"],
    ["sum(a)", "key: {a: 1}\nwho: x", "key: sum(a)\nwho: x"],
    ["true", "key:\n  - a\n  - b\nwho: x", "key: true\nwho: x"],
    ["true", "key:\n  a: 1\nwho: x", "key: true\nwho: x"],
    ["b", "key:\nwho: x", "key: b\nwho: x"],
    [undefined, "key: a # why\nwho: x", "who: x"],
    [undefined, "key:\n  a: 1\n  b: 2\nwho: x", "who: x"],
    [undefined, "who: x", "who: x"],
  ])("writes %s into %j", (written, lines, expected) => {
    expect(setOption(options(lines), "key", written)).toBe(options(expected));
  });
});

describe("setListOption", () => {
  test.each([
    [["b"], "owner: me", "owner: me\nkey: b"],
    [["b", "a c"], "# end", '# end\nkey: [b, "a c"]'],
    [["b"], "key: a  # why\nwho: x", "key: b  # why\nwho: x"],
    [["a", "b"], "key: a  # why", "key: [a, b]  # why"],
    [["a"], "key:   [ a,b ]# odd\nwho: x", "key:   a# odd\nwho: x"],
    [["a"], "key: # why\nwho: x", "key: a # why\nwho: x"],
    [["a"], "key:", "key: a"],
    [
      ["a", "c"],
      "key:\n  - a # one\n  - b # two\n  # end\nwho: x",
      "key:\n  - a # one\n  - c\n  # end\nwho: x",
    ],
    [[], "key:\n- a\n- b # two\n# about who\nwho: x", "# about who\nwho: x"],
    [[], "key: a # why\nwho: x", "who: x"],
    [[], "who: x", "who: x"],
  ])("sets %j in %j", (texts, before, after) => {
    const changed = setListOption(options(before), "key", texts);
    expect(changed).toBe(options(after));
  });
});

describe("addCheck", () => {
  test.each([
    ["owner: me", "owner: me\nchecks:\n  - unique: [a]"],
    ["checks:\nwho: x", "checks:\n  - unique: [a]\nwho: x"],
    ["checks: [] # none", "checks: [{unique: [a]}] # none"],
    ["checks: [{row_count: {min: 1}}, ] # one", "checks: [{row_count: {min: 1}}, {unique: [a]}, ] # one"],
    ["checks:\n- not_null: a # x\n# end\nwho: x", "checks:\n- not_null: a # x\n- unique: [a]\n# end\nwho: x"],
    [
      "checks:\n    - range: {column: a, min: 1}\n      severity: warn # soft\nwho: x",
      "checks:\n    - range: {column: a, min: 1}\n      severity: warn # soft\n    - unique: [a]\nwho: x",
    ],
  ])("adds one to %j", (before, after) => {
    expect(addCheck(options(before), "unique: [a]")).toBe(options(after));
  });

  test("writes further keys below it, or beside it where all stand in one line", () => {
    const check = "unique: [a]\nseverity: warn";
    expect(addCheck(options("owner: me"), check)).toBe(
      options("owner: me\nchecks:\n  - unique: [a]\n    severity: warn"),
    );
    expect(addCheck(options("checks: [{not_null: a}]"), check)).toBe(
      options("checks: [{not_null: a}, {unique: [a], severity: warn}]"),
    );
  });
});

describe("replaceCheck", () => {
  const checks =
    "checks:\n  - not_null: a # x\n  - range: {column: a, min: 1}\n    severity: warn\n  # end\nwho: x";

  test.each([
    [0, "unique: [b]", checks.replace("not_null: a # x", "unique: [b]")],
    [1, undefined, checks.replace("  - range: {column: a, min: 1}\n    severity: warn\n", "")],
    [
      1,
      "unique: [b]\nmax: 2",
      checks.replace("range: {column: a, min: 1}\n    severity: warn", "unique: [b]\n    max: 2"),
    ],
    [7, undefined, checks],
  ])("of entry %j writes %j", (index, check, after) => {
    expect(replaceCheck(options(checks), index, check)).toBe(options(after));
  });

  test.each([
    [0, undefined, "checks: [{unique: b}] # z"],
    [1, undefined, "checks: [{not_null: a}] # z"],
    [1, "unique: [c]\nmax: 2", "checks: [{not_null: a}, {unique: [c], max: 2}] # z"],
  ])("in one line, of entry %j, writes %j", (index, check, after) => {
    const before = options("checks: [{not_null: a}, {unique: b}] # z");
    expect(replaceCheck(before, index, check)).toBe(options(after));
  });

  test("removes the option with its last entry", () => {
    expect(replaceCheck(options("checks:\n  - not_null: a\nwho: x"), 0, undefined)).toBe(options("who: x"));
  });

  test("finds what listChecks lists", () => {
    expect(listChecks(options(checks))).toEqual([
      { text: "not_null: a", value: { not_null: "a" } },
      {
        text: "range: {column: a, min: 1}\n    severity: warn",
        value: { range: { column: "a", min: 1 }, severity: "warn" },
      },
    ]);
    expect(listChecks(options("checks: 3"))).toBeUndefined();
    expect(listChecks(head)).toEqual([]);
  });
});

test("a text that YAML would read as something else is quoted", () => {
  expect(["order_id", "no", "a b", "1st", 'say "x"'].map(writeText)).toEqual([
    "order_id",
    '"no"',
    '"a b"',
    '"1st"',
    '"say \\"x\\""',
  ]);
});

test("options with faults are left to the text", () => {
  expect(isEditable(options("key: a"))).toBe(true);
  expect(isEditable(options("key: [a"))).toBe(false);
});

describe("a contract of what is there", () => {
  test("is read again as it was meant", () => {
    const columns = [
      { name: "id", type: "BIGINT" },
      { name: "no", type: "DECIMAL(18,2)" },
      { name: "it's: odd", type: "TIMESTAMP WITH TIME ZONE" },
      { name: "s", type: 'STRUCT(a INTEGER, "b c" VARCHAR[])' },
    ];
    const yaml = addOption("cell: a\nmaterialize: parquet", contractOf(columns));
    const text = sqlFence(yaml.split("\n").slice(1).join("\n"));
    expect(read(text).codes).toEqual([]);
    expect(readCell(text, "sql").options.columns).toEqual(
      columns.map((column) => ({ ...column, nullable: true })),
    );
    expect([hasOption(yaml, "columns"), hasOption(yaml, "checks")]).toEqual([true, false]);
  });
});

describe("setMapOption", () => {
  test("sets, changes and removes what is said of one name, and leaves all else", () => {
    const one = setMapOption(options("key: id"), "format", "the share", "0.0 %");
    expect(one).toBe(options("key: id", 'format: {"the share": "0.0 %"}'));
    const two = setMapOption(one, "format", "part", "percent");
    expect(two).toBe(options("key: id", 'format: {"the share": "0.0 %", part: percent}'));
    expect(setMapOption(two, "format", "the share", undefined)).toBe(
      options("key: id", "format: {part: percent}"),
    );
    expect(setMapOption(one, "format", "the share", undefined)).toBe(options("key: id"));
    const block = options("format:", "  size: bytes", "key: id");
    expect(setMapOption(block, "format", "took", "duration")).toBe(
      options("format: {size: bytes, took: duration}", "key: id"),
    );
  });
});
