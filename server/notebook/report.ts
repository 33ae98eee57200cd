import type { Diagnostic, Severity } from "../base/diagnostic.js";
import type { Span } from "../base/source.js";
import type { NotebookDiagnosticCode } from "./diagnostic-codes.js";

/** Collects what is wrong while a part of a notebook is read. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];

  error(code: NotebookDiagnosticCode, span: Span, message: string, hint?: string): void {
    this.#add("error", code, span, message, hint);
  }

  warn(code: NotebookDiagnosticCode, span: Span, message: string, hint?: string): void {
    this.#add("warning", code, span, message, hint);
  }

  inform(code: NotebookDiagnosticCode, span: Span, message: string, hint?: string): void {
    this.#add("info", code, span, message, hint);
  }

  #add(severity: Severity, code: NotebookDiagnosticCode, span: Span, message: string, hint?: string): void {
    this.diagnostics.push({ code, severity, message, span, ...(hint !== undefined && { hint }) });
  }
}
