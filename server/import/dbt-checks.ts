import { toName } from "../notebook/names.js";
import { toRecord } from "./fenced.js";

export interface ModelChecks {
  /** Entries of `checks:`. */
  readonly checks: readonly Readonly<Record<string, unknown>>[];
  /** Tests that there is no check for. */
  readonly notes: readonly string[];
}

type Entry = Readonly<Record<string, unknown>>;

/** The tests of a model in a file of properties, its columns' too, as checks. */
export function dbtChecks(model: Entry): ModelChecks {
  const checks: Entry[] = [];
  const notes: string[] = [];
  const take = (tests: readonly unknown[], column: string | undefined): void => {
    for (const test of tests) {
      const { name, given } = readTest(test);
      const check = toCheck(name, given, column);
      if (check === undefined)
        notes.push(`Its test ${name}${column === undefined ? "" : ` of ${column}`} is left out.`);
      else checks.push(withSeverity(check, given));
    }
  };
  for (const column of listOf(model["columns"]).map(toRecord)) take(testsOf(column), String(column["name"]));
  take(testsOf(model), undefined);
  return { checks, notes };
}

function testsOf(entry: Entry): readonly unknown[] {
  return [...listOf(entry["tests"]), ...listOf(entry["data_tests"])];
}

/** `not_null`, or `accepted_values: {values: […]}`, whose values may stand in `arguments`. */
function readTest(test: unknown): { readonly name: string; readonly given: Entry } {
  if (typeof test === "string") return { name: test, given: {} };
  const record = toRecord(test);
  const named = record["test_name"];
  const [name = "", value] = typeof named === "string" ? [named, record] : (Object.entries(record)[0] ?? []);
  const given = toRecord(value);
  return { name, given: { ...given, ...toRecord(given["arguments"]) } };
}

function toCheck(name: string, given: Entry, column: string | undefined): Entry | undefined {
  const where = toRecord(given["config"])["where"] ?? given["where"];
  const filter = typeof where === "string" && !/\{\{/.test(where) ? { where } : {};
  const several = listOf(given["combination_of_columns"]);
  switch (name.replace(/^.*\./, "")) {
    case "not_null":
    case "unique":
      return column === undefined
        ? undefined
        : Object.keys(filter).length === 0
          ? { [name]: [column] }
          : { [name]: { columns: [column], ...filter } };
    case "accepted_values":
      return column === undefined || listOf(given["values"]).length === 0
        ? undefined
        : { accepted_values: { column, values: given["values"], ...filter } };
    case "relationships": {
      const to = /ref\(\s*['"](?:[^'"]+['"]\s*,\s*['"])?([^'"]+)['"]\s*\)/.exec(String(given["to"]))?.[1];
      return column === undefined || to === undefined
        ? undefined
        : { relationships: { column, to: `${toName(to)}.${String(given["field"])}`, ...filter } };
    }
    case "accepted_range":
      return column === undefined || given["inclusive"] === false
        ? undefined
        : { range: { column, ...numbers({ min: given["min_value"], max: given["max_value"] }), ...filter } };
    case "unique_combination_of_columns":
    case "expect_compound_columns_to_be_unique":
      return several.length === 0 ? undefined : { unique: several };
    case "expression_is_true": {
      const expression = given["expression"];
      return typeof expression !== "string"
        ? undefined
        : { expression: { sql: column === undefined ? expression : `${column} ${expression}`, ...filter } };
    }
    default:
      return undefined;
  }
}

function numbers(bounds: Entry): Entry {
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => typeof value === "number"));
}

function withSeverity(check: Entry, given: Entry): Entry {
  const severity = toRecord(given["config"])["severity"] ?? given["severity"];
  if (severity !== "warn") return check;
  const [[name, value] = ["", undefined]] = Object.entries(check);
  return {
    [name]: Array.isArray(value)
      ? { columns: value as unknown[], severity }
      : { ...toRecord(value), severity },
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
