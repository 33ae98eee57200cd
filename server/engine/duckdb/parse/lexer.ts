import { foldCase } from "../../../text/sql-names.js";

/*
 * The tokens of DuckDB's SQL. They give words for messages, the extent of a name, and the places of a PIVOT's lists.
 * What a query is and reads is never decided here but by DuckDB's own parser.
 */

/** An unquoted word, a quoted identifier, a string, a number, a parameter, or any other characters. */
export type TokenKind = "word" | "quoted" | "string" | "number" | "parameter" | "symbol";

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** A word in lower case, a quoted identifier or a string without its quotes, a parameter without its `$`, else the text. */
  readonly value: string;
}

export interface TokenizedSql {
  readonly text: string;
  /** Without comments and white space. */
  readonly tokens: readonly Token[];
  /** Offsets of Unicode spaces: DuckDB takes each for one plain space, so that its byte offsets count one byte. */
  readonly wideSpaces: readonly number[];
}

const space = /[ \t\n\r\f\v]/;
/** What DuckDB's `StripUnicodeSpaces` replaces. */
const wideSpace = /[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]/;
const wordStart = /(?![\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff])[A-Za-z_\u0080-\uffff]/;
const wordPart = /(?![\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff])[A-Za-z0-9_$\u0080-\uffff]/;
const digit = /[0-9]/;

export function tokenize(text: string): TokenizedSql {
  return new Lexer(text).run();
}

class Lexer {
  readonly text: string;
  readonly #tokens: Token[] = [];
  readonly #wideSpaces: number[] = [];
  #at = 0;
  /** Where the last string with escapes ended. */
  #escapesEnd = -1;

  constructor(text: string) {
    this.text = text;
  }

  run(): TokenizedSql {
    while (this.#at < this.text.length) this.#next();
    return { text: this.text, tokens: this.#tokens, wideSpaces: this.#wideSpaces };
  }

  #next(): void {
    const at = this.#at;
    const char = this.text.charAt(at);
    const following = this.text.charAt(at + 1);
    if (space.test(char)) this.#at++;
    else if (wideSpace.test(char)) this.#skipWideSpace();
    else if (char === "-" && following === "-") this.#skipLine();
    else if (char === "/" && following === "*") this.#skipBlock();
    else if (char === "'") this.#takeString(at, this.#continuesEscapes());
    else if (char === '"') this.#takeQuoted();
    else if (following === "'" && /[ebxn]/i.test(char)) this.#takeString(at + 1, /e/i.test(char));
    else if (char === "$") this.#takeDollar();
    else if (char === "?") this.#takeWhile(digit, at + 1, "parameter");
    else if (digit.test(char) || (char === "." && digit.test(following))) this.#takeNumber();
    else if (wordStart.test(char)) this.#takeWhile(wordPart, at + 1, "word");
    else this.#takeSymbol(char + following);
  }

  #add(kind: TokenKind, end: number, value: string): void {
    this.#tokens.push({ kind, start: this.#at, end, value });
    this.#at = end;
  }

  #skipWideSpace(): void {
    this.#wideSpaces.push(this.#at);
    this.#at++;
  }

  #skipLine(): void {
    // A carriage return ends the comment too, as in DuckDB.
    while (this.#at < this.text.length && !/[\n\r]/.test(this.text.charAt(this.#at))) this.#at++;
  }

  /** Block comments nest. DuckDB replaces Unicode spaces in them, though not in line comments. */
  #skipBlock(): void {
    let depth = 0;
    do {
      const pair = this.text.slice(this.#at, this.#at + 2);
      if (pair === "/*" || pair === "*/") {
        depth += pair === "/*" ? 1 : -1;
        this.#at += 2;
      } else if (wideSpace.test(this.text.charAt(this.#at))) {
        this.#skipWideSpace();
      } else {
        this.#at++;
      }
    } while (depth > 0 && this.#at < this.text.length);
  }

  #takeString(quoteAt: number, hasEscapes: boolean): void {
    const end = this.#endOfQuotes(quoteAt, "'", hasEscapes);
    if (hasEscapes) this.#escapesEnd = end;
    this.#add(
      "string",
      end,
      this.text.slice(quoteAt + 1, Math.max(quoteAt + 1, end - 1)).replaceAll("''", "'"),
    );
  }

  /** `E'a'` and, on the next line, `'b'` are one string, in which a backslash escapes. */
  #continuesEscapes(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined || last.end !== this.#escapesEnd) return false;
    const between = this.text.slice(last.end, this.#at);
    return /[\n\r]/.test(between) && !between.includes("/*");
  }

  #takeQuoted(): void {
    const end = this.#endOfQuotes(this.#at, '"', false);
    this.#add(
      "quoted",
      end,
      this.text.slice(this.#at + 1, Math.max(this.#at + 1, end - 1)).replaceAll('""', '"'),
    );
  }

  /** The offset after the closing quote, or the end of the text. */
  #endOfQuotes(quoteAt: number, quote: string, hasEscapes: boolean): number {
    let at = quoteAt + 1;
    while (at < this.text.length) {
      const char = this.text.charAt(at);
      if (hasEscapes && char === "\\") at += 2;
      else if (char !== quote) at++;
      else if (this.text.charAt(at + 1) === quote) at += 2;
      else return at + 1;
    }
    return this.text.length;
  }

  /** `$tag$ ... $tag$`, or a parameter: `$name`, `$1`, `$"any name"`. */
  #takeDollar(): void {
    const start = this.#at;
    let nameEnd = start + 1;
    if (wordStart.test(this.text.charAt(nameEnd))) {
      while (/[A-Za-z0-9_\u0080-\uffff]/.test(this.text.charAt(nameEnd))) nameEnd++;
    }
    if (this.text.charAt(nameEnd) === "$") {
      const delimiter = this.text.slice(start, nameEnd + 1);
      const close = this.text.indexOf(delimiter, nameEnd + 1);
      const end = close === -1 ? this.text.length : close + delimiter.length;
      this.#add("string", end, this.text.slice(nameEnd + 1, close === -1 ? end : close));
    } else if (this.text.charAt(start + 1) === '"') {
      const end = this.#endOfQuotes(start + 1, '"', false);
      this.#add("parameter", end, this.text.slice(start + 2, end - 1).replaceAll('""', '"'));
    } else if (wordPart.test(this.text.charAt(start + 1))) {
      this.#takeWhile(wordPart, start + 1, "parameter");
    } else {
      this.#add("symbol", start + 1, "$");
    }
  }

  #takeWhile(pattern: RegExp, from: number, kind: TokenKind): void {
    let end = from;
    while (end < this.text.length && pattern.test(this.text.charAt(end))) end++;
    const text = this.text.slice(this.#at, end);
    this.#add(kind, end, kind === "word" ? foldCase(text) : text.slice(kind === "parameter" ? 1 : 0));
  }

  #takeNumber(): void {
    let end = this.#at;
    while (/[0-9_.]/.test(this.text.charAt(end))) end++;
    if (/[eE]/.test(this.text.charAt(end))) {
      const signed = /[+-]/.test(this.text.charAt(end + 1)) ? end + 2 : end + 1;
      if (digit.test(this.text.charAt(signed))) {
        end = signed;
        while (/[0-9_]/.test(this.text.charAt(end))) end++;
      }
    }
    this.#add("number", end, this.text.slice(this.#at, end));
  }

  #takeSymbol(pair: string): void {
    const isPair = pair === "::" || pair === ":=" || pair === "=>" || pair === "->";
    const end = this.#at + (isPair ? 2 : 1);
    this.#add("symbol", end, this.text.slice(this.#at, end));
  }
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.value);
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === "symbol" && token.value === symbol;
}

/** +1 for an opening bracket of any kind, -1 for a closing one. */
export function bracketDepth(token: Token): -1 | 0 | 1 {
  if (token.kind !== "symbol") return 0;
  if (token.value === "(" || token.value === "[" || token.value === "{") return 1;
  return token.value === ")" || token.value === "]" || token.value === "}" ? -1 : 0;
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
