import MarkdownIt, { type Token } from "markdown-it";
import type { Span } from "../base/source.js";
import { splitLines, type Line } from "./lines.js";
import type { Report } from "./report.js";

/** A fenced code block at the top level of the document. */
export interface Fence {
  /** First word of the info string, in lower case. */
  readonly language: string;
  /** The back-ticks or tildes that open it. */
  readonly marker: string;
  /** Whole lines, with the line break after the closing fence. */
  readonly span: Span;
  readonly openingSpan: Span;
  /** The lines between the fences, with the last line's break. */
  readonly bodySpan: Span;
  readonly isClosed: boolean;
}

/** What the Markdown of a file is made of, as far as a notebook cares. */
export interface Outline {
  /** The YAML between the `---` lines. */
  readonly frontMatter?: Span;
  /** Where the first block begins: behind a byte order mark and the front matter. */
  readonly start: number;
  readonly fences: readonly Fence[];
  /** Fences within lists and quotations: their first line without its markers, and where they stand. */
  readonly nested: readonly { readonly language: string; readonly firstLine: string; readonly span: Span }[];
  readonly heading?: string;
}

// Blocks are enough here; link definitions cannot hold a fence and inline parsing is the slow part.
const blockParser = new MarkdownIt("commonmark");
blockParser.core.ruler.enableOnly(["normalize", "block"]);
blockParser.block.ruler.disable("reference");
const inlineParser = new MarkdownIt("commonmark");

const longestHeading = 500;

export function parseOutline(text: string, report: Report): Outline {
  const top = text.startsWith("\uFEFF") ? 1 : 0;
  const frontMatter = findFrontMatter(text, top, report);
  const start = frontMatter?.end ?? top;
  const body = text.slice(start);
  const lines = splitLines(text, { start, end: text.length });
  const tokens = blockParser.parse(body, {});
  const heading = findHeading(tokens);
  return {
    ...(frontMatter && { frontMatter: frontMatter.span }),
    start,
    fences: tokens.flatMap((token) =>
      isFence(token) && token.level === 0 ? [toFence(token, text, lines)] : [],
    ),
    nested: tokens.flatMap((token) => (isFence(token) && token.level > 0 ? [toNested(token, lines)] : [])),
    ...(heading !== undefined && { heading }),
  };
}

function findFrontMatter(text: string, top: number, report: Report): { span: Span; end: number } | undefined {
  const opening = /^---[ \t]*(?:\r\n|\n|\r|$)/.exec(text.slice(top, top + 200));
  if (opening === null) {
    warnMisplaced(text, top, report);
    return undefined;
  }
  const start = top + opening[0].length;
  for (const line of splitLines(text, { start, end: text.length })) {
    const content = text.slice(line.start, line.end);
    if (/^---[ \t]*$/.test(content)) return { span: { start, end: line.start }, end: line.next };
    if (/^(```|~~~)/.test(content)) break;
  }
  const span = { start: top, end: top + 3 };
  const message = `The front matter is not closed before the first fence`;
  report.error("unclosed-front-matter", span, message, "Write a line --- below its last key.");
  return undefined;
}

/** Below a blank line it would look like front matter and count for nothing. */
function warnMisplaced(text: string, top: number, report: Report): void {
  const match = /^(\s+)---[ \t]*(?:\r\n|\n|\r)[ \t]*\w+[ \t]*:/.exec(text.slice(top, top + 500));
  if (match === null) return;
  const start = top + (match[1]?.length ?? 0);
  const message = "Front matter begins on the first line of the file";
  report.warn(
    "misplaced-front-matter",
    { start, end: start + 3 },
    message,
    "Remove the blank lines above it.",
  );
}

function isFence(token: Token): boolean {
  return token.type === "fence" && token.map !== null;
}

function toFence(token: Token, text: string, lines: readonly Line[]): Fence {
  const [first, last] = token.map ?? [0, 0];
  const opening = lineAt(lines, first);
  const closing = lineAt(lines, last - 1);
  const isClosed = last - 1 > first && isClosingLine(text.slice(closing.start, closing.end), token.markup);
  return {
    language: languageOf(token.info),
    marker: token.markup,
    span: { start: opening.start, end: closing.next },
    openingSpan: { start: opening.start, end: opening.end },
    bodySpan: { start: opening.next, end: isClosed ? closing.start : closing.next },
    isClosed,
  };
}

function toNested(token: Token, lines: readonly Line[]): Outline["nested"][number] {
  const opening = lineAt(lines, token.map?.[0] ?? 0);
  const firstLine = /^.*/.exec(token.content)?.[0] ?? "";
  return { language: languageOf(token.info), firstLine, span: { start: opening.start, end: opening.end } };
}

/** True for a line that ends a fence which was opened by this marker. */
function isClosingLine(line: string, marker: string): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return match !== undefined && match[0] === marker[0] && match.length >= marker.length;
}

function languageOf(info: string): string {
  return (/^\S*/.exec(info.trim())?.[0] ?? "").toLowerCase();
}

function lineAt(lines: readonly Line[], index: number): Line {
  const line = lines[Math.min(index, lines.length - 1)];
  return line ?? { start: 0, end: 0, next: 0 };
}

/** The text of the first heading without its Markdown. */
function findHeading(tokens: readonly Token[]): string | undefined {
  const index = tokens.findIndex((token) => token.type === "heading_open" && token.level === 0);
  const content = tokens[index + 1]?.content.slice(0, longestHeading);
  if (index === -1 || content === undefined) return undefined;
  const parts = inlineParser.parseInline(content, {})[0]?.children ?? [];
  const heading = parts
    .map((part) => part.content)
    .join("")
    .trim();
  return heading === "" ? undefined : heading;
}
