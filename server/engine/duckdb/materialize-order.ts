import { bracketDepth, isSymbol, isWord, tokenize } from "./lexer.js";
import type { Token } from "./lexer.js";

const limits = ["limit", "offset", "fetch", "sample", "tablesample", "positional"];
const aggregates = [
  "first",
  "last",
  "any_value",
  "arbitrary",
  "list",
  "array_agg",
  "string_agg",
  "group_concat",
  "listagg",
];

/**
 * Whether a query's result may depend on the order in which its input is read: `LIMIT`, `row_number() OVER ()` and
 * the like. Only then is that order kept: for a big dataset it costs a gigabyte. Says yes where it is in doubt.
 */
export function dependsOnRowOrder(sql: string): boolean {
  const { tokens } = tokenize(sql);
  return tokens.some((token, index) => {
    if (isWord(token, ...limits)) return true;
    if (isWord(token, ...aggregates)) return isSymbol(tokens[index + 1], "(");
    return isWord(token, "over", "window") && !hasOrder(tokens, index + 1);
  });
}

/** Whether the brackets that begin at a token hold an ORDER BY of their own. */
function hasOrder(tokens: readonly Token[], start: number): boolean {
  let depth = 0;
  for (const [index, token] of tokens.slice(start).entries()) {
    depth += bracketDepth(token);
    if (depth === 0) return false;
    if (depth === 1 && isWord(token, "order") && index > 0) return true;
  }
  return false;
}
