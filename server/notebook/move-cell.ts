import type { Diagnostic } from "../base/diagnostic.js";
import { moveSpan, moveSpans } from "../base/source.js";
import { moveOwnSpans } from "./kinds/kinds.js";
import type { Cell } from "./notebook.js";
import type { Fence } from "./outline.js";

/** The same fence of a text that stands `by` characters further down. */
export function moveFence(fence: Fence, by: number): Fence {
  const { span, openingSpan, bodySpan } = fence;
  return {
    ...fence,
    span: moveSpan(span, by),
    openingSpan: moveSpan(openingSpan, by),
    bodySpan: moveSpan(bodySpan, by),
  };
}

/** The same cell of a text that stands `by` characters further down. */
export function moveCell(cell: Cell, by: number): Cell {
  return {
    ...moveOwnSpans(cell, by),
    nameSpan: moveSpan(cell.nameSpan, by),
    span: moveSpan(cell.span, by),
    bodySpan: moveSpan(cell.bodySpan, by),
  };
}

export function moveDiagnostics(diagnostics: readonly Diagnostic[], by: number): Diagnostic[] {
  return moveSpans(diagnostics, by);
}
