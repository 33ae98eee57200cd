import type { Diagnostic } from "../base/diagnostic.js";
import type { Span } from "../base/source.js";
import type { CheckSpec } from "./check-spec.js";
import type { Cell, InputCell } from "./notebook.js";
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

/** The same cell of a text that stands `by` characters further down: every span that a cell has is named here. */
export function moveCell(cell: Cell, by: number): Cell {
  const base = {
    nameSpan: moveSpan(cell.nameSpan, by),
    span: moveSpan(cell.span, by),
    bodySpan: moveSpan(cell.bodySpan, by),
  };
  switch (cell.kind) {
    case "sql":
      return {
        ...cell,
        ...base,
        sqlSpan: moveSpan(cell.sqlSpan, by),
        optionsSpan: moveSpan(cell.optionsSpan, by),
        optionReferences: moveAll(cell.optionReferences, by),
        columnReferences: moveAll(cell.columnReferences, by),
        options: { ...cell.options, checks: cell.options.checks.map((check) => moveCheck(check, by)) },
      };
    case "check":
      return {
        ...cell,
        ...base,
        sqlSpan: moveSpan(cell.sqlSpan, by),
        optionsSpan: moveSpan(cell.optionsSpan, by),
        optionReferences: moveAll(cell.optionReferences, by),
      };
    case "chart":
      return { ...cell, ...base, fromSpan: moveSpan(cell.fromSpan, by) };
    case "input":
      return { ...cell, ...base, ...moveInput(cell, by) };
  }
}

export function moveDiagnostics(diagnostics: readonly Diagnostic[], by: number): Diagnostic[] {
  return moveAll(diagnostics, by);
}

function moveCheck(check: CheckSpec, by: number): CheckSpec {
  return { ...check, span: moveSpan(check.span, by), conditions: moveAll(check.conditions, by) };
}

function moveInput({ options, parameter }: InputCell, by: number): Pick<InputCell, "options" | "parameter"> {
  return {
    parameter: { ...parameter, span: moveSpan(parameter.span, by) },
    ...(options !== undefined && {
      options: "sql" in options ? { ...options, sqlSpan: moveSpan(options.sqlSpan, by) } : options,
    }),
  };
}

function moveAll<T extends { readonly span: Span }>(items: readonly T[], by: number): T[] {
  return items.map((item) => ({ ...item, span: moveSpan(item.span, by) }));
}

function moveSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}
