import { moveSpan } from "../../base/source.js";
import { readFields } from "../fields.js";
import { controlTypesOfKey } from "../control-options.js";
import { controlFields, type ControlValues } from "./control-fields.js";
import { controlParameterType, readControlParameter } from "./control-parameter.js";
import type { CellBase, ControlCell, ControlType, ParameterScalar, ParameterType } from "../notebook.js";
import { reservedNames } from "../names.js";
import { builtInParameters } from "../parameters.js";
import type { Fence } from "../outline.js";
import { readValue } from "../read-parameters.js";
import type { Report } from "../report.js";
import type { Kind } from "./kind.js";
import { parseYamlCell } from "./yaml-cell.js";
import { findValue, type YamlMap, type YamlNode } from "../yaml-tree.js";

export const controlKind: Kind<ControlCell> = {
  parse: parseControl,
  move: ({ options, parameter, ...cell }, by) => ({
    ...cell,
    parameter: { ...parameter, span: moveSpan(parameter.span, by) },
    ...(options !== undefined && {
      options: "sql" in options ? { ...options, sqlSpan: moveSpan(options.sqlSpan, by) } : options,
    }),
  }),
  options: ({ inputType, label, description, options, min, max, step, width, parameter }) => {
    const { span: _span, ...definition } = parameter;
    return { inputType, label, description, options, min, max, step, width, parameter: definition };
  },
  description: ({ description }) => description,
  query: ({ options }) =>
    options !== undefined && "sql" in options ? { sql: options.sql, span: options.sqlSpan } : undefined,
  parameter: ({ parameter }) => parameter,
};

/** Reads an `input:` fence and the parameter that it sets. */
function parseControl(file: string, fence: Fence, report: Report): ControlCell {
  // An input is also a parameter.
  const reserved = [...reservedNames, ...builtInParameters.map((each) => each.name)];
  const { base, map, following } = parseYamlCell(file, fence, "input", report, reserved);
  const handled = ["input", "default"];
  const values = readFields(map, controlFields, { report: following, noun: "Input option", handled });
  const inputType = values.type ?? "text";
  if (values.type !== undefined) reportUnused(map, inputType, following);
  reportMissing(map, base, values, following);
  reportBounds(map, base, values, following);
  const type = controlParameterType(map, inputType, values);
  const options = inputType === "select" ? readOptions(map, { file, type }, values, following) : undefined;
  const input = { inputType, type, ...(options && "values" in options && { offered: options.values }) };
  return {
    ...base,
    kind: "input",
    inputType,
    ...pickLabels(values),
    ...(options && { options }),
    ...((inputType === "number" || inputType === "slider") && pickBounds(values)),
    parameter: readControlParameter(map, base, input, values, following),
  };
}

function pickLabels({
  label,
  description,
  width,
}: ControlValues): Pick<ControlCell, "label" | "description" | "width"> {
  return {
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
    ...(width !== undefined && { width }),
  };
}

function pickBounds({ min, max, step }: ControlValues): Pick<ControlCell, "min" | "max" | "step"> {
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(step !== undefined && { step }),
  };
}

function reportUnused(map: YamlMap, type: ControlType, report: Report): void {
  for (const { key, keySpan } of map.entries) {
    const users = Object.hasOwn(controlTypesOfKey, key) ? controlTypesOfKey[key] : undefined;
    if (users === undefined || users.includes(type)) continue;
    const message = `Key "${key}" has no effect on an input of type ${type}`;
    report.warn("unused-option", keySpan, message, `It is for ${users.join(", ")}.`);
  }
}

function reportMissing(
  map: YamlMap,
  { name, nameSpan }: CellBase,
  { type }: ControlValues,
  report: Report,
): void {
  const needed: Readonly<Record<string, string>> = {
    type: suggestType(map),
    ...(type === "select" && { options: "[BCN, MAD]" }),
    ...(type === "slider" && { min: "0", max: "100" }),
  };
  for (const [key, example] of Object.entries(needed)) {
    if (findValue(map, key) !== undefined) continue;
    report.error(
      "missing-option",
      nameSpan,
      `Input "${name}" needs key "${key}"`,
      `For example: ${key}: ${example}`,
    );
  }
}

function suggestType(map: YamlMap): ControlType {
  if (findValue(map, "options") !== undefined) return "select";
  return findValue(map, "min") !== undefined ? "slider" : "text";
}

function reportBounds(
  map: YamlMap,
  { name, nameSpan }: CellBase,
  { min, max }: ControlValues,
  report: Report,
): void {
  if (min === undefined || max === undefined || min <= max) return;
  const span = findValue(map, "min")?.span ?? nameSpan;
  report.error(
    "invalid-option",
    span,
    `Input "${name}" has a min of ${min} above its max of ${max}`,
    "Swap them.",
  );
}

function readOptions(
  map: YamlMap,
  { file, type }: { readonly file: string; readonly type: ParameterType },
  { options: sql }: ControlValues,
  report: Report,
): ControlCell["options"] {
  const node = findValue(map, "options");
  if (sql === undefined || node === undefined) return undefined;
  if (node.type === "list")
    return { values: [...new Set(node.items.flatMap((item) => readOption(item, type, report)))] };
  if (typeof sql !== "string") return undefined;
  const quote = /["']/.test(file[node.span.start] ?? "") ? 1 : 0;
  const inside = { start: node.span.start + quote, end: node.span.end - quote };
  const isExact = file.slice(inside.start, inside.end) === sql;
  return { sql, sqlSpan: isExact ? inside : node.span };
}

function readOption(node: YamlNode, type: ParameterType, report: Report): ParameterScalar[] {
  const result = readValue(node, { name: "options", type, isList: false });
  if (result.ok && !Array.isArray(result.value)) return [result.value as ParameterScalar];
  if (!result.ok)
    report.error(
      "invalid-option",
      node.span,
      `An option must be of type ${type}, as the others`,
      result.hint,
    );
  return [];
}
