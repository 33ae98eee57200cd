import { isAppError, messageOf } from "../base/errors.js";
import { toDiskError } from "../base/disk-error.js";
import type { SourceText, Span } from "../base/source.js";
import type { Retries } from "../notebook/schemas.js";
import { withWrittenPaths } from "./run-inputs.js";
import type { CellError } from "./run-record.js";

/** Errors that may go away by themselves; every other one fails at once, whatever `retries` says. */
const TRANSIENT: ReadonlySet<string> = new Set(["engine-crashed", "out-of-memory", "disk"]);

export function isTransient(error: unknown): boolean {
  return isAppError(error) && TRANSIENT.has(error.code);
}

/** An error for the record of a cell, with its place in the notebook where the engine told it. */
export function toCellError(
  thrown: unknown,
  place?: { readonly source: SourceText; readonly offset: number },
): CellError {
  const error = toDiskError(thrown);
  if (!isAppError(error)) return { code: "internal", message: messageOf(error) };
  const span = error.details?.["span"] as Span | undefined;
  const position = span && place ? place.source.positionAt(span.start + place.offset) : undefined;
  return {
    code: error.code,
    message: withWrittenPaths(error.message),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(position === undefined ? {} : { line: position.line, column: position.column }),
  };
}

/** Milliseconds before the n-th retry; up to a tenth less, so that what failed together is not tried again together. */
export function retryDelay(
  { delayMs, factor, maxDelayMs }: Retries,
  retry: number,
  random = Math.random(),
): number {
  return Math.min(maxDelayMs, delayMs * factor ** (retry - 1)) * (1 - random / 10);
}

/** Waits before the n-th retry; ends early when cancelled. */
export async function backOff(retries: Retries, retry: number, signal: AbortSignal): Promise<void> {
  const delay = retryDelay(retries, retry);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delay);
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
