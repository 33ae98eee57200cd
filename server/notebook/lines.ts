import type { Span } from "../base/source.js";

/** A line of a text: `end` is before its line break, `next` after it. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** Splits as CommonMark does, at LF, CRLF and a lone CR, so that line numbers agree with markdown-it's. */
export function splitLines(text: string, span: Span = { start: 0, end: text.length }): Line[] {
  const lines: Line[] = [];
  const lineBreak = /\r\n|\n|\r/g;
  for (let start = span.start; start < span.end;) {
    lineBreak.lastIndex = start;
    const match = lineBreak.exec(text);
    const isInside = match !== null && match.index < span.end;
    const next = isInside ? Math.min(match.index + match[0].length, span.end) : span.end;
    lines.push({ start, end: isInside ? match.index : span.end, next });
    start = next;
  }
  return lines;
}

export function isBlank(text: string): boolean {
  return text.trim() === "";
}
