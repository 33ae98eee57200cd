import type { Column } from "../../engine/engine.js";

/** Rows as a test is to have them: values as the engine writes them in JSON. */
export interface DraftRows {
  readonly columns: readonly Pick<Column, "name" | "kind">[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface DraftParts {
  readonly name: string;
  readonly cell: string;
  readonly given: readonly (DraftRows & { readonly name: string })[];
  readonly expect: DraftRows;
}

/** The YAML of a test, a row a line. */
export function writeTest({ name, cell, given, expect }: DraftParts): string {
  const sources = given.map((source) => `  ${plainOrQuoted(source.name)}:${writeRows(source, "    ")}`);
  const head = [`test: ${name}`, `cell: ${cell}`];
  const parts = sources.length === 0 ? [] : ["given:", ...sources];
  return [...head, ...parts, `expect:${writeRows(expect, "  ")}`, ""].join("\n");
}

function writeRows({ columns, rows }: DraftRows, indent: string): string {
  if (rows.length === 0) return " []";
  const lines = rows.map((row) => {
    const entries = columns.map(
      ({ name, kind }, index) => `${plainOrQuoted(name)}: ${writeValue(row[index], kind)}`,
    );
    return `\n${indent}- {${entries.join(", ")}}`;
  });
  return lines.join("");
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** JSON is YAML too; a number keeps its digits. */
function writeValue(value: unknown, kind: Column["kind"]): string {
  if (value === null || value === undefined) return "null";
  if (typeof value !== "string") return JSON.stringify(value);
  // JSON's own null is not NULL.
  if (kind === "json") return value.trim() === "null" ? '"null"' : value;
  const isNumber = kind === "integer" || kind === "decimal" || kind === "float";
  return isNumber && NUMBER.test(value) ? value : plainOrQuoted(value);
}

/** Words that YAML reads as something else, in whatever case. */
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n|nan|inf)$/i;

function plainOrQuoted(text: string): string {
  return /^[A-Za-z_]\w*(?: \w+)*$/.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text);
}
