import { isSystemError, messageOf } from "../../../base/errors.js";
import type { TaskFailure } from "../protocol.js";
import { toQueryError } from "./query-error.js";
import type { QueryError } from "./query-error.js";
import type { EmbeddedQuery } from "../scope-sql.js";
import { TaskError } from "../tasks-error.js";

/** An error of a statement that contains the user's SQL. */
export class QueryFailure extends Error {
  readonly error: unknown;
  readonly query: EmbeddedQuery;
  readonly root: string;
  /** The cause, where the error names no file. */
  readonly file: string | undefined;

  constructor(error: unknown, query: EmbeddedQuery, root: string, file?: string) {
    super(messageOf(error));
    this.error = error;
    this.query = query;
    this.root = root;
    this.file = file;
  }
}

export function toTaskFailure(error: unknown): TaskFailure {
  if (error instanceof TaskError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
      ...(error.span !== undefined && { span: error.span }),
    };
  }
  if (isSystemError(error)) return { code: "disk", message: error.message };
  if (error instanceof QueryFailure) return toQueryFailure(error);
  return toFailure(toQueryError(error, { sql: "" }));
}

/** Looks in each of the user's queries for the place of the error. */
function toQueryFailure({ error, query, root, file }: QueryFailure): TaskFailure {
  const missingTable = missingTableOf(messageOf(error));
  const more = missingTable === undefined ? {} : { missingTable };
  for (const { cell, span } of query.segments) {
    const sql = query.text.slice(span.start, span.end);
    const found = toQueryError(error, { sql, prefixLength: span.start, sent: query.text, root, file });
    if (found.span === undefined) continue;
    return { ...toFailure(found), ...more, span: found.span, ...(cell !== undefined && { cell }) };
  }
  return { ...toFailure(toQueryError(error, { sql: "", root, file })), ...more };
}

function toFailure({ code, message, hint }: QueryError): TaskFailure {
  return { code, message, ...(hint !== undefined && { hint }) };
}

function missingTableOf(text: string): string | undefined {
  return /"error_subtype":"MISSING_ENTRY"/.test(text)
    ? /Table with name (.+?) does not exist/.exec(text)?.[1]
    : undefined;
}
