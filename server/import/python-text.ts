import type { Hole, HoledSql } from "./fill-holes.js";

export interface PythonString extends HoledSql {
  readonly end: number;
}

/** A string or bracket that nothing closes: what is behind it cannot be read, and is not tried. */
export class OpenText extends Error {}

/** Also of what is nested too deep. */
export function orIfOpen<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof OpenText || error instanceof RangeError) return otherwise;
    throw error;
  }
}

/** A string literal, with those that stand beside it; undefined where there is none, or none that ends. */
export function stringIn(source: string, at: number): PythonString | undefined {
  return orIfOpen(() => stringAt(source, at), undefined);
}

export function stringAt(source: string, at: number): PythonString | undefined {
  const pieces = [""];
  const holes: Hole[] = [];
  let end: number | undefined;
  for (let from = at; ;) {
    const one = oneStringAt(source, from);
    if (one === undefined) break;
    const [first = "", ...others] = one.pieces;
    pieces.push((pieces.pop() ?? "") + first, ...others);
    holes.push(...one.holes);
    end = one.end;
    from = end + (/^\s*/.exec(source.slice(end))?.[0].length ?? 0);
  }
  return end === undefined ? undefined : { pieces, holes, end };
}

function oneStringAt(source: string, at: number): PythonString | undefined {
  if (/\w/.test(source.charAt(at - 1))) return undefined;
  const opening = /^([fFrRbBuU]{0,2})("""|'''|"|')/.exec(source.slice(at, at + 5));
  if (opening === null) return undefined;
  const [all, prefix = "", quote = ""] = opening;
  const isRaw = /r/i.test(prefix);
  const isFormatted = /f/i.test(prefix);
  const pieces: string[] = [];
  const holes: Hole[] = [];
  let text = "";
  for (let index = at + all.length; index < source.length;) {
    if (source.startsWith(quote, index))
      return { pieces: [...pieces, text], holes, end: index + quote.length };
    const char = source.charAt(index);
    if (quote.length === 1 && char === "\n") return undefined;
    if (char === "\\" && !isRaw) {
      text += unescaped(source.charAt(index + 1));
      index += 2;
    } else if (isFormatted && (char === "{" || char === "}")) {
      if (source.charAt(index + 1) === char) {
        text += char;
        index += 2;
        continue;
      }
      const close = closingAt(source, index + 1);
      pieces.push(text);
      holes.push({ text: source.slice(index + 1, close).trim(), isBound: false });
      text = "";
      index = close + 1;
    } else {
      text += char;
      index++;
    }
  }
  throw new OpenText();
}

function unescaped(char: string): string {
  const known: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };
  return Object.hasOwn(known, char) ? (known[char] ?? "") : /["'\\]/.test(char) ? char : `\\${char}`;
}

/** Where the bracket closes in which the text stands. */
export function closingAt(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length;) {
    const text = stringAt(source, at);
    if (text !== undefined) {
      at = text.end;
      continue;
    }
    const char = source.charAt(at);
    if (/[([{]/.test(char)) depth++;
    else if (/[)\]}]/.test(char) && depth-- === 0) return at;
    at++;
  }
  throw new OpenText();
}

export function nextToken(source: string, at: number): number {
  const word = /^\w+/.exec(source.slice(at, at + 200));
  return at + (word?.[0].length ?? 1);
}
