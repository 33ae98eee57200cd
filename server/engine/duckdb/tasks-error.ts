import type { ErrorCode } from "../../base/errors.js";
import type { Span } from "../../base/source.js";

/** An error that the worker itself found, in words for the user. */
export class TaskError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Where in the task's own query. */
  readonly span: Span | undefined;

  constructor(code: ErrorCode, message: string, hint?: string, span?: Span) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.span = span;
  }
}
