import type { Span } from "./sql-scopes.js";

export type MarkerSeverity = "error" | "warning" | "info";

/** A diagnostic as the server tells it: lines and columns of the notebook's file, counted from 1, in UTF-16 units. */
export interface LocatedProblem {
  readonly severity: MarkerSeverity;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
}

/** A mark below a part of a cell's text; offsets in UTF-16 units. */
export interface EditorMarker {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly severity: MarkerSeverity;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Turns the diagnostics that lie in a cell into marks, and leaves out the others. `firstLine` is the line of the file
 * on which the cell's text begins. Those without an extent mark the word they point at, or the character before.
 */
export function toMarkers(
  problems: readonly LocatedProblem[],
  cell: { readonly firstLine: number; readonly text: string },
): readonly EditorMarker[] {
  const lines = findLines(cell.text);
  return problems.flatMap((problem) => {
    const { severity, message, hint, line, column } = problem;
    const start = offsetAt(lines, line - cell.firstLine, column);
    if (start === undefined) return [];
    const { endLine = line, endColumn = column } = problem;
    const end = offsetAt(lines, endLine - cell.firstLine, endColumn) ?? cell.text.length;
    const span = end > start ? { start, end } : widen(cell.text, start);
    return [
      {
        startOffset: span.start,
        endOffset: span.end,
        severity,
        message,
        ...(hint !== undefined && { hint }),
      },
    ];
  });
}

function findLines(text: string): readonly Span[] {
  const lines: Span[] = [];
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", start)) {
    lines.push({ start, end: text.charAt(at - 1) === "\r" ? at - 1 : at });
    start = at + 1;
  }
  return [...lines, { start, end: text.length }];
}

function offsetAt(lines: readonly Span[], index: number, column: number): number | undefined {
  const line = lines[index];
  return line && Math.min(line.start + Math.max(0, column - 1), line.end);
}

function widen(text: string, offset: number): Span {
  const word = /^[\p{L}\p{N}_$]+/u.exec(text.slice(offset))?.[0].length ?? 0;
  if (word > 0) return { start: offset, end: offset + word };
  const isMarkable = offset < text.length && !/\s/.test(text.charAt(offset));
  return isMarkable ? { start: offset, end: offset + 1 } : { start: Math.max(0, offset - 1), end: offset };
}
