import { z } from "zod";
import type { ParameterDefinition, ParameterType, ParameterValue } from "./notebook.js";
import { field, readFields } from "./fields.js";
import { parameterTypes } from "./control-options.js";
import { checkName } from "./names.js";
import {
  builtInParameters,
  checkParameterValue,
  type ParameterResult,
  type ParameterShape,
} from "./parameters.js";
import type { Report } from "./report.js";
import { textSchema } from "./schemas.js";
import { findValue, isNull, toPlain, type YamlEntry, type YamlLeaf, type YamlNode } from "./yaml-tree.js";

const fields = {
  type: field("type", z.enum(parameterTypes), `one of ${parameterTypes.join(", ")}`, "string"),
  description: field("description", textSchema, "a text", "Cities to look at"),
  multiple: field("multiple", z.boolean(), "true or false", "true"),
};

const builtInNames = builtInParameters.map((parameter) => parameter.name);

/** Reads `parameters:` of the front matter: a map from names to definitions, or to bare default values. */
export function readParameters(node: YamlNode, report: Report): ParameterDefinition[] {
  if (node.type === "map") return node.entries.flatMap((entry) => readParameter(entry, report) ?? []);
  if (isNull(node)) return [];
  const hint = "For example: parameters: {city: {type: string, default: BCN}}";
  report.error("invalid-parameter", node.span, "Parameters must be a map from names to definitions", hint);
  return [];
}

function readParameter({ key, keySpan, value }: YamlEntry, report: Report): ParameterDefinition | undefined {
  checkName(key, keySpan, report, builtInNames);
  const isDefinition = value.type === "map";
  const scope = { report, noun: "Parameter option", handled: ["default"] };
  const { type, multiple, description } = isDefinition ? readFields(value, fields, scope) : {};
  const defaultNode = isDefinition ? findValue(value, "default") : value;
  const actualType = type ?? inferType(defaultNode);
  if (actualType === undefined) {
    const hasWrongType = isDefinition && findValue(value, "type") !== undefined;
    if (!hasWrongType) reportNoType(key, value.span, report);
    return undefined;
  }
  const shape = { name: key, type: actualType, isList: multiple ?? defaultNode?.type === "list" };
  const defaultValue = readDefault(defaultNode, shape, report);
  return { ...shape, defaultValue, ...(description !== undefined && { description }), span: keySpan };
}

function reportNoType(name: string, span: YamlEntry["keySpan"], report: Report): void {
  const hint = `For example: ${name}: {type: string}`;
  report.error("invalid-parameter", span, `Parameter "${name}" has neither a type nor a default`, hint);
}

/** Reads a default of the given shape; null where there is none or it does not fit, which is reported. */
export function readDefault(
  node: YamlNode | undefined,
  shape: ParameterShape,
  report: Report,
): ParameterValue {
  if (node === undefined) return shape.isList ? [] : null;
  const result = readValue(node, shape);
  if (result.ok) return result.value;
  const message = result.message.replace(/ must be /, "'s default must be ");
  report.error(
    "invalid-parameter",
    node.span,
    message,
    result.hint.replace("For example:", "For example: default:"),
  );
  return shape.isList ? [] : null;
}

/** Reads a value of the given shape; of a list, one value alone will do. */
export function readValue(node: YamlNode, shape: ParameterShape): ParameterResult {
  const value = toValue(node, shape.type);
  return checkParameterValue(shape, shape.isList && !Array.isArray(value) ? [value] : value);
}

/** A text may be written without quotes although it looks like a number: `08001`; digits beyond 2^53 are kept. */
function toValue(node: YamlNode, type: ParameterType): unknown {
  if (node.type === "list") return node.items.map((item) => toValue(item, type));
  if (type === "integer" && node.type === "leaf" && Number.isInteger(node.value))
    return Number.isSafeInteger(node.value) ? node.value : node.source;
  return type === "string" && node.type === "leaf" && node.value !== null ? textOf(node) : toPlain(node);
}

function textOf(leaf: YamlLeaf): string {
  return typeof leaf.value === "string" ? leaf.value : leaf.source;
}

/** The type of a bare value; that of a list is the one of its items, if they agree. */
export function inferType(node: YamlNode | undefined): ParameterType | undefined {
  if (node?.type === "list") {
    const types = new Set(node.items.map(inferType));
    if (types.size === 2 && types.has("integer") && types.has("number")) return "number";
    return types.size === 1 ? [...types][0] : types.size === 0 ? undefined : "string";
  }
  return node?.type === "leaf" ? inferLeafType(node) : undefined;
}

function inferLeafType({ value, isPlain }: YamlLeaf): ParameterType | undefined {
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "integer" : "number";
    case "boolean":
      return "boolean";
    case "string":
      // Quotes say that a date is meant as text. By its look only: 2026-02-30 is a date, a wrong one.
      if (!isPlain || !/^\d{4}-\d{2}-\d{2}(?:$|[T ]\d)/.test(value)) return "string";
      return value.length === 10 ? "date" : "timestamp";
    default:
      return undefined;
  }
}
