import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  DuckDBDateValue,
  DuckDBTimestampValue,
  LIST,
  TIMESTAMP,
  VARCHAR,
  listValue,
} from "@duckdb/node-api";
import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { BoundParameter } from "../../engine.js";
import type { ParameterScalar, ParameterType } from "../../../notebook/notebook.js";

export interface TypedValue {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

/** Names of parameters are compared without case, as DuckDB does. */
export type ParameterValues = ReadonlyMap<string, TypedValue>;

export function toParameterValues(parameters: readonly BoundParameter[]): ParameterValues {
  return new Map(
    parameters.map((parameter) => [parameter.definition.name.toLowerCase(), toTypedValue(parameter)]),
  );
}

function toTypedValue({ definition, value }: BoundParameter): TypedValue {
  const type = typeOf(definition.type);
  if (!definition.isList) return { value: toValue(definition.type, scalarOf(value)), type };
  const items =
    value === null
      ? []
      : Array.isArray(value)
        ? (value as readonly ParameterScalar[])
        : [value as ParameterScalar];
  return { value: listValue(items.map((item) => toValue(definition.type, item))), type: LIST(type) };
}

function scalarOf(value: BoundParameter["value"]): ParameterScalar {
  return Array.isArray(value)
    ? ((value as readonly ParameterScalar[])[0] ?? null)
    : (value as ParameterScalar);
}

function typeOf(type: ParameterType): DuckDBType {
  switch (type) {
    case "string":
      return VARCHAR;
    case "integer":
      return BIGINT;
    case "number":
      return DOUBLE;
    case "boolean":
      return BOOLEAN;
    case "date":
      return DATE;
    case "timestamp":
      return TIMESTAMP;
  }
}

function toValue(type: ParameterType, value: ParameterScalar): DuckDBValue {
  if (value === null) return null;
  switch (type) {
    case "string":
      return String(value);
    case "integer":
      return BigInt(value);
    case "number":
      return Number(value);
    case "boolean":
      return value === true || value === "true";
    case "date":
      return new DuckDBDateValue(Math.floor(Date.parse(`${String(value)}T00:00:00Z`) / 86_400_000));
    case "timestamp":
      return new DuckDBTimestampValue(microseconds(String(value)));
  }
}

/** `2026-11-01 06:00:00.123456` as microseconds since 1970; Date.parse alone keeps milliseconds only. */
function microseconds(text: string): bigint {
  const [seconds = text, fraction = ""] = text.replace(" ", "T").replace(/Z$/, "").split(".");
  const time = seconds.includes("T") ? seconds : `${seconds}T00:00:00`;
  return BigInt(Date.parse(`${time}Z`)) * 1000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}
