import { isTypeKind, type SimpleKind, type TypeKind } from "../text/type-kind.js";
import type { StoredColumn } from "./rows.js";

/*
 * DuckDB's names of types. They stand here, and not with DuckDB's engine, since what earlier versions stored has its names
 * alone: whatever engine reads it asks here for the kinds.
 */

const kinds: readonly (readonly [TypeKind, RegExp])[] = [
  ["list", /\[\d*\]$/],
  ["boolean", /^BOOLEAN$/],
  ["integer", /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM|DECIMAL\(\d+,\s*0\))$/],
  ["decimal", /^DECIMAL\b/],
  ["float", /^(FLOAT|DOUBLE)$/],
  ["text", /^VARCHAR\b/],
  ["binary", /^BLOB$/],
  ["date", /^DATE$/],
  ["timestamp", /^TIMESTAMP\b|^TIMESTAMP_/],
  ["time", /^TIME\b|^TIME_/],
  ["interval", /^INTERVAL$/],
  ["enum", /^ENUM\b/],
  ["uuid", /^UUID$/],
  ["struct", /^STRUCT\b/],
  ["map", /^MAP\b/],
  ["union", /^UNION\b/],
  ["json", /^JSON$/],
  ["variant", /^VARIANT$/],
  ["spatial", /^GEOMETRY\b/],
];

export function kindOfName(type: string): TypeKind {
  return kinds.find(([, name]) => name.test(type))?.[0] ?? "other";
}

/** Of an ENUM its labels in their order. Undefined for every other type. */
export function labelsOf(type: string): readonly string[] | undefined {
  if (kindOfName(type) !== "enum") return undefined;
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = ""]) => label.replaceAll("''", "'"));
}

/** A type that holds plain values of the kind. */
export const simpleTypes: Readonly<Record<SimpleKind, string>> = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  float: "DOUBLE",
  text: "VARCHAR",
  date: "DATE",
  time: "TIME",
  timestamp: "TIMESTAMP",
  interval: "INTERVAL",
};

/** A column as a file describes it: without a kind, by an earlier version; of a kind that is not known, by a later one. */
export type DescribedColumn = Omit<StoredColumn, "kind"> & { readonly kind?: string | undefined };

export function withKind<C extends DescribedColumn>(column: C): C & { readonly kind: TypeKind } {
  const { type, kind } = column;
  return { ...column, kind: kind !== undefined && isTypeKind(kind) ? kind : kindOfName(type) };
}
