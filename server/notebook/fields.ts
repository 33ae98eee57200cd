import type { z } from "zod";
import { suggest } from "../text/suggest.js";
import { asExpected } from "./schemas.js";
import type { Report } from "./report.js";
import { findValue, spanAt, toPlain, type YamlMap, type YamlNode } from "./yaml-tree.js";

/** A key that YAML may have: what its value has to be, for the computer and for people. */
export interface Field<T> {
  readonly key: string;
  readonly schema: z.ZodType<T>;
  /** Ends the sentence "... must be". */
  readonly expected: string;
  /** A right value, as it is written. */
  readonly example: string;
}

/** By the name that the value has in code. */
export type FieldTable = Readonly<Record<string, Field<unknown>>>;

export type FieldValues<F extends FieldTable> = {
  readonly [K in keyof F]?: F[K] extends Field<infer T> ? T : never;
};

export interface FieldScope {
  readonly report: Report;
  /** What a key is called in messages: "Option", "Key". */
  readonly noun: string;
  /** Keys that are read elsewhere. */
  readonly handled: readonly string[];
}

export function field<T>(key: string, schema: z.ZodType<T>, expected: string, example: string): Field<T> {
  return { key, schema, expected, example };
}

/** Reads what is right, reports what is wrong at its place, and warns about keys that mean nothing. */
export function readFields<F extends FieldTable>(map: YamlMap, fields: F, scope: FieldScope): FieldValues<F> {
  const values: [string, unknown][] = [];
  for (const [property, field] of Object.entries(fields)) {
    const node = findValue(map, field.key);
    const value = node && readField(node, field, scope);
    if (value !== undefined) values.push([property, value]);
  }
  const known = Object.values(fields).map((field) => field.key);
  warnUnknownKeys(map, [...scope.handled, ...known], scope);
  return Object.fromEntries(values) as FieldValues<F>;
}

function readField<T>(
  node: YamlNode,
  { key, schema, expected, example }: Field<T>,
  scope: FieldScope,
): T | undefined {
  const result = schema.safeParse(toPlain(node));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const message =
    issue?.code === "custom" && issue.message !== asExpected
      ? issue.message
      : `${scope.noun} "${key}" must be ${expected}`;
  scope.report.error(
    "invalid-option",
    spanAt(node, issue?.path ?? []),
    message,
    `For example: ${key}: ${example}`,
  );
  return undefined;
}

export function warnUnknownKeys(
  map: YamlMap,
  known: readonly string[],
  { report, noun }: Omit<FieldScope, "handled">,
): void {
  for (const { key, keySpan } of map.entries) {
    if (known.includes(key)) continue;
    const meant = suggest(key, known);
    const hint =
      meant === undefined ? `Known here: ${[...new Set(known)].join(", ")}.` : `Did you mean "${meant}"?`;
    report.warn("unknown-key", keySpan, `${noun} "${key}" is not known`, hint);
  }
}
