import type { Span } from "../base/source.js";
import { lineBreakOf, splitLines, withLineBreaks } from "./lines.js";
import type { Cell, CellKind, CheckCell, Notebook, SqlCell } from "./notebook.js";
import { applyEdits, insertion, type TextEdit } from "./text-edit.js";

/*
 * Edits give the file's new text and change only the bytes of what was edited: line breaks, fences, prose and
 * other cells stay as they are. New text takes the file's line break. A fence grows where the new body holds
 * a line that would close it.
 */

/**
 * Replaces the query below the option lines. `--|` lines at its head become options, as they would if they
 * were typed there.
 */
export function replaceSql(notebook: Notebook, cell: SqlCell | CheckCell, sql: string): string {
  return replaceInBody(notebook, cell, cell.sqlSpan, sql);
}

/** Replaces everything between the fences, options included. */
export function replaceBody(notebook: Notebook, cell: Cell, body: string): string {
  const lines = splitLines(notebook.source.text, cell.bodySpan);
  const end = lines.at(-1)?.end ?? cell.bodySpan.end;
  return replaceInBody(notebook, cell, { start: cell.bodySpan.start, end }, body);
}

function replaceInBody({ source }: Notebook, cell: Cell, span: Span, replacement: string): string {
  const { text } = source;
  const lineBreak = lineBreakOf(text);
  const inserted = withLineBreaks(replacement, lineBreak);
  const before = text.slice(cell.bodySpan.start, span.start);
  const after = text.slice(span.end, cell.bodySpan.end);
  const isClosed = cell.bodySpan.end < cell.span.end;
  const needsBreak = isClosed && after === "" && (inserted !== "" || !/(^|[\r\n])$/.test(before));
  const edit = { span, text: needsBreak ? inserted + lineBreak : inserted };
  return applyEdits(text, [edit, ...growFence(text, cell, before + inserted + after)]);
}

/** Lengthens both lines of a fence so that no line of the body can be taken for one of them. */
function growFence(text: string, { span, bodySpan }: Cell, body: string): TextEdit[] {
  const opening = findMarker(text, span.start);
  const marker = growMarker(opening.marker, body);
  if (marker === opening.marker) return [];
  const more = marker.slice(opening.marker.length);
  const closing = findMarker(text, bodySpan.end);
  const isClosed = bodySpan.end < span.end;
  return [insertion(opening.end, more), ...(isClosed ? [insertion(closing.end, more)] : [])];
}

/** The back-ticks or tildes at the start of a line, and where they end. */
export function findMarker(
  text: string,
  lineStart: number,
): { readonly marker: string; readonly end: number } {
  const match = /^([ ]{0,3})(`+|~+)/.exec(text.slice(lineStart, lineStart + 1_000));
  const marker = match?.[2] ?? "```";
  return { marker, end: lineStart + (match?.[0].length ?? 0) };
}

function growMarker(marker: string, body: string): string {
  const runs = [...body.matchAll(/^[ \t]*(`{3,}|~{3,})/gm)].flatMap((match) => match[1] ?? []);
  const longest = Math.max(0, ...runs.filter((run) => run[0] === marker[0]).map((run) => run.length));
  return longest < marker.length ? marker : marker.charAt(0).repeat(longest + 1);
}

/** Writes a whole fence, with the line break after it. */
export function writeFence(kind: CellKind, body: string, lineBreak: string): string {
  const marker = growMarker("```", body);
  const language = kind === "sql" || kind === "check" ? "sql" : "yaml";
  const trimmed = withLineBreaks(body.replace(/[\r\n]+$/, ""), lineBreak);
  return [marker + language, ...(trimmed === "" ? [] : [trimmed]), marker, ""].join(lineBreak);
}

/** A cell's fence as it stands, with the closing line that it may lack. */
export function copyFence({ source: { text } }: Notebook, { span, bodySpan }: Cell): string {
  const lineBreak = lineBreakOf(text);
  const lines = text.slice(span.start, span.end).replace(/(\r\n|\n|\r)$/, "");
  const closing = bodySpan.end < span.end ? "" : findMarker(text, span.start).marker + lineBreak;
  return lines + lineBreak + closing;
}
