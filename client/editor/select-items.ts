import type { Token } from "../../server/text/sql-tokens.js";
import { isName, isSymbol, isWord } from "../../server/text/sql-tokens.js";
import { isKeyword } from "./sql-words.js";

export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The name that an item of a select list gives to its column, where it gives one. */
export function nameOfItem(item: readonly Token[]): string | undefined {
  const [first, second] = item;
  const last = item.at(-1);
  const previous = item.at(-2);
  // DuckDB's `SELECT name: expression`.
  if (first && isName(first) && isSymbol(second, ":")) return first.value;
  if (!last || !isName(last)) return undefined;
  if (item.length === 1 || isWord(previous, "as") || isSymbol(previous, ".")) return last.value;
  return endsOperand(previous) && !isKeywordToken(last) ? last.value : undefined;
}

/** Whether an expression may be complete with this token, so that an operator or an alias may follow. */
export function endsOperand(token: Token | undefined): boolean {
  if (!token) return false;
  if (token.kind === "symbol") return isSymbol(token, ")", "]", "}");
  if (token.kind !== "word") return true;
  return (
    !isKeywordToken(token) || isWord(token, "null", "true", "false", "end", "asc", "desc", "last", "all")
  );
}

export function isKeywordToken(token: Token): boolean {
  return token.kind === "word" && isKeyword(token.value.toLowerCase());
}

/** The names that follow a word, alone or in a bracket. */
export function namesAfter(tokens: readonly Token[], word: string): readonly string[] {
  const at = tokens.findIndex((token) => isWord(token, word));
  const next = tokens[at + 1];
  if (at === -1 || !next) return [];
  if (isName(next)) return [next.value];
  const close = tokens.findIndex((token, index) => index > at && isSymbol(token, ")"));
  const inside = tokens.slice(at + 2, close === -1 ? undefined : close);
  return inside.filter((token) => isName(token) && !isWord(token, "as")).map(({ value }) => value);
}
