import type { SourceText, Span } from "./source.js";

export type Severity = "error" | "warning" | "info";

/** Something wrong in a notebook: a value, never thrown. */
export interface Diagnostic {
  /** A kebab-case code that is listed in the reference. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that says what is wrong, beginning with the thing. */
  readonly message: string;
  /** The cell it belongs to, if any. */
  readonly cell?: string;
  readonly span: Span;
  /** What to do about it. */
  readonly hint?: string;
}

/** The shape that leaves the process: `check --json` and the HTTP API. */
export interface LocatedDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly cell?: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly hint?: string;
}

export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  );
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

export function locate(diagnostic: Diagnostic, source: SourceText): LocatedDiagnostic {
  const { span, ...rest } = diagnostic;
  const start = source.positionAt(span.start);
  const end = source.positionAt(span.end);
  return { ...rest, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

/** Prints `error[code]: message`, the place, the line with a caret below, and the hint. */
export function formatDiagnostic(diagnostic: Diagnostic, source: SourceText): string {
  const { line, column } = source.positionAt(diagnostic.span.start);
  const text = source.lineText(line);
  const width = Math.max(1, Math.min(diagnostic.span.end - diagnostic.span.start, text.length - column + 1));
  const gutter = " ".repeat(String(line).length);
  const lines = [
    `${diagnostic.severity}[${diagnostic.code}]: ${diagnostic.message}`,
    `${gutter} --> ${source.name}:${line}:${column}`,
    `${gutter} |`,
    `${line} | ${text}`,
    `${gutter} | ${" ".repeat(column - 1)}${"^".repeat(width)}`,
  ];
  if (diagnostic.hint !== undefined) lines.push(`${gutter} = ${diagnostic.hint}`);
  return lines.join("\n");
}
