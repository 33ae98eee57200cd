import { keysOf, kindOfKey } from "./cell-kinds.js";
import type { CellKind } from "./notebook.js";

const sqlHeader = new RegExp(`^[ \\t]*--\\|[ \\t]*(${keysOf("sql")})[ \\t]*:[ \\t]+(?!#)\\S`);
const yamlHeader = new RegExp(`^[ \\t]*(${keysOf("yaml")})[ \\t]*:[ \\t]+(?![#[{|>&*!])\\S`);

export function isSql(language: string): boolean {
  return language === "sql";
}

export function isYaml(language: string): boolean {
  return language === "yaml" || language === "yml";
}

/** The kind of the cell whose fence has this language and body; nothing for prose. */
export function findKind(language: string, body: string): CellKind | undefined {
  if (isSql(language)) return kindOfKey("sql", sqlHeader.exec(body)?.[1] ?? "");
  if (isYaml(language)) return kindOfKey("yaml", yamlHeader.exec(firstKeyLine(body))?.[1] ?? "");
  return undefined;
}

export function isOptionLine(line: string): boolean {
  return /^[ \t]*--\|/.test(line);
}

/** Skips blank lines and comments: YAML's first key may stand below them. */
function firstKeyLine(body: string): string {
  return body.replace(/^(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))+/, "");
}
