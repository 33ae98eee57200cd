import type { Span } from "../../../base/source.js";
import { bracketDepth, type TokenizedSql } from "./lexer.js";
import { isSymbol, type Token } from "../../../text/sql-tokens.js";
import { foldCase } from "../../../text/sql-names.js";

/** Turns DuckDB's places, which count UTF-8 bytes, into spans of the text. */
export class Places {
  readonly #sql: TokenizedSql;
  readonly #toOffset: (byte: number) => number;
  #parameters: ReadonlyMap<string, Span> | undefined;

  /** `toOffset` is for a tree of a text that was changed before it was parsed. */
  constructor(sql: TokenizedSql, toOffset: (byte: number) => number = utf8Offsets(sql)) {
    this.#sql = sql;
    this.#toOffset = toOffset;
  }

  get whole(): Span {
    const { tokens, text } = this.#sql;
    return { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? text.length };
  }

  /** A name with all its parts, such as `lake.orders`. Without a place, the first token of that name. */
  name(location: number | undefined, name: string): Span {
    const { tokens } = this.#sql;
    let at = location === undefined ? this.#find(name) : this.#indexAt(this.#toOffset(location));
    const first = tokens[at];
    if (first === undefined) return this.whole;
    while (isSymbol(tokens[at + 1], ".") && isName(tokens[at + 2])) at += 2;
    return { start: first.start, end: tokens[at]?.end ?? first.end };
  }

  /** A call whose name has that span, up to its closing bracket. */
  call(name: Span): Span | undefined {
    const { tokens } = this.#sql;
    let at = this.#indexAt(name.end);
    let depth = 0;
    if (!isSymbol(tokens[at], "(")) return undefined;
    for (let token = tokens[at]; token !== undefined; token = tokens[++at]) {
      depth += bracketDepth(token);
      if (depth === 0) return { start: name.start, end: token.end };
    }
    return undefined;
  }

  /** The one token at a place, or behind `main.` there, if it is that name. */
  wordAt(location: number | undefined, name: string): Span | undefined {
    if (location === undefined) return undefined;
    const { tokens } = this.#sql;
    const at = this.#indexAt(this.#toOffset(location));
    const isIn = (token: Token | undefined, word: string): boolean =>
      isName(token) && foldCase(token?.value ?? "") === word;
    const isQualified = isIn(tokens[at], "main") && isIn(tokens[at + 2], name);
    const token = tokens[isQualified ? at + 2 : at];
    return token !== undefined && isIn(token, name) ? { start: token.start, end: token.end } : undefined;
  }

  /** The schema and the dot before a name. */
  schemaOf(span: Span): Span {
    const { tokens } = this.#sql;
    const [, dot] = tokens.slice(this.#indexAt(span.start));
    return { start: span.start, end: dot !== undefined && isSymbol(dot, ".") ? dot.end : span.start };
  }

  /** Is a name written in double quotes? */
  isQuoted(location: number | undefined): boolean {
    if (location === undefined) return false;
    return this.#sql.tokens[this.#indexAt(this.#toOffset(location))]?.kind === "quoted";
  }

  /** A string with what continues it on the next line. */
  literal(location: number | undefined): Span {
    const { tokens } = this.#sql;
    if (location === undefined) return this.whole;
    let at = this.#indexAt(this.#toOffset(location));
    const first = tokens[at];
    if (first === undefined) return this.whole;
    while (first.kind === "string" && tokens[at + 1]?.kind === "string") at++;
    return { start: first.start, end: tokens[at]?.end ?? first.end };
  }

  /** The token at an offset; the last one where the offset is the end of the text. */
  tokenAt(offset: number): Span {
    const { tokens } = this.#sql;
    const token = tokens[this.#indexAt(offset)] ?? tokens.at(-1);
    return token === undefined ? this.whole : { start: token.start, end: token.end };
  }

  /** The tree has no places of parameters; a positional one is named by its number. */
  parameter(name: string): Span {
    this.#parameters ??= findParameters(this.#sql.tokens);
    return this.#parameters.get(/^\d+$/.test(name) ? "" : name) ?? this.whole;
  }

  #find(name: string): number {
    const wanted = foldCase(name);
    return this.#sql.tokens.findIndex((token) => isName(token) && foldCase(token.value) === wanted);
  }

  /** The index of the token that covers an offset, or else of the next one. */
  #indexAt(offset: number): number {
    const { tokens } = this.#sql;
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tokens[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isName(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quoted" || token?.kind === "string";
}

/** The first place of each parameter; positional ones are all under the empty name. */
function findParameters(tokens: readonly Token[]): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  tokens.forEach(({ kind, start, value }, index) => {
    // `$ name` is allowed too, and the name in lower case then.
    const token = kind === "parameter" ? tokens[index] : value === "$" ? tokens[index + 1] : undefined;
    if (token === undefined) return;
    const name = /^\d*$/.test(token.value) ? "" : token.value;
    if (!places.has(name)) places.set(name, { start, end: token.end });
  });
  return places;
}

/** Maps bytes to UTF-16 offsets in one pass, as a query may have thousands of places. */
export function utf8Offsets({ text, wideSpaces }: TokenizedSql): (byte: number) => number {
  if (isAscii(text)) return (byte) => byte;
  const shortened = new Set(wideSpaces);
  const offsets: number[] = [];
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const bytes = shortened.has(at) || point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; i++) offsets.push(at);
    at += point > 0xffff ? 2 : 1;
  }
  return (byte) => offsets[byte] ?? text.length;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
