import type { OpenToken, Token } from "../../server/text/sql-tokens.js";
import { isSymbol, isWord, tokenizeLine } from "../../server/text/sql-tokens.js";
import { isFunctionWord, isKeyword, isTypeName, isTypeNameInContext } from "./sql-words.js";

/** What a colour stands for. The names are those of Monaco's tokens and of the custom properties in the style sheet. */
export type HighlightStyle =
  | "keyword"
  | "type"
  | "function"
  | "string"
  | "number"
  | "parameter"
  | "comment"
  | "option"
  | "name"
  | "symbol";

export interface HighlightedToken {
  readonly start: number;
  readonly end: number;
  readonly style: HighlightStyle;
}

export interface HighlightedLine {
  readonly tokens: readonly HighlightedToken[];
  /** Goes into the call for the next line. */
  readonly open: OpenToken;
}

export function highlightLine(line: string, open: OpenToken): HighlightedLine {
  const result = tokenizeLine(line, open);
  const tokens = result.tokens.map((token, index) => ({
    start: token.start,
    end: token.end,
    style: styleOf(token, result.tokens[index - 1], result.tokens[index + 1]),
  }));
  return { tokens, open: result.open };
}

/** Lines without their breaks; the same colours that the editor gives. */
export function highlightLines(
  text: string,
): readonly { readonly text: string; readonly line: HighlightedLine }[] {
  let open: OpenToken = "";
  return text.split(/\r?\n/).map((lineText) => {
    const line = highlightLine(lineText, open);
    open = line.open;
    return { text: lineText, line };
  });
}

function styleOf(token: Token, previous: Token | undefined, next: Token | undefined): HighlightStyle {
  if (token.kind === "quoted") return "name";
  if (token.kind !== "word") return token.kind;
  const word = token.value.toLowerCase();
  if (isSymbol(previous, ".")) return isSymbol(next, "(") ? "function" : "name";
  const isTypePlace = isSymbol(previous, "::") || isWord(previous, "as") || next?.kind === "string";
  if (isTypeName(word) || (isTypePlace && isTypeNameInContext(word))) return "type";
  if (
    isSymbol(next, "(") &&
    (!isKeyword(word) || (isFunctionWord(word) && !isStarModifier(word, previous)))
  ) {
    return "function";
  }
  return isKeyword(word) ? "keyword" : "name";
}

/** `* REPLACE (…)`, against the function of that name. */
function isStarModifier(word: string, previous: Token | undefined): boolean {
  return word === "replace" && isSymbol(previous, "*", ")");
}
