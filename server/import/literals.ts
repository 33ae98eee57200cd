import { composeYaml } from "../notebook/compose-yaml.js";
import { stringIn } from "./python-text.js";

const STRING = /[rRbBuUfF]{0,2}(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/.source;
const PIECE = new RegExp(`(${STRING})|[A-Za-z_]\\w*|[\\s\\S]`, "g");
const WORDS: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
  ["undefined", "null"],
]);

/** Python's and JavaScript's lists, maps and plain values are YAML in most cases. Undefined: these are not. */
export function readLiteral(text: string): unknown {
  let plain = "";
  for (const [piece, string] of text.trim().matchAll(PIECE)) {
    if (string === undefined && /[()`]/.test(piece)) return undefined;
    const written = string === undefined ? (WORDS.get(piece) ?? piece) : toYamlString(string);
    if (written === undefined) return undefined;
    plain += written;
  }
  if (plain === "") return undefined;
  const value = plainYaml(plain);
  // A bare word is a variable.
  return typeof value === "string" && !/^["']/.test(plain) ? undefined : value;
}

/** Undefined of a string that is put together. */
function toYamlString(text: string): string | undefined {
  if (text.startsWith('"')) return text;
  const string = stringIn(text, 0);
  return string === undefined || string.holes.length > 0 ? undefined : JSON.stringify(string.pieces.join(""));
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

/** What stands between commas that are in no brackets and no string. */
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

export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
