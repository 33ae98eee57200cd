import { offsetOfByte, offsetOfCodePoint } from "../../base/source.js";
import type { ErrorCode } from "../../base/errors.js";
import { isSystemError, messageOf } from "../../base/errors.js";
import type { TaskFailure } from "./protocol.js";
import type { EmbeddedQuery } from "./scope-sql.js";

/** An error of a statement that contains the user's SQL. */
export class QueryFailure extends Error {
  readonly error: unknown;
  readonly query: EmbeddedQuery;

  constructor(error: unknown, query: EmbeddedQuery) {
    super(messageOf(error));
    this.error = error;
    this.query = query;
  }
}

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

export function toTaskFailure(error: unknown): TaskFailure {
  if (error instanceof TaskError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    };
  }
  if (isSystemError(error)) return { code: "disk", message: error.message };
  return error instanceof QueryFailure ? toFailure(error.error, error.query) : toFailure(error);
}

interface DuckdbError {
  readonly exception_type?: string;
  readonly error_subtype?: string;
  readonly type?: string;
  readonly name?: string;
  readonly exception_message: string;
  readonly position?: string;
}

/** Instances are made with `errors_as_json`; parser errors have some words before the JSON. */
function parseError(error: unknown): DuckdbError {
  const text = messageOf(error);
  const start = text.indexOf("{");
  if (start === -1) return { exception_message: text };
  try {
    return JSON.parse(text.slice(start)) as DuckdbError;
  } catch {
    return { exception_message: text };
  }
}

function toFailure(error: unknown, query?: EmbeddedQuery): TaskFailure {
  const parsed = parseError(error);
  const code = codeOf(parsed);
  const place = query === undefined ? undefined : placeOf(parsed, query);
  return {
    code,
    message: parsed.exception_message,
    ...(place?.cell !== undefined && { cell: place.cell }),
    ...(place !== undefined && { problem: { code, message: parsed.exception_message, span: place.span } }),
    ...(isMissingTable(parsed) && { missingTable: parsed.name }),
    ...(isFatal(parsed) && { isFatal: true }),
  };
}

function codeOf({ exception_type: type = "", exception_message: message }: DuckdbError): ErrorCode {
  if (/interrupt/i.test(type)) return "cancelled";
  if (/out of memory/i.test(type) || /std::bad_alloc|cannot allocate/i.test(message)) return "out-of-memory";
  if (/No space left|max_temp_directory_size|Read-only file system|disk quota/i.test(message)) return "disk";
  return "query";
}

function isMissingTable(error: DuckdbError): error is DuckdbError & { readonly name: string } {
  return (
    error.error_subtype === "MISSING_ENTRY" &&
    /table|view/i.test(error.type ?? "") &&
    error.name !== undefined
  );
}

function isFatal({ exception_type: type = "", exception_message: message }: DuckdbError): boolean {
  return /fatal|internal/i.test(type) || message.includes("database has been invalidated");
}

/** The parser counts code points, all others count UTF-8 bytes, from the start of the statement that was sent. */
function placeOf(
  error: DuckdbError,
  query: EmbeddedQuery,
): { cell?: string; span: { start: number; end: number } } | undefined {
  if (error.position === undefined) return undefined;
  const count = Number(error.position);
  const toOffset = error.exception_type === "Parser" ? offsetOfCodePoint : offsetOfByte;
  const offset = toOffset(query.text, count);
  const segment = query.segments.find(({ span }) => offset >= span.start && offset <= span.end);
  if (segment === undefined) return undefined;
  const word = /^[\w.]+/.exec(query.text.slice(offset, segment.span.end))?.[0].length ?? 1;
  const start = offset - segment.span.start;
  return { ...(segment.cell !== undefined && { cell: segment.cell }), span: { start, end: start + word } };
}
