import { z } from "zod";
import { suggest } from "../base/suggest.js";
import { field, readFields, type FieldValues } from "./fields.js";
import type {
  CellBase,
  InputCell,
  InputType,
  ParameterScalar,
  ParameterType,
  ParameterValue,
} from "./notebook.js";
import type { Fence } from "./outline.js";
import { parameterTypes } from "./parameters.js";
import { inferType, readDefault } from "./read-parameters.js";
import type { Report } from "./report.js";
import { textSchema } from "./schemas.js";
import { parseYamlCell } from "./yaml-cell.js";
import { findValue, toPlain, type YamlMap, type YamlNode } from "./yaml-tree.js";

const inputTypes = [
  "select",
  "text",
  "number",
  "slider",
  "date",
  "checkbox",
] as const satisfies readonly InputType[];

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const number = (key: string) => field(key, z.number(), "a number", "10");

const fields = {
  type: field("type", z.enum(inputTypes), `one of ${inputTypes.join(", ")}`, "select"),
  label: field("label", textSchema, "a text", "City"),
  description: field("description", textSchema, "a text", "The city to look at"),
  options: field(
    "options",
    z.union([textSchema, z.array(scalar).min(1)]),
    "a query or a list of values",
    "[BCN, MAD]",
  ),
  multiple: field("multiple", z.boolean(), "true or false", "true"),
  valueType: field("value_type", z.enum(parameterTypes), `one of ${parameterTypes.join(", ")}`, "integer"),
  min: number("min"),
  max: number("max"),
  step: field("step", z.number().positive(), "a number above 0", "5"),
};

type Values = FieldValues<typeof fields>;

/** Which types of input a key has an effect on. */
const usedBy: Readonly<Record<string, readonly InputType[]>> = {
  options: ["select"],
  multiple: ["select"],
  value_type: ["select", "text", "number", "slider"],
  min: ["number", "slider"],
  max: ["number", "slider"],
  step: ["number", "slider"],
};

/** Reads an `input:` fence and the parameter that it sets. */
export function parseInput(file: string, fence: Fence, report: Report): InputCell {
  const { base, map, following } = parseYamlCell(file, fence, "input", report);
  const values = readFields(map, fields, {
    report: following,
    noun: "Input option",
    handled: ["input", "default"],
  });
  const inputType = values.type ?? "text";
  if (values.type !== undefined) reportUnused(map, inputType, following);
  reportMissing(map, base, values, following);
  const { label, description, min, max, step } = values;
  const isNumeric = inputType === "number" || inputType === "slider";
  return {
    ...base,
    kind: "input",
    inputType,
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
    ...(inputType === "select" && readOptions(map, values, file)),
    ...(isNumeric && {
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(step !== undefined && { step }),
    }),
    parameter: readParameter(map, base, { ...values, type: inputType }, following),
  };
}

function reportUnused(map: YamlMap, type: InputType, report: Report): void {
  for (const { key, keySpan } of map.entries) {
    const users = Object.hasOwn(usedBy, key) ? usedBy[key] : undefined;
    if (users === undefined || users.includes(type)) continue;
    report.warn(
      "unused-option",
      keySpan,
      `Key "${key}" has no effect on an input of type ${type}`,
      `It is for ${users.join(", ")}.`,
    );
  }
}

function reportMissing(map: YamlMap, base: CellBase, values: Values, report: Report): void {
  const needed: Readonly<Record<string, string>> = {
    type: suggestType(map),
    ...(values.type === "select" && { options: "[BCN, MAD]" }),
    ...(values.type === "slider" && { min: "0", max: "100" }),
  };
  for (const [key, example] of Object.entries(needed)) {
    if (findValue(map, key) !== undefined) continue;
    report.error(
      "missing-option",
      base.nameSpan,
      `Input "${base.name}" needs key "${key}"`,
      `For example: ${key}: ${example}`,
    );
  }
  const { min, max } = values;
  if (min === undefined || max === undefined || min <= max) return;
  report.error(
    "invalid-option",
    findValue(map, "min")?.span ?? base.nameSpan,
    `Input "${base.name}" has a min of ${min} above its max of ${max}`,
  );
}

function suggestType(map: YamlMap): string {
  return findValue(map, "options") !== undefined
    ? "select"
    : findValue(map, "min") !== undefined
      ? "slider"
      : "text";
}

function readOptions(map: YamlMap, { options }: Values, file: string): Pick<InputCell, "options"> {
  const node = findValue(map, "options");
  if (options === undefined || node === undefined) return {};
  if (typeof options !== "string") return { options: { values: options } };
  const quote = /["']/.test(file[node.span.start] ?? "") ? 1 : 0;
  const inside = { start: node.span.start + quote, end: node.span.end - quote };
  const isExact = file.slice(inside.start, inside.end) === options;
  return { options: { sql: options, sqlSpan: isExact ? inside : node.span } };
}

function readParameter(
  map: YamlMap,
  base: CellBase,
  values: Values & { readonly type: InputType },
  report: Report,
): InputCell["parameter"] {
  const { name, nameSpan: span } = base;
  const isList = values.type === "select" && values.multiple === true;
  const node = findValue(map, "default");
  const shape = { name, isList, type: values.valueType ?? deriveType(map, values.type, node) };
  const defaultValue = node === undefined ? firstValue(values, isList) : readDefault(node, shape, report);
  if (node !== undefined) checkDefault(node, defaultValue, values, report);
  const { description } = values;
  return { ...shape, defaultValue, inputCell: name, ...(description !== undefined && { description }), span };
}

function deriveType(map: YamlMap, type: InputType, defaultNode: YamlNode | undefined): ParameterType {
  switch (type) {
    case "checkbox":
      return "boolean";
    case "date":
      return "date";
    case "number":
    case "slider":
      return deriveNumberType(map);
    case "select":
      return deriveSelectType(findValue(map, "options"), defaultNode);
    case "text":
      return "string";
  }
}

/** An integer if all that is said about it are integers, as the browser's own controls do. */
function deriveNumberType(map: YamlMap): ParameterType {
  const nodes = ["min", "max", "step", "default"].flatMap((key) => findValue(map, key) ?? []);
  const areIntegers = nodes.length > 0 && nodes.every((node) => Number.isInteger(toPlain(node)));
  return areIntegers ? "integer" : "number";
}

/** The type of the listed values; of a query's, nothing is known but the default. A date stays a text. */
function deriveSelectType(options: YamlNode | undefined, defaultNode: YamlNode | undefined): ParameterType {
  const type = inferType(options?.type === "list" ? options : defaultNode);
  return type === "integer" || type === "number" || type === "boolean" ? type : "string";
}

function firstValue({ type, options, min }: Values, isList: boolean): ParameterValue {
  if (isList) return [];
  if (type === "select") return Array.isArray(options) ? toOption(options[0]) : null;
  if (type === "checkbox") return false;
  if (type === "number" || type === "slider") return min ?? 0;
  return type === "date" ? null : "";
}

function toOption(value: unknown): ParameterScalar {
  const result = scalar.safeParse(value);
  return result.success ? result.data : null;
}

function checkDefault(
  node: YamlNode,
  value: ParameterValue,
  { type, options, min, max }: Values,
  report: Report,
): void {
  const offered = Array.isArray(options) && type === "select" ? options.map(String) : undefined;
  const chosen = (Array.isArray(value) ? value : [value]).filter((item) => item !== null).map(String);
  const missing = offered && chosen.find((item) => !offered.includes(item));
  if (missing !== undefined) {
    const meant = suggest(missing, offered ?? []);
    const hint = meant === undefined ? "Choose one of the options." : `Did you mean "${meant}"?`;
    report.warn("invalid-option", node.span, `The default "${missing}" is not among the options`, hint);
  }
  if (typeof value !== "number") return;
  if (value < (min ?? -Infinity) || value > (max ?? Infinity)) {
    report.error("invalid-option", node.span, `The default ${value} is not between min and max`);
  }
}
