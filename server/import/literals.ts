import { composeYaml } from "../notebook/compose-yaml.js";
import type { ControlPart } from "./draft.js";

/** Python's and JavaScript's lists, maps and plain values are YAML in most cases. Undefined: these are not. */
export function readLiteral(text: string): unknown {
  const plain = text
    .trim()
    .replace(/\bTrue\b/g, "true")
    .replace(/\bFalse\b/g, "false")
    .replace(/\b(None|undefined)\b/g, "null")
    .replace(/,\s*([\]}])/g, "$1");
  if (plain === "" || /[()`]/.test(plain)) return undefined;
  const value = plainYaml(plain);
  // A bare word is a variable.
  return typeof value === "string" && !/^["']/.test(plain) ? undefined : value;
}

/** What a YAML text holds; undefined where it is broken, or has aliases. */
export function plainYaml(text: string): unknown {
  const document = composeYaml(text);
  if (typeof document === "string" || document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

export interface Arguments {
  readonly positional: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
}

/** Arguments of a call, those that are plain values; `name=` and `{name: }` alike. */
export function readArguments(text: string): Arguments {
  const positional: unknown[] = [];
  const named: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const argument of splitArguments(text)) {
    const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=(?!=)([\s\S]*)$/.exec(argument) ?? [];
    if (name === undefined || value === undefined) positional.push(readLiteral(argument));
    else named[name] = readLiteral(value);
  }
  return { positional, named };
}

/** Their texts, cut at the commas that stand in no brackets and no string. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\s\S]/g)) {
    if (/^[([{]$/.test(part)) depth++;
    if (/^[)\]}]$/.test(part)) depth--;
    if (part === "," && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + part);
  }
  return parts.filter((part) => part.trim() !== "");
}

type Options = Readonly<Record<string, unknown>>;

/** Without what is not known. */
export function control(name: string, options: Options): ControlPart {
  const known = Object.entries(options).filter(([, value]) => isPlain(value));
  return { kind: "control", name, options: Object.fromEntries(known) };
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => isPlain(each));
  return ["string", "number", "boolean"].includes(typeof value);
}

/** Values of a select: a list, or the keys of a map. Undefined where they are not plain. */
function optionsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value))
    return value.length > 0 && value.every((each) => isPlain(each)) ? value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const values = Object.values(value);
  return values.length > 0 && values.every((each) => isPlain(each)) ? values : undefined;
}

/** A slider whose bounds are not plain numbers is a field for a number. */
export function numberControl(name: string, type: "slider" | "number", options: Options): ControlPart {
  const isBounded = typeof options["min"] === "number" && typeof options["max"] === "number";
  const known = Object.entries(options).filter(
    ([key, value]) => key === "label" || typeof value === "number",
  );
  return control(name, { type: isBounded ? type : "number", ...Object.fromEntries(known) });
}

/** A select of plain options. Undefined where they are not. */
export function selectOf(
  name: string,
  label: unknown,
  given: unknown,
  value: unknown,
  isMultiple: boolean,
): ControlPart | undefined {
  const options = optionsOf(given);
  if (options === undefined) return undefined;
  const multiple = isMultiple ? { multiple: true } : {};
  return control(name, {
    type: "select",
    label,
    options,
    ...multiple,
    default: value ?? (isMultiple ? undefined : options[0]),
  });
}

export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
