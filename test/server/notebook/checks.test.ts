import { describe, expect, test } from "vitest";
import { marked, read, readCell, sqlFence } from "./read-notebook.js";

function checks(...entries: string[]) {
  return readCell(fence(entries), "sql").options.checks;
}

function fence(entries: readonly string[]): string {
  return sqlFence(["checks:", ...entries.map((entry) => `  - ${entry}`)].join("\n"));
}

function putAside(entry: string) {
  return sqlFence(`materialize: parquet\nchecks:\n  - ${entry}`);
}

function diagnosed(text: string) {
  const { diagnostics } = read(text);
  return {
    codes: diagnostics.map(({ code }) => code),
    messages: diagnostics.map(({ message }) => message),
    hints: diagnostics.map(({ hint }) => hint),
  };
}

describe("checks", () => {
  test("know what else an entry may have", () => {
    expect(diagnosed(fence(["range: {column: a, min: 0, zzz: 0}"])).hints).toEqual([
      "Known here: name, severity, where, on_fail, max, column, min.",
    ]);
    expect(diagnosed(fence(["not_null: a\n    zzz: 1"])).hints).toEqual([
      "Known here: name, severity, where, on_fail, max.",
    ]);
  });

  test("let at most all rows fail", () => {
    expect(diagnosed(fence(["not_null: a\n    max: 100.5%"])).messages).toEqual([
      'Check option "max" can be no share of more than 100%',
    ]);
    expect(diagnosed(fence(["not_null: a\n    max: 100%"])).codes).toEqual([]);
    expect(diagnosed(putAside("volume: {tolerance: 200%}")).codes).toEqual([]);
  });

  test.each([
    ["not_null: [a, b]", "a.not_null_a_b", { kind: "not_null", columns: ["a", "b"] }],
    ["not_null: a", "a.not_null_a", { kind: "not_null", columns: ["a"] }],
    ["not_null: {columns: [a]}", "a.not_null_a", { kind: "not_null", columns: ["a"] }],
    ["not_null: {column: a}", "a.not_null_a", { kind: "not_null", columns: ["a"] }],
    ["unique: c", "a.unique_c", { kind: "unique", columns: ["c"] }],
    [
      "accepted_values: {column: s, values: [x, 1, true]}",
      "a.accepted_values_s",
      { kind: "accepted_values", column: "s", values: ["x", 1, true] },
    ],
    ["range: {column: d, min: 0}", "a.range_d", { kind: "range", column: "d", min: 0 }],
    [
      "range: {column: d, min: 2020-01-01, max: 2021-01-01}",
      "a.range_d",
      { kind: "range", column: "d", min: "2020-01-01", max: "2021-01-01" },
    ],
    [
      "relationships: {column: o, to: orders.order.id}",
      "a.relationships_o",
      { kind: "relationships", column: "o", toCell: "orders", toColumn: "order.id" },
    ],
    ["not_in_future: d", "a.not_in_future_d", { kind: "not_in_future", column: "d" }],
    ["not_in_future: {column: d}", "a.not_in_future_d", { kind: "not_in_future", column: "d" }],
    [
      "pattern: {column: c, regex: '[A-Z]{3}'}",
      "a.pattern_c",
      { kind: "pattern", column: "c", regex: "[A-Z]{3}" },
    ],
    [
      "freshness: {column: d, max_age: 2d}",
      "a.freshness_d",
      { kind: "freshness", column: "d", maxAgeMs: 172_800_000 },
    ],
    [
      "schema: [a, b]",
      "a.schema",
      { kind: "schema", expected: [{ name: "a" }, { name: "b" }], match: "exact" },
    ],
    [
      'schema: {columns: {a: BIGINT, b: "DECIMAL(10,2)", c: }, match: subset}',
      "a.schema",
      {
        kind: "schema",
        expected: [{ name: "a", type: "BIGINT" }, { name: "b", type: "DECIMAL(10,2)" }, { name: "c" }],
        match: "subset",
      },
    ],
    ["row_count: {min: 1, max: 9}", "a.row_count", { kind: "row_count", min: 1, max: 9 }],
    [
      "row_count_matches: b",
      "a.row_count_matches_b",
      { kind: "row_count_matches", target: { type: "cell", cell: "b" } },
    ],
    [
      "row_count_matches: {distinct: b.id}",
      "a.row_count_matches_b",
      { kind: "row_count_matches", target: { type: "distinct", cell: "b", column: "id" } },
    ],
    [
      "row_count_matches: {input: input/orders.json}",
      "a.row_count_matches_input",
      { kind: "row_count_matches", target: { type: "input", path: "input/orders.json" } },
    ],
    ["expression: a >= 0", "a.expression", { kind: "expression", sql: "a >= 0" }],
    ["expression: {sql: a >= 0}", "a.expression", { kind: "expression", sql: "a >= 0" }],
  ])("read %s", (entry, name, rule) => {
    expect(read(fence([entry])).codes).toEqual([]);
    expect(checks(entry)).toMatchObject([{ name, rule, severity: "error", max: 0 }]);
  });

  test.each([
    ["equivalence: {every: 5}", 5],
    ["equivalence: {}", 1],
  ])("read %s, which is of no use where nothing is computed in parts", (entry, every) => {
    expect(read(fence([entry])).codes).toEqual(["unused-option"]);
    expect(checks(entry)).toMatchObject([{ name: "a.equivalence", rule: { kind: "equivalence", every } }]);
  });

  test.each([
    ["volume: 50%", { tolerance: { percent: 50 }, of: "median", runs: 12 }],
    ["volume: {tolerance: 12.5 %, of: mean, runs: 3}", { tolerance: { percent: 12.5 }, of: "mean", runs: 3 }],
  ])("read %s, which is of no use where nothing is published", (entry, rule) => {
    expect(read(fence([entry])).codes).toEqual(["unused-option"]);
    expect(checks(entry)).toMatchObject([{ name: "a.volume", rule: { kind: "volume", ...rule } }]);
  });

  test("take a share as the rows that may fail", () => {
    expect(checks("not_null: {columns: a, max: 0.5%}")).toMatchObject([{ max: { percent: 0.5 } }]);
  });

  test.each([
    "not_null: {columns: [a], severity: warn, max: 5, where: b > 1, name: has_a}",
    "not_null: [a]\n    severity: warn\n    max: 5\n    where: b > 1\n    name: has_a",
  ])("take their settings within and beside: %j", (entry) => {
    expect(checks(entry)).toMatchObject([{ name: "a.has_a", severity: "warn", max: 5, where: "b > 1" }]);
    expect(read(fence([entry])).codes).toEqual([]);
  });

  test("tell the bound of a range from the failures that are accepted", () => {
    expect(checks("range: {column: d, max: 9, severity: warn}\n    max: 5")).toMatchObject([
      { rule: { kind: "range", column: "d", max: 9 }, max: 5, severity: "warn" },
    ]);
  });

  test("have names that are unique in the cell", () => {
    const names = checks("expression: a", "expression: b", "not_null: a", "not_null: a").map(
      (check) => check.name,
    );
    expect(names).toEqual(["a.expression", "a.expression_2", "a.not_null_a", "a.not_null_a_2"]);
  });

  test.each([
    ["unqiue: a", "unknown-check", "unqiue"],
    ["freshness: 1d", "invalid-option", "1d"],
    ["freshness: {column: a}", "missing-option", "freshness"],
    ["freshness: {column: a, max_age: soon}", "invalid-option", "soon"],
    ["freshness: {column: a, max_age: 1d, max: 5%}", "invalid-option", "5%"],
    ["pattern: {column: a}", "missing-option", "pattern"],
    ["pattern: {regex: a}", "missing-option", "pattern"],
    ["volume: 50", "invalid-option", "50"],
    ["volume: {tolerance: much}", "invalid-option", "much"],
    ["volume: {tolerance: 50%, where: a > 1}", "invalid-option", "a > 1"],
    ["schema: {match: exact}", "missing-option", "schema"],
    ["schema: {columns: {a: [BIGINT]}}", "invalid-option", "a"],
    ["schema: {columns: [a], match: loose}", "invalid-option", "loose"],
    ["row_count: {min: 1}\n    max: 0.5%", "invalid-option", "0.5%"],
    ["not_null: {columns: a, max: 5 percent}", "invalid-option", "5 percent"],
    ["not_null", "invalid-option", "not_null"],
    ["not_null: []", "invalid-option", "[]"],
    ["not_null: [a, a]", "invalid-option", "a"],
    ["severity: warn", "invalid-option", "severity: warn"],
    ["row_count: 5", "invalid-option", "5"],
    ["row_count: {}", "missing-option", "row_count"],
    ["row_count: {min: -1}", "invalid-option", "-1"],
    ["row_count: {min: 5, max: 1}", "invalid-option", "{min: 5, max: 1}"],
    ["range: {min: 0}", "missing-option", "range"],
    ["range: {column: a, min: 0, minimum: 0}", "unknown-key", "minimum"],
    ["not_in_future: {}", "missing-option", "not_in_future"],
    ["not_in_future: [a]", "invalid-option", "[a]"],
    ["accepted_values: {column: a}", "missing-option", "accepted_values"],
    ["accepted_values: {column: a, values: []}", "invalid-option", "[]"],
    ["accepted_values: {column: a, values: [b, null]}", "invalid-option", "null"],
    ["relationships: {column: a, to: orders}", "invalid-option", "orders"],
    ["relationships: {column: a}", "missing-option", "relationships"],
    ["row_count_matches: {cell: a, distinct: b.c}", "missing-option", "row_count_matches"],
    ["row_count_matches: Orders", "invalid-option", "Orders"],
    ["expression: {severity: warn}", "missing-option", "expression"],
    ["expression: {sql: a, severity: fatal}", "invalid-option", "fatal"],
    ["not_null: {columns: a, max: -1}", "invalid-option", "-1"],
    ["not_null: {columns: a, colour: b}", "unknown-key", "colour"],
    ["not_null: a\n    colour: b", "unknown-key", "colour"],
  ])("report %j", (entry, code, at) => {
    const text = fence([entry]);
    expect(read(text).codes[0]).toBe(code);
    expect(marked(text)[0]).toBe(at);
  });

  test("put failing rows aside, however many unless there is a max", () => {
    const read = (entry: string) => readCell(putAside(entry), "sql").options.checks;
    expect(read("range: {column: d, max: 9, on_fail: quarantine}")).toMatchObject([
      { onFail: "quarantine", max: { percent: 100 }, rule: { max: 9 } },
    ]);
    expect(read("not_null: a\n    on_fail: quarantine\n    max: 5")).toMatchObject([
      { onFail: "quarantine", max: 5 },
    ]);
    expect(read("not_null: a")[0]).not.toHaveProperty("onFail");
  });

  test.each([
    ["unique: {columns: a, on_fail: quarantine}", "QUALIFY"],
    ["relationships: {column: a, to: b.c, on_fail: quarantine}", "LEFT JOIN"],
    ["row_count: {min: 1, on_fail: quarantine}", "expression"],
    ["volume: {tolerance: 5%, on_fail: quarantine}", "Checks of single rows can: not_null"],
    ["not_null: {columns: a, on_fail: drop}", "quarantine"],
  ])("put no rows aside by %s", (entry, hint) => {
    const text = putAside(entry);
    const { codes, hints } = diagnosed(text);
    expect(codes).toEqual(["invalid-option"]);
    expect(marked(text)).toEqual([/on_fail: (\w+)/.exec(entry)?.[1]]);
    expect(hints[0]).toContain(hint);
  });

  test.each([
    ["materialize: parquet\nkey: a\nincremental: by_key", "without option"],
    ["description: no dataset", "materialize"],
  ])("put rows aside only of a dataset that is computed as a whole: %j", (options, words) => {
    const text = sqlFence(`${options}\nchecks:\n  - not_null: {columns: b, on_fail: quarantine}`);
    const { codes, messages } = diagnosed(text);
    expect(codes).toEqual(["invalid-option"]);
    expect(messages[0]).toContain(words);
    expect(marked(text)).toEqual(["not_null: {columns: b, on_fail: quarantine}"]);
  });

  test("report one thing once", () => {
    expect(read(fence(["accepted_values: {column: a, values: 3}"])).codes).toEqual(["invalid-option"]);
  });

  test("go on where one of them is wrong", () => {
    expect(checks("unqiue: a", "unique: b").map((check) => check.name)).toEqual(["a.unique_b"]);
  });

  test("must be a list", () => {
    expect(read(sqlFence("checks: {not_null: a}")).codes).toEqual(["invalid-option"]);
  });

  test("include what the key asserts", () => {
    const text = sqlFence("key: [a, b]");
    const specs = readCell(text, "sql").options.checks;
    expect(specs).toMatchObject([
      { name: "a.key_not_null", rule: { kind: "not_null", columns: ["a", "b"] }, severity: "error" },
      { name: "a.key_unique", rule: { kind: "unique", columns: ["a", "b"] }, severity: "error" },
    ]);
    expect(text.slice(specs[0]?.span.start, specs[0]?.span.end)).toBe("[a, b]");
  });

  test("do not repeat what the key asserts, unless they are laxer", () => {
    const names = (yaml: string) => readCell(sqlFence(yaml), "sql").options.checks.map((check) => check.name);
    expect(
      names("key: [a, b]\nchecks:\n  - unique: [B, a]\n  - not_null: {columns: [a, b], severity: warn}"),
    ).toEqual(["a.key_not_null", "a.unique_B_a", "a.not_null_a_b"]);
  });
});
