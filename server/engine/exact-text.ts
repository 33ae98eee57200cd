import type { Column } from "./rows.js";
import { kindOfName } from "./type-names.js";

/** Whether the engine would make another value of a text without a word, as it rounds where a type has no place for digits. */
function losesDigits(text: string, { kind, type }: Pick<Column, "kind" | "type">): boolean {
  if (kind === "integer" || kind === "decimal") {
    const scale = kind === "integer" ? 0 : Number(/^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1] ?? Infinity);
    return decimalPlaces(text) > scale;
  }
  if (kind === "date") return /^\s*\d+-\d+-\d+[T ]\s*(?=[\d:.]*[1-9])\d/.test(text);
  if (kind !== "timestamp" && kind !== "time") return false;
  const places = type.includes("_NS") ? 9 : type === "TIMESTAMP_MS" ? 3 : type === "TIMESTAMP_S" ? 0 : 6;
  return (/\d:\d\d\.(\d*?)0*(?!\d)/.exec(text)?.[1]?.length ?? 0) > places;
}

/** Behind the point, without zeros at the end; 0 for what is no number. */
function decimalPlaces(text: string): number {
  const number = /^\s*[+-]?(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?\s*$/i.exec(text);
  if (number === null) return 0;
  const [, whole = "", fraction = "", exponent = "0"] = number;
  const digits = `${whole}${fraction}`.replace(/0+$/, "");
  return digits === "" ? 0 : digits.length - whole.length - Number(exponent);
}

/**
 * What the type would change without a word, be it the value or the first such part of a list, a struct or a map, and what type
 * that is.
 */
export function lostWithin(
  value: unknown,
  type: string,
): { readonly text: string; readonly type: string } | undefined {
  const kind = kindOfName(type);
  if (typeof value === "number" || typeof value === "string")
    return losesDigits(String(value), { type, kind }) ? { text: String(value), type } : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  if (kind === "list") return firstLost(entries, () => type.replace(/\[\d*\]$/, ""));
  const parts = topLevelParts(/^\w+\((.*)\)$/s.exec(type)?.[1] ?? "");
  if (kind === "map") return firstLost(entries, () => parts[1]);
  if (kind !== "struct") return undefined;
  const fields = parts.map((part) => /^(?:"((?:[^"]|"")*)"|(\S+)) (.*)$/s.exec(part));
  return firstLost(
    entries,
    (name) =>
      fields.find(
        (field) => (field?.[1]?.replaceAll('""', '"') ?? field?.[2])?.toLowerCase() === name.toLowerCase(),
      )?.[3],
  );
}

function firstLost(
  entries: readonly (readonly [string, unknown])[],
  typeOf: (name: string) => string | undefined,
): ReturnType<typeof lostWithin> {
  for (const [name, value] of entries) {
    const type = typeOf(name);
    const lost = type === undefined ? undefined : lostWithin(value, type);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** Parted at commas that stand in no brackets and no quotes. */
function topLevelParts(text: string): readonly string[] {
  const parts: string[] = [];
  let [part, depth] = ["", 0];
  for (const [token] of text.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|./gs)) {
    if (token === "(") depth++;
    if (token === ")") depth--;
    const isEnd = token === "," && depth === 0;
    if (isEnd) parts.push(part);
    part = isEnd ? "" : part + token;
  }
  return [...parts, part].map((each) => each.trim());
}
