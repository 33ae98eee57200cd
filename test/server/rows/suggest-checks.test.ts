import { describe, expect, test } from "vitest";
import type { ColumnProfile } from "../../../server/rows/profile.js";
import { mergeSuggestions } from "../../../server/notebook/merge-checks.js";
import { suggestChecks, type FurtherFacts } from "../../../server/rows/suggest-checks.js";
import { read, readCell, sqlFence } from "../notebook/read-notebook.js";

const nothingMore: FurtherFacts = { values: new Map(), targets: new Map(), today: "2026-11-29" };

function column(facts: Partial<ColumnProfile>): ColumnProfile {
  return { name: "c", type: "VARCHAR", kind: "text", count: 100, nulls: 0, distinct: 70, top: [], ...facts };
}

const number = { type: "BIGINT", kind: "integer" } as const;

function top(...values: string[]): ColumnProfile["top"] {
  return values.map((value) => ({ value, count: 10 }));
}

interface Given {
  readonly options?: string;
  readonly facts?: Partial<FurtherFacts>;
  readonly rows?: number;
  readonly isApproximate?: boolean;
}

function suggested(columns: readonly ColumnProfile[], given: Given = {}) {
  const { options = "", facts, rows = 100, isApproximate = false } = given;
  const cell = readCell(sqlFence(options), "sql");
  const profile = { rows, isApproximate, totalColumns: columns.length, columns };
  return suggestChecks(cell.options, profile, { ...nothingMore, ...facts });
}

function checks(...parameters: Parameters<typeof suggested>): string[] {
  return suggested(...parameters).map(({ check }) => check);
}

describe("what a profile suggests", () => {
  test.each<[string, Partial<ColumnProfile>, string[]]>([
    ["what is never null", {}, ["not_null: [c]"]],
    ["nothing of a column with NULL", { nulls: 1, count: 99 }, []],
    ["what is unique", { distinct: 100 }, ["not_null: [c]", "unique: [c]"]],
    [
      "a number that is unique",
      { ...number, name: "orderId", distinct: 100 },
      ["not_null: [orderId]", "unique: [orderId]"],
    ],
    ["no uniqueness of other numbers", { ...number, distinct: 100 }, ["not_null: [c]"]],
    ["no uniqueness beside NULL", { nulls: 1, count: 99, distinct: 99 }, []],
    ["no uniqueness of measures", { kind: "float", distinct: 100 }, ["not_null: [c]"]],
    [
      "few values, in their order and as YAML reads them again",
      { distinct: 3, top: top("b", "no", "a b") },
      ["not_null: [c]", 'accepted_values: {column: c, values: ["a b", b, "no"]}'],
    ],
    ["no list of what occurs seldom", { distinct: 30, top: top("a") }, ["not_null: [c]"]],
    ["no list that is not whole", { distinct: 15, top: top("a", "b") }, ["not_null: [c]"]],
    [
      "what is never negative",
      { ...number, min: "0", max: "31" },
      ["not_null: [c]", "range: {column: c, min: 0}"],
    ],
    [
      "nothing of years, times and numbers of things",
      { ...number, min: "2018", max: "2020" },
      ["not_null: [c]"],
    ],
    ["nothing of what has NaN", { kind: "float", min: "0.0", max: "nan" }, ["not_null: [c]"]],
    [
      "what is a share",
      { kind: "float", min: "0.0", max: "0.9" },
      ["not_null: [c]", "range: {column: c, min: 0, max: 1}"],
    ],
    [
      "what never lies in the future",
      { kind: "timestamp", max: "2026-11-29 23:00:00" },
      ["not_null: [c]", "not_in_future: c"],
    ],
    ["nothing of what does", { kind: "date", max: "2026-11-30" }, ["not_null: [c]"]],
    ["nothing of infinity", { kind: "date", max: "infinity" }, ["not_null: [c]"]],
    ["names as YAML reads them", { name: "yes" }, ['not_null: ["yes"]']],
    ["nothing of a column whose name is taken", { key: "c_1" }, []],
  ])("is %s", (_, facts, expected) => {
    expect(checks([column(facts)])).toEqual(expected);
  });

  test("is a list of all values, where they were asked for", () => {
    const values = Array.from({ length: 12 }, (_, index) => `v${String(index + 10)}`);
    const wide = column({ distinct: 12, top: top("v10") });
    expect(checks([wide], { facts: { values: new Map([["c", values]]) } })[1]).toContain(
      "values: [v10, v11,",
    );
  });

  test("is a relationship that was found to hold", () => {
    const facts = { targets: new Map([["c", "orders.orderId"]]) };
    expect(checks([column({ nulls: 3 })], { facts })).toEqual([
      "relationships: {column: c, to: orders.orderId}",
    ]);
  });

  test("is nothing where there are few rows, and no uniqueness where it is an estimate", () => {
    const unique = column({ distinct: 100 });
    expect(checks([unique], { rows: 9 })).toEqual([]);
    expect(checks([unique], { isApproximate: true })).toEqual(["not_null: [c]"]);
  });

  test.each([
    ["key: C", []],
    ["checks: [{not_null: [x, c]}, {unique: c}]", []],
    ["checks: [{not_null: {columns: c, severity: warn}}]", ["unique: [c]"]],
    ["checks: [{not_null: {columns: c, where: x > 0}}, {unique: [c, d]}]", ["not_null: [c]", "unique: [c]"]],
    ["columns: {c: {type: VARCHAR, nullable: false}}", ["unique: [c]"]],
  ])("is not what is there already: %s", (options, expected) => {
    expect(checks([column({ distinct: 100 })], { options })).toEqual(expected);
  });

  test("says what the rows show", () => {
    expect(
      suggested([column({ ...number, name: "id", distinct: 100, min: "0", max: "99" })]).map(
        ({ reason }) => reason,
      ),
    ).toEqual(["never null", "unique", "never negative: 0 to 99"]);
  });

  test("is read again as it was meant, all columns that are never null in one entry", () => {
    const found = suggested([column({}), column({ name: "it's: odd", distinct: 2, top: top("{a}", "#b") })]);
    const entries = mergeSuggestions(found);
    expect(entries).toHaveLength(2);
    const text = sqlFence(["checks:", ...entries.map((entry) => `  - ${entry}`)].join("\n"));
    expect(read(text).codes).toEqual([]);
    expect(readCell(text, "sql").options.checks.map(({ rule }) => rule)).toEqual([
      { kind: "not_null", columns: ["c", "it's: odd"] },
      { kind: "accepted_values", column: "it's: odd", values: ["#b", "{a}"] },
    ]);
  });
});
