import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  emptyDraft,
  problemsOf,
  readEntry,
  writeEntry,
  type CheckDraft,
} from "../../../client/checks/check-entry.js";
import { checkKinds, commonFields } from "../../../client/checks/check-kinds.js";
import { addCheck } from "../../../server/notebook/edit-options.js";
import { ruleReaders, type CheckKind } from "../../../server/notebook/check-rules.js";
import { read } from "../../server/notebook/read-notebook.js";
import { sqlFence } from "../../server/notebook/read-notebook.js";

const columns = [
  { name: "city code", type: "VARCHAR", kind: "text" },
  { name: "delay", type: "INTEGER", kind: "integer" },
  { name: "list", type: "DECIMAL(9,2)[]", kind: "list" },
] as const;
const dataset = { columns, isDataset: true };

/** Something right in every field. */
const samples: Readonly<Record<CheckKind, CheckDraft["own"]>> = {
  not_null: { columns: ["city code", "delay"] },
  unique: { columns: ["delay"] },
  accepted_values: { column: "city code", values: "BCN, 08001, no" },
  range: { column: "delay", min: "0", max: "2026-01-01" },
  pattern: { column: "city code", regex: "[A-Z]\\d{3}: '\"" },
  not_in_future: { column: "city code" },
  expression: { sql: "n > 0 -- {odd: yes}" },
  relationships: { column: "delay", to: "orders.order id" },
  row_count: { min: "1", max: "20" },
  row_count_matches: { cell: "orders" },
  volume: { tolerance: "50 %", of: "mean", runs: "3" },
  freshness: { column: "delay", max_age: "2 d" },
  schema: { columns: ["city code", "list"], match: "subset" },
  equivalence: { every: "5" },
};
const kinds = Object.keys(ruleReaders) as CheckKind[];

describe("a check that is filled in", () => {
  test.each(kinds)("of kind %s is read by the notebook as it was meant", (kind) => {
    const own = samples[kind];
    const common = { severity: "warn", max: "2 %", where: "n < 5", name: "named", on_fail: "quarantine" };
    for (const draft of [
      { kind, own, common: {} },
      { kind, own, common },
    ]) {
      expect([...problemsOf(draft, { isDataset: true })]).toEqual([]);
      const options = addCheck("materialize: parquet", writeEntry(draft, dataset));
      // That there is nothing to add up is another matter.
      expect(read(sqlFence(options)).codes.filter((code) => code !== "unused-option")).toEqual([]);
    }
  });

  test("has values of the type of its column", () => {
    const entry = (column: string): string =>
      writeEntry({ kind: "accepted_values", own: { column, values: "1, 2" }, common: {} }, dataset);
    expect(entry("delay")).toBe("accepted_values: {column: delay, values: [1, 2]}");
    expect(entry("city code")).toBe('accepted_values: {column: "city code", values: ["1", "2"]}');
  });

  test("says no more than what was chosen", () => {
    const own = { columns: ["delay"] };
    expect(writeEntry({ ...emptyDraft, own }, dataset)).toBe("not_null: [delay]");
    const common = { severity: "error", max: "", on_fail: "quarantine" };
    expect(writeEntry({ ...emptyDraft, own, common }, dataset)).toBe(
      "not_null: [delay]\non_fail: quarantine",
    );
    expect(writeEntry({ ...emptyDraft, own, common }, { columns, isDataset: false })).toBe(
      "not_null: [delay]",
    );
  });

  test.each(kinds.filter((kind) => kind !== "schema"))("of kind %s is shown again by the form", (kind) => {
    const draft = { kind, own: samples[kind], common: { severity: "warn" } };
    const entry = writeEntry(draft, dataset);
    const again = readEntry(parse(entry));
    expect(again && writeEntry(again, dataset)).toBe(entry);
  });

  test("is left to the YAML where the form does not know all of it", () => {
    for (const yaml of [
      "not_null: [a]\nowner: x",
      "odd: 1",
      "row_count: 3",
      "schema: {columns: {a: INT}}",
      "not_null",
    ])
      expect(readEntry(parse(yaml))).toBeUndefined();
  });

  test("has its settings within it or beside it", () => {
    expect(readEntry(parse("not_null: {column: a, severity: warn}"))).toEqual({
      kind: "not_null",
      own: { columns: ["a"] },
      common: { severity: "warn" },
    });
    expect(readEntry(parse("range: {column: a, max: 3, where: x}\nmax: 1"))).toEqual({
      kind: "range",
      own: { column: "a", max: "3" },
      common: { where: "x", max: "1" },
    });
  });
});

describe("what is wrong", () => {
  const problems = (kind: CheckKind, own: CheckDraft["own"], common: CheckDraft["common"] = {}): string[] => [
    ...problemsOf({ kind, own, common }, { isDataset: true }).keys(),
  ];

  test("stands at its field", () => {
    expect(problems("not_null", {})).toEqual(["own.columns"]);
    expect(problems("accepted_values", { values: " " })).toEqual(["own.column", "own.values"]);
    expect(problems("range", { column: "delay" })).toEqual(["own.min"]);
    expect(problems("row_count", { min: "5", max: "4" })).toEqual(["own.max"]);
    expect(problems("row_count", { min: "many" })).toEqual(["own.min"]);
    expect(problems("row_count_matches", { cell: "a", input: "b" })).toEqual(["own.cell"]);
    expect(problems("volume", { tolerance: "50" })).toEqual(["own.tolerance"]);
    expect(problems("freshness", { column: "delay", max_age: "soon" })).toEqual(["own.max_age"]);
    expect(problems("relationships", { column: "delay", to: "orders" })).toEqual(["own.to"]);
    expect(problems("unique", { columns: ["delay"] }, { max: "half", name: "No" })).toEqual([
      "common.max",
      "common.name",
    ]);
  });

  test("is asked of what the kind takes only", () => {
    const keys = (kind: CheckKind): string[] => commonFields(kind, { isDataset: true }).map(({ key }) => key);
    expect(keys("not_null")).toEqual(["severity", "max", "where", "on_fail", "name"]);
    expect(keys("unique")).toEqual(["severity", "max", "where", "name"]);
    expect(keys("volume")).toEqual(["severity", "name"]);
    expect(commonFields("not_null", { isDataset: false }).map(({ key }) => key)).not.toContain("on_fail");
    expect(Object.keys(checkKinds).sort()).toEqual([...kinds].sort());
  });
});
