import { namePattern } from "../notebook/names.js";
import { codeTokens, tokenizeSql } from "../text/sql-tokens.js";
import type { Literal, Parameter } from "./draft.js";

/** An expression of another language within SQL. */
export interface Hole {
  readonly text: string;
  /** Its value is handed over beside the text; else it is written into the text, which may be any part of SQL. */
  readonly isBound: boolean;
}

/** A query with expressions of another language in it: `pieces` has one text more than there are `holes`. */
export interface HoledSql {
  readonly pieces: readonly string[];
  readonly holes: readonly Hole[];
}

/** What is known of the variables of another language. */
export interface Variables {
  readonly values: ReadonlyMap<string, Literal>;
  /** Those whose value is chosen and is a text. */
  readonly texts: ReadonlySet<string>;
}

export type FilledSql =
  { readonly sql: string; readonly parameters: readonly Parameter[] } | { readonly unknown: string };

/** What follows one of these words is a name, which no parameter can stand for. */
const BEFORE_NAME = new Set(["from", "join", "into", "table", "view", "update", "using", "by", "as", "."]);

/**
 * Puts a parameter where an expression is a value, and the text itself where it is part of a name, of a string or of SQL.
 * `toName` gives the variable that an expression is of, if it is one. `unknown` is the expression that cannot be carried over.
 */
export function fillHoles(
  { pieces, holes }: HoledSql,
  { values, texts }: Variables,
  toName: (hole: string) => string | undefined,
): FilledSql {
  const parameters = new Map<string, Parameter>();
  let sql = pieces[0] ?? "";
  for (const [index, { text: hole, isBound }] of holes.entries()) {
    let after = pieces[index + 1] ?? "";
    const variable = toName(hole);
    const value = variable === undefined ? undefined : values.get(variable);
    const name = variable?.toLowerCase();
    const last = tokenizeSql(sql).at(-1);
    const isInText = last?.isClosed === false && (last.kind === "string" || last.kind === "quoted");
    const isWholeText = isInText && last.kind === "string" && sql.endsWith("'") && after.startsWith("'");
    const before = codeTokens(isWholeText ? sql.slice(0, -1) : sql).at(-1);
    const isName =
      before !== undefined && (BEFORE_NAME.has(before.value.toLowerCase()) || isGlued(sql, after));
    const mayBeSql =
      !isBound && !isInText && (typeof value === "string" || (variable !== undefined && texts.has(variable)));
    const isValue =
      !isName && !mayBeSql && (!isInText || isWholeText) && !isArgumentOfReader(sql, isWholeText);
    if (isValue && name !== undefined && namePattern.test(name)) {
      if (isWholeText) {
        sql = sql.slice(0, -1);
        after = after.slice(1);
      }
      sql += `$${name}`;
      parameters.set(name, { name, value });
    } else if (isValue && !isInText && isArithmetic(hole, toName)) {
      const names = [...hole.matchAll(NAME)].map(([word]) => word.toLowerCase());
      for (const each of names) parameters.set(each, { name: each, value: values.get(each) });
      sql += `(${hole.replace(NAME, (word) => `$${word.toLowerCase()}`)})`;
    } else if (value !== undefined)
      sql += isInText && last.kind === "string" ? String(value).replaceAll("'", "''") : String(value);
    else return { unknown: hole };
    sql += after;
  }
  return { sql, parameters: [...parameters.values()] };
}

const NAME = /[A-Za-z_]\w*/g;

/** Reckoned from numbers and variables, which SQL does as well. */
function isArithmetic(hole: string, toName: (hole: string) => string | undefined): boolean {
  return (
    /^[\w\s.+\-*/()]+$/.test(hole) &&
    /[+\-*/]/.test(hole) &&
    !/\w\s*\(|[A-Za-z_]\w*\./.test(hole) &&
    [...hole.matchAll(NAME)].every(([word]) => toName(word) !== undefined)
  );
}

/** The hole is a part of a word: `orders_{year}`. */
function isGlued(before: string, after: string): boolean {
  return /[\w.]$/.test(before) || /^[\w.]/.test(after);
}

/** The path of a file is read from the text of the query, so it must stand there. */
function isArgumentOfReader(sql: string, isWholeText: boolean): boolean {
  const [open, word] = codeTokens(isWholeText ? sql.slice(0, -1) : sql)
    .slice(-2)
    .reverse();
  return open?.value === "(" && /^(read_|parquet_|sniff_|glob$)/i.test(word?.value ?? "");
}
