import { quoteName } from "./quote.js";

/** A type of DuckDB's, as far as the printer tells types apart. */
export type SqlType =
  | { readonly kind: SimpleKind }
  /** TINYINT to BIGINT, and HUGEINT, which Spark holds as BIGINT or DECIMAL(38,0). */
  | { readonly kind: "integer"; readonly name: string }
  | { readonly kind: "decimal"; readonly width: number; readonly scale: number }
  | { readonly kind: "list"; readonly of: SqlType }
  | { readonly kind: "map"; readonly key: SqlType; readonly value: SqlType }
  | { readonly kind: "struct"; readonly fields: readonly Field[] }
  /** One that Spark has nothing like. */
  | { readonly kind: "other"; readonly name: string };

type SimpleKind =
  | "unknown"
  | "null"
  | "boolean"
  | "float"
  | "double"
  | "text"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "binary"
  | "interval";

interface Field {
  readonly name: string;
  readonly type: SqlType;
}

export const unknownType: SqlType = { kind: "unknown" };

const simple: Readonly<Record<string, SimpleKind>> = {
  '"NULL"': "null",
  BOOLEAN: "boolean",
  FLOAT: "float",
  DOUBLE: "double",
  VARCHAR: "text",
  DATE: "date",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamptz",
  BLOB: "binary",
  INTERVAL: "interval",
};

const integers: Readonly<Record<string, string>> = {
  TINYINT: "TINYINT",
  SMALLINT: "SMALLINT",
  INTEGER: "INT",
  BIGINT: "BIGINT",
  HUGEINT: "DECIMAL(38,0)",
};

const sparkNames: Readonly<Partial<Record<SqlType["kind"], string>>> = {
  boolean: "BOOLEAN",
  float: "FLOAT",
  double: "DOUBLE",
  text: "STRING",
  date: "DATE",
  // The plain word means what the session says.
  timestamp: "TIMESTAMP_NTZ",
  timestamptz: "TIMESTAMP_LTZ",
  binary: "BINARY",
};

/** Reads a type as DuckDB describes it. */
export function parseType(name: string): SqlType {
  const text = name.trim();
  const kind = Object.hasOwn(simple, text) ? simple[text] : undefined;
  if (kind !== undefined) return { kind };
  if (Object.hasOwn(integers, text)) return { kind: "integer", name: text };
  if (text.endsWith("[]")) return { kind: "list", of: parseType(text.slice(0, -2)) };
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(text);
  if (decimal) return { kind: "decimal", width: Number(decimal[1]), scale: Number(decimal[2]) };
  return parseNested(text) ?? { kind: "other", name: text };
}

function parseNested(text: string): SqlType | undefined {
  const nested = /^(STRUCT|MAP)\((.*)\)$/s.exec(text);
  if (nested === null) return undefined;
  const parts = splitParts(nested[2] ?? "");
  if (nested[1] === "MAP") {
    const [key = "", value = ""] = parts;
    return { kind: "map", key: parseType(key), value: parseType(value) };
  }
  const fields = parts.map(parseField);
  return fields.every((field) => field !== undefined) ? { kind: "struct", fields } : undefined;
}

/** Undefined for a field without a name, which a row has. */
function parseField(text: string): Field | undefined {
  const [, name, type] = /^("(?:[^"]|"")*"|[^\s("]+) (.+)$/s.exec(text.trim()) ?? [];
  if (name === undefined || type === undefined) return undefined;
  return {
    name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
    type: parseType(type),
  };
}

/** Splits at commas that stand outside of quotes and brackets. */
function splitParts(text: string): readonly string[] {
  const parts: string[] = [];
  let [depth, start, quote] = [0, 0, ""];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Undefined for what Spark has no type for. */
export function sparkType(type: SqlType): string | undefined {
  switch (type.kind) {
    case "integer":
      return integers[type.name];
    case "decimal":
      return `DECIMAL(${type.width},${type.scale})`;
    case "list":
      return wrap`ARRAY<${sparkType(type.of)}>`;
    case "map":
      return wrap`MAP<${sparkType(type.key)}, ${sparkType(type.value)}>`;
    case "struct": {
      const fields = type.fields.map((field) => wrap`${quoteName(field.name)}: ${sparkType(field.type)}`);
      return fields.every((field) => field !== undefined) ? `STRUCT<${fields.join(", ")}>` : undefined;
    }
    default:
      return sparkNames[type.kind];
  }
}

function wrap(texts: TemplateStringsArray, ...values: readonly (string | undefined)[]): string | undefined {
  return values.includes(undefined) ? undefined : String.raw({ raw: texts }, ...values);
}

/** For people: as DuckDB writes it, without what is inside. */
export function nameOf(type: SqlType): string {
  switch (type.kind) {
    case "unknown":
      return "an unknown type";
    case "integer":
    case "other":
      return type.name;
    case "decimal":
      return `DECIMAL(${type.width},${type.scale})`;
    case "list":
    case "map":
    case "struct":
      return type.kind.toUpperCase();
    case "text":
      return "VARCHAR";
    case "timestamptz":
      return "TIMESTAMP WITH TIME ZONE";
    case "binary":
      return "BLOB";
    default:
      return type.kind.toUpperCase();
  }
}

export function isSameType(a: SqlType, b: SqlType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function isInteger(type: SqlType): boolean {
  return type.kind === "integer";
}

/** One that a BIGINT can hold. */
export function isShortInteger(type: SqlType): boolean {
  return type.kind === "integer" && type.name !== "HUGEINT";
}

export function isHuge(type: SqlType): boolean {
  return type.kind === "integer" && type.name === "HUGEINT";
}

/** Whole numbers and decimals, which are never rounded. */
export function isExact(type: SqlType): boolean {
  return type.kind === "integer" || type.kind === "decimal";
}

export function isNumber(type: SqlType): boolean {
  return isExact(type) || type.kind === "double" || type.kind === "float";
}

export function isTime(type: SqlType): boolean {
  return type.kind === "date" || type.kind === "timestamp" || type.kind === "timestamptz";
}

export function isNested(type: SqlType): boolean {
  return type.kind === "list" || type.kind === "map" || type.kind === "struct";
}
