import { foldCase } from "./sql-names.js";

/*
 * The one tokenizer of SQL, as DuckDB's scanner reads it. It colours and completes in the editor, cuts scripts that are
 * exported and imported, and gives the engine's messages their places. What a query is and reads is never decided here
 * but by DuckDB's own parser: that gives a tree and no tokens, and a text that is being typed has no tree.
 */

/** `option` is a comment that begins with `--|`. A `$` or `?` alone is a parameter too. */
export type TokenKind =
  "word" | "quoted" | "string" | "number" | "parameter" | "symbol" | "comment" | "option";

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** A quoted name or a string without its quotes, a parameter without its `$`, else the text. */
  readonly value: string;
  /** False where the text ends before the closing quote or comment mark. */
  readonly isClosed: boolean;
}

/** What a line leaves open for the next one: nothing, a quote, `E'`, `$tag$`, or a `/*` for each level. */
export type OpenToken = string;

/** What DuckDB takes for a plain space, outside of quotes and line comments. */
export const wideSpace = /[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]/;
const space = /[ \t\n\r\f\v\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]/;
const digit = /[0-9]/;
const wordStart = /(?![\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff])[A-Za-z_\u0080-\uffff]/;
const wordPart = /(?![\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff])[A-Za-z0-9_$\u0080-\uffff]/;
const tagPart = /(?![\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff])[A-Za-z0-9_\u0080-\uffff]/;
const number = /0x[0-9a-f_]+|[0-9_]*(?:\.[0-9_]*)?(?:e[+-]?[0-9][0-9_]*)?/iy;
const lineComment = /[^\n\r]*/y;
const pairs = new Set(["::", ":=", "=>", "->", "<=", ">=", "<>", "!=", "||", "**", "//"]);

/** The parts of a SQL text; white space is left out. Never fails. */
export function tokenizeSql(text: string): readonly Token[] {
  return new Tokenizer(text).run().tokens;
}

/** The tokens of one line, given what the lines before it left open. */
export function tokenizeLine(
  line: string,
  open: OpenToken,
): { readonly tokens: readonly Token[]; readonly open: OpenToken } {
  return new Tokenizer(line).run(open);
}

/** Without comments and option lines. */
export function codeTokens(text: string): readonly Token[] {
  return tokenizeSql(text).filter((token) => !isComment(token));
}

class Tokenizer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #open: OpenToken = "";
  /** Where the last string with escapes ended. */
  #escapesEnd = -1;

  constructor(text: string) {
    this.#text = text;
  }

  run(open: OpenToken = ""): { tokens: readonly Token[]; open: OpenToken } {
    if (open !== "") this.#resume(open);
    while (this.#at < this.#text.length) this.#next();
    return { tokens: this.#tokens, open: this.#open };
  }

  #resume(open: OpenToken): void {
    if (open.startsWith("/*")) this.#takeBlockComment(open.length / 2);
    else if (open.startsWith("$")) this.#takeDollarString(open, this.#at);
    else if (open === '"') this.#takeQuotes("quoted", '"', open, this.#at);
    else this.#takeQuotes("string", "'", open, this.#at);
  }

  #next(): void {
    const at = this.#at;
    const char = this.#text.charAt(at);
    const following = this.#text.charAt(at + 1);
    if (space.test(char)) this.#at++;
    else if (char === "-" && following === "-") this.#takeLineComment();
    else if (char === "/" && following === "*") this.#takeBlockComment(0);
    else if (char === "'") this.#takeQuotes("string", "'", this.#continuesEscapes() ? "E'" : "'", at + 1);
    else if (char === '"') this.#takeQuotes("quoted", '"', '"', at + 1);
    else if (following === "'" && /[ebxn]/i.test(char))
      this.#takeQuotes("string", "'", /e/i.test(char) ? "E'" : "'", at + 2);
    else if (char === "$") this.#takeDollar();
    else if (char === "?") this.#takeWhile("parameter", digit, at + 1);
    else if (digit.test(char) || (char === "." && digit.test(following)))
      this.#add("number", Math.max(at + 1, this.#endOf(number)));
    else if (wordStart.test(char)) this.#takeWhile("word", wordPart, at + 1);
    else this.#add("symbol", pairs.has(char + following) ? at + 2 : at + 1);
  }

  #add(kind: TokenKind, end: number, value = this.#text.slice(this.#at, end), isClosed = true): void {
    this.#tokens.push({ kind, start: this.#at, end, value, isClosed });
    this.#at = end;
  }

  #endOf(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return this.#at + (pattern.exec(this.#text)?.[0].length ?? 0);
  }

  #takeWhile(kind: TokenKind, pattern: RegExp, from: number): void {
    let end = from;
    while (end < this.#text.length && pattern.test(this.#text.charAt(end))) end++;
    const text = this.#text.slice(this.#at, end);
    this.#add(kind, end, kind === "word" ? text : text.slice(1));
  }

  /** A carriage return ends the comment too, as in DuckDB. */
  #takeLineComment(): void {
    this.#add(this.#text.charAt(this.#at + 2) === "|" ? "option" : "comment", this.#endOf(lineComment));
  }

  /** Block comments nest. */
  #takeBlockComment(depth: number): void {
    let level = depth;
    let at = this.#at;
    do {
      const pair = this.#text.slice(at, at + 2);
      level += pair === "/*" ? 1 : pair === "*/" ? -1 : 0;
      at += pair === "/*" || pair === "*/" ? 2 : 1;
    } while (level > 0 && at < this.#text.length);
    this.#open = "/*".repeat(level);
    this.#add("comment", Math.min(at, this.#text.length), undefined, level === 0);
  }

  /** A quote that is doubled stands for itself; a backslash escapes only in `E'...'`. */
  #takeQuotes(kind: TokenKind, quote: string, open: OpenToken, from: number): void {
    let at = from;
    while (at < this.#text.length) {
      const char = this.#text.charAt(at);
      if (char === "\\" && open === "E'") at += 2;
      else if (char !== quote) at++;
      else if (this.#text.charAt(at + 1) === quote) at += 2;
      else break;
    }
    const end = Math.min(at, this.#text.length);
    const isClosed = end < this.#text.length;
    this.#open = isClosed ? "" : open;
    const value = this.#text.slice(from, end).replaceAll(quote + quote, quote);
    this.#add(kind, isClosed ? end + 1 : end, value, isClosed);
    if (open === "E'") this.#escapesEnd = this.#at;
  }

  /** `E'a'` and, on the next line, `'b'` are one string, in which a backslash escapes. */
  #continuesEscapes(): boolean {
    if (this.#escapesEnd === -1) return false;
    if (this.#tokens.findLast((token) => !isComment(token))?.end !== this.#escapesEnd) return false;
    const between = this.#text.slice(this.#escapesEnd, this.#at);
    return /[\n\r]/.test(between) && !between.includes("/*");
  }

  /** `$tag$ … $tag$`, or a parameter: `$name`, `$1`, `$"any name"`. */
  #takeDollar(): void {
    const start = this.#at;
    let end = start + 1;
    if (wordStart.test(this.#text.charAt(end))) while (tagPart.test(this.#text.charAt(end))) end++;
    if (this.#text.charAt(end) === "$") this.#takeDollarString(this.#text.slice(start, end + 1), end + 1);
    else if (this.#text.charAt(start + 1) === '"') this.#takeQuotes("parameter", '"', '"', start + 2);
    else this.#takeWhile("parameter", wordPart, start + 1);
  }

  #takeDollarString(delimiter: string, from: number): void {
    const close = this.#text.indexOf(delimiter, from);
    const end = close === -1 ? this.#text.length : close;
    this.#open = close === -1 ? delimiter : "";
    const value = this.#text.slice(from, end);
    this.#add("string", close === -1 ? end : close + delimiter.length, value, close !== -1);
  }
}

export function isComment(token: Token): boolean {
  return token.kind === "comment" || token.kind === "option";
}

/** In whatever case it is written; `words` are in lower case. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(foldCase(token.value));
}

export function isSymbol(token: Token | undefined, ...symbols: readonly string[]): boolean {
  return token?.kind === "symbol" && symbols.includes(token.value);
}

/** A word or a quoted identifier. */
export function isName(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quoted";
}
