import type { CellKind } from "./notebook.js";

const sqlHeader = /^[ \t]*--\|[ \t]*(cell|check)[ \t]*:[ \t]+(?!#)\S/;
const yamlHeader = /^[ \t]*(chart|input)[ \t]*:[ \t]+(?![#[{|>&*!])\S/;

const kindOfKey: Readonly<Record<string, CellKind>> = {
  cell: "sql",
  check: "check",
  chart: "chart",
  input: "input",
};

export function isSql(language: string): boolean {
  return language === "sql";
}

export function isYaml(language: string): boolean {
  return language === "yaml" || language === "yml";
}

/** The kind of the cell whose fence has this language and body; nothing for prose. */
export function findKind(language: string, body: string): CellKind | undefined {
  const key = isSql(language)
    ? sqlHeader.exec(body)?.[1]
    : isYaml(language)
      ? yamlHeader.exec(firstKeyLine(body))?.[1]
      : undefined;
  return key === undefined ? undefined : kindOfKey[key];
}

export function isOptionLine(line: string): boolean {
  return /^[ \t]*--\|/.test(line);
}

/** Skips blank lines and comments: YAML's first key may stand below them. */
function firstKeyLine(body: string): string {
  return body.replace(/^(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))+/, "");
}
