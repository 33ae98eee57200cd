import { ruleReaders, type CheckKind } from "../../server/notebook/check-rules.js";

/** How a field is filled in, and what may stand in it. */
export type FieldType =
  | "columns"
  | "column"
  | "values"
  | "bound"
  | "count"
  | "text"
  | "sql"
  | "age"
  | "share"
  | "max"
  | "cell"
  | "cell-column"
  | "choice"
  | "name"
  | "flag";

export interface CheckField {
  /** Of the YAML. */
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  readonly isRequired?: true;
  readonly placeholder?: string;
  /** Of a choice: the values; the first is what holds without one. */
  readonly choices?: readonly string[];
}

export interface CheckWords {
  /** What the check asserts, in a few words. */
  readonly label: string;
  readonly fields: readonly CheckField[];
  /** Of these fields so many have to be filled in. */
  readonly needs?: { readonly keys: readonly string[]; readonly atMost: number; readonly words: string };
}

const column: CheckField = { key: "column", label: "Column", type: "column", isRequired: true };
const columns: CheckField = { key: "columns", label: "Columns", type: "columns", isRequired: true };
const bounds = { keys: ["min", "max"], atMost: 2, words: "Give the least, the most, or both." };

/** What the form asks for each kind of check, in the order in which they are offered. */
export const checkKinds: Readonly<Record<CheckKind, CheckWords>> = {
  not_null: { label: "is never empty", fields: [columns] },
  unique: { label: "is unique", fields: [columns] },
  accepted_values: {
    label: "is one of some values",
    fields: [
      column,
      {
        key: "values",
        label: "Values",
        type: "values",
        isRequired: true,
        placeholder: "courier, customer",
      },
    ],
  },
  range: {
    label: "lies in a range",
    fields: [
      column,
      { key: "min", label: "At least", type: "bound", placeholder: "0, or 2026-01-01" },
      { key: "max", label: "At most", type: "bound" },
    ],
    needs: bounds,
  },
  pattern: {
    label: "matches a pattern",
    fields: [
      column,
      {
        key: "regex",
        label: "Regular expression for the whole value",
        type: "text",
        isRequired: true,
        placeholder: "[A-Z]{3}",
      },
    ],
  },
  not_in_future: { label: "is not after the run date", fields: [column] },
  expression: {
    label: "makes a condition true in each row",
    fields: [
      {
        key: "sql",
        label: "Condition",
        type: "sql",
        isRequired: true,
        placeholder: "delivered_at >= sent_at",
      },
    ],
  },
  relationships: {
    label: "exists in another cell",
    fields: [
      column,
      {
        key: "to",
        label: "Cell and column",
        type: "cell-column",
        isRequired: true,
        placeholder: "orders.order_id",
      },
    ],
  },
  row_count: {
    label: "has so many rows",
    fields: [
      { key: "min", label: "At least", type: "count", placeholder: "1" },
      { key: "max", label: "At most", type: "count" },
    ],
    needs: bounds,
  },
  row_count_matches: {
    label: "has as many rows as",
    fields: [
      { key: "cell", label: "A cell", type: "cell" },
      { key: "distinct", label: "Distinct values of", type: "cell-column", placeholder: "orders.order_id" },
      { key: "input", label: "A file that it reads", type: "text", placeholder: "input/orders.json" },
    ],
    needs: { keys: ["cell", "distinct", "input"], atMost: 1, words: "Fill in one of the three." },
  },
  volume: {
    label: "has about as many rows as before",
    fields: [
      { key: "tolerance", label: "May differ by", type: "share", isRequired: true, placeholder: "50%" },
      { key: "of", label: "From the", type: "choice", choices: ["median", "mean"] },
      { key: "runs", label: "Of so many run dates", type: "count", placeholder: "12" },
    ],
  },
  freshness: {
    label: "is fresh",
    fields: [
      column,
      {
        key: "max_age",
        label: "Newest value is not older than",
        type: "age",
        isRequired: true,
        placeholder: "2d",
      },
    ],
  },
  schema: {
    label: "has these columns and types",
    fields: [columns, { key: "match", label: "Others", type: "choice", choices: ["exact", "subset"] }],
  },
  equivalence: {
    label: "is the same computed as a whole",
    fields: [{ key: "every", label: "With every so many deliveries", type: "count", placeholder: "1" }],
  },
};

const severity: CheckField = {
  key: "severity",
  label: "If it fails",
  type: "choice",
  choices: ["error", "warn"],
};
const max: CheckField = { key: "max", label: "Rows that may fail", type: "max", placeholder: "0, or 0.5%" };
const where: CheckField = { key: "where", label: "Only rows where", type: "sql", placeholder: "year = 2026" };
const name: CheckField = { key: "name", label: "Name", type: "name", placeholder: "by itself" };
const onFail: CheckField = { key: "on_fail", label: "Put failing rows aside", type: "flag" };

/** The settings that a kind of check takes besides its own. Rows of what is no dataset cannot be put aside. */
export function commonFields(
  kind: CheckKind,
  { isDataset }: { readonly isDataset: boolean },
): readonly CheckField[] {
  const { isWhole, takesNoWhere, isRowLevel } = ruleReaders[kind];
  return [
    severity,
    ...(isWhole === true ? [] : [max]),
    ...(takesNoWhere === true ? [] : [where]),
    ...(isRowLevel === true && isDataset ? [onFail] : []),
    name,
  ];
}

/** What the form calls the values of a choice. */
export const choiceWords: Readonly<Record<string, string>> = {
  error: "nothing is published",
  warn: "it only warns",
  exact: "there are no others",
  subset: "there may be others",
};

/** Whether its own `max` bounds what is looked at: how many rows may fail then stands beside it. */
export function hasBounds(kind: CheckKind): boolean {
  return ruleReaders[kind].hasBounds === true;
}

/** The key that a value without a map belongs to. */
export function shorthandOf(kind: CheckKind): string | undefined {
  return ruleReaders[kind].shorthand;
}
