import { isAppError, type ErrorCode } from "../base/errors.js";
import { blocks } from "../notebook/verdict.js";
import { hasSucceeded, type RunView } from "../runs/run-record.js";

/** 0 success, 1 failed or cancelled, 2 wrong usage, invalid notebook or a needed choice, 3 a check failed. */
export type ExitCode = 0 | 1 | 2 | 3;

const USAGE_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "usage",
  "invalid-notebook",
  "choice-needed",
  "not-found",
]);

export function exitCodeOfError(error: unknown): ExitCode {
  return isAppError(error) && USAGE_ERRORS.has(error.code) ? 2 : 1;
}

export function exitCodeOfRun(run: RunView): ExitCode {
  if (hasSucceeded(run.outcome)) return 0;
  const failed = run.cells.filter((cell) => cell.outcome === "failed" && cell.kind !== "check");
  if (run.error !== undefined || run.outcome !== "failed" || failed.length > 0)
    return failed.some((cell) => cell.error?.code === "invalid-notebook") ? 2 : 1;
  return run.checks.some(blocks) ? 3 : 1;
}
