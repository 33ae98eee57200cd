/**
 * What the type of a column is, whatever its engine calls it. `integer` are whole numbers of any width, decimals without
 * a fraction among them; a `timestamp` may have a zone; `list` may have a fixed length; a `variant` holds values of any type.
 */
export const typeKinds = [
  "boolean",
  "integer",
  "decimal",
  "float",
  "text",
  "binary",
  "date",
  "time",
  "timestamp",
  "interval",
  "enum",
  "uuid",
  "list",
  "struct",
  "map",
  "union",
  "json",
  "variant",
  "spatial",
  "other",
] as const;
export type TypeKind = (typeof typeKinds)[number];

/** Those of which every engine has a type that a plain value can be written in. */
export type SimpleKind = Extract<
  TypeKind,
  "boolean" | "integer" | "float" | "text" | "date" | "time" | "timestamp" | "interval"
>;

export function isTypeKind(text: string): text is TypeKind {
  return (typeKinds as readonly string[]).includes(text);
}

/** What a reader needs to know of a value: how it is aligned, compared and coloured. */
export type TypeFamily = "number" | "boolean" | "temporal" | "nested" | "text";

const families: Readonly<Record<TypeKind, TypeFamily>> = {
  boolean: "boolean",
  integer: "number",
  decimal: "number",
  float: "number",
  text: "text",
  binary: "text",
  date: "temporal",
  time: "temporal",
  timestamp: "temporal",
  interval: "temporal",
  enum: "text",
  uuid: "text",
  list: "nested",
  struct: "nested",
  map: "nested",
  union: "nested",
  json: "nested",
  variant: "nested",
  spatial: "text",
  other: "text",
};

export function familyOf(kind: TypeKind): TypeFamily {
  return families[kind];
}
