import { DuckDBTypeId } from "@duckdb/node-api";
import type { DuckDBType } from "@duckdb/node-api";
import { quoteIdentifier } from "../../base/sql-names.js";

/**
 * What becomes of a type in Parquet. DuckDB writes some types as another one without a word (HUGEINT as DOUBLE!), so
 * every type is listed: kept, cast to one that holds the value exactly, or refused.
 *
 *   kept      BOOLEAN, all integers to 64 bits, FLOAT, DOUBLE, DECIMAL, VARCHAR, JSON, BLOB, UUID, DATE, TIME,
 *             TIMESTAMP, TIMESTAMP WITH TIME ZONE, TIMESTAMP_NS, and LIST, STRUCT, MAP of kept types
 *   cast      HUGEINT, UHUGEINT           DECIMAL(38,0)   more than 38 digits is an error
 *             TIMESTAMP_S, TIMESTAMP_MS   TIMESTAMP
 *             ENUM, BIT, BIGNUM           VARCHAR         the digits or the label
 *             INTERVAL                    VARCHAR         Parquet's has no microseconds and no negative values
 *             TIME WITH TIME ZONE, TIME_NS  VARCHAR       Parquet's loses the zone, or has no such type
 *             T[n]                        T[]
 *   refused   UNION, GEOMETRY, VARIANT, a STRUCT without names
 *
 * Rows that are only looked at get their types back when they are read (`toText`): HUGEINT goes by its digits then.
 */
export type StorageType =
  | { readonly type: "kept" }
  | { readonly type: "cast"; readonly to: string }
  | { readonly type: "refused"; readonly hint: string };

const KEPT: StorageType = { type: "kept" };

export function storageType(type: DuckDBType, { toText = false } = {}): StorageType {
  const refusal = findRefusal(type);
  if (refusal !== undefined) return { type: "refused", hint: refusal };
  const from = sqlType(type);
  const to = sqlType(type, toText ? textCastOf : castOf);
  return from === to ? KEPT : { type: "cast", to };
}

/** Why a type, or one inside it, can't be stored. */
function findRefusal(type: DuckDBType): string | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.UNION:
      return "Choose one member, e.g. x.member, or cast it: x::VARCHAR";
    case DuckDBTypeId.GEOMETRY:
      return "Cast it, e.g. x::VARCHAR for well-known text";
    case DuckDBTypeId.VARIANT:
      return "Cast it to a plain type, or to JSON: x::JSON";
    case DuckDBTypeId.STRUCT:
      if (type.entryNames.includes("")) return "Name its fields, e.g. {'a': 1, 'b': 2} in place of row(1, 2)";
      return firstRefusal(type.entryTypes);
    case DuckDBTypeId.MAP:
      return firstRefusal([type.keyType, type.valueType]);
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return findRefusal(type.valueType);
    default:
      return undefined;
  }
}

function firstRefusal(types: readonly DuckDBType[]): string | undefined {
  return types.map(findRefusal).find((refusal) => refusal !== undefined);
}

/** The type that is stored in place of a simple type; the type itself where it is kept. */
function castOf(type: DuckDBType): string | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return "DECIMAL(38,0)";
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
      return "TIMESTAMP";
    case DuckDBTypeId.ENUM:
    case DuckDBTypeId.BIT:
    case DuckDBTypeId.BIGNUM:
    case DuckDBTypeId.INTERVAL:
    case DuckDBTypeId.TIME_TZ:
    case DuckDBTypeId.TIME_NS:
      return "VARCHAR";
    default:
      return undefined;
  }
}

function textCastOf(type: DuckDBType): string | undefined {
  const isWide = type.typeId === DuckDBTypeId.HUGEINT || type.typeId === DuckDBTypeId.UHUGEINT;
  return isWide ? "VARCHAR" : castOf(type);
}

/** The type as SQL; `replace` may put another one in the place of each simple type, and fixed arrays become lists. */
function sqlType(type: DuckDBType, replace?: (type: DuckDBType) => string | undefined): string {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return `${sqlType(type.valueType, replace)}[]`;
    case DuckDBTypeId.ARRAY:
      return `${sqlType(type.valueType, replace)}[${replace === undefined ? type.length : ""}]`;
    case DuckDBTypeId.MAP:
      return `MAP(${sqlType(type.keyType, replace)}, ${sqlType(type.valueType, replace)})`;
    case DuckDBTypeId.STRUCT:
      return `STRUCT(${type.entryNames.map((name, index) => field(name, type.entryTypes[index], replace)).join(", ")})`;
    default:
      return replace?.(type) ?? type.alias ?? type.toString();
  }
}

function field(
  name: string,
  type: DuckDBType | undefined,
  replace?: (type: DuckDBType) => string | undefined,
): string {
  return type === undefined ? quoteIdentifier(name) : `${quoteIdentifier(name)} ${sqlType(type, replace)}`;
}
