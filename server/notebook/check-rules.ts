import { z } from "zod";
import type { CheckRule } from "./check-spec.js";
import { field, readFields, type FieldTable, type FieldValues } from "./fields.js";
import { nameSchema, textListSchema, textSchema } from "./schemas.js";
import type { Report } from "./report.js";
import type { YamlMap } from "./yaml-tree.js";

export type CheckKind = CheckRule["kind"];

/**
 * Named in the design, refused until they are built: a check that silently does nothing is worse than none. Each with
 * what does the same until then.
 */
export const checksToCome: Readonly<Record<string, string>> = {
  pattern: `For now: - expression: "regexp_full_match(code, '[A-Z]{3}')"`,
  freshness: 'For now: - row_count: {min: 1, where: "created_at >= now() - INTERVAL 1 DAY"}',
  volume: "For now: - row_count: {min: 1000}",
  schema: "Name the columns and their types in the option columns: {orderId: BIGINT}",
};

interface RuleReader {
  /** The key that a value without a map belongs to. */
  readonly shorthand?: string;
  /** Where `min` and `max` bound what is looked at: `max` within the rule is then not how many rows may fail. */
  readonly hasBounds?: true;
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
const expressionFields = { sql: field("sql", textSchema, "a SQL condition", '"amount >= 0"') };

export const ruleReaders: Readonly<Record<CheckKind, RuleReader>> = {
  not_null: {
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
    example: "accepted_values: {column: sender, values: [courier, customer]}",
    read: (args, report) => {
      const { column, values } = readArguments(args, valueFields, report);
      if (column === undefined) return "column";
      return values === undefined ? "values" : { kind: "accepted_values", column, values };
    },
  },
  range: {
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
    shorthand: "column",
    example: "not_in_future: created_at",
    read: (args, report) => {
      const { column } = readArguments(args, futureFields, report);
      return column === undefined ? "column" : { kind: "not_in_future", column };
    },
  },
  row_count: {
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
  expression: {
    shorthand: "sql",
    example: 'expression: "amount >= 0"',
    read: (args, report) => {
      const { sql } = readArguments(args, expressionFields, report);
      return sql === undefined ? "sql" : { kind: "expression", sql };
    },
  },
  equivalence: {
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

function readColumns(args: YamlMap, report: Report): { readonly columns?: readonly string[] } {
  // `column: a` is what the other kinds say.
  const entries = args.entries.map((entry) =>
    entry.key === "column" ? { ...entry, key: "columns" } : entry,
  );
  return readArguments({ ...args, entries }, { columns }, report);
}

function readArguments<F extends FieldTable>(args: YamlMap, fields: F, report: Report): FieldValues<F> {
  return readFields(args, fields, { report, noun: "Check option", handled: [] });
}

function hasBound({ min, max }: { readonly min?: number | string; readonly max?: number | string }): boolean {
  return min !== undefined || max !== undefined;
}

/** The name of a cell has no dot, that of a column may. */
function splitCellColumn(text: string): [cell: string, column: string] {
  const dot = text.indexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}
