import { foldCase, quoteIdentifier } from "../../../text/sql-names.js";
import { isSymbol, type Token } from "../../../text/sql-tokens.js";
import type { CommonTables } from "../../given.js";
import { bracketDepth, tokenize } from "./lexer.js";

/** By tokens: a query that the parser took has them where it begins. */
export function commonTables(sql: string): CommonTables {
  const { tokens } = tokenize(sql);
  const found = tokens[0]?.value === "with" && tokens[0].kind === "word" ? readNames(tokens) : undefined;
  const names = found?.names ?? [];
  return {
    names,
    sqlOf: (name) => {
      const known = names.find((each) => foldCase(each) === foldCase(name));
      if (found === undefined || known === undefined) return undefined;
      return `${sql.slice(0, found.end)} SELECT * FROM ${quoteIdentifier(known)}`;
    },
  };
}

/** `WITH [RECURSIVE] name [(columns)] [USING KEY (...)] AS [[NOT] MATERIALIZED] (query), ...`. */
function readNames(tokens: readonly Token[]): { readonly names: string[]; readonly end: number } | undefined {
  const names: string[] = [];
  let at = tokens[1]?.kind === "word" && tokens[1].value === "recursive" ? 2 : 1;
  for (;;) {
    const name = tokens[at];
    if (name === undefined) return undefined;
    names.push(name.value);
    while (at < tokens.length && !(tokens[at]?.kind === "word" && tokens[at]?.value === "as")) at++;
    while (at < tokens.length && !isOpening(tokens[at])) at++;
    let depth = 0;
    do {
      const token = tokens[at];
      if (token === undefined) return undefined;
      depth += bracketDepth(token);
      at++;
    } while (depth > 0);
    const next = tokens[at];
    if (next === undefined || !isSymbol(next, ",")) return { names, end: tokens[at - 1]?.end ?? 0 };
    at++;
  }
}

function isOpening(token: Token | undefined): boolean {
  return token !== undefined && isSymbol(token, "(");
}
