import type { Bound, CheckRule } from "../../../notebook/check-spec.js";
import type { Column } from "../../engine.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { SchemaDifference } from "../verbs/check-schema.js";
import { qualifiedName, queryBody } from "../scope-sql.js";

type RuleOf<Kind extends CheckRule["kind"]> = Extract<CheckRule, { kind: Kind }>;
/** Rules whose failing rows are told by looking at one row at a time. */
export type RowRule = RuleOf<(typeof rowKinds)[number]>;

/** A temporary table of values that the other relation does not have. */
export const DANGLING = '"lakebook dangling"';

const rowKinds = ["not_null", "accepted_values", "range", "not_in_future", "pattern", "expression"] as const;

export function isRowRule(rule: CheckRule): rule is RowRule {
  return (rowKinds as readonly string[]).includes(rule.kind);
}

/**
 * The condition that is true for a failing row. NULL passes where a rule is about values (`accepted_values`, `range`,
 * `not_in_future`, `pattern`: `not_null` is the rule for that), but an `expression` has to be true: NULL fails it.
 */
export function failingCondition(rule: RowRule, columns: readonly Column[]): string {
  switch (rule.kind) {
    case "not_null":
      return rule.columns.map((column) => `${quoteIdentifier(column)} IS NULL`).join(" OR ");
    case "accepted_values": {
      const literal = columns.some(isTextOf(rule.column))
        ? (value: unknown) => quoteLiteral(String(value))
        : toLiteral;
      return `${quoteIdentifier(rule.column)} NOT IN (${rule.values.map(literal).join(", ")})`;
    }
    case "range": {
      const column = quoteIdentifier(rule.column);
      const below = rule.min === undefined ? [] : [`${column} < ${toLiteral(rule.min)}`];
      const above = rule.max === undefined ? [] : [`${column} > ${toLiteral(rule.max)}`];
      return [...below, ...above].join(" OR ");
    }
    case "not_in_future": {
      // A timestamp of the run's date itself is not in the future, whatever its time.
      const date =
        rule.runDate === undefined ? "current_date" : `CAST(${quoteLiteral(rule.runDate)} AS DATE)`;
      return `${quoteIdentifier(rule.column)} >= ${date} + 1`;
    }
    case "pattern":
      return `NOT regexp_full_match(CAST(${quoteIdentifier(rule.column)} AS VARCHAR), ${quoteLiteral(rule.regex)})`;
    case "expression":
      return `(\n${queryBody(rule.sql)}\n) IS NOT TRUE`;
  }
}

/** The relation with only the rows that a check looks at. */
export function checkedRows(on: string, where: string | undefined): string {
  return `${relation(on)}${where === undefined ? "" : ` WHERE ${whereCondition(where)}`}`;
}

export function whereCondition(where: string): string {
  return `(\n${queryBody(where)}\n)`;
}

export function relation(name: string): string {
  return qualifiedName({ name });
}

/**
 * One row: `newest` as text, NULL where there is none, and whether it is `fresh`. What lies behind the end of the run
 * date is no sign of freshness, infinity least of all.
 */
export function newestValue({ column, maxAgeMs, runDate }: RuleOf<"freshness">, rows: string): string {
  const name = quoteIdentifier(column);
  const date = runDate === undefined ? "current_date" : `CAST(${quoteLiteral(runDate)} AS DATE)`;
  const oldest = `${date} - to_hours(${String(maxAgeMs / 3_600_000)})`;
  return `SELECT CAST(max(${name}) AS VARCHAR) AS newest, coalesce(max(${name}) >= ${oldest}, false) AS fresh, CAST(${oldest} AS VARCHAR) AS oldest FROM (SELECT ${name} FROM ${rows}) WHERE ${name} < ${date} + 1`;
}

/** One row per key that occurs more than once, with `rows`; a key with a NULL in it is no key. */
export function duplicateKeys(rule: RuleOf<"unique">, rows: string): string {
  const keys = rule.columns.map(quoteIdentifier);
  const isComplete = keys.map((key) => `${key} IS NOT NULL`).join(" AND ");
  const list = keys.join(", ");
  return `SELECT ${list}, count(*) AS "lakebook rows" FROM (SELECT ${list} FROM ${rows}) WHERE ${isComplete} GROUP BY ${list} HAVING count(*) > 1`;
}

export function duplicateRows(rule: RuleOf<"unique">, rows: string): string {
  const keys = rule.columns.map(quoteIdentifier).join(", ");
  return `SELECT * FROM (SELECT * FROM ${rows}) SEMI JOIN (${duplicateKeys(rule, rows)}) USING (${keys}) ORDER BY ${keys}`;
}

/** Of each row, the value that is not among those of the other relation; NULL refers to nothing and passes. */
export function danglingValues(rule: RuleOf<"relationships">, rows: string): string {
  const column = quoteIdentifier(rule.column);
  const [from, to] = ['"lakebook rows"', '"lakebook targets"'];
  const targets = `SELECT ${quoteIdentifier(rule.toColumn)} AS "lakebook target" FROM ${relation(rule.toCell)}`;
  const source = `SELECT ${column} AS "lakebook value" FROM (SELECT * FROM ${rows}) WHERE ${column} IS NOT NULL`;
  return `SELECT * FROM (${source}) ${from} ANTI JOIN (${targets}) ${to} ON ${from}."lakebook value" = ${to}."lakebook target"`;
}

/** The rows that have one of the values that were found before. */
export function danglingRows({ column }: RuleOf<"relationships">, rows: string): string {
  return `SELECT * FROM (SELECT * FROM ${rows}) "lakebook rows" SEMI JOIN ${DANGLING} ON "lakebook rows".${quoteIdentifier(column)} = ${DANGLING}."lakebook value"`;
}

/** What a schema differs in, as rows to look at. */
export function differenceRows(differences: readonly SchemaDifference[]): string {
  const literal = (text: string | null): string =>
    text === null ? "CAST(NULL AS VARCHAR)" : quoteLiteral(text);
  const rows = differences.map(
    ({ column, expected, actual }) => `(${[column, expected, actual].map(literal).join(", ")})`,
  );
  return `SELECT * FROM (VALUES ${rows.join(", ")}) t("column", expected, actual)`;
}

function toLiteral(value: Bound | boolean): string {
  return typeof value === "string" ? quoteLiteral(value) : String(value);
}

/** `zip: [1000]` in YAML is a number where the column may hold text. */
function isTextOf(name: string): (column: Column) => boolean {
  return (column) => column.name.toLowerCase() === name.toLowerCase() && column.type === "VARCHAR";
}
