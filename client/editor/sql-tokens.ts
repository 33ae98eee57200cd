/*
 * The one tokenizer of the editor: it colours a line, tells what the cursor stands in, and gives the scopes their
 * words. What a query means is the server's business; here a wrong guess costs a suggestion, never a result.
 */

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

const space = /\s/;
const digit = /[0-9]/;
const wordStart = /[A-Za-z_\u0080-\uffff]/;
const wordPart = /[A-Za-z0-9_$\u0080-\uffff]/;
const pairs = new Set(["::", ":=", "=>", "->", "<=", ">=", "<>", "!=", "||", "**", "//"]);

export function tokenize(text: string): readonly Token[] {
  return new Tokenizer(text).run().tokens;
}

/** The tokens of one line, given what the lines before it left open. */
export function tokenizeLine(
  line: string,
  open: OpenToken,
): { readonly tokens: readonly Token[]; readonly open: OpenToken } {
  return new Tokenizer(line).run(open);
}

class Tokenizer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #open: OpenToken = "";

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
    else if (char === "'") this.#takeQuotes("string", "'", "'", at + 1);
    else if (char === '"') this.#takeQuotes("quoted", '"', '"', at + 1);
    else if (/e/i.test(char) && following === "'") this.#takeQuotes("string", "'", "E'", at + 2);
    else if (char === "$") this.#takeDollar();
    else if (char === "?") this.#takeWhile("parameter", digit, at + 1);
    else if (digit.test(char) || (char === "." && digit.test(following))) this.#takeNumber();
    else if (wordStart.test(char)) this.#takeWhile("word", wordPart, at + 1);
    else this.#add("symbol", pairs.has(char + following) ? at + 2 : at + 1);
  }

  #add(kind: TokenKind, end: number, value = this.#text.slice(this.#at, end), isClosed = true): void {
    this.#tokens.push({ kind, start: this.#at, end, value, isClosed });
    this.#at = end;
  }

  #takeWhile(kind: TokenKind, pattern: RegExp, from: number): void {
    let end = from;
    while (end < this.#text.length && pattern.test(this.#text.charAt(end))) end++;
    const text = this.#text.slice(this.#at, end);
    this.#add(kind, end, kind === "word" ? text : text.slice(1));
  }

  #takeNumber(): void {
    const rest = this.#text.slice(this.#at);
    const length = /^[0-9_]*(\.[0-9_]*)?(e[+-]?[0-9_]+)?/i.exec(rest)?.[0].length ?? 1;
    this.#add("number", this.#at + Math.max(1, length));
  }

  #takeLineComment(): void {
    const lineBreak = this.#text.indexOf("\n", this.#at);
    const end = lineBreak === -1 ? this.#text.length : lineBreak;
    this.#add(this.#text.charAt(this.#at + 2) === "|" ? "option" : "comment", end);
  }

  /** Block comments nest, as in DuckDB. */
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
  }

  /** `$tag$ … $tag$`, or a parameter: `$name`, `$1`. */
  #takeDollar(): void {
    const opening = /^\$([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/.exec(
      this.#text.slice(this.#at),
    );
    if (opening) this.#takeDollarString(opening[0], this.#at + opening[0].length);
    else this.#takeWhile("parameter", wordPart, this.#at + 1);
  }

  #takeDollarString(delimiter: string, from: number): void {
    const close = this.#text.indexOf(delimiter, from);
    const end = close === -1 ? this.#text.length : close;
    this.#open = close === -1 ? delimiter : "";
    const value = this.#text.slice(from, end);
    this.#add("string", close === -1 ? end : close + delimiter.length, value, close !== -1);
  }
}

/** In whatever case it is written; `words` are in lower case. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.value.toLowerCase());
}

export function isSymbol(token: Token | undefined, ...symbols: readonly string[]): boolean {
  return token?.kind === "symbol" && symbols.includes(token.value);
}

/** A word or a quoted identifier. */
export function isName(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quoted";
}

/** Without comments and option lines. */
export function codeTokens(text: string): readonly Token[] {
  return tokenize(text).filter((token) => token.kind !== "comment" && token.kind !== "option");
}
