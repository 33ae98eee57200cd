import { toName } from "../notebook/names.js";
import { toRecord } from "./fenced.js";
import { toList } from "./literals.js";

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
      const config = { ...given, ...toRecord(given["config"]) };
      if (config["enabled"] === false) continue;
      const check = toCheck(name, given, config["where"], column);
      const severities = readSeverity(config);
      if (check === undefined || severities === undefined)
        notes.push(`Its test ${name}${column === undefined ? "" : ` of ${column}`} is left out.`);
      else checks.push(...severities.map((severity) => withOptions(check, severity)));
    }
  };
  for (const column of toList(model["columns"]).map(toRecord)) take(testsOf(column), String(column["name"]));
  take(testsOf(model), undefined);
  return { checks, notes };
}

function testsOf(entry: Entry): readonly unknown[] {
  return [...toList(entry["tests"]), ...toList(entry["data_tests"])];
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

/** Undefined: none says the same. */
function toCheck(name: string, given: Entry, where: unknown, column: string | undefined): Entry | undefined {
  if (where !== undefined && (typeof where !== "string" || /\{[{%]/.test(where))) return undefined;
  const filter = where === undefined ? {} : { where };
  const several = toList(given["combination_of_columns"]);
  switch (name.replace(/^.*\./, "")) {
    case "not_null":
    case "unique":
      return column === undefined
        ? undefined
        : Object.keys(filter).length === 0
          ? { [name]: [column] }
          : { [name]: { columns: [column], ...filter } };
    case "accepted_values":
      return column === undefined || toList(given["values"]).length === 0
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
        : rangeOf(column, given["min_value"], given["max_value"], filter);
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

/** A bound may also be an expression, which no range has. */
function rangeOf(column: string, min: unknown, max: unknown, filter: Entry): Entry | undefined {
  const bounds = Object.entries({ min, max }).filter(([, bound]) => bound !== undefined);
  return bounds.length > 0 && bounds.every(([, bound]) => typeof bound === "number")
    ? { range: { column, ...Object.fromEntries(bounds), ...filter } }
    : undefined;
}

/**
 * `severity`, `error_if` and `warn_if` as options of one or two checks; undefined where they are none, or where something else is
 * counted than rows.
 */
export function readSeverity(config: Entry): readonly Entry[] | undefined {
  const { severity = "error", error_if: errorIf, warn_if: warnIf, fail_calc: failCalc } = config;
  const [error, warn] = [mostOf(errorIf), mostOf(warnIf)];
  if (error === undefined || warn === undefined || failCalc !== undefined) return undefined;
  const warning = { severity: "warn", ...(warn === 0 ? {} : { max: warn }) };
  if (String(severity).toLowerCase() === "warn") return [warning];
  return [error === 0 ? {} : { max: error }, ...(warn < error ? [warning] : [])];
}

/** How many failing rows `>10`, `>= 10` or `!= 0` accept. */
function mostOf(condition: unknown): number | undefined {
  if (condition === undefined) return 0;
  if (typeof condition !== "string") return undefined;
  const [, operator, count] = /^\s*(>=?|!=|<>)\s*(\d{1,9})\s*$/.exec(condition) ?? [];
  if (operator === ">") return Number(count);
  if (operator === ">=" && count !== "0") return Number(count) - 1;
  return operator !== undefined && operator !== ">=" && count === "0" ? 0 : undefined;
}

function withOptions(check: Entry, options: Entry): Entry {
  if (Object.keys(options).length === 0) return check;
  const [[name, value] = ["", undefined]] = Object.entries(check);
  return {
    [name]: Array.isArray(value)
      ? { columns: value as unknown[], ...options }
      : { ...toRecord(value), ...options },
  };
}
