import { isCheckKind, type CheckKind } from "../../server/notebook/check-rules.js";
import { writeText } from "../../server/notebook/edit-options.js";
import { namePattern } from "../../server/notebook/names.js";
import { familyOf, type TypeKind } from "../../server/text/type-kind.js";
import {
  checkKinds,
  commonFields,
  hasBounds,
  shorthandOf,
  type CheckField,
  type FieldType,
} from "./check-kinds.js";

/** What is filled in, by the key of the field; of columns and values: a list. `max` of a rule with bounds is `fail max` beside it. */
export type Filled = Readonly<Record<string, string | readonly string[]>>;

export interface CellColumn {
  readonly name: string;
  readonly type: string;
  readonly kind: TypeKind;
}

/** A check as the form has it. */
export interface CheckDraft {
  readonly kind: CheckKind;
  readonly own: Filled;
  readonly common: Filled;
}

export const emptyDraft: CheckDraft = { kind: "not_null", own: {}, common: {} };

/** What is wrong with each field, by `own.key` or `common.key`; empty where the entry can be written. */
export function problemsOf(
  { kind, own, common }: CheckDraft,
  { isDataset }: { readonly isDataset: boolean },
): ReadonlyMap<string, string> {
  const { fields, needs } = checkKinds[kind];
  const problems = new Map<string, string>();
  const look = (group: "own" | "common", field: CheckField, filled: Filled): void => {
    const problem = problemOf(field, filled[field.key]);
    if (problem !== undefined) problems.set(`${group}.${field.key}`, problem);
  };
  for (const field of fields) look("own", field, own);
  for (const field of commonFields(kind, { isDataset })) look("common", field, common);
  const given = needs?.keys.filter((key) => !isEmpty(own[key])) ?? [];
  if (needs !== undefined && (given.length === 0 || given.length > needs.atMost))
    problems.set(`own.${needs.keys[0] ?? ""}`, needs.words);
  const [min, max] = [own["min"], own["max"]].map((text) => (isEmpty(text) ? NaN : Number(text)));
  if (min !== undefined && max !== undefined && min > max)
    problems.set("own.max", "This is less than the least.");
  return problems;
}

function problemOf(
  { type, isRequired, label }: CheckField,
  filled: Filled[string] | undefined,
): string | undefined {
  if (isEmpty(filled)) {
    if (isRequired !== true) return undefined;
    if (type === "column") return "Choose a column.";
    return type === "columns" ? "Choose at least one column." : `${label}: fill this in.`;
  }
  const rule = rules[type];
  return typeof filled !== "string" || rule === undefined || rule.pattern.test(filled.trim())
    ? undefined
    : rule.words;
}

const rules: Readonly<Partial<Record<FieldType, { readonly pattern: RegExp; readonly words: string }>>> = {
  count: { pattern: /^\d{1,15}$/, words: "This is a whole number, such as 1." },
  share: { pattern: /^\d{1,6}(\.\d{1,6})?\s*%$/, words: "This is a share, such as 50%." },
  max: {
    pattern: /^(\d{1,15}|\d{1,6}(\.\d{1,6})?\s*%)$/,
    words: "This is a number of rows, or a share such as 0.5%.",
  },
  name: { pattern: namePattern, words: "Names have lower-case letters, digits and underscores." },
  age: { pattern: /^\d{1,6}\s*[hd]$/, words: "This is a number of days or hours, such as 2d or 12h." },
  "cell-column": {
    pattern: /^[a-z_][a-z0-9_]*\.[^.]/,
    words: "This is a cell and its column, such as orders.order_id.",
  },
};

function isEmpty(filled: Filled[string] | undefined): boolean {
  if (filled === undefined) return true;
  return typeof filled === "string" ? filled.trim() === "" : filled.length === 0;
}

/** The entry of `checks:`, a line for the rule and one for each setting besides. Of a draft without problems. */
export function writeEntry(
  { kind, own, common }: CheckDraft,
  { columns, isDataset }: { readonly columns: readonly CellColumn[]; readonly isDataset: boolean },
): string {
  const fields = checkKinds[kind].fields.filter(({ key }) => !isDefault(own[key], fieldOf(kind, key)));
  const write = (field: CheckField): string => writeValue(field, own, columns, kind);
  const [first] = fields;
  const isShort = fields.length === 1 && first !== undefined && first.key === shorthandOf(kind);
  const rule = isShort
    ? write(first)
    : `{${fields.map((field) => `${field.key}: ${write(field)}`).join(", ")}}`;
  const settings = commonFields(kind, { isDataset }).flatMap((field) => {
    const text = common[field.key];
    if (isDefault(text, field)) return [];
    return [
      `${field.key}: ${field.type === "flag" ? "quarantine" : writeValue(field, common, columns, kind)}`,
    ];
  });
  return [`${kind}: ${rule}`, ...settings].join("\n");
}

function fieldOf(kind: CheckKind, key: string): CheckField | undefined {
  return checkKinds[kind].fields.find((field) => field.key === key);
}

function isDefault(filled: Filled[string] | undefined, field: CheckField | undefined): boolean {
  return isEmpty(filled) || (field?.type === "choice" && filled === field.choices?.[0]);
}

function writeValue(
  { key, type }: CheckField,
  filled: Filled,
  columns: readonly CellColumn[],
  kind: CheckKind,
): string {
  const value = filled[key] ?? "";
  const texts = typeof value === "string" ? [value.trim()] : value;
  const [text = ""] = texts;
  const typeOf = (name: string): string | undefined => columns.find((other) => other.name === name)?.type;
  switch (type) {
    case "columns":
      return kind === "schema" ? writeTypes(texts, typeOf) : `[${texts.map(writeText).join(", ")}]`;
    case "values": {
      const column = columns.find(({ name }) => name === textIn(filled["column"]));
      return `[${valuesIn(texts)
        .map((one) => writeScalar(one, column?.kind))
        .join(", ")}]`;
    }
    case "bound":
      return /^[+-]?\d+(\.\d+)?$/.test(text) ? text : JSON.stringify(text);
    case "count":
    case "choice":
    case "flag":
    case "age":
    case "share":
    case "max":
    case "name":
      return text.replaceAll(" ", "");
    case "sql":
    case "text":
      return JSON.stringify(text);
    case "column":
    case "cell":
    case "cell-column":
      return writeText(text);
  }
}

function writeTypes(names: readonly string[], typeOf: (name: string) => string | undefined): string {
  const typed = names.map((name) => {
    const type = typeOf(name);
    const written = type === undefined || /^[A-Za-z_][\w ]*$/.test(type) ? type : JSON.stringify(type);
    return `${writeText(name)}: ${written ?? ""}`.trimEnd();
  });
  return `{${typed.join(", ")}}`;
}

/** As they are typed: with commas between them. */
function valuesIn(texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

function textIn(filled: Filled[string] | undefined): string {
  return typeof filled === "string" ? filled : "";
}

/** As a value of the column's type: a text that looks like a number is one only where the column has numbers. */
function writeScalar(text: string, kind: TypeKind = "other"): string {
  const family = familyOf(kind);
  const isNumber = family === "number" && /^[+-]?\d+(\.\d+)?$/.test(text);
  const isBoolean = family === "boolean" && /^(true|false)$/i.test(text);
  return isNumber ? text : isBoolean ? text.toLowerCase() : writeText(text);
}

/** What the form shows of an entry that is there; undefined where it has something that the form does not know. */
export function readEntry(value: unknown): CheckDraft | undefined {
  if (!isRecord(value)) return undefined;
  const kind = Object.keys(value).find(isCheckKind);
  // Its types may be others than those of the columns now, and the form would write these.
  if (kind === undefined || kind === "schema") return undefined;
  const { [kind]: rule, ...beside } = value;
  const shorthand = shorthandOf(kind);
  if (!isRecord(rule) && shorthand === undefined) return undefined;
  const args = isRecord(rule) ? rule : shorthand === undefined ? {} : { [shorthand]: rule };
  const common = new Map(commonFields(kind, { isDataset: true }).map((field) => [field.key, field]));
  const isCommon = (key: string): boolean =>
    common.has(key) && !(hasBounds(kind) && key === "max") && fieldOf(kind, key) === undefined;
  const within = Object.entries(args);
  const settings = [...within.filter(([key]) => isCommon(key)), ...Object.entries(beside)];
  const own = fillIn(
    within.filter(([key]) => !isCommon(key)),
    (key) => fieldOf(kind, key === "column" && fieldOf(kind, "column") === undefined ? "columns" : key),
  );
  const filled = fillIn(settings, (key) => common.get(key));
  return own === undefined || filled === undefined ? undefined : { kind, own, common: filled };
}

function fillIn(
  entries: readonly (readonly [key: string, value: unknown])[],
  fieldFor: (key: string) => CheckField | undefined,
): Filled | undefined {
  const filled: [string, string | readonly string[]][] = [];
  for (const [key, value] of entries) {
    const field = fieldFor(key);
    const text = field === undefined ? undefined : toFilled(field, value);
    if (field === undefined || text === undefined) return undefined;
    filled.push([field.key, text]);
  }
  return Object.fromEntries(filled);
}

function toFilled({ type }: CheckField, value: unknown): string | readonly string[] | undefined {
  const isScalar = (one: unknown): one is string | number | boolean =>
    ["string", "number", "boolean"].includes(typeof one);
  if (type === "columns") {
    const names = isRecord(value)
      ? Object.keys(value)
      : Array.isArray(value)
        ? (value as unknown[])
        : [value];
    return names.every(isScalar) ? names.map(String) : undefined;
  }
  if (type === "values") {
    const values = Array.isArray(value) ? (value as unknown[]) : [];
    const isPlain = values.every((one) => isScalar(one) && !String(one).includes(","));
    return isPlain ? values.map(String).join(", ") : undefined;
  }
  return isScalar(value) ? String(value) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
