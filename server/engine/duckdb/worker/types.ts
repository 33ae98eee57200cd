import { DuckDBTypeId } from "@duckdb/node-api";
import type { DuckDBType } from "@duckdb/node-api";
import { quoteIdentifier } from "../../../text/sql-names.js";

/**
 * What becomes of a type in the Parquet of a dataset. DuckDB writes some types as another one without a word (HUGEINT
 * as DOUBLE!), so every type is listed: kept, cast to one that holds the value exactly, or refused.
 *
 *   kept      BOOLEAN, all integers to 64 bits, FLOAT, DOUBLE, DECIMAL, VARCHAR, JSON, BLOB, UUID, DATE, TIME,
 *             TIMESTAMP, TIMESTAMP WITH TIME ZONE, TIMESTAMP_NS, GEOMETRY, and LIST, STRUCT, MAP of kept types;
 *             VARIANT, if it is not inside another type and its values come back (see `materialize-variant.ts`)
 *   cast      HUGEINT, UHUGEINT           DECIMAL(38,0)   more than 38 digits is an error
 *             TIMESTAMP_S, TIMESTAMP_MS   TIMESTAMP
 *             ENUM                        VARCHAR         the label; readers see the ENUM again
 *             BIT, BIGNUM                 VARCHAR         the digits
 *             INTERVAL                    VARCHAR         Parquet's has no microseconds and no negative values
 *             TIME WITH TIME ZONE, TIME_NS  VARCHAR       Parquet's loses the zone, or has no such type
 *             T[n]                        T[]
 *             VARCHAR COLLATE x           VARCHAR         readers see the collation again, unless it is inside another type
 *   refused   UNION, a VARIANT inside another type, a STRUCT without names that would have to be cast
 */
export type StorageType =
  | { readonly type: "kept" }
  | { readonly type: "cast"; readonly to: string }
  | { readonly type: "refused"; readonly hint: string };

/**
 * How the rows of a query cell are kept, whose readers see the types of the query: in Parquet, where each value of the
 * stored type has one way back and no text a collation, or else in a table of DuckDB's own. (The text of an extreme INTERVAL or of a TIMETZ
 * with seconds in its zone cannot be read back.)
 */
export type KeptType =
  { readonly type: "kept" } | { readonly type: "cast"; readonly to: string } | { readonly type: "table" };

const KEPT = { type: "kept" } as const;
const NAMELESS = "Name its fields, e.g. {'a': 1, 'b': 2} in place of row(1, 2)";

export function storageType(type: DuckDBType): StorageType {
  if (isVariant(type)) return KEPT;
  if (contains(type, ({ typeId }) => typeId === DuckDBTypeId.UNION))
    return { type: "refused", hint: "Choose one member, e.g. x.member, or cast it: x::VARCHAR" };
  if (contains(type, isVariant))
    return { type: "refused", hint: "Cast it to a plain type, or to JSON, or give it a column of its own" };
  const to = castTo(type, parquetType);
  if (to === undefined) return KEPT;
  return contains(type, hasNamelessField) ? { type: "refused", hint: NAMELESS } : { type: "cast", to };
}

export function keptType(type: DuckDBType): KeptType {
  if (contains(type, isTableOnly)) return { type: "table" };
  const to = castTo(type, reversibleType);
  if (to === undefined) return KEPT;
  const cannotBeWritten = contains(type, (part) => hasNamelessField(part) || isGeometry(part));
  return cannotBeWritten ? { type: "table" } : { type: "cast", to };
}

/**
 * The type with which readers see what is stored: its ENUMs compare by the order of their labels. Undefined where it is
 * the stored one.
 */
export function restoredType(type: DuckDBType): string | undefined {
  return contains(type, isEnum)
    ? sqlType(type, (part) => (isEnum(part) ? undefined : parquetType(part)))
    : undefined;
}

function isEnum({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.ENUM;
}

function isTableOnly(type: DuckDBType): boolean {
  return tableOnly.has(type.typeId) || isNameless(type);
}

const tableOnly: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.UNION,
  DuckDBTypeId.VARIANT,
  DuckDBTypeId.INTERVAL,
  DuckDBTypeId.TIME_TZ,
  DuckDBTypeId.TIME_NS,
  DuckDBTypeId.BIT,
]);

/** Its coordinate system is not part of the type that the driver tells. */
export function isGeometry({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.GEOMETRY;
}

export function isVariant({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.VARIANT;
}

/** It may have a collation, which is not part of the type that the driver tells either. */
export function isText({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.VARCHAR;
}

/** What `row(1, 2)` is: SQL has no way to write this type, and no table can have it. */
export function isNameless(type: DuckDBType): boolean {
  return type.typeId === DuckDBTypeId.STRUCT && type.entryNames[0] === "";
}

function hasNamelessField(type: DuckDBType): boolean {
  return type.typeId === DuckDBTypeId.STRUCT && type.entryNames.includes("");
}

/** Whether the test holds for the type, or for one inside it. */
export function contains(type: DuckDBType, test: (type: DuckDBType) => boolean): boolean {
  return test(type) || innerTypes(type).some((inner) => contains(inner, test));
}

function innerTypes(type: DuckDBType): readonly DuckDBType[] {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return [type.valueType];
    case DuckDBTypeId.MAP:
      return [type.keyType, type.valueType];
    case DuckDBTypeId.STRUCT:
      return type.entryTypes;
    case DuckDBTypeId.UNION:
      return type.memberTypes;
    default:
      return [];
  }
}

/** The type that Parquet gets in place of a simple type; undefined where it is kept. */
function parquetType(type: DuckDBType): string | undefined {
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

/** The same where there is a way back: HUGEINT goes by its digits then. */
function reversibleType(type: DuckDBType): string | undefined {
  const isWide = type.typeId === DuckDBTypeId.HUGEINT || type.typeId === DuckDBTypeId.UHUGEINT;
  return isWide ? "VARCHAR" : parquetType(type);
}

function castTo(type: DuckDBType, replace: (type: DuckDBType) => string | undefined): string | undefined {
  const to = sqlType(type, replace);
  return to === sqlType(type) ? undefined : to;
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
    case DuckDBTypeId.STRUCT: {
      const inner = type.entryTypes.map((entry) => sqlType(entry, replace));
      return fields("STRUCT", type.entryNames, inner);
    }
    case DuckDBTypeId.UNION:
      return fields(
        "UNION",
        type.memberTags,
        type.memberTypes.map((member) => sqlType(member, replace)),
      );
    default:
      return replace?.(type) ?? type.alias ?? type.toString();
  }
}

/** The type as SQL, its nameless fields named by their positions, so that a table can have it. */
export function namedType(type: DuckDBType): string {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return `${namedType(type.valueType)}[]`;
    case DuckDBTypeId.ARRAY:
      return `${namedType(type.valueType)}[${type.length}]`;
    case DuckDBTypeId.MAP:
      return `MAP(${namedType(type.keyType)}, ${namedType(type.valueType)})`;
    case DuckDBTypeId.STRUCT: {
      const names = isNameless(type) ? type.entryNames.map((_, index) => String(index + 1)) : type.entryNames;
      return fields("STRUCT", names, type.entryTypes.map(namedType));
    }
    case DuckDBTypeId.UNION:
      return fields("UNION", type.memberTags, type.memberTypes.map(namedType));
    default:
      return sqlType(type);
  }
}

/** An expression that has the type, also where SQL has no name for it. Its value says nothing. */
export function typeExample(type: DuckDBType): string {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return `[${typeExample(type.valueType)}]`;
    case DuckDBTypeId.ARRAY:
      return `array_value(${Array.from({ length: type.length }, () => typeExample(type.valueType)).join(", ")})`;
    case DuckDBTypeId.MAP:
      return `MAP {${typeExample(type.keyType)}: ${typeExample(type.valueType)}}`;
    case DuckDBTypeId.STRUCT: {
      const examples = type.entryTypes.map(typeExample);
      if (isNameless(type)) return `row(${examples.join(", ")})`;
      return `struct_pack(${type.entryNames.map((name, index) => `${quoteIdentifier(name)} := ${examples[index] ?? ""}`).join(", ")})`;
    }
    case DuckDBTypeId.UNION: {
      const [tag, ...others] = type.memberTags;
      const [member] = type.memberTypes;
      // SQL can make a union with a nameless member only of that member alone.
      if (tag !== undefined && member !== undefined && others.length === 0)
        return `union_value(${quoteIdentifier(tag)} := ${typeExample(member)})`;
      return `CAST(NULL AS ${sqlType(type)})`;
    }
    default:
      return `CAST(NULL AS ${sqlType(type)})`;
  }
}

function fields(kind: "STRUCT" | "UNION", names: readonly string[], types: readonly string[]): string {
  return `${kind}(${names.map((name, index) => `${quoteIdentifier(name)} ${types[index] ?? ""}`).join(", ")})`;
}
