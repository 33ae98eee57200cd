import { findKind, isSql, isYaml } from "./headers.js";
import { splitLines, type Line } from "./lines.js";
import type { Fence } from "./outline.js";
import type { Report } from "./report.js";

/*
 * In Markdown a fence without a closing line runs on to the next one, so it swallows the prose and the whole
 * cell below it. That cell's own opening line, which can't close a fence, gives it away. It is split off, so
 * that one forgotten line doesn't hide it; from its closing line on, Markdown and we agree again.
 *
 *     ```sql              opens a
 *     --| cell: a
 *     ...                 (the closing line is forgotten)
 *     ```sql              for Markdown still within a; for us it opens b
 *     --| cell: b
 *     ```                 closes, for Markdown, a; for us b
 */

/** Splits a cell's fence before each opening line of another cell. */
export function splitSwallowed(text: string, fence: Fence): Fence[] {
  const parts = [fence, ...findSwallowed(text, fence)];
  return parts.map((part, index) => {
    const end = parts[index + 1]?.span.start;
    if (end === undefined) return part;
    return { ...part, span: { ...part.span, end }, bodySpan: { ...part.bodySpan, end }, isClosed: false };
  });
}

/** Warns about a fence of prose that seems to have swallowed a cell; which of both is meant, nobody can tell. */
export function warnSwallowed(fence: Fence, text: string, report: Report): void {
  const hasInner = findSwallowed(text, fence).length > 0;
  if (!hasInner && fence.isClosed) return;
  const message = hasInner ? "This fence holds the opening line of a cell" : "This fence has no closing line";
  const hint = `Write ${fence.marker} below its last line${hasInner ? ", or open it with a longer fence" : ""}.`;
  report.warn("unclosed-fence", fence.openingSpan, message, hint);
}

function findSwallowed(text: string, fence: Fence): Fence[] {
  const lines = splitLines(text, fence.bodySpan);
  return lines.flatMap((line, index) => {
    const language = openedLanguage(text.slice(line.start, line.end), fence.marker);
    const next = lines[index + 1];
    if (language === undefined || next === undefined) return [];
    const isCell = findKind(language, text.slice(next.start, next.end)) !== undefined;
    return isCell ? [toInner(fence, language, line)] : [];
  });
}

/** A longer or shorter fence is not closed by the line that closes the outer one: it is really inside. */
function openedLanguage(line: string, marker: string): string | undefined {
  const match = /^ {0,3}(`{3,}|~{3,})\s*([a-z]+)/i.exec(line);
  const language = match?.[2]?.toLowerCase() ?? "";
  return match?.[1] === marker && (isSql(language) || isYaml(language)) ? language : undefined;
}

function toInner(fence: Fence, language: string, opening: Line): Fence {
  return {
    ...fence,
    language,
    span: { start: opening.start, end: fence.span.end },
    openingSpan: { start: opening.start, end: opening.end },
    bodySpan: { start: opening.next, end: fence.bodySpan.end },
  };
}
