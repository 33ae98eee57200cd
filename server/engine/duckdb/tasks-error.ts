import type { ErrorCode } from "../../base/errors.js";

/** An error that the worker itself found, in words for the user. */
export class TaskError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
