import { suggest } from "../../text/suggest.js";
import type { ControlValues } from "./control-fields.js";
import type {
  CellBase,
  ControlType,
  ParameterDefinition,
  ParameterScalar,
  ParameterType,
  ParameterValue,
} from "../notebook.js";
import { inferType, readDefault } from "../read-parameters.js";
import type { Report } from "../report.js";
import { findValue, toPlain, type YamlMap, type YamlNode } from "../yaml-tree.js";

/** The type of the parameter that an input sets: as written, else as its own type and values say. */
export function controlParameterType(
  map: YamlMap,
  type: ControlType,
  { valueType }: ControlValues,
): ParameterType {
  switch (type) {
    case "checkbox":
      return "boolean";
    case "date":
      return "date";
    case "number":
    case "slider":
      return valueType === "integer" || valueType === "number" ? valueType : deriveNumberType(map);
    case "select":
      return valueType ?? deriveSelectType(findValue(map, "options"), findValue(map, "default"));
    case "text":
      return valueType ?? "string";
  }
}

/** Reads the parameter; without a default it begins with the first option, the least number, or nothing. */
export function readControlParameter(
  map: YamlMap,
  base: CellBase,
  input: {
    readonly inputType: ControlType;
    readonly type: ParameterType;
    readonly offered?: readonly ParameterScalar[];
  },
  values: ControlValues,
  report: Report,
): ParameterDefinition {
  const { name, nameSpan: span } = base;
  const { inputType, type, offered } = input;
  const { description } = values;
  const shape = { name, type, isList: inputType === "select" && values.multiple === true };
  const node = findValue(map, "default");
  const defaultValue =
    node === undefined ? firstValue(inputType, shape, values, offered) : readDefault(node, shape, report);
  if (node !== undefined && offered !== undefined) checkOffered(node, defaultValue, offered, report);
  if (node !== undefined) checkWithinBounds(node, defaultValue, values, report);
  return { ...shape, defaultValue, inputCell: name, ...(description !== undefined && { description }), span };
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

function firstValue(
  inputType: ControlType,
  { type, isList }: { readonly type: ParameterType; readonly isList: boolean },
  { min }: ControlValues,
  offered: readonly ParameterScalar[] | undefined,
): ParameterValue {
  if (isList) return [];
  switch (inputType) {
    case "select":
      return offered?.[0] ?? null;
    case "checkbox":
      return false;
    case "number":
    case "slider":
      return min ?? 0;
    case "text":
      return type === "string" ? "" : null;
    case "date":
      return null;
  }
}

function checkOffered(
  node: YamlNode,
  value: ParameterValue,
  offered: readonly ParameterScalar[],
  report: Report,
): void {
  const chosen = Array.isArray(value) ? (value as readonly ParameterScalar[]) : [value as ParameterScalar];
  const missing = chosen.find((item) => item !== null && !offered.includes(item));
  if (missing === undefined) return;
  const meant = suggest(String(missing), offered.map(String));
  const hint = meant === undefined ? "Choose one of the options." : `Did you mean "${meant}"?`;
  report.warn("invalid-option", node.span, `The default "${String(missing)}" is not among the options`, hint);
}

function checkWithinBounds(
  node: YamlNode,
  value: ParameterValue,
  { min, max }: ControlValues,
  report: Report,
): void {
  if (typeof value !== "number" || (value >= (min ?? -Infinity) && value <= (max ?? Infinity))) return;
  const hint = `Write a number from ${min ?? "-∞"} to ${max ?? "∞"}.`;
  report.error("invalid-option", node.span, `The default ${value} is not between min and max`, hint);
}
