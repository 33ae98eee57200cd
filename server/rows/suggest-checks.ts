import { writeText } from "../notebook/edit-options.js";
import type { SqlOptions } from "../notebook/notebook.js";
import { formatCount } from "../text/format.js";
import { foldCase } from "../text/sql-names.js";
import type { ColumnProfile, Profile } from "./profile.js";

export const suggestedKinds = [
  "not_null",
  "unique",
  "accepted_values",
  "range",
  "not_in_future",
  "relationships",
] as const;

export interface CheckSuggestion {
  readonly kind: (typeof suggestedKinds)[number];
  readonly column: string;
  /** An entry of `checks:` as it is written. */
  readonly check: string;
  /** What the rows show, in a few words: "never null". */
  readonly reason: string;
}

/** What is known of a column beside its profile. */
export interface FurtherFacts {
  /** All values of columns that have few, by the column's name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Columns of other cells that have all values of a column, as `cell.column`. */
  readonly targets: ReadonlyMap<string, string>;
  /** YYYY-MM-DD. */
  readonly today: string;
}

export type Asserted = Pick<SqlOptions, "checks" | "key" | "columns">;

/** Fewer rows show nothing: each value is the only one of its kind. */
const LEAST_ROWS = 10;
/** More values than that are no list that somebody keeps. */
export const MAX_VALUES = 32;
const MAX_VALUE_CHARACTERS = 60;
/** So often the values of a list occur on average. */
const LEAST_REPETITION = 5;

/** Checks that hold of the rows, and that the options do not have yet. */
export function suggestChecks(
  asserted: Asserted,
  { rows, isApproximate, columns }: Profile,
  facts: FurtherFacts,
): readonly CheckSuggestion[] {
  if (rows < LEAST_ROWS) return [];
  return columns
    .filter(({ key }) => key === undefined)
    .flatMap((column) => [
      ...notNull(column),
      ...(isApproximate ? [] : unique(column)),
      ...acceptedValues(column, facts),
      ...range(column),
      ...notInFuture(column, facts),
      ...relationships(column, facts),
    ])
    .filter((suggestion) => !isAsserted(asserted, suggestion));
}

/** Whether a column may have a list of values; all of them have to be asked for where the profile has only some. */
export function hasFewValues({ kind, distinct = 0, count, maxLength }: ColumnProfile): boolean {
  return (
    (kind === "text" || kind === "enum") &&
    distinct > 0 &&
    distinct <= MAX_VALUES &&
    count >= distinct * LEAST_REPETITION &&
    maxLength === undefined
  );
}

function notNull({ name, nulls }: ColumnProfile): CheckSuggestion[] {
  if (nulls > 0) return [];
  return [{ kind: "not_null", column: name, check: `not_null: [${writeText(name)}]`, reason: "never null" }];
}

function unique(column: ColumnProfile): CheckSuggestion[] {
  const { name, count, distinct, nulls } = column;
  if (!mayBeKey(column) || distinct !== count || nulls > 0) return [];
  return [{ kind: "unique", column: name, check: `unique: [${writeText(name)}]`, reason: "unique" }];
}

/** Whole numbers that are all different are often times or measures. */
function mayBeKey({ name, kind }: ColumnProfile): boolean {
  if (kind === "text" || kind === "uuid") return true;
  return (
    kind === "integer" &&
    (/(^|_)(id|key|code|nr|no|number)$/i.test(name) || /[a-z](Id|Key|Code|Nr)$/.test(name))
  );
}

function acceptedValues(column: ColumnProfile, { values }: FurtherFacts): CheckSuggestion[] {
  const { name, distinct, top } = column;
  if (!hasFewValues(column)) return [];
  const found = top.length === distinct ? top.map(({ value }) => value) : values.get(name);
  if (found === undefined || found.length !== distinct) return [];
  if (found.some((value) => value.length > MAX_VALUE_CHARACTERS)) return [];
  const list = [...found]
    .sort((a, b) => (a < b ? -1 : 1))
    .map(writeText)
    .join(", ");
  return [
    {
      kind: "accepted_values",
      column: name,
      check: `accepted_values: {column: ${writeText(name)}, values: [${list}]}`,
      reason: formatCount(found.length, "value"),
    },
  ];
}

const numberKinds: ReadonlySet<string> = new Set(["integer", "decimal", "float"]);

/**
 * Only that nothing is negative: how far values go up is another matter with the next delivery. Where all values are far
 * above zero they are numbers of things, years or times, of which nobody would ask that.
 */
function range({ name, kind, min, max, distinct = 0 }: ColumnProfile): CheckSuggestion[] {
  if (!numberKinds.has(kind) || min === undefined || max === undefined || distinct < 2) return [];
  const [least, most] = [Number(min), Number(max)];
  if (!Number.isFinite(least) || !Number.isFinite(most) || least < 0 || least > most / 10) return [];
  const isShare = kind !== "integer" && most <= 1;
  const bounds = isShare ? "min: 0, max: 1" : "min: 0";
  const reason = isShare ? `from ${min} to ${max}` : `never negative: ${min} to ${max}`;
  return [{ kind: "range", column: name, check: `range: {column: ${writeText(name)}, ${bounds}}`, reason }];
}

function notInFuture({ name, kind, max }: ColumnProfile, { today }: FurtherFacts): CheckSuggestion[] {
  if ((kind !== "date" && kind !== "timestamp") || max === undefined) return [];
  // Years of four digits compare as text; infinity does not.
  if (!/^\d{4}-/.test(max) || max.slice(0, 10) > today) return [];
  const check = `not_in_future: ${writeText(name)}`;
  return [{ kind: "not_in_future", column: name, check, reason: `never after today: up to ${max}` }];
}

function relationships({ name }: ColumnProfile, { targets }: FurtherFacts): CheckSuggestion[] {
  const to = targets.get(name);
  if (to === undefined) return [];
  const check = `relationships: {column: ${writeText(name)}, to: ${writeTarget(to)}}`;
  return [{ kind: "relationships", column: name, check, reason: `each is one of ${to}` }];
}

function writeTarget(to: string): string {
  return /^[A-Za-z_][\w.]*$/.test(to) ? to : JSON.stringify(to);
}

/** A check of that kind on the column is there, whatever it says: whoever wrote it knows better. */
function isAsserted(
  { checks, key, columns = [] }: Asserted,
  { kind, column }: Pick<CheckSuggestion, "kind" | "column">,
): boolean {
  const name = foldCase(column);
  const isIt = (other: string): boolean => foldCase(other) === name;
  if (kind === "not_null" && key.some(isIt)) return true;
  if (kind === "unique" && key.length === 1 && key.some(isIt)) return true;
  if (kind === "not_null" && columns.some((each) => !each.nullable && isIt(each.name))) return true;
  return checks.some(({ rule, where }) => {
    if (rule.kind !== kind) return false;
    if ("columns" in rule)
      return (
        rule.columns.some(isIt) && (kind === "not_null" ? where === undefined : rule.columns.length === 1)
      );
    return "column" in rule && isIt(rule.column);
  });
}
