import { z } from "zod";
import type { CheckRule, ExpectedColumn } from "./check-spec.js";
import { field, readFields, type FieldTable, type FieldValues } from "./fields.js";
import { latenessSchema, nameSchema, shareSchema, textListSchema, textSchema } from "./schemas.js";
import type { Report } from "./report.js";
import { findValue, isNull, toPlain, type YamlMap } from "./yaml-tree.js";

export type CheckKind = CheckRule["kind"];

/** Keys that every check may have, within it or beside it. */
export const settingKeys = ["name", "severity", "where", "on_fail", "max"] as const;

interface RuleReader {
  /** The key that a value without a map belongs to. */
  readonly shorthand?: string;
  /** Where `min` and `max` bound what is looked at: `max` within the rule is then not how many rows may fail. */
  readonly hasBounds?: true;
  /** It fails or not: there is no number of failing rows that a share could be taken of. */
  readonly isWhole?: true;
  /** It is about all rows, or none. */
  readonly takesNoWhere?: true;
  /** Each failing row is a row of the cell, and is told by looking at that row alone. */
  readonly isRowLevel?: true;
  /** A right entry of `checks:`. */
  readonly example: string;
  /** Returns what is missing where the rule is not complete. */
  readonly read: (args: YamlMap, report: Report) => CheckRule | string;
}

const count = z.int().min(0);
const bound = z.union([z.number(), z.string().min(1)]);
const cellColumn = z.string().regex(/^[a-z_][a-z0-9_]*\.[^.]/);

const column = field("column", textSchema, "the name of a column", "orderId");
const columns = field("columns", textListSchema, "a column or a list of columns", "[orderId]");
const scalars = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);

const rangeFields = {
  column,
  min: field("min", bound, "a number, or a date as text", "0"),
  max: field("max", bound, "a number, or a date as text", "100"),
};
const relationshipFields = { column, to: field("to", cellColumn, "a cell and a column", "orders.orderId") };
const valueFields = {
  column,
  values: field("values", scalars, "a list of texts, numbers or booleans", "[a, b]"),
};
const rowCountFields = {
  min: field("min", count, "a whole number", "1"),
  max: field("max", count, "a whole number", "1000"),
};
const targetFields = {
  cell: field("cell", nameSchema, "the name of a cell", "orders"),
  distinct: field("distinct", cellColumn, "a cell and a column", "messages.orderId"),
  input: field("input", textSchema, "a path as the query writes it", "input/orders.json"),
};
const equivalenceFields = {
  every: field("every", z.int().min(1).max(1000), "a number of deliveries", "5"),
};
const futureFields = { column };
const patternFields = {
  column,
  regex: field("regex", z.string().min(1), "a regular expression", "'[A-Z]{3}'"),
};
const freshnessFields = {
  column,
  maxAgeMs: field("max_age", latenessSchema, "a number of days or hours, such as 2d or 12h", "2d"),
};
const volumeFields = {
  tolerance: field("tolerance", shareSchema, "a share, such as 50%", "50%"),
  of: field("of", z.enum(["median", "mean"]), "median or mean", "median"),
  runs: field("runs", z.int().min(1).max(1000), "a number of run dates", "12"),
};
const schemaFields = {
  match: field("match", z.enum(["exact", "subset"]), "exact or subset", "subset"),
};
const expressionFields = { sql: field("sql", textSchema, "a SQL condition", '"amount >= 0"') };

export const ruleReaders: Readonly<Record<CheckKind, RuleReader>> = {
  not_null: {
    isRowLevel: true,
    shorthand: "columns",
    example: "not_null: [orderId]",
    read: (args, report) => {
      const { columns } = readColumns(args, report);
      return columns === undefined ? "columns" : { kind: "not_null", columns };
    },
  },
  unique: {
    shorthand: "columns",
    example: "unique: [orderId]",
    read: (args, report) => {
      const { columns } = readColumns(args, report);
      return columns === undefined ? "columns" : { kind: "unique", columns };
    },
  },
  accepted_values: {
    isRowLevel: true,
    example: "accepted_values: {column: sender, values: [courier, customer]}",
    read: (args, report) => {
      const { column, values } = readArguments(args, valueFields, report);
      if (column === undefined) return "column";
      return values === undefined ? "values" : { kind: "accepted_values", column, values };
    },
  },
  range: {
    isRowLevel: true,
    hasBounds: true,
    example: "range: {column: delay, min: 0}",
    read: (args, report) => {
      const { column, ...bounds } = readArguments(args, rangeFields, report);
      if (column === undefined) return "column";
      return hasBound(bounds) ? { kind: "range", column, ...bounds } : "min or max";
    },
  },
  relationships: {
    example: "relationships: {column: orderId, to: orders.orderId}",
    read: (args, report) => {
      const { column, to } = readArguments(args, relationshipFields, report);
      if (column === undefined) return "column";
      if (to === undefined) return "to";
      const [toCell, toColumn] = splitCellColumn(to);
      return { kind: "relationships", column, toCell, toColumn };
    },
  },
  not_in_future: {
    isRowLevel: true,
    shorthand: "column",
    example: "not_in_future: created_at",
    read: (args, report) => {
      const { column } = readArguments(args, futureFields, report);
      return column === undefined ? "column" : { kind: "not_in_future", column };
    },
  },
  pattern: {
    isRowLevel: true,
    example: "pattern: {column: city_code, regex: '[A-Z]{3}'}",
    read: (args, report) => {
      const { column, regex } = readArguments(args, patternFields, report);
      if (column === undefined) return "column";
      return regex === undefined ? "regex" : { kind: "pattern", column, regex };
    },
  },
  freshness: {
    isWhole: true,
    example: "freshness: {column: sent_at, max_age: 2d}",
    read: (args, report) => {
      const { column, maxAgeMs } = readArguments(args, freshnessFields, report);
      if (column === undefined) return "column";
      return maxAgeMs === undefined ? "max_age" : { kind: "freshness", column, maxAgeMs };
    },
  },
  row_count: {
    isWhole: true,
    hasBounds: true,
    example: "row_count: {min: 1}",
    read: (args, report) => {
      const bounds = readArguments(args, rowCountFields, report);
      return hasBound(bounds) ? { kind: "row_count", ...bounds } : "min or max";
    },
  },
  row_count_matches: {
    shorthand: "cell",
    example: "row_count_matches: {distinct: messages.orderId}",
    read: (args, report) => readRowCountMatches(readArguments(args, targetFields, report)),
  },
  volume: {
    isWhole: true,
    takesNoWhere: true,
    shorthand: "tolerance",
    example: "volume: {tolerance: 50%, of: median, runs: 12}",
    read: (args, report) => {
      const { tolerance, of = "median", runs = 12 } = readArguments(args, volumeFields, report);
      return tolerance === undefined ? "tolerance" : { kind: "volume", tolerance, of, runs };
    },
  },
  schema: {
    isWhole: true,
    takesNoWhere: true,
    shorthand: "columns",
    example: "schema: {columns: {order_id: BIGINT, city_code: VARCHAR}, match: subset}",
    read: readSchema,
  },
  expression: {
    isRowLevel: true,
    shorthand: "sql",
    example: 'expression: "amount >= 0"',
    read: (args, report) => {
      const { sql } = readArguments(args, expressionFields, report);
      return sql === undefined ? "sql" : { kind: "expression", sql };
    },
  },
  equivalence: {
    isWhole: true,
    shorthand: "every",
    example: "equivalence: {every: 5}",
    read: (args, report) => {
      const { every = 1 } = readArguments(args, equivalenceFields, report);
      return { kind: "equivalence", every };
    },
  },
};

export function isCheckKind(key: string): key is CheckKind {
  return Object.hasOwn(ruleReaders, key);
}

function readRowCountMatches(values: FieldValues<typeof targetFields>): CheckRule | string {
  const kind = "row_count_matches";
  const { cell, distinct, input } = values;
  if (Object.keys(values).length !== 1) return "one of cell, distinct and input";
  if (cell !== undefined) return { kind, target: { type: "cell", cell } };
  if (input !== undefined) return { kind, target: { type: "input", path: input } };
  const [from, column] = splitCellColumn(distinct ?? "");
  return { kind, target: { type: "distinct", cell: from, column } };
}

/** A list of names, or a map from names to types; one without a type may have any. */
function readSchema(args: YamlMap, report: Report): CheckRule | string {
  const columns = findValue(args, "columns");
  const others = { ...args, entries: args.entries.filter(({ key }) => key !== "columns") };
  const { match = "exact" } = readFields(others, schemaFields, {
    report,
    noun: "Check option",
    handled: ["columns"],
  });
  if (columns === undefined) return "columns";
  const expected = columns.type === "map" ? readTypes(columns, report) : readNames(args, report);
  return expected === undefined || expected.length === 0 ? "columns" : { kind: "schema", expected, match };
}

function readNames(args: YamlMap, report: Report): readonly ExpectedColumn[] | undefined {
  const entries = args.entries.filter(({ key }) => key === "columns");
  return readArguments({ ...args, entries }, { columns }, report).columns?.map((name) => ({ name }));
}

function readTypes({ entries }: YamlMap, report: Report): readonly ExpectedColumn[] {
  return entries.flatMap(({ key, keySpan, value }): ExpectedColumn[] => {
    if (isNull(value)) return [{ name: key }];
    const type = textSchema.safeParse(toPlain(value));
    if (type.success) return [{ name: key, type: type.data }];
    const hint = `For example: schema: {columns: {${key}: BIGINT}}`;
    report.error("invalid-option", keySpan, `Column "${key}" of check "schema" must be a type`, hint);
    return [];
  });
}

function readColumns(args: YamlMap, report: Report): { readonly columns?: readonly string[] } {
  // `column: a` is what the other kinds say.
  const entries = args.entries.map((entry) =>
    entry.key === "column" ? { ...entry, key: "columns" } : entry,
  );
  return readArguments({ ...args, entries }, { columns }, report);
}

function readArguments<F extends FieldTable>(args: YamlMap, fields: F, report: Report): FieldValues<F> {
  return readFields(args, fields, { report, noun: "Check option", handled: settingKeys });
}

function hasBound({ min, max }: { readonly min?: number | string; readonly max?: number | string }): boolean {
  return min !== undefined || max !== undefined;
}

/** The name of a cell has no dot, that of a column may. */
function splitCellColumn(text: string): [cell: string, column: string] {
  const dot = text.indexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}
