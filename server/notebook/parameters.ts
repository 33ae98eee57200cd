import { z } from "zod";
import type { ParameterDefinition, ParameterScalar, ParameterType, ParameterValue } from "./notebook.js";
import { toDate, toTimestamp } from "./temporal.js";

const nowhere = { start: 0, end: 0 };

/** What every run has; a notebook cannot define them. Their values are those of the run. */
export const builtInParameters: readonly ParameterDefinition[] = [
  builtIn("run_date", "date", "The date that the run is for."),
  builtIn("interval_start", "timestamp", "Begin of the interval that the run covers."),
  builtIn("interval_end", "timestamp", "End of the interval that the run covers, not part of it."),
];

export type ParameterResult =
  | { readonly ok: true; readonly value: ParameterValue }
  /** The message begins with the parameter's name; the hint says what would fit. */
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** What decides whether a value fits. */
export type ParameterShape = Pick<ParameterDefinition, "name" | "type" | "isList">;

/** Reads `--param name=text`. A list is written with commas, or as JSON. */
export function parseParameterValue(shape: ParameterShape, text: string): ParameterResult {
  if (!shape.isList) return checkParameterValue(shape, toScalar(shape.type, text));
  const items = text.trimStart().startsWith("[") ? parseJson(text) : splitList(shape.type, text);
  return checkParameterValue(shape, items);
}

/** Checks a value that came as JSON. Null is a value of every type. Texts come back in Unicode's form NFC. */
export function checkParameterValue(shape: ParameterShape, value: unknown): ParameterResult {
  const schema = scalarSchemas[shape.type].nullable();
  const result = (shape.isList ? z.array(schema) : schema).safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const wanted = `${shape.isList ? "a list, each " : ""}${expectations[shape.type]}`;
  return { ok: false, message: `Parameter "${shape.name}" must be ${wanted}`, hint: hintFor(shape, value) };
}

const scalarSchemas: Readonly<Record<ParameterType, z.ZodType<ParameterScalar>>> = {
  string: z.string().transform((text) => text.normalize("NFC")),
  // Beyond 2^53 a JavaScript number is no longer the one that was written: there it is a text of digits.
  integer: z.union([z.int(), z.string().transform(orIssue(toInteger))]),
  number: z.number(),
  boolean: z.boolean(),
  date: z.string().transform(orIssue(toDate)),
  timestamp: z.string().transform(orIssue(toTimestamp)),
};

const expectations: Readonly<Record<ParameterType, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  date: "a date",
  timestamp: "a date and time",
};

const examples: Readonly<Record<ParameterType, string>> = {
  string: "BCN",
  integer: "20",
  number: "0.5",
  boolean: "true",
  date: "2026-11-01",
  timestamp: "2026-11-01 06:00:00",
};

function hintFor(shape: ParameterShape, value: unknown): string {
  const items = shape.type === "integer" ? [value].flat() : [];
  if (items.some(isTooLarge))
    return `Write it as a text: beyond ${Number.MAX_SAFE_INTEGER} digits of a number would be lost.`;
  if (items.some((item) => typeof item === "string" && INTEGER.test(item)))
    return `It has to fit 64 bits; for a larger one make its type string and write CAST($${shape.name} AS HUGEINT).`;
  const example = examples[shape.type];
  return `For example: ${shape.isList ? `[${example}]` : example}`;
}

function isTooLarge(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

const INTEGER = /^\s*[+-]?\d+\s*$/;

/** A number as long as that is exact, else the digits; undefined beyond 64 bits. */
function toInteger(text: string): number | string | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.trim().replace(/^\+/, ""));
  if (BigInt.asIntN(64, value) !== value) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function orIssue<T>(convert: (text: string) => T | undefined) {
  return (text: string, context: z.RefinementCtx): T => {
    const value = convert(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: "does not fit" });
    return z.NEVER;
  };
}

function splitList(type: ParameterType, text: string): unknown {
  if (text.trim() === "") return [];
  return text.split(",").map((item) => toScalar(type, item.trim()));
}

function toScalar(type: ParameterType, text: string): unknown {
  if (type === "integer" && INTEGER.test(text)) return text;
  const isNumber = type === "integer" || type === "number";
  if (isNumber) return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : text;
  if (type === "boolean" && /^(true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === "true";
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function builtIn(name: string, type: ParameterType, description: string): ParameterDefinition {
  return { name, type, isList: false, defaultValue: null, description, span: nowhere };
}
