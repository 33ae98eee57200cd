import { codeTokens, isName, isSymbol, isWord, type Token } from "../../server/text/sql-tokens.js";

export interface CreatedRelation {
  /** As a cell may be called. */
  readonly name: string;
  /** What stands behind AS. */
  readonly query: string;
  /** A table that stays; views and temporary tables do not. */
  readonly isStored: boolean;
}

/** The name and the query of a pasted `CREATE TABLE x AS ...` or `CREATE VIEW`: what a cell called x would hold. */
export function readCreate(sql: string): CreatedRelation | undefined {
  const tokens = codeTokens(sql);
  const verb = tokens[0];
  if (verb === undefined || !isWord(verb, "create")) return undefined;
  let at = skip(tokens, 1, "or", "replace", "temp", "temporary", "local");
  if (!isWord(tokens[at], "table", "view")) return undefined;
  const isStored =
    isWord(tokens[at], "table") && !tokens.slice(1, at).some((token) => isWord(token, "temp", "temporary"));
  at = skip(tokens, at + 1, "if", "not", "exists");
  while (isSymbol(tokens[at + 1], ".")) at += 2;
  const name = tokens[at];
  const first = tokens[at + 2];
  // Named columns would be lost.
  if (name === undefined || first === undefined || !isName(name) || !isWord(tokens[at + 1], "as"))
    return undefined;
  const last = tokens.findLast((token) => !isSymbol(token, ";"));
  if (tokens.some((token) => isSymbol(token, ";") && token.start < (last?.start ?? 0))) return undefined;
  const comments = sql.slice(0, verb.start).trimEnd();
  const query = sql.slice(first.start).replace(/[;\s]+$/, "");
  return { name: toCellName(name.value), query: comments === "" ? query : `${comments}\n${query}`, isStored };
}

function skip(tokens: readonly Token[], from: number, ...words: readonly string[]): number {
  let at = from;
  while (isWord(tokens[at], ...words)) at++;
  return at;
}

function toCellName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_");
  return /^[a-z_]/.test(plain) ? plain : `_${plain}`;
}
