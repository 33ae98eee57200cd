import type { Span } from "../base/source.js";
import { splitLines } from "./lines.js";

/** YAML that stands somewhere in a file, maybe behind a prefix on each line, and knows where. */
export interface YamlPart {
  readonly text: string;
  /** For each line: its offset in `text` and in the file. Ascending; never empty. */
  readonly anchors: readonly { readonly at: number; readonly fileAt: number }[];
  /** Where it stands in the file, prefixes and all. */
  readonly span: Span;
}

/** YAML without prefixes: front matter, or the body of a chart or an input. */
export function wholePart(file: string, span: Span): YamlPart {
  return { text: file.slice(span.start, span.end), anchors: [{ at: 0, fileAt: span.start }], span };
}

/** YAML in `--|` lines; one space after the bar belongs to the prefix, further ones are indentation. */
export function optionPart(file: string, span: Span): YamlPart {
  const anchors: { at: number; fileAt: number }[] = [];
  let text = "";
  for (const line of splitLines(file, span)) {
    const content = file.slice(line.start, line.end);
    const prefix = optionPrefix.exec(content)?.[0].length ?? 0;
    anchors.push({ at: text.length, fileAt: line.start + prefix });
    text += `${content.slice(prefix)}\n`;
  }
  return { text, anchors, span };
}

export const optionPrefix = /^[ \t]*--\| ?/;

export function toFileSpan(part: YamlPart, start: number, end: number): Span {
  const from = toFileOffset(part, start);
  return { start: from, end: Math.max(from, toFileOffset(part, end)) };
}

function toFileOffset(part: YamlPart, offset: number): number {
  let low = 0;
  let high = part.anchors.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((part.anchors[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const anchor = part.anchors[low];
  return Math.min(part.span.end, (anchor?.fileAt ?? part.span.start) + offset - (anchor?.at ?? 0));
}
