import { foldCase } from "../../../text/sql-names.js";
import { isComment, isSymbol, tokenizeSql, wideSpace, type Token } from "../../../text/sql-tokens.js";

/** The tokens of a query as DuckDB's parser takes them, beside the tree that it makes of them. */
export interface TokenizedSql {
  readonly text: string;
  /** Without comments and white space; a word's value is in lower case. */
  readonly tokens: readonly Token[];
  /** Offsets of Unicode spaces: DuckDB takes each for one plain space, so that its byte offsets count one byte. */
  readonly wideSpaces: readonly number[];
}

export function tokenize(text: string): TokenizedSql {
  const all = tokenizeSql(text);
  const tokens = all.filter((token) => !isComment(token)).map((token) => fold(token, text));
  return { text, tokens, wideSpaces: wideSpace.test(text) ? findWideSpaces(text, all) : [] };
}

/** `$ name` is a parameter to DuckDB, so the `$` is a symbol of its own. */
function fold(token: Token, text: string): Token {
  if (token.kind === "word") return { ...token, value: foldCase(token.value) };
  const isLone = token.kind === "parameter" && token.value === "" && text[token.start] === "$";
  return isLone && token.end === token.start + 1 ? { ...token, kind: "symbol", value: "$" } : token;
}

/** DuckDB replaces them between tokens and in block comments, though not in quotes and line comments. */
function findWideSpaces(text: string, tokens: readonly Token[]): number[] {
  const kept = tokens.filter(({ kind, start }) => kind !== "comment" || text[start] === "-");
  const places: number[] = [];
  let next = 0;
  for (let at = 0; at < text.length; at++) {
    const token = kept[next];
    if (token !== undefined && at === token.start) {
      at = token.end - 1;
      next++;
    } else if (wideSpace.test(text.charAt(at))) places.push(at);
  }
  return places;
}

/** +1 for an opening bracket of any kind, -1 for a closing one. */
export function bracketDepth(token: Token): -1 | 0 | 1 {
  if (isSymbol(token, "(", "[", "{")) return 1;
  return isSymbol(token, ")", "]", "}") ? -1 : 0;
}

/** The statements of a text: their tokens between semicolons, without empty ones. */
export function splitStatements(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (isSymbol(token, ";")) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}
