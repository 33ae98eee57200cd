import type { Span } from "../base/source.js";
import { copyFence, findMarker, writeFence } from "./edit-body.js";
import { isBlank, lineBreakOf, withLineBreaks } from "./lines.js";
import type { Block, Cell, CellKind, Notebook, ProseBlock } from "./notebook.js";
import { applyEdits, type TextEdit } from "./text-edit.js";

/** Where something is inserted: behind a block, or undefined for the top, below the front matter. */
export type Place = Block | undefined;

/** Inserts a cell; the body holds its header too, `--| cell: orders` or `chart: orders_by_city`. */
export function insertCell(notebook: Notebook, after: Place, kind: CellKind, body: string): string {
  const { text } = notebook.source;
  return applyEdits(text, [insertionAt(notebook, after, writeFence(kind, body, lineBreakOf(text)))]);
}

/** Inserts a paragraph or more of Markdown. */
export function insertProse(notebook: Notebook, after: Place, prose: string): string {
  const { text } = notebook.source;
  const lineBreak = lineBreakOf(text);
  const trimmed = withLineBreaks(trimBlankLines(prose), lineBreak);
  return isBlank(trimmed) ? text : applyEdits(text, [insertionAt(notebook, after, trimmed + lineBreak)]);
}

/** Removes a cell, and a blank line that would otherwise be left beside another one. */
export function removeCell(notebook: Notebook, cell: Cell): string {
  const { text } = notebook.source;
  return applyEdits(text, [{ span: removalOf(text, cell.span), text: "" }]);
}

/** Moves a cell behind a block. An unclosed cell is closed, or it would swallow what follows it. */
export function moveCell(notebook: Notebook, cell: Cell, after: Place): string {
  const { text } = notebook.source;
  const removal = removalOf(text, cell.span);
  const edit = insertionAt(notebook, after, copyFence(notebook, cell));
  const isHere = edit.span.start >= removal.start && edit.span.start <= removal.end;
  return isHere ? text : applyEdits(text, [{ span: removal, text: "" }, edit]);
}

/** Replaces prose; the blank lines that part it from its neighbours stay. */
export function replaceProse(notebook: Notebook, block: ProseBlock, prose: string): string {
  const { text } = notebook.source;
  const lineBreak = lineBreakOf(text);
  const trimmed = withLineBreaks(trimBlankLines(prose), lineBreak);
  const old = text.slice(block.span.start, block.span.end);
  if (isBlank(old)) return isBlank(trimmed) ? text : insertProse(notebook, block, prose);
  const start = block.span.start + (/^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(old)?.[0].length ?? 0);
  return applyEdits(text, [{ span: { start, end: block.span.start + old.trimEnd().length }, text: trimmed }]);
}

/** Parts the new lines by blank ones from what is above and below. A missing final line break stays missing. */
function insertionAt({ source: { text }, blocks }: Notebook, after: Place, lines: string): TextEdit {
  const lineBreak = lineBreakOf(text);
  const offset = after === undefined ? (blocks[0]?.span.start ?? text.length) : after.span.end;
  const above = text.slice(0, offset);
  const below = text.slice(offset);
  const closing = after?.type === "cell" ? missingClosingLine(text, after.cell, lineBreak) : "";
  const isAtEnd = below === "" && /[^\r\n\uFEFF]$/.test(above);
  const content = isAtEnd ? lines.replace(/(\r\n|\n|\r)$/, "") : lines;
  const gap = below === "" || startsBlank(below) ? "" : lineBreak;
  const span = { start: offset, end: offset };
  return { span, text: closing + gapAbove(above + closing, lineBreak) + content + gap };
}

function missingClosingLine(text: string, { span, bodySpan }: Cell, lineBreak: string): string {
  if (bodySpan.end < span.end) return "";
  const { marker } = findMarker(text, span.start);
  return (/[\r\n]$/.test(text.slice(0, span.end)) ? "" : lineBreak) + marker + lineBreak;
}

function gapAbove(above: string, lineBreak: string): string {
  if (above === "" || above === "\uFEFF" || endsBlank(above)) return "";
  return /[\r\n]$/.test(above) ? lineBreak : lineBreak + lineBreak;
}

/** The cell's lines, with the blank line below them, or at the end of the file the one above. */
function removalOf(text: string, { start, end }: Span): Span {
  const above = text.slice(0, start);
  const below = text.slice(end);
  if (!endsBlank(above) && above !== "" && above !== "\uFEFF") return { start, end };
  const blankBelow = /^[ \t]*(?:\r\n|\n|\r)/.exec(below)?.[0].length ?? 0;
  const blankAbove = below === "" ? (/(?:\r\n|\n|\r)[ \t]*$/.exec(above)?.[0].length ?? 0) : 0;
  return { start: start - blankAbove, end: end + blankBelow };
}

function startsBlank(text: string): boolean {
  return /^[ \t]*(?:\r\n|\n|\r)/.test(text);
}

function endsBlank(text: string): boolean {
  const tail = text.slice(-1_000).replace(/\r\n?/g, "\n");
  return /\n[ \t]*\n$/.test(text.length <= 1_000 ? `\n${tail}` : tail);
}

function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*(?:\r\n|\n|\r))+/, "").trimEnd();
}
