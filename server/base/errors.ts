import type { LocatedDiagnostic } from "./diagnostic.js";

/**
 * What went wrong, for programs. The command line turns it into an exit code and the API into a status,
 * each in one place.
 */
export type ErrorCode =
  | "usage" // wrong arguments, a value that does not fit
  | "invalid-notebook"
  | "choice-needed" // the user has to choose, e.g. --input pinned or current
  | "not-found"
  | "conflict" // somebody else was faster: a save, a commit, a superseded run
  | "locked" // another process holds the lake
  | "input" // an input file that cannot be read
  | "query" // the query itself is wrong or failed on its data
  | "timeout"
  | "cancelled"
  | "engine-crashed"
  | "out-of-memory"
  | "disk" // a full disk, a read-only folder, an I/O error
  | "damaged" // the lake does not hold what its log says
  | "unauthorized" // nobody knows who asks
  | "forbidden" // it is known, and may not
  | "internal";

export interface AppErrorOptions {
  readonly hint?: string;
  readonly diagnostics?: readonly LocatedDiagnostic[];
  readonly cause?: unknown;
  /** Facts that a program may want, e.g. the files that differ. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error class that is thrown on purpose. The message begins with the thing, in quotes. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly diagnostics?: readonly LocatedDiagnostic[];
  readonly details?: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
    if (options.diagnostics !== undefined) this.diagnostics = options.diagnostics;
    if (options.details !== undefined) this.details = options.details;
  }
}

export function isAppError(error: unknown, ...codes: readonly ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

/** True for an error of the operating system with one of these codes, e.g. `ENOENT`. */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return codes.length === 0 ? "syscall" in error : codes.includes(error.code);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
