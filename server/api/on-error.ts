import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isAppError, isSystemError, type AppError, type ErrorCode } from "../base/errors.js";
import type { Logger } from "../base/logger.js";
import type { ErrorBody } from "./answers.js";

const statusOfCode: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  usage: 400,
  "invalid-notebook": 422,
  "choice-needed": 409,
  "not-found": 404,
  conflict: 409,
  locked: 423,
  input: 422,
  query: 422,
  timeout: 504,
  cancelled: 503,
  "engine-crashed": 500,
  "out-of-memory": 500,
  disk: 507,
  damaged: 500,
  unauthorized: 401,
  forbidden: 403,
  internal: 500,
};

export interface Refusal {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** For what HTTP alone knows: a wrong host, a body that is too large. */
export function refuse(c: Context, { status, ...error }: Refusal): Response {
  if (status === 401) c.header("www-authenticate", "Bearer");
  const body: ErrorBody = { error };
  return c.json(body, status);
}

/** `status`: where a route says more than the code does, e.g. 412 for a conflict. */
export function answerAppError(
  c: Context,
  error: AppError,
  root: string,
  status = statusOfCode[error.code],
): Response {
  if (status === 401) c.header("www-authenticate", "Bearer");
  return c.json(toErrorBody(error, root), status);
}

export function toErrorBody(
  { code, message, hint, diagnostics, details }: AppError,
  root: string,
): ErrorBody {
  return {
    error: {
      code,
      message: withoutRoot(message, root),
      ...(hint === undefined ? {} : { hint: withoutRoot(hint, root) }),
      ...(diagnostics === undefined ? {} : { diagnostics }),
      ...(details === undefined ? {} : { details }),
    },
  };
}

/** The only translation of what is thrown into an answer. What nobody foresaw is told by an id; the log has the rest. */
export function createErrorHandler(logger: Logger, root: string) {
  return (error: Error, c: Context): Response => {
    if (isAppError(error)) return answerAppError(c, error, root);
    if (isSystemError(error, "ENOSPC", "EDQUOT", "EROFS"))
      return refuse(c, { status: 507, code: "disk", message: "The disk is full or cannot be written to." });
    // Nobody waits for the answer any longer: an upload that was given up ends like this.
    if (c.req.raw.signal.aborted) return refuse(c, { status: 400, code: "cancelled", message: "Given up." });
    const id = randomBytes(4).toString("hex");
    logger.error("request failed", { id, method: c.req.method, path: c.req.path, stack: error.stack });
    const message = `Something went wrong inside the server (${id}).`;
    return refuse(c, {
      status: 500,
      code: "internal",
      message,
      hint: "The server's log has the details under this id.",
    });
  };
}

/** Where the workspace lies is nobody's business. */
function withoutRoot(text: string, root: string): string {
  return text.replaceAll(`${root}/`, "");
}
