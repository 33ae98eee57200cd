import type { CheckRule } from "../../../notebook/check-spec.js";
import type { RowRule } from "../compile/check-sql.js";
import type { SchemaDifference } from "./check-schema.js";
import type { ExpectedVolume } from "./check-volume.js";

type RuleOf<Kind extends CheckRule["kind"]> = Extract<CheckRule, { kind: Kind }>;

/** "3 of 600 rows have no orderId". */
export function rowRuleMessage(rule: RowRule, failures: number, rows: number): string {
  if (failures === 0) return `${count(rows, "row")} checked, none fails`;
  const subject = `${failures} of ${count(rows, "row")}`;
  const have = failures === 1 ? "has" : "have";
  switch (rule.kind) {
    case "not_null":
      return `${subject} ${have} no ${list(rule.columns, "or")}`;
    case "accepted_values":
      return `${subject} ${have} ${withArticle(rule.column)} that is not accepted`;
    case "range":
      return `${subject} ${have} ${withArticle(rule.column)} ${rangeText(rule)}`;
    case "not_in_future":
      return `${subject} ${have} ${withArticle(rule.column)} after ${rule.runDate ?? "today"}`;
    case "pattern":
      return `${subject} ${have} ${withArticle(rule.column)} that does not match ${shorten(rule.regex)}`;
    case "expression":
      return `${subject} ${failures === 1 ? "does" : "do"} not satisfy ${shorten(rule.sql)}`;
  }
}

export function uniqueMessage(columns: readonly string[], keys: number, rows: number): string {
  const name = list(columns, "and");
  if (keys === 0) return `${name}: no value occurs twice`;
  const values = columns.length === 1 ? count(keys, "value") : count(keys, "combination");
  return `${values} of ${name} ${keys === 1 ? "occurs" : "occur"} more than once, in ${count(rows, "row")}`;
}

export function relationshipsMessage(
  rule: Extract<CheckRule, { kind: "relationships" }>,
  failures: number,
  rows: number,
): string {
  if (failures === 0) return `${count(rows, "row")} checked, none fails`;
  const have = failures === 1 ? "has" : "have";
  return `${failures} of ${count(rows, "row")} ${have} ${withArticle(rule.column)} that ${rule.toCell}.${rule.toColumn} does not have`;
}

/** `newest`: undefined where there is none. `expected`: what it is older than. */
export function freshnessMessage(
  { column, runDate = "today" }: RuleOf<"freshness">,
  newest: string | undefined,
  expected: string | undefined,
): string {
  if (newest === undefined) return `There is no ${column} up to ${runDate}`;
  const found = `The newest ${column} up to ${runDate} is ${newest}`;
  return expected === undefined ? found : `${found}, expected ${expected} or later`;
}

export function volumeMessage(
  { of, earlier = [] }: RuleOf<"volume">,
  rows: number,
  expected: ExpectedVolume | undefined,
): string {
  if (expected === undefined) return `${count(rows, "row")}; no run date before to compare with`;
  const { middle, least, most } = expected;
  const dates = count(earlier.length, "run date");
  const found = `${count(rows, "row")}; the ${of} of ${dates} before is ${String(Math.round(middle * 10) / 10)}`;
  return rows >= least && rows <= most ? found : `${found}, expected ${least} to ${most}`;
}

export function schemaMessage(
  { expected }: RuleOf<"schema">,
  differences: readonly SchemaDifference[],
): string {
  if (differences.length === 0) return `${count(expected.length, "column")} as expected`;
  const named = differences.slice(0, 3).map(differenceText);
  const more = differences.length - named.length;
  return `${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

function differenceText({ column, expected, actual }: SchemaDifference): string {
  if (actual === null) return `column "${column}" is missing`;
  if (expected === null) return `column "${column}" is not expected`;
  return `column "${column}" is ${actual}, expected ${expected}`;
}

export function rowCountMessage(
  { min, max }: Extract<CheckRule, { kind: "row_count" }>,
  rows: number,
): string {
  const isExpected = rows >= (min ?? 0) && rows <= (max ?? Infinity);
  if (isExpected) return count(rows, "row");
  const expected =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `at least ${min}`
        : `at most ${max ?? 0}`;
  return `${count(rows, "row")}, expected ${expected}`;
}

export function rowCountMatchesMessage(rows: number, other: number, thing: string): string {
  return rows === other
    ? `${count(rows, "row")}, as many as ${thing}`
    : `${count(rows, "row")}, but ${thing} has ${other}`;
}

export function queryMessage(failures: number): string {
  return failures === 0 ? "The query found no rows" : `The query found ${count(failures, "row")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function rangeText({ min, max }: Extract<CheckRule, { kind: "range" }>): string {
  if (min !== undefined && max !== undefined) return `outside ${min} to ${max}`;
  return min !== undefined ? `below ${min}` : `above ${String(max)}`;
}

function list(names: readonly string[], word: string): string {
  return names.length < 2
    ? (names[0] ?? "")
    : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1) ?? ""}`;
}

function withArticle(name: string): string {
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

function shorten(sql: string): string {
  const text = sql.trim().replace(/\s+/g, " ");
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
